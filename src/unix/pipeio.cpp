// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipeio_p.h"

#include "pollwait_p.h"
#include "stream/bytequeue_p.h"
#include "syscalls_p.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace InterprocessQt
{

namespace
{
// What one stream may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;
constexpr qint64 MostPieces = 1024;

bool readyNow(int fd, IoReadiness what)
{
    const IoReadiness ready = pollWait(fd, what, QDeadlineTimer(0));
    return ready.readable || ready.writable;
}

// As long as poll() says that a pipe can be written to, so many bytes do not block (poll(2), pipe(7)).
#if defined(PIPE_BUF)
constexpr size_t NeverBlocks = PIPE_BUF;
#else
constexpr size_t NeverBlocks = 512;
#endif
// A terminal says so when it has room for a single byte.
constexpr size_t NeverBlocksTerminal = 1;

} // namespace

PipeIo::PipeIo(NativeHandle descriptor, Access access, StreamIoClient &client)
    : m_descriptor(std::move(descriptor))
    , m_watch(client)
    , m_access(access)
    , m_forkGeneration(sys::forkGeneration())
{
}

ssize_t PipeIo::readSome(void *data, size_t size)
{
    switch (m_access) {
    case Access::Socket:
        return sys::receive(fd(), data, size, MSG_DONTWAIT);
    case Access::Guarded:
        if (m_canSayNoWait) {
            const ssize_t got = sys::readNoWait(fd(), data, size);
            if (got != -1 || !sys::isUnsupported(errno))
                return got;
            giveUpNoWait();
        }
        if (!readyNow(fd(), {true, false})) {
            errno = EAGAIN;
            return -1;
        }
        break;
    case Access::NonBlocking:
        break;
    }
    return sys::read(fd(), data, size);
}

qint64 PipeIo::writeShare() const
{
    // In small pieces the time goes into the number of calls.
    return m_neverBlocks > 0 ? std::min(WriteShare, MostPieces * qint64(m_neverBlocks)) : WriteShare;
}

void PipeIo::giveUpNoWait()
{
    m_canSayNoWait = false;
    m_neverBlocks = sys::isTerminal(fd()) ? NeverBlocksTerminal : NeverBlocks;
}

bool PipeIo::hasEnded(int error) const
{
    if (error == 0)
        return !sys::mayReadNothing(fd());
    // What Linux says of a pseudo-terminal whose other side is gone; and to a process in the background that ignores SIGTTIN.
    return error == EIO && sys::isTerminal(fd()) && !sys::isInBackgroundOf(fd());
}

IoResult PipeIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit) {
        const ByteQueue::Space space = queue.reserve();
        const qsizetype room = qsizetype(std::min<qint64>(space.size, limit - result.bytes));
        const ssize_t got = readSome(space.data, size_t(room));
        const int error = errno;
        queue.commit(std::max<qsizetype>(0, got));
        if (got > 0) {
            result.bytes += got;
            // A short read does not mean that a pipe is empty: it keeps what was written in pages. That is left to the
            // event loop, which comes back at once if there is more.
            if (got == room)
                continue;
            result.status = IoResult::WouldBlock;
        } else if (got == 0) {
            result.status = hasEnded(0) ? IoResult::EndOfStream : IoResult::WouldBlock;
        } else if (error == EAGAIN) {
            result.status = IoResult::WouldBlock;
        } else if (hasEnded(error)) {
            result.status = IoResult::EndOfStream;
        } else {
            result.status = IoResult::Failed;
            result.error = error;
            result.operation = "read";
        }
        break;
    }
    return result;
}

ssize_t PipeIo::writeSome(const iovec *pieces, int count)
{
    if (m_access == Access::Socket) {
        msghdr message = {};
        message.msg_iov = const_cast<iovec *>(pieces);
        message.msg_iovlen = decltype(message.msg_iovlen)(count);
        return sys::sendMessage(fd(), message, MSG_DONTWAIT);
    }
    if (m_access == Access::Guarded) {
        if (m_canSayNoWait) {
            const ssize_t written = sys::writeNoWait(fd(), pieces, count);
            if (written != -1 || !sys::isUnsupported(errno))
                return written;
            giveUpNoWait();
        }
        if (!readyNow(fd(), {false, true})) {
            errno = EAGAIN;
            return -1;
        }
        const iovec first = {pieces[0].iov_base, std::min(pieces[0].iov_len, m_neverBlocks)};
        return sys::writeNoSignal(fd(), &first, 1);
    }
    return sys::writeNoSignal(fd(), pieces, count);
}

IoResult PipeIo::writeFailed(qint64 bytes) const
{
    if (errno == EAGAIN)
        return {IoResult::WouldBlock, bytes, 0, "write"};
    return {IoResult::Failed, bytes, errno, "write"};
}

IoResult PipeIo::write(const char *data, qint64 size)
{
    const qint64 share = std::min(size, WriteShare);
    const iovec piece = {const_cast<char *>(data), size_t(share)};
    const ssize_t written = writeSome(&piece, 1);
    if (written < 0)
        return writeFailed(0);
    // Asked for less than everything when it is guarded; otherwise there is no room for more.
    const bool full = written < share && m_access != Access::Guarded;
    return {full ? IoResult::WouldBlock : IoResult::Done, written, 0, "write"};
}

IoResult PipeIo::write(ByteQueue &queue)
{
    IoResult result;
    // Asked each time: what has been written may tell that only small pieces go.
    while (!queue.isEmpty() && result.bytes < writeShare()) {
        ByteQueue::Blocks blocks;
        const int available = queue.blocks(blocks);
        std::array<iovec, ByteQueue::MaxBlocks> pieces;
        // A single block may be larger than the share, and the kernel takes as much as a fast reader takes meanwhile.
        const qint64 share = writeShare() - result.bytes;
        qint64 size = 0;
        int count = 0;
        while (count < available && size < share) {
            const QByteArrayView block = blocks[size_t(count)];
            const auto length = std::min<qint64>(block.size(), share - size);
            pieces[size_t(count++)] = {const_cast<char *>(block.data()), size_t(length)};
            size += length;
        }
        const ssize_t written = writeSome(pieces.data(), count);
        if (written < 0)
            return writeFailed(result.bytes);
        queue.skip(written);
        result.bytes += written;
        if (written < size && m_access != Access::Guarded) {
            result.status = IoResult::WouldBlock;
            break;
        }
    }
    return result;
}

void PipeIo::setInterest(IoReadiness interest)
{
    m_watch.setInterest(interest);
}

int PipeIo::closeWriting()
{
    m_watch.stop();
    m_descriptor.reset(); // the only way in which a pipe can tell
    return 0;
}

IoReadiness PipeIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    return pollWait(fd(), what, deadline);
}

void PipeIo::detach()
{
    m_watch.stop();
}

bool PipeIo::attach()
{
    return m_watch.start(fd());
}

bool PipeIo::isOurs() const
{
    return m_forkGeneration == sys::forkGeneration();
}

qintptr PipeIo::handle() const
{
    return m_descriptor.get();
}

void PipeIo::replace(NativeHandle descriptor)
{
    const bool watched = m_watch.isStarted();
    m_watch.stop(); // before its descriptor is closed
    m_descriptor = std::move(descriptor);
    if (watched)
        m_watch.start(fd());
}

NativeHandle PipeIo::release()
{
    m_watch.stop();
    return std::move(m_descriptor);
}

} // namespace InterprocessQt
