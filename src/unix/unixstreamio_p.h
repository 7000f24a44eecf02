// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXSTREAMIO_P_H
#define INTERPROCESSQT_UNIXSTREAMIO_P_H

#include "reactor_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/NativeHandle.h>

namespace InterprocessQt
{

// A connected Unix domain stream socket.
class UnixStreamIo : public StreamIo
{
public:
    UnixStreamIo(NativeHandle descriptor, StreamIoClient &client);

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

private:
    [[nodiscard]] int fd() const noexcept
    {
        return int(m_descriptor.get());
    }
    void widenSendBuffer();
    [[nodiscard]] IoResult writeFailed(qint64 bytes);

    NativeHandle m_descriptor;
    Watch m_watch; // after the descriptor: leaves the event loop before it is closed
    unsigned m_forkGeneration;
    bool m_sendBufferWidened = false;
};

} // namespace InterprocessQt

#endif
