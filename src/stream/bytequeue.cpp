// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "bytequeue_p.h"

#include <QtCore/qthreadstorage.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace InterprocessQt
{

namespace
{
// Less room than this at the end of a chunk is not worth a system call.
constexpr qsizetype SmallestRoom = 4096;
// A rest of this size is moved out of its chunk when the stream pauses.
constexpr qsizetype SmallRest = 2048;
// 1 MiB a thread at the most.
constexpr int PooledChunks = 16;

// Set when the thread's pool is gone: queues that outlive it give their memory back to the system. It has no
// destructor, so that reading it stays defined to the very end of the thread.
thread_local bool poolDestroyed = false;
} // namespace

struct ByteQueue::Pool {
    Pool()
    {
        ofThisThread = this;
    }
    ~Pool()
    {
        ofThisThread = nullptr;
        while (first) {
            Chunk *chunk = first;
            first = chunk->next;
            std::free(chunk);
        }
        poolDestroyed = true;
    }
    static Pool *ofThread()
    {
        return ofThisThread || poolDestroyed ? ofThisThread : make();
    }
    static Pool *make()
    {
        // Qt's storage and not thread_local: MinGW has freed the memory of such a variable by the time its destructor runs (GCC
        // bug 83562). Never destroyed itself, as threads may end after the statics.
        static auto *const pools = new QThreadStorage<Pool *>;
        pools->setLocalData(new Pool);
        return ofThisThread;
    }

    static inline thread_local Pool *ofThisThread = nullptr;
    Chunk *first = nullptr;
    int count = 0;
};

// Bytes of an array somewhere else. Its capacity ends where they do, so that nothing is put behind them.
struct ByteQueue::SharedChunk : Chunk {
    SharedChunk(const QByteArray &whole, qsizetype from)
        : Chunk{nullptr, const_cast<char *>(whole.constData()), whole.size(), from, whole.size()}
        , array(whole)
    {
    }
    const QByteArray array;
};

ByteQueue::Chunk *ByteQueue::allocate(qsizetype capacity)
{
    if (Pool *const pool = capacity == ChunkSize ? Pool::ofThread() : nullptr) {
        if (Chunk *chunk = pool->first) {
            pool->first = chunk->next;
            --pool->count;
            return new (chunk) Chunk{nullptr, reinterpret_cast<char *>(chunk + 1), ChunkSize, 0, 0};
        }
    }
    void *memory = std::malloc(sizeof(Chunk) + size_t(capacity));
    Q_CHECK_PTR(memory);
    return new (memory) Chunk{nullptr, static_cast<char *>(memory) + sizeof(Chunk), capacity, 0, 0};
}

void ByteQueue::release(Chunk *chunk) noexcept
{
    if (chunk->isShared()) {
        delete static_cast<SharedChunk *>(chunk);
        return;
    }
    if (Pool *const pool = chunk->capacity == ChunkSize ? Pool::ofThread() : nullptr) {
        if (pool->count < PooledChunks) {
            chunk->next = pool->first;
            pool->first = chunk;
            ++pool->count;
            return;
        }
    }
    std::free(chunk);
}

ByteQueue::Chunk *ByteQueue::appendChunk(qsizetype capacity)
{
    return link(allocate(capacity));
}

ByteQueue::Chunk *ByteQueue::link(Chunk *chunk) noexcept
{
    if (m_last)
        m_last->next = chunk;
    else
        m_first = chunk;
    m_last = chunk;
    return chunk;
}

void ByteQueue::dropFront() noexcept
{
    Chunk *chunk = m_first;
    m_first = chunk->next;
    if (!m_first)
        m_last = nullptr;
    release(chunk);
}

void ByteQueue::dropLast() noexcept
{
    Chunk *const chunk = m_last;
    if (chunk == m_first) {
        m_first = m_last = nullptr;
    } else {
        m_last = m_first;
        while (m_last->next != chunk)
            m_last = m_last->next;
        m_last->next = nullptr;
    }
    release(chunk);
}

ByteQueue::Space ByteQueue::reserve()
{
    if (m_last && m_last->room() >= SmallestRoom)
        return {m_last->bytes() + m_last->end, m_last->room()};

    // A small rest goes to the front of the new chunk, so that what belongs together stays in one piece.
    Chunk *rest = (m_first == m_last && m_first && m_first->used() <= SmallRest) ? m_first : nullptr;
    if (rest)
        m_first = m_last = nullptr;
    Chunk *chunk = appendChunk(ChunkSize);
    if (rest) {
        std::memcpy(chunk->bytes(), rest->bytes() + rest->begin, size_t(rest->used()));
        chunk->end = rest->used();
        release(rest);
    }
    return {chunk->bytes() + chunk->end, chunk->room()};
}

ByteQueue::Space ByteQueue::reserveWhole(qsizetype size)
{
    const Chunk *chunk = m_last && m_last->room() >= size ? m_last : appendChunk(std::max(size, ChunkSize));
    return {m_last->bytes() + chunk->end, chunk->room()};
}

void ByteQueue::commit(qsizetype size) noexcept
{
    Q_ASSERT(m_last && size <= m_last->room());
    m_last->end += size;
    m_size += size;
    // Nothing came: an empty chunk must not stay with a stream that may now be idle.
    if (m_last->used() == 0)
        dropLast();
}

void ByteQueue::appendMore(const char *data, qsizetype size)
{
    while (size > 0) {
        Chunk *chunk = m_last && m_last->room() > 0 ? m_last : appendChunk(ChunkSize);
        const qsizetype part = std::min(size, chunk->room());
        std::memcpy(chunk->bytes() + chunk->end, data, size_t(part));
        chunk->end += part;
        m_size += part;
        data += part;
        size -= part;
    }
}

void ByteQueue::append(const QByteArray &data, qsizetype from)
{
    const qsizetype size = data.size() - from;
    // One that owns no memory (QByteArray::fromRawData()) has no capacity, and its bytes may be gone tomorrow. Of one that
    // is mostly empty, or mostly written already, more would be kept than is needed.
    if (size < SmallestShared || data.capacity() == 0 || size < data.capacity() / 2) {
        append(data.constData() + from, size);
        return;
    }
    link(new SharedChunk(data, from));
    m_size += size;
}

void ByteQueue::prepend(QByteArrayView data)
{
    if (data.isEmpty())
        return;
    Chunk *chunk = allocate(data.size());
    std::memcpy(chunk->bytes(), data.data(), size_t(data.size()));
    chunk->end = data.size();
    chunk->next = m_first;
    m_first = chunk;
    if (!m_last)
        m_last = chunk;
    m_size += data.size();
}

qint64 ByteQueue::readMore(char *data, qint64 maxSize) noexcept
{
    qint64 done = 0;
    while (done < maxSize && m_first) {
        const qint64 part = std::min<qint64>(maxSize - done, m_first->used());
        std::memcpy(data + done, m_first->bytes() + m_first->begin, size_t(part));
        m_first->begin += part;
        done += part;
        if (m_first->used() == 0)
            dropFront();
    }
    m_size -= done;
    return done;
}

qint64 ByteQueue::skip(qint64 maxSize) noexcept
{
    qint64 done = 0;
    while (done < maxSize && m_first) {
        const qint64 part = std::min<qint64>(maxSize - done, m_first->used());
        m_first->begin += part;
        done += part;
        if (m_first->used() == 0)
            dropFront();
    }
    m_size -= done;
    return done;
}

qint64 ByteQueue::indexOf(char c, qint64 within) const noexcept
{
    qint64 before = 0;
    for (const Chunk *chunk = m_first; chunk && before < within; chunk = chunk->next) {
        const qint64 part = std::min<qint64>(within - before, chunk->used());
        const char *start = chunk->bytes() + chunk->begin;
        if (const void *found = std::memchr(start, c, size_t(part)))
            return before + (static_cast<const char *>(found) - start);
        before += part;
    }
    return -1;
}

int ByteQueue::blocks(Blocks &blocks) const noexcept
{
    size_t count = 0;
    for (const Chunk *chunk = m_first; chunk && count < blocks.size(); chunk = chunk->next)
        blocks[count++] = QByteArrayView(chunk->bytes() + chunk->begin, chunk->used());
    return int(count);
}

QByteArrayView ByteQueue::linearize()
{
    if (!m_first)
        return {};
    if (m_first->next) {
        // Twice the size, so that a message that arrives in many parts is not copied once for each of them.
        Chunk *whole = allocate(qsizetype(m_size) * 2);
        whole->end = qsizetype(m_size);
        const qint64 size = m_size;
        read(whole->bytes(), size);
        clear();
        m_first = m_last = whole;
        m_size = size;
    }
    return QByteArrayView(m_first->bytes() + m_first->begin, m_first->used());
}

void ByteQueue::compact()
{
    if (!m_first || m_first->next || m_size > SmallRest || m_first->capacity <= SmallRest)
        return;
    Chunk *large = m_first;
    Chunk *small = allocate(qsizetype(m_size));
    std::memcpy(small->bytes(), large->bytes() + large->begin, size_t(m_size));
    small->end = qsizetype(m_size);
    m_first = m_last = small;
    release(large);
}

void ByteQueue::clear() noexcept
{
    while (m_first)
        dropFront();
    m_size = 0;
}

} // namespace InterprocessQt
