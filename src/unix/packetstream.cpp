// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "packetstream_p.h"

#include "interprocessqt_config.h"
#include "message/messagecarrier_p.h"
#include "stream/bytequeue_p.h"
#include "syscalls_p.h"

#include <QtCore/qendian.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <poll.h>
#include <utility>
#include <vector>

namespace InterprocessQt
{

using MessageCarrier::HeadSize;

namespace
{
// What one stream may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;
// The kernel keeps so much of a send buffer for itself (EMSGSIZE above it, in unix_dgram_sendmsg() of Linux).
constexpr qint64 KernelShare = 32;

qint64 sendBufferOf(int fd)
{
    int size = 0;
    socklen_t length = sizeof size;
    return sys::socketOption(fd, SOL_SOCKET, SO_SNDBUF, &size, &length) == 0 ? size : 0;
}

// A packet that the kernel has no memory for is tried so often, for about a second: it wants most of it in one piece, and
// may never have one of that size.
constexpr int MostShortages = 100;

bool nothingNow(int error)
{
    return error == EAGAIN;
}
} // namespace

PacketStreamIo::PacketStreamIo(NativeHandle descriptor, StreamIoClient &client, AncillaryInput &input, AncillaryOutput &output, const qint64 &maximumSize)
    : UnixStreamIo(std::move(descriptor), client)
    , m_input(input)
    , m_output(output)
    , m_maximumSize(maximumSize)
{
}

// ---- Reading

bool PacketStreamIo::isEmptyPacket()
{
    // Of nothing to read two things can be the cause: a packet of no bytes, or the end. As long as the peer can still send
    // it is a packet.
    pollfd state = {fd(), POLLIN, 0};
#if defined(POLLRDHUP)
    state.events |= POLLRDHUP;
    constexpr short Ended = POLLRDHUP | POLLHUP;
#else
    constexpr short Ended = POLLHUP;
#endif
    if (sys::poll(&state, 1, 0) == 1 && (state.revents & Ended) == 0)
        return true;
    if (sys::bytesReadable(fd()) > 0) // behind it
        return true;
#if HAVE_SCM_CREDENTIALS
    // There may still be packets in front of the end: with credentials asked for, each of them has some, and the end has none.
    const bool before = m_input.credentialsComeAlong();
    if (!before && setPassCredentials(fd(), true) != 0)
        return false;
    msghdr message = {};
    ControlBuffer control;
    ssize_t got = -1;
    do {
        control.makeRoom(message, 0, true);
        got = sys::receiveMessage(fd(), message, MSG_PEEK);
    } while (got < 0 && isLateReset(errno));
    if (!before)
        static_cast<void>(setPassCredentials(fd(), false));
    return got >= 0 && message.msg_controllen > 0;
#else
    return false;
#endif
}

bool PacketStreamIo::isLateReset(int error)
{
    // The peer has gone without having read everything. Linux says so once, and before the packets that the peer has sent
    // (a stream gives those first, unix(7)): they are read on, and it is told at their end.
    return error == ECONNRESET && !std::exchange(m_wasReset, true);
}

qint64 PacketStreamIo::nextSize(IoResult &result)
{
    msghdr message = {};
    char byte;
    iovec piece = {&byte, 1};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    ssize_t size = 0;
    do {
#if HAVE_RECV_TRUE_SIZE
        size = sys::receiveMessage(fd(), message, MSG_PEEK | MSG_TRUNC);
#else
        size = sys::receiveMessage(fd(), message, MSG_PEEK);
#endif
    } while (size < 0 && isLateReset(errno));
#if !HAVE_RECV_TRUE_SIZE
    // Others tell the size of what is next by this, or of all that there is: at least as much room as is needed. One byte
    // more than is allowed shows that it is too large.
    if (size > 0) {
        const qint64 available = sys::bytesReadable(fd());
        if (available < 0) {
            result = {IoResult::Failed, result.bytes, errno, "ioctl"};
            return -1;
        }
        size = ssize_t(std::max<qint64>(size, available <= m_maximumSize ? available : m_maximumSize + 1));
    }
#endif
    if (size > 0)
        return size;
    if (size == 0) {
        if ((message.msg_flags & MSG_CTRUNC) || isEmptyPacket()) // an end has nothing beside it
            return 0;
        result.status = m_wasReset ? IoResult::Failed : IoResult::EndOfStream;
        result.error = m_wasReset ? ECONNRESET : 0;
        result.operation = "recvmsg";
    } else if (nothingNow(errno)) {
        result.status = IoResult::WouldBlock;
    } else {
        result.status = IoResult::Failed;
        result.error = errno;
        result.operation = "recvmsg";
    }
    return -1;
}

IoResult PacketStreamIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit && !m_input.isFull()) {
        const qint64 size = nextSize(result);
        if (size < 0)
            break;
        if (HAVE_RECV_TRUE_SIZE && size > m_maximumSize) {
            result.status = IoResult::Failed;
            result.error = EMSGSIZE;
            result.operation = "recvmsg";
            break;
        }
        const ByteQueue::Space space = queue.reserveWhole(qsizetype(HeadSize + size));
        iovec piece = {space.data + HeadSize, size_t(size)};
        msghdr message = {};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        ControlBuffer control;
        control.makeRoom(message, m_input.room(), m_input.credentialsComeAlong());
        const ssize_t got = sys::receiveMessage(fd(), message);
        const int error = errno;
        if (got < 0) {
            queue.commit(0);
            if (isLateReset(error))
                continue;
            result.status = nothingNow(error) ? IoResult::WouldBlock : IoResult::Failed;
            result.error = error;
            result.operation = "recvmsg";
            break;
        }
        if (got > m_maximumSize || (message.msg_flags & MSG_TRUNC)) {
            queue.commit(0);
            static_cast<void>(ControlBuffer::take(message, m_input.room())); // closes what came along
            result.status = IoResult::Failed;
            result.error = EMSGSIZE;
            result.operation = "recvmsg";
            break;
        }
        qToBigEndian(quint32(got), space.data);
        queue.commit(qsizetype(HeadSize + got));
        result.bytes += HeadSize + got;
        m_input.arrived(HeadSize + got, ControlBuffer::take(message, m_input.room()));
    }
    return result;
}

