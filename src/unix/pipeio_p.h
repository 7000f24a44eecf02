// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEIO_P_H
#define INTERPROCESSQT_PIPEIO_P_H

#include "reactor_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/NativeHandle.h>

#include <sys/uio.h>

namespace InterprocessQt
{

/*
 * One direction of a pipe, a FIFO, a terminal, a file or a socket.
 *
 * What others use, too, must not be made non-blocking, for they would find it so. Where there is no way to have a
 * descriptor of our own for the same thing, each call asks before whether it would block.
 */
class PipeIo : public StreamIo
{
public:
    enum class Access {
        NonBlocking, // the descriptor is
        Guarded, // it is not: ask before
        Socket, // it need not be: each call says so
    };
    PipeIo(NativeHandle descriptor, Access access, StreamIoClient &client);

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
    [[nodiscard]] NativeHandle release();

protected:
    [[nodiscard]] int fd() const noexcept
    {
        return int(m_descriptor.get());
    }
    // Goes on with another descriptor of the same kind, in the event loop if it was there.
    void replace(NativeHandle descriptor);
    [[nodiscard]] ssize_t writeSome(const iovec *pieces, int count);
    [[nodiscard]] IoResult writeFailed(qint64 bytes) const;

private:
    [[nodiscard]] ssize_t readSome(void *data, size_t size);
    [[nodiscard]] bool hasEnded(int error) const;
    void giveUpNoWait();
    [[nodiscard]] qint64 writeShare() const;

    NativeHandle m_descriptor;
    Watch m_watch; // after the descriptor: leaves the event loop before it is closed
    const Access m_access;
    bool m_canSayNoWait = true; // if it is guarded: the system takes that with each call, which is better
    size_t m_neverBlocks = 0; // so much, where it cannot
    unsigned m_forkGeneration;
};

} // namespace InterprocessQt

#endif
