// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesockets.h"
#include "nativeerrors.h"

#include <InterprocessQt/LocalServer>

#include <QThread>

using namespace InterprocessQt;
using namespace Messages;

// A server of messages is a LocalServer in everything but what its sockets carry.
class tst_messageserver_basics : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aNameIsTakenOnce_data();
    void aNameIsTakenOnce();
    void closingGivesTheNameBack_data();
    void closingGivesTheNameBack();
    void refusesPeers_data();
    void refusesPeers();
    void socketsStartWithItsSettings_data();
    void socketsStartWithItsSettings();
    void connectionsNobodyAsksForEnd_data();
    void connectionsNobodyAsksForEnd();
    void manyClients_data();
    void manyClients();
    void aSocketOfSomebodyElseTakesAConnection_data();
    void aSocketOfSomebodyElseTakesAConnection();
    void onlyAnUnconnectedSocketTakesAConnection();
    void movesToAnotherThread_data();
    void movesToAnotherThread();
};

void tst_messageserver_basics::aSocketOfSomebodyElseTakesAConnection_data()
{
    addTransports();
}

void tst_messageserver_basics::aSocketOfSomebodyElseTakesAConnection()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    server.setMaximumMessageSize(1000);
    QVERIFY(server.listen(path()));
    MessageSocket mine(transport);
    QSignalSpy states(&mine, &MessageSocket::stateChanged);
    QSignalSpy received(&mine, &MessageSocket::messageReceived);
    QSignalSpy ends(&mine, &MessageSocket::disconnected);
    QVERIFY(!server.takePendingConnection(&mine));

    // Twice, for it can be used again; what the last client has left unread is not the next one's.
    for (int round = 1; round <= 2; ++round) {
        MessageSocket client(transport);
        client.connectToServer(path());
        QVERIFY(client.send("early"));
        QVERIFY(server.waitForNewConnection(5000));
        QVERIFY(server.takePendingConnection(&mine));
        QVERIFY(!server.hasPendingConnections());
        QCOMPARE(mine.state(), LocalSocket::ConnectedState);
        QCOMPARE(mine.parent(), nullptr);
        QCOMPARE(mine.maximumMessageSize(), 1000);
        QCOMPARE(states.takeLast().at(0).value<LocalSocket::LocalSocketState>(), LocalSocket::ConnectedState);
        QCOMPARE(mine.peerCredentials().processId(), qint64(QCoreApplication::applicationPid()));
        QVERIFY(mine.send("welcome"));
        QVERIFY(client.waitForMessage(5000));
        QCOMPARE(client.receive().value_or("nothing"), "welcome");
        QVERIFY(client.send("late"));
        QTRY_COMPARE(received.size(), 2 * round);
        QCOMPARE(received.at(2 * round - 2).at(0).toByteArray(), "early");
        QCOMPARE(received.at(2 * round - 1).at(0).toByteArray(), "late");
        client.disconnectFromServer();
        QTRY_COMPARE(ends.size(), round);
    }
}

void tst_messageserver_basics::onlyAnUnconnectedSocketTakesAConnection()
{
    MessageServer server(Transport::Stream);
    QVERIFY(server.listen(path()));
    MessageSocket client(Transport::Stream);
    client.connectToServer(path());
    QVERIFY(client.waitForConnected(5000));
    QVERIFY(server.waitForNewConnection(5000));
    QVERIFY(!server.takePendingConnection(&client));
    MessageSocket other(Transport::Packets);
    if (other.transport() != server.transport())
        QVERIFY(!server.takePendingConnection(&other));
    QVERIFY(server.hasPendingConnections());
    MessageSocket mine(Transport::Stream);
    QVERIFY(server.takePendingConnection(&mine));
}

void tst_messageserver_basics::aNameIsTakenOnce_data()
{
    addTransports();
}

