// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "nativeerrors.h"
#include "turns.h"

#include <InterprocessQt/Pipe>

#include <QFile>
#include <QThread>

using namespace InterprocessQt;

// Both ends in one process: what a pipe is made of.
class tst_pipe_basics : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead();
    void whatWasWrittenOutlivesItsWriter();
    void theEndComesAfterTheData();
    void closeWritesFirstWhatIsLeft();
    void closedComesFromTheEventLoop();
    void closingTheWriteChannelIsTheEndToo();
    void waitForClosedNeedsNoEventLoop();
    void waitForClosedTellsThatNothingWasAskedFor();
    void waitForClosedTellsThatSomethingWasLost();
    void theEndOfACongestedWriterIsToldOnce();
    void waitForFinishedReadsToTheEnd();
    void aDestructorDoesNotWait();
    void aFullReadBufferMakesTheWriterWait();
    void theCapacityCanBeAskedAndSet();
    void blockingEndsCanBeUsedByOthersAndByUs_data();
    void blockingEndsCanBeUsedByOthersAndByUs();
    void aReaderGivesAwayWhatItHasNotRead();
    void aReleasedHandleGoesOn();
    void aWriterWithSomethingLeftIsNotReleased();
    void whatIsNotOpenIsRefused();
    void theWrongDirectionIsRefused();
    void anOpenModeAloneIsRefused();
    void bothCanBeOpenedAgain();
};

void tst_pipe_basics::whatIsWrittenIsRead()
{
    const Pipe pipe = Pipe::create();
    QVERIFY(pipe.reader->isOpen());
    QVERIFY(pipe.writer->isOpen());
    QCOMPARE(pipe.reader->openMode() & QIODevice::ReadWrite, QIODevice::ReadOnly);
    QCOMPARE(pipe.writer->openMode() & QIODevice::ReadWrite, QIODevice::WriteOnly);
    QSignalSpy readyRead(pipe.reader.get(), &PipeReader::readyRead);
    QCOMPARE(pipe.writer->write("through the pipe"), 16);
    QVERIFY(readyRead.isEmpty());
    QVERIFY(readyRead.wait());
    QCOMPARE(pipe.reader->readAll(), "through the pipe");
    QCOMPARE(pipe.reader->write("back"), -1);
    QVERIFY(!pipe.reader->isTerminal());
}

void tst_pipe_basics::whatWasWrittenOutlivesItsWriter()
{
    Pipe pipe = Pipe::create();
    pipe.writer->write("last words");
    pipe.writer.reset();
    QSignalSpy finished(pipe.reader.get(), &PipeReader::readChannelFinished);
    QVERIFY(finished.wait());
    QCOMPARE(pipe.reader->readAll(), "last words");
    QVERIFY(pipe.reader->isOpen());
    QCOMPARE(pipe.reader->error(), StreamDevice::UnknownSocketError);
}

void tst_pipe_basics::theEndComesAfterTheData()
{
    Pipe pipe = Pipe::create();
    QByteArray order;
    connect(pipe.reader.get(), &PipeReader::readyRead, this, [&] {
        order += "data ";
    });
    connect(pipe.reader.get(), &PipeReader::readChannelFinished, this, [&] {
        order += "end ";
    });
    pipe.writer->write("x");
    pipe.writer->close();
    QTRY_VERIFY(order.endsWith("end "));
    runTurns(); // and that was all
    QCOMPARE(order, "data end ");
    QVERIFY(pipe.reader->isReadChannelFinished());
    QCOMPARE(pipe.reader->readAll(), "x");
    QVERIFY(pipe.reader->atEnd());
    char byte;
    QCOMPARE(pipe.reader->read(&byte, 1), -1);
}

void tst_pipe_basics::closeWritesFirstWhatIsLeft()
{
    constexpr qint64 Size = 3'000'000; // more than the kernel keeps
    Pipe pipe = Pipe::create();
    QSignalSpy closed(pipe.writer.get(), &PipeWriter::closed);
    QSignalSpy finished(pipe.reader.get(), &PipeReader::readChannelFinished);
    QCOMPARE(pipe.writer->write(QByteArray(Size, 'x')), Size);
    pipe.writer->close();
    QVERIFY(!pipe.writer->isOpen());
    QCOMPARE(pipe.writer->write("more"), -1);
    QVERIFY(pipe.writer->bytesToWrite() > 0);
    QVERIFY(closed.wait());
    QVERIFY(finished.count() == 1 || finished.wait());
    QCOMPARE(pipe.reader->bytesAvailable(), Size);
    QCOMPARE(closed.count(), 1);
}

