// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

#include <QElapsedTimer>
#include <QThread>

using namespace Pipes;
using InterprocessQt::LocalServer;
using InterprocessQt::LocalSocket;
using InterprocessQt::StreamDevice;
using namespace std::chrono_literals;

// How many instances there may be, what becomes of those who come when all are taken, and what the system is told of the pipe.
class tst_namedpipe_instances : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theLimitHolds_data();
    void theLimitHolds();
    void whoWaitsComesWhenOneIsClosed();
    void itIsClosedInAnotherThread();
    void withoutAnEventLoop();
    void waitingEndsInTime();
    void waitingCanBeGivenUp();
    void theServerMaySayHowLong();
    void numbersThatAreNone();
    void theNameIsKeptFromOthers();
    void anInvalidDescriptorIsRefused();
    void thePipeHasItsDescriptor();
    void nobodyIsRefusedForHowTheyCame();
    void thePredicateIsAskedInAddition();
    void parametersReachTheSystem();
    void timeoutsOfTheServer();
    void manyComeAndGo();

private:
    // A server at its limit closes the last instance before it makes the next, and has no name in between.
    static bool hasFreeInstance(const QString &name);
};

bool tst_namedpipe_instances::hasFreeInstance(const QString &name)
{
    return WaitNamedPipeW(wide(fullName(name)), 1);
}

void tst_namedpipe_instances::theLimitHolds_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("1") << 1;
    QTest::newRow("3") << 3;
}

void tst_namedpipe_instances::theLimitHolds()
{
    QFETCH(int, limit);
    NamedPipeServer server;
    QVERIFY(server.setMaximumInstances(limit));
    const QString name = abstractName();
    QVERIFY2(server.listen(name), qPrintable(server.errorString()));
    QSignalSpy errors(&server, &LocalServer::errorOccurred);
    std::vector<std::unique_ptr<NamedPipe>> clients;
    for (int i = 0; i < limit; ++i) {
        clients.push_back(std::make_unique<NamedPipe>());
        clients.back()->connectToServer(name);
    }
    QVERIFY(waitUntil([&] {
        return std::all_of(clients.begin(), clients.end(), [](const auto &client) {
            return client->state() == NamedPipe::ConnectedState;
        });
    }));
    NamedPipe late;
    late.setConnectTimeout(100ms);
    late.connectToServer(name);
    QVERIFY(!late.waitForConnected(5000));
    QCOMPARE(late.error(), StreamDevice::SocketTimeoutError);
    QCOMPARE(late.nativeError(), ERROR_PIPE_BUSY);
    QVERIFY(errors.isEmpty()); // that is what a limit is for
    QVERIFY(server.isListening());
}

void tst_namedpipe_instances::whoWaitsComesWhenOneIsClosed()
{
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(1));
    const QString name = abstractName();
    QVERIFY(ends.connect(name));
    NamedPipe next;
    for (int i = 0; i < 3; ++i) {
        setModes(next, Mode::Messages, Mode::Messages);
        next.connectToServer(name);
        QVERIFY(!next.waitForConnected(20));
        ends.accepted.reset();
        QVERIFY(waitUntil([&] {
            return next.state() == NamedPipe::ConnectedState;
        }));
        QVERIFY(next.send("here"));
        QVERIFY(waitUntil([&] {
            if (!ends.accepted)
                ends.accepted.reset(ends.server.nextPendingConnection());
            return ends.accepted && ends.accepted->hasPendingMessages();
        }));
        QCOMPARE(ends.accepted->receive(), "here");
        next.abort();
    }
}

void tst_namedpipe_instances::itIsClosedInAnotherThread()
{
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(1));
    const QString name = abstractName();
    QVERIFY(ends.connect(name));
    QThread thread;
    thread.start();
    NamedPipe *const accepted = ends.accepted.release();
    accepted->setParent(nullptr);
    accepted->moveToThread(&thread);
    NamedPipe next;
    setModes(next, Mode::Messages, Mode::Messages);
    next.connectToServer(name);
    accepted->deleteLater();
    QVERIFY(waitUntil([&] {
        return next.state() == NamedPipe::ConnectedState;
    }));
    thread.quit();
    thread.wait();
}

