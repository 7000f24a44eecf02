// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QFile>
#include <QTimer>

#include <algorithm>

using namespace InterprocessQt;

// Whoever is slow is waited for, at both ends, in bounded memory and without losing a byte.
class tst_streamdevice_backpressure : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void readingStopsAtTheLimitAndTheWriterFeelsIt();
    void readingGoesOnAfterEveryWayToRead_data();
    void readingGoesOnAfterEveryWayToRead();
    void aLimitCanBeSetAndRaisedAndLiftedMeanwhile();
    void theEndComesAfterWhatWaitedInTheKernel();
    void writeTakesNoMoreThanFits();
    void shortWritesLoseNothing();
    void aLargeArrayWaitsWithoutACopy();
    void congestionIsToldUpAndDown();
    void congestionEndsWithTheConnection();
    void aProducerThatMindsCongestionNeedsLittleMemory();
    void aServerSetsTheLimitsOfWhatItAccepts();
};

namespace
{
// As much as the kernel may hold for one direction, with its accounting.
constexpr qint64 KernelHolds = 1024 * 1024;
constexpr int Much = 8 * 1024 * 1024;

QByteArray pattern(int size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (int i = 0; i < size; ++i)
        bytes[i] = char(i * 3 + i / 509);
    return bytes;
}

void turns(int count)
{
    for (int i = 0; i < count; ++i)
        QCoreApplication::processEvents();
}

// What the process has in memory, in bytes; 0 where the system does not tell.
qint64 residentMemory()
{
    QFile file("/proc/self/statm");
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}
} // namespace

