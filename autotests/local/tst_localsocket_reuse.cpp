// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QPointer>

using namespace InterprocessQt;

// One object for several connections: given up at any moment, and started again from any slot.
class tst_localsocket_reuse : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void abortGivesUpAtOnce_data();
    void abortGivesUpAtOnce();
    void disconnectGivesUpConnecting();
    void connectsAgainFromASlot_data();
    void connectsAgainFromASlot();
    void waitsForTheNextConnectionInASlot_data();
    void waitsForTheNextConnectionInASlot();
    void triesAgainFromASlotOfErrorOccurred();
    void connectsElsewhereAfterAbort();
    void oneObjectServesAHundredConnections();
    void dataOfTheLastConnectionIsNotThatOfTheNext();
    void isDestroyedFromASlot_data();
    void isDestroyedFromASlot();
};

void tst_localsocket_reuse::abortGivesUpAtOnce_data()
{
    QTest::addColumn<QString>("stage");
    for (const QString stage : {"before", "failed, not told", "backlog full", "connected, not told", "connected", "closing"})
        QTest::newRow(qPrintable(stage)) << stage;
}

void tst_localsocket_reuse::abortGivesUpAtOnce()
{
    QFETCH(QString, stage);
    LocalServer server;
    std::unique_ptr<RawPeer::Server> full;
    std::vector<RawPeer::NativeHandle> waiting;
    if (stage == "backlog full") {
        full = std::make_unique<RawPeer::Server>(path());
        waiting = RawPeer::fillQueue(path());
        QVERIFY(!waiting.empty());
    } else if (stage != "failed, not told") {
        QVERIFY(server.listen(path()));
    }
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    if (stage != "before")
        client.connectToServer(path());
    if (stage == "connected" || stage == "closing")
        QVERIFY(connected.wait());
    if (stage == "closing") {
        client.write(QByteArray(10'000'000, 'x')); // more than fits, so that closing takes time
        client.disconnectFromServer();
        QCOMPARE(client.state(), LocalSocket::ClosingState);
    }

    client.abort();
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    QVERIFY(!client.isOpen());
    QVERIFY(!client.isValid());
    QCOMPARE(client.bytesToWrite(), 0);
    QTest::qWait(100); // nothing comes after it
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    const bool wasConnected = stage == "connected" || stage == "closing";
    QCOMPARE(connected.count(), wasConnected ? 1 : 0);
    QCOMPARE(disconnected.count(), wasConnected ? 1 : 0);
    QCOMPARE(failed.count(), 0);
}

void tst_localsocket_reuse::disconnectGivesUpConnecting()
{
    const RawPeer::Server full(path());
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    LocalSocket client;
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(path());
    client.disconnectFromServer();
    QTRY_COMPARE(client.state(), LocalSocket::UnconnectedState);
    QTest::qWait(50);
    QVERIFY(failed.isEmpty() && disconnected.isEmpty());
}

void tst_localsocket_reuse::connectsAgainFromASlot_data()
{
    QTest::addColumn<QString>("signal");
    QTest::newRow("disconnected") << "disconnected";
    QTest::newRow("stateChanged") << "stateChanged";
    QTest::newRow("errorOccurred") << "errorOccurred";
    QTest::newRow("readChannelFinished") << "readChannelFinished";
}

void tst_localsocket_reuse::connectsAgainFromASlot()
{
    QFETCH(QString, signal);
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    int left = 3;
    const auto again = [&client, &left] {
        if (left-- > 0)
            client.connectToServer();
    };
    if (signal == "disconnected")
        connect(&client, &LocalSocket::disconnected, this, again);
    else if (signal == "errorOccurred")
        connect(&client, &LocalSocket::errorOccurred, this, again);
    else if (signal == "readChannelFinished")
        connect(&client, &LocalSocket::readChannelFinished, this, again);
    else
        connect(&client, &LocalSocket::stateChanged, this, [again](LocalSocket::LocalSocketState state) {
            if (state == LocalSocket::UnconnectedState)
                again();
        });

    client.connectToServer(path());
    for (int round = 1; round <= 4; ++round) {
        QTRY_COMPARE(connected.count(), round);
        QTRY_VERIFY(server.hasPendingConnections());
        LocalSocket *peer = server.nextPendingConnection();
        client.write("ping");
        QTRY_COMPARE(peer->bytesAvailable(), 4);
        QCOMPARE(disconnected.count(), round - 1); // each end is told, and before the next beginning
        delete peer;
    }
    QTRY_COMPARE(disconnected.count(), 4);
    QCOMPARE(connected.count(), 4);
}

void tst_localsocket_reuse::waitsForTheNextConnectionInASlot_data()
{
    connectsAgainFromASlot_data();
}

void tst_localsocket_reuse::waitsForTheNextConnectionInASlot()
{
    QFETCH(QString, signal);
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    QSignalSpy states(&client, &LocalSocket::stateChanged);
    int ends = 0;
    bool waited = false;
    const auto again = [&] {
        if (ends++ > 0)
            return;
        client.connectToServer();
        waited = client.waitForConnected(5000);
        client.write("again");
    };
    if (signal == "disconnected")
        connect(&client, &LocalSocket::disconnected, this, again);
    else if (signal == "errorOccurred")
        connect(&client, &LocalSocket::errorOccurred, this, again);
    else if (signal == "readChannelFinished")
        connect(&client, &LocalSocket::readChannelFinished, this, again);
    else
        connect(&client, &LocalSocket::stateChanged, this, [again](LocalSocket::LocalSocketState state) {
            if (state == LocalSocket::UnconnectedState)
                again();
        });
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    QTRY_COMPARE(connected.count(), 1);
    delete server.nextPendingConnection();
    QTRY_VERIFY(server.hasPendingConnections());
    QVERIFY(waited);
    LocalSocket *const peer = server.nextPendingConnection();
    QTRY_COMPARE(peer->bytesAvailable(), 5);
    QCOMPARE(client.state(), LocalSocket::ConnectedState);
    QCOMPARE(connected.count(), 2);
    QCOMPARE(disconnected.count(), 1);
    QList<int> told;
    for (const QList<QVariant> &state : states)
        told << state.at(0).value<LocalSocket::LocalSocketState>();
    QCOMPARE(told, (QList<int>{2, 3, 0, 2, 3}));
}

