// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "fifofile.h"
#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/FifoWriter>

#include <csignal>

using namespace InterprocessQt;
using Policy = FifoWriter::ReaderPolicy;

// A writer waits for readers, and is told when they go.
class tst_fifowriter_readers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasWrittenBeforeTheReaderCameIsKept();
    void readerThatIsThereIsToldToo();
    void waitingNeedsNoProcessor();
    void waitingEndsInTime();
    void whoWaitsForTheEndLearnsOfTheLoss();
    void waitingEndsWithAbort();
    void closeWaitsForTheReader();
    void removedFileEndsTheWait();
    void replacedFileEndsTheWait();
    void readerThatGoesIsToldWhileNothingIsWritten_data();
    void readerThatGoesIsToldWhileNothingIsWritten();
    void readerThatGoesIsToldWhileMuchIsToBeWritten();
    void nextReaderIsWaitedForInTime();
    void theNextReaderGetsTheRest();
    void removedFileEndsTheWaitForTheNextReader();
    void anotherFifoEndsTheWaitForTheNextReader();
    void signalOfBrokenPipesNeverComes();
    void limitTakesWholeRecordsOnly();
    void worksWithoutAnEventLoop();
    void nothingIsWrittenAfterTheEnd();

private:
    void prepare();
};

void tst_fifowriter_readers::prepare()
{
    QVERIFY(FifoFile::make(path()));
}

void tst_fifowriter_readers::whatWasWrittenBeforeTheReaderCameIsKept()
{
    prepare();
    FifoWriter writer;
    QSignalSpy connected(&writer, &FifoWriter::readerConnected);
    QVERIFY(writer.open(path()));
    QVERIFY(writer.isWriteChannelOpen());
    QCOMPARE(writer.write("kept "), 5);
    QTest::qWait(30);
    QCOMPARE(writer.write("until then"), 10);
    QCOMPARE(writer.bytesToWrite(), 15);
    QVERIFY(!writer.hasReader());
    QCOMPARE(connected.count(), 0);

    const NativeHandle reader = FifoFile::openReader(path());
    QVERIFY(connected.wait());
    QVERIFY(writer.hasReader());
    QTRY_COMPARE(writer.bytesToWrite(), 0);
    QCOMPARE(FifoFile::read(reader), "kept until then");
    QCOMPARE(connected.count(), 1);
}

void tst_fifowriter_readers::readerThatIsThereIsToldToo()
{
    prepare();
    const NativeHandle reader = FifoFile::openReader(path());
    FifoWriter writer;
    QSignalSpy connected(&writer, &FifoWriter::readerConnected);
    QVERIFY(writer.open(path()));
    QVERIFY(writer.hasReader());
    QCOMPARE(connected.count(), 0); // from the event loop
    QVERIFY(connected.wait());
}

void tst_fifowriter_readers::waitingNeedsNoProcessor()
{
    prepare();
    FifoWriter writer;
    QVERIFY(writer.open(path()));
    writer.write("x");
    QTest::qWait(300); // the timer has grown by then
    const auto before = processorTime();
    QTest::qWait(500);
    QVERIFY(processorTime() - before < std::chrono::milliseconds(100));
}

void tst_fifowriter_readers::waitingEndsInTime()
{
    prepare();
    FifoWriter writer;
    writer.setReaderTimeout(50);
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QSignalSpy closed(&writer, &PipeWriter::closed);
    QVERIFY(writer.open(path()));
    QVERIFY(errors.wait());
    QCOMPARE(writer.error(), StreamDevice::SocketTimeoutError);
    QVERIFY2(writer.errorString().contains(path()), qPrintable(writer.errorString()));
    QCOMPARE(closed.count(), 1);
    QVERIFY(!writer.isWriteChannelOpen());
}

