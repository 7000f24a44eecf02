// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifofile.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/Fifo>

#include <QCryptographicHash>

using namespace InterprocessQt;

// Shells and tools at the other end.
class tst_fifo_tools : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void echoOfManyShellsArrives();
    void catReadsWhatIsWritten();
    void catThatWaitsIsFound();
    void headEndsTheStream();
    void teeSplitsToTwo();
    void ddCopiesManyBlocks();
    void yesGoesOnUntilNobodyReads();

private:
    void prepare();
    void shell(PeerProcess &process, const QString &command)
    {
        QVERIFY(process.start("sh", {"-c", command, "sh", path()}));
    }
    Fifo m_fifo;
};

void tst_fifo_tools::prepare()
{
    m_fifo = Fifo::create(path());
    QVERIFY(m_fifo.isValid());
}

void tst_fifo_tools::echoOfManyShellsArrives()
{
    prepare();
    FifoReader reader;
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), FifoReader::WriterPolicy::WaitForNextWriter));
    PeerProcess process;
    shell(process, "for i in 1 2 3 4 5 6 7 8 9; do echo line $i > \"$1\"; done");
    QCOMPARE(process.waitForExit(), 0);
    QTRY_COMPARE(reader.bytesAvailable(), 9 * 7);
    for (int i = 1; i <= 9; ++i)
        QCOMPARE(reader.readLine(), "line " + QByteArray::number(i) + '\n');
    QTRY_VERIFY(gone.count() > 0);
}

void tst_fifo_tools::catReadsWhatIsWritten()
{
    prepare();
    FifoWriter writer;
    QVERIFY(writer.open(path()));
    writer.write("hello\n");
    PeerProcess process;
    shell(process, "cat \"$1\"");
    QCOMPARE(process.readLine(), "hello");
    writer.write("world\n");
    QCOMPARE(process.readLine(), "world");
    writer.close();
    QCOMPARE(process.waitForExit(), 0);
}

void tst_fifo_tools::catThatWaitsIsFound()
{
    prepare();
    // It blocks in open() before there is a writer.
    PeerProcess process;
    shell(process, "echo ready; exec cat \"$1\"");
    QVERIFY(process.waitForLine("ready"));
    FifoWriter writer;
    QSignalSpy gone(&writer, &FifoWriter::readersGone);
    QVERIFY(writer.open(path(), FifoWriter::ReaderPolicy::WaitForNextReader));
    writer.write("found\n");
    QCOMPARE(process.readLine(), "found");
    process.kill();
    QTRY_COMPARE(gone.count(), 1);
    PeerProcess next;
    shell(next, "cat \"$1\"");
    writer.write("next\n");
    QCOMPARE(next.readLine(), "next");
    writer.close();
    QCOMPARE(next.waitForExit(), 0);
}

void tst_fifo_tools::headEndsTheStream()
{
    prepare();
    FifoWriter writer;
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QVERIFY(writer.open(path()));
    QByteArray lines;
    for (int i = 0; i < 100'000; ++i)
        lines += "line " + QByteArray::number(i) + '\n';
    writer.write(lines);
    PeerProcess process;
    shell(process, "head -n 2 \"$1\"");
    QCOMPARE(process.readLine(), "line 0");
    QCOMPARE(process.readLine(), "line 1");
    QTRY_COMPARE(errors.count(), 1);
    QCOMPARE(writer.error(), StreamDevice::PeerClosedError);
    QCOMPARE(process.waitForExit(), 0);
}

void tst_fifo_tools::teeSplitsToTwo()
{
    prepare();
    const Fifo second = Fifo::create(path("second"));
    FifoReader one;
    FifoReader two;
    QVERIFY(one.open(path()));
    QVERIFY(two.open(second.path()));
    PeerProcess process;
    QVERIFY(process.start("sh", {"-c", "echo twice | tee \"$1\" > \"$2\"", "sh", path(), second.path()}));
    QTRY_VERIFY(one.isReadChannelFinished() && two.isReadChannelFinished());
    QCOMPARE(one.readAll(), "twice\n");
    QCOMPARE(two.readAll(), "twice\n");
    QCOMPARE(process.waitForExit(), 0);
}

void tst_fifo_tools::ddCopiesManyBlocks()
{
    prepare();
    constexpr qint64 Size = 64 * 1024 * 1024;
    FifoReader reader;
    QCryptographicHash hash(QCryptographicHash::Sha1);
    qint64 size = 0;
    connect(&reader, &QIODevice::readyRead, this, [&] {
        const QByteArrayView view = reader.view();
        size += view.size();
        hash.addData(QByteArray::fromRawData(view.data(), view.size()));
        reader.consume(view.size());
    });
    QVERIFY(reader.open(path()));
    PeerProcess process;
    shell(process, "dd if=/dev/zero bs=1M count=64 2>/dev/null | dd of=\"$1\" bs=65536 2>/dev/null");
    QTRY_VERIFY_WITH_TIMEOUT(reader.isReadChannelFinished(), 60'000);
    QCOMPARE(size, Size);
    QCOMPARE(hash.result().toHex(), QCryptographicHash::hash(QByteArray(Size, '\0'), QCryptographicHash::Sha1).toHex());
    QCOMPARE(process.waitForExit(), 0);
}

void tst_fifo_tools::yesGoesOnUntilNobodyReads()
{
    prepare();
    FifoReader reader;
    reader.setReadBufferSize(4096);
    QVERIFY(reader.open(path()));
    PeerProcess process;
    shell(process, "yes > \"$1\"; echo ended");
    QTRY_COMPARE(reader.bytesAvailable(), 4096);
    QCOMPARE(reader.readLine(), "y\n");
    reader.close();
    QVERIFY(process.waitForLine("ended"));
    QCOMPARE(process.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_fifo_tools)
#include "tst_fifo_tools.moc"
