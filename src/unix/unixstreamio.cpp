// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixstreamio_p.h"

#include "pollwait_p.h"
#include "stream/bytequeue_p.h"
#include "syscalls_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

namespace
{
// What one stream may write before others get their turn: as much as the kernel holds, usually less.
constexpr qint64 WriteShare = 1024 * 1024;
// A Unix socket is reported as writable only when three quarters of its buffer have been drained. Twice Linux's default
// (the kernel doubles what it is told, socket(7)) keeps both sides busy; every user may ask for it.
constexpr int SendBuffer = 212992;
// The kernel says of a socket that it is writable although it is short of what writing would need: asking again and again
// would take a whole CPU.
constexpr auto ShortageRetryDelay = std::chrono::milliseconds(10);
// From here on a writer is taken for one that will fill the buffer.
constexpr qint64 LargeWrite = 16 * 1024;

// No memory for it at the moment (ENOBUFS, send(2)), or more descriptors of this user under way than the kernel allows,
// whoever has sent them (ETOOMANYREFS, unix(7)). Both pass, and of neither is told.
bool isShortage(int error)
{
    return error == ENOBUFS || error == ETOOMANYREFS;
}

bool wouldBlock(int error)
{
    return error == EAGAIN || isShortage(error);
}
} // namespace

UnixStreamIo::UnixStreamIo(NativeHandle descriptor, StreamIoClient &client)
    : m_descriptor(std::move(descriptor))
    , m_watch(client)
    , m_forkGeneration(sys::forkGeneration())
{
}

UnixStreamIo::~UnixStreamIo() = default;

IoResult UnixStreamIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit) {
        const ByteQueue::Space space = queue.reserve();
        const qsizetype room = qsizetype(std::min<qint64>(space.size, limit - result.bytes));
        const ssize_t got = sys::receive(fd(), space.data, size_t(room));
        const int error = errno;
        queue.commit(std::max<qsizetype>(0, got));
        if (got > 0) {
            result.bytes += got;
            if (got == room)
                continue;
            result.status = IoResult::WouldBlock; // less than there was room for: asking again would only say EAGAIN
        } else if (got == 0) {
            result.status = IoResult::EndOfStream;
        } else if (wouldBlock(error)) {
            result.status = IoResult::WouldBlock;
        } else {
            result.status = IoResult::Failed;
            result.error = error;
            result.operation = "recv";
        }
        break;
    }
    return result;
}

IoResult UnixStreamIo::writeFailed(qint64 bytes)
{
    const int error = errno;
    if (isShortage(error))
        starve();
    if (wouldBlock(error))
        return {IoResult::WouldBlock, bytes, 0, "send"};
    return {IoResult::Failed, bytes, error, "send"};
}

IoResult UnixStreamIo::write(const char *data, qint64 size)
{
    if (size >= LargeWrite)
        widenSendBuffer();
    const qint64 share = std::min(size, WriteShare);
    const ssize_t sent = sys::send(fd(), data, size_t(share));
    if (sent < 0)
        return writeFailed(0);
    // Less than that: the buffer is full.
    return {sent < share ? IoResult::WouldBlock : IoResult::Done, sent, 0, "send"};
}

int UnixStreamIo::gather(const ByteQueue &queue, qint64 limit, iovec *pieces, qint64 &size)
{
    ByteQueue::Blocks blocks;
    const int count = queue.blocks(blocks);
    size = 0;
    int used = 0;
    while (used < count && size < limit) {
        const QByteArrayView block = blocks[size_t(used)];
        const auto length = std::min<qint64>(block.size(), limit - size);
        pieces[used++] = {const_cast<char *>(block.data()), size_t(length)};
        size += length;
    }
    return used;
}

IoResult UnixStreamIo::write(ByteQueue &queue)
{
    return writeUpTo(queue, queue.size());
}

IoResult UnixStreamIo::writeUpTo(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    if (queue.size() >= LargeWrite)
        widenSendBuffer();
    const qint64 share = std::min(limit, WriteShare);
    while (!queue.isEmpty() && result.bytes < share) {
        iovec pieces[ByteQueue::MaxBlocks];
        qint64 size = 0;
        // A single piece may be larger than the share, and the kernel takes as much as a fast reader takes meanwhile.
        const int count = gather(queue, share - result.bytes, pieces, size);
        const ssize_t sent = count == 1 ? sys::send(fd(), pieces[0].iov_base, pieces[0].iov_len) : sys::send(fd(), pieces, count);
        if (sent < 0)
            return writeFailed(result.bytes);
        queue.skip(sent);
        result.bytes += sent;
        if (sent < size) {
            result.status = IoResult::WouldBlock;
            break;
        }
    }
    return result;
}

void UnixStreamIo::widenSendBuffer()
{
    if (std::exchange(m_sendBufferWidened, true))
        return;
    int size = 0;
    socklen_t length = sizeof size;
    // Whoever made the socket may have asked for more.
    if (sys::socketOption(fd(), SOL_SOCKET, SO_SNDBUF, &size, &length) == 0 && size < 2 * SendBuffer)
        sys::setSocketOption(fd(), SOL_SOCKET, SO_SNDBUF, SendBuffer);
}

void UnixStreamIo::setInterest(IoReadiness interest)
{
    m_interest = interest;
    applyInterest();
}

void UnixStreamIo::applyInterest()
{
    m_watch.setInterest({m_interest.readable, m_interest.writable && !m_starved});
}

void UnixStreamIo::starve()
{
    m_starved = true;
    applyInterest();
    if (!QAbstractEventDispatcher::instance())
        return; // then somebody waits
    if (!m_retry) {
        m_retry = std::make_unique<QTimer>();
        m_retry->setSingleShot(true);
        QObject::connect(m_retry.get(), &QTimer::timeout, m_retry.get(), [this] {
            m_starved = false;
            applyInterest(); // and the event loop finds it writable
        });
    }
    m_retry->start(ShortageRetryDelay);
}

int UnixStreamIo::closeWriting()
{
    return sys::shutdownWriting(fd()) == 0 ? 0 : errno;
}

IoReadiness UnixStreamIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    if (!what.writable || !m_starved)
        return pollWait(fd(), what, deadline);
    const QDeadlineTimer retry(ShortageRetryDelay);
    IoReadiness ready = pollWait(fd(), {what.readable, false}, std::min(retry, deadline));
    ready.writable = retry.hasExpired();
    m_starved = !ready.writable;
    return ready;
}

void UnixStreamIo::detach()
{
    m_retry.reset(); // whoever comes next tries at once
    m_starved = false;
    applyInterest();
    m_watch.stop();
}

bool UnixStreamIo::attach()
{
    return m_watch.start(fd());
}

NativeHandle UnixStreamIo::release()
{
    m_retry.reset();
    m_watch.stop();
    return std::move(m_descriptor);
}

bool UnixStreamIo::isOurs() const
{
    return m_forkGeneration == sys::forkGeneration();
}

qintptr UnixStreamIo::handle() const
{
    return m_descriptor.get();
}

} // namespace InterprocessQt
