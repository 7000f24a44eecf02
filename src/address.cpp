// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/Address.h>

#include "address_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdebug.h>
#include <QtCore/qdir.h>

namespace InterprocessQt
{

namespace
{
QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Address", text);
}

// What is wrong with a name on every platform; empty if nothing is.
QString flawOf(const QString &name)
{
    if (name.isEmpty())
        return tr("The name is empty");
    if (name.contains(QChar(u'\0')))
        return tr("The name contains a NUL character");
    return {};
}
} // namespace

Address AddressPrivate::make(Address::Kind kind, Backing backing, const QString &name, const QByteArray &native)
{
    auto *d = new AddressPrivate;
    d->kind = kind;
    d->backing = backing;
    d->name = name;
    d->native = native;
    return Address(d);
}

Address AddressPrivate::invalid(const QString &name, const QString &reason)
{
    auto *d = new AddressPrivate;
    d->name = name;
    d->error = reason;
    return Address(d);
}

/*!
    \class InterprocessQt::Address
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/Address
    \brief The place where a server listens, or the reason why a name cannot be one.
    \reentrant

    An address is checked when it is made, not when it is used: a name that is too long, is empty, contains a NUL
    character or cannot be written in the encoding of the system makes an address that is not valid and whose
    errorString() says why. It is never shortened, and never taken for another one. A LocalServer or LocalSocket that
    is given an invalid address fails with that text.

    QString converts to Address by the rules of fromString():

    \table
        \header \li Text \li kind() \li On Linux \li On other Unix systems \li On Windows
        \row \li \c {@name} \li Namespaced \li an abstract name: no file, gone with its server (unix(7))
             \li a file \c name in the directory of runtime() \li the pipe \c {\\.\pipe\name}
        \row \li \c {/run/app/socket} \li FilePath \li this file \li this file \li a pipe of that name
        \row \li \c {name} \li FilePath \li the file \c name in QDir::tempPath(), where QLocalServer has it \li the same
             \li the pipe \c {\\.\pipe\name}
        \row \li \c {\\.\pipe\name} \li FilePath \li a bare name \li a bare name \li this pipe
    \endtable

    Only Linux has been tried. The code for other Unix systems is tested on Linux (\c {INTERPROCESSQT_PORTABLE_UNIX}).
    Windows has been tried as far as Wine is like it. \c {\\computer\pipe\name} is refused there: local sockets stay on this computer.
    So are names with steps such as \c {../name} that lead out of the pipes, as Windows reads names as paths.

    Addresses are implicitly shared values. They can be compared, hashed, written to QDebug and kept in QVariant.
*/

/*!
    \enum InterprocessQt::Address::Kind

    \value Invalid  Cannot be listened at or connected to; errorString() says why.
    \value FilePath  A file of type socket, with the owner and the permissions of a file; on Windows a pipe that has the path as
           its name.
    \value Namespaced  A name in a namespace of the system. Files and their permissions play no part on Linux, so that
           a server decides by LocalServer::peerPolicy() who may connect.
*/

/*!
    \property InterprocessQt::Address::valid
    \brief whether the address can be listened at or connected to

    That somebody listens there, or that this process may use it, is not part of it.
*/

/*!
    \property InterprocessQt::Address::errorString
    \brief the reason why the address is not valid

    Empty for a valid address. Names the limit and the length where the name is too long.
*/

/*!
    \property InterprocessQt::Address::string
    \brief the address as text

    The absolute path, or the name with \c @ before it: fromString() makes an equal address of it. For an invalid
    address: what it was made from, to be shown to the user.
*/

/*!
    Makes an invalid address, equal to every other one made in this way.
*/
Address::Address() = default;

/*!
    Makes an address from \a string by the rules of fromString(). Implicit, so that functions that take an address can
    be called with a name.
*/
Address::Address(const QString &string)
    : Address(fromString(string))
{
}

Address::Address(AddressPrivate *dd)
    : d(dd)
{
}

/*!
    Makes a copy of \a other.
*/
Address::Address(const Address &other) = default;

/*!
    Takes what \a other is, which is not valid then.
*/
Address::Address(Address &&other) noexcept = default;

/*!
    Becomes a copy of \a other.
*/
Address &Address::operator=(const Address &other) = default;

/*!
    Takes what \a other is, which is not valid then.
*/
Address &Address::operator=(Address &&other) noexcept = default;

/*!
    Frees the name. Nothing that is there is removed.
*/
Address::~Address() = default;

/*!
    Returns the address that \a string stands for: \c {@name} is \l {namespaced()}{namespaced}, what begins with \c /
    is that file, and everything else is a file in QDir::tempPath(), so that bare names lead to the servers of
    QLocalServer.

    QDir::tempPath() depends on the environment variable \c TMPDIR: two processes that are to meet at a bare name must
    have the same. The names of QLocalServer with QLocalServer::AbstractNamespaceOption are \c {@name} here.
*/
Address Address::fromString(const QString &string)
{
    if (string.startsWith(QLatin1Char('@')))
        return namespaced(string.mid(1));
    if (const QString flaw = flawOf(string); !flaw.isEmpty())
        return AddressPrivate::invalid(string, flaw);
    return makeFileAddress(isAbsoluteName(string) ? string : pathOfBareName(string));
}

/*!
    Returns the address of the file \a path, whatever characters it begins with. A relative path is completed with the
    current directory of this moment, and means the same file after a QDir::setCurrent(). Nothing else is changed:
    \c {/run/../run/x} and \c {/run/x} are two addresses.

    The file need not exist, nor its directory: listening there fails with LocalServer::HostNotFoundError (ENOENT) if
    the directory does not.
*/
Address Address::filePath(const QString &path)
{
    if (const QString flaw = flawOf(path); !flaw.isEmpty())
        return AddressPrivate::invalid(path, flaw);
    // An address means the same wherever the process goes from here.
    if (isAbsoluteName(path))
        return makeFileAddress(path);
    // QDir takes what begins with a colon for a resource, and so for absolute.
    const QString directory = QDir::current().absoluteFilePath(QStringLiteral("x")).chopped(1);
    return makeFileAddress(path.startsWith(QLatin1Char(':')) ? directory + path : QDir::current().absoluteFilePath(path));
}

