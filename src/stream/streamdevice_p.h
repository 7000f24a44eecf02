// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_STREAMDEVICE_P_H
#define INTERPROCESSQT_STREAMDEVICE_P_H

#include "bytequeue_p.h"
#include "error_p.h"
#include "lifeguard_p.h"
#include "streamio_p.h"
#include "turnqueue_p.h"

#include <InterprocessQt/StreamDevice.h>

#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>

#include <chrono>
#include <initializer_list>
#include <memory>

namespace InterprocessQt
{

// Of a time-out as the public functions take it: negative, or longer than any process runs, is for ever.
[[nodiscard]] inline QDeadlineTimer deadlineOf(std::chrono::milliseconds timeout)
{
    using namespace std::chrono_literals;
    return timeout < 0ms || timeout > std::chrono::hours(24 * 365 * 100) ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout);
}

/*
 * The engine of every byte stream: moves bytes between the platform's StreamIo and the two queues, and decides when to
 * write, when to stop reading and when to tell. What a finished or broken stream means is up to the class derived
 * from it (LocalSocketPrivate, …), through the virtual functions.
 */
class StreamDevicePrivate : public Life, public StreamIoClient, public TurnClient
{
public:
    explicit StreamDevicePrivate() = default;
    ~StreamDevicePrivate() override;

    static StreamDevicePrivate *get(const StreamDevice *device)
    {
        return device->d.get();
    }

    // From the public class
    qint64 acceptWrite(const char *data, qint64 size);
    // Does a write only join what is gathered already in this turn? Nothing else is to be done then.
    [[nodiscard]] bool gathers(qint64 size) const
    {
        return size > 0 && isScheduled() && !output.isEmpty() && output.size() + size < WriteAtOnce && writeLimit == 0 && !writeClosing && !writeBroken
            && acceptsWrites();
    }
    // So much goes to the kernel at once instead of waiting for the end of the turn: the peer works meanwhile.
    static constexpr qint64 WriteAtOnce = ByteQueue::ChunkSize;
    // Answers up to this size wait until the slot is back, should there be more of them: copying them is cheaper than a
    // system call for each.
    static constexpr qint64 SmallAnswer = 2048;
    void dataTaken(); // after the user has read: goes on reading if that had stopped
    // All of it or nothing, in order and never with anything in between; false if the limit leaves no room for it now.
    bool acceptWhole(std::initializer_list<QByteArrayView> pieces);
    bool flushNow();
    bool closeWriteChannel();
    virtual bool waitForReadyRead(QDeadlineTimer deadline);
    virtual bool waitForBytesWritten(QDeadlineTimer deadline);
    void setReadLimit(qint64 limit);
    void updateCongestion();
    [[nodiscard]] qint64 congestionMark() const;
    void threadChanging();
    void postAttach();
    void joinThread();

    // For derived classes
    void startIo(std::unique_ptr<StreamIo> newIo); // the stream is open: joins the event loop
    void stopIo(); // closes the stream and forgets what was not written
    virtual void discardInput();
    void closeQuietly(); // as if the device had never been open
    void updateInterest();
    [[nodiscard]] bool wantsInput() const;
    void resetFlags(); // for a new connection
    void tellReadFinished(); // once a connection
    void setError(const ErrorInfo &info);
    // Waits once for what the stream could do next, and does it. False: nothing happened before the deadline.
    bool waitAndWork(bool forReading, QDeadlineTimer deadline);

    void noteWritten(qint64 bytes);
    void writeResult(const IoResult &result);
    void finishClosingWrites();
    void emitBytesWritten();
    void setTimedOut(); // a wait was in vain: for who looks, nothing is emitted
    void settle(); // does now what is due at the end of the turn
    static QEvent::Type attachEventType();

    void ioReady(IoReadiness readiness) override;
    void turnEnded() override;

    // The peer will send no more, or will take no more; what came before has been delivered.
    virtual void inputFinished() = 0;
    virtual void streamFailed(const IoResult &result) = 0;
    // The write queue has run empty, or lost its reader.
    virtual void outputFinished()
    {
    }
    // At the end of a turn, before writing: whatever could not be told from inside a call.
    virtual void deliverPending()
    {
    }
    // Something has been read, or the end; nobody has been told yet.
    virtual void inputArrived()
    {
    }
    // What waited to be written will not be.
    virtual void outputDropped()
    {
    }
    // May the stream be written to, now or later?
    virtual bool acceptsWrites() const
    {
        return io != nullptr;
    }
    // Will there be more to read, now or later?
    bool expectsInput() const
    {
        return (io && !readFinished) || isConnecting();
    }
    // Can this side say that it is done, and go on reading?
    virtual bool canHalfClose() const
    {
        return true;
    }
    // It is in the event loop of its thread, for the first time or again.
    virtual void threadJoined()
    {
    }
    virtual bool isConnecting() const
    {
        return false;
    }
    [[nodiscard]] bool canWrite() const
    {
        return io && !blocked && !writeBroken;
    }

    StreamDevice *q = nullptr;
    std::unique_ptr<StreamIo> io;
    ByteQueue input;
    ByteQueue output;
    qint64 readLimit = 0;
    qint64 writeLimit = 0;
    qint64 writtenUntold = 0; // bytes the next bytesWritten() tells of
    const QByteArray *offered = nullptr; // what is being written is in it, and it may be kept instead of copied
    qint64 roomWanted = 0; // of the largest message that was refused, until the end of congestion
    int nativeError = 0;
    StreamDevice::Error error = StreamDevice::UnknownSocketError;
    quint32 arrivals = 0; // counts the reads that brought something
    quint32 writes = 0; // counts the writes that took something away
    quint32 generation = 0; // of connections: told apart from the next one after a slot has run

    int writeError = 0; // why writeBroken
    IoResult untoldEnd; // of the input, Done if there is none: seen, and to be told after what came before it
    bool blocked = false; // the kernel takes no more for now
    bool wroteThisTurn = false;
    bool readFinishedTold = false;
    bool readFinished = false; // end of stream was seen, or reading was ended by this side,
    bool readFinishedUntold = false; // which is to be told from the event loop
    bool writeClosing = false; // half-close asked for; done when the queue is empty
    bool writeClosed = false; // the peer was told that no more comes
    bool writeBroken = false; // the peer takes no more
    bool halfOpenAllowed = false;
    bool congested = false;
    bool congestionTold = false;
    bool emittingReadyRead = false;
    bool arrivedMeanwhile = false;
    bool emittingBytesWritten = false;
    bool tellingEnd = false; // signals tell, one after the other, that a connection has ended
    bool answering = false; // readyRead() is being emitted from the event loop: what is written goes out right after it
    bool discardsInput = false; // closed by us and lingering: what comes is of no interest
    bool inputPaused = false; // something else than the read buffer is full
    bool attachPending = false;
    bool interrupted = false; // a function of ours did not come to its end, since a slot moved the object to this thread

private:
    void readTurn();
    void tellEnd();
    bool writeTurn();
    void emitReadyRead();
    [[nodiscard]] qint64 inputRoom() const;
    void keep(const char *data, qint64 size);
};

} // namespace InterprocessQt

#endif
