// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/StreamDevice.h>

#include "streamdevice_p.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qdebug.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qscopedvaluerollback.h>

#include <algorithm>
#include <limits>

namespace InterprocessQt
{

namespace
{
// What a peek() or an ungetChar() has moved to QIODevice goes back to where it came from.
void takeBack(QIODevice *device, ByteQueue &input)
{
    const qint64 kept = device->QIODevice::bytesAvailable();
    if (kept <= 0)
        return;
    QByteArray bytes(qsizetype(kept), Qt::Uninitialized);
    const bool text = device->isTextModeEnabled();
    device->setTextModeEnabled(false);
    bytes.truncate(qsizetype(std::max<qint64>(0, device->read(bytes.data(), kept))));
    device->setTextModeEnabled(text);
    input.prepend(bytes);
}
} // namespace

/*!
    \class InterprocessQt::StreamDevice
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/StreamDevice
    \brief The base of every byte stream: buffers, limits, half-close, waits and errors.
    \reentrant

    A stream device is a sequential QIODevice. Everything that takes a QIODevice works on it: QDataStream,
    QTextStream, transactions. LocalSocket, PipeReader and PipeWriter are derived from it; applications
    cannot derive classes from it.

    \section1 Reading

    What the kernel has is read into the device's own buffer when the event loop finds it there, and readyRead() is
    emitted: once a turn, or for each part of what a fast peer sends, however much that is. It is never emitted from
    inside itself: what arrives while a slot runs an event loop of its own is told when the slot has returned. What
    arrived before the end of a stream stays readable after it, until close() or the next connection.

    setReadBufferSize() limits what the device holds. When it is full nothing more is read: the kernel's buffers fill
    up and the peer is made to wait. The end of the stream stands behind what has not been read, and is not noticed
    before.

    \section1 Writing

    write() never blocks. The first write in a turn of the event loop is handed to the kernel at once; what follows in
    the same turn is gathered, and handed over together when the turn ends or 64 KiB have come together. What the
    kernel does not take is kept and written as soon as there is room. bytesWritten() tells at the end of a turn how
    much the kernel has taken in it; that the peer has read it is not known.

    A producer that writes faster than its peer reads looks at \l congested and goes on after congestedChanged():

    \snippet snippets/backpressure.cpp producer

    If a write fails (EPIPE, ECONNRESET) nothing more is written, and write() returns -1 from then on. What the peer
    sent before it went is delivered first; then the connection ends with errorOccurred().

    \section1 Signals

    Success and failure are told from the event loop, or from inside a \c waitFor function, and not from inside the
    call that caused them; LocalSocket lists what is told at once. At the end of a turn bytesWritten() comes before
    congestedChanged(). When the peer ends the connection, what was written in that turn is not told any more. In
    every slot the device may be closed, deleted, or used in an event loop of the slot's own.

    \section1 Threads

    A device is used in the thread it lives in. It may be moved to another one with QObject::moveToThread() while it
    is open; what was due goes on there as soon as that thread runs its event loop. Where no event loop runs at all,
    the \c waitFor functions do its work.

    A child process made by fork() without exec may destroy the devices it has inherited: nothing that the parent has
    still to write is written by the child.
*/

/*!
    \enum InterprocessQt::StreamDevice::Error

    Why a connection could not be made, or ended. The values are those of QLocalSocket::LocalSocketError;
    nativeError() has the code of the system, from which they are made on Unix as shown.

    \value UnknownSocketError  No error has occurred, or one that none of the others stands for.
    \value ConnectionRefusedError  Nobody listens at that name: it was left behind, belongs to a regular file, its
           server has not begun to listen yet, or it is an abstract name that nobody has (ECONNREFUSED, connect(2)).
    \value PeerClosedError  The peer ended the connection: in order (no native code), or with data unread that was
           sent to it (ECONNRESET), or something was written after it had gone (EPIPE, ENOTCONN).
    \value ServerNotFoundError  There is nothing of that name (ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EROFS,
           EADDRNOTAVAIL), or the Address is not valid (no native code).
    \value SocketAccessError  The permissions of the socket or of a directory above it forbid it (EACCES, EPERM).
    \value SocketResourceError  Out of descriptors (EMFILE, ENFILE), memory (ENOMEM, ENOBUFS) or space (ENOSPC).
    \value SocketTimeoutError  LocalSocket::connectTimeout passed while the server had no room for one more (EAGAIN),
           or for 30 seconds the peer read nothing of what was left to write after close() or disconnectFromServer()
           (no native code), or a waitFor function was in vain (no native code, and no signal).
    \value DatagramTooLargeError  A message is too large (EMSGSIZE). Byte streams do not report it.
    \value ConnectionError  The connection broke for another reason (EIO, ECONNABORTED, ENETDOWN).
    \value UnsupportedSocketOperationError  The wrong kind of socket: a datagram or SOCK_SEQPACKET socket is at that
           name (EPROTOTYPE), or a descriptor is not one of a Unix stream socket (ENOTSOCK, no native code).
    \value OperationError  A function was called in a state in which it cannot do anything (no native code), or the
           system refuses an argument (EINVAL, EBADF, EISCONN).
*/

/*!
    \variable InterprocessQt::StreamDevice::d

    For classes of the library: what a stream is made of.
*/

/*!
    For classes of the library: makes a device that is not open, with the private part \a dd and the parent \a parent.
*/
StreamDevice::StreamDevice(StreamDevicePrivate &dd, QObject *parent)
    : QIODevice(parent)
    , d(&dd)
{
    d->q = this;
}

/*!
    Releases the stream without blocking. What derived classes do before is described with them.
*/
StreamDevice::~StreamDevice() = default;

/*!
    \property InterprocessQt::StreamDevice::error
    \brief what went wrong last

    A new connection sets it back to UnknownSocketError. It is set before errorOccurred() comes, with errorString, which names
    the operation, the address where it is known, and the text of the system. The signal does not tell that it was set back.
*/
StreamDevice::Error StreamDevice::error() const
{
    return d->error;
}

/*!
    \property InterprocessQt::StreamDevice::nativeError
    \brief the code of the system that belongs to error, \c errno on Unix

    0 where the system was not asked. After a write has failed it has the code of that at once, while error() changes when
    the end is told.
*/

/*!
    \property InterprocessQt::StreamDevice::errorString
    \brief QIODevice::errorString() as a property
*/
int StreamDevice::nativeError() const
{
    return d->nativeError;
}

/*!
    Returns true.
*/
bool StreamDevice::isSequential() const
{
    return true;
}

/*!
    Returns how many bytes can be read without waiting. What is still in the kernel's buffers is not counted.
*/
qint64 StreamDevice::bytesAvailable() const
{
    // Our queue, and what QIODevice keeps for peek(), ungetChar() and transactions.
    return d->input.size() + QIODevice::bytesAvailable();
}

/*!
    Returns how many bytes wait to be taken by the kernel. A connection that is lost drops them.
*/
qint64 StreamDevice::bytesToWrite() const
{
    return d->output.size();
}

/*!
    Returns true if a whole line, with its end, can be read. A line longer than readBufferSize() never makes it true:
    its parts must be read as they come.
*/
bool StreamDevice::canReadLine() const
{
    return QIODevice::canReadLine() || d->input.indexOf('\n', d->input.size()) >= 0;
}

/*!
    Closes the device and drops what has arrived. LocalSocket::close() says what becomes of what was written.
*/
void StreamDevice::close()
{
    // QIODevice::close() goes on with the device after it has emitted this; a slot may destroy it.
    if (isOpen()) {
        const Life::Guard guard(*d);
        Q_EMIT aboutToClose();
        if (!guard.isAlive())
            return;
    }
    const QSignalBlocker alreadyTold(this);
    QIODevice::close();
    d->discardInput();
}

/*!
    Reads at most \a maxSize bytes to \a data, as QIODevice::read() does, and returns how many: 0 if nothing has
    arrived, -1 if nothing more will come or the device is not open for reading.

    This, and write(), do for the usual case what the functions of QIODevice do, in about half of the time. Called through a
    pointer to a QIODevice those of QIODevice are used, with the same result.
*/
qint64 StreamDevice::read(char *data, qint64 maxSize)
{
    // QIODevice keeps bytes of its own after a peek(), an ungetChar() and during a transaction.
    const bool plain = (openMode() & (ReadOnly | Text)) == ReadOnly && QIODevice::bytesAvailable() == 0 && !isTransactionStarted();
    return plain && maxSize > 0 && !d->input.isEmpty() ? readData(data, maxSize) : QIODevice::read(data, maxSize);
}

/*!
    Writes \a size bytes of \a data, as QIODevice::write() does. Returns how many were taken, which is all of them unless
    there is a writeBufferLimit(), or -1 with an errorString() if the device is not connected or connecting, the write
    channel is closed, or a write has failed.

    \sa read()
*/
qint64 StreamDevice::write(const char *data, qint64 size)
{
    return (openMode() & (WriteOnly | Text)) == WriteOnly && size > 0 ? writeData(data, size) : QIODevice::write(data, size);
}

/*!
    \overload

    Writes \a data. What the kernel does not take at once of a large array is not copied: the array is shared until it has
    been written. To change it afterwards is safe with the functions of QByteArray, but not through a pointer or an iterator that
    was taken from it before.
*/
qint64 StreamDevice::write(const QByteArray &data)
{
    if (data.size() < ByteQueue::SmallestShared)
        return write(data.constData(), data.size());
    const QScopedValueRollback<const QByteArray *> offer(d->offered, &data);
    return write(data.constData(), data.size());
}

/*!
    Returns all that has arrived, without copying it out of the device's buffer, where QIODevice::read() and
    QIODevice::peek() copy. What has been dealt with is taken off with consume():

    \snippet snippets/framing.cpp view

    The view is valid until a function of the device is called that is not const, or control returns to the event
    loop. It is empty if the device is not open for reading, or while a transaction is started. Text mode has no
    effect on it. Bytes that arrived in pieces are moved together, which costs a copy only then.
*/
QByteArrayView StreamDevice::view()
{
    if (!isReadable() || isTransactionStarted())
        return {};
    takeBack(this, d->input);
    return d->input.linearize();
}

/*!
    Takes the first \a size bytes of view() off the device, and returns how many those were: fewer if fewer had
    arrived, 0 where view() is empty. If the read buffer was full, reading goes on.
*/
qint64 StreamDevice::consume(qint64 size)
{
    // Where there is no view there is nothing to consume.
    if (size <= 0 || !isReadable() || isTransactionStarted())
        return 0;
    takeBack(this, d->input);
    const qint64 skipped = d->input.skip(size);
    d->dataTaken();
    return skipped;
}

/*!
    \property InterprocessQt::StreamDevice::readBufferSize
    \brief the number of bytes that the device holds at most until they are read

    0, the default, stands for no limit, negative sizes are taken for it. It can be changed at any time; what has
    arrived is kept. A peer can send as much more as the kernel's buffers take, a few hundred KiB on Linux.

    \sa LocalServer::setReadBufferSize()
*/
qint64 StreamDevice::readBufferSize() const
{
    return d->readLimit;
}

void StreamDevice::setReadBufferSize(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (size == d->readLimit)
        return;
    d->setReadLimit(size);
    Q_EMIT readBufferSizeChanged();
}

/*!
    \property InterprocessQt::StreamDevice::writeBufferLimit
    \brief the number of bytes that wait at most to be taken by the kernel

    0, the default, stands for no limit, negative sizes are taken for it. With a limit, QIODevice::write() takes what
    the kernel takes at once and so much more as fits below the limit; it returns how many bytes that was, which may
    be 0. The rest is up to the caller. QDataStream and QTextStream take a short write for an error: with them better
    look at \l congested and set no limit.

    Lowering it drops nothing.
*/
qint64 StreamDevice::writeBufferLimit() const
{
    return d->writeLimit;
}

void StreamDevice::setWriteBufferLimit(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (size == d->writeLimit)
        return;
    d->writeLimit = size;
    d->scheduleTurnEnd(); // whether this is congestion now is told from the event loop
    Q_EMIT writeBufferLimitChanged();
}

/*!
    \property InterprocessQt::StreamDevice::congested
    \brief whether a producer should pause

    True from the moment at which writeBufferLimit bytes wait to be written, or 1 MiB if there is no limit, until no
    more than half of that are left, so that producers do not start and stop at every chunk; after a message that is sent
    as a whole was refused, until there is room for it. It becomes true inside
    QIODevice::write(); that it has is told by congestedChanged() at the end of the turn. It becomes false together
    with the signal, also when the connection ends: a producer that has paused goes on in a slot of that, not of
    bytesWritten(), which comes before. Writing in spite of it is allowed.
*/
bool StreamDevice::isCongested() const
{
    return d->congested;
}

/*!
    \property InterprocessQt::StreamDevice::halfOpenAllowed
    \brief whether a stream goes on in one direction when the peer has finished writing

    False, the default: when the peer has finished writing, which is also what its end looks like, what is left to
    write is written and the connection ends, with PeerClosedError.

    True: only readChannelFinished() is emitted, and writing goes on until closeWriteChannel(),
    LocalSocket::disconnectFromServer() or a write that fails. This is for protocols in which the end of a request is
    the end of the stream, as with \c {curl}, \c {nc -N} or \c {socat}. A peer that has died is then noticed only when
    something is written to it.

    It may be changed until the end arrives.
*/
bool StreamDevice::isHalfOpenAllowed() const
{
    return d->halfOpenAllowed;
}

void StreamDevice::setHalfOpenAllowed(bool allowed)
{
    if (allowed == d->halfOpenAllowed)
        return;
    d->halfOpenAllowed = allowed;
    Q_EMIT halfOpenAllowedChanged();
}

/*!
    Tells the peer that no more will be written, as soon as what has been written is with the kernel (shutdown(2) with
    SHUT_WR). Reading goes on until the peer has finished, too; then the connection ends without an error.

    Returns false, and does nothing, if the device is not connected or connecting. From then on isWriteChannelOpen()
    is false and QIODevice::write() returns -1.

    All Unix systems can do it. Local sockets of Windows cannot, for a pipe has one end for both directions: there it returns
    false and does nothing, and isSupported() with Feature::HalfClose says so.
*/
bool StreamDevice::closeWriteChannel()
{
    return d->closeWriteChannel();
}

/*!
    Returns true if QIODevice::write() accepts data: the device is open for writing, connected or connecting,
    closeWriteChannel() has not been called, and no write has failed.
*/
bool StreamDevice::isWriteChannelOpen() const
{
    return isWritable() && d->acceptsWrites() && !d->writeClosing && !d->writeBroken;
}

/*!
    Returns true if the peer will send no more: the end of the stream, or an error in reading, has been seen. What
    came before it may still have to be read. It is already true in the last readyRead(), if both came together, and
    stays true until the next connection.
*/
bool StreamDevice::isReadChannelFinished() const
{
    return d->readFinished;
}

/*!
    Hands what has been written to the kernel now, not at the end of the turn, as far as the kernel takes it without
    waiting. Returns true if it took anything. bytesWritten() follows from the event loop.

    Worth it before a long computation; after every write it undoes the gathering.
*/
bool StreamDevice::flush()
{
    return d->flushNow();
}

/*!
    Ends the stream at once. What has not been taken by the kernel, and what has not been read, is dropped.
*/
void StreamDevice::abort()
{
    d->stopIo();
    StreamDevice::close();
}

/*!
    Waits until something more has arrived, and returns true if it has: what had arrived before the call does not
    count. -1 \a msecs waits for ever. Works without an event loop, sleeps in poll(2), and keeps its deadline when
    signals interrupt it.

    The signals of what happens meanwhile are emitted, readyRead() too, unless this is called from a slot connected to
    it. Returns false if the time is over, the stream has ended, or the read buffer is full. When the time is over
    error() is SocketTimeoutError; nothing is emitted, for the caller knows.
*/
bool StreamDevice::waitForReadyRead(int msecs)
{
    return d->waitForReadyRead(QDeadlineTimer(msecs));
}

/*!
    Waits until the kernel has taken some of what waits to be written, for \a msecs at most, or for ever if that is
    -1. Returns true if it has, or had before in this turn without bytesWritten() having been emitted; false if the
    time is over, nothing was to be written, or the stream has ended. That the time is over is not an error.

    What arrives meanwhile is read, so that two sides that both write before they read do not wait for each other.
*/
bool StreamDevice::waitForBytesWritten(int msecs)
{
    return d->waitForBytesWritten(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool StreamDevice::waitForReadyRead(std::chrono::milliseconds timeout)
{
    return d->waitForReadyRead(deadlineOf(timeout));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool StreamDevice::waitForBytesWritten(std::chrono::milliseconds timeout)
{
    return d->waitForBytesWritten(deadlineOf(timeout));
}

/*!
    Reimplemented to join the event loop of the thread that the device is moved to. Returns what QIODevice makes of
    any other \a event.
*/
bool StreamDevice::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->threadChanging();
    } else if (event->type() == StreamDevicePrivate::attachEventType()) {
        d->joinThread();
        d->scheduleTurnEnd(); // what was due in the thread it came from
        return true;
    }
    return QIODevice::event(event);
}

/*!
    Copies at most \a maxSize bytes to \a data. Returns -1 when there is nothing to read and nothing more will come, 0
    when something may come.
*/
qint64 StreamDevice::readData(char *data, qint64 maxSize)
{
    if (maxSize <= 0 || d->input.isEmpty()) {
        d->dataTaken();
        return maxSize > 0 && !d->expectsInput() ? -1 : 0;
    }
    const qint64 size = d->input.read(data, maxSize);
    if (d->readLimit > 0)
        d->dataTaken();
    return size;
}

/*!
    Copies at most \a maxSize bytes, to the first end of a line, to \a data.
*/
qint64 StreamDevice::readLineData(char *data, qint64 maxSize)
{
    const qint64 newline = d->input.indexOf('\n', maxSize);
    return readData(data, newline >= 0 ? newline + 1 : maxSize);
}

/*!
    Drops at most \a maxSize bytes of what has arrived.
*/
qint64 StreamDevice::skipData(qint64 maxSize)
{
    const qint64 skipped = d->input.skip(maxSize);
    d->dataTaken();
    return skipped == 0 && maxSize > 0 && !d->expectsInput() ? -1 : skipped;
}

/*!
    \fn void InterprocessQt::StreamDevice::errorOccurred(InterprocessQt::StreamDevice::Error error)

    Emitted from the event loop, or from a \c waitFor function, when a connection could not be made, when it ended for
    another reason than that this side asked for it, and when a function was called in a state in which it could not
    do anything. That is \a error; error(), nativeError() and errorString() are set. At the end of a connection it is
    the first of the signals, and the state is the new one.

    A LocalSocket emits this signal and, right after it, LocalSocket::errorOccurred().
*/

/*!
    \fn void InterprocessQt::StreamDevice::congestedChanged(bool congested)

    Emitted at the end of a turn of the event loop if \l congested has become true, with \a congested true; and when
    it becomes false, with \a congested false. Each true is followed by a false, at the latest when the connection has
    ended.
*/

/*!
    Takes \a size bytes from \a data, as far as writeBufferLimit allows. Returns how many, or -1 with an errorString()
    if the device is not connected or connecting, the write channel is closed, or a write has failed.
*/
qint64 StreamDevice::writeData(const char *data, qint64 size)
{
    if (d->gathers(size)) {
        d->output.append(data, size);
        return size;
    }
    if (!d->acceptsWrites() || d->writeClosing || d->writeBroken) {
        setErrorString(d->writeBroken ? tr("The peer does not read any more") : d->writeClosing ? tr("The write channel is closed") : tr("Not connected"));
        return -1;
    }
    return size > 0 ? d->acceptWrite(data, size) : 0;
}

/*!
    \relates InterprocessQt::StreamDevice

    Writes the name of \a error to \a debug, as \c {LocalSocket::PeerClosedError}: the names are those of QLocalSocket,
    whatever stream it is about.
*/
QDebug operator<<(QDebug debug, StreamDevice::Error error)
{
    const QDebugStateSaver saver(debug);
    const char *const key = QMetaEnum::fromType<StreamDevice::Error>().valueToKey(error);
    debug.nospace() << "LocalSocket::";
    if (key)
        debug << key;
    else
        debug << int(error);
    return debug;
}

} // namespace InterprocessQt
