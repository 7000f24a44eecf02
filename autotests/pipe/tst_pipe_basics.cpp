// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "../local/fulltable.h"
#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/Pipe>

#include <QThread>

#include <sys/time.h>

#include <cerrno>
#include <csignal>

using namespace InterprocessQt;

// Both ends in one process: what a pipe is made of.
class tst_pipe_basics : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead();
    void handlesAreNonBlockingAndClosedOnExec();
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
    void theCapacityMayNotBeLessThanWhatIsInside();
    void aReleasedHandleGoesOn();
    void aWriterWithSomethingLeftIsNotReleased();
    void whatIsNotOpenIsRefused();
    void theWrongDirectionIsRefused();
    void aDirectoryIsRefused();
    void anOpenModeAloneIsRefused();
    void bothCanBeOpenedAgain();
    void withoutDescriptorsThereIsNoPipe();
    void endsThatNobodyDealsWithNeedNoProcessor_data();
    void endsThatNobodyDealsWithNeedNoProcessor();
    void waitsKeepTheirDeadlineThroughSignals();
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

void tst_pipe_basics::handlesAreNonBlockingAndClosedOnExec()
{
    const Pipe::Handles handles = Pipe::createHandles();
    QCOMPARE(handles.nativeError, 0);
    for (const NativeHandle *handle : {&handles.reader, &handles.writer}) {
        QVERIFY(isNonBlocking(int(handle->get())));
        QVERIFY(::fcntl(int(handle->get()), F_GETFD) & FD_CLOEXEC);
    }
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
    QTest::qWait(10); // and that was all
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
    QTest::qWait(10);
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
    ::fcntl(int(handles.reader.get()), F_SETFL, 0);
    std::unique_ptr<QThread> thread(QThread::create([&] {
        received = readToEnd(int(handles.reader.get()));
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
    QTest::qWait(10);
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
    QVERIFY(pipe.reader->setCapacity(8192));
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

void tst_pipe_basics::theCapacityMayNotBeLessThanWhatIsInside()
{
    const Pipe pipe = Pipe::create();
    if (pipe.writer->capacity() == -1)
        QSKIP("this system does not tell what a pipe holds");
    pipe.writer->write(QByteArray(40'000, 'x'));
    pipe.writer->flush();
    QVERIFY(!pipe.writer->setCapacity(4096));
    QCOMPARE(pipe.writer->nativeError(), EBUSY);
    QCOMPARE(pipe.writer->error(), StreamDevice::SocketResourceError);
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
    NativeHandle closed(12345);
    QVERIFY(!reader.open(std::move(closed)));
    QCOMPARE(reader.error(), StreamDevice::OperationError);
    QCOMPARE(reader.nativeError(), EBADF);
    QVERIFY2(reader.errorString().contains("12345"), qPrintable(reader.errorString()));
    QCOMPARE(closed.get(), 12345); // still the caller's
    QVERIFY(!writer.open(std::move(closed)));
    QCOMPARE(writer.nativeError(), EBADF);
    QCOMPARE(closed.release(), 12345);
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

void tst_pipe_basics::aDirectoryIsRefused()
{
    NativeHandle folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    PipeReader reader;
    QVERIFY(!reader.open(std::move(folder)));
    QCOMPARE(reader.nativeError(), EISDIR);
    QVERIFY(folder.isValid());
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

void tst_pipe_basics::withoutDescriptorsThereIsNoPipe()
{
    const auto pipe = [] {
        const FullTable full;
        return Pipe::create();
    }();
    QVERIFY(!pipe.reader->isOpen() && !pipe.writer->isOpen());
    QCOMPARE(pipe.reader->error(), StreamDevice::SocketResourceError);
    QCOMPARE(pipe.writer->nativeError(), EMFILE);
}

void tst_pipe_basics::endsThatNobodyDealsWithNeedNoProcessor_data()
{
    QTest::addColumn<int>("others");
    QTest::newRow("few descriptors") << 0;
    QTest::newRow("many descriptors") << 20; // which are watched in another way
}

void tst_pipe_basics::endsThatNobodyDealsWithNeedNoProcessor()
{
    QFETCH(int, others);
    std::vector<Pipe> idle;
    for (int i = 0; i < others; ++i)
        idle.push_back(Pipe::create());
    // The end stands behind what nobody reads; poll() tells of the hang-up all the time.
    Pipe full = Pipe::create();
    full.reader->setReadBufferSize(10);
    full.writer->write(QByteArray(20, 'x'));
    full.writer.reset();
    QTRY_COMPARE(full.reader->bytesAvailable(), 10);
    // Its end was told, and it was not closed.
    Pipe ended = Pipe::create();
    ended.writer.reset();
    QTRY_VERIFY(ended.reader->isReadChannelFinished());
    // Nobody reads, which it does not know yet.
    Pipe unread = Pipe::create();
    unread.reader.reset();
    // Full, and nobody empties it.
    Pipe congested = Pipe::create();
    congested.reader->setReadBufferSize(1);
    congested.writer->write(QByteArray(3'000'000, 'x'));
    QTest::qWait(20);
    const auto before = processorTime();
    QTest::qWait(400);
    const auto used = processorTime() - before;
    QVERIFY2(used < std::chrono::milliseconds(200), qPrintable(QString::number(used.count())));
    QCOMPARE(full.reader->readAll(), QByteArray(10, 'x'));
    QTRY_COMPARE(full.reader->bytesAvailable(), 10);
    static_cast<void>(full.reader->readAll());
    QTRY_VERIFY(full.reader->isReadChannelFinished());
}

void tst_pipe_basics::waitsKeepTheirDeadlineThroughSignals()
{
    static volatile sig_atomic_t signalled = 0;
    signalled = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) {
        signalled = signalled + 1;
    }; // without SA_RESTART: calls say EINTR
    struct sigaction before = {};
    ::sigaction(SIGALRM, &action, &before);
    itimerval often = {{0, 2'000}, {0, 2'000}};
    ::setitimer(ITIMER_REAL, &often, nullptr);
    const Pipe pipe = Pipe::create();
    const QDeadlineTimer expected(100);
    const bool ready = pipe.reader->waitForReadyRead(100);
    const bool inTime = expected.hasExpired();
    const bool finished = pipe.reader->waitForFinished(std::chrono::milliseconds(20));
    pipe.writer->write(QByteArray(1'000'000, 'x'));
    pipe.writer->close();
    const bool closed = pipe.writer->waitForClosed(std::chrono::milliseconds(20));
    qint64 size = 0;
    while (pipe.reader->waitForReadyRead(1000)) {
        size += pipe.reader->skip(pipe.reader->bytesAvailable());
        pipe.writer->waitForClosed(1);
    }
    often = {};
    ::setitimer(ITIMER_REAL, &often, nullptr);
    ::sigaction(SIGALRM, &before, nullptr);
    QVERIFY(signalled > 10);
    QVERIFY(!ready && inTime && !finished && !closed);
    QCOMPARE(size, 1'000'000);
}

QTEST_GUILESS_MAIN(tst_pipe_basics)
#include "tst_pipe_basics.moc"
