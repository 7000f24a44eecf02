// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagechannel_p.h"

#include "stream/streamdevice_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>

namespace InterprocessQt
{

namespace
{
// What is read at once from a device that is not ours, and what one channel may decode before others get their turn: as
// much as a stream brings with one readyRead(), so that nothing piles up.
constexpr qint64 ReadSize = ByteQueue::ChunkSize;
constexpr qint64 Share = ByteQueue::ChunkSize;
} // namespace

// ---- The devices

void MessageChannelPrivate::setDevices(QIODevice *newRead, QIODevice *newWrite)
{
    const Guard guard(*this);
    detach();
    error = MessageChannel::NoError;
    nativeError = 0;
    errorText.clear();
    errorUntold = finishedUntold = devicesUntold = false;
    inputEnded = inputClosed = inputLost = inputCut = finished = failed = writeBroken = pendingTold = false;

    const bool changed = newRead != read || newWrite != write;
    read = newRead;
    write = newWrite;
    readStream = qobject_cast<StreamDevice *>(newRead);
    writeStream = qobject_cast<StreamDevice *>(newWrite);
    attached = read || write;
    if (read) {
        readConnections = {
            QObject::connect(newRead,
                             &QIODevice::readyRead,
                             q,
                             [this] {
                                 inputArrived();
                             }),
            QObject::connect(newRead,
                             &QIODevice::readChannelFinished,
                             q,
                             [this] {
                                 inputFinished();
                             }),
            QObject::connect(newRead,
                             &QIODevice::aboutToClose,
                             q,
                             [this] {
                                 deviceCloses(true);
                             }),
            QObject::connect(newRead,
                             &QObject::destroyed,
                             q,
                             [this] {
                                 deviceDestroyed(true);
                             }),
        };
        // Of its end it has told already.
        inputEnded = readStream && readStream->isReadChannelFinished();
        scheduleTurnEnd(); // for what has arrived already
    }
    if (write) {
        writeConnections = {
            QObject::connect(newWrite,
                             &QIODevice::bytesWritten,
                             q,
                             [this] {
                                 outputTaken();
                             }),
            QObject::connect(newWrite,
                             &QIODevice::aboutToClose,
                             q,
                             [this] {
                                 deviceCloses(false);
                             }),
            QObject::connect(newWrite,
                             &QObject::destroyed,
                             q,
                             [this] {
                                 deviceDestroyed(false);
                             }),
        };
    }
    if (congestionTold)
        scheduleTurnEnd();
    if (changed)
        Q_EMIT q->devicesChanged();
    if (guard.isAlive() && openTold != isOpen())
        Q_EMIT q->openChanged(openTold = isOpen());
}

void MessageChannelPrivate::detach()
{
    for (const QMetaObject::Connection &connection : readConnections)
        QObject::disconnect(connection);
    for (const QMetaObject::Connection &connection : writeConnections)
        QObject::disconnect(connection);
    giveBack();
    releaseBacklog();
    decoder = FrameDecoder(decoder.format());
    ahead.clear();
    aheadAt = 0;
}

void MessageChannelPrivate::deviceDestroyed(bool reads)
{
    (reads ? readStream : writeStream) = nullptr;
    devicesUntold = true;
    deviceCloses(reads);
}

void MessageChannelPrivate::deviceCloses(bool reads)
{
    if (reads) {
        if (!inputClosed && read && read->isReadable())
            inputLost = read->isSequential() ? read->bytesAvailable() > 0 : !read->atEnd();
        inputCut = inputCut || !inputEnded;
        inputEnded = inputClosed = true;
    } else {
        if (!backlog.isEmpty()) {
            writeBroken = true;
            backlog.clear();
            backlogAt = 0;
            refuse(MessageChannel::DeviceError, MessageChannel::tr("send: the device was closed before it had taken the whole message"));
        }
        if (!readConnections[0])
            inputEnded = true; // there never was anything to read, and now there is nothing at all
    }
    scheduleTurnEnd();
}

// The frame at hand goes back to where it came from, with what was read behind it.
void MessageChannelPrivate::giveBack()
{
    const QByteArray bytes = decoder.takeFrame() + ahead.sliced(aheadAt);
    if (bytes.isEmpty() || !read || inputClosed || failed || !read->isReadable())
        return;
    if (readStream) {
        StreamDevicePrivate *const stream = StreamDevicePrivate::get(readStream);
        if (readStream->QIODevice::bytesAvailable() > 0)
            (void)readStream->view(); // what somebody has peeked at belongs behind it
        stream->input.prepend(bytes);
        stream->dataTaken();
    } else if (!read->isSequential()) {
        read->seek(read->pos() - bytes.size());
    } else {
        for (qsizetype i = bytes.size(); i-- > 0;)
            read->ungetChar(bytes.at(i));
    }
}

// ---- Receiving

QByteArrayView MessageChannelPrivate::nextPiece()
{
    if (aheadAt < ahead.size())
        return QByteArrayView(ahead).sliced(aheadAt);
    ahead.clear();
    aheadAt = 0;
    if (!read || inputClosed || !read->isReadable())
        return {};
    if (readStream) {
        if (readStream->isTransactionStarted())
            return {};
        if (readStream->QIODevice::bytesAvailable() > 0) // somebody has peeked
            return readStream->view();
        // Piece by piece, where view() would move all together.
        ByteQueue::Blocks blocks;
        return StreamDevicePrivate::get(readStream)->input.blocks(blocks) > 0 ? blocks.front() : QByteArrayView();
    }

    if (read->isTextModeEnabled())
        read->setTextModeEnabled(false);
    const bool sequential = read->isSequential();
    // Some devices would block if asked for more than there is.
    const qint64 size = sequential ? std::min(ReadSize, read->bytesAvailable()) : ReadSize;
    if (size <= 0)
        return {};
    ahead.resize(qsizetype(size));
    const qint64 got = read->read(ahead.data(), size);
    ahead.truncate(qsizetype(std::max<qint64>(0, got)));
    if (got < 0 && !sequential)
        fail(MessageChannel::DeviceError, MessageChannel::tr("receive: %1").arg(read->errorString()));
    else if (got == 0 && !sequential)
        inputEnded = true;
    return ahead;
}

void MessageChannelPrivate::takePiece(qsizetype size)
{
    if (ahead.isEmpty())
        readStream->consume(size);
    else
        aheadAt += size;
}

bool MessageChannelPrivate::fetch(qint64 &share)
{
    while (!decoder.hasMessage()) {
        if (!isOpen())
            return false;
        if (share <= 0) {
            shareUsedUp = true;
            scheduleTurnEnd();
            return false;
        }
        const QByteArrayView piece = nextPiece();
        if (failed)
            return false;
        if (piece.isEmpty()) {
            if (!inputEnded)
                return false;
            if (lastLineMayBeOpen && !inputCut && !inputLost && decoder.finishLine())
                return true;
            if (const qint64 size = decoder.frameSize(); size > 0) {
                fail(MessageChannel::TruncatedMessageError, MessageChannel::tr("receive: the device has ended within a message, after %1 bytes").arg(size));
            } else if (inputLost) {
                fail(MessageChannel::TruncatedMessageError, MessageChannel::tr("receive: the device was closed before everything in it had been received"));
            } else {
                finished = finishedUntold = true;
                scheduleTurnEnd();
            }
            return false;
        }
        qsizetype used = 0;
        const FrameDecoder::Result result = decoder.decode(piece, used);
        takePiece(used);
        share -= used;
        if (result == FrameDecoder::Broken)
            fail(decoder.flaw().error, decoder.flaw().text);
    }
    return true;
}

QByteArray MessageChannelPrivate::take()
{
    pendingTold = false;
    scheduleTurnEnd(); // whether there is another one
    return decoder.takeMessage();
}

bool MessageChannelPrivate::deliversNow() const
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&MessageChannel::messageReceived);
    return automatic && (hasAudience ? hasAudience() : q->isSignalConnected(signal));
}

