// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/Pipe>

#include <QElapsedTimer>
#include <QThread>

#include <winsock2.h>

using namespace InterprocessQt;

// Handles that were not opened for overlapped operations, whose calls a thread of their own makes: in every state they can be
// closed, aborted and destroyed, and nothing is left behind.
class tst_blockinghandles : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aReaderEndsInEveryState_data();
    void aReaderEndsInEveryState();
    void aWriterEndsInEveryState_data();
    void aWriterEndsInEveryState();
    void aDestroyedWriterWritesWhatThePipeTakes();
    void aReleasedReaderGoesOn();
    void aReleasedWriterGoesOn();
    void waitsNeedNoEventLoop();
    void nothingIsToldFromInsideACall();
    void bothMoveToAnotherThread();
    void aReaderIsDeletedInItsSlots();
    void aFullReadBufferMakesTheWriterWait();
    void manyInTurnLeaveNothing();
    void theyTellWhatTheyAre();
    void filesThatAreOverlappedAreRefused();
    void socketsAreRefused();
};

namespace
{
struct Ends {
    Ends()
    {
        BlockingPipe pipe;
        reader.open(std::move(pipe.reader));
        writer.open(std::move(pipe.writer));
    }
    PipeReader reader;
    PipeWriter writer;
};
} // namespace

void tst_blockinghandles::aReaderEndsInEveryState_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("how");
    for (const char *state : {"just opened", "waiting", "with data", "full", "ended"}) {
        for (const char *how : {"close", "abort", "destroy"})
            QTest::addRow("%s, %s", state, how) << QString(state) << QString(how);
    }
}

void tst_blockinghandles::aReaderEndsInEveryState()
{
    QFETCH(QString, state);
    QFETCH(QString, how);
    BlockingPipe pipe;
    auto reader = std::make_unique<PipeReader>();
    if (state == "full")
        reader->setReadBufferSize(10);
    QVERIFY(reader->open(std::move(pipe.reader)));
    if (state == "waiting") {
        QVERIFY(!reader->waitForReadyRead(10));
    } else if (state == "with data") {
        QCOMPARE(writeAll(pipe.in(), "data"), 4);
        QTRY_COMPARE(reader->bytesAvailable(), 4);
    } else if (state == "full") {
        QCOMPARE(writeAll(pipe.in(), QByteArray(1000, 'x')), 1000);
        QTRY_COMPARE(reader->bytesAvailable(), 10);
    } else if (state == "ended") {
        pipe.writer.reset();
        QTRY_VERIFY(reader->isReadChannelFinished());
    }
    QSignalSpy failed(reader.get(), &StreamDevice::errorOccurred);
    if (how == "close")
        reader->close();
    else if (how == "abort")
        reader->abort();
    else
        reader.reset();
    QCoreApplication::processEvents();
    QCOMPARE(failed.count(), 0);
    if (pipe.writer) // nobody has the other end
        QCOMPARE(writeAll(pipe.in(), "x"), -1);
    if (reader) { // and it can be used again
        BlockingPipe next;
        reader->setReadBufferSize(0);
        QVERIFY(reader->open(std::move(next.reader)));
        QCOMPARE(writeAll(next.in(), "next"), 4);
        next.writer.reset();
        QVERIFY(reader->waitForFinished());
        QCOMPARE(reader->readAll(), "next");
    }
}

void tst_blockinghandles::aWriterEndsInEveryState_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("how");
    for (const char *state : {"just opened", "writing", "blocked", "closing", "written", "failed"}) {
        for (const char *how : {"abort", "destroy"})
            QTest::addRow("%s, %s", state, how) << QString(state) << QString(how);
    }
}

void tst_blockinghandles::aWriterEndsInEveryState()
{
    QFETCH(QString, state);
    QFETCH(QString, how);
    BlockingPipe pipe;
    auto writer = std::make_unique<PipeWriter>();
    QVERIFY(writer->open(std::move(pipe.writer)));
    QSignalSpy failed(writer.get(), &StreamDevice::errorOccurred);
    if (state != "just opened")
        writer->write(state == "written" ? QByteArray("few") : QByteArray(1'000'000, 'x'));
    if (state == "blocked") {
        QVERIFY(!writer->waitForBytesWritten(20) || writer->bytesToWrite() > 0);
    } else if (state == "closing") {
        writer->close();
        QVERIFY(!writer->waitForClosed(20));
    } else if (state == "written") {
        QVERIFY(writer->waitForBytesWritten());
        QCOMPARE(writer->bytesToWrite(), 0);
    } else if (state == "failed") {
        pipe.reader.reset();
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(writer->error(), StreamDevice::PeerClosedError);
    }
    QElapsedTimer timer;
    timer.start();
    if (how == "abort")
        writer->abort();
    else
        writer.reset();
    if (!pipe.reader)
        return;
    // Whatever was in a call is over after a while, without anybody who reads meanwhile: the end is seen.
    QTest::qWait(300);
    QByteArray left = readToEnd(pipe.out());
    QVERIFY(left.size() < 1'000'000);
    if (state == "written")
        QCOMPARE(left, "few");
}

