// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "randomsteps.h"

#include "stream/bytequeue_p.h"

#include <cstring>
#include <memory>
#include <thread>

#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
#include <malloc.h>
#define HAS_MALLINFO2
#endif
#endif

using namespace InterprocessQt;

class tst_bytequeue : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void startsEmpty();
    void bytesComeOutAsTheyWentIn();
    void whatIsReservedIsThereOnceCommitted();
    void anEmptyCommitLeavesNothingBehind();
    void anEmptyCommitBehindAFullChunkIsNotLostWhenPutInOnePiece();
    void bytesPutInFrontComeFirst();
    void aCharacterIsFoundAcrossChunksAndNotBeyondTheLimit();
    void blocksAreTheContentInOrder();
    void manyChunksMakeAtMostSoManyBlocks();
    void inOnePieceItIsTheSame();
    void compactingKeepsTheBytes();
    void aLargeArrayIsKeptAndNotCopied();
    void whatIsNotWorthKeepingOrNotOursIsCopied();
    void aQueueOutlivesTheThreadThatFilledIt();
    void agreesWithAByteArrayThroughRandomSteps();
};

namespace
{
QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = char(i * 7 + i / 251);
    return bytes;
}

QByteArray everything(ByteQueue &queue)
{
    QByteArray bytes(qsizetype(queue.size()), Qt::Uninitialized);
    bytes.truncate(qsizetype(queue.read(bytes.data(), bytes.size())));
    return bytes;
}

QByteArray joined(const ByteQueue &queue)
{
    ByteQueue::Blocks blocks;
    QByteArray bytes;
    for (int i = 0, count = queue.blocks(blocks); i < count; ++i)
        bytes += blocks[size_t(i)].toByteArray();
    return bytes;
}
} // namespace

void tst_bytequeue::startsEmpty()
{
    ByteQueue queue;
    QVERIFY(queue.isEmpty());
    QCOMPARE(queue.size(), 0);
    char c;
    QCOMPARE(queue.read(&c, 1), 0);
    QCOMPARE(queue.skip(1), 0);
    QCOMPARE(queue.indexOf('\n', 100), -1);
    QVERIFY(queue.linearize().isEmpty());
    ByteQueue::Blocks blocks;
    QCOMPARE(queue.blocks(blocks), 0);
    queue.compact();
    queue.clear();
    QVERIFY(queue.isEmpty());
}

void tst_bytequeue::bytesComeOutAsTheyWentIn()
{
    const QByteArray sent = pattern(3 * ByteQueue::ChunkSize + 17);
    ByteQueue queue;
    queue.append(sent.constData(), 5);
    queue.append(sent.constData() + 5, sent.size() - 5);
    QCOMPARE(queue.size(), sent.size());
    QByteArray first(ByteQueue::ChunkSize + 3, Qt::Uninitialized);
    QCOMPARE(queue.read(first.data(), first.size()), first.size());
    QCOMPARE(queue.skip(10), 10);
    QCOMPARE(first, sent.first(first.size()));
    QCOMPARE(everything(queue), sent.mid(first.size() + 10));
    QVERIFY(queue.isEmpty());
}

