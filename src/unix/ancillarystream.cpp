// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ancillarystream_p.h"

#include "stream/bytequeue_p.h"
#include "syscalls_p.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace InterprocessQt
{

namespace
{
// What one stream may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;
} // namespace

// ---- What came

void AncillaryInput::arrived(qint64 bytes, Ancillary ancillary)
{
    const qint64 begin = m_received;
    m_received += bytes;
    if (ancillary.isEmpty())
        return;
    if (messageBegin < m_received)
        limitMessage(ancillary);
    lossUntold = lossUntold || ancillary.descriptorsLost;
    credentialsSeen = credentialsSeen || (ancillary.credentials && ancillary.credentials->isValid());
    m_held += int(ancillary.descriptors.size());
    // With credentials each call returns some: those of one sender are one part, or there would be one for each call.
    if (!m_parts.empty()) {
        Part &last = m_parts.back();
        if (last.end == begin && last.ancillary.descriptors.empty() && !last.ancillary.descriptorsLost && ancillary.descriptors.empty()
            && !ancillary.descriptorsLost && last.ancillary.credentials == ancillary.credentials) {
            last.end = m_received;
            return;
        }
    }
    m_parts.push_back({begin, m_received, std::move(ancillary)});
}

// A message has no more descriptors than one call may bring, also if it takes many calls.
void AncillaryInput::limitMessage(Ancillary &ancillary) const
{
    std::size_t left = std::size_t(std::max(0, maximum));
    for (auto part = m_parts.crbegin(); part != m_parts.crend() && part->end > messageBegin; ++part)
        left -= std::min(left, part->ancillary.descriptors.size());
    if (ancillary.descriptors.size() > left) {
        ancillary.descriptors.resize(left);
        ancillary.descriptorsLost = true;
    }
}

bool AncillaryInput::hasComplete() const noexcept
{
    return std::any_of(m_parts.cbegin(), m_parts.cend(), [this](const Part &part) {
        return part.end <= completeUpTo && !part.ancillary.descriptors.empty();
    });
}

void AncillaryInput::dropRead(qint64 position)
{
    // Descriptors outlive the bytes they came with, until somebody takes them.
    while (!m_parts.empty() && m_parts.front().end <= position && m_parts.front().ancillary.descriptors.empty())
        m_parts.pop_front();
}

qint64 AncillaryInput::nextPart(qint64 unread, Ancillary *ancillary)
{
    const qint64 position = m_received - unread;
    dropRead(position);
    const auto part = std::find_if(m_parts.begin(), m_parts.end(), [position](const Part &candidate) {
        return candidate.end > position;
    });
    if (part == m_parts.end())
        return unread;
    if (part->begin > position)
        return part->begin - position;
    const qint64 size = part->end - position;
    if (ancillary) {
        m_held -= int(part->ancillary.descriptors.size());
        ancillary->descriptors = std::exchange(part->ancillary.descriptors, {});
        ancillary->credentials = part->ancillary.credentials;
        ancillary->descriptorsLost = std::exchange(part->ancillary.descriptorsLost, false);
    }
    return size;
}

Ancillary AncillaryInput::takeUpTo(qint64 unread)
{
    Ancillary all;
    const qint64 position = m_received - unread;
    while (!m_parts.empty() && m_parts.front().end <= position) {
        Ancillary &one = m_parts.front().ancillary;
        std::move(one.descriptors.begin(), one.descriptors.end(), std::back_inserter(all.descriptors));
        if (one.credentials)
            all.credentials = one.credentials;
        all.descriptorsLost = all.descriptorsLost || one.descriptorsLost;
        m_held -= int(one.descriptors.size());
        m_parts.pop_front();
    }
    return all;
}

void AncillaryInput::compact(qint64 unread)
{
    if (m_parts.size() < 2)
        return;
    const qint64 position = m_received - unread;
    auto kept = m_parts.begin();
    auto part = std::next(kept);
    for (; part != m_parts.end() && part->end <= position; ++part) {
        Ancillary &before = kept->ancillary;
        Ancillary &ancillary = part->ancillary;
        if (before.descriptors.empty() && ancillary.descriptors.empty()) {
            // Should bytes be given back, none must have the credentials of others: those of two senders then have none.
            if (before.credentials != ancillary.credentials)
                kept->begin = part->end;
            kept->end = part->end;
            before.descriptorsLost = before.descriptorsLost || ancillary.descriptorsLost;
            if (ancillary.credentials)
                before.credentials = ancillary.credentials;
        } else if (++kept != part) {
            *kept = std::move(*part);
        }
    }
    m_parts.erase(std::next(kept), part);
}

NativeHandle AncillaryInput::takeDescriptor()
{
    for (Part &part : m_parts) {
        std::vector<NativeHandle> &descriptors = part.ancillary.descriptors;
        if (descriptors.empty())
            continue;
        NativeHandle first = std::move(descriptors.front());
        descriptors.erase(descriptors.begin());
        --m_held;
        return first;
    }
    return {};
}

void AncillaryInput::clear()
{
    m_parts.clear();
    m_received = 0;
    m_held = 0;
    lossUntold = false;
}

// ---- What is to leave

void AncillaryOutput::add(qint64 queued, qint64 size, std::vector<NativeHandle> descriptors, std::optional<PeerCredentials> credentials)
{
    m_units.push_back({queued - m_covered, size, std::move(descriptors), std::move(credentials)});
    m_covered = queued + size;
}

std::vector<NativeHandle> AncillaryOutput::takeLast()
{
    Unit last = std::move(m_units.back());
    m_units.pop_back();
    m_covered = m_units.empty() ? 0 : m_covered - last.size - last.before;
    return std::move(last.descriptors);
}

void AncillaryOutput::plainWritten(qint64 bytes)
{
    m_units.front().before -= bytes;
    m_covered -= bytes;
}

void AncillaryOutput::unitWritten(qint64 bytes)
{
    const qint64 left = m_units.front().size - bytes;
    m_units.pop_front(); // the kernel has what it needs of the descriptors
    if (m_units.empty()) {
        m_covered = 0;
    } else {
        m_units.front().before += left;
        m_covered -= bytes;
    }
}

void AncillaryOutput::clear()
{
    m_units.clear();
    m_covered = 0;
}

// ---- The stream

AncillaryStreamIo::AncillaryStreamIo(NativeHandle descriptor, StreamIoClient &client, AncillaryInput &input, AncillaryOutput &output)
    : UnixStreamIo(std::move(descriptor), client)
    , m_input(input)
    , m_output(output)
{
}

IoResult AncillaryStreamIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit && !m_input.isFull()) {
        const ByteQueue::Space space = queue.reserve();
        const qsizetype room = qsizetype(std::min<qint64>(space.size, limit - result.bytes));
        iovec piece = {space.data, size_t(room)};
        msghdr message = {};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        ControlBuffer control;
        control.makeRoom(message, m_input.room(), m_input.credentialsComeAlong());
        const ssize_t got = sys::receiveMessage(fd(), message);
        const int error = errno;
        queue.commit(std::max<qsizetype>(0, got));
        if (got > 0) {
            result.bytes += got;
            bytesArrived({space.data, qsizetype(got)});
            Ancillary ancillary = ControlBuffer::take(message, m_input.room());
            // The kernel stops behind descriptors, though there may be more (unix(7)). It stops at another sender, too, but
            // that is rare, and then the event loop comes back at once.
            const bool barrier = !ancillary.descriptors.empty() || ancillary.descriptorsLost;
            m_input.arrived(got, std::move(ancillary));
            if (got == room || barrier)
                continue;
            result.status = IoResult::WouldBlock;
        } else if (got == 0) {
            result.status = IoResult::EndOfStream;
        } else if (error == EAGAIN || error == ENOBUFS) {
            result.status = IoResult::WouldBlock;
        } else {
            result.status = IoResult::Failed;
            result.error = error;
            result.operation = "recvmsg";
        }
        break;
    }
    return result;
}

