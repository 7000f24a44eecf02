// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QElapsedTimer>
#include <QPointer>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// A socket that comes back to its server by itself, unless its end was wanted.
class tst_localsocket_reconnect : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void isOffByDefault();
    void isAProperty();
    void delaysHaveSensibleBounds();
    void comesBackToAServerThatWasKilled();
    void comesBackToAServerThatClosedTheConnection();
    void findsAServerThatStartsLater();
    void delaysGrowUpToTheMaximum();
    void delaysBeginAnewAfterSuccess();
    void delaysGrowWhileConnectionsDoNotLast();
    void stopsWhenToldTo_data();
    void stopsWhenToldTo();
    void doesNotComeBackFromAnEndThatWasWanted_data();
    void doesNotComeBackFromAnEndThatWasWanted();
    void connectingByHandMeanwhileIsFine();
    void isDestroyedWhenItIsScheduled();
};

namespace
{
struct Scheduled {
    int attempt;
    std::chrono::milliseconds delay;
};

// Receives as an object of its own, so that it may go before the socket.
class Schedule : public QObject
{
public:
    explicit Schedule(LocalSocket &socket)
    {
        connect(&socket, &LocalSocket::reconnectScheduled, this, [this](int attempt, std::chrono::milliseconds delay) {
            entries.append({attempt, delay});
        });
    }
    QList<Scheduled> entries;
};
} // namespace

void tst_localsocket_reconnect::isOffByDefault()
{
    LocalSocket client;
    QVERIFY(!client.isReconnectEnabled());
    const Schedule schedule(client);
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(path());
    QVERIFY(failed.wait());
    QTest::qWait(20);
    QVERIFY(schedule.entries.isEmpty());
    QCOMPARE(failed.count(), 1);
}

void tst_localsocket_reconnect::isAProperty()
{
    LocalSocket client;
    QSignalSpy changed(&client, &LocalSocket::reconnectChanged);
    QVERIFY(client.setProperty("reconnect", true));
    QVERIFY(client.isReconnectEnabled());
    client.setReconnectEnabled(true);
    QCOMPARE(changed.count(), 1);
    client.setReconnectEnabled(false);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(client.property("reconnect").toBool(), false);
}

void tst_localsocket_reconnect::delaysHaveSensibleBounds()
{
    LocalSocket client;
    QVERIFY(client.minimumReconnectDelay() > 0ms);
    QVERIFY(client.maximumReconnectDelay() > client.minimumReconnectDelay());
    client.setReconnectDelays(0ms, 0ms);
    QVERIFY(client.minimumReconnectDelay() > 0ms); // or a missing server would keep a processor busy
    QVERIFY(client.maximumReconnectDelay() >= client.minimumReconnectDelay());
    client.setReconnectDelays(50ms, 20ms);
    QCOMPARE(client.minimumReconnectDelay(), 50ms);
    QCOMPARE(client.maximumReconnectDelay(), 50ms);
}

void tst_localsocket_reconnect::comesBackToAServerThatWasKilled()
{
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(5ms, 50ms);
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    for (int round = 1; round <= 3; ++round) {
        PeerProcess peer;
        QVERIFY(peer.start("peer_localserver"));
        peer.writeLine("listen " + path());
        QVERIFY(peer.waitForLine("listening"));
        if (round == 1)
            client.connectToServer(path());
        QTRY_COMPARE(connected.count(), round);
        QTRY_VERIFY(client.canReadLine());
        QCOMPARE(client.readLine().trimmed().toLongLong(), peer.pid());
        client.write("echo\n");
        QTRY_VERIFY(client.canReadLine());
        QCOMPARE(client.readAll(), "echo\n");
        peer.kill();
        QTRY_COMPARE(disconnected.count(), round);
    }
}

void tst_localsocket_reconnect::comesBackToAServerThatClosedTheConnection()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(1ms, 10ms);
    QSignalSpy connected(&client, &LocalSocket::connected);
    client.connectToServer(path());
    for (int round = 1; round <= 3; ++round) {
        QTRY_COMPARE(connected.count(), round);
        QTRY_VERIFY(server.hasPendingConnections());
        delete server.nextPendingConnection();
    }
    QTRY_COMPARE(connected.count(), 4);
}

