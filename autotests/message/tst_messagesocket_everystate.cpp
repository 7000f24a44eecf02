// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesockets.h"
#include "turns.h"

using namespace InterprocessQt;
using namespace Messages;

namespace
{
constexpr qsizetype Much = 150'000; // a few of which are more than the system keeps for a peer that does not read

void addStates(const QStringList &states, const QStringList &hows)
{
    addWithTransports([&](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets) {
            QTest::addColumn<QString>("state");
            QTest::addColumn<QString>("how");
        }
        for (const QString &state : states) {
            for (const QString &how : hows)
                QTest::addRow("%s%s, %s", name.constData(), qPrintable(state), qPrintable(how)) << transport << state << how;
        }
    });
}
} // namespace

// As tst_localsocket_everystate: a connection can be given up whatever it is doing, and can begin again.
class tst_messagesocket_everystate : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSocketEnds_data();
    void aSocketEnds();
    void aServerEnds_data();
    void aServerEnds();
};

void tst_messagesocket_everystate::aSocketEnds_data()
{
    addStates({"new",
               "connecting",
               "waiting for the server",
               "idle",
               "with messages",
               "delivering",
               "writing",
               "waited for",
               "peer gone",
               "peer gone, messages left"},
              {"abort", "disconnect", "destroy"});
}

void tst_messagesocket_everystate::aSocketEnds()
{
    QFETCH(Transport, transport);
    QFETCH(QString, state);
    QFETCH(QString, how);
    const Address name = Address::namespaced(abstractName());
    MessageServer server(transport);
    server.setListenBacklogSize(1);
    QVERIFY2(server.listen(name), qPrintable(server.errorString()));

    auto socket = std::make_unique<MessageSocket>(transport);
    std::vector<std::unique_ptr<MessageSocket>> others;
    std::unique_ptr<MessageSocket> peer;
    if (state == "connecting") {
        // The server does not come to accept anybody meanwhile.
        do {
            others.push_back(std::move(socket));
            socket = std::make_unique<MessageSocket>(transport);
            socket->connectToServer(name);
        } while (socket->state() == MessageSocket::State::ConnectedState && others.size() < 100);
        QCOMPARE(socket->state(), MessageSocket::State::ConnectingState);
    } else if (state == "waiting for the server") {
        socket->setReconnectEnabled(true);
        socket->connectToServer(Address::namespaced(abstractName()));
        QSignalSpy scheduled(socket.get(), &MessageSocket::reconnectScheduled);
        QTRY_VERIFY(!scheduled.isEmpty());
    } else if (state != "new") {
        socket->connectToServer(name);
        QVERIFY(server.waitForNewConnection(5000));
        peer.reset(server.nextPendingConnection());
        QTRY_COMPARE(socket->state(), MessageSocket::State::ConnectedState);
        if (state == "with messages" || state == "peer gone, messages left") {
            QVERIFY(peer->send("one"));
            QVERIFY(peer->send("two"));
            QTRY_VERIFY(socket->hasPendingMessages());
        } else if (state == "writing") {
            for (int i = 0; i < 20; ++i)
                QVERIFY(socket->send(message(Much)));
            QVERIFY(socket->bytesToWrite() > 0);
        } else if (state == "waited for") {
            QVERIFY(!socket->waitForMessage(10));
        }
        if (state.startsWith("peer gone")) {
            peer.reset();
            QTRY_COMPARE(socket->state(), MessageSocket::State::UnconnectedState);
        }
    }
    runTurns(peer ? 20 : 0); // what has happened is told

    const auto end = [&socket, how] {
        if (how == "abort")
            socket->abort();
        else if (how == "disconnect")
            socket->disconnectFromServer();
        else
            socket.reset();
    };
    QSignalSpy connected(socket.get(), &MessageSocket::connected);
    QSignalSpy failed(socket.get(), &MessageSocket::errorOccurred);
    if (state == "delivering") {
        // In the middle of what has arrived at once
        int delivered = 0;
        connect(socket.get(), &MessageSocket::messageReceived, this, [&] {
            if (++delivered == 3)
                end();
        });
        for (int i = 0; i < 100; ++i)
            QVERIFY(peer->send("one of many"));
        QTRY_VERIFY(delivered >= 3);
        runTurns();
        if (how != "disconnect")
            QCOMPARE(delivered, 3);
    } else {
        end();
    }

    if (peer) {
        // Who lingers does so until everything has been read.
        peer->setAutomaticDelivery(true);
        const Record drain(*peer);
        QTRY_COMPARE(peer->state(), MessageSocket::State::UnconnectedState);
    }
    if (!socket)
        return;
    QTRY_COMPARE(socket->state(), MessageSocket::State::UnconnectedState);
    runTurns();
    QCOMPARE(connected.count(), 0);
    QCOMPARE(failed.count(), 0);
    others.clear();
    socket->disconnect(this);
    socket->setReconnectEnabled(false);
    MessageServer next(transport);
    QVERIFY(next.listen(Address::namespaced(abstractName())));
    socket->connectToServer(next.serverAddress());
    QVERIFY(next.waitForNewConnection(5000));
    const std::unique_ptr<MessageSocket> accepted(next.nextPendingConnection());
    QTRY_COMPARE(socket->state(), MessageSocket::State::ConnectedState);
    QVERIFY(socket->send("again"));
    QVERIFY(accepted->waitForMessage(5000));
    QCOMPARE(accepted->receive(), QByteArray("again"));
}

void tst_messagesocket_everystate::aServerEnds_data()
{
    addStates({"new", "listening", "with a client that comes", "with one that waits", "with one that has gone", "in use"}, {"close", "destroy"});
}

void tst_messagesocket_everystate::aServerEnds()
{
    QFETCH(Transport, transport);
    QFETCH(QString, state);
    QFETCH(QString, how);
    const Address name = Address::namespaced(abstractName());
    auto server = std::make_unique<MessageServer>(transport);
    if (state != "new")
        QVERIFY2(server->listen(name), qPrintable(server->errorString()));
    MessageSocket client(transport);
    std::unique_ptr<MessageSocket> accepted;
    if (state != "new" && state != "listening")
        client.connectToServer(name);
    if (state == "with one that has gone")
        client.abort();
    if (state == "with one that waits" || state == "in use")
        QVERIFY(server->waitForNewConnection(5000));
    if (state == "in use") {
        accepted.reset(server->nextPendingConnection());
        accepted->setParent(nullptr);
    }
    if (how == "destroy")
        server.reset();
    else
        server->close();
    if (accepted) { // a connection does not depend on the server
        QVERIFY(client.send("goes on"));
        QVERIFY(accepted->waitForMessage(5000));
        QCOMPARE(accepted->receive(), QByteArray("goes on"));
        accepted.reset();
    }
    if (server && state == "with one that waits") // if it can still be taken
        delete server->nextPendingConnection();
    QTRY_COMPARE(client.state(), MessageSocket::State::UnconnectedState);
    // The name is free at once.
    MessageServer next(transport);
    QVERIFY2(next.listen(name), qPrintable(next.errorString()));
    client.connectToServer(name);
    QVERIFY(next.waitForNewConnection(5000));
}

QTEST_GUILESS_MAIN(tst_messagesocket_everystate)
#include "tst_messagesocket_everystate.moc"
