// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

#include <QScopeGuard>
#include <QThread>

using namespace Pipes;
using InterprocessQt::StreamDevice;

// Handles that come from elsewhere and go elsewhere; ends of a connection that are special to pipes.
class tst_namedpipe_handles : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aHandleIsAdopted_data();
    void aHandleIsAdopted();
    void whatIsNoneIsRefused_data();
    void whatIsNoneIsRefused();
    void aPipeThatDoesNotWaitIsMadeToWait();
    void aHandleIsReleased();
    void anEmptyMessageIsNotLostByThat();
    void anEndThatOnlyReadsIsAdopted_data();
    void anEndThatOnlyReadsIsAdopted();
    void anEndThatOnlyWritesIsAdopted_data();
    void anEndThatOnlyWritesIsAdopted();
    void aPeerThatGoesOnWritingDoesNotFillTheMemory_data();
    void aPeerThatGoesOnWritingDoesNotFillTheMemory();
    void nothingIsReleasedWithoutAConnection();
    void inheritable();
    void disconnectingThrowsAwayWhatIsUnread();
    void abortLeavesWhatTheSystemHas();
    void flushTellsWhenAllHasBeenRead();
    void flushIsGivenUpWithTheConnection();
    void flushOfAPeerThatGoes();

private:
    static NativeHandle overlappedClient(const QString &name)
    {
        return rawClient(name, GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    }
};

void tst_namedpipe_handles::aHandleIsAdopted_data()
{
    QTest::addColumn<Mode>("mode");
    QTest::newRow("bytes") << Mode::Bytes;
    QTest::newRow("messages") << Mode::Messages;
}

void tst_namedpipe_handles::aHandleIsAdopted()
{
    QFETCH(Mode, mode);
    const QString name = abstractName();
    const NativeHandle server = rawServer(name, mode == Mode::Messages ? PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE : PIPE_TYPE_BYTE);
    QVERIFY(server);
    NativeHandle handle = overlappedClient(name);
    QVERIFY(handle);
    NamedPipe pipe;
    setModes(pipe, mode, mode);
    QVERIFY2(pipe.setSocketDescriptor(std::move(handle)), qPrintable(pipe.errorString()));
    QVERIFY(!handle);
    QCOMPARE(pipe.state(), NamedPipe::ConnectedState);
    QVERIFY(pipe.isClientEnd());
    QVERIFY(rawWrite(server, "one"));
    QVERIFY(rawWrite(server, "two"));
    if (mode == Mode::Messages) {
        QCOMPARE(receiveAll(pipe, 2), (List{"one", "two"}));
    } else {
        QVERIFY(waitUntil([&] {
            return pipe.bytesAvailable() == 6;
        }));
        QCOMPARE(pipe.readAll(), "onetwo");
    }
    pipe.write("answer");
    QVERIFY(pipe.flush() || pipe.bytesToWrite() == 0);
    QCOMPARE(rawRead(server), "answer");
}

void tst_namedpipe_handles::whatIsNoneIsRefused_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"closed", "file", "not overlapped", "bytes for messages", "unnamed pipe", "nobody has connected", "disconnected"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void tst_namedpipe_handles::whatIsNoneIsRefused()
{
    QFETCH(QString, what);
    const QString name = abstractName();
    NativeHandle server;
    NativeHandle handle;
    NativeHandle other;
    NamedPipe pipe;
    if (what == "file") {
        handle = owned(CreateFileW(wide(path("file")), GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_NEW, FILE_FLAG_OVERLAPPED, nullptr));
    } else if (what == "unnamed pipe") {
        HANDLE read = nullptr;
        HANDLE write = nullptr;
        QVERIFY(CreatePipe(&read, &write, nullptr, 0));
        handle = owned(read);
        other = owned(write);
    } else if (what == "nobody has connected" || what == "disconnected") {
        handle = rawServer(name, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED);
        if (what == "disconnected") {
            other = rawClient(name);
            QVERIFY(other);
            QVERIFY(DisconnectNamedPipe(native(handle)));
        }
    } else {
        server = rawServer(name, PIPE_TYPE_BYTE);
        QVERIFY(server);
        handle = what == "not overlapped" ? rawClient(name) : overlappedClient(name);
        if (what == "bytes for messages")
            setModes(pipe, Mode::Messages, Mode::Messages);
    }
    QVERIFY(handle);
    const qintptr value = handle.get();
    if (what == "closed")
        handle.reset();
    QVERIFY(!pipe.setSocketDescriptor(value));
    QVERIFY(pipe.error() == StreamDevice::UnsupportedSocketOperationError || pipe.error() == StreamDevice::OperationError);
    QVERIFY2(pipe.errorString().contains(QString::number(value)), qPrintable(pipe.errorString()));
    QCOMPARE(pipe.state(), NamedPipe::UnconnectedState);
    DWORD flags = 0;
    QCOMPARE(bool(GetHandleInformation(reinterpret_cast<HANDLE>(value), &flags)), what != "closed"); // it is the caller's
}

