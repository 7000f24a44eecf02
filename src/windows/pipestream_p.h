// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPESTREAM_P_H
#define INTERPROCESSQT_PIPESTREAM_P_H

#include "overlapped_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/NativeHandle.h>

#include <memory>

namespace InterprocessQt
{

// The peer has closed its end, or the server has taken ours away; everything that came before has been read.
[[nodiscard]] constexpr bool isEndOfPipe(DWORD error) noexcept
{
    return error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED || error == ERROR_NO_DATA;
}

/*
 * A pipe whose handle was opened for overlapped operations, as a stream of bytes.
 *
 * Windows tells of the end of an operation and not of readiness, so that one has to be under way all the time: as long as
 * somebody wants to read, a read of up to BlockSize bytes is, into a buffer of its own; "readable" is that it has ended. So up
 * to BlockSize bytes can be here that nobody has asked for: what a full read buffer stops is the next read.
 *
 * A write is under way from the moment in which the pipe has no room for it until the peer has read enough. Its bytes are those
 * at the head of the caller's queue, and leave it when the write has ended, so that bytesWritten() means that the system has
 * them: it keeps them for the peer even if this process ends.
 */
class PipeStreamIo : public StreamIo, private Overlapped::Client
{
public:
    static constexpr DWORD BlockSize = 64 * 1024;
    // Whether other processes have the same open pipe, of which nothing may be changed then that they would see.
    enum class Sharing {
        None,
        Possible,
    };

    PipeStreamIo(NativeHandle handle, StreamIoClient &client, Sharing sharing = Sharing::None);
    ~PipeStreamIo() override;

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    qint64 readAhead() override;
    void setInterest(IoReadiness interest) override;
    int closeWriting() override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;
    void detach() override;
    bool attach() override;
    bool isOurs() const override;
    qintptr handle() const override;

    // Leaves the event loop and hands the handle over; nothing but the end can come after that. What has been read ahead and
    // not been asked for is lost.
    [[nodiscard]] NativeHandle release();

protected:
    void beginRead(); // into the buffer, unless one is under way
    [[nodiscard]] HANDLE pipe() const noexcept
    {
        return sys::native(m_handle.get());
    }

private:
    void operationEnded(Overlapped &operation) override;
    [[nodiscard]] bool collectRead();
    void endRead();
    void beginWrite(DWORD size);

    StreamIoClient &m_client;
    NativeHandle m_handle;

protected:
    // Before the operations that use them. Most streams are idle most of the time, but for the read that is always under way.
    std::unique_ptr<char[]> m_inputBuffer;
    std::unique_ptr<char[]> m_outputBuffer;
    Overlapped m_reading;
    Overlapped m_writing;
    IoReadiness m_interest;

private:
    // What a read that has ended has brought: it is kept, and counts as ended, until all of that has been taken.
    DWORD m_inputBegin = 0;
    DWORD m_inputEnd = 0;
    DWORD m_inputError = sys::NoError;
    bool m_inputCollected = false;
};

} // namespace InterprocessQt

#endif
