// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEENDIO_P_H
#define INTERPROCESSQT_PIPEENDIO_P_H

#include "pipeend_p.h"
#include "pipestream_p.h"

namespace InterprocessQt
{

/*
 * The reading end of a pipe that was opened for overlapped operations.
 *
 * Unlike PipeStreamIo it reads nothing that nobody has asked for, so that the handle can be given away: what is under way is a read
 * of no bytes, which ends when there are some (so does libuv watch its pipes), and then they are read right into the queue.
 */
class PipeReadIo final : public StreamIo, public PipeEnd, private Overlapped::Client
{
public:
    PipeReadIo(NativeHandle handle, PipeStreamIo::Sharing sharing, StreamIoClient &client);

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
    NativeHandle release() override;

private:
    void operationEnded(Overlapped &operation) override;
    void beginWait();
    [[nodiscard]] DWORD readNow(ByteQueue &queue, qint64 limit, DWORD &bytes, bool &isDrained);
    [[nodiscard]] HANDLE pipe() const noexcept
    {
        return sys::native(m_handle.get());
    }

    StreamIoClient &m_client;
    NativeHandle m_handle;
    Overlapped m_waiting;
    Overlapped m_reading; // never longer than a call of ours
    bool m_wanted = false;
};

// The writing end of such a pipe.
class PipeWriteIo final : public PipeStreamIo, public PipeEnd
{
public:
    PipeWriteIo(NativeHandle handle, Sharing sharing, StreamIoClient &client);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    int closeWriting() override;
    NativeHandle release() override;
};

} // namespace InterprocessQt

#endif
