// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "streamdevice_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qthread.h>

#include <limits>

namespace InterprocessQt
{

QEvent::Type StreamDevicePrivate::attachEventType()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

namespace
{
// What one stream may read before others, and the user interface, get their turn.
constexpr qint64 ReadShare = 4 * ByteQueue::ChunkSize;
// Where a producer is told to pause if no limit is set.
constexpr qint64 DefaultCongestionMark = 1024 * 1024;
} // namespace

StreamDevicePrivate::~StreamDevicePrivate() = default;

// ---- Opening and closing

void StreamDevicePrivate::startIo(std::unique_ptr<StreamIo> newIo)
{
    io = std::move(newIo);
    joinThread();
}

void StreamDevicePrivate::resetFlags()
{
    untoldEnd = {};
    blocked = wroteThisTurn = answering = readFinished = readFinishedTold = readFinishedUntold = false;
    writeClosing = writeClosed = writeBroken = discardsInput = false;
}

void StreamDevicePrivate::stopIo()
{
    ++generation;
    io.reset();
    output.clear();
    outputDropped();
    writtenUntold = 0;
    untoldEnd = {};
    blocked = wroteThisTurn = false;
    cancelTurnEnd();
    if (congested)
        scheduleTurnEnd(); // to tell that it is over
}

void StreamDevicePrivate::discardInput()
{
    input.clear();
    arrivedMeanwhile = false;
}

void StreamDevicePrivate::closeQuietly()
{
    q->setOpenMode(QIODevice::NotOpen);
}

void StreamDevicePrivate::setError(const ErrorInfo &info)
{
    error = info.code;
    nativeError = info.native;
    q->setErrorString(info.text);
}

void StreamDevicePrivate::joinThread()
{
    attachPending = false;
    if (io && !io->attach()) {
        // No event loop in this thread yet: the event waits until there is one.
        postAttach();
        return;
    }
    updateInterest();
    threadJoined();
}

void StreamDevicePrivate::postAttach()
{
    if (attachPending)
        return;
    attachPending = true;
    QCoreApplication::postEvent(q, new QEvent(attachEventType()), Qt::HighEventPriority);
}

void StreamDevicePrivate::threadChanging()
{
    cancelTurnEnd();
    if (io)
        io->detach();
    // If this is a slot of ours, whoever called it must not touch again what is another thread's from here on. What was
    // left to do is done there, at the end of its first turn.
    interrupted = cutGuards() || interrupted;
    emittingReadyRead = arrivedMeanwhile = emittingBytesWritten = answering = tellingEnd = false;
    // Posted events move with the object: this is the first thing that happens in the new thread.
    postAttach();
}

// ---- Reading

bool StreamDevicePrivate::wantsInput() const
{
    return io && !readFinished && !inputPaused && inputRoom() > 0;
}

qint64 StreamDevicePrivate::inputRoom() const
{
    if (readLimit <= 0 || discardsInput)
        return std::numeric_limits<qint64>::max();
    // What QIODevice keeps for a peek(), an ungetChar() or a transaction does not count: it does not tell when that is read.
    return readLimit - input.size();
}

void StreamDevicePrivate::updateInterest()
{
    if (io)
        io->setInterest({wantsInput(), blocked});
}

void StreamDevicePrivate::setReadLimit(qint64 limit)
{
    readLimit = limit;
    updateInterest();
}

void StreamDevicePrivate::dataTaken()
{
    if (readLimit > 0)
        updateInterest();
}

void StreamDevicePrivate::ioReady(IoReadiness readiness)
{
    const Guard guard(*this);
    const quint32 current = generation;
    if (readiness.writable) {
        writeTurn();
        if (!guard.isAlive() || generation != current)
            return;
    }
    if (!readiness.readable)
        return;
    const bool outermost = !std::exchange(answering, true);
    readTurn();
    if (!guard.isAlive())
        return;
    if (outermost)
        answering = false;
    if (generation == current && canWrite() && !output.isEmpty())
        writeTurn();
}

void StreamDevicePrivate::readTurn()
{
    if (!wantsInput()) {
        updateInterest();
        return;
    }
    const Guard guard(*this);
    const quint32 current = generation;

    IoResult result;
    qint64 share = ReadShare;
    do {
        // A chunk at a time, so that a user who takes each has it in one piece, and still in the cache.
        result = io->read(input, qMin<qint64>(inputRoom(), ByteQueue::ChunkSize));
        share -= result.bytes;
        if (result.status == IoResult::EndOfStream || result.status == IoResult::Failed) {
            readFinished = true;
            untoldEnd = result;
        }
        inputArrived();
        if (readFinished || readLimit > 0 || inputPaused)
            updateInterest();

        if (result.bytes > 0) {
            if (discardsInput || !q->isReadable()) {
                discardInput();
            } else {
                ++arrivals;
                if (readFinished)
                    scheduleTurnEnd(); // a slot that waits for the end in an event loop of its own is told there
                emitReadyRead();
                if (!guard.isAlive())
                    return;
                input.compact();
            }
        }
    } while (result.status == IoResult::Done && share > 0 && generation == current && wantsInput() && q->thread() == QThread::currentThread());
    if (generation == current)
        tellEnd();
}

void StreamDevicePrivate::tellEnd()
{
    // What was read comes first; the end is told when it has been, by whoever comes to it first: an event loop in a slot of
    // readyRead() may have seen it meanwhile.
    if (untoldEnd.status == IoResult::Done)
        return;
    const IoResult end = std::exchange(untoldEnd, {});
    if (end.status == IoResult::EndOfStream)
        inputFinished();
    else
        streamFailed(end);
}

void StreamDevicePrivate::tellReadFinished()
{
    if (!std::exchange(readFinishedTold, true))
        Q_EMIT q->readChannelFinished();
}

void StreamDevicePrivate::emitReadyRead()
{
    // As everywhere in Qt, never from inside itself. What a nested event loop brings is told when the slot is back.
    if (emittingReadyRead) {
        arrivedMeanwhile = true;
        return;
    }
    const Guard guard(*this);
    do {
        emittingReadyRead = true;
        arrivedMeanwhile = false;
        Q_EMIT q->readyRead();
        if (!guard.isAlive())
            return;
        emittingReadyRead = false;
    } while (arrivedMeanwhile && q->bytesAvailable() > 0);
}

// ---- Writing

qint64 StreamDevicePrivate::acceptWrite(const char *data, qint64 size)
{
    qint64 accepted = 0;
    // The first of a turn goes out at once, for the sake of latency; what follows is gathered, for throughput.
    const bool gathered = wroteThisTurn || (answering && size <= SmallAnswer);
    if (canWrite() && output.isEmpty() && (!gathered || size >= WriteAtOnce)) {
        wroteThisTurn = true;
        io->claimLimit = writeLimit > 0 ? writeLimit : std::numeric_limits<qint64>::max();
        const IoResult result = io->write(data, size);
        accepted = result.bytes;
        noteWritten(result.bytes);
        writeResult(result);
    }
    qint64 rest = size - accepted;
    if (writeLimit > 0)
        rest = qMin(rest, qMax<qint64>(0, writeLimit - output.size()));
    keep(data + accepted, rest);
    accepted += rest;
    // At once: a producer that asks before each write must not have to come back to the event loop to be told.
    congested = congested || output.size() >= congestionMark();

    if (canWrite() && output.size() >= WriteAtOnce)
        writeTurn();
    scheduleTurnEnd();
    return accepted;
}

void StreamDevicePrivate::keep(const char *data, qint64 size)
{
    // Whoever reimplements writeData() may come with other bytes than those that were offered.
    const char *const end = offered ? offered->constData() + offered->size() : nullptr;
    if (offered && data >= offered->constData() && data + size == end)
        output.append(*offered, qsizetype(data - offered->constData()));
    else
        output.append(data, size);
}

bool StreamDevicePrivate::acceptWhole(std::initializer_list<QByteArrayView> pieces)
{
    qint64 size = 0;
    for (const QByteArrayView piece : pieces)
        size += piece.size();
    // What is larger than the limit can only go when nothing else waits.
    if (writeLimit > 0 && !output.isEmpty() && output.size() + size > writeLimit) {
        congested = true;
        roomWanted = qMax(roomWanted, size);
        scheduleTurnEnd();
        return false;
    }
    for (const QByteArrayView piece : pieces) {
        if (!piece.isEmpty()) // its address may be null then, which is nothing to copy from
            output.append(piece.data(), piece.size());
    }
    congested = congested || output.size() >= congestionMark();
    if (canWrite() && ((!wroteThisTurn && !(answering && size <= SmallAnswer)) || output.size() >= WriteAtOnce))
        writeTurn();
    scheduleTurnEnd();
    return true;
}

void StreamDevicePrivate::noteWritten(qint64 bytes)
{
    writtenUntold += bytes;
    if (bytes > 0)
        ++writes;
}

void StreamDevicePrivate::writeResult(const IoResult &result)
{
    if (result.status == IoResult::WouldBlock) {
        if (!blocked) {
            blocked = true;
            updateInterest();
        }
    } else if (result.status == IoResult::Failed) {
        // The peer takes no more. What it sent before it went is still to be read: the end of that tells of the end
        // of the connection. Until then nothing is written.
        writeBroken = true;
        blocked = false;
        writeError = result.error;
        updateInterest();
    }
}

bool StreamDevicePrivate::writeTurn()
{
    if (!io || output.isEmpty() || writeBroken) {
        if (blocked) {
            blocked = false;
            updateInterest();
        }
        return false;
    }
    const bool wasBlocked = std::exchange(blocked, false);
    const qint64 before = output.size();
    const IoResult result = io->write(output);
    noteWritten(result.bytes);
    wroteThisTurn = true;
    if (result.status == IoResult::WouldBlock) {
        blocked = true;
        if (!wasBlocked)
            updateInterest();
    } else {
        if (result.status == IoResult::Failed)
            writeResult(result);
        else if (wasBlocked)
            updateInterest();
    }
    scheduleTurnEnd();
    return output.size() != before;
}

void StreamDevicePrivate::turnEnded()
{
    const Guard guard(*this);
    const quint32 current = generation;
    deliverPending();
    if (!guard.isAlive())
        return;
    if (generation == current && canWrite()) {
        const bool wanted = isScheduled();
        writeTurn();
        if (!wanted)
            cancelTurnEnd(); // this is the end of the turn that writeTurn() has asked for
    }
    wroteThisTurn = false;

    emitBytesWritten();
    if (!guard.isAlive())
        return;
    updateCongestion();
    if (!guard.isAlive() || generation != current)
        return;
    if (std::exchange(readFinishedUntold, false))
        tellReadFinished();
    if (!guard.isAlive() || generation != current)
        return;
    tellEnd();
    if (!guard.isAlive() || generation != current)
        return;

    if (writeBroken) {
        // What the peer sent before it went is still to be read, and its end tells of the end of the connection.
        readTurn();
        if (guard.isAlive() && generation == current)
            outputFinished();
    } else if (output.isEmpty() && io) {
        finishClosingWrites();
        outputFinished();
    } else if (canWrite()) {
        scheduleTurnEnd(); // its share of this turn is used up, not the room in the kernel
    }
}

void StreamDevicePrivate::emitBytesWritten()
{
    if (emittingBytesWritten || writtenUntold == 0)
        return;
    const Guard guard(*this);
    emittingBytesWritten = true;
    Q_EMIT q->bytesWritten(std::exchange(writtenUntold, 0));
    if (!guard.isAlive())
        return;
    emittingBytesWritten = false;
    if (writtenUntold > 0)
        scheduleTurnEnd();
}

qint64 StreamDevicePrivate::congestionMark() const
{
    return writeLimit > 0 ? writeLimit : DefaultCongestionMark;
}

void StreamDevicePrivate::updateCongestion()
{
    const Guard guard(*this);
    congested = congested || output.size() >= congestionMark();
    if (congested && !congestionTold) {
        // Also if it is over by now: a producer that saw it and paused waits to be told of its end.
        congestionTold = true;
        Q_EMIT q->congestedChanged(true);
        if (!guard.isAlive())
            return;
    }
    // Half-way down before it is over, so that producers do not start and stop at every chunk; and not before there is room
    // for what was refused, or it would be tried again in vain at every turn.
    const qint64 enough = writeLimit > 0 ? qMin(writeLimit / 2, qMax<qint64>(0, writeLimit - roomWanted)) : congestionMark() / 2;
    if (congestionTold && output.size() <= enough) {
        congested = congestionTold = false;
        roomWanted = 0;
        Q_EMIT q->congestedChanged(false);
    }
}

bool StreamDevicePrivate::flushNow()
{
    return canWrite() && writeTurn();
}

bool StreamDevicePrivate::closeWriteChannel()
{
    if (writeClosing || writeClosed)
        return true;
    if (!acceptsWrites() || !canHalfClose())
        return false;
    writeClosing = true;
    scheduleTurnEnd();
    return true;
}

void StreamDevicePrivate::finishClosingWrites()
{
    if (!writeClosing || writeClosed)
        return;
    writeClosed = true;
    const int failed = io->closeWriting();
    if (failed == 0)
        return;
    // Some systems refuse it when the peer has gone (ENOTCONN on macOS), who then has nothing to be told: its end is next.
    if (errorFromNative(failed) == StreamDevice::PeerClosedError && (readFinished || io->wait({true, false}, QDeadlineTimer(0)).readable))
        return;
    // The peer does not get to see an end, so this is none.
    writeClosed = false;
    writeBroken = true;
    writeError = failed;
    scheduleTurnEnd();
}

// ---- Waiting without an event loop

bool StreamDevicePrivate::waitAndWork(bool forReading, QDeadlineTimer deadline)
{
    const IoReadiness what{forReading && wantsInput(), blocked || (canWrite() && !output.isEmpty())};
    if (!what.readable && !what.writable)
        return false; // the read buffer is full: nothing can happen until somebody reads
    const IoReadiness ready = io->wait(what, deadline);
    if (!ready.readable && !ready.writable) {
        setTimedOut();
        return false;
    }
    ioReady(ready);
    return true;
}

void StreamDevicePrivate::setTimedOut()
{
    setError({StreamDevice::SocketTimeoutError, 0, StreamDevice::tr("The wait has timed out")});
}

void StreamDevicePrivate::settle()
{
    cancelTurnEnd();
    turnEnded();
}

bool StreamDevicePrivate::waitForReadyRead(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    const quint32 before = arrivals;
    settle();
    while (guard.isAlive() && arrivals == before && wantsInput()) {
        if (!waitAndWork(true, deadline))
            break;
        if (guard.isAlive())
            settle();
    }
    return guard.isAlive() && arrivals != before;
}

bool StreamDevicePrivate::waitForBytesWritten(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    const quint32 current = generation;
    const bool untold = writtenUntold > 0; // bytes that left before, but of which nobody knows yet
    const quint32 before = writes;
    for (;;) {
        flushNow();
        settle();
        if (!guard.isAlive())
            return false;
        const bool written = untold || writes != before;
        if (written || generation != current || !io || output.isEmpty() || writeBroken)
            return written;
        // Reading goes on meanwhile: a peer that waits for its own writes would otherwise never get to ours.
        if (!waitAndWork(true, deadline) || !guard.isAlive() || generation != current)
            return false;
    }
}

} // namespace InterprocessQt
