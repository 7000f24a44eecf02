// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/ChildHandles.h>

#include "childhandles_p.h"
#include "stream/streamdevice_p.h"

#include <InterprocessQt/LocalSocket.h>
#include <InterprocessQt/PipeReader.h>
#include <InterprocessQt/PipeWriter.h>

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

namespace
{
QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::ChildHandles", text);
}

// What is here already the child would never see.
bool hasReadAhead(const StreamDevice *device)
{
    return StreamDevicePrivate::get(device)->io->readAhead() > 0;
}
} // namespace

/*!
    \class InterprocessQt::ChildHandles
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/ChildHandles
    \brief What a child process is to have of this one, beside its standard input, output and error.
    \reentrant

    An end of a pipe, a connected socket or any other handle is added under a name, and all of them are attached to a
    QProcess before it is started:

    \snippet snippets/childhandles.cpp parent

    A child that uses this library takes each by its name:

    \snippet snippets/childhandles.cpp child

    Any other program uses it by its number, which add() returns and which goes well into the arguments of the child:
    \c {os.fdopen(int(sys.argv[1]))} in Python, \c {cat /dev/fd/$1} in sh. A shell that can redirect only descriptors of one
    digit (dash) needs a number below 10 for \c {<&3}; add() takes one as a wish.

    \section1 Who has what

    The child has its standard streams and what was added, and nothing else: on Linux since 5.11 also what the application,
    or a library, has left open for children by mistake (close_range(2)); elsewhere only what is closed on exec already is
    kept from it. Other children have nothing of it, also if they are started at the same time.

    What was added belongs to this object, then to the QProcess, and is closed here as soon as the child has been started
    (QProcess::started()), or could not be: the child alone has it from then on, and its end can be seen at the other end of
    a pipe. These signals come from the event loop or QProcess::waitForStarted().

    A handle that is handed over is made blocking, as other programs expect it. On Unix that is a property of the open file:
    others who have a duplicate of it find it so, too. The other end of a pipe or socket is not concerned.

    QProcess::startDetached() is not supported: it tells nobody of its child.

    \section1 Windows

    The child inherits a list of handles (PROC_THREAD_ATTRIBUTE_HANDLE_LIST): its standard streams and what was added. To be on the list
    they have to be inheritable, and are for the time of that call of CreateProcessW() alone. A child that another thread starts
    just then has them, too, unless it has such a list itself.

    The number is the value of the HANDLE; the system chooses it, and a wish other than the handle's own is refused
    (ERROR_NOT_SUPPORTED). A handle is for calls that wait or for overlapped operations from the beginning, and most programs
    can use only the former: make a pipe for them with Pipe::Options::blockingReader or \l Pipe::Options::blockingWriter. A child
    that uses this library takes both.

    A socket that has begun to read what nobody has asked for yet, which it may have at any time when its peer has written, is
    refused like one with bytes available (QIODevice::bytesAvailable()). Nothing is lost by that.

    There is no counterpart of descriptor passing with messages between processes that run already. DuplicateHandle() could put a
    handle into the peer's process, but whoever may do that may do everything with that process, so that a service could neither
    take handles from its clients nor they from it; the process id that a pipe tells is that of who has opened it, and not of who has it
    now; a handle that the peer is never told of stays open in it for ever; and a number that arrives in a message may as
    well stand for something of the receiver's own, which it would use and close. Hand handles over when a child is started, or
    give things names: a NamedPipeServer, or a file mapping.
*/

/*!
    \variable InterprocessQt::ChildHandles::AnyNumber

    Stands for a number that the child does not care about.
*/

/*!
    Makes an empty collection.
*/
ChildHandles::ChildHandles()
    : d(std::make_unique<ChildHandlesPrivate>())
{
}

/*!
    Closes what was not attached to a process.
*/
ChildHandles::~ChildHandles() = default;

/*!
    Takes everything from \a other, which can only be destroyed or assigned to then.
*/
ChildHandles::ChildHandles(ChildHandles &&other) noexcept = default;

/*!
    Closes what is here and takes everything from \a other, which can only be destroyed or assigned to then.
*/
ChildHandles &ChildHandles::operator=(ChildHandles &&other) noexcept = default;

/*!
    Adds \a handle under \a name, for the child to have it as \a number if that is not AnyNumber. Returns the number that it
    will have there, or NativeHandle::Invalid with errorString(): the name is empty or used already, the handle is not open
    (EBADF, ERROR_INVALID_HANDLE), the number is below 3 (EINVAL) or in use in this process (EBUSY), on Windows any number
    (ERROR_NOT_SUPPORTED), or no descriptor is left (EMFILE). The handle stays the caller's then.

    The numbers of the standard streams, 0 to 2, are QProcess's. Other small ones are often in use here, by the event loop
    for example; a number of 100 and more is usually free. It is in use from here on until the child has been started: of
    two children that are to have something under the same number the second can be prepared when the first has been
    started.
*/
NativeHandle::Type ChildHandles::add(NativeHandle &&handle, const QString &name, NativeHandle::Type number)
{
    if (handle && number == handle.get() && number > 2)
        return d->adopt(handle, name);
    const NativeHandle::Type given = d->add(handle.get(), name, number);
    if (given != NativeHandle::Invalid)
        handle.reset();
    return given;
}