IoResult AncillaryStreamIo::write(ByteQueue &queue)
{
    IoResult result;
    while (!queue.isEmpty() && result.bytes < WriteShare) {
        IoResult part;
        if (m_output.isEmpty()) {
            part = UnixStreamIo::write(queue);
        } else if (m_output.front().before > 0) {
            part = writeUpTo(queue, m_output.front().before);
            m_output.plainWritten(part.bytes);
        } else {
            part = writeUnit(queue, m_output.front());
            if (part.bytes > 0)
                m_output.unitWritten(part.bytes);
        }
        part.bytes += result.bytes;
        result = part;
        if (result.status != IoResult::Done || m_output.isEmpty())
            break; // what is left now is none of ours, and has its own share of a turn
    }
    return result;
}

IoResult AncillaryStreamIo::writeUnit(ByteQueue &queue, const AncillaryOutput::Unit &unit)
{
    iovec pieces[ByteQueue::MaxBlocks];
    qint64 size = 0;
    msghdr message = {};
    message.msg_iovlen = decltype(message.msg_iovlen)(gather(queue, unit.size, pieces, size));
    message.msg_iov = pieces;
    ControlBuffer control;
    if (!control.put(message, unit.descriptors, unit.credentials ? &*unit.credentials : nullptr))
        return {IoResult::Failed, 0, EINVAL, "sendmsg"};
    const ssize_t sent = sys::sendMessage(fd(), message);
    if (sent < 0)
        return writeFailed(0);
    queue.skip(sent);
    return {sent < size ? IoResult::WouldBlock : IoResult::Done, sent, 0, "sendmsg"};
}

IoResult AncillaryStreamIo::write(std::span<const QByteArrayView> pieces)
{
    constexpr size_t MaximumPieces = 64; // what is left is queued by the caller
    iovec vector[MaximumPieces];
    qint64 size = 0;
    int count = 0;
    for (const QByteArrayView piece : pieces.first(std::min(pieces.size(), MaximumPieces))) {
        vector[count++] = {const_cast<char *>(piece.data()), size_t(piece.size())};
        size += piece.size();
    }
    if (size == 0)
        return {};
    const ssize_t sent = sys::send(fd(), vector, count);
    if (sent < 0)
        return writeFailed(0);
    return {sent < size ? IoResult::WouldBlock : IoResult::Done, sent, 0, "sendmsg"};
}

} // namespace InterprocessQt
