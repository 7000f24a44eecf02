// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/PipeReader.h>

#include "pipereader_p.h"

#include <utility>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::PipeReader
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/PipeReader
    \brief The end of a pipe that is read from: an unnamed pipe, standard input, or any other stream.
    \reentrant

    A PipeReader is a QIODevice that emits readyRead() when something has been written at the other end. It is made
    together with the other end by Pipe::create(), or opened on standard input:

    \snippet snippets/pipes.cpp stdin

    readChannelFinished() tells that nobody writes any more; what had been written before is there then, and can be read
    until close(). readBufferSize() makes the writers wait.

    \section1 Standard input and other descriptors

    What a descriptor refers to is found out: a pipe, a terminal, a file, a device or a socket. A pipe or a terminal may be
    shared with other processes, which would find it non-blocking if this class made it so. It is therefore opened a second
    time for this object alone where the system can do that (Linux by its /proc, terminals everywhere). Where it cannot,
    because it belongs to another user for example, each read tells the kernel not to wait (newer Linux, for pipes), or is made
    only when the system says that there is something to read. Nothing has to be restored, also after a crash.

    A file has ended where it ends at that time. A line that is typed in a terminal arrives when it is complete, and the
    end with Ctrl-D. A FIFO that is open for both reading and writing, as by \c {<>} of a shell, has no end.

    A process in the background of a shell is stopped when it reads from the terminal (SIGTTIN), and goes on in the
    foreground, as any other does. If it ignores the signal reading fails (EIO).

    \section1 Windows

    A pipe that was opened for overlapped operations, such as each that Pipe makes, is waited for without a thread, and nothing
    is read that was not asked for. Of any other handle - a pipe of another program, a file, a console, a device - calls wait until
    there is something, so a thread of its own makes them for each reader; without one to be had reading fails with
    SocketResourceError (ERROR_MAX_THRDS_REACHED). It has then read up to 64 KiB ahead, of which
    others who have the same pipe get nothing, and release() does not give it back. Sockets, directories, and files that were opened
    for overlapped operations are refused (UnsupportedSocketOperationError).

    What is typed in a console arrives as UTF-8, whatever code page it is set to, line by line if it is set so, with \c {\r\n}
    at the end (QIODevice::setTextModeEnabled() takes the former away). Ctrl-Z at the beginning of a line is the end. Ctrl-C is not input:
    see SignalWatcher. A reader that is closed while half a line is typed takes the rest of that line along, for the
    console goes on with what it has begun; it is not begun before somebody types.

    While such a thread waits for a pipe, whoever else has the same end waits in every question about it: children that inherit
    a standard input which is being read may hang when they start (GetFileType()). Give them one of their own.

    \section1 Errors

    errorOccurred() comes from the event loop when reading fails, before readChannelFinished(); the errors of open() are
    told by its result. More than one reader of the same standard input is not prevented: each gets a part of what arrives.
*/

/*!
    Makes a reader that is not open, with the parent \a parent.
*/
PipeReader::PipeReader(QObject *parent)
    : PipeReader(*new PipeReaderPrivate, parent)
{
}

/*!
    For classes of the library: as above, with the private part \a dd.
*/
PipeReader::PipeReader(PipeReaderPrivate &dd, QObject *parent)
    : StreamDevice(dd, parent)
{
}

/*!
    Closes the reader. If nobody else has this end, writing at the other one fails from then on.
*/
PipeReader::~PipeReader()
{
    d_func()->end();
}

PipeReaderPrivate *PipeReader::d_func() const
{
    return static_cast<PipeReaderPrivate *>(d.get());
}

/*!
    Reads from \a handle: a pipe, a terminal, a file, a device or (on Unix) a socket, which belongs to this object from now on.
    What was open here before is closed.

    Returns false, with error() and errorString(), if it cannot be read: OperationError if it is not open (EBADF,
    ERROR_INVALID_HANDLE), UnsupportedSocketOperationError if it is open for writing only, or a directory (EISDIR, ERROR_DIRECTORY).
    It stays the caller's then.
*/
bool PipeReader::open(NativeHandle &&handle)
{
    abort();
    return d_func()->begin(openPipeStream(handle, PipeDirection::Reading, *d_func()));
}

/*!
    Reimplemented to refuse: there is nothing to be opened with an \a openMode alone. Returns false.
*/
bool PipeReader::open(OpenMode openMode)
{
    Q_UNUSED(openMode)
    return d_func()->refuse({OperationError, 0, tr("open: which handle?")});
}

/*!
    Reads from standard input. Descriptor 0 (on Windows what GetStdHandle() says) itself stays open, and as it is. Returns false,
    with error(), if there is none (EBADF; one that is closed on exec did not come with the process, and is none;
    ERROR_INVALID_HANDLE: a program with windows has none) or no descriptor is left (EMFILE).
*/
bool PipeReader::openStandardInput()
{
    abort();
    return d_func()->begin(openStandardStream(StandardStream::Input, *d_func()));
}

/*!
    Closes the reader and drops what has not been read.
*/
void PipeReader::close()
{
    const Life::Guard guard(*d);
    d_func()->end();
    if (guard.isAlive())
        StreamDevice::close();
}

/*!
    As close(): there is nothing to be written first.
*/
void PipeReader::abort()
{
    close();
}

/*!
    Returns the descriptor that is read from, or -1. It need not be the one that was given to open().
*/
qintptr PipeReader::handle() const
{
    return d->io ? d->io->handle() : NativeHandle::Invalid;
}

/*!
    Gives the descriptor away and closes the reader. What has arrived here is dropped, so read it first. On Unix the
    descriptor is non-blocking. Returns one that is not valid if the reader has none.
*/
NativeHandle PipeReader::release()
{
    NativeHandle handle;
    if (d->io)
        handle = releasePipeHandle(*d->io);
    close();
    return handle;
}

/*!
    Returns true if it is a terminal that is read from.
*/
bool PipeReader::isTerminal() const
{
    return d->io && InterprocessQt::isTerminal(*d->io);
}

/*!
    Returns how many bytes the kernel keeps between the two ends (F_GETPIPE_SZ; on Windows as it was made), -1 where that is not known:
    it is no pipe, or another system.
*/
qint64 PipeReader::capacity() const
{
    return d->io ? pipeCapacity(*d->io) : -1;
}

/*!
    Asks the kernel to keep up to \a size bytes between the two ends (F_SETPIPE_SZ); it takes the next power of two. Returns
    false, with error(): SocketAccessError above the limit of unprivileged users (EPERM, /proc/sys/fs/pipe-max-size),
    SocketResourceError if less would be kept than is in it now (EBUSY), UnsupportedSocketOperationError elsewhere.
*/
bool PipeReader::setCapacity(qint64 size)
{
    if (!d->io)
        return d_func()->refuse({OperationError, 0, tr("set the capacity: the pipe is not open")});
    const int flaw = setPipeCapacity(*d->io, size);
    return flaw == 0 || d_func()->refuse(systemError(flaw, tr("set the capacity of the pipe")));
}

/*!
    Waits until nobody writes any more and everything has arrived, for \a msecs at most or for ever if that is -1. Works
    without an event loop. Returns false if the time is over, the read buffer is full, or reading has failed.
*/
bool PipeReader::waitForFinished(int msecs)
{
    return d_func()->waitForFinished(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool PipeReader::waitForFinished(std::chrono::milliseconds timeout)
{
    return d_func()->waitForFinished(deadlineOf(timeout));
}

} // namespace InterprocessQt
