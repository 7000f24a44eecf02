// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_MESSAGEBUFFER_H
#define BENCH_MESSAGEBUFFER_H

#include <cstddef>
#include <cstring>
#include <memory>

namespace Bench
{

// Where a backend without buffers of its own reads into. An idle connection has none.
class MessageBuffer
{
public:
    static constexpr size_t ReadSize = 64 * 1024;

    // How much to read at first; once that much has come, ReadSize.
    explicit MessageBuffer(int messageSize, size_t firstRead = ReadSize)
        : m_messageSize(size_t(messageSize))
        , m_readSize(firstRead)
    {
    }

    [[nodiscard]] size_t readSize() const
    {
        return m_readSize;
    }
    // Room for at least readSize() bytes.
    [[nodiscard]] char *space()
    {
        if (!m_bytes)
            m_bytes = std::make_unique_for_overwrite<char[]>(m_readSize + m_messageSize);
        return m_bytes.get() + m_used;
    }
    // So much came: is that a reason to read more at a time?
    void adapt(size_t size)
    {
        if (size < m_readSize || m_readSize == ReadSize)
            return;
        m_readSize = ReadSize;
        auto larger = std::make_unique_for_overwrite<char[]>(m_readSize + m_messageSize);
        std::memcpy(larger.get(), m_bytes.get(), m_used);
        m_bytes = std::move(larger);
    }

    // So much was put there. Each message that is complete now is handled.
    template<typename Handle>
    void commit(size_t size, Handle &&handle)
    {
        m_used += size;
        size_t done = 0;
        for (; m_used - done >= m_messageSize; done += m_messageSize)
            handle(m_bytes.get() + done);
        m_used -= done;
        if (m_used > 0 && done > 0)
            std::memmove(m_bytes.get(), m_bytes.get() + done, m_used);
    }

private:
    const size_t m_messageSize;
    size_t m_readSize;
    size_t m_used = 0;
    std::unique_ptr<char[]> m_bytes;
};

} // namespace Bench

#endif
