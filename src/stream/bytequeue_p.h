// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BYTEQUEUE_P_H
#define INTERPROCESSQT_BYTEQUEUE_P_H

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>
#include <QtCore/qglobal.h>

#include <array>
#include <cstring>

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
    // The bytes behind it are to begin at a multiple of 16, as those of most users' buffers do. A copy between two places that
    // differ by less than 16 modulo the page size is more than ten times slower on some CPUs (glibc bug 30994).
    struct alignas(16) Chunk {
        Chunk *next;
        char *data; // behind the chunk, or in the array of a SharedChunk
        qsizetype capacity;
        qsizetype begin;
        qsizetype end;

        char *bytes() noexcept
        {
            return data;
        }
        const char *bytes() const noexcept
        {
            return data;
        }
        bool isShared() const noexcept
        {
            return data != reinterpret_cast<const char *>(this + 1);
        }
        qsizetype used() const noexcept
        {
            return end - begin;
        }
        qsizetype room() const noexcept
        {
            return capacity - end;
        }
    };

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
    // The same with room for so many bytes in one piece.
    [[nodiscard]] Space reserveWhole(qsizetype size);

    void append(const char *data, qsizetype size)
    {
        // Nearly always there is room behind the last byte.
        if (Chunk *chunk = m_last; chunk && chunk->room() >= size) {
            std::memcpy(chunk->bytes() + chunk->end, data, size_t(size));
            chunk->end += size;
            m_size += size;
            return;
        }
        appendMore(data, size);
    }
    // Without a copy where that is worth it: the array is kept until its bytes are taken off. For queues that are written
    // from; nothing is ever changed in it.
    void append(const QByteArray &data, qsizetype from);
    // From this size on; a copy of less costs no more than an allocation.
    static constexpr qsizetype SmallestShared = 16 * 1024;
    void prepend(QByteArrayView data);

    qint64 read(char *data, qint64 maxSize) noexcept
    {
        // Nearly always the first chunk has as much, and something is left in it.
        if (Chunk *chunk = m_first; chunk && maxSize > 0 && chunk->used() > maxSize) {
            std::memcpy(data, chunk->bytes() + chunk->begin, size_t(maxSize));
            chunk->begin += qsizetype(maxSize);
            m_size -= maxSize;
            return maxSize;
        }
        return readMore(data, maxSize);
    }
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
    struct Pool;
    struct SharedChunk;
    void appendMore(const char *data, qsizetype size);
    qint64 readMore(char *data, qint64 maxSize) noexcept;
    static Chunk *allocate(qsizetype capacity);
    static void release(Chunk *chunk) noexcept;
    Chunk *appendChunk(qsizetype capacity);
    Chunk *link(Chunk *chunk) noexcept;
    void dropFront() noexcept;
    void dropLast() noexcept;

    Chunk *m_first = nullptr;
    Chunk *m_last = nullptr;
    qint64 m_size = 0;
};

} // namespace InterprocessQt

#endif
