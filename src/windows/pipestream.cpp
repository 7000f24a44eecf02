// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipestream_p.h"

#include "stream/bytequeue_p.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace InterprocessQt
{

namespace
{
// What one stream may write before others get their turn.
constexpr qint64 WriteShare = 1024 * 1024;
} // namespace

PipeStreamIo::PipeStreamIo(NativeHandle handle, StreamIoClient &client, Sharing sharing)
    : m_client(client)
    , m_handle(std::move(handle))
    , m_reading(*this)
    , m_writing(*this)
{
    // A port is a property of the open pipe: another process that has it, too, could not use one of its own.
    if (sharing == Sharing::None)
        Overlapped::setHandle(pipe());
}

PipeStreamIo::~PipeStreamIo() = default;

// ---- Reading

void PipeStreamIo::beginRead()
{
    if (m_reading.isBegun())
        return;
    if (!m_inputBuffer)
        m_inputBuffer.reset(new char[BlockSize]);
    m_reading.started(pipe(), sys::readFile(pipe(), m_inputBuffer.get(), BlockSize, m_reading.begin()));
}

// Looks at what an ended read has brought; false if it is still under way.
bool PipeStreamIo::collectRead()
{
    if (!m_reading.hasFinished())
        return false;
    if (!std::exchange(m_inputCollected, true)) {
        m_inputBegin = 0;
        m_inputError = m_reading.result(m_inputEnd);
        // Of a peer that writes messages, the rest of one: the boundaries mean nothing here. And nobody but us may end a read
        // of ours, but a thread that ends does so all the same where the handle came with a completion port of its own.
        if (m_inputError == ERROR_MORE_DATA || m_inputError == ERROR_OPERATION_ABORTED)
            m_inputError = sys::NoError;
    }
    return true;
}

void PipeStreamIo::endRead()
{
    DWORD bytes;
    m_reading.finish(bytes);
    m_inputCollected = false;
}

IoResult PipeStreamIo::read(ByteQueue &queue, qint64 limit)
{
    IoResult result;
    while (result.bytes < limit) {
        beginRead();
        if (!collectRead()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        const auto size = DWORD(std::min<qint64>(m_inputEnd - m_inputBegin, limit - result.bytes));
        if (size > 0)
            queue.append(m_inputBuffer.get() + m_inputBegin, qsizetype(size));
        m_inputBegin += size;
        result.bytes += size;
        if (m_inputBegin < m_inputEnd)
            break; // no more was asked for
        if (m_inputError == sys::NoError) {
            endRead(); // also of nothing at all: an empty message, which is nothing to a stream
            continue;
        }
        if (isEndOfPipe(m_inputError))
            return {IoResult::EndOfStream, result.bytes, 0, ""};
        return {IoResult::Failed, result.bytes, int(m_inputError), "ReadFile"};
    }
    if (m_interest.readable) {
        beginRead();
        m_reading.setWatched(true);
    }
    return result;
}

qint64 PipeStreamIo::readAhead()
{
    if (!m_reading.isBegun())
        return 0;
    m_reading.cancel();
    if (m_inputCollected)
        return m_inputEnd - m_inputBegin;
    // Waits for the end; what it has brought is still to be read, and a read that was cancelled begins again.
    DWORD bytes = 0;
    static_cast<void>(m_reading.result(bytes));
    return bytes;
}

// ---- Writing

// Of what is in the buffer. No size that a call is given has more than 32 bits, as it is never more than BlockSize.
void PipeStreamIo::beginWrite(DWORD size)
{
    m_writing.started(pipe(), sys::writeFile(pipe(), m_outputBuffer.get(), size, m_writing.begin()));
}

IoResult PipeStreamIo::write(const char *data, qint64 size)
{
    Q_ASSERT(!m_writing.isBegun()); // the queue would not be empty
    if (!m_outputBuffer)
        m_outputBuffer.reset(new char[BlockSize]);
    IoResult result;
    while (result.bytes < size && result.bytes < WriteShare) {
        const auto block = DWORD(std::min<qint64>({size - result.bytes, claimLimit, BlockSize}));
        std::memcpy(m_outputBuffer.get(), data + result.bytes, block);
        beginWrite(block);
        if (!m_writing.hasFinished()) {
            result.status = IoResult::WouldBlock;
            result.claimed = block;
            break;
        }
        DWORD bytes = 0;
        const DWORD error = m_writing.finish(bytes);
        result.bytes += bytes;
        if (error != sys::NoError)
            return {IoResult::Failed, result.bytes, int(error), "WriteFile"};
    }
    return result;
}

IoResult PipeStreamIo::write(ByteQueue &queue)
{
    if (!m_outputBuffer)
        m_outputBuffer.reset(new char[BlockSize]);
    IoResult result;
    while (m_writing.isBegun() || (!queue.isEmpty() && result.bytes < WriteShare)) {
        if (!m_writing.isBegun()) {
            ByteQueue::Blocks blocks;
            const int count = queue.blocks(blocks);
            DWORD size = 0;
            for (int i = 0; i < count && size < BlockSize; ++i) {
                const QByteArrayView block = blocks[size_t(i)];
                const auto part = DWORD(std::min<qsizetype>(block.size(), BlockSize - size));
                std::memcpy(m_outputBuffer.get() + size, block.data(), part);
                size += part;
            }
            beginWrite(size);
        }
        if (!m_writing.hasFinished()) {
            result.status = IoResult::WouldBlock;
            break;
        }
        DWORD bytes = 0;
        const DWORD error = m_writing.finish(bytes);
        queue.skip(bytes);
        result.bytes += bytes;
        if (error != sys::NoError)
            return {IoResult::Failed, result.bytes, int(error), "WriteFile"};
    }
    return result;
}

int PipeStreamIo::closeWriting()
{
    return ERROR_NOT_SUPPORTED; // a pipe has one end for both directions
}

// ---- Readiness

void PipeStreamIo::setInterest(IoReadiness interest)
{
    m_interest = interest;
    if (interest.readable)
        beginRead();
    m_reading.setWatched(interest.readable);
    m_writing.setWatched(interest.writable);
}

void PipeStreamIo::operationEnded(Overlapped &operation)
{
    if (&operation == &m_reading)
        m_client.ioReady({true, false});
    else
        m_client.ioReady({false, true});
}

IoReadiness PipeStreamIo::wait(IoReadiness what, QDeadlineTimer deadline)
{
    if (what.readable)
        beginRead();
    for (;;) {
        const IoReadiness ready{
            what.readable && m_reading.hasFinished(),
            what.writable && (!m_writing.isBegun() || m_writing.hasFinished()),
        };
        if (ready.readable || ready.writable)
            return ready;
        const Overlapped *const first = what.readable ? &m_reading : &m_writing;
        const Overlapped *const second = what.writable ? &m_writing : first;
        if (!Overlapped::waitForAny({first, second}, deadline))
            return {};
    }
}

void PipeStreamIo::detach()
{
    m_reading.detach();
    m_writing.detach();
}

bool PipeStreamIo::attach()
{
    return m_reading.attach() && m_writing.attach();
}

bool PipeStreamIo::isOurs() const
{
    return true; // there is no fork()
}

qintptr PipeStreamIo::handle() const
{
    return m_handle.get();
}

NativeHandle PipeStreamIo::release()
{
    detach();
    for (Overlapped *operation : {&m_reading, &m_writing}) {
        if (operation->isBegun()) {
            DWORD bytes;
            operation->cancel();
            operation->finish(bytes);
        }
    }
    return std::move(m_handle);
}

} // namespace InterprocessQt
