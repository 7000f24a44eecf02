// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

namespace
{
constexpr qint64 Much = 3'000'000; // more than the system keeps for a peer that does not read
} // namespace

// A connection can be given up whatever it is doing: nothing waits for the peer, nothing is told afterwards, and it can begin again.
class tst_localsocket_everystate : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSocketEnds_data();
    void aSocketEnds();
    void aServerEnds_data();
    void aServerEnds();
    void aLingeringSocketIsAbortedOrDestroyed_data();
    void aLingeringSocketIsAbortedOrDestroyed();
};

void tst_localsocket_everystate::aSocketEnds_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("how");
    for (const char *state :
         {"connecting", "waiting for the server", "idle", "with data", "with a full buffer", "writing", "waited for", "peer gone", "peer gone, data left"}) {
        for (const char *how : {"abort", "close", "disconnect", "destroy"})
            QTest::addRow("%s, %s", state, how) << QString(state) << QString(how);
    }
}

void tst_localsocket_everystate::aSocketEnds()
{
    QFETCH(QString, state);
    QFETCH(QString, how);
    const QString name = abstractName();
    LocalServer server;
    server.setListenBacklogSize(1);
    QVERIFY2(server.listen(Address::namespaced(name)), qPrintable(server.errorString()));

    auto socket = std::make_unique<LocalSocket>();
    std::vector<std::unique_ptr<LocalSocket>> others;
    std::unique_ptr<LocalSocket> peer;
    if (state == "with a full buffer")
        socket->setReadBufferSize(10);
    if (state == "connecting") {
        // The server does not come to accept anybody meanwhile.
        do {
            others.push_back(std::move(socket));
            socket = std::make_unique<LocalSocket>();
            socket->connectToServer(Address::namespaced(name));
        } while (socket->state() == LocalSocket::ConnectedState && others.size() < 100);
        QCOMPARE(socket->state(), LocalSocket::ConnectingState);
    } else if (state == "waiting for the server") {
        socket->setReconnectEnabled(true);
        socket->connectToServer(Address::namespaced(abstractName()));
        QSignalSpy scheduled(socket.get(), &LocalSocket::reconnectScheduled);
        QTRY_VERIFY(!scheduled.isEmpty());
    } else {
        socket->connectToServer(Address::namespaced(name));
        QVERIFY(server.waitForNewConnection(5000));
        peer.reset(server.nextPendingConnection());
        QTRY_COMPARE(socket->state(), LocalSocket::ConnectedState);
        if (state == "with data" || state == "peer gone, data left") {
            peer->write("data");
            QTRY_COMPARE(socket->bytesAvailable(), 4);
        } else if (state == "with a full buffer") {
            peer->write(QByteArray(Much, 'x'));
            QTRY_COMPARE(socket->bytesAvailable(), 10);
        } else if (state == "writing") {
            peer->setReadBufferSize(1);
            socket->write(QByteArray(Much, 'x'));
            runTurns();
            QVERIFY(socket->bytesToWrite() > 0);
        } else if (state == "waited for") {
            QVERIFY(!socket->waitForReadyRead(10));
        }
        if (state.startsWith("peer gone")) {
            peer.reset();
            QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
        }
    }

    if (peer)
        runTurns(); // what has happened is told
    QSignalSpy connected(socket.get(), &LocalSocket::connected);
    QSignalSpy failed(socket.get(), &LocalSocket::errorOccurred);
    if (how == "abort")
        socket->abort();
    else if (how == "close")
        socket->close();
    else if (how == "disconnect")
        socket->disconnectFromServer();
    else
        socket.reset();

    if (peer) {
        // Who lingers does so until everything has been read.
        peer->setReadBufferSize(0);
        QTRY_COMPARE(peer->state(), LocalSocket::UnconnectedState);
    }
    if (!socket)
        return;
    QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
    runTurns();
    QCOMPARE(connected.count(), 0);
    QCOMPARE(failed.count(), 0);
    others.clear();
    // Whoever is still in the server's queue comes first.
    socket->setReconnectEnabled(false);
    socket->connectToServer(Address::namespaced(name));
    socket->write("again");
    bool arrived = false;
    connect(&server, &LocalServer::newConnection, this, [&] {
        while (LocalSocket *const next = server.nextPendingConnection()) {
            connect(next, &LocalSocket::readyRead, this, [&arrived, next] {
                arrived = arrived || next->readAll() == "again";
            });
        }
    });
    QTRY_VERIFY(arrived);
}

void tst_localsocket_everystate::aServerEnds_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("destroyed");
    for (const char *state : {"listening", "with a client that comes", "with one that waits", "with one that has gone", "in use"}) {
        for (const bool destroyed : {false, true})
            QTest::addRow("%s, %s", state, destroyed ? "destroy" : "close") << QString(state) << destroyed;
    }
}

void tst_localsocket_everystate::aServerEnds()
{
    QFETCH(QString, state);
    QFETCH(bool, destroyed);
    const QString name = abstractName();
    auto server = std::make_unique<LocalServer>();
    QVERIFY2(server->listen(Address::namespaced(name)), qPrintable(server->errorString()));
    LocalSocket client;
    LocalSocket *accepted = nullptr;
    if (state != "listening")
        client.connectToServer(Address::namespaced(name));
    if (state == "with one that has gone")
        client.abort();
    if (state == "with one that waits" || state == "in use")
        QVERIFY(server->waitForNewConnection(5000));
    if (state == "in use")
        accepted = server->nextPendingConnection();
    if (accepted)
        accepted->setParent(this);
    if (destroyed)
        server.reset();
    else
        server->close();
    if (accepted) { // a connection does not depend on the server
        client.write("goes on");
        QTRY_COMPARE(accepted->bytesAvailable(), 7);
        delete accepted;
    }
    if (server && state == "with one that waits") // it has been accepted, and can still be taken
        delete server->nextPendingConnection();
    QTRY_COMPARE(client.state(), LocalSocket::UnconnectedState);
    // The name is free at once.
    LocalServer next;
    QVERIFY2(next.listen(Address::namespaced(name)), qPrintable(next.errorString()));
    client.connectToServer(Address::namespaced(name));
    QVERIFY(next.waitForNewConnection(5000));
}

void tst_localsocket_everystate::aLingeringSocketIsAbortedOrDestroyed_data()
{
    QTest::addColumn<bool>("destroyed");
    QTest::newRow("abort") << false;
    QTest::newRow("destroy") << true;
}

void tst_localsocket_everystate::aLingeringSocketIsAbortedOrDestroyed()
{
    QFETCH(bool, destroyed);
    auto [mine, theirs] = LocalSocket::pair();
    theirs->setReadBufferSize(1);
    mine->write(QByteArray(Much, 'x'));
    runTurns();
    mine->disconnectFromServer();
    QCOMPARE(mine->state(), LocalSocket::ClosingState);
    QVERIFY(!mine->waitForDisconnected(10));
    QSignalSpy failed(mine.get(), &LocalSocket::errorOccurred);
    if (destroyed) {
        mine.reset();
    } else {
        mine->abort();
        QCOMPARE(mine->state(), LocalSocket::UnconnectedState);
        runTurns();
        QCOMPARE(failed.count(), 0);
    }
    theirs->setReadBufferSize(0);
    QTRY_COMPARE(theirs->state(), LocalSocket::UnconnectedState);
    QVERIFY(theirs->bytesAvailable() < Much);
}

QTEST_GUILESS_MAIN(tst_localsocket_everystate)
#include "tst_localsocket_everystate.moc"
