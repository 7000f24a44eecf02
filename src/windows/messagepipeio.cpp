// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagepipeio_p.h"

#include "stream/bytequeue_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qendian.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace InterprocessQt
{

namespace
{
// What one pipe may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;
// And how often it may read what is thrown away, of which no buffer becomes full.
constexpr int DropShare = 64;
} // namespace

MessagePipeIo::MessagePipeIo(NativeHandle handle, StreamIoClient &client, const qint64 &maximumSize)
    : PipeStreamIo(std::move(handle), client)
    , m_maximumSize(maximumSize)
{
}

MessagePipeIo::~MessagePipeIo()
{
    if (m_writing.isBegun()) { // while the message is there that it writes
        DWORD bytes;
        m_writing.cancel();
        m_writing.finish(bytes);
    }
}

// ---- Reading

// A message is one without bytes, too; and of one that has been read in part the rest is to follow.
qint64 MessagePipeIo::readAhead()
{
    if (const qint64 ahead = PipeStreamIo::readAhead())
        return ahead;
    DWORD bytes = 0;
    if (m_reading.isBegun() && m_reading.result(bytes) == sys::NoError)
        return 1;
    return m_arriving > 0 && sys::bytesLeftInMessage(pipe(), bytes) == sys::NoError ? bytes : 0;
}

IoResult MessagePipeIo::readMessages(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    const qint64 before = queue.size();
    int dropped = 0;
    while (queue.size() - before < limit && hasRoom()) {
        beginRead();
        if (!m_reading.hasFinished()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        DWORD bytes = 0;
        const DWORD error = m_reading.finish(bytes);
        result.operation = "ReadFile";
        if (error == sys::NoError || error == ERROR_MORE_DATA) {
            if (!partArrived(queue, bytes, error == sys::NoError)) {
                result.status = IoResult::Failed;
                result.error = ERROR_MORE_DATA;
                break;
            }
            if (m_lastDropped && ++dropped == DropShare) {
                result.status = IoResult::WouldBlock; // and it is told again in the next turn
                break;
            }
        } else if (isEndOfPipe(error)) {
            result.status = IoResult::EndOfStream;
            break;
        } else if (error != ERROR_OPERATION_ABORTED) { // see PipeStreamIo
            result.status = IoResult::Failed;
            result.error = int(error);
            break;
        }
    }
    result.bytes = queue.size() - before;
    if (m_interest.readable && (result.status == IoResult::Done || result.status == IoResult::WouldBlock)) {
        beginRead();
        m_reading.setWatched(true);
    }
    return result;
}

// What one read has brought, in the buffer.
bool MessagePipeIo::partArrived(ByteQueue &queue, DWORD bytes, bool isLast)
{
    const bool isFirst = m_arriving == 0;
    m_arriving += bytes;
    const bool isTooLarge = m_arriving > m_maximumSize;
    m_lastDropped = isTooLarge;
    if (isTooLarge)
        m_part = QByteArray();
    if (!isLast) {
        if (isTooLarge)
            return messageTooLarge(m_arriving, false);
        // How much there is in all is known as soon as the system has it: room is made once, and for nothing that will be dropped.
        DWORD left = 0;
        if (isFirst && sys::bytesLeftInMessage(pipe(), left) == sys::NoError && m_arriving + left <= m_maximumSize)
            m_part.reserve(qsizetype(m_arriving + left));
        m_part.append(m_inputBuffer.get(), qsizetype(bytes));
        return true;
    }
    const qint64 size = std::exchange(m_arriving, 0);
    if (isTooLarge)
        return messageTooLarge(size, true);
    messageArrives(queue, size);
    if (!m_part.isEmpty())
        queue.append(m_part.constData(), m_part.size());
    m_part = QByteArray();
    if (bytes > 0)
        queue.append(m_inputBuffer.get(), qsizetype(bytes));
    return true;
}

// ---- Writing

// The first one of the queue.
void MessagePipeIo::beginMessage(ByteQueue &queue)
{
    ByteQueue::Blocks blocks;
    queue.blocks(blocks);
    if (blocks[0].size() < HeadSize)
        blocks[0] = queue.linearize();
    m_departing = qFromBigEndian<quint32>(blocks[0].data());
    char *target = nullptr;
    if (m_departing <= BlockSize) {
        if (!m_outputBuffer)
            m_outputBuffer.reset(new char[BlockSize]);
        target = m_outputBuffer.get();
    } else {
        m_message.resize(qsizetype(m_departing));
        target = m_message.data();
    }
    qint64 left = m_departing;
    qsizetype skip = HeadSize;
    qint64 done = 0;
    const int count = queue.blocks(blocks);
    for (int i = 0; i < count && left > 0; ++i) {
        const QByteArrayView block = blocks[size_t(i)].sliced(skip);
        skip = 0;
        const auto part = qsizetype(std::min<qint64>(block.size(), left));
        std::memcpy(target + done, block.data(), size_t(part));
        done += part;
        left -= part;
    }
    if (left > 0) // in more pieces than are seen at once
        std::memcpy(target, queue.linearize().data() + HeadSize, size_t(m_departing));
    m_writing.started(pipe(), sys::writeFile(pipe(), target, DWORD(m_departing), m_writing.begin()));
}

IoResult MessagePipeIo::writeMessages(ByteQueue &queue)
{
    IoResult result;
    while (m_writing.isBegun() || (queue.size() >= HeadSize && result.bytes < WriteShare)) {
        if (!m_writing.isBegun())
            beginMessage(queue);
        if (!m_writing.hasFinished()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        DWORD bytes = 0;
        const DWORD error = m_writing.finish(bytes);
        m_message = QByteArray();
        if (error != sys::NoError)
            return {IoResult::Failed, result.bytes, int(error), "WriteFile"};
        queue.skip(HeadSize + m_departing);
        messageWritten();
        result.bytes += m_departing;
    }
    return result;
}

} // namespace InterprocessQt
