// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/NativeHandle.h>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::NativeHandle
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/NativeHandle
    \brief The one owner of a file descriptor.
    \reentrant

    It closes the descriptor when it is destroyed, and can be moved but not copied. On Unix its other name is
    \c FileDescriptor.

    To pass one through signals, which copy their arguments, share() it. To go on with it elsewhere:

    \list
        \li moveTo() makes a QFile of it;
        \li LocalSocket::setSocketDescriptor() a local socket;
        \li release() anything else that takes a number and closes it.
    \endlist

    \sa UnixSocket::send(), UnixSocket::takeDescriptor()
*/

/*!
    \typedef InterprocessQt::NativeHandle::Type

    The system's type for it, as wide as qintptr.
*/

/*!
    \variable InterprocessQt::NativeHandle::Invalid
    \brief the value of none: -1
*/

/*!
    \fn InterprocessQt::NativeHandle::NativeHandle()

    Makes one that owns nothing.
*/

/*!
    \fn InterprocessQt::NativeHandle::NativeHandle(Type handle)

    Makes the owner of \a handle, which nobody else may close from now on.
*/

/*!
    \fn InterprocessQt::NativeHandle::NativeHandle(NativeHandle &&other)

    Takes over what \a other owns.
*/

/*!
    \fn InterprocessQt::NativeHandle &InterprocessQt::NativeHandle::operator=(NativeHandle &&other)

    Closes what was owned and takes over what \a other owns.
*/

/*!
    \fn InterprocessQt::NativeHandle::~NativeHandle()

    Closes what is owned. \c errno stays what it was.
*/

/*!
    \fn bool InterprocessQt::NativeHandle::isValid() const

    Returns true if something is owned. The system is not asked whether it is open.
*/

/*!
    \fn InterprocessQt::NativeHandle::operator bool() const

    The same as isValid().
*/

/*!
    \fn InterprocessQt::NativeHandle::Type InterprocessQt::NativeHandle::get() const

    Returns the handle, which stays owned, or Invalid.
*/

/*!
    \fn InterprocessQt::NativeHandle::Type InterprocessQt::NativeHandle::release()

    Returns the handle, which is the caller's to close from now on, or Invalid.
*/

/*!
    \fn void InterprocessQt::NativeHandle::reset(Type handle)

    Closes what was owned, and owns \a handle; nothing if that is Invalid.
*/

/*!
    \fn void InterprocessQt::NativeHandle::swap(NativeHandle &other)

    Exchanges what is owned with \a other.
*/

/*!
    \fn InterprocessQt::NativeHandle InterprocessQt::NativeHandle::duplicate(int *nativeError) const

    Returns another handle of the same open file, closed on exec (F_DUPFD_CLOEXEC, fcntl(2)); one that is not valid if
    there is none to be had. *\a nativeError is set to why (EMFILE; EBADF if this one is not open), or to 0.
*/

/*!
    Moves this into an owner that many can share, at the cost of a pointer: as an argument of signals, of queued ones,
    too. It is closed with the last of them.

    \code
    Q_SIGNALS:
        void received(const std::shared_ptr<InterprocessQt::NativeHandle> &handle);
    \endcode
*/
std::shared_ptr<NativeHandle> NativeHandle::share() &&
{
    return std::make_shared<NativeHandle>(std::move(*this));
}

} // namespace InterprocessQt