void tst_namedpipe_instances::withoutAnEventLoop()
{
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(1));
    const QString name = abstractName();
    QVERIFY(ends.connect(name));
    QVERIFY(!ends.server.waitForNewConnection(50));
    ends.accepted.reset();
    const std::unique_ptr<QThread> other(QThread::create([name] {
        NamedPipe next;
        setModes(next, Mode::Messages, Mode::Messages);
        next.connectToServer(name);
        next.waitForConnected(5000);
        next.waitForDisconnected(5000);
    }));
    other->start();
    QVERIFY(ends.server.waitForNewConnection(5000));
    delete ends.server.nextPendingConnection();
    QVERIFY(other->wait(10000));
}

void tst_namedpipe_instances::waitingEndsInTime()
{
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(1));
    const QString name = abstractName();
    QVERIFY(ends.connect(name));
    NamedPipe late;
    late.setConnectTimeout(50ms);
    QSignalSpy errors(&late, &LocalSocket::errorOccurred);
    late.connectToServer(name);
    QVERIFY(errors.isEmpty());
    QVERIFY(waitUntil([&] {
        return errors.size() == 1;
    }));
    QCOMPARE(late.error(), StreamDevice::SocketTimeoutError);
}

void tst_namedpipe_instances::waitingCanBeGivenUp()
{
    for (const bool asTheServerSays : {false, true}) {
        Ends ends;
        QVERIFY(ends.server.setMaximumInstances(1));
        ends.server.setWaitTimeout(NamedPipeServer::WaitForever);
        const QString name = abstractName();
        QVERIFY(ends.connect(name));
        NamedPipe late;
        late.setServerTimeoutUsed(asTheServerSays);
        QSignalSpy errors(&late, &LocalSocket::errorOccurred);
        late.connectToServer(name);
        QVERIFY(!late.waitForConnected(30));
        QCOMPARE(late.state(), NamedPipe::ConnectingState);
        late.abort();
        QCOMPARE(late.state(), NamedPipe::UnconnectedState);
        QVERIFY(errors.isEmpty());
        {
            NamedPipe destroyed;
            destroyed.setServerTimeoutUsed(asTheServerSays);
            destroyed.connectToServer(name);
            QVERIFY(!destroyed.waitForConnected(30));
        }
    }
}

void tst_namedpipe_instances::theServerMaySayHowLong()
{
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(1));
    ends.server.setWaitTimeout(100ms);
    const QString name = abstractName();
    QVERIFY(ends.connect(name));
    NamedPipe late;
    QVERIFY(!late.isServerTimeoutUsed());
    late.setServerTimeoutUsed(true);
    QVERIFY(late.isServerTimeoutUsed());
    QSignalSpy errors(&late, &LocalSocket::errorOccurred);
    late.connectToServer(name); // whose own time-out is 30 s
    QVERIFY(waitUntil([&] {
        return errors.size() == 1;
    }));
    QCOMPARE(late.error(), StreamDevice::SocketTimeoutError);
    QCOMPARE(late.nativeError(), ERROR_SEM_TIMEOUT);

    ends.accepted.reset();
    QVERIFY(waitUntil([&] {
        return hasFreeInstance(name);
    }));
    setModes(late, Mode::Messages, Mode::Messages);
    late.connectToServer(name);
    QVERIFY(waitUntil([&] {
        return late.state() == NamedPipe::ConnectedState;
    }));
}

void tst_namedpipe_instances::numbersThatAreNone()
{
    NamedPipeServer server;
    QCOMPARE(server.maximumInstances(), NamedPipeServer::UnlimitedInstances);
    for (const int count : {0, -1, 256, 1000})
        QVERIFY(!server.setMaximumInstances(count));
    QCOMPARE(server.maximumInstances(), 255);
    QVERIFY(server.setMaximumInstances(254));
    QCOMPARE(server.maximumInstances(), 254);
}