void tst_pipe_basics::closedComesFromTheEventLoop()
{
    const Pipe pipe = Pipe::create();
    QSignalSpy closed(pipe.writer.get(), &PipeWriter::closed);
    pipe.writer->close();
    QCOMPARE(closed.count(), 0);
    QTRY_COMPARE(closed.count(), 1);
    pipe.writer->close();
    runTurns();
    QCOMPARE(closed.count(), 1);
}

void tst_pipe_basics::closingTheWriteChannelIsTheEndToo()
{
    const Pipe pipe = Pipe::create();
    QSignalSpy closed(pipe.writer.get(), &PipeWriter::closed);
    QSignalSpy finished(pipe.reader.get(), &PipeReader::readChannelFinished);
    pipe.writer->write("all");
    QVERIFY(pipe.writer->closeWriteChannel());
    QTRY_COMPARE(finished.count(), 1);
    QTRY_COMPARE(closed.count(), 1);
    QCOMPARE(pipe.reader->readAll(), "all");
    QCOMPARE(pipe.writer->write("more"), -1);
}

void tst_pipe_basics::waitForClosedNeedsNoEventLoop()
{
    constexpr qint64 Size = 1'000'000;
    Pipe::Handles handles = Pipe::createHandles();
    PipeWriter writer;
    QVERIFY(writer.open(std::move(handles.writer)));
    QByteArray received;
    std::unique_ptr<QThread> thread(QThread::create([&] {
        PipeReader reader;
        if (reader.open(std::move(handles.reader)) && reader.waitForFinished())
            received = reader.readAll();
    }));
    writer.write(QByteArray(Size, 'x'));
    writer.close();
    thread->start();
    QVERIFY(writer.waitForClosed());
    thread->wait();
    QCOMPARE(received.size(), Size);
}

void tst_pipe_basics::waitForClosedTellsThatNothingWasAskedFor()
{
    const Pipe pipe = Pipe::create();
    QVERIFY(!pipe.writer->waitForClosed(0));
    pipe.writer->write(QByteArray(1'000'000, 'x'));
    pipe.writer->close();
    QVERIFY(!pipe.writer->waitForClosed(1)); // nobody reads
}

void tst_pipe_basics::waitForClosedTellsThatSomethingWasLost()
{
    Pipe pipe = Pipe::create();
    pipe.writer->write(QByteArray(1'000'000, 'x'));
    pipe.reader.reset();
    QSignalSpy failed(pipe.writer.get(), &StreamDevice::errorOccurred);
    pipe.writer->close();
    QVERIFY(!pipe.writer->waitForClosed());
    QCOMPARE(failed.count(), 1);
    QCOMPARE(pipe.writer->error(), StreamDevice::PeerClosedError);
}

void tst_pipe_basics::theEndOfACongestedWriterIsToldOnce()
{
    Pipe pipe = Pipe::create();
    QSignalSpy failed(pipe.writer.get(), &StreamDevice::errorOccurred);
    QSignalSpy closed(pipe.writer.get(), &PipeWriter::closed);
    QSignalSpy congestion(pipe.writer.get(), &PipeWriter::congestedChanged);
    pipe.reader->setReadBufferSize(1);
    pipe.writer->write(QByteArray(3'000'000, 'x'));
    QTRY_COMPARE(congestion.count(), 1);
    pipe.reader.reset();
    QTRY_COMPARE(congestion.count(), 2); // comes last
    runTurns();
    QCOMPARE(failed.count(), 1);
    QCOMPARE(closed.count(), 1);
    QVERIFY(!pipe.writer->isCongested());
    QCOMPARE(pipe.writer->write("more"), -1);
}

void tst_pipe_basics::waitForFinishedReadsToTheEnd()
{
    Pipe pipe = Pipe::create();
    pipe.writer->write("all of it");
    QVERIFY(!pipe.reader->waitForFinished(1));
    pipe.writer.reset();
    QVERIFY(pipe.reader->waitForFinished());
    QCOMPARE(pipe.reader->readAll(), "all of it");
    QVERIFY(pipe.reader->waitForFinished(0));
    PipeReader neverOpen;
    QVERIFY(!neverOpen.waitForFinished(0));
}

