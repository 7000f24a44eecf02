// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"
#include "turns.h"

#include <QPointer>

using namespace Pipes;
using namespace std::chrono_literals;
using InterprocessQt::LocalServer;

namespace
{
constexpr qsizetype Much = 3'000'000; // more than the system keeps for a peer that does not read
} // namespace

// As tst_localsocket_everystate, for what pipes have besides: a pipe can be given up whatever it is doing, at both ends.
class tst_namedpipe_everystate : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aClientThatIsNotConnectedEnds_data();
    void aClientThatIsNotConnectedEnds();
    void aConnectedPipeEnds_data();
    void aConnectedPipeEnds();
    void aServerEnds_data();
    void aServerEnds();

private:
    void end(std::unique_ptr<NamedPipe> &pipe, const QString &how);
    void connectsAgain(NamedPipe &pipe);
};

void tst_namedpipe_everystate::end(std::unique_ptr<NamedPipe> &pipe, const QString &how)
{
    if (how == "abort")
        pipe->abort();
    else if (how == "close")
        pipe->close();
    else if (how == "disconnect")
        pipe->disconnectFromServer();
    else if (how == "disconnect the client")
        QCOMPARE(pipe->disconnectClient(), pipe->isServerEnd());
    else if (how == "release")
        pipe->releaseHandle().reset();
    else
        pipe.reset();
}

// It is as good as new.
void tst_namedpipe_everystate::connectsAgain(NamedPipe &pipe)
{
    NamedPipeServer server;
    setModes(server, Mode::Messages, Mode::Messages);
    QVERIFY2(server.listen(abstractName()), qPrintable(server.errorString()));
    pipe.setReconnectEnabled(false);
    pipe.setServerTimeoutUsed(false);
    pipe.setHost({});
    pipe.connectToServer(server.serverName());
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QTRY_COMPARE(pipe.state(), NamedPipe::ConnectedState);
    QVERIFY2(pipe.send("again"), qPrintable(pipe.errorString()));
    QCOMPARE(receiveAll(*accepted, 1), List{"again"});
    QVERIFY(accepted->send("and back"));
    QCOMPARE(receiveAll(pipe, 1), List{"and back"});
    pipe.abort();
}

void tst_namedpipe_everystate::aClientThatIsNotConnectedEnds_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("how");
    for (const char *state : {"new", "busy", "busy, by the server's time", "another computer", "waiting for the server", "failed", "refused"}) {
        for (const char *how : {"abort", "close", "disconnect", "release", "destroy"})
            QTest::addRow("%s, %s", state, how) << QString(state) << QString(how);
    }
}

void tst_namedpipe_everystate::aClientThatIsNotConnectedEnds()
{
    QFETCH(QString, state);
    QFETCH(QString, how);
    Ends ends;
    QVERIFY(ends.server.setMaximumInstances(1));
    ends.server.setWaitTimeout(NamedPipeServer::WaitForever);
    const QString name = abstractName();
    QVERIFY(ends.connect(name));

    auto pipe = std::make_unique<NamedPipe>();
    setModes(*pipe, Mode::Messages, Mode::Messages);
    if (state == "busy, by the server's time")
        pipe->setServerTimeoutUsed(true);
    if (state == "waiting for the server")
        pipe->setReconnectEnabled(true);
    if (state == "refused") {
        pipe->setServerPolicy([](const InterprocessQt::PeerCredentials &) {
            return false;
        });
    }
    if (state == "another computer") {
        pipe->connectToHost("192.0.2.1", name);
        QCOMPARE(pipe->state(), NamedPipe::ConnectingState);
    } else if (state.startsWith("busy")) {
        pipe->connectToServer(name);
        runTurns();
        QCOMPARE(pipe->state(), NamedPipe::ConnectingState);
    } else if (state == "waiting for the server") {
        QSignalSpy scheduled(pipe.get(), &NamedPipe::reconnectScheduled);
        pipe->connectToServer(abstractName());
        QTRY_VERIFY(!scheduled.isEmpty());
    } else if (state == "failed") {
        pipe->connectToServer(abstractName());
        QTRY_COMPARE(pipe->error(), NamedPipe::ServerNotFoundError);
    } else if (state == "refused") {
        NamedPipeServer other;
        setModes(other, Mode::Messages, Mode::Messages);
        QVERIFY(other.listen(abstractName()));
        pipe->connectToServer(other.serverName());
        QTRY_COMPARE(pipe->error(), NamedPipe::SocketAccessError);
        pipe->setServerPolicy(NamedPipe::ServerPolicy::Any);
    }

    QSignalSpy connected(pipe.get(), &NamedPipe::connected);
    end(pipe, how);
    if (!pipe)
        return;
    if (how == "release" && state != "new" && state != "failed" && state != "refused")
        pipe->abort(); // there was nothing to release, and it goes on
    QCOMPARE(pipe->state(), NamedPipe::UnconnectedState);
    runTurns();
    QCOMPARE(connected.count(), 0);
    connectsAgain(*pipe);
}

