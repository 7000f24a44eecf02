// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BLOCKINGIO_P_H
#define INTERPROCESSQT_BLOCKINGIO_P_H

#include "blockingthread_p.h"
#include "pipeend_p.h"
#include "stream/streamio_p.h"

namespace InterprocessQt
{

// A stream whose handle was not opened for overlapped operations, in one direction.
class BlockingIo : public StreamIo, public PipeEnd, private BlockingThread::Client
{
public:
    void detach() override;
    bool attach() override;
    bool isOurs() const override;
    qintptr handle() const override;
    NativeHandle release() override;

protected:
    BlockingIo(std::unique_ptr<BlockingDevice> device, BlockingThread::Purpose purpose, StreamIoClient &client);

    BlockingThread m_thread;

private:
    void callEnded() override;

    StreamIoClient &m_client;
    const BlockingThread::Purpose m_purpose;
};

/*
 * As with PipeStreamIo a read is under way as long as somebody wants to read, into a buffer of its own: so up to
 * BlockingThread::BlockSize bytes can be here that nobody has asked for.
 */
class BlockingReadIo final : public BlockingIo
{
public:
    BlockingReadIo(std::unique_ptr<BlockingDevice> device, StreamIoClient &client);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    qint64 readAhead() override;
    void setInterest(IoReadiness interest) override;
    int closeWriting() override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;

private:
    void begin();

    DWORD m_taken = 0; // of what the last call has brought
    bool m_wanted = false;
};

// A write is under way until it has ended, however long that takes; what it writes stays in the queue until then.
class BlockingWriteIo final : public BlockingIo
{
public:
    BlockingWriteIo(std::unique_ptr<BlockingDevice> device, StreamIoClient &client);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    void setInterest(IoReadiness interest) override;
    int closeWriting() override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;
};

} // namespace InterprocessQt

#endif