void tst_messageserver_basics::aNameIsTakenOnce()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QSignalSpy changed(&server, &MessageServer::listeningChanged);
    QVERIFY(server.listen(path()));
    QCOMPARE(changed.size(), 1);
    QVERIFY(server.isListening());
    QCOMPARE(server.fullServerName(), Address::filePath(path()).nativeName());
    // Of either kind, and of a local server's.
    for (const Transport other : {Transport::Packets, Transport::Stream}) {
        MessageServer second(other);
        QVERIFY(!second.listen(path()));
        QCOMPARE(second.serverError(), LocalServer::AddressInUseError);
        QCOMPARE(second.nativeError(), NativeErrors::NameInUse);
        QVERIFY2(second.errorString().contains(path()), qPrintable(second.errorString()));
    }
    LocalServer local;
    QVERIFY(!local.listen(path()));
    QCOMPARE(local.serverError(), LocalServer::AddressInUseError);
    // It has not noticed.
    MessageSocket client(transport);
    client.connectToServer(path());
    QVERIFY(client.waitForConnected(5000));
    QVERIFY(server.waitForNewConnection(5000));
}

void tst_messageserver_basics::closingGivesTheNameBack_data()
{
    addTransports();
}

void tst_messageserver_basics::closingGivesTheNameBack()
{
    QFETCH(Transport, transport);
    Ends ends(transport, path());
    QVERIFY(ends.isValid());
    QSignalSpy changed(&ends.server, &MessageServer::listeningChanged);
    ends.server.close();
    QCOMPARE(changed.size(), 1);
    ends.server.close();
    QCOMPARE(changed.size(), 1);
    // Connections go on.
    QVERIFY(ends.client.send("still here"));
    QTRY_VERIFY(ends.accepted->hasPendingMessages());
    QCOMPARE(ends.accepted->receive(), QByteArray("still here"));
    QVERIFY(ends.server.listen(path()));
}

void tst_messageserver_basics::refusesPeers_data()
{
    addTransports();
}

void tst_messageserver_basics::refusesPeers()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    bool welcome = false;
    PeerCredentials asked;
    server.setPeerPolicy([&](const PeerCredentials &peer) {
        asked = peer;
        return welcome;
    });
    QSignalSpy rejected(&server, &MessageServer::peerRejected);
    QSignalSpy arrived(&server, &MessageServer::newConnection);
    QVERIFY(server.listen(path()));
    MessageSocket client(transport);
    Record record(client);
    client.connectToServer(path());
    QVERIFY(client.send("let me in"));
    QTRY_COMPARE(rejected.size(), 1);
    QCOMPARE(asked.processId(), QCoreApplication::applicationPid());
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(arrived.size(), 0);
    QVERIFY(!server.hasPendingConnections());
    welcome = true;
    client.connectToServer(path());
    QTRY_COMPARE(arrived.size(), 1);
    QVERIFY(server.hasPendingConnections());
    server.setPeerPolicy(LocalServer::PeerPolicy::SameUser);
    QCOMPARE(server.peerPolicy(), LocalServer::PeerPolicy::SameUser);
    MessageSocket second(transport);
    second.connectToServer(path());
    QTRY_COMPARE(arrived.size(), 2);
}

void tst_messageserver_basics::socketsStartWithItsSettings_data()
{
    addTransports();
}

void tst_messageserver_basics::socketsStartWithItsSettings()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    server.setMaximumMessageSize(5000);
    server.setReadBufferSize(6000);
    server.setWriteBufferLimit(7000);
    server.setMaximumHandles(8);
    server.setMaxPendingConnections(3);
    server.setListenBacklogSize(4);
    QCOMPARE(server.maximumMessageSize(), 5000);
    QCOMPARE(server.maxPendingConnections(), 3);
    QCOMPARE(server.listenBacklogSize(), 4);
    QVERIFY(server.listen(path()));
    MessageSocket client(transport);
    client.connectToServer(path());
    QVERIFY(server.waitForNewConnection(5000));
    const MessageSocket *const socket = server.nextPendingConnection();
    QVERIFY(socket);
    QCOMPARE(socket->maximumMessageSize(), 5000);
    QCOMPARE(socket->readBufferSize(), 6000);
    QCOMPARE(socket->writeBufferLimit(), 7000);
    QCOMPARE(socket->maximumHandles(), 8);
    QCOMPARE(socket->parent(), &server);
    QVERIFY(!server.nextPendingConnection());
    bool timedOut = false;
    QVERIFY(!server.waitForNewConnection(1, &timedOut));
    QVERIFY(timedOut);
}