void tst_namedpipe_everystate::aConnectedPipeEnds_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("isServer");
    QTest::addColumn<QString>("how");
    for (const char *state : {"idle",
                              "with messages",
                              "with part of a message",
                              "with as many as are kept",
                              "in the middle of discarding",
                              "writing",
                              "flushing",
                              "waited for",
                              "peer gone",
                              "peer gone, messages left"}) {
        for (const bool isServer : {false, true}) {
            for (const char *how : {"abort", "close", "disconnect", "disconnect the client", "release", "destroy"}) {
                if (state == QLatin1String("with as many as are kept") && (!isServer || how == QLatin1String("disconnect")))
                    continue; // which takes long to bring about
                QTest::addRow("%s, %s, %s", state, isServer ? "server" : "client", how) << QString(state) << isServer << QString(how);
            }
        }
    }
}

void tst_namedpipe_everystate::aConnectedPipeEnds()
{
    QFETCH(QString, state);
    QFETCH(bool, isServer);
    QFETCH(QString, how);
    NamedPipeServer server;
    setModes(server, Mode::Messages, Mode::Messages);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    auto client = std::make_unique<NamedPipe>();
    setModes(*client, Mode::Messages, Mode::Messages);
    client->connectToServer(name);
    QVERIFY(server.waitForNewConnection(5000));
    std::unique_ptr<NamedPipe> pipe(server.nextPendingConnection());
    std::unique_ptr<NamedPipe> peer = std::move(client);
    QTRY_COMPARE(peer->state(), NamedPipe::ConnectedState);
    if (!isServer)
        pipe.swap(peer);

    if (state.endsWith("with messages") || state == "peer gone, messages left") {
        QVERIFY(peer->send("one"));
        QVERIFY(peer->send({}));
        QTRY_VERIFY(pipe->hasPendingMessages());
    } else if (state == "with part of a message") {
        QVERIFY(peer->send("abcdef"));
        QTRY_VERIFY(pipe->hasPendingMessages());
        QCOMPARE(pipe->read(3), "abc");
    } else if (state == "with as many as are kept") {
        for (int i = 0; i < 4200; ++i)
            QVERIFY(peer->send({}));
        QTRY_VERIFY(pipe->hasPendingMessages());
    } else if (state == "in the middle of discarding") {
        pipe->setMaximumMessageSize(10);
        QVERIFY(peer->send(message(Much)));
        runTurns(3);
    } else if (state == "writing") {
        peer->setReadBufferSize(1);
        for (int i = 0; i < 3; ++i) // of which the peer reads the first
            QVERIFY(pipe->send(message(Much)));
        runTurns();
        QVERIFY(pipe->bytesToWrite() > 0);
    } else if (state == "flushing") {
        peer->setReadBufferSize(1);
        QVERIFY(peer->send({})); // it is being read from by now, and has room for one more
        QVERIFY(pipe->send("a"));
        QVERIFY(pipe->send("b"));
        QVERIFY(pipe->send("c"));
        runTurns();
        QVERIFY(pipe->flushToPeer());
    } else if (state == "waited for") {
        QVERIFY(!pipe->waitForMessage(10));
    }
    if (state.startsWith("peer gone")) {
        peer.reset();
        QTRY_COMPARE(pipe->state(), NamedPipe::UnconnectedState);
    }

    runTurns(); // what has happened is told
    QSignalSpy flushed(pipe.get(), &NamedPipe::flushedToPeer);
    QPointer<NamedPipe> guarded(pipe.get());
    const bool isWriting = pipe->bytesToWrite() > 0;
    end(pipe, how);
    if (peer) {
        if (how == "disconnect the client" && !isServer)
            pipe->abort(); // it is no server's end, and stays connected
        else if (how == "release" && (isWriting || state == "with as many as are kept"))
            pipe->abort(); // nothing may be lost by releasing
        // Who lingers does so until everything has been read.
        peer->setReadBufferSize(0);
        QTRY_COMPARE(peer->state(), NamedPipe::UnconnectedState);
    }
    if (!pipe) {
        QVERIFY(!guarded);
        return;
    }
    QTRY_COMPARE(pipe->state(), NamedPipe::UnconnectedState);
    runTurns();
    QVERIFY(flushed.isEmpty() || how == "close" || how == "disconnect");
    if (how == "disconnect" || how == "release") {
        // What has arrived is still there.
        if (state == "with messages" || state == "peer gone, messages left")
            QCOMPARE(receiveAll(*pipe, 2), (List{"one", ""}));
        else if (state == "with part of a message")
            QCOMPARE(receiveAll(*pipe, 1), List{"def"});
    }
    connectsAgain(*pipe);
}