/*!
    \overload

    Adds what \a reader reads from under \a name, as \a number if that is not AnyNumber, and closes the reader. It must not
    have read anything that nobody has taken (QIODevice::bytesAvailable()).
*/
NativeHandle::Type ChildHandles::add(PipeReader *reader, const QString &name, NativeHandle::Type number)
{
    if (reader->handle() == NativeHandle::Invalid || reader->bytesAvailable() > 0 || hasReadAhead(reader))
        return d->refuse(name, tr("the reader is not open, or has begun to read"));
    const NativeHandle::Type given = d->add(reader->handle(), name, number);
    if (given != NativeHandle::Invalid)
        reader->close();
    return given;
}

/*!
    \overload

    Adds what \a writer writes to under \a name, as \a number if that is not AnyNumber, and closes the writer, without
    PipeWriter::closed(). It must have written everything (QIODevice::bytesToWrite()).
*/
NativeHandle::Type ChildHandles::add(PipeWriter *writer, const QString &name, NativeHandle::Type number)
{
    writer->flush();
    if (writer->handle() == NativeHandle::Invalid || writer->bytesToWrite() > 0)
        return d->refuse(name, tr("the writer is not open, or has something left to write"));
    const NativeHandle::Type given = d->add(writer->handle(), name, number);
    if (given != NativeHandle::Invalid)
        writer->abort();
    return given;
}

/*!
    \overload

    Adds the connection of \a socket under \a name, as \a number if that is not AnyNumber, and lets go of it with
    LocalSocket::abort(). The peer is not told: for it the connection goes on, with the child. The socket must be connected,
    and have nothing that was not read or written.
*/
NativeHandle::Type ChildHandles::add(LocalSocket *socket, const QString &name, NativeHandle::Type number)
{
    socket->flush();
    if (socket->state() != LocalSocket::ConnectedState || socket->bytesToWrite() > 0 || socket->bytesAvailable() > 0 || hasReadAhead(socket))
        return d->refuse(name, tr("the socket is not connected, or has something left to read or to write"));
    const NativeHandle::Type given = d->add(socket->socketDescriptor(), name, number);
    if (given != NativeHandle::Invalid)
        socket->abort();
    return given;
}

/*!
    Returns the names of what waits to be attached.
*/
QStringList ChildHandles::names() const
{
    return d->names();
}

/*!
    Gives everything that was added to the next child of \a process. Returns false, with errorString(), if that is running
    already, or is to have something of the same name; then it stays here.

    Names and numbers go into the environment of the process, as INTERPROCESSQT_HANDLES: QProcess::setProcessEnvironment()
    must be called before. QProcess::setChildProcessModifier(), on Windows QProcess::setCreateProcessArgumentsModifier(), must be called
    before, too, and is chained. One on Windows that sets EXTENDED_STARTUPINFO_PRESENT itself keeps its own list of handles, and
    the child has what was added only if that allows it. When the
    child has been started, or could not be, the process is left without them: start it again and it has nothing but its
    standard streams. This collection is empty, and can be used for the next child.
*/
bool ChildHandles::attachTo(QProcess *process)
{
    return d->attachTo(process);
}

/*!
    Returns the code of the system if the last function that failed asked it, otherwise 0.
*/
int ChildHandles::nativeError() const
{
    return d->nativeError;
}

/*!
    Returns why the last function that failed did so.
*/
QString ChildHandles::errorString() const
{
    return d->errorText;
}

/*!
    In the child: takes what the parent has added under \a name, once. Returns an invalid handle if there is nothing of that
    name, it was taken already, or the number does not stand for the same any more: a program between the two, such as a
    shell, may have handed on the environment and not the handle.

    With the first call, of any of these functions, INTERPROCESSQT_HANDLES is removed from the environment, and all that was
    handed over is closed on exec, so that children of the child do not have it. Do this at the beginning of \c main():
    changing the environment is not safe while other threads look at it.
*/
NativeHandle ChildHandles::take(const QString &name)
{
    return OfferedHandles::instance().take(name);
}

/*!
    \overload

    Takes what the parent has added as \a number, for example out of the arguments.
*/
NativeHandle ChildHandles::take(NativeHandle::Type number)
{
    return OfferedHandles::instance().take(number);
}

/*!
    In the child: returns the names of what the parent has handed over, and nobody has taken yet.
*/
QStringList ChildHandles::available()
{
    return OfferedHandles::instance().names();
}

} // namespace InterprocessQt