void tst_bytequeue::whatIsReservedIsThereOnceCommitted()
{
    const QByteArray sent = pattern(200'000);
    ByteQueue queue;
    qsizetype done = 0;
    while (done < sent.size()) {
        const ByteQueue::Space space = queue.reserve();
        QVERIFY(space.size > 0);
        const qsizetype part = qMin(qMin<qsizetype>(space.size, 7'000), sent.size() - done);
        std::memcpy(space.data, sent.constData() + done, size_t(part));
        QCOMPARE(queue.size(), done);
        queue.commit(part);
        done += part;
        QCOMPARE(queue.size(), done);
    }
    QCOMPARE(everything(queue), sent);
}

void tst_bytequeue::anEmptyCommitLeavesNothingBehind()
{
    ByteQueue queue;
    QVERIFY(queue.reserve().size > 0);
    queue.commit(0);
    ByteQueue::Blocks blocks;
    QCOMPARE(queue.blocks(blocks), 0); // an empty block would become an empty write
    queue.append("rest", 4);
    QVERIFY(queue.reserve().size > 0);
    queue.commit(0);
    QCOMPARE(everything(queue), "rest");
}

// Seen by the leak checker, too, where there is one.
void tst_bytequeue::anEmptyCommitBehindAFullChunkIsNotLostWhenPutInOnePiece()
{
    const QByteArray sent = pattern(ByteQueue::ChunkSize - 100);
    const auto round = [&] {
        ByteQueue queue;
        queue.append(sent.constData(), sent.size());
        QVERIFY(queue.reserve().size > 100); // not the rest of the first chunk
        queue.commit(0);
        QCOMPARE(queue.linearize(), sent);
        ByteQueue::Blocks blocks;
        QCOMPARE(queue.blocks(blocks), 1);
        QCOMPARE(queue.skip(sent.size()), sent.size());
        QVERIFY(queue.isEmpty());
    };
    round();
#ifdef HAS_MALLINFO2
    const size_t before = ::mallinfo2().uordblks;
#endif
    for (int i = 0; i < 100 && !QTest::currentTestFailed(); ++i)
        round();
#ifdef HAS_MALLINFO2
    QCOMPARE_LT(::mallinfo2().uordblks, before + 20 * size_t(ByteQueue::ChunkSize));
#endif
}

void tst_bytequeue::bytesPutInFrontComeFirst()
{
    ByteQueue queue;
    queue.prepend("b");
    queue.append("c", 1);
    queue.prepend("a");
    queue.prepend("");
    QCOMPARE(everything(queue), "abc");
    queue.append("after", 5);
    QCOMPARE(everything(queue), "after");
}

void tst_bytequeue::aCharacterIsFoundAcrossChunksAndNotBeyondTheLimit()
{
    QByteArray sent(2 * ByteQueue::ChunkSize, 'x');
    const qsizetype there = ByteQueue::ChunkSize + 100;
    sent[there] = '\n';
    ByteQueue queue;
    queue.append(sent.constData(), sent.size());
    QCOMPARE(queue.indexOf('\n', sent.size()), there);
    QCOMPARE(queue.indexOf('\n', there + 1), there);
    QCOMPARE(queue.indexOf('\n', there), -1);
    QCOMPARE(queue.indexOf('y', sent.size()), -1);
    QCOMPARE(queue.skip(50), 50);
    QCOMPARE(queue.indexOf('\n', sent.size()), there - 50);
}

void tst_bytequeue::blocksAreTheContentInOrder()
{
    const QByteArray sent = pattern(4 * ByteQueue::ChunkSize + 1);
    ByteQueue queue;
    queue.append(sent.constData(), sent.size());
    QCOMPARE(joined(queue), sent);
    QCOMPARE(queue.skip(100), 100);
    QCOMPARE(joined(queue), sent.mid(100));
    QCOMPARE(queue.size(), sent.size() - 100); // looking takes nothing
}

void tst_bytequeue::manyChunksMakeAtMostSoManyBlocks()
{
    const QByteArray sent = pattern((ByteQueue::MaxBlocks + 5) * ByteQueue::ChunkSize);
    ByteQueue queue;
    queue.append(sent.constData(), sent.size());
    ByteQueue::Blocks blocks;
    QCOMPARE(queue.blocks(blocks), int(ByteQueue::MaxBlocks));
    const QByteArray begin = joined(queue);
    QCOMPARE(begin, sent.first(begin.size()));
}

void tst_bytequeue::inOnePieceItIsTheSame()
{
    const QByteArray sent = pattern(3 * ByteQueue::ChunkSize);
    ByteQueue queue;
    queue.append(sent.constData(), sent.size());
    QCOMPARE(queue.linearize().toByteArray(), sent);
    QCOMPARE(queue.size(), sent.size());
    QCOMPARE(queue.skip(10), 10);
    queue.append("more", 4);
    QCOMPARE(queue.linearize().toByteArray(), sent.mid(10) + "more");
    queue.prepend("front");
    QCOMPARE(queue.linearize().toByteArray(), "front" + sent.mid(10) + "more");
}

void tst_bytequeue::compactingKeepsTheBytes()
{
    for (const qsizetype size : {qsizetype(0), qsizetype(1), qsizetype(2048), qsizetype(2049), ByteQueue::ChunkSize * 2}) {
        const QByteArray sent = pattern(size + 100);
        ByteQueue queue;
        queue.append(sent.constData(), sent.size());
        QCOMPARE(queue.skip(100), 100);
        queue.compact();
        QCOMPARE(queue.size(), size);
        queue.append("+", 1);
        QVERIFY(queue.reserve().size > 0);
        queue.commit(0);
        QCOMPARE(everything(queue), sent.mid(100) + '+');
    }
}

void tst_bytequeue::aLargeArrayIsKeptAndNotCopied()
{
    QByteArray array = pattern(ByteQueue::ChunkSize);
    const QByteArray sent(array.constData(), array.size());
    ByteQueue queue;
    queue.append("before", 6);
    queue.append(array, 100);
    queue.append("after", 5);
    QVERIFY(!array.isDetached());
    QCOMPARE(queue.size(), 6 + sent.size() - 100 + 5);
    ByteQueue::Blocks blocks;
    QCOMPARE(queue.blocks(blocks), 3);
    QCOMPARE(static_cast<const void *>(blocks[1].data()), static_cast<const void *>(array.constData() + 100));

    array.fill('?'); // of no concern to what is queued
    QCOMPARE(queue.skip(6 + 900), 906);
    QCOMPARE(everything(queue), sent.mid(1000) + "after");

    queue.append(sent, 0);
    QVERIFY(!sent.isDetached());
    QCOMPARE(queue.skip(sent.size() - 1), sent.size() - 1);
    QVERIFY(!sent.isDetached());
    QCOMPARE(queue.skip(1), 1);
    QVERIFY(sent.isDetached()); // let go with its last byte
    queue.append(sent, 0);
    queue.clear();
    QVERIFY(sent.isDetached());
}

void tst_bytequeue::whatIsNotWorthKeepingOrNotOursIsCopied()
{
    const QByteArray sent = pattern(ByteQueue::ChunkSize);
    ByteQueue queue;
    const QByteArray small = sent.first(ByteQueue::SmallestShared - 1);
    queue.append(small, 0);
    QVERIFY(small.isDetached());
    QByteArray roomy;
    roomy.reserve(4 * sent.size());
    roomy += sent;
    queue.append(roomy, 0);
    QVERIFY(roomy.isDetached());
    queue.append(sent, sent.size() * 3 / 4); // most of it would be kept for nothing
    QVERIFY(sent.isDetached());

    // The memory is somebody else's, who may use it for something new.
    QByteArray memory(sent.constData(), sent.size());
    queue.append(QByteArray::fromRawData(memory.constData(), memory.size()), 0);
    memory.fill('?');
    QCOMPARE(everything(queue), small + sent + sent.mid(sent.size() * 3 / 4) + sent);
}

void tst_bytequeue::aQueueOutlivesTheThreadThatFilledIt()
{
    auto queue = std::make_unique<ByteQueue>();
    const QByteArray sent = pattern(20 * ByteQueue::ChunkSize);
    std::thread([&] {
        queue->append(sent.constData(), sent.size());
        ByteQueue passing; // leaves chunks in the pool of the thread
        passing.append(sent.constData(), sent.size());
    }).join();
    QCOMPARE(everything(*queue), sent);
    // And it may end in another thread than it began.
    queue->append(sent.constData(), sent.size());
    std::thread([&] {
        queue.reset();
    }).join();
}

void tst_bytequeue::agreesWithAByteArrayThroughRandomSteps()
{
    RandomSteps random;
    ByteQueue queue;
    QByteArray model;
    for (int step = 0; step < 10'000; ++step) {
        const int largest = 3 * int(ByteQueue::ChunkSize);
        switch (random.below(9)) {
        case 0:
        case 1: {
            const QByteArray bytes = random.bytes(random.size(largest));
            if (random.chance(50))
                queue.append(bytes, random.below(int(bytes.size()) + 1) / 2);
            else
                queue.append(bytes.constData(), bytes.size());
            model += bytes.last(qsizetype(queue.size()) - model.size());
            break;
        }
        case 2: {
            const ByteQueue::Space space = queue.reserve();
            const QByteArray bytes = random.bytes(random.below(int(qMin<qsizetype>(space.size, 5000)) + 1));
            if (!bytes.isEmpty())
                std::memcpy(space.data, bytes.constData(), size_t(bytes.size()));
            queue.commit(bytes.size());
            model += bytes;
            break;
        }
        case 3: {
            const QByteArray bytes = random.bytes(random.below(50));
            queue.prepend(bytes);
            model.prepend(bytes);
            break;
        }
        case 4: {
            QByteArray bytes(random.size(largest), Qt::Uninitialized);
            bytes.truncate(qsizetype(queue.read(bytes.data(), bytes.size())));
            QCOMPARE(bytes, model.first(bytes.size()));
            model.remove(0, bytes.size());
            break;
        }
        case 5: {
            const qint64 skipped = queue.skip(random.size(2 * largest));
            model.remove(0, qsizetype(skipped));
            break;
        }
        case 6: {
            const int within = random.size(largest);
            QCOMPARE(queue.indexOf('q', within), qint64(model.first(qMin<qsizetype>(within, model.size())).indexOf('q')));
            break;
        }
        case 7:
            if (random.chance(20))
                QVERIFY(queue.linearize() == model);
            break;
        default:
            queue.compact();
        }
        QCOMPARE(queue.size(), model.size());
    }
    QCOMPARE(everything(queue), model);
}

QTEST_GUILESS_MAIN(tst_bytequeue)
#include "tst_bytequeue.moc"