void tst_fifowriter_readers::whoWaitsForTheEndLearnsOfTheLoss()
{
    prepare();
    FifoWriter writer;
    writer.setReaderTimeout(50);
    QVERIFY(writer.open(path()));
    QCOMPARE(writer.write("lost"), 4);
    writer.close();
    QVERIFY(!writer.waitForClosed(10'000));
    QCOMPARE(writer.error(), StreamDevice::SocketTimeoutError);
}

void tst_fifowriter_readers::waitingEndsWithAbort()
{
    prepare();
    FifoWriter writer;
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QSignalSpy closed(&writer, &PipeWriter::closed);
    QVERIFY(writer.open(path()));
    writer.write("dropped");
    writer.abort();
    QVERIFY(!writer.isOpen());
    const NativeHandle reader = FifoFile::openReader(path());
    QTest::qWait(50);
    QCOMPARE(FifoFile::read(reader), QByteArray());
    QCOMPARE(errors.count() + closed.count(), 0);
}

void tst_fifowriter_readers::closeWaitsForTheReader()
{
    prepare();
    FifoWriter writer;
    QSignalSpy closed(&writer, &PipeWriter::closed);
    QVERIFY(writer.open(path()));
    writer.write("last words");
    writer.close();
    QVERIFY(!closed.wait(50));
    const NativeHandle reader = FifoFile::openReader(path());
    QVERIFY(closed.wait());
    QCOMPARE(FifoFile::read(reader), "last words");
}

void tst_fifowriter_readers::removedFileEndsTheWait()
{
    prepare();
    FifoWriter writer;
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QVERIFY(writer.open(path()));
    QVERIFY(QFile::remove(path()));
    QVERIFY(errors.wait());
    QCOMPARE(writer.error(), StreamDevice::ServerNotFoundError);
    QCOMPARE(writer.nativeError(), ENOENT);
}

void tst_fifowriter_readers::replacedFileEndsTheWait()
{
    prepare();
    FifoWriter writer;
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QVERIFY(writer.open(path()));
    QVERIFY(QFile::remove(path()));
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    writer.write("not there");
    QVERIFY(errors.wait());
    QCOMPARE(writer.error(), StreamDevice::UnsupportedSocketOperationError);
    QCOMPARE(file.size(), 0);
}

void tst_fifowriter_readers::readerThatGoesIsToldWhileNothingIsWritten_data()
{
    QTest::addColumn<int>("others");
    QTest::newRow("alone") << 0;
    QTest::newRow("one of many") << 20;
}

void tst_fifowriter_readers::readerThatGoesIsToldWhileNothingIsWritten()
{
    prepare();
    QFETCH(int, others);
    // With many the event loop watches them in another way.
    std::vector<std::unique_ptr<FifoWriter>> crowd;
    for (int i = 0; i < others; ++i) {
        QVERIFY(FifoFile::make(path(QString::number(i))));
        const NativeHandle reader = FifoFile::openReader(path(QString::number(i)));
        crowd.push_back(std::make_unique<FifoWriter>());
        QVERIFY(crowd.back()->open(path(QString::number(i)), Policy::WaitForNextReader));
    }
    NativeHandle reader = FifoFile::openReader(path());
    FifoWriter writer;
    QStringList told;
    connect(&writer, &FifoWriter::readersGone, this, [&] {
        told.append("gone");
    });
    connect(&writer, &StreamDevice::errorOccurred, this, [&] {
        told.append("error");
    });
    connect(&writer, &PipeWriter::closed, this, [&] {
        told.append("closed");
    });
    QSignalSpy connected(&writer, &FifoWriter::readerConnected);
    QVERIFY(writer.open(path()));
    QVERIFY(connected.wait());
    const auto before = processorTime();
    QTest::qWait(100);
    QVERIFY(processorTime() - before < std::chrono::milliseconds(60));
    reader.reset();
    QTRY_COMPARE(told, QStringList({"gone", "error", "closed"}));
    QCOMPARE(writer.error(), StreamDevice::PeerClosedError);
    QCOMPARE(writer.nativeError(), EPIPE);
    QVERIFY(!writer.hasReader());
}

void tst_fifowriter_readers::readerThatGoesIsToldWhileMuchIsToBeWritten()
{
    prepare();
    NativeHandle reader = FifoFile::openReader(path());
    FifoWriter writer;
    QSignalSpy gone(&writer, &FifoWriter::readersGone);
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QVERIFY(writer.open(path()));
    writer.write(QByteArray(2'000'000, 'x'));
    runTurns();
    QVERIFY(writer.bytesToWrite() > 0);
    reader.reset();
    QVERIFY(errors.wait());
    QTRY_VERIFY(!writer.isCongested());
    QCOMPARE(errors.count(), 1);
    QCOMPARE(gone.count(), 1);
    QCOMPARE(writer.error(), StreamDevice::PeerClosedError);
    QCOMPARE(writer.write("more"), -1);
}

void tst_fifowriter_readers::nextReaderIsWaitedForInTime()
{
    prepare();
    NativeHandle reader = FifoFile::openReader(path());
    FifoWriter writer;
    writer.setReaderTimeout(50);
    QSignalSpy gone(&writer, &FifoWriter::readersGone);
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QVERIFY(writer.open(path(), Policy::WaitForNextReader));
    QVERIFY(!errors.wait(100)); // there is one
    reader.reset();
    QVERIFY(errors.wait());
    QCOMPARE(gone.count(), 1);
    QCOMPARE(writer.error(), StreamDevice::SocketTimeoutError);
}

void tst_fifowriter_readers::theNextReaderGetsTheRest()
{
    prepare();
    FifoWriter writer;
    QSignalSpy connected(&writer, &FifoWriter::readerConnected);
    QSignalSpy gone(&writer, &FifoWriter::readersGone);
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QVERIFY(writer.open(path(), Policy::WaitForNextReader));
    for (int i = 0; i < 10; ++i) {
        NativeHandle reader = FifoFile::openReader(path());
        QTRY_COMPARE(connected.count(), 2 * i + 1);
        QVERIFY(writer.write("unread, ") == 8);
        QTRY_COMPARE(writer.bytesToWrite(), 0);
        reader.reset();
        QTRY_COMPARE(gone.count(), 2 * i + 1);
        QVERIFY(!writer.hasReader());
        QVERIFY(writer.write("kept") == 4);

        const NativeHandle next = FifoFile::openReader(path());
        QTRY_COMPARE(connected.count(), 2 * i + 2);
        QTRY_COMPARE(writer.bytesToWrite(), 0);
        QCOMPARE(FifoFile::read(next), "unread, kept");
        reader.reset(); // "next" goes at the end of the round
        if (i == 9)
            break;
        const_cast<NativeHandle &>(next).reset();
        QTRY_COMPARE(gone.count(), 2 * i + 2);
    }
    QCOMPARE(errors.count(), 0);
}

namespace
{
volatile sig_atomic_t brokenPipes = 0;
}

void tst_fifowriter_readers::removedFileEndsTheWaitForTheNextReader()
{
    prepare();
    FifoWriter writer;
    QSignalSpy connected(&writer, &FifoWriter::readerConnected);
    QSignalSpy gone(&writer, &FifoWriter::readersGone);
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    QSignalSpy closed(&writer, &PipeWriter::closed);
    NativeHandle reader = FifoFile::openReader(path());
    QVERIFY(writer.open(path(), Policy::WaitForNextReader));
    QTRY_COMPARE(connected.count(), 1);
    QVERIFY(QFile::remove(path())); // the reader that is there does not mind
    writer.write("to the last");
    QTRY_COMPARE(writer.bytesToWrite(), 0);
    runTurns();
    QCOMPARE(errors.count(), 0);
    reader.reset();
    QTRY_COMPARE(closed.count(), 1); // nobody can come any more
    QCOMPARE(gone.count(), 1);
    QCOMPARE(errors.count(), 1);
    QCOMPARE(writer.error(), StreamDevice::ServerNotFoundError);
    QCOMPARE(writer.nativeError(), ENOENT);
    QVERIFY2(writer.errorString().contains(path()), qPrintable(writer.errorString()));
}

void tst_fifowriter_readers::anotherFifoEndsTheWaitForTheNextReader()
{
    prepare();
    FifoWriter writer;
    QSignalSpy connected(&writer, &FifoWriter::readerConnected);
    QSignalSpy errors(&writer, &StreamDevice::errorOccurred);
    NativeHandle reader = FifoFile::openReader(path());
    QVERIFY(writer.open(path(), Policy::WaitForNextReader));
    QTRY_COMPARE(connected.count(), 1);
    reader.reset();
    // As when a service is started again that makes its FIFO anew: what is in the old one nobody will read.
    QVERIFY(QFile::rename(path(), path("old")));
    QVERIFY(FifoFile::make(path()));
    reader = FifoFile::openReader(path());
    QTRY_COMPARE(errors.count(), 1);
    QCOMPARE(writer.error(), StreamDevice::ServerNotFoundError);
    QVERIFY2(writer.errorString().contains("another"), qPrintable(writer.errorString()));
    QVERIFY(writer.open(path(), Policy::WaitForNextReader));
    writer.write("again");
    QTRY_COMPARE(connected.count(), 2);
    QTRY_COMPARE(writer.bytesToWrite(), 0);
    QCOMPARE(FifoFile::read(reader), "again");
}

void tst_fifowriter_readers::signalOfBrokenPipesNeverComes()
{
    prepare();
    struct sigaction counting = {};
    counting.sa_handler = [](int) {
        brokenPipes = brokenPipes + 1;
    };
    struct sigaction before;
    QVERIFY(::sigaction(SIGPIPE, &counting, &before) == 0);
    for (const Policy policy : {Policy::EndWithReaders, Policy::WaitForNextReader}) {
        NativeHandle reader = FifoFile::openReader(path());
        FifoWriter writer;
        QSignalSpy connected(&writer, &FifoWriter::readerConnected);
        QSignalSpy gone(&writer, &FifoWriter::readersGone);
        QVERIFY(writer.open(path(), policy));
        QVERIFY(connected.wait());
        reader.reset();
        writer.write("nobody reads this");
        writer.flush();
        QVERIFY(!writer.hasReader());
        QVERIFY(gone.wait());
    }
    struct sigaction after;
    QVERIFY(::sigaction(SIGPIPE, &before, &after) == 0);
    QCOMPARE(int(brokenPipes), 0);
    QVERIFY(after.sa_handler == counting.sa_handler);
}

void tst_fifowriter_readers::limitTakesWholeRecordsOnly()
{
    prepare();
    FifoWriter writer;
    writer.setWriteBufferLimit(10'000);
    QVERIFY(writer.open(path()));
    const QByteArray record(4000, 'x');
    QCOMPARE(writer.write(record), 4000);
    QCOMPARE(writer.write(record), 4000);
    QCOMPARE(writer.write(record), 0);
    QVERIFY(writer.isCongested());
    QCOMPARE(writer.bytesToWrite(), 8000);
    QCOMPARE(writer.write(QByteArray(5000, 'y')), 2000); // longer than what stays together
    QSignalSpy congestion(&writer, &StreamDevice::congestedChanged);
    const NativeHandle reader = FifoFile::openReader(path());
    QTRY_VERIFY(!writer.isCongested());
    QCOMPARE(congestion.count(), 2);
    QCOMPARE(FifoFile::read(reader), record + record + QByteArray(2000, 'y'));
}

void tst_fifowriter_readers::worksWithoutAnEventLoop()
{
    prepare();
    FifoWriter writer;
    QVERIFY(!writer.waitForReader(10));
    QVERIFY(writer.open(path(), Policy::WaitForNextReader));
    writer.write("x");
    const auto before = processorTime();
    QVERIFY(!writer.waitForReader(200));
    QVERIFY(!writer.waitForBytesWritten(200));
    QVERIFY(processorTime() - before < std::chrono::milliseconds(200));
    const QByteArray name = QFile::encodeName(path());
    ForkedChild child([name] {
        ::usleep(20'000);
        const NativeHandle reader(::open(name.constData(), O_RDONLY)); // blocks until there is a writer
        char buffer[16];
        const ssize_t size = ::read(int(reader.get()), buffer, sizeof buffer);
        return QByteArray(buffer, qMax<qsizetype>(0, size));
    });
    QVERIFY(writer.waitForReader(10'000));
    QVERIFY(writer.hasReader());
    QVERIFY(writer.waitForBytesWritten(10'000) || writer.bytesToWrite() == 0);
    QCOMPARE(child.result(), "x");
    writer.write("y");
    writer.close();
    QVERIFY(!writer.waitForClosed(50));
    const NativeHandle reader = FifoFile::openReader(path());
    QVERIFY(writer.waitForClosed(1000));
    QCOMPARE(FifoFile::read(reader), "y");
}

void tst_fifowriter_readers::nothingIsWrittenAfterTheEnd()
{
    prepare();
    FifoWriter writer;
    QCOMPARE(writer.write("x"), -1);
    QVERIFY(writer.open(path()));
    QVERIFY(writer.closeWriteChannel());
    QCOMPARE(writer.write("x"), -1);
    QVERIFY(!writer.isWriteChannelOpen());
}

QTEST_GUILESS_MAIN(tst_fifowriter_readers)
#include "tst_fifowriter_readers.moc"
