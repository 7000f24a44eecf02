// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/PipeWriter.h>

#include "pipewriter_p.h"

#include <utility>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::PipeWriter
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/PipeWriter
    \brief The end of a pipe that is written to: an unnamed pipe, standard output or error, or any other stream.
    \reentrant

    A PipeWriter is a QIODevice whose write() never blocks. It is made together with the other end by Pipe::create(), or
    opened on standard output:

    \snippet snippets/pipes.cpp stdout

    What the kernel does not take is kept, and written when there is room; \l congested and writeBufferLimit tell a producer
    to pause. The reader sees the end of the stream when all writers have been closed, and can read what was written
    before also when they are gone.

    \section1 Nobody reads

    Writing to a pipe that nobody reads is an error, PeerClosedError (EPIPE; on Windows ERROR_NO_DATA), told by errorOccurred() from the event loop.
    It is noticed when something is written. SIGPIPE does not come for it: neither to this application, whatever it does
    about the signal, nor is the signal ignored, which children that are started later would inherit.

    \section1 Standard output and other descriptors

    As with PipeReader, what a descriptor refers to is found out, and nothing of it is changed that others would see. Mixing
    it with \c printf() or QTextStream is possible, but what is written here comes at the end of the turn of the event
    loop.

    A file takes everything at once, unless it is full: SocketResourceError (ENOSPC). A terminal that is stopped with Ctrl-S,
    or that nobody looks at, makes this writer wait and not the program. One that belongs to another user and does not control
    this process can only be written to byte by byte for that, which is slow. A process in the background of a shell is
    stopped when it writes to the terminal if that is set so (\c {stty tostop}), as any other is.

    \section1 Windows

    A pipe that was opened for overlapped operations, such as each that Pipe makes, and a file need no thread. For any other handle
    a thread makes the calls that wait, so that write() does not; without one to be had writing fails with SocketResourceError
    (ERROR_MAX_THRDS_REACHED). Bytes count as written when its call is back, and bytesToWrite() has them
    until then. A writer that is destroyed or aborted leaves a call that is under way a quarter of a second, in the background, and
    then cancels it; the destructor of QCoreApplication waits for that, so that the last words of a program are not lost.

    What is written to a console is taken as UTF-8 and shown as such, whatever code page it is set to.
*/

/*!
    Makes a writer that is not open, with the parent \a parent.
*/
PipeWriter::PipeWriter(QObject *parent)
    : PipeWriter(*new PipeWriterPrivate, parent)
{
}

/*!
    For classes of the library: as above, with the private part \a dd.
*/
PipeWriter::PipeWriter(PipeWriterPrivate &dd, QObject *parent)
    : StreamDevice(dd, parent)
{
}

/*!
    Closes the writer without waiting: what the kernel takes at once of what is left is written, and the rest is dropped. To
    have everything written call close(), and delete the object at closed() or after waitForClosed().
*/
PipeWriter::~PipeWriter()
{
    PipeWriterPrivate *const p = d_func();
    // In a child made by fork() it is the parent's.
    if (p->io && p->io->isOurs())
        p->flushNow();
    p->end();
}

PipeWriterPrivate *PipeWriter::d_func() const
{
    return static_cast<PipeWriterPrivate *>(d.get());
}

/*!
    Writes to \a handle: a pipe, a terminal, a file, a device or (on Unix) a socket, which belongs to this object from now on.
    What was open here before is closed as by abort().

    Returns false, with error() and errorString(), if it cannot be written to: OperationError if it is not open (EBADF,
    ERROR_INVALID_HANDLE), UnsupportedSocketOperationError if it is open for reading only, or a directory. It stays the caller's
    then.
*/
bool PipeWriter::open(NativeHandle &&handle)
{
    abort();
    return d_func()->begin(openPipeStream(handle, PipeDirection::Writing, *d_func()));
}

/*!
    Reimplemented to refuse: there is nothing to be opened with an \a openMode alone. Returns false.
*/
bool PipeWriter::open(OpenMode openMode)
{
    Q_UNUSED(openMode)
    return d_func()->refuse({OperationError, 0, tr("open: which handle?")});
}

/*!
    Writes to standard output. Descriptor 1 itself stays open, and as it is: a reader sees the end of the stream when the
    process ends. Returns false, with error(), if there is none (EBADF) or no descriptor is left (EMFILE).
*/
bool PipeWriter::openStandardOutput()
{
    abort();
    return d_func()->begin(openStandardStream(StandardStream::Output, *d_func()));
}

/*!
    Writes to standard error, as openStandardOutput() does to standard output, and returns what that does.
*/
bool PipeWriter::openStandardError()
{
    abort();
    return d_func()->begin(openStandardStream(StandardStream::Error, *d_func()));
}

/*!
    Closes the device; what is left is written first, and closed() tells. Until then the object must live, and its event
    loop run. If the reader takes nothing for 30 seconds the rest is dropped, with SocketTimeoutError.
*/
void PipeWriter::close()
{
    const Life::Guard guard(*d);
    StreamDevice::close();
    if (guard.isAlive())
        d_func()->closeWhenWritten();
}

/*!
    Closes the device at once, and drops what is left. closed() is not emitted.
*/
void PipeWriter::abort()
{
    d_func()->end();
    StreamDevice::close();
}

/*!
    Returns the descriptor that is written to, or -1. It need not be the one that was given to open().
*/
qintptr PipeWriter::handle() const
{
    return d->io ? d->io->handle() : NativeHandle::Invalid;
}

/*!
    Gives the descriptor away and closes the writer. On Unix the descriptor is non-blocking. Returns one that is not valid,
    and changes nothing, if the writer has none or something is left to write, which error() tells then.
*/
NativeHandle PipeWriter::release()
{
    NativeHandle handle;
    if (!d->io)
        return handle;
    d->flushNow();
    if (!d->output.isEmpty()) {
        d_func()->refuse({OperationError, 0, tr("release the pipe: %1 bytes wait to be written").arg(d->output.size())});
        return handle;
    }
    handle = releasePipeHandle(*d->io);
    abort();
    return handle;
}

/*!
    Returns true if it is a terminal that is written to.
*/
bool PipeWriter::isTerminal() const
{
    return d->io && InterprocessQt::isTerminal(*d->io);
}

/*!
    Returns how many bytes the kernel keeps between the two ends; see PipeReader::capacity().
*/
qint64 PipeWriter::capacity() const
{
    return d->io ? pipeCapacity(*d->io) : -1;
}

/*!
    Asks the kernel to keep up to \a size bytes between the two ends. Returns true if it does; see PipeReader::setCapacity().
*/
bool PipeWriter::setCapacity(qint64 size)
{
    if (!d->io)
        return d_func()->refuse({OperationError, 0, tr("set the capacity: the pipe is not open")});
    const int flaw = setPipeCapacity(*d->io, size);
    return flaw == 0 || d_func()->refuse(systemError(flaw, tr("set the capacity of the pipe")));
}

/*!
    Waits after close() or closeWriteChannel() until everything has been written, for \a msecs at most or for ever if that
    is -1. Works without an event loop. Returns false if the time is over, something could not be written, or neither has been called.
*/
bool PipeWriter::waitForClosed(int msecs)
{
    return d_func()->waitForClosed(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool PipeWriter::waitForClosed(std::chrono::milliseconds timeout)
{
    return d_func()->waitForClosed(deadlineOf(timeout));
}

/*!
    \fn void InterprocessQt::PipeWriter::closed()

    Emitted from the event loop when the writer has let go of the pipe: after close() or closeWriteChannel() when everything
    has been written, and after errorOccurred().
*/

} // namespace InterprocessQt
