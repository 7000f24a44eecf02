// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "filewriteio_p.h"

#include "stream/bytequeue_p.h"
#include "syscalls_handle_p.h"

#include <algorithm>
#include <utility>

namespace InterprocessQt
{

namespace
{
// What one stream may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;
} // namespace

FileWriteIo::FileWriteIo(NativeHandle handle)
    : m_handle(std::move(handle))
{
}

IoResult FileWriteIo::read(ByteQueue &, qint64)
{
    return {IoResult::WouldBlock, 0, 0, ""};
}

IoResult FileWriteIo::write(const char *data, qint64 size)
{
    DWORD written = 0;
    const DWORD error = sys::writeNow(sys::native(m_handle.get()), data, DWORD(std::min(size, WriteShare)), written);
    if (error != sys::NoError)
        return {IoResult::Failed, written, int(error), "WriteFile"};
    return {IoResult::Done, written, 0, ""};
}

IoResult FileWriteIo::write(ByteQueue &queue)
{
    IoResult result;
    while (!queue.isEmpty() && result.bytes < WriteShare && result.status == IoResult::Done) {
        ByteQueue::Blocks blocks;
        queue.blocks(blocks);
        const qint64 before = result.bytes; // all in all it is one share
        result = write(blocks[0].data(), std::min<qint64>(blocks[0].size(), WriteShare - before));
        queue.skip(result.bytes);
        result.bytes += before;
    }
    return result;
}

void FileWriteIo::setInterest(IoReadiness)
{
}

int FileWriteIo::closeWriting()
{
    m_handle.reset();
    return 0;
}

IoReadiness FileWriteIo::wait(IoReadiness what, QDeadlineTimer)
{
    return {false, what.writable};
}

void FileWriteIo::detach()
{
}

bool FileWriteIo::attach()
{
    return true; // there is nothing to be told of
}

bool FileWriteIo::isOurs() const
{
    return true; // there is no fork()
}

qintptr FileWriteIo::handle() const
{
    return m_handle.get();
}

NativeHandle FileWriteIo::release()
{
    return std::move(m_handle);
}

} // namespace InterprocessQt