void tst_blockinghandles::aDestroyedWriterWritesWhatThePipeTakes()
{
    for (int i = 0; i < 50; ++i) {
        BlockingPipe pipe;
        {
            PipeWriter writer;
            QVERIFY(writer.open(std::move(pipe.writer)));
            writer.write("last words");
        }
        QCOMPARE(readToEnd(pipe.out()), "last words");
    }
}

void tst_blockinghandles::aReleasedReaderGoesOn()
{
    BlockingPipe pipe;
    PipeReader reader;
    QVERIFY(reader.open(std::move(pipe.reader)));
    QCOMPARE(writeAll(pipe.in(), "one"), 3);
    QTRY_COMPARE(reader.bytesAvailable(), 3);
    QCOMPARE(reader.readAll(), "one");
    const NativeHandle handle = reader.release(); // a read is under way
    QVERIFY(handle);
    QVERIFY(!reader.isOpen());
    QCOMPARE(writeAll(pipe.in(), "two"), 3);
    QCOMPARE(readSome(native(handle), 100), "two");
}

void tst_blockinghandles::aReleasedWriterGoesOn()
{
    BlockingPipe pipe;
    PipeWriter writer;
    QVERIFY(writer.open(std::move(pipe.writer)));
    writer.write(QByteArray(200'000, 'x'));
    QVERIFY(!writer.release()); // something is left to write
    QVERIFY(writer.isOpen());
    const std::unique_ptr<QThread> other(QThread::create([&pipe] {
        for (qint64 read = 0; read < 200'000;)
            read += readSome(pipe.out(), 65536).size();
    }));
    other->start();
    QTRY_COMPARE(writer.bytesToWrite(), 0);
    other->wait();
    const NativeHandle handle = writer.release();
    QVERIFY(handle);
    QCOMPARE(writeAll(native(handle), "more"), 4);
    QCOMPARE(readSome(pipe.out(), 100), "more");
}

void tst_blockinghandles::waitsNeedNoEventLoop()
{
    Ends ends;
    QVERIFY(!ends.reader.waitForReadyRead(10));
    QCOMPARE(ends.reader.error(), StreamDevice::SocketTimeoutError);
    ends.writer.write("text");
    QVERIFY(ends.writer.waitForBytesWritten());
    QVERIFY(ends.reader.waitForReadyRead());
    QCOMPARE(ends.reader.readAll(), "text");
    QVERIFY(!ends.reader.waitForFinished(10));
    ends.writer.write("end");
    ends.writer.close();
    QVERIFY(ends.writer.waitForClosed());
    QVERIFY(ends.reader.waitForFinished());
    QCOMPARE(ends.reader.readAll(), "end");
}

void tst_blockinghandles::nothingIsToldFromInsideACall()
{
    BlockingPipe pipe;
    QCOMPARE(writeAll(pipe.in(), "there before"), 12);
    PipeReader reader;
    QSignalSpy readyRead(&reader, &PipeReader::readyRead);
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    QVERIFY(reader.open(std::move(pipe.reader)));
    QThread::msleep(20);
    QCOMPARE(readyRead.count(), 0);
    QTRY_COMPARE(readyRead.count(), 1);
    pipe.writer.reset();
    QThread::msleep(20);
    QCOMPARE(finished.count(), 0);
    QTRY_COMPARE(finished.count(), 1);
}

void tst_blockinghandles::bothMoveToAnotherThread()
{
    constexpr qint64 Size = 5'000'000;
    auto *ends = new Ends;
    ends->writer.write("made here, ");
    QThread there;
    QThread elsewhere;
    ends->reader.moveToThread(&there);
    ends->writer.moveToThread(&elsewhere);
    there.start();
    elsewhere.start();
    std::atomic<qint64> arrived = 0;
    std::atomic<bool> finished = false;
    connect(
        &ends->reader,
        &PipeReader::readyRead,
        &ends->reader,
        [&] {
            arrived += ends->reader.readAll().size();
        },
        Qt::DirectConnection);
    connect(
        &ends->reader,
        &PipeReader::readChannelFinished,
        &ends->reader,
        [&] {
            finished = true;
        },
        Qt::DirectConnection);
    QMetaObject::invokeMethod(&ends->writer, [ends] {
        ends->writer.write(QByteArray(Size, 'x'));
        ends->writer.close();
    });
    QTRY_VERIFY_WITH_TIMEOUT(finished, 20'000);
    QCOMPARE(arrived, Size + 11);
    there.quit();
    elsewhere.quit();
    QVERIFY(there.wait() && elsewhere.wait());
    delete ends;
}

void tst_blockinghandles::aReaderIsDeletedInItsSlots()
{
    for (const bool atEnd : {false, true}) {
        BlockingPipe pipe;
        auto reader = std::make_unique<PipeReader>();
        bool deleted = false;
        const auto kill = [&] {
            reader.reset();
            deleted = true;
        };
        QVERIFY(reader->open(std::move(pipe.reader)));
        if (atEnd)
            connect(reader.get(), &PipeReader::readChannelFinished, this, kill);
        else
            connect(reader.get(), &PipeReader::readyRead, this, kill);
        QCOMPARE(writeAll(pipe.in(), "x"), 1);
        pipe.writer.reset();
        QTRY_VERIFY(deleted);
    }
}

void tst_blockinghandles::aFullReadBufferMakesTheWriterWait()
{
    constexpr qint64 Size = 3'000'000;
    Ends ends;
    ends.reader.setReadBufferSize(1000);
    ends.writer.write(QByteArray(Size, 'x'));
    QTRY_COMPARE(ends.reader.bytesAvailable(), 1000);
    QTest::qWait(50);
    QCOMPARE(ends.reader.bytesAvailable(), 1000);
    QVERIFY(ends.writer.bytesToWrite() > Size / 2);
    qint64 size = 0;
    connect(&ends.reader, &PipeReader::readyRead, this, [&] {
        size += ends.reader.readAll().size();
    });
    ends.reader.setReadBufferSize(0);
    size += ends.reader.readAll().size();
    ends.writer.close();
    QTRY_COMPARE(size, Size);
    QTRY_VERIFY(ends.reader.isReadChannelFinished());
}

void tst_blockinghandles::manyInTurnLeaveNothing()
{
    const auto round = [] {
        Ends ends;
        ends.writer.write("x");
        return ends.writer.waitForBytesWritten() && ends.reader.waitForReadyRead();
    };
    QVERIFY(round());
    QTest::qWait(50);
    const auto before = openDescriptors().size();
    for (int i = 0; i < 100; ++i)
        QVERIFY(round());
    // The threads of the last ones are about to end.
    QTRY_VERIFY(openDescriptors().size() <= before + 5);
}

void tst_blockinghandles::theyTellWhatTheyAre()
{
    Ends ends;
    QVERIFY(!ends.reader.waitForReadyRead(1)); // a call is under way, and every question about the handle would wait for it
    QVERIFY(!ends.reader.isTerminal());
    QVERIFY(ends.reader.capacity() > 0);
    QVERIFY(ends.writer.capacity() > 0);
    QVERIFY(!ends.writer.setCapacity(100'000));
    QCOMPARE(ends.writer.error(), StreamDevice::UnsupportedSocketOperationError);
}

void tst_blockinghandles::filesThatAreOverlappedAreRefused()
{
    NativeHandle file = owned(CreateFileW(reinterpret_cast<const wchar_t *>(path("file").utf16()),
                                          GENERIC_READ | GENERIC_WRITE,
                                          0,
                                          nullptr,
                                          CREATE_ALWAYS,
                                          FILE_FLAG_OVERLAPPED,
                                          nullptr));
    PipeReader reader;
    QVERIFY(!reader.open(std::move(file)));
    QCOMPARE(reader.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY2(reader.errorString().contains("FILE_FLAG_OVERLAPPED"), qPrintable(reader.errorString()));
    QVERIFY(file);
    NativeHandle folder = owned(CreateFileW(reinterpret_cast<const wchar_t *>(directory().utf16()),
                                            GENERIC_READ,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE,
                                            nullptr,
                                            OPEN_EXISTING,
                                            FILE_FLAG_BACKUP_SEMANTICS,
                                            nullptr));
    QVERIFY(folder);
    QVERIFY(!reader.open(std::move(folder)));
    QVERIFY2(reader.errorString().contains("directory"), qPrintable(reader.errorString()));
}

void tst_blockinghandles::socketsAreRefused()
{
    WSADATA data;
    QCOMPARE(WSAStartup(MAKEWORD(2, 2), &data), 0);
    const SOCKET socket = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, 0);
    QVERIFY(socket != INVALID_SOCKET);
    PipeReader reader;
    NativeHandle handle{NativeHandle::Type(socket)};
    QVERIFY(!reader.open(std::move(handle)));
    QCOMPARE(reader.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY2(reader.errorString().contains("socket"), qPrintable(reader.errorString()));
    QCOMPARE(SOCKET(handle.release()), socket); // it stays the caller's
    closesocket(socket);
    WSACleanup();
}

QTEST_GUILESS_MAIN(tst_blockinghandles)
#include "tst_blockinghandles.moc"