void MessageChannelPrivate::inputArrived()
{
    const Guard guard(*this);
    deliver();
    if (guard.isAlive())
        tell();
}

void MessageChannelPrivate::inputFinished()
{
    inputEnded = true;
    scheduleTurnEnd(); // also if the slots below take over
    deliver();
}

void MessageChannelPrivate::deliver()
{
    deliver(Share);
}

void MessageChannelPrivate::deliverRest()
{
    if (!delivering && deliversNow())
        deliver(std::numeric_limits<qint64>::max());
}

void MessageChannelPrivate::deliver(qint64 share)
{
    // Messages are told one after the other: what a nested event loop brings waits until the slot is back.
    if (delivering) {
        arrivedMeanwhile = true;
        return;
    }
    const Guard guard(*this);
    delivering = true;
    arrivedMeanwhile = false;
    if (deliversNow())
        deliverAll(share);
    else
        announcePending();
    if (!guard.isAlive())
        return;
    delivering = false;
    if (arrivedMeanwhile)
        scheduleTurnEnd();
}

void MessageChannelPrivate::deliverAll(qint64 share)
{
    const Guard guard(*this);
    while (deliversNow() && fetch(share)) {
        ++deliveries;
        pendingTold = false;
        Q_EMIT q->messageReceived(decoder.takeMessage());
        if (!guard.isAlive())
            return;
    }
    if (!deliversNow())
        scheduleTurnEnd(); // a slot has changed its mind
}

void MessageChannelPrivate::announcePending()
{
    qint64 share = Share;
    if (pendingTold || !fetch(share))
        return;
    pendingTold = true;
    Q_EMIT q->messagesPending();
}