void tst_namedpipe_handles::aPipeThatDoesNotWaitIsMadeToWait()
{
    const QString name = abstractName();
    const NativeHandle server = rawServer(name, PIPE_TYPE_BYTE);
    QVERIFY(server);
    NativeHandle handle = overlappedClient(name);
    QVERIFY(handle);
    DWORD mode = PIPE_READMODE_BYTE | PIPE_NOWAIT;
    QVERIFY(SetNamedPipeHandleState(native(handle), &mode, nullptr, nullptr));
    NamedPipe pipe;
    QVERIFY2(pipe.setSocketDescriptor(std::move(handle)), qPrintable(pipe.errorString()));
    QVERIFY(!pipe.waitForReadyRead(20));
    QCOMPARE(pipe.state(), NamedPipe::ConnectedState);
    QVERIFY(rawWrite(server, "x"));
    QVERIFY(pipe.waitForReadyRead(5000));
}

void tst_namedpipe_handles::aHandleIsReleased()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.client.send("before"));
    QVERIFY(ends.accepted->waitForMessage(5000));
    QSignalSpy disconnected(ends.accepted.get(), &NamedPipe::disconnected);
    // Of these no event has told.
    QVERIFY(ends.client.send("just before"));
    QVERIFY(ends.client.send(message(200'000)));
    NativeHandle handle = ends.accepted->releaseHandle();
    QVERIFY2(handle, qPrintable(ends.accepted->errorString()));
    QCOMPARE(disconnected.size(), 1);
    QCOMPARE(ends.accepted->state(), NamedPipe::UnconnectedState);
    QCOMPARE(ends.accepted->receive(), "before");
    QCOMPARE(ends.accepted->receive(), "just before");
    QVERIFY(ends.accepted->receive() == message(200'000));
    QCOMPARE(ends.client.state(), NamedPipe::ConnectedState); // which has noticed nothing

    // And back, in another object
    NamedPipe other;
    setModes(other, Mode::Messages, Mode::Messages);
    QVERIFY2(other.setSocketDescriptor(std::move(handle)), qPrintable(other.errorString()));
    QVERIFY(other.isServerEnd());
    QVERIFY(ends.client.send("after"));
    QCOMPARE(receiveAll(other, 1), List{"after"});
    QVERIFY(other.send("answer"));
    QCOMPARE(receiveAll(ends.client, 1), List{"answer"});
}

void tst_namedpipe_handles::anEmptyMessageIsNotLostByThat()
{
    for (const List &sent : {List{""}, List{"", "x", ""}}) {
        Ends ends;
        QVERIFY(ends.connect(abstractName()));
        QVERIFY(!ends.accepted->waitForMessage(1)); // it is waiting for one
        for (const QByteArray &message : sent)
            QVERIFY(ends.client.send(message));
        NativeHandle handle = ends.accepted->releaseHandle();
        QVERIFY2(handle, qPrintable(ends.accepted->errorString()));
        NamedPipe other;
        setModes(other, Mode::Messages, Mode::Messages);
        QVERIFY2(other.setSocketDescriptor(std::move(handle)), qPrintable(other.errorString()));
        QVERIFY(ends.client.send("after"));
        List received;
        while (auto message = ends.accepted->receive())
            received << *message;
        QVERIFY(!received.isEmpty());
        received += receiveAll(other, sent.size() + 1 - received.size());
        QCOMPARE(received, sent + List{"after"});
    }
}

void tst_namedpipe_handles::anEndThatOnlyReadsIsAdopted_data()
{
    aHandleIsAdopted_data();
}

// It has not even the right to set how it is read, and need not.
void tst_namedpipe_handles::anEndThatOnlyReadsIsAdopted()
{
    QFETCH(Mode, mode);
    Ends ends(mode);
    ends.server.setDirection(NamedPipeServer::Direction::Inbound);
    ends.server.setSendMode(Mode::Bytes);
    ends.client.setReceiveMode(Mode::Bytes);
    QVERIFY(ends.connect(abstractName(), QIODevice::WriteOnly));
    NativeHandle handle = ends.accepted->releaseHandle();
    QVERIFY2(handle, qPrintable(ends.accepted->errorString()));
    NamedPipe other;
    other.setReceiveMode(mode);
    QVERIFY2(other.setSocketDescriptor(std::move(handle), NamedPipe::ConnectedState, QIODevice::ReadOnly), qPrintable(other.errorString()));
    QCOMPARE(ends.client.write("hello"), 5);
    QVERIFY(other.waitForReadyRead(5000));
    QCOMPARE(mode == Mode::Messages ? other.receive().value_or("none") : other.readAll(), "hello");
}

void tst_namedpipe_handles::anEndThatOnlyWritesIsAdopted_data()
{
    aHandleIsAdopted_data();
}

// It has not even the right to ask what it is.
void tst_namedpipe_handles::anEndThatOnlyWritesIsAdopted()
{
    QFETCH(Mode, mode);
    Ends ends(mode);
    ends.server.setDirection(NamedPipeServer::Direction::Outbound);
    ends.server.setReceiveMode(Mode::Bytes);
    ends.client.setSendMode(Mode::Bytes);
    QVERIFY(ends.connect(abstractName(), QIODevice::ReadOnly));
    NativeHandle handle = ends.accepted->releaseHandle();
    QVERIFY2(handle, qPrintable(ends.accepted->errorString()));
    NamedPipe other;
    other.setSendMode(mode);
    QVERIFY2(other.setSocketDescriptor(std::move(handle), NamedPipe::ConnectedState, QIODevice::WriteOnly), qPrintable(other.errorString()));
    QCOMPARE(other.write("hello"), 5);
    QVERIFY(ends.client.waitForReadyRead(5000));
    QCOMPARE(mode == Mode::Messages ? ends.client.receive().value_or("none") : ends.client.readAll(), "hello");
}

void tst_namedpipe_handles::aPeerThatGoesOnWritingDoesNotFillTheMemory_data()
{
    QTest::addColumn<Mode>("mode");
    QTest::newRow("bytes") << Mode::Bytes;
    QTest::newRow("messages") << Mode::Messages;
}

void tst_namedpipe_handles::aPeerThatGoesOnWritingDoesNotFillTheMemory()
{
    QFETCH(Mode, mode);
    constexpr int Count = 300;
    constexpr int Size = 100'000;
    Ends ends(mode);
    ends.server.setReadBufferSize(1000);
    QVERIFY(ends.connect(abstractName()));
    // All of it is under way at once: whoever reads always finds more.
    QByteArray all;
    for (int i = 0; i < Count; ++i)
        all += message(Size, quint32(i));
    OVERLAPPED writes[Count] = {};
    const auto client = reinterpret_cast<HANDLE>(ends.client.socketDescriptor());
    for (int i = 0; i < Count; ++i) {
        if (!WriteFile(client, all.constData() + i * Size, Size, nullptr, &writes[i]))
            QCOMPARE(GetLastError(), DWORD(ERROR_IO_PENDING));
    }
    NativeHandle handle = ends.accepted->releaseHandle();
    const auto cancel = qScopeGuard([&] {
        CancelIoEx(client, nullptr);
        DWORD bytes = 0;
        for (OVERLAPPED &write : writes)
            GetOverlappedResult(client, &write, &bytes, TRUE);
    });
    QVERIFY2(handle, qPrintable(ends.accepted->errorString()));
    QVERIFY2(ends.accepted->bytesAvailable() <= 10 * Size, qPrintable(QString::number(ends.accepted->bytesAvailable())));

    // The rest is for whoever has the handle, from where it was left.
    QByteArray received = ends.accepted->readAll();
    NamedPipe other;
    setModes(other, mode, mode);
    QVERIFY2(other.setSocketDescriptor(std::move(handle)), qPrintable(other.errorString()));
    QVERIFY(waitUntil([&] {
        received += other.readAll();
        return received.size() >= all.size();
    }));
    QVERIFY(received == all);
}

void tst_namedpipe_handles::nothingIsReleasedWithoutAConnection()
{
    NamedPipe pipe;
    QVERIFY(!pipe.releaseHandle());
    QCOMPARE(pipe.error(), StreamDevice::OperationError);
    QVERIFY(!pipe.disconnectClient());
    QVERIFY(!pipe.flushToPeer());
    QVERIFY(!pipe.errorString().isEmpty());
}

void tst_namedpipe_handles::inheritable()
{
    const auto isInheritable = [](const NamedPipe &pipe) {
        DWORD flags = 0;
        return GetHandleInformation(reinterpret_cast<HANDLE>(pipe.socketDescriptor()), &flags) && (flags & HANDLE_FLAG_INHERIT);
    };
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(!isInheritable(ends.client));
    QVERIFY(!isInheritable(*ends.accepted));
    QVERIFY(ends.client.setInheritable(true));
    QVERIFY(ends.client.isInheritable());
    QVERIFY(isInheritable(ends.client));
    QVERIFY(ends.client.setInheritable(false));
    QVERIFY(!isInheritable(ends.client));

    Ends others;
    others.server.setInheritable(true);
    QVERIFY(others.client.setInheritable(true));
    QVERIFY(others.connect(abstractName()));
    QVERIFY(isInheritable(others.client));
    QVERIFY(isInheritable(*others.accepted));
    QVERIFY(others.accepted->isInheritable());
}

void tst_namedpipe_handles::disconnectingThrowsAwayWhatIsUnread()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    const NativeHandle client = rawClient(name);
    QVERIFY(client);
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    accepted->write("unread");
    QVERIFY(accepted->flush() || accepted->bytesToWrite() == 0);
    QSignalSpy disconnected(accepted.get(), &NamedPipe::disconnected);
    QVERIFY2(accepted->disconnectClient(), qPrintable(accepted->errorString()));
    QCOMPARE(accepted->state(), NamedPipe::UnconnectedState);
    QCOMPARE(disconnected.size(), 1);
    QVERIFY(!rawRead(client));
    // That of a client cannot do that.
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(!ends.client.disconnectClient());
    QCOMPARE(ends.client.error(), StreamDevice::OperationError);
    QCOMPARE(ends.client.state(), NamedPipe::ConnectedState);
}

void tst_namedpipe_handles::abortLeavesWhatTheSystemHas()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    const NativeHandle client = rawClient(name);
    QVERIFY(client);
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    accepted->write("to be read");
    QVERIFY(accepted->flush() || accepted->bytesToWrite() == 0);
    accepted->abort();
    QCOMPARE(rawRead(client), "to be read");
    QVERIFY(!rawRead(client));
}

void tst_namedpipe_handles::flushTellsWhenAllHasBeenRead()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    const NativeHandle client = rawClient(name);
    QVERIFY(client);
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QSignalSpy flushed(accepted.get(), &NamedPipe::flushedToPeer);
    accepted->write("text");
    QVERIFY(accepted->flush() || accepted->bytesToWrite() == 0);
    QVERIFY2(accepted->flushToPeer(), qPrintable(accepted->errorString()));
    QVERIFY(!accepted->flushToPeer()); // one is under way
    QVERIFY(!flushed.wait(100)); // nobody has read
    QCOMPARE(rawRead(client), "text");
    QVERIFY(waitUntil([&] {
        return flushed.size() == 1;
    }));
    QCOMPARE(flushed.first().first().toBool(), true);
    QVERIFY(accepted->flushToPeer()); // nothing is left, and it is done at once
    QVERIFY(waitUntil([&] {
        return flushed.size() == 2;
    }));
}

void tst_namedpipe_handles::flushIsGivenUpWithTheConnection()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    const NativeHandle client = rawClient(name);
    QVERIFY(client);
    QVERIFY(server.waitForNewConnection(5000));
    std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QSignalSpy flushed(accepted.get(), &NamedPipe::flushedToPeer);
    accepted->write("text");
    QVERIFY(accepted->flush() || accepted->bytesToWrite() == 0);
    QVERIFY(accepted->flushToPeer());
    QVERIFY(!flushed.wait(100)); // the thread is in the call
    accepted->abort();
    QVERIFY(flushed.isEmpty());
    accepted.reset();
    // The pipe is not kept open by it: the client comes to the end.
    QCOMPARE(rawRead(client), "text");
    QVERIFY(!rawRead(client));
}

void tst_namedpipe_handles::flushOfAPeerThatGoes()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    NativeHandle client = rawClient(name);
    QVERIFY(client);
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QSignalSpy flushed(accepted.get(), &NamedPipe::flushedToPeer);
    accepted->write("text");
    QVERIFY(accepted->flush() || accepted->bytesToWrite() == 0);
    QVERIFY(accepted->flushToPeer());
    QVERIFY(!flushed.wait(50));
    client.reset();
    // Either is told, whichever is seen first; never that it was read.
    QVERIFY(waitUntil([&] {
        return accepted->state() == NamedPipe::UnconnectedState;
    }));
    for (const auto &arguments : flushed)
        QCOMPARE(arguments.first().toBool(), false);
}

QTEST_GUILESS_MAIN(tst_namedpipe_handles)
#include "tst_namedpipe_handles.moc"
