// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BYTEQUEUE_P_H
#define INTERPROCESSQT_BYTEQUEUE_P_H

#include <QtCore/qbytearrayview.h>
#include <QtCore/qglobal.h>

#include <array>

namespace InterprocessQt
{

/*
 * Bytes in the order they came, in a chain of chunks.
 *
 * The system reads into it and writes from it without a copy between. Chunks of the standard size come from
 * a small pool of the thread, so that a busy stream allocates nothing and an idle one holds nothing.
 */
class ByteQueue
{
public:
    // What a default Unix socket hands over in one system call at full speed, and what fits the second-level cache
    // several times over.
    static constexpr qsizetype ChunkSize = 64 * 1024;

    struct Space {
        char *data;
        qsizetype size;
    };
    static constexpr int MaxBlocks = 16;
    using Blocks = std::array<QByteArrayView, MaxBlocks>;

    ByteQueue() = default;
    ~ByteQueue()
    {
        clear();
    }
    Q_DISABLE_COPY_MOVE(ByteQueue)

    [[nodiscard]] qint64 size() const noexcept
    {
        return m_size;
    }
    [[nodiscard]] bool isEmpty() const noexcept
    {
        return m_size == 0;
    }

    // Room behind the last byte; what was put there is made part of the queue by commit().
    [[nodiscard]] Space reserve();
    void commit(qsizetype size) noexcept;

    void append(const char *data, qsizetype size);
    void prepend(QByteArrayView data);

    qint64 read(char *data, qint64 maxSize) noexcept;
    qint64 skip(qint64 maxSize) noexcept;
    [[nodiscard]] qint64 indexOf(char c, qint64 within) const noexcept;

    // The first bytes, as pieces for a gathering write; returns how many pieces.
    int blocks(Blocks &blocks) const noexcept;
    // Everything in one piece, moved together where it is not.
    [[nodiscard]] QByteArrayView linearize();

    // Moves a small rest out of a large chunk, for a stream that may now be idle for long.
    void compact();
    void clear() noexcept;

private:
    struct Chunk;
    struct Pool;
    static Chunk *allocate(qsizetype capacity);
    static void release(Chunk *chunk) noexcept;
    Chunk *appendChunk(qsizetype capacity);
    void dropFront() noexcept;

    Chunk *m_first = nullptr;
    Chunk *m_last = nullptr;
    qint64 m_size = 0;
};

} // namespace InterprocessQt

#endif
