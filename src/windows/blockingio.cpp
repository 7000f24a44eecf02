// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "blockingio_p.h"

#include "pipestream_p.h"
#include "stream/bytequeue_p.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace InterprocessQt
{

BlockingIo::BlockingIo(std::unique_ptr<BlockingDevice> device, BlockingThread::Purpose purpose, StreamIoClient &client)
    : m_thread(std::move(device), purpose, *this)
    , m_client(client)
    , m_purpose(purpose)
{
}

void BlockingIo::detach()
{
    m_thread.detach();
}

bool BlockingIo::attach()
{
    return m_thread.attach();
}

bool BlockingIo::isOurs() const
{
    return true; // there is no fork()
}

qintptr BlockingIo::handle() const
{
    return m_thread.handle();
}

NativeHandle BlockingIo::release()
{
    return m_thread.release();
}

void BlockingIo::callEnded()
{
    const bool isReader = m_purpose == BlockingThread::Purpose::Reading;
    m_client.ioReady({isReader, !isReader});
}

// ---- Reading

BlockingReadIo::BlockingReadIo(std::unique_ptr<BlockingDevice> device, StreamIoClient &client)
    : BlockingIo(std::move(device), BlockingThread::Purpose::Reading, client)
{
}

void BlockingReadIo::begin()
{
    if (m_thread.isBegun())
        return;
    m_taken = 0;
    m_thread.begin(BlockingThread::BlockSize);
}

IoResult BlockingReadIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit) {
        begin();
        if (!m_thread.hasFinished()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        DWORD arrived = 0;
        const DWORD error = m_thread.result(arrived);
        const auto size = DWORD(std::min<qint64>(arrived - m_taken, limit - result.bytes));
        if (size > 0)
            queue.append(m_thread.buffer() + m_taken, qsizetype(size));
        m_taken += size;
        result.bytes += size;
        if (m_taken < arrived)
            break; // no more was asked for
        if (isEndOfPipe(error) || error == ERROR_HANDLE_EOF)
            return {IoResult::EndOfStream, result.bytes, 0, ""};
        if (error != sys::NoError && error != ERROR_MORE_DATA && error != ERROR_OPERATION_ABORTED)
            return {IoResult::Failed, result.bytes, int(error), m_thread.operation()};
        m_thread.finish();
    }
    if (m_wanted) {
        begin();
        m_thread.setWatched(true);
    }
    return result;
}

IoResult BlockingReadIo::write(const char *, qint64)
{
    return {IoResult::Failed, 0, ERROR_ACCESS_DENIED, "WriteFile"};
}

IoResult BlockingReadIo::write(ByteQueue &)
{
    return {IoResult::Failed, 0, ERROR_ACCESS_DENIED, "WriteFile"};
}

void BlockingReadIo::setInterest(IoReadiness interest)
{
    m_wanted = interest.readable;
    if (m_wanted)
        begin();
    m_thread.setWatched(m_wanted);
}

qint64 BlockingReadIo::readAhead()
{
    m_thread.cancel();
    DWORD bytes = 0;
    if (m_thread.hasFinished())
        static_cast<void>(m_thread.result(bytes));
    return bytes > m_taken ? bytes - m_taken : 0;
}

int BlockingReadIo::closeWriting()
{
    return ERROR_NOT_SUPPORTED;
}

IoReadiness BlockingReadIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    if (!what.readable)
        return {};
    begin();
    return {m_thread.wait(deadline), false};
}

// ---- Writing

BlockingWriteIo::BlockingWriteIo(std::unique_ptr<BlockingDevice> device, StreamIoClient &client)
    : BlockingIo(std::move(device), BlockingThread::Purpose::Writing, client)
{
}

IoResult BlockingWriteIo::read(ByteQueue &, qint64)
{
    return {IoResult::WouldBlock, 0, 0, ""};
}

IoResult BlockingWriteIo::write(const char *data, qint64 size)
{
    Q_ASSERT(!m_thread.isBegun()); // the queue would not be empty
    const auto block = DWORD(std::min<qint64>({size, claimLimit, BlockingThread::BlockSize}));
    if (block == 0)
        return {};
    std::memcpy(m_thread.buffer(), data, block);
    m_thread.begin(block);
    IoResult result;
    result.status = IoResult::WouldBlock;
    result.claimed = block;
    return result;
}

IoResult BlockingWriteIo::write(ByteQueue &queue)
{
    IoResult result;
    while (m_thread.isBegun() || !queue.isEmpty()) {
        if (!m_thread.isBegun()) {
            ByteQueue::Blocks blocks;
            const int count = queue.blocks(blocks);
            DWORD size = 0;
            for (int i = 0; i < count && size < BlockingThread::BlockSize; ++i) {
                const QByteArrayView block = blocks[size_t(i)];
                const auto part = DWORD(std::min<qsizetype>(block.size(), BlockingThread::BlockSize - size));
                std::memcpy(m_thread.buffer() + size, block.data(), part);
                size += part;
            }
            m_thread.begin(size);
        }
        if (!m_thread.hasFinished()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        DWORD bytes = 0;
        const DWORD error = m_thread.result(bytes);
        m_thread.finish();
        queue.skip(bytes);
        result.bytes += bytes;
        if (error != sys::NoError)
            return {IoResult::Failed, result.bytes, int(error), m_thread.operation()};
    }
    return result;
}

void BlockingWriteIo::setInterest(IoReadiness interest)
{
    m_thread.setWatched(interest.writable);
}

int BlockingWriteIo::closeWriting()
{
    NativeHandle handle = m_thread.release(); // nothing is under way: everything has been written
    return 0;
}

IoReadiness BlockingWriteIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    return {false, what.writable && m_thread.wait(deadline)};
}

} // namespace InterprocessQt