/*!
    Returns the address of \a name in the namespace that the system has for such names, if it has one.

    On Linux this is an abstract name: exactly the bytes of \a name after a NUL byte, not padded (unix(7)). It belongs
    to the network namespace, so that processes in another one, such as most containers, neither see nor block it. It
    has no owner and no permissions, and it is free again as soon as the server's last descriptor is closed. One byte
    less than maximumLength() is available.

    On Windows it is the pipe \c {\\.\pipe\name}, gone with its server, too.

    On other Unix systems it is a file in the directory of runtime(), visible in nativeName(); there \a name must not
    contain \c /. For names that mean the same everywhere use letters, digits and hyphens.

    \sa isSupported(), LocalServer::setPeerPolicy()
*/
Address Address::namespaced(const QString &name)
{
    if (const QString flaw = flawOf(name); !flaw.isEmpty())
        return AddressPrivate::invalid(QLatin1Char('@') + name, flaw);
    return makeNamespacedAddress(name);
}

/*!
    Returns the address of a file \a name in a directory that no other user can write to or look into: \c
    XDG_RUNTIME_DIR, if that environment variable is set, otherwise \c {/tmp/interprocessqt-UID}, which is made with
    mode 0700 if it is missing. UID is the effective user id of the process.

    The directory is looked at each time, without following a symbolic link. The address is invalid if it is not a
    directory, belongs to another user, gives any access to group or others, or cannot be made; also if \c
    XDG_RUNTIME_DIR is set to something that is not an absolute path of such a directory: another process would go by
    the variable, and the two would not meet. On Windows it is a pipe whose name contains the security identifier of the
    user; what keeps others away are the access rights that its server gives it. \a name must be the plain name of a file, without \c /.
*/
Address Address::runtime(const QString &name)
{
    if (const QString flaw = flawOf(name); !flaw.isEmpty())
        return AddressPrivate::invalid(name, flaw);
    if (!isPlainFileName(name) || name == QLatin1String(".") || name == QLatin1String(".."))
        return AddressPrivate::invalid(name, tr("\"%1\" is not the plain name of a file").arg(name));
    return makeRuntimeAddress(name);
}

/*!
    Returns what the address is. The kind of an address from runtime() is FilePath.
*/
Address::Kind Address::kind() const noexcept
{
    return d ? d->kind : Kind::Invalid;
}

bool Address::isValid() const noexcept
{
    return kind() != Kind::Invalid;
}

QString Address::errorString() const
{
    return d ? d->error : tr("The address is empty");
}

QString Address::toString() const
{
    if (!d)
        return {};
    return kind() == Kind::Namespaced ? QLatin1Char('@') + d->name : d->name;
}

/*!
    Returns the name as other programs want it: the path of the file (for \c {socat UNIX-CONNECT:…}, \c {nc -U} or \c
    {curl --unix-socket}), or \c @ and the name where there is no file, as \c {ss -xl} shows abstract names. Empty if
    the address is not valid.
*/
QString Address::nativeName() const
{
    return isValid() ? displayName(*d) : QString();
}

/*!
    Returns how many bytes the path of a socket may have in the encoding of the system (UTF-8 on Unix).

    It is 108 on Linux, which does not need the NUL at the end (unix(7)), 107 where the code for other Unix systems
    runs on Linux, and 103 on macOS and the BSDs. Programs that do not expect a path without NUL may fail to reach the
    longest one: who needs names that work everywhere stays at 103. On Windows it is 247, and means
    characters of the name of a pipe, which the system puts behind its prefix.
*/
qsizetype Address::maximumLength() noexcept
{
    return maximumAddressLength();
}

/*!
    \fn bool InterprocessQt::Address::operator==(const Address &a, const Address &b)

    Returns true if \a a and \a b were made from the same name in the same way. Two names that lead to one file, by
    links or by \c {..}, are different addresses. An invalid address equals only one that was made from the same text.
*/

/*!
    \fn bool InterprocessQt::Address::operator!=(const Address &a, const Address &b)

    Returns true if \a a and \a b are not equal.
*/

/*!
    \fn void InterprocessQt::Address::swap(Address &other)

    Exchanges this address with \a other, without copying.
*/
bool Address::equals(const Address &a, const Address &b) noexcept
{
    if (a.d == b.d)
        return true;
    if (!a.d || !b.d) // no address at all is the same as the address of no name
        return a.toString().isEmpty() && b.toString().isEmpty();
    // What cannot be used is nowhere, so that no two of it are the same place, unless they were written the same way.
    return a.d->kind == b.d->kind && a.d->native == b.d->native && a.d->name == b.d->name;
}

/*!
    \relates InterprocessQt::Address

    Returns the hash of \a address, beginning with \a seed.
*/
size_t qHash(const Address &address, size_t seed) noexcept
{
    const AddressPrivate *d = AddressPrivate::get(address);
    return qHashMulti(seed, int(address.kind()), d ? d->name : QString());
}

/*!
    \relates InterprocessQt::Address

    Writes the text of \a address to \a debug and, if it is not valid, the reason.
*/
QDebug operator<<(QDebug debug, const Address &address)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "Address(" << address.toString();
    if (!address.isValid())
        debug << ", invalid: " << address.errorString();
    return debug << ')';
}

} // namespace InterprocessQt