void tst_pipe_basics::aDestructorDoesNotWait()
{
    Pipe pipe = Pipe::create();
    pipe.writer->write(QByteArray(10'000'000, 'x'));
    pipe.writer.reset();
    QVERIFY(pipe.reader->waitForFinished());
    QVERIFY(pipe.reader->bytesAvailable() > 0);
    QVERIFY(pipe.reader->bytesAvailable() < 10'000'000);
}

void tst_pipe_basics::aFullReadBufferMakesTheWriterWait()
{
    const Pipe pipe = Pipe::create();
    pipe.reader->setReadBufferSize(1000);
    QSignalSpy congestion(pipe.writer.get(), &PipeWriter::congestedChanged);
    pipe.writer->write(QByteArray(5'000'000, 'x'));
    QTRY_COMPARE(congestion.count(), 1);
    QTRY_COMPARE(pipe.reader->bytesAvailable(), 1000);
    QVERIFY(pipe.writer->isCongested());
    QVERIFY(!pipe.reader->waitForFinished(0)); // the buffer is full
    qint64 size = 0;
    connect(pipe.reader.get(), &PipeReader::readyRead, this, [&] {
        size += pipe.reader->readAll().size();
    });
    pipe.reader->setReadBufferSize(0);
    size += pipe.reader->readAll().size();
    QTRY_COMPARE(congestion.count(), 2);
    QTRY_COMPARE(size, 5'000'000);
}

void tst_pipe_basics::theCapacityCanBeAskedAndSet()
{
    Pipe::Options options;
    options.capacity = 256 * 1024;
    const Pipe pipe = Pipe::create(options);
    if (pipe.writer->capacity() == -1) {
        QVERIFY(!pipe.writer->setCapacity(4096));
        QCOMPARE(pipe.writer->error(), StreamDevice::UnsupportedSocketOperationError);
        QSKIP("this system does not tell what a pipe holds");
    }
    QCOMPARE(pipe.writer->capacity(), 256 * 1024);
    if (!pipe.reader->setCapacity(8192)) {
        QCOMPARE(pipe.reader->error(), StreamDevice::UnsupportedSocketOperationError);
        QSKIP("what a pipe holds is fixed here when it is made");
    }
    QCOMPARE(pipe.reader->capacity(), 8192);
    QCOMPARE(pipe.writer->capacity(), 8192);
    QVERIFY(!pipe.reader->setCapacity(0));
    QCOMPARE(pipe.reader->error(), StreamDevice::OperationError);
    QVERIFY(!pipe.reader->setCapacity(-1));
    QVERIFY(!pipe.reader->setCapacity(qint64(1) << 40));
    pipe.reader->close();
    QCOMPARE(pipe.reader->capacity(), -1);
    QVERIFY(!pipe.reader->setCapacity(4096));
}

void tst_pipe_basics::blockingEndsCanBeUsedByOthersAndByUs_data()
{
    QTest::addColumn<bool>("reader");
    QTest::addColumn<bool>("writer");
    QTest::newRow("reader") << true << false;
    QTest::newRow("writer") << false << true;
    QTest::newRow("both") << true << true;
}