// ---- Writing

IoResult PacketStreamIo::write(const char *, qint64)
{
    return {IoResult::WouldBlock, 0, 0, "sendmsg"};
}

IoResult PacketStreamIo::write(ByteQueue &queue)
{
    IoResult result;
    while (queue.size() >= HeadSize && result.bytes < WriteShare) {
        ByteQueue::Blocks blocks;
        queue.blocks(blocks);
        if (blocks[0].size() < HeadSize)
            blocks[0] = queue.linearize();
        const qint64 size = qFromBigEndian<quint32>(blocks[0].data());
        const bool hasUnit = !m_output.isEmpty() && m_output.front().before == 0;
        IoResult part = writePacket(queue, size, hasUnit ? &m_output.front() : nullptr);
        if (part.bytes > 0) {
            if (hasUnit)
                m_output.unitWritten(part.bytes);
            else if (!m_output.isEmpty())
                m_output.plainWritten(part.bytes);
        }
        part.bytes += result.bytes;
        result = part;
        if (result.status != IoResult::Done)
            break;
    }
    return result;
}

IoResult PacketStreamIo::writePacket(ByteQueue &queue, qint64 size, const AncillaryOutput::Unit *unit)
{
    widenFor(size);
    iovec pieces[ByteQueue::MaxBlocks];
    qint64 gathered = 0;
    int count = gather(queue, HeadSize + size, pieces, gathered);
    if (gathered < HeadSize + size) {
        static_cast<void>(queue.linearize()); // in more pieces than one call takes
        count = gather(queue, HeadSize + size, pieces, gathered);
    }
    pieces[0].iov_base = static_cast<char *>(pieces[0].iov_base) + HeadSize;
    pieces[0].iov_len -= size_t(HeadSize);

    msghdr message = {};
    message.msg_iov = pieces;
    message.msg_iovlen = decltype(message.msg_iovlen)(count);
    ControlBuffer control;
    if (unit && !control.put(message, unit->descriptors, unit->credentials ? &*unit->credentials : nullptr))
        return {IoResult::Failed, 0, EINVAL, "sendmsg"};
    if (sys::sendMessage(fd(), message) < 0) {
        // A packet leaves whole, or not at all: there is no going on without it.
        if (errno == ENOBUFS && ++m_shortages >= MostShortages)
            return {IoResult::Failed, 0, ENOBUFS, "sendmsg"};
        return writeFailed(0);
    }
    m_shortages = 0;
    queue.skip(HeadSize + size);
    return {IoResult::Done, HeadSize + size, 0, "sendmsg"};
}