void tst_localsocket_reuse::triesAgainFromASlotOfErrorOccurred()
{
    // A program that starts its server when it finds none.
    LocalServer server;
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    int failures = 0;
    connect(&client, &LocalSocket::errorOccurred, this, [&] {
        QCOMPARE(client.state(), LocalSocket::UnconnectedState);
        if (++failures == 3)
            QVERIFY(server.listen(path()));
        client.connectToServer(path());
    });
    client.connectToServer(path());
    QVERIFY(connected.wait());
    QCOMPARE(failures, 3);
    QCOMPARE(client.state(), LocalSocket::ConnectedState);
}

void tst_localsocket_reuse::connectsElsewhereAfterAbort()
{
    LocalServer first;
    LocalServer second;
    QVERIFY(first.listen(path("1")));
    QVERIFY(second.listen(path("2")));
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    client.connectToServer(path("1"));
    client.write("for the first");
    client.abort();
    client.connectToServer(path("2"));
    client.write("for the second");
    QVERIFY(connected.wait());
    QTRY_VERIFY(second.hasPendingConnections());
    LocalSocket *peer = second.nextPendingConnection();
    QTRY_COMPARE(peer->bytesAvailable(), 14);
    QCOMPARE(peer->readAll(), "for the second");
    QCOMPARE(connected.count(), 1);
    QCOMPARE(client.fullServerName(), second.fullServerName());
}

void tst_localsocket_reuse::oneObjectServesAHundredConnections()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, this, [&server] {
        LocalSocket *peer = server.nextPendingConnection();
        connect(peer, &LocalSocket::disconnected, peer, &QObject::deleteLater);
        connect(peer, &LocalSocket::readyRead, peer, [peer] {
            peer->write(peer->readAll());
        });
    });
    LocalSocket client;
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    for (int i = 1; i <= 100; ++i) {
        const QByteArray text = QByteArray::number(i);
        client.connectToServer(path());
        client.write(text);
        QTRY_COMPARE(client.bytesAvailable(), text.size());
        QCOMPARE(client.readAll(), text);
        // Ended in turn by each of the ways there are.
        if (i % 3 == 0)
            client.disconnectFromServer();
        else if (i % 3 == 1)
            client.close();
        else
            client.abort();
        QTRY_COMPARE(disconnected.count(), i);
        QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    }
    QTRY_VERIFY(server.findChildren<LocalSocket *>().isEmpty());
}

void tst_localsocket_reuse::dataOfTheLastConnectionIsNotThatOfTheNext()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *peer = server.nextPendingConnection();
    peer->write("old");
    QTRY_COMPARE(client.bytesAvailable(), 3);
    QCOMPARE(client.peek(1), "o"); // also what QIODevice keeps
    delete peer;
    QTRY_COMPARE(client.state(), LocalSocket::UnconnectedState);
    QCOMPARE(client.bytesAvailable(), 3); // can still be read

    client.connectToServer(path());
    QCOMPARE(client.bytesAvailable(), 0);
    QTRY_VERIFY(server.hasPendingConnections());
    server.nextPendingConnection()->write("new!");
    QTRY_COMPARE(client.bytesAvailable(), 4);
    QCOMPARE(client.readAll(), "new!");
}

void tst_localsocket_reuse::isDestroyedFromASlot_data()
{
    QTest::addColumn<QString>("signal");
    for (const QString signal : {"connecting", "connected state", "connected", "error", "error of the base", "unconnected state", "disconnected", "finished"})
        QTest::newRow(qPrintable(signal)) << signal;
}

void tst_localsocket_reuse::isDestroyedFromASlot()
{
    QFETCH(QString, signal);
    LocalServer server;
    QVERIFY(server.listen(path()));
    QPointer<LocalSocket> client = new LocalSocket(this);
    const auto destroy = [client] {
        delete client.data();
    };
    const auto destroyIn = [this, client, destroy](LocalSocket::LocalSocketState when) {
        connect(client, &LocalSocket::stateChanged, this, [when, destroy](LocalSocket::LocalSocketState state) {
            if (state == when)
                destroy();
        });
    };
    if (signal == "connecting")
        destroyIn(LocalSocket::ConnectingState);
    else if (signal == "connected state")
        destroyIn(LocalSocket::ConnectedState);
    else if (signal == "connected")
        connect(client, &LocalSocket::connected, this, destroy);
    else if (signal == "error")
        connect(client, &LocalSocket::errorOccurred, this, destroy);
    else if (signal == "error of the base")
        connect(client, &StreamDevice::errorOccurred, this, destroy);
    else if (signal == "unconnected state")
        destroyIn(LocalSocket::UnconnectedState);
    else if (signal == "disconnected")
        connect(client, &LocalSocket::disconnected, this, destroy);
    else
        connect(client, &LocalSocket::readChannelFinished, this, destroy);

    client->connectToServer(path());
    QTRY_VERIFY(!client || server.hasPendingConnections());
    if (server.hasPendingConnections())
        delete server.nextPendingConnection();
    QTRY_VERIFY(!client);
}

QTEST_GUILESS_MAIN(tst_localsocket_reuse)
#include "tst_localsocket_reuse.moc"
