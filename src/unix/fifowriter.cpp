// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/FifoWriter.h>

#include "fifowriter_p.h"

#include <climits>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::FifoWriter
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/FifoWriter
    \brief Writes to a FIFO file, and waits for a reader.
    \reentrant

    A PipeWriter for a FIFO, that is a pipe with a name in the file system:

    \snippet snippets/fifo.cpp writer

    \section1 Readers

    A FIFO that nobody reads cannot be written to. Until a reader comes what is written is kept here, within writeBufferLimit,
    and \l congested tells when it is much; readerConnected() tells of a reader, and readersGone() that the last one has
    gone, also while nothing is written. That is the end of this stream, with PeerClosedError (EPIPE), or the next reader is
    waited for, as open() was told. What the reader that has gone had not read of what was in the kernel is there for the
    next one, and so is what was kept here: nothing that was accepted is dropped, but the next reader may begin in the
    middle of what was written.

    The system does not tell when a reader comes. It is looked for by a timer: after a millisecond at first, and every 100
    milliseconds at last. readerTimeout limits how long.

    Who reads is not known, nor how many; a reader that comes before the last one has been missed is not told.

    \section1 Several writers

    What was written by one call of write() with at most atomicSize() bytes (PIPE_BUF: 4096 on Linux, at least 512
    everywhere) is never torn, and never mixed with what others write to the same FIFO: it is handed to the kernel by one
    system call, alone or together with others that are whole, and the kernel keeps up to so much together (pipe(7)).
    With a writeBufferLimit it is accepted whole or not at all, and write() returns 0 then. What is longer may arrive in
    pieces, with those of others between. So write each line, with its end, by one call; QTextStream and QDataStream
    do not. QIODevice::write() that is called through a pointer to a QIODevice does.

    SIGPIPE never comes for what is written here.

    \section1 Errors

    Those of open() are told by its result; after it errorOccurred() tells, from the event loop, followed by closed(): that no
    reader has come in time (SocketTimeoutError), that the last one has gone (PeerClosedError), and that while a reader was
    waited for the FIFO was removed, or became something else (as with open()). If there is another file of its name when the
    next reader is waited for, that is ServerNotFoundError: nobody will find the FIFO that is open, nor read what is left in
    it. The FIFO of a service that is started again may be such a file: open() it then. A removed FIFO whose reader is still
    there works on.

    \sa Fifo, FifoReader, {FIFO files}
*/

/*!
    \enum InterprocessQt::FifoWriter::ReaderPolicy

    What the end of the last reader means.

    \value EndWithReaders  The end of the stream: readersGone(), errorOccurred() with PeerClosedError, closed().
    \value WaitForNextReader  Nothing but a signal, readersGone(); the stream goes on with the next reader.
*/

/*!
    Makes a writer that is not open, with the parent \a parent.
*/
FifoWriter::FifoWriter(QObject *parent)
    : PipeWriter(*new FifoWriterPrivate, parent)
{
}

/*!
    Closes the writer without waiting, as PipeWriter does. The FIFO stays.
*/
FifoWriter::~FifoWriter() = default;

FifoWriterPrivate *FifoWriter::d_func() const
{
    return static_cast<FifoWriterPrivate *>(d.get());
}

/*!
    Writes to the FIFO at \a path, with \a policy for the end of the last reader. What was open here before is closed as by
    abort(). It does not block: if nobody reads yet the writer is open all the same, and accepts what is written. Symbolic
    links are followed.

    Returns false, with error(), nativeError() and errorString():
    \list
        \li ServerNotFoundError: there is nothing of that name (ENOENT, ENOTDIR, ELOOP), or it is too long (ENAMETOOLONG)
        \li UnsupportedSocketOperationError: it is not a FIFO (no native code), but a directory (EISDIR) or something else
        \li SocketAccessError: not permitted (EACCES)
        \li SocketResourceError: no descriptor is left (EMFILE, ENFILE)
        \li OperationError: no path at all, for it has a null character (no native code)
    \endlist

    close() while a reader is waited for waits for one on, for 30 seconds, if something is left to write; abort() does not.
*/
bool FifoWriter::open(const QString &path, ReaderPolicy policy)
{
    abort();
    return d_func()->beginFifo(path, policy);
}

/*!
    Returns what was given to open() last.
*/
QString FifoWriter::path() const
{
    return d_func()->path;
}

/*!
    Returns true if there is a reader, as far as is known: see readerConnected() and readersGone().
*/
bool FifoWriter::hasReader() const
{
    const FifoWriteIo *const stream = d_func()->fifo();
    return stream && stream->hasReader();
}

/*!
    \property InterprocessQt::FifoWriter::readerTimeout
    \brief how many milliseconds a reader is waited for, the first one or the next; -1, the default, stands for ever

    When they are over errorOccurred() comes with SocketTimeoutError, and then closed(). What is set holds from the next
    open().
*/
int FifoWriter::readerTimeout() const
{
    return d_func()->readerTimeout;
}

void FifoWriter::setReaderTimeout(int msecs)
{
    msecs = qMax(-1, msecs);
    if (msecs == d_func()->readerTimeout)
        return;
    d_func()->readerTimeout = msecs;
    Q_EMIT readerTimeoutChanged();
}

/*!
    Returns how many bytes may be written by one call to arrive together, also if there are other writers: PIPE_BUF.
*/
qint64 FifoWriter::atomicSize()
{
    return PIPE_BUF;
}

/*!
    Waits until there is a reader, for \a msecs at most or for ever if that is -1. Works without an event loop. Returns true
    if there is one, also if it was there before; false if the time is over, or the writer is not open, or not any more.
*/
bool FifoWriter::waitForReader(int msecs)
{
    return d_func()->waitForReader(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool FifoWriter::waitForReader(std::chrono::milliseconds timeout)
{
    return d_func()->waitForReader(deadlineOf(timeout));
}

/*!
    Takes the \a size bytes of \a data as one record; see \l {Several writers}. Returns how many were taken, or -1 with an
    errorString() if the writer is not open, close() or closeWriteChannel() has been called, or the reader has gone for good.
*/
qint64 FifoWriter::writeData(const char *data, qint64 size)
{
    if (!d_func()->fifo() || size <= 0 || !isWriteChannelOpen())
        return StreamDevice::writeData(data, size);
    return d_func()->acceptRecord(data, size);
}

/*!
    \fn void InterprocessQt::FifoWriter::readerConnected()

    Emitted from the event loop when there is a reader: also for one that was there at open().
*/

/*!
    \fn void InterprocessQt::FifoWriter::readersGone()

    Emitted from the event loop when nobody reads any more. Not after close() or abort().
*/

} // namespace InterprocessQt