void tst_pipe_basics::blockingEndsCanBeUsedByOthersAndByUs()
{
    constexpr qint64 Size = 1'000'000;
    QFETCH(bool, reader);
    QFETCH(bool, writer);
    Pipe::Options options;
    options.blockingReader = reader;
    options.blockingWriter = writer;
    Pipe::Handles handles = Pipe::createHandles(options);
    QCOMPARE(handles.nativeError, 0);
    QByteArray received;
    std::unique_ptr<QThread> thread(QThread::create([&] {
        // As any program reads.
        QFile file;
        if (reader && handles.reader.moveTo(file, QIODevice::ReadOnly | QIODevice::Unbuffered)) {
            char block[1000];
            qint64 got = 0;
            while ((got = file.read(block, sizeof block)) > 0)
                received.append(block, got);
            return;
        }
        PipeReader ours;
        if (!reader && ours.open(std::move(handles.reader)) && ours.waitForFinished())
            received = ours.readAll();
    }));
    thread->start();
    PipeWriter ours;
    QSignalSpy closed(&ours, &PipeWriter::closed);
    QVERIFY(ours.open(std::move(handles.writer)));
    const QByteArray data = QByteArray("0123456789").repeated(Size / 10);
    QCOMPARE(ours.write(data), Size);
    ours.close();
    QVERIFY(closed.wait());
    QVERIFY(thread->wait(10'000));
    QVERIFY(received == data);
}

void tst_pipe_basics::aReaderGivesAwayWhatItHasNotRead()
{
    Pipe pipe = Pipe::create();
    pipe.reader->setReadBufferSize(4);
    pipe.writer->write("read, and not read");
    QTRY_COMPARE(pipe.reader->bytesAvailable(), 4);
    QCOMPARE(pipe.reader->readAll(), "read");
    PipeReader other;
    NativeHandle handle = pipe.reader->release();
    QVERIFY(other.open(std::move(handle)));
    pipe.writer.reset();
    QVERIFY(other.waitForFinished());
    QCOMPARE(other.readAll(), ", and not read");
}

void tst_pipe_basics::aReleasedHandleGoesOn()
{
    const Pipe pipe = Pipe::create();
    pipe.writer->write("before ");
    NativeHandle writing = pipe.writer->release();
    QVERIFY(writing);
    QVERIFY(!pipe.writer->isOpen());
    QVERIFY(!pipe.writer->release());
    NativeHandle reading = pipe.reader->release();
    QVERIFY(!pipe.reader->isOpen());

    PipeWriter writer;
    PipeReader reader;
    QVERIFY(writer.open(std::move(writing)));
    QVERIFY(reader.open(std::move(reading)));
    writer.write("after");
    QTRY_COMPARE(reader.bytesAvailable(), 12);
    QCOMPARE(reader.readAll(), "before after");
}

void tst_pipe_basics::aWriterWithSomethingLeftIsNotReleased()
{
    const Pipe pipe = Pipe::create();
    pipe.writer->write(QByteArray(1'000'000, 'x'));
    QVERIFY(!pipe.writer->release());
    QCOMPARE(pipe.writer->error(), StreamDevice::OperationError);
    QVERIFY(pipe.writer->isOpen());
    QTRY_COMPARE(pipe.reader->bytesAvailable(), 1'000'000);
}

void tst_pipe_basics::whatIsNotOpenIsRefused()
{
    PipeReader reader;
    PipeWriter writer;
    NativeHandle closed(123456);
    QVERIFY(!reader.open(std::move(closed)));
    QCOMPARE(reader.error(), StreamDevice::OperationError);
    QCOMPARE(reader.nativeError(), NativeErrors::NotOpen);
    QVERIFY2(reader.errorString().contains("123456"), qPrintable(reader.errorString()));
    QCOMPARE(closed.get(), 123456); // still the caller's
    QVERIFY(!writer.open(std::move(closed)));
    QCOMPARE(writer.nativeError(), NativeErrors::NotOpen);
    QCOMPARE(closed.release(), 123456);
    QVERIFY(!reader.open(NativeHandle()));
}

void tst_pipe_basics::theWrongDirectionIsRefused()
{
    Pipe::Handles handles = Pipe::createHandles();
    PipeReader reader;
    PipeWriter writer;
    QVERIFY(!reader.open(std::move(handles.writer)));
    QCOMPARE(reader.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY(!writer.open(std::move(handles.reader)));
    QCOMPARE(writer.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY(handles.writer.isValid() && handles.reader.isValid());
}

void tst_pipe_basics::anOpenModeAloneIsRefused()
{
    PipeReader reader;
    PipeWriter writer;
    QVERIFY(!reader.open(QIODevice::ReadOnly));
    QVERIFY(!writer.open(QIODevice::WriteOnly));
    QVERIFY(!reader.isOpen() && !writer.isOpen());
}

void tst_pipe_basics::bothCanBeOpenedAgain()
{
    PipeReader reader;
    PipeWriter writer;
    for (const QByteArray text : {"one", "two", "three"}) {
        Pipe::Handles handles = Pipe::createHandles();
        QVERIFY(reader.open(std::move(handles.reader)));
        QVERIFY(writer.open(std::move(handles.writer)));
        QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
        writer.write(text);
        writer.close();
        QVERIFY(finished.wait());
        QCOMPARE(reader.readAll(), text);
    }
}

QTEST_GUILESS_MAIN(tst_pipe_basics)
#include "tst_pipe_basics.moc"
