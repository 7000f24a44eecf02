// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXSTREAMIO_P_H
#define INTERPROCESSQT_UNIXSTREAMIO_P_H

#include "reactor_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/NativeHandle.h>

#include <sys/uio.h>

#include <memory>

class QTimer;

namespace InterprocessQt
{

// A connected Unix domain stream socket.
class UnixStreamIo : public StreamIo
{
public:
    UnixStreamIo(NativeHandle descriptor, StreamIoClient &client);
    ~UnixStreamIo() override;

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    void setInterest(IoReadiness interest) override;
    int closeWriting() override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;
    void detach() override;
    bool attach() override;
    bool isOurs() const override;
    qintptr handle() const override;

    // The size of the kernel's buffer for sending has been chosen.
    void keepSendBuffer() noexcept
    {
        m_sendBufferWidened = true;
    }
    // Leaves the event loop and hands the descriptor over; nothing but the end can come after that.
    [[nodiscard]] NativeHandle release();

protected:
    [[nodiscard]] int fd() const noexcept
    {
        return int(m_descriptor.get());
    }
    // The first bytes of the queue, at most `limit`, as sendmsg() takes them; at most ByteQueue::MaxBlocks pieces.
    static int gather(const ByteQueue &queue, qint64 limit, iovec *pieces, qint64 &size);
    IoResult writeUpTo(ByteQueue &queue, qint64 limit);
    [[nodiscard]] IoResult writeFailed(qint64 bytes);

private:
    void widenSendBuffer();
    void starve();
    void applyInterest();

    NativeHandle m_descriptor;
    Watch m_watch; // after the descriptor: leaves the event loop before it is closed
    unsigned m_forkGeneration;
    IoReadiness m_interest;
    std::unique_ptr<QTimer> m_retry;
    bool m_starved = false; // the kernel was short of what writing needs
    bool m_sendBufferWidened = false;
};

} // namespace InterprocessQt

#endif