void tst_localsocket_reconnect::findsAServerThatStartsLater()
{
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(1ms, 5ms);
    const Schedule schedule(client);
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(path());
    QTRY_VERIFY(schedule.entries.size() >= 3);
    QVERIFY(failed.count() >= 3); // each attempt that fails is told
    LocalServer server;
    QVERIFY(server.listen(path()));
    QVERIFY(connected.wait());
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_localsocket_reconnect::delaysGrowUpToTheMaximum()
{
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(8ms, 60ms);
    const Schedule schedule(client);
    client.connectToServer(path());
    QTRY_VERIFY(schedule.entries.size() >= 7);
    auto nominal = 8ms;
    for (int i = 0; i < 7; ++i) {
        const auto [attempt, delay] = schedule.entries.at(i);
        QCOMPARE(attempt, i + 1);
        // A part of it is left to chance, so that not all clients come back at one moment.
        QVERIFY2(delay <= nominal && delay >= nominal * 3 / 4, qPrintable(QString::number(delay.count())));
        nominal = std::min<std::chrono::milliseconds>(nominal * 2, 60ms);
    }
}

void tst_localsocket_reconnect::delaysBeginAnewAfterSuccess()
{
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(1ms, 20ms);
    const Schedule schedule(client);
    client.connectToServer(path());
    QTRY_VERIFY(schedule.entries.size() >= 4);
    LocalServer server;
    QVERIFY(server.listen(path()));
    QTRY_COMPARE(client.state(), LocalSocket::ConnectedState);
    QElapsedTimer connected;
    connected.start();
    QTRY_VERIFY(server.hasPendingConnections());
    const qsizetype before = schedule.entries.size();
    QTRY_VERIFY(connected.hasExpired(25)); // longer than the longest delay
    server.close();
    QTRY_VERIFY(schedule.entries.size() > before);
    QCOMPARE(schedule.entries.at(before).attempt, 1);
}

void tst_localsocket_reconnect::delaysGrowWhileConnectionsDoNotLast()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, &server, [&server] {
        delete server.nextPendingConnection();
    });
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(1ms, 1h);
    const Schedule schedule(client);
    QSignalSpy connected(&client, &LocalSocket::connected);
    client.connectToServer(path());
    QTRY_VERIFY(schedule.entries.size() >= 5);
    QVERIFY(connected.count() >= 5);
    for (qsizetype i = 0; i < 5; ++i)
        QCOMPARE(schedule.entries.at(i).attempt, int(i) + 1);
    QVERIFY(schedule.entries.at(4).delay > schedule.entries.at(0).delay);
}

void tst_localsocket_reconnect::stopsWhenToldTo_data()
{
    QTest::addColumn<QString>("by");
    for (const QString by : {"abort", "disconnectFromServer", "close", "property"})
        QTest::newRow(qPrintable(by)) << by;
}

void tst_localsocket_reconnect::stopsWhenToldTo()
{
    QFETCH(QString, by);
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(10ms, 10ms);
    QSignalSpy scheduled(&client, &LocalSocket::reconnectScheduled);
    client.connectToServer(path());
    QVERIFY(scheduled.wait());
    QVERIFY(scheduled.wait());
    QCOMPARE(scheduled.count(), 2);
    if (by == "abort")
        client.abort();
    else if (by == "disconnectFromServer")
        client.disconnectFromServer();
    else if (by == "close")
        client.close();
    else
        client.setReconnectEnabled(false);
    QSignalSpy changed(&client, &LocalSocket::stateChanged);
    QTest::qWait(60);
    QCOMPARE(scheduled.count(), 2);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
}

void tst_localsocket_reconnect::doesNotComeBackFromAnEndThatWasWanted_data()
{
    QTest::addColumn<QString>("by");
    for (const QString by : {"abort", "disconnectFromServer", "close"})
        QTest::newRow(qPrintable(by)) << by;
}

void tst_localsocket_reconnect::doesNotComeBackFromAnEndThatWasWanted()
{
    QFETCH(QString, by);
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(1ms, 1ms);
    const Schedule schedule(client);
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    client.connectToServer(path());
    QVERIFY(connected.wait());
    client.write("last words");
    if (by == "abort")
        client.abort();
    else if (by == "disconnectFromServer")
        client.disconnectFromServer();
    else
        client.close();
    QTRY_COMPARE(disconnected.count(), 1);
    QTest::qWait(30);
    QVERIFY(schedule.entries.isEmpty());
    QCOMPARE(connected.count(), 1);
    client.connectToServer(path()); // but when it is asked to
    QTRY_COMPARE(connected.count(), 2);
}

void tst_localsocket_reconnect::connectingByHandMeanwhileIsFine()
{
    LocalSocket client;
    client.setReconnectEnabled(true);
    client.setReconnectDelays(50ms, 50ms);
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy scheduled(&client, &LocalSocket::reconnectScheduled);
    client.connectToServer(path());
    QVERIFY(scheduled.wait());
    LocalServer server;
    QVERIFY(server.listen(path()));
    client.connectToServer(path());
    QTest::qWait(100); // the time at which it would have come by itself
    QCOMPARE(connected.count(), 1);
    QCOMPARE(client.state(), LocalSocket::ConnectedState);
    QCOMPARE(client.error(), LocalSocket::UnknownSocketError);
}

void tst_localsocket_reconnect::isDestroyedWhenItIsScheduled()
{
    QPointer<LocalSocket> client = new LocalSocket(this);
    client->setReconnectEnabled(true);
    connect(client, &LocalSocket::reconnectScheduled, this, [client] {
        delete client.data();
    });
    client->connectToServer(path());
    QTRY_VERIFY(!client);
}

QTEST_GUILESS_MAIN(tst_localsocket_reconnect)
#include "tst_localsocket_reconnect.moc"
