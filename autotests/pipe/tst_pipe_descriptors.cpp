// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "../local/fulltable.h"
#include "ipctest.h"
#include "spawned.h"
#include "turns.h"

#include <InterprocessQt/Pipe>

#include <sys/time.h>

#include <cerrno>
#include <csignal>

using namespace InterprocessQt;

// What descriptors of Unix have to do with pipes.
class tst_pipe_descriptors : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void handlesAreNonBlockingAndClosedOnExec();
    void aDirectoryIsRefused();
    void withoutDescriptorsThereIsNoPipe();
    void endsThatNobodyDealsWithNeedNoProcessor_data();
    void endsThatNobodyDealsWithNeedNoProcessor();
    void waitsKeepTheirDeadlineThroughSignals();
    void theCapacityMayNotBeLessThanWhatIsInside();
};

void tst_pipe_descriptors::handlesAreNonBlockingAndClosedOnExec()
{
    const Pipe::Handles handles = Pipe::createHandles();
    QCOMPARE(handles.nativeError, 0);
    for (const NativeHandle *handle : {&handles.reader, &handles.writer}) {
        QVERIFY(isNonBlocking(int(handle->get())));
        QVERIFY(::fcntl(int(handle->get()), F_GETFD) & FD_CLOEXEC);
    }
}

void tst_pipe_descriptors::aDirectoryIsRefused()
{
    NativeHandle folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    PipeReader reader;
    QVERIFY(!reader.open(std::move(folder)));
    QCOMPARE(reader.nativeError(), EISDIR);
    QVERIFY(folder.isValid());
}

void tst_pipe_descriptors::withoutDescriptorsThereIsNoPipe()
{
    const auto pipe = [] {
        const FullTable full;
        return Pipe::create();
    }();
    QVERIFY(!pipe.reader->isOpen() && !pipe.writer->isOpen());
    QCOMPARE(pipe.reader->error(), StreamDevice::SocketResourceError);
    QCOMPARE(pipe.writer->nativeError(), EMFILE);
}

void tst_pipe_descriptors::endsThatNobodyDealsWithNeedNoProcessor_data()
{
    QTest::addColumn<int>("others");
    QTest::newRow("few descriptors") << 0;
    QTest::newRow("many descriptors") << 20; // which are watched in another way
}

void tst_pipe_descriptors::endsThatNobodyDealsWithNeedNoProcessor()
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
    runTurns();
    const auto before = processorTime();
    QTest::qWait(400);
    const auto used = processorTime() - before;
    QVERIFY2(used < std::chrono::milliseconds(200), qPrintable(QString::number(used.count())));
    QCOMPARE(full.reader->readAll(), QByteArray(10, 'x'));
    QTRY_COMPARE(full.reader->bytesAvailable(), 10);
    static_cast<void>(full.reader->readAll());
    QTRY_VERIFY(full.reader->isReadChannelFinished());
}

void tst_pipe_descriptors::waitsKeepTheirDeadlineThroughSignals()
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

void tst_pipe_descriptors::theCapacityMayNotBeLessThanWhatIsInside()
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

QTEST_GUILESS_MAIN(tst_pipe_descriptors)
#include "tst_pipe_descriptors.moc"