void tst_messageserver_basics::connectionsNobodyAsksForEnd_data()
{
    addTransports();
}

void tst_messageserver_basics::connectionsNobodyAsksForEnd()
{
    QFETCH(Transport, transport);
    for (const bool deleted : {false, true}) {
        auto server = std::make_unique<MessageServer>(transport);
        QVERIFY(server->listen(path()));
        MessageSocket client(transport);
        Record record(client);
        client.connectToServer(path());
        QVERIFY(client.send("hello"));
        QTRY_VERIFY(server->hasPendingConnections());
        QTest::qWait(0);
        if (deleted)
            server.reset();
        else
            server->close();
        QTRY_VERIFY(record.lines.contains("disconnected"));
    }
}

void tst_messageserver_basics::manyClients_data()
{
    addTransports();
}

void tst_messageserver_basics::manyClients()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QVERIFY(server.listen(path()));
    connect(&server, &MessageServer::newConnection, &server, [&] {
        MessageSocket *const socket = server.nextPendingConnection();
        QVERIFY(socket);
        connect(socket, &MessageSocket::messageReceived, socket, [socket](const QByteArray &message) {
            socket->send("echo " + message);
        });
        connect(socket, &MessageSocket::disconnected, socket, &QObject::deleteLater);
    });
    std::vector<std::unique_ptr<MessageSocket>> clients;
    int answers = 0;
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<MessageSocket>(transport));
        connect(clients.back().get(), &MessageSocket::messageReceived, this, [&answers, i](const QByteArray &message) {
            answers += message == "echo " + QByteArray::number(i);
        });
        clients.back()->connectToServer(path());
        QVERIFY(clients.back()->send(QByteArray::number(i)));
    }
    QTRY_COMPARE(answers, 100);
    clients.clear();
    QTRY_VERIFY(server.findChildren<MessageSocket *>().isEmpty());
}

void tst_messageserver_basics::movesToAnotherThread_data()
{
    addTransports();
}

void tst_messageserver_basics::movesToAnotherThread()
{
    QFETCH(Transport, transport);
    auto *const server = new MessageServer(transport);
    QVERIFY(server->listen(path()));
    MessageSocket early(transport);
    early.connectToServer(path());
    QVERIFY(early.send("early"));
    QTRY_VERIFY(server->hasPendingConnections()); // accepted in this thread, with something to read
    QTest::qWait(2);
    QThread thread;
    connect(&thread, &QThread::finished, server, &QObject::deleteLater);
    connect(&thread, &QThread::started, server, [server] {
        const auto serve = [server] {
            while (MessageSocket *const socket = server->nextPendingConnection()) {
                connect(socket, &MessageSocket::messageReceived, socket, [socket](const QByteArray &message) {
                    socket->send(QThread::currentThread() == socket->thread() ? "there: " + message : QByteArray("wrong thread"));
                });
            }
        };
        connect(server, &MessageServer::newConnection, server, serve);
        serve();
    });
    server->moveToThread(&thread);
    thread.start();
    MessageSocket late(transport);
    Record atEarly(early);
    Record atLate(late);
    late.connectToServer(path());
    QVERIFY(late.send("late"));
    QTRY_COMPARE(atEarly.messages, List{"there: early"});
    QTRY_COMPARE(atLate.messages, List{"there: late"});
    thread.quit();
    QVERIFY(thread.wait(5000));
    QTRY_VERIFY(atLate.lines.contains("disconnected"));
}

QTEST_GUILESS_MAIN(tst_messageserver_basics)
#include "tst_messageserver_basics.moc"