void tst_namedpipe_everystate::aServerEnds_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("limit");
    QTest::addColumn<bool>("destroyed");
    for (const char *state :
         {"new", "listening", "with a client that comes", "with one that waits", "with one that has gone", "in use", "one was just closed"}) {
        for (const int limit : {1, 3, NamedPipeServer::UnlimitedInstances}) {
            for (const bool destroyed : {false, true})
                QTest::addRow("%s, %d, %s", state, limit, destroyed ? "destroy" : "close") << QString(state) << limit << destroyed;
        }
    }
}

void tst_namedpipe_everystate::aServerEnds()
{
    QFETCH(QString, state);
    QFETCH(int, limit);
    QFETCH(bool, destroyed);
    const QString name = abstractName();
    auto server = std::make_unique<NamedPipeServer>();
    setModes(*server, Mode::Messages, Mode::Messages);
    QVERIFY(server->setMaximumInstances(limit));
    if (state != "new")
        QVERIFY2(server->listen(name), qPrintable(server->errorString()));
    NamedPipe client;
    setModes(client, Mode::Messages, Mode::Messages);
    std::unique_ptr<NamedPipe> accepted;
    if (state != "new" && state != "listening")
        client.connectToServer(name);
    if (state == "with one that has gone")
        client.abort();
    if (state == "with one that waits" || state == "in use" || state == "one was just closed")
        QVERIFY(server->waitForNewConnection(5000));
    if (state == "in use" || state == "one was just closed")
        accepted.reset(server->nextPendingConnection());
    if (state == "one was just closed")
        accepted.reset();
    else if (accepted)
        accepted->setParent(nullptr);
    if (destroyed)
        server.reset();
    else
        server->close();
    if (accepted) { // a connection does not depend on the server
        QVERIFY(client.send("goes on"));
        QCOMPARE(receiveAll(*accepted, 1), List{"goes on"});
        accepted.reset();
    }
    if (server && state == "with one that waits") // it has been accepted, and can still be taken
        delete server->nextPendingConnection();
    QTRY_COMPARE(client.state(), NamedPipe::UnconnectedState);
    // The name is free.
    NamedPipeServer next;
    setModes(next, Mode::Messages, Mode::Messages);
    QVERIFY2(next.listen(name), qPrintable(next.errorString()));
    client.connectToServer(name);
    QVERIFY(next.waitForNewConnection(5000));
}

QTEST_GUILESS_MAIN(tst_namedpipe_everystate)
#include "tst_namedpipe_everystate.moc"