void MessageChannelPrivate::setFormat(const FrameFormat &format)
{
    const FrameFormat &old = decoder.format();
    const bool anew = format.framing != old.framing || format.byteOrder != old.byteOrder || format.lineEnding != old.lineEnding;
    if (anew && !failed) {
        // What has been taken of the frame at hand, or is a message that nobody has received, is read again in the new way.
        const QByteArray frame = decoder.takeFrame();
        if (!frame.isEmpty()) {
            ahead = frame + ahead.sliced(aheadAt);
            aheadAt = 0;
        }
        pendingTold = false;
        scheduleTurnEnd();
    }
    decoder.setFormat(format);
}

bool MessageChannelPrivate::waitForMessage(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    const quint32 before = deliveries;
    constexpr int MostRounds = 8;
    int rounds = 0;
    bool deviceWaits = true;
    for (;;) {
        // Within a slot of messageReceived() the next message is taken by hand.
        if (!delivering) {
            cancelTurnEnd();
            shareUsedUp = false;
            turnEnded();
            if (!guard.isAlive())
                return false;
        }
        if (deliveries != before || ((delivering || !deliversNow()) && fetchAll()))
            return true;
        if (!isOpen()) {
            if (!delivering)
                tell();
            return false;
        }
        // Goes on with what is there already, and with what slots have changed; but a slot that brings about its own next
        // call must not keep it here.
        if (isScheduled() && !delivering && (shareUsedUp || ++rounds < MostRounds))
            continue;
        rounds = 0;
        if (!deviceWaits || !read)
            return false;
        deviceWaits = read->waitForReadyRead(deadline.isForever() ? -1 : int(std::min<qint64>(deadline.remainingTime(), std::numeric_limits<int>::max())));
        if (!guard.isAlive())
            return false;
    }
}

// ---- Sending

bool MessageChannelPrivate::send(QByteArrayView message, const QByteArray *whole)
{
    if (failed)
        return false; // error() says why
    if (const auto flaw = flawOf(decoder.format(), message))
        return refuse(flaw->error, flaw->text);
    if (!write)
        return refuse(MessageChannel::DeviceError, MessageChannel::tr("send: there is no device to write to"));
    if (!write->isWritable())
        return refuse(MessageChannel::DeviceError, MessageChannel::tr("send: the device is not open for writing"));
    const Guard guard(*this);
    if (!writing && !backlog.isEmpty())
        outputTaken();
    if (!guard.isAlive())
        return false;
    if (writeBroken)
        return refuse(MessageChannel::DeviceError, MessageChannel::tr("send: an earlier message could not be written to its end"));
    if (isCongested()) {
        congestionUntold = true; // in a slot that the device calls while it takes one, nobody has been told yet
        return refuse(MessageChannel::CongestedError, MessageChannel::tr("send: the device has not taken the message before yet"));
    }

    const FrameHead head = frameHead(decoder.format(), message.size());
    const QByteArrayView tail = frameTail(decoder.format());
    // What belongs together leaves together: a head alone, as the first write of a turn, would be a system call of its own
    // and would wake the peer for nothing. Worth a copy of this size, but not of the whole message.
    constexpr qsizetype JoinedSize = 8 * 1024;
    const QByteArrayView start = message.first(std::min(message.size(), JoinedSize));
    QVarLengthArray<char, JoinedSize + 64> joined;
    joined.append(head.data(), head.size());
    joined.append(start.data(), start.size());
    if (start.size() == message.size())
        joined.append(tail.data(), tail.size());
    const QByteArrayView first(joined.data(), joined.size());
    if (start.size() == message.size())
        return writePieces(&first, 1);
    const std::array<QByteArrayView, 3> pieces{first, message.sliced(start.size()), tail};
    return writePieces(pieces.data(), int(pieces.size()), whole);
}

bool MessageChannelPrivate::writePieces(const QByteArrayView *pieces, int count, const QByteArray *whole)
{
    const Guard guard(*this);
    bool begun = false;
    for (int i = 0; i < count; ++i) {
        const QByteArrayView piece = pieces[i];
        if (piece.isEmpty())
            continue;
        const QPointer<QIODevice> device = write;
        StreamDevice *const stream = writeStream;
        writing = true;
        if (stream)
            StreamDevicePrivate::get(stream)->offered = whole;
        const qint64 taken = device->write(piece.data(), piece.size());
        if (stream && device)
            StreamDevicePrivate::get(stream)->offered = nullptr;
        if (!guard.isAlive())
            return false;
        writing = false;
        if (device != write) // it calls slots from inside, and one of those has set another
            return refuse(MessageChannel::DeviceError, MessageChannel::tr("send: the channel was given another device meanwhile"));
        begun = begun || taken > 0;
        if (taken < 0 || !write || (taken < piece.size() && !write->isWritable())) {
            writeBroken = begun;
            return refuse(MessageChannel::DeviceError, MessageChannel::tr("send: %1").arg(write ? write->errorString() : QString()));
        }
        if (taken < piece.size()) {
            // The rest is kept, for no other frame may come between.
            backlog = piece.sliced(qsizetype(taken)).toByteArray();
            while (++i < count)
                backlog.append(pieces[i]);
            backlogAt = 0;
            congestionUntold = true;
            backlogConnection = writeStream ? StreamDevicePrivate::get(writeStream)->generation : 0;
            scheduleTurnEnd();
        }
    }
    return true;
}

