// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/Pipe>

#include <QCryptographicHash>

using namespace InterprocessQt;

namespace
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSlow = true;
#else
const bool isSlow = IpcTest::isWine();
#endif
const qint64 Blocks = isSlow ? 1024 : 8 * 1024; // 64 MiB, or 512 MiB

// The ends that stay here: for calls that wait, as other programs make them, or not, as the library does.
void bothKinds()
{
    QTest::addColumn<bool>("blocking");
    QTest::newRow("for calls that wait") << true;
    QTest::newRow("not blocking") << false;
}

// The other ends are always for calls that wait.
Pipe::Handles pipeToRead(bool blocking)
{
    Pipe::Options options;
    options.blockingReader = blocking;
    options.blockingWriter = true;
    return Pipe::createHandles(options);
}

Pipe::Handles pipeToWrite(bool blocking)
{
    Pipe::Options options;
    options.blockingReader = true;
    options.blockingWriter = blocking;
    return Pipe::createHandles(options);
}
} // namespace

// Much, between two processes, with a checksum.
class tst_pipe_transfer : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void muchArrivesFromAProgram_data();
    void muchArrivesFromAProgram();
    void muchArrivesAtAProgram_data();
    void muchArrivesAtAProgram();
    void betweenTwoPrograms();
    void throughAProgram_data();
    void throughAProgram();
    void whoTakesEverythingLeavesOthersTheirTurn_data();
    void whoTakesEverythingLeavesOthersTheirTurn();
};

void tst_pipe_transfer::muchArrivesFromAProgram_data()
{
    bothKinds();
}

void tst_pipe_transfer::muchArrivesFromAProgram()
{
    QFETCH(bool, blocking);
    Pipe::Handles pipe = pipeToRead(blocking);
    BlockingPipe checksum;
    Spawned program("peer_pipe", {"produce", QString::number(Blocks)}, 0, streamOf(pipe.writer), checksum.in());
    pipe.writer.reset();
    checksum.writer.reset();
    PipeReader reader;
    QVERIFY(reader.open(std::move(pipe.reader)));
    QCryptographicHash hash(QCryptographicHash::Md5);
    qint64 size = 0;
    qint64 most = 0;
    connect(&reader, &PipeReader::readyRead, this, [&] {
        const QByteArrayView arrived = reader.view();
        hash.addData(arrived);
        size += arrived.size();
        most = qMax(most, arrived.size());
        reader.consume(arrived.size());
    });
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    QVERIFY(finished.wait(100'000));
    QCOMPARE(size, Blocks * 65536);
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(hash.result().toHex() + '\n', readToEnd(checksum.out()));
    QVERIFY(most <= 1024 * 1024);
}

void tst_pipe_transfer::muchArrivesAtAProgram_data()
{
    bothKinds();
}

void tst_pipe_transfer::muchArrivesAtAProgram()
{
    QFETCH(bool, blocking);
    Pipe::Handles pipe = pipeToWrite(blocking);
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume"}, streamOf(pipe.reader), output.in());
    pipe.reader.reset();
    output.writer.reset();
    PipeWriter writer;
    QVERIFY(writer.open(std::move(pipe.writer)));
    const QByteArray block(65536, 'x');
    QCryptographicHash hash(QCryptographicHash::Md5);
    qint64 next = 0;
    qint64 most = 0;
    const auto more = [&] {
        while (next < Blocks && !writer.isCongested()) {
            ++next;
            hash.addData(block);
            writer.write(block);
            most = qMax(most, writer.bytesToWrite());
        }
        if (next == Blocks && writer.isOpen())
            writer.close();
    };
    connect(&writer, &PipeWriter::congestedChanged, this, more);
    QSignalSpy closed(&writer, &PipeWriter::closed);
    more();
    QVERIFY(closed.count() == 1 || closed.wait(100'000));
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(readToEnd(output.out()), QByteArray::number(Blocks * 65536) + ' ' + hash.result().toHex() + '\n');
    QVERIFY(most <= 2 * 1024 * 1024);
}

void tst_pipe_transfer::betweenTwoPrograms()
{
    BlockingPipe pipe;
    BlockingPipe sent;
    BlockingPipe received;
    const QString blocks = QString::number(Blocks / 8);
    Spawned reader("peer_pipe", {"consume"}, pipe.out(), received.in());
    Spawned writer("peer_pipe", {"feed", blocks}, 0, pipe.in(), sent.in());
    pipe.reader.reset();
    pipe.writer.reset();
    sent.writer.reset();
    received.writer.reset();
    QCOMPARE(writer.waitForExit(100'000), 0);
    QCOMPARE(reader.waitForExit(), 0);
    QCOMPARE(readToEnd(received.out()), QByteArray::number(Blocks / 8 * 65536) + ' ' + readToEnd(sent.out()));
}

void tst_pipe_transfer::throughAProgram_data()
{
    bothKinds();
}

void tst_pipe_transfer::throughAProgram()
{
    QFETCH(bool, blocking);
    Pipe::Handles there = pipeToWrite(blocking);
    Pipe::Handles back = pipeToRead(blocking);
    Spawned program("peer_pipe", {"copy"}, streamOf(there.reader), streamOf(back.writer));
    there.reader.reset();
    back.writer.reset();
    PipeWriter writer;
    PipeReader reader;
    QVERIFY(writer.open(std::move(there.writer)));
    QVERIFY(reader.open(std::move(back.reader)));
    qint64 size = 0;
    connect(&reader, &PipeReader::readyRead, this, [&] {
        size += reader.skip(reader.bytesAvailable());
    });
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    constexpr qint64 Size = 30'000'000;
    writer.write(QByteArray(Size, 'x'));
    writer.close();
    QVERIFY(finished.wait(60'000));
    QCOMPARE(size, Size);
    QCOMPARE(program.waitForExit(), 0);
}

void tst_pipe_transfer::whoTakesEverythingLeavesOthersTheirTurn_data()
{
    QTest::addColumn<bool>("shared");
    QTest::newRow("array") << true;
    QTest::newRow("bytes") << false;
}

void tst_pipe_transfer::whoTakesEverythingLeavesOthersTheirTurn()
{
    // As a reader that is as fast as we are, but certain to be.
    QFETCH(bool, shared);
    PipeWriter writer;
    QVERIFY(writer.open(openNull()));
    qint64 most = 0;
    qint64 told = 0;
    connect(&writer, &QIODevice::bytesWritten, this, [&](qint64 size) {
        most = qMax(most, size);
        told += size;
    });
    const QByteArray much(64 * 1024 * 1024, 'x');
    QCOMPARE(shared ? writer.write(much) : writer.write(much.constData(), much.size()), much.size());
    QTRY_COMPARE(told, much.size());
    QVERIFY2(most <= 4 * 1024 * 1024, qPrintable(QString::number(most)));
}

QTEST_GUILESS_MAIN(tst_pipe_transfer)
#include "tst_pipe_transfer.moc"