void PacketStreamIo::widenFor(qint64 size)
{
    if (m_sendBuffer == 0)
        m_sendBuffer = sendBufferOf(fd());
    if (size <= m_sendBuffer - KernelShare)
        return;
    // Some systems double what they are told (socket(7)), and all have a limit of their own.
    const qint64 wanted = std::min<qint64>(size + KernelShare, std::numeric_limits<int>::max());
    sys::setSocketOption(fd(), SOL_SOCKET, SO_SNDBUF, int(wanted));
    m_sendBuffer = std::max<qint64>(1, sendBufferOf(fd()));
}

namespace
{
// Most of a packet is one piece of the kernel's memory, which has a largest size whatever the send buffer is: 4 MiB on most
// machines with Linux, and ENOBUFS above it.
bool isCarried(int from, int to, qint64 size)
{
    constexpr qint64 PieceSize = 64 * 1024;
    static char zeros[PieceSize];
    std::vector<iovec> pieces;
    for (qint64 left = size; left > 0; left -= PieceSize)
        pieces.push_back({zeros, size_t(std::min(left, PieceSize))});
    msghdr message = {};
    message.msg_iov = pieces.data();
    message.msg_iovlen = decltype(message.msg_iovlen)(pieces.size());
    if (sys::sendMessage(from, message) != size)
        return false;
    char byte;
    static_cast<void>(sys::receive(to, &byte, 1)); // and the rest of the packet with it
    return true;
}

qint64 findMaximumPacketSize()
{
    int ends[2];
    if (sys::socketPair(SOCK_SEQPACKET, ends) == -1)
        return 0;
    const NativeHandle from(ends[0]);
    const NativeHandle to(ends[1]);
    // Refused by systems that do not cut it down to what they allow: half as much then.
    for (int wanted = std::numeric_limits<int>::max() / 2; wanted > 65536; wanted /= 2) {
        if (sys::setSocketOption(ends[0], SOL_SOCKET, SO_SNDBUF, wanted) == 0)
            break;
    }
    constexpr qint64 Undoubted = 1024 * 1024;
    constexpr qint64 Step = 4096;
    constexpr qint64 Doubtful = 64 * 1024 * 1024; // in as many pieces as one call takes
    const qint64 size = std::max<qint64>(0, sendBufferOf(ends[0]) - KernelShare);
    if (size <= Undoubted || (size <= Doubtful && isCarried(ends[0], ends[1], size)))
        return size;
    qint64 carried = Undoubted;
    qint64 tooLarge = std::min(size, Doubtful);
    while (tooLarge - carried > Step) {
        const qint64 middle = carried + (tooLarge - carried) / 2;
        (isCarried(ends[0], ends[1], middle) ? carried : tooLarge) = middle;
    }
    return carried;
}
} // namespace

bool hasPackets()
{
    static const bool has = NativeHandle(sys::socket(SOCK_SEQPACKET)).isValid();
    return has;
}

qint64 maximumPacketSize()
{
    static const qint64 size = findMaximumPacketSize();
    return size;
}

} // namespace InterprocessQt
