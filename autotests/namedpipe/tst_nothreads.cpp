// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

#include "windows/syscalls_p.h"

#include <InterprocessQt/Pipe>

using namespace Pipes;
using InterprocessQt::Pipe;
using InterprocessQt::PipeReader;
using InterprocessQt::PipeWriter;
using InterprocessQt::StreamDevice;

namespace
{
bool thereAreThreads = true;

struct NoThreads {
    NoThreads()
    {
        thereAreThreads = false;
    }
    ~NoThreads()
    {
        thereAreThreads = true;
    }
    Q_DISABLE_COPY_MOVE(NoThreads)
};
} // namespace

// The linker sends the calls of the library here (--wrap).
using ThreadFunction = unsigned(__stdcall *)(void *);
DWORD systemStartThread(ThreadFunction function, void *argument, NativeHandle &thread) noexcept
    asm("__real__ZN14InterprocessQt3sys11startThreadEPFjPvES1_RNS_12NativeHandleE");
DWORD ourStartThread(ThreadFunction function, void *argument, NativeHandle &thread) noexcept
    asm("__wrap__ZN14InterprocessQt3sys11startThreadEPFjPvES1_RNS_12NativeHandleE");

DWORD ourStartThread(ThreadFunction function, void *argument, NativeHandle &thread) noexcept
{
    return thereAreThreads ? systemStartThread(function, argument, thread) : DWORD(ERROR_MAX_THRDS_REACHED);
}

// What needs a thread of its own, when the system gives no more of them: that is an error as any other, and not the end of the process.
class tst_nothreads : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aReaderOfAHandleForCallsThatWait();
    void aWriterToAHandleForCallsThatWait();
    void aWriterThatLeavesAWriteBehind();
    void aFlush();
    void aConnectionToAnotherComputer();
    void waitingForAnInstance();

private:
    static bool hasFailed(const StreamDevice &device)
    {
        return device.error() == StreamDevice::SocketResourceError && device.nativeError() == ERROR_MAX_THRDS_REACHED;
    }
    // The other one of its ends is for calls that wait.
    static Pipe::Handles pipe()
    {
        Pipe::Options options;
        options.blockingReader = options.blockingWriter = true;
        return Pipe::createHandles(options);
    }
};

void tst_nothreads::aReaderOfAHandleForCallsThatWait()
{
    for (const bool inEventLoop : {true, false}) {
        Pipe::Handles ends = pipe();
        std::optional<NoThreads> none(std::in_place);
        PipeReader reader;
        QSignalSpy failed(&reader, &StreamDevice::errorOccurred);
        QVERIFY(reader.open(std::move(ends.reader)));
        QCOMPARE(failed.size(), 0); // from the event loop
        if (inEventLoop)
            QTRY_COMPARE(failed.size(), 1);
        else
            QVERIFY(!reader.waitForReadyRead(5000));
        QVERIFY2(hasFailed(reader), qPrintable(reader.errorString()));
        QVERIFY2(!reader.errorString().contains("ReadFile"), qPrintable(reader.errorString()));
        // It can be used again when there are some.
        none.reset();
        reader.abort();
        ends = pipe();
        QVERIFY(reader.open(std::move(ends.reader)));
        QVERIFY(rawWrite(ends.writer, "x"));
        QVERIFY(reader.waitForReadyRead(5000));
    }
}

void tst_nothreads::aWriterToAHandleForCallsThatWait()
{
    Pipe::Handles ends = pipe();
    PipeWriter writer;
    QVERIFY(writer.open(std::move(ends.writer)));
    QSignalSpy failed(&writer, &StreamDevice::errorOccurred);
    const NoThreads none;
    QCOMPARE(writer.write("x"), 1);
    QCOMPARE(failed.size(), 0);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(hasFailed(writer), qPrintable(writer.errorString()));
}

void tst_nothreads::aWriterThatLeavesAWriteBehind()
{
    Pipe::Handles ends = pipe();
    auto writer = std::make_unique<PipeWriter>();
    QVERIFY(writer->open(std::move(ends.writer)));
    const QByteArray much = message(60'000); // more than the pipe takes
    QCOMPARE(writer->write(much), much.size());
    QVERIFY(writer->flush() || writer->bytesToWrite() > 0);
    QTest::qWait(1);
    const NoThreads none;
    writer.reset(); // nobody gives it up
    QByteArray all;
    while (all.size() < much.size()) {
        const auto more = rawRead(ends.reader);
        QVERIFY(more);
        all += *more;
    }
    QVERIFY(all == much);
}

void tst_nothreads::aFlush()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.client.send("x"));
    QSignalSpy flushed(&ends.client, &NamedPipe::flushedToPeer);
    std::optional<NoThreads> none(std::in_place);
    QVERIFY(ends.client.flushToPeer());
    QCOMPARE(flushed.size(), 0);
    QTRY_COMPARE(flushed.size(), 1);
    QCOMPARE(flushed.first().first().toBool(), false);
    QVERIFY2(hasFailed(ends.client), qPrintable(ends.client.errorString()));
    QCOMPARE(ends.client.state(), NamedPipe::ConnectedState);
    none.reset();
    QVERIFY(ends.accepted->waitForMessage(5000));
    QVERIFY(ends.client.flushToPeer());
    QTRY_COMPARE(flushed.size(), 2);
    QVERIFY(flushed.at(1).first().toBool());
}

void tst_nothreads::aConnectionToAnotherComputer()
{
    NamedPipe client;
    QSignalSpy failed(&client, &NamedPipe::errorOccurred);
    const NoThreads none;
    client.setHost("some-other-computer");
    client.connectToServer(abstractName());
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(hasFailed(client), qPrintable(client.errorString()));
    QCOMPARE(client.state(), NamedPipe::UnconnectedState);
}

void tst_nothreads::waitingForAnInstance()
{
    const QString name = abstractName();
    const NativeHandle server = rawServer(name, PIPE_TYPE_BYTE, 1);
    const NativeHandle other = rawClient(name);
    QVERIFY(server && other);
    NamedPipe client;
    QSignalSpy failed(&client, &NamedPipe::errorOccurred);
    const NoThreads none;
    client.setServerTimeoutUsed(true);
    client.connectToServer(name);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY2(hasFailed(client), qPrintable(client.errorString()));
}

QTEST_GUILESS_MAIN(tst_nothreads)
#include "tst_nothreads.moc"