void tst_namedpipe_instances::theNameIsKeptFromOthers()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    NamedPipeServer second;
    QVERIFY(!second.listen(name));
    QCOMPARE(second.serverError(), LocalServer::AddressInUseError);
    server.close();

    // Somebody else was first
    const NativeHandle stranger = rawServer(name, PIPE_TYPE_BYTE);
    QVERIFY(stranger);
    QVERIFY(!server.listen(name));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);

    // And nobody comes second
    if (isWine())
        QSKIP("Wine ignores FILE_FLAG_FIRST_PIPE_INSTANCE");
    const QString own = abstractName();
    QVERIFY(server.listen(own));
    const NativeHandle late = rawServer(own, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE);
    QVERIFY(!late);
}

void tst_namedpipe_instances::anInvalidDescriptorIsRefused()
{
    NamedPipeServer server;
    QVERIFY(!server.securityDescriptor());
    server.setSecurityDescriptor(InterprocessQt::SecurityDescriptor::fromSddl("D:(A;;QQ;;;WD)"));
    QVERIFY(!server.listen(abstractName()));
    QCOMPARE(server.serverError(), LocalServer::OperationError);
    QVERIFY2(server.errorString().contains("QQ"), qPrintable(server.errorString()));
    QVERIFY(!server.isListening());
}

void tst_namedpipe_instances::thePipeHasItsDescriptor()
{
    using InterprocessQt::SecurityDescriptor;
    Ends ends;
    SecurityDescriptor security;
    QVERIFY(security.allow("AU", SecurityDescriptor::ReadRight | SecurityDescriptor::WriteRight));
    ends.server.setSecurityDescriptor(security);
    QVERIFY(ends.connect(abstractName()));
    const auto ofServer = SecurityDescriptor::fromHandle(ends.accepted->socketDescriptor());
    QVERIFY2(ofServer.isValid() && ofServer.dacl(), qPrintable(ofServer.errorString()));
    QVERIFY2(ofServer.dacl()->contains(";AU)"), qPrintable(ofServer.toSddl()));
    QCOMPARE(ofServer.dacl()->count(QLatin1Char('(')), 2);
    const auto ofClient = SecurityDescriptor::fromHandle(ends.client.socketDescriptor(), SecurityDescriptor::Owner | SecurityDescriptor::Dacl);
    QCOMPARE(ofClient.owner(), security.owner()); // so can a client find out whose pipe it is
}

// The network group is in the token of a user who has logged on by SSH: what denies it keeps users from servers of their own.
// Other computers are kept out by PIPE_REJECT_REMOTE_CLIENTS.
void tst_namedpipe_instances::nobodyIsRefusedForHowTheyCame()
{
    using InterprocessQt::SecurityDescriptor;
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    const auto ofServer = SecurityDescriptor::fromHandle(ends.accepted->socketDescriptor(), SecurityDescriptor::Dacl);
    QVERIFY2(ofServer.isValid() && ofServer.dacl(), qPrintable(ofServer.errorString()));
    QVERIFY2(ofServer.dacl()->contains("(A;"), qPrintable(ofServer.toSddl()));
    QVERIFY2(!ofServer.dacl()->contains("(D;"), qPrintable(ofServer.toSddl()));
}

void tst_namedpipe_instances::thePredicateIsAskedInAddition()
{
    NamedPipeServer server;
    server.setSecurityDescriptor(InterprocessQt::SecurityDescriptor());
    server.setPeerPolicy([](const InterprocessQt::PeerCredentials &) {
        return false;
    });
    QSignalSpy rejected(&server, &LocalServer::peerRejected);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    NamedPipe client;
    client.connectToServer(name);
    QVERIFY(waitUntil([&] {
        return rejected.size() == 1 && client.state() == NamedPipe::UnconnectedState;
    }));
    QVERIFY(!server.hasPendingConnections());
}