bool MessageChannelPrivate::isSameConnection() const
{
    return !writeStream || StreamDevicePrivate::get(writeStream)->generation == backlogConnection;
}

void MessageChannelPrivate::outputTaken()
{
    if (writing || backlog.isEmpty() || !write)
        return;
    const Guard guard(*this);
    qint64 taken = -1;
    if (isSameConnection() && write->isWritable()) {
        const QByteArray bytes = backlog; // stays while the device is asked, whatever its slots do
        writing = true;
        taken = write->write(bytes.constData() + backlogAt, backlogSize());
        if (!guard.isAlive())
            return;
        writing = false;
        if (backlog.isEmpty()) // the device was closed or exchanged from inside, which has told what there is to tell
            return;
    }
    if (taken < 0) {
        writeBroken = true;
        refuse(MessageChannel::DeviceError,
               MessageChannel::tr("send: a message could not be written to its end: %1").arg(write ? write->errorString() : QString()));
        taken = backlogSize();
    }
    backlogAt += qsizetype(taken);
    if (backlogAt == backlog.size()) {
        backlog.clear();
        backlogAt = 0;
        scheduleTurnEnd();
    }
}

// Half a frame must not stay behind for whoever writes to the device next.
void MessageChannelPrivate::releaseBacklog()
{
    if (!backlog.isEmpty() && !writing && write && isSameConnection() && write->isWritable()) {
        // Our own streams take it against their limit.
        StreamDevicePrivate *const stream = writeStream ? StreamDevicePrivate::get(writeStream) : nullptr;
        const qint64 limit = stream ? std::exchange(stream->writeLimit, 0) : 0;
        write->write(backlog.constData() + backlogAt, backlogSize());
        if (stream)
            stream->writeLimit = limit;
    }
    backlog.clear();
    backlogAt = 0;
}

// ---- Errors, and what is told at the end of a turn

void MessageChannelPrivate::setError(MessageChannel::Error code, const QString &text, int native)
{
    error = code;
    nativeError = native;
    errorText = text;
    errorUntold = true;
    scheduleTurnEnd();
}

bool MessageChannelPrivate::refuse(MessageChannel::Error code, const QString &text)
{
    if (!failed) // what has ended it stays
        setError(code, text, code == MessageChannel::DeviceError && writeStream ? writeStream->nativeError() : 0);
    return false;
}

void MessageChannelPrivate::fail(MessageChannel::Error code, const QString &text, int native)
{
    setError(code, text, native);
    failed = true;
    ahead.clear();
    aheadAt = 0;
}

void MessageChannelPrivate::turnEnded()
{
    const Guard guard(*this);
    deliver();
    if (guard.isAlive())
        tell();
}

void MessageChannelPrivate::tell()
{
    const Guard guard(*this);
    if (std::exchange(devicesUntold, false)) {
        Q_EMIT q->devicesChanged();
        if (!guard.isAlive())
            return;
    }
    // Also if it is over by now: a producer whose message was refused waits to be told of the end of it.
    if (std::exchange(congestionUntold, false) && !congestionTold) {
        congestionTold = true;
        Q_EMIT q->congestedChanged(true);
        if (!guard.isAlive())
            return;
    }
    if (congestionTold && !isCongested()) {
        congestionTold = false;
        Q_EMIT q->congestedChanged(false);
        if (!guard.isAlive())
            return;
    }
    if (delivering) // the end comes after the last message
        return;
    if (std::exchange(errorUntold, false)) {
        Q_EMIT q->errorOccurred(error);
        if (!guard.isAlive())
            return;
    }
    if (std::exchange(finishedUntold, false)) {
        Q_EMIT q->finished();
        if (!guard.isAlive())
            return;
    }
    if (openTold != isOpen())
        Q_EMIT q->openChanged(openTold = isOpen());
}

QEvent::Type MessageChannelPrivate::resumeEventType()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

void MessageChannelPrivate::threadChanging()
{
    cancelTurnEnd();
    // If this is a slot of ours, whoever called it must not touch again what is another thread's from here on.
    cutGuards();
    delivering = writing = false;
    QCoreApplication::postEvent(q, new QEvent(resumeEventType()));
}

} // namespace InterprocessQt
