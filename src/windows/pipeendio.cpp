// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipeendio_p.h"

#include "stream/bytequeue_p.h"

#include <algorithm>
#include <utility>

namespace InterprocessQt
{

PipeReadIo::PipeReadIo(NativeHandle handle, PipeStreamIo::Sharing sharing, StreamIoClient &client)
    : m_client(client)
    , m_handle(std::move(handle))
    , m_waiting(*this)
    , m_reading(*this)
{
    if (sharing == PipeStreamIo::Sharing::None)
        Overlapped::setHandle(pipe());
}

void PipeReadIo::beginWait()
{
    static char nothing;
    if (!m_waiting.isBegun())
        m_waiting.started(pipe(), sys::readFile(pipe(), &nothing, 0, m_waiting.begin()));
}

// There is something to read, unless another reader of the same pipe was faster: that must not be waited for.
DWORD PipeReadIo::readNow(ByteQueue &queue, qint64 limit, DWORD &bytes, bool &isDrained)
{
    const ByteQueue::Space space = queue.reserve();
    const auto room = DWORD(std::min<qint64>({space.size, limit, 0x7fff'ffff}));
    m_reading.started(pipe(), sys::readFile(pipe(), space.data, room, m_reading.begin()));
    if (!m_reading.hasFinished())
        m_reading.cancel();
    const DWORD error = m_reading.finish(bytes);
    queue.commit(qsizetype(bytes));
    isDrained = bytes < room;
    return error;
}

IoResult PipeReadIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit) {
        beginWait();
        if (!m_waiting.hasFinished()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        DWORD bytes = 0;
        DWORD error = m_waiting.finish(bytes);
        bool isDrained = false;
        if (error == sys::NoError || error == ERROR_MORE_DATA) {
            error = readNow(queue, limit - result.bytes, bytes, isDrained);
            result.bytes += bytes;
        }
        if (isEndOfPipe(error))
            return {IoResult::EndOfStream, result.bytes, 0, ""};
        // Of a peer that writes messages, the rest of one; and what was cancelled, by us or with a thread that has ended.
        if (error != sys::NoError && error != ERROR_MORE_DATA && error != ERROR_OPERATION_ABORTED)
            return {IoResult::Failed, result.bytes, int(error), "ReadFile"};
        if (isDrained && error == sys::NoError) {
            result.status = IoResult::WouldBlock;
            break;
        }
    }
    if (m_wanted) {
        beginWait();
        m_waiting.setWatched(true);
    }
    return result;
}

IoResult PipeReadIo::write(const char *, qint64)
{
    return {IoResult::Failed, 0, ERROR_ACCESS_DENIED, "WriteFile"};
}

IoResult PipeReadIo::write(ByteQueue &)
{
    return {IoResult::Failed, 0, ERROR_ACCESS_DENIED, "WriteFile"};
}

void PipeReadIo::setInterest(IoReadiness interest)
{
    m_wanted = interest.readable;
    if (m_wanted)
        beginWait();
    m_waiting.setWatched(m_wanted);
}

void PipeReadIo::operationEnded(Overlapped &)
{
    m_client.ioReady({true, false});
}

int PipeReadIo::closeWriting()
{
    return ERROR_NOT_SUPPORTED;
}

IoReadiness PipeReadIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    if (!what.readable)
        return {};
    beginWait();
    return {m_waiting.hasFinished() || Overlapped::waitForAny({&m_waiting}, deadline), false};
}

void PipeReadIo::detach()
{
    m_waiting.detach();
}

bool PipeReadIo::attach()
{
    return m_waiting.attach();
}

bool PipeReadIo::isOurs() const
{
    return true; // there is no fork()
}

qintptr PipeReadIo::handle() const
{
    return m_handle.get();
}

NativeHandle PipeReadIo::release()
{
    detach();
    if (m_waiting.isBegun()) {
        DWORD bytes;
        m_waiting.cancel();
        m_waiting.finish(bytes);
    }
    return std::move(m_handle);
}

// ---- Writing

PipeWriteIo::PipeWriteIo(NativeHandle handle, Sharing sharing, StreamIoClient &client)
    : PipeStreamIo(std::move(handle), client, sharing)
{
}

IoResult PipeWriteIo::read(ByteQueue &, qint64)
{
    return {IoResult::WouldBlock, 0, 0, ""};
}

int PipeWriteIo::closeWriting()
{
    const NativeHandle closed = PipeStreamIo::release(); // the only way in which a pipe can tell
    return 0;
}

NativeHandle PipeWriteIo::release()
{
    return PipeStreamIo::release();
}

} // namespace InterprocessQt
