// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_STREAMIO_P_H
#define INTERPROCESSQT_STREAMIO_P_H

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qglobal.h>

#include <limits>

namespace InterprocessQt
{
class ByteQueue;

struct IoResult {
    enum Status {
        Done, // all that was asked for; there may be more
        WouldBlock, // no more for now
        EndOfStream,
        Failed,
    };
    Status status = Done;
    qint64 bytes = 0; // moved before the status arose
    int error = 0; // native code, if Failed
    const char *operation = ""; // the system call that failed
    qint64 claimed = 0; // of bytes written directly: so many more are on their way, and have to become the first of the queue
};

struct IoReadiness {
    bool readable = false;
    bool writable = false;
};

// Who is told that a stream is ready. The call may destroy the stream.
class StreamIoClient
{
public:
    virtual void ioReady(IoReadiness readiness) = 0;

protected:
    ~StreamIoClient() = default;
};

// One open byte stream of the platform. Nothing here blocks but wait().
class StreamIo
{
public:
    StreamIo() = default;
    virtual ~StreamIo() = default;
    Q_DISABLE_COPY_MOVE(StreamIo)

    // Appends to the queue, until the stream is drained or `limit` bytes have come.
    virtual IoResult read(ByteQueue &queue, qint64 limit) = 0;
    virtual IoResult write(const char *data, qint64 size) = 0;
    // The most that may come as `claimed` from that.
    qint64 claimLimit = std::numeric_limits<qint64>::max();
    // Writes from the queue and takes off it what was written.
    virtual IoResult write(ByteQueue &queue) = 0;

    // How many bytes have been read that nobody has asked for, at least 1 if there is anything. No more are until the next call: for who
    // gives the handle away.
    [[nodiscard]] virtual qint64 readAhead()
    {
        return 0;
    }

    virtual void setInterest(IoReadiness interest) = 0;
    // Half-closes; 0 or a native error.
    virtual int closeWriting() = 0;

    // Until one of what is asked for is ready or the deadline is over; needs no event loop.
    virtual IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) = 0;

    // Leaves the event loop of the present thread, and joins that of the present thread again (false: it has none yet).
    virtual void detach() = 0;
    virtual bool attach() = 0;
    // False in a process that only inherited the stream by fork().
    [[nodiscard]] virtual bool isOurs() const = 0;
    [[nodiscard]] virtual qintptr handle() const = 0;
};

} // namespace InterprocessQt

#endif