void tst_streamdevice_backpressure::readingStopsAtTheLimitAndTheWriterFeelsIt()
{
    constexpr int Limit = 50'000;
    auto [reader, writer] = LocalSocket::pair();
    reader->setReadBufferSize(Limit);
    const QByteArray sent = pattern(Much);
    QCOMPARE(writer->write(sent), sent.size());
    QTRY_COMPARE(reader->bytesAvailable(), Limit);
    turns(50);
    QCOMPARE(reader->bytesAvailable(), Limit);
    QVERIFY(writer->bytesToWrite() > Much - Limit - KernelHolds);

    QByteArray received;
    while (received.size() < Much) {
        QTRY_VERIFY(reader->bytesAvailable() > 0);
        QVERIFY(reader->bytesAvailable() <= Limit);
        received += reader->read(33'333);
        turns(1);
    }
    QVERIFY(received == sent);
    QCOMPARE(writer->bytesToWrite(), 0);
}

void tst_streamdevice_backpressure::readingGoesOnAfterEveryWayToRead_data()
{
    QTest::addColumn<QString>("way");
    for (const char *way : {"read", "readAll", "readLine", "skip", "consume", "getChar", "transaction"})
        QTest::newRow(way) << QString(way);
}

void tst_streamdevice_backpressure::readingGoesOnAfterEveryWayToRead()
{
    QFETCH(QString, way);
    constexpr int Limit = 100;
    auto [reader, writer] = LocalSocket::pair();
    reader->setReadBufferSize(Limit);
    writer->write(QByteArray(999, 'x') + '\n');
    qint64 taken = 0;
    while (taken < 1000) {
        QTRY_VERIFY(reader->bytesAvailable() > 0);
        QVERIFY(reader->bytesAvailable() <= Limit);
        if (way == "read")
            taken += reader->read(30).size();
        else if (way == "readAll")
            taken += reader->readAll().size();
        else if (way == "readLine")
            taken += reader->readLine().size();
        else if (way == "skip")
            taken += reader->skip(40);
        else if (way == "consume")
            taken += reader->consume(reader->view().size() / 2 + 1);
        else if (way == "getChar")
            taken += reader->getChar(nullptr) ? 1 : 0;
        else {
            reader->startTransaction();
            (void)reader->read(20);
            reader->rollbackTransaction();
            reader->startTransaction();
            taken += reader->read(20).size();
            reader->commitTransaction();
        }
    }
    QCOMPARE(taken, 1000);
}

void tst_streamdevice_backpressure::aLimitCanBeSetAndRaisedAndLiftedMeanwhile()
{
    auto [reader, writer] = LocalSocket::pair();
    QSignalSpy changed(reader.get(), &LocalSocket::readBufferSizeChanged);
    reader->setReadBufferSize(10'000);
    const QByteArray sent = pattern(Much);
    writer->write(sent);
    QTRY_COMPARE(reader->bytesAvailable(), 10'000);
    reader->setReadBufferSize(20'000);
    QTRY_COMPARE(reader->bytesAvailable(), 20'000);
    reader->setReadBufferSize(5'000); // what is there already stays
    turns(10);
    QCOMPARE(reader->bytesAvailable(), 20'000);
    QCOMPARE(reader->read(16'000), sent.first(16'000));
    QTRY_COMPARE(reader->bytesAvailable(), 5'000);
    reader->setReadBufferSize(0);
    QTRY_COMPARE(reader->bytesAvailable(), Much - 16'000);
    QVERIFY(reader->readAll() == sent.mid(16'000));
    QCOMPARE(changed.size(), 4);
}

void tst_streamdevice_backpressure::theEndComesAfterWhatWaitedInTheKernel()
{
    auto [reader, writer] = LocalSocket::pair();
    reader->setReadBufferSize(1'000);
    QSignalSpy disconnected(reader.get(), &LocalSocket::disconnected);
    const QByteArray sent = pattern(300'000);
    writer->write(sent);
    writer->close(); // what it could not write yet is written in the background
    QTRY_COMPARE(reader->bytesAvailable(), 1'000);
    turns(20);
    QVERIFY(disconnected.isEmpty()); // there is more to come
    QByteArray received;
    while (received.size() < sent.size()) {
        QTRY_VERIFY(reader->bytesAvailable() > 0);
        received += reader->readAll();
    }
    QVERIFY(received == sent);
    QTRY_COMPARE(disconnected.size(), 1);
}

void tst_streamdevice_backpressure::writeTakesNoMoreThanFits()
{
    constexpr int Limit = 100'000;
    auto [reader, writer] = LocalSocket::pair();
    reader->setReadBufferSize(1);
    writer->setWriteBufferLimit(Limit);
    const QByteArray sent = pattern(Much);
    const qint64 taken = writer->write(sent);
    QVERIFY(taken >= Limit); // the kernel has the rest
    QVERIFY(taken <= Limit + KernelHolds);
    QCOMPARE(writer->bytesToWrite(), Limit);
    QCOMPARE(writer->write("more"), 0); // none, and no error: later
    QCOMPARE(writer->bytesToWrite(), Limit);
    QCOMPARE(writer->state(), LocalSocket::ConnectedState);

    QSignalSpy written(writer.get(), &LocalSocket::bytesWritten);
    reader->setReadBufferSize(0);
    QTRY_COMPARE(reader->bytesAvailable(), taken);
    QVERIFY(!written.isEmpty());
    QCOMPARE(writer->bytesToWrite(), 0);
    QCOMPARE(writer->write("more"), 4);
    QTRY_COMPARE(reader->bytesAvailable(), taken + 4);
    QVERIFY(reader->readAll() == sent.first(taken) + "more");
}

void tst_streamdevice_backpressure::shortWritesLoseNothing()
{
    auto [reader, writer] = LocalSocket::pair();
    writer->setWriteBufferLimit(10'000);
    reader->setReadBufferSize(7'000);
    const QByteArray sent = pattern(Much);
    qint64 taken = 0;
    const auto produce = [&, out = writer.get()] {
        while (taken < sent.size()) {
            const qint64 size = out->write(sent.constData() + taken, sent.size() - taken);
            QVERIFY(size >= 0);
            taken += size;
            if (size == 0)
                break;
        }
    };
    QByteArray received;
    connect(writer.get(), &LocalSocket::bytesWritten, this, produce);
    connect(reader.get(), &LocalSocket::readyRead, this, [&, in = reader.get()] {
        received += in->readAll();
    });
    produce();
    QTRY_COMPARE_WITH_TIMEOUT(received.size(), sent.size(), 20'000);
    QVERIFY(received == sent);
}

void tst_streamdevice_backpressure::aLargeArrayWaitsWithoutACopy()
{
    auto [reader, writer] = LocalSocket::pair();
    QByteArray array = pattern(Much);
    const QByteArray sent(array.constData(), array.size());
    QCOMPARE(writer->write(array), array.size());
    QVERIFY(writer->bytesToWrite() > 0);
    QVERIFY(!array.isDetached());
    array.fill('?'); // the caller's, as ever

    QByteArray memory(sent.constData(), sent.size());
    QCOMPARE(writer->write(QByteArray::fromRawData(memory.constData(), memory.size())), memory.size());
    memory.fill('?');

    QByteArray received;
    connect(reader.get(), &QIODevice::readyRead, reader.get(), [&, reader = reader.get()] {
        received += reader->readAll();
    });
    QTRY_COMPARE(received.size(), 2 * sent.size());
    QVERIFY(received == sent + sent);

    array = sent;
    QCOMPARE(writer->write(array), array.size());
    writer->abort();
    QVERIFY(!array.isDetached()); // shared with sent, still
    array.detach();
    QVERIFY(sent.isDetached()); // and with nobody else
}

void tst_streamdevice_backpressure::congestionIsToldUpAndDown()
{
    constexpr int Limit = 200'000;
    auto [reader, writer] = LocalSocket::pair();
    reader->setReadBufferSize(1);
    writer->setWriteBufferLimit(Limit);
    QSignalSpy changes(writer.get(), &LocalSocket::congestedChanged);
    writer->write("little");
    turns(10);
    QVERIFY(!writer->isCongested());
    QVERIFY(changes.isEmpty());

    writer->write(QByteArray(Much, 'c'));
    QVERIFY(writer->isCongested()); // true at once,
    QVERIFY(changes.isEmpty()); // but not told from inside write()
    QTRY_COMPARE(changes.size(), 1);
    QCOMPARE(changes.at(0).at(0).toBool(), true);
    QVERIFY(writer->isCongested());
    QVERIFY(writer->property("congested").toBool());

    qint64 whenOver = -1;
    connect(writer.get(), &LocalSocket::congestedChanged, this, [&, w = writer.get()](bool congested) {
        if (!congested)
            whenOver = w->bytesToWrite();
    });
    reader->setReadBufferSize(0);
    QTRY_COMPARE(changes.size(), 2);
    QCOMPARE(changes.at(1).at(0).toBool(), false);
    QVERIFY(!writer->isCongested());
    QVERIFY(whenOver <= Limit / 2); // not at every chunk
    QTRY_COMPARE(writer->bytesToWrite(), 0);
    turns(10);
    QCOMPARE(changes.size(), 2);
}

void tst_streamdevice_backpressure::congestionEndsWithTheConnection()
{
    auto [reader, writer] = LocalSocket::pair();
    reader->setReadBufferSize(1);
    QSignalSpy changes(writer.get(), &LocalSocket::congestedChanged);
    writer->write(QByteArray(Much, 'c')); // also without a limit it is congestion at some point
    QVERIFY(writer->isCongested());
    QTRY_COMPARE(changes.size(), 1);
    writer->abort();
    QTRY_COMPARE(changes, (QList<QVariantList>{{true}, {false}}));
    QVERIFY(!writer->isCongested());
    QVERIFY(!writer->isCongested());
    QCOMPARE(writer->bytesToWrite(), 0);
}

void tst_streamdevice_backpressure::aProducerThatMindsCongestionNeedsLittleMemory()
{
    constexpr qint64 Limit = 256 * 1024;
    constexpr qint64 Total = 64 * 1024 * 1024;
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const writer = first.get();
    LocalSocket *const reader = second.get();
    writer->setWriteBufferLimit(Limit);
    reader->setReadBufferSize(Limit);

    const QByteArray block = pattern(50'000);
    QByteArray space(60'000, Qt::Uninitialized);
    qint64 produced = 0;
    qint64 read = 0;
    qint64 mostQueued = 0;
    qint64 mostAvailable = 0;
    int pauses = 0;
    const auto produce = [&] {
        while (!writer->isCongested() && produced < Total) {
            const qint64 size = writer->write(block.constData(), std::min<qint64>(block.size(), Total - produced));
            mostQueued = std::max(mostQueued, writer->bytesToWrite());
            produced += size;
            if (size < block.size())
                break; // full before the signal tells
        }
    };
    connect(writer, &LocalSocket::congestedChanged, this, [&](bool congested) {
        pauses += congested;
        produce();
    });
    connect(writer, &LocalSocket::bytesWritten, this, produce);
    // The reader takes its time: a part at each turn, whatever is there.
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        mostAvailable = std::max(mostAvailable, reader->bytesAvailable());
        read += std::max<qint64>(0, reader->read(space.data(), space.size()));
    });
    const qint64 memoryBefore = residentMemory();
    timer.start(0);
    produce();
    QTRY_COMPARE_WITH_TIMEOUT(read, Total, 40'000);
    QVERIFY(pauses > 1);
    QVERIFY(mostQueued <= Limit);
    QVERIFY(mostAvailable <= Limit);
    QVERIFY2(residentMemory() - memoryBefore < Total / 4, qPrintable(QString::number(residentMemory() - memoryBefore)));
}

void tst_streamdevice_backpressure::aServerSetsTheLimitsOfWhatItAccepts()
{
    LocalServer server;
    server.setReadBufferSize(1'000);
    server.setWriteBufferLimit(2'000);
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.setReadBufferSize(1);
    client.connectToServer(path());
    client.write(QByteArray(100'000, 'x')); // there before it is accepted
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *socket = server.nextPendingConnection();
    QCOMPARE(socket->readBufferSize(), 1'000);
    QCOMPARE(socket->writeBufferLimit(), 2'000);
    QTRY_COMPARE(socket->bytesAvailable(), 1'000);
    socket->write(QByteArray(Much, 'y'));
    QCOMPARE(socket->bytesToWrite(), 2'000);
}

QTEST_GUILESS_MAIN(tst_streamdevice_backpressure)
#include "tst_streamdevice_backpressure.moc"
