// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipeio_p.h"

namespace InterprocessQt
{

NamedPipeIo::NamedPipeIo(NativeHandle handle, NamedPipePrivate &pipe, const Setup &setup)
    : PipeSlot(pipe.freed)
    , MessagePipeIo(std::move(handle), pipe, pipe.maximumMessageSize)
    , m_arrivals(pipe.arrivals)
    , m_framesQueued(pipe.framesQueued)
    , m_setup(setup)
{
}

// ---- Reading

IoResult NamedPipeIo::read(ByteQueue &queue, qint64 limit)
{
    if (!m_setup.reads) // that the peer has gone shows when something is written
        return {m_peerGone ? IoResult::EndOfStream : IoResult::WouldBlock, 0, 0, ""};
    return m_setup.readsMessages ? readMessages(queue, limit) : PipeStreamIo::read(queue, limit);
}

bool NamedPipeIo::hasRoom() const
{
    return !m_arrivals.isFull();
}

void NamedPipeIo::messageArrives(ByteQueue &, qint64 size)
{
    m_arrivals.add(size);
}

bool NamedPipeIo::messageTooLarge(qint64 size, bool isComplete)
{
    if (isComplete)
        m_arrivals.discarded.push_back(size);
    return true;
}

void NamedPipeIo::messageWritten()
{
    --m_framesQueued;
}

// ---- Writing

IoResult NamedPipeIo::write(const char *data, qint64 size)
{
    if (m_setup.writesMessages)
        return {IoResult::WouldBlock, 0, 0, ""}; // messages come from the queue, and whole
    const IoResult result = PipeStreamIo::write(data, size);
    m_peerGone = m_peerGone || result.status == IoResult::Failed;
    return result;
}

IoResult NamedPipeIo::write(ByteQueue &queue)
{
    const IoResult result = m_setup.writesMessages ? writeMessages(queue) : PipeStreamIo::write(queue);
    m_peerGone = m_peerGone || result.status == IoResult::Failed;
    return result;
}

// ---- Readiness

void NamedPipeIo::setInterest(IoReadiness interest)
{
    interest.readable = interest.readable && m_setup.reads;
    PipeStreamIo::setInterest(interest);
}

IoReadiness NamedPipeIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    what.readable = what.readable && m_setup.reads;
    return PipeStreamIo::wait(what, deadline);
}

} // namespace InterprocessQt