void tst_namedpipe_instances::parametersReachTheSystem()
{
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(7));
    QCOMPARE(ends.server.inputBufferSize(), 65536u);
    ends.server.setBufferSizes(1000, 2000);
    QCOMPARE(ends.server.inputBufferSize(), 1000u);
    QCOMPARE(ends.server.outputBufferSize(), 2000u);
    ends.server.setWriteThrough(true);
    ends.client.setWriteThrough(true);
    QVERIFY(ends.server.isWriteThrough() && ends.client.isWriteThrough());
    ends.server.setRemoteClientsAllowed(true);
    QVERIFY(ends.server.areRemoteClientsAllowed());
    QVERIFY(ends.connect(abstractName()));
    DWORD flags = 0;
    DWORD output = 0;
    DWORD input = 0;
    DWORD most = 0;
    QVERIFY(GetNamedPipeInfo(reinterpret_cast<HANDLE>(ends.accepted->socketDescriptor()), &flags, &output, &input, &most));
    QCOMPARE(flags, DWORD(PIPE_SERVER_END | PIPE_TYPE_MESSAGE));
    QCOMPARE(most, 7u);
    QVERIFY2(input >= 1000 && output >= 2000, qPrintable(QStringLiteral("%1, %2").arg(input).arg(output)));
    QVERIFY(ends.client.send(message(100'000))); // larger than that
    QCOMPARE(receiveAll(*ends.accepted, 1), List{message(100'000)});
}

void tst_namedpipe_instances::timeoutsOfTheServer()
{
    NamedPipeServer server;
    QCOMPARE(server.waitTimeout(), NamedPipeServer::SystemWaitTimeout);
    server.setWaitTimeout(1500ms);
    QCOMPARE(server.waitTimeout(), 1500ms);
    server.setWaitTimeout(NamedPipeServer::WaitForever);
    QCOMPARE(server.waitTimeout(), NamedPipeServer::WaitForever);
    server.setWaitTimeout(-5s);
    QCOMPARE(server.waitTimeout(), NamedPipeServer::WaitForever);
    server.setWaitTimeout(std::chrono::hours(24 * 365)); // 32 bits of milliseconds
    QVERIFY(server.waitTimeout() > std::chrono::hours(24));
    QVERIFY(server.waitTimeout() != NamedPipeServer::WaitForever);
}

void tst_namedpipe_instances::manyComeAndGo()
{
    NamedPipeServer server;
    setModes(server, Mode::Messages, Mode::Messages);
    QVERIFY(server.setMaximumInstances(4));
    connect(&server, &NamedPipeServer::newConnection, this, [&] {
        while (NamedPipe *const pipe = server.nextPendingConnection()) {
            connect(pipe, &NamedPipe::messagesPending, pipe, [pipe] {
                while (auto message = pipe->receive())
                    pipe->send(*message);
            });
            connect(pipe, &NamedPipe::disconnected, pipe, &QObject::deleteLater);
        }
    });
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    qsizetype before = 0;
    for (int round = 0; round < 6; ++round) {
        QVERIFY(waitUntil([&] {
            return hasFreeInstance(name);
        }));
        std::vector<std::unique_ptr<NamedPipe>> clients;
        for (int i = 0; i < 10; ++i) { // more than there are instances
            clients.push_back(std::make_unique<NamedPipe>());
            NamedPipe *const client = clients.back().get();
            setModes(*client, Mode::Messages, Mode::Messages);
            connect(client, &NamedPipe::connected, client, [client] {
                client->send("ping");
            });
            connect(client, &NamedPipe::messagesPending, client, [client] {
                if (client->receive() == "ping")
                    client->disconnectFromServer();
            });
            client->connectToServer(name);
        }
        QVERIFY(waitUntil([&] {
            return std::all_of(clients.begin(), clients.end(), [](const auto &client) {
                return client->state() == NamedPipe::UnconnectedState;
            });
        }));
        for (const auto &client : clients)
            QVERIFY2(client->error() == StreamDevice::UnknownSocketError, qPrintable(client->errorString()));
        clients.clear();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        const qsizetype now = openDescriptors().size();
        if (round == 1)
            before = now; // threads and the like have been made by then
        else if (round > 1)
            QVERIFY2(now <= before + 20, qPrintable(QStringLiteral("%1 handles, %2 before").arg(now).arg(before)));
    }
}

QTEST_GUILESS_MAIN(tst_namedpipe_instances)
#include "tst_namedpipe_instances.moc"
