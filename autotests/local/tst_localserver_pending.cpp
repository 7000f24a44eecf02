// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpeer.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QLocalServer>
#include <QPointer>

using namespace InterprocessQt;

// Connections between their arrival and the moment at which the program asks for them.
class tst_localserver_pending : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void areHandedOutInTheOrderOfTheirArrival();
    void noMoreThanTheMaximumAreAccepted();
    void aMaximumCanBeRaisedMeanwhile();
    void thoseWhoLeftEarlyHaveLeftTheirData();
    void destroyedOnesAreNotHandedOut();
    void aDestroyedOneMakesRoom();
    void endWithTheServer();
    void mayDestroyTheServerAtItsEnd();
    void theBacklogIsTheOneAskedFor_data();
    void theBacklogIsTheOneAskedFor();
    void waitingWithoutAnEventLoop();
    void waitingTellsOfThoseThatWait_data();
    void waitingTellsOfThoseThatWait();
    void limitsArePassedOnToEachSocket();
    void aReadLimitHoldsFromTheFirstByte();
};

namespace
{

NativeHandle connectTo(const QString &path, const QByteArray &says = {})
{
    NativeHandle client = RawPeer::connectTo(path);
    if (client && !says.isEmpty() && !RawPeer::write(client, says))
        client.reset();
    return client;
}

} // namespace

void tst_localserver_pending::areHandedOutInTheOrderOfTheirArrival()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QVERIFY(!server.hasPendingConnections());
    QCOMPARE(server.nextPendingConnection(), nullptr);
    std::vector<NativeHandle> clients;
    for (char c = '0'; c <= '9'; ++c)
        clients.push_back(connectTo(path(), QByteArray(1, c)));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    QTRY_COMPARE(arrived.count(), 10);
    for (char c = '0'; c <= '9'; ++c) {
        QVERIFY(server.hasPendingConnections());
        LocalSocket *socket = server.nextPendingConnection();
        QVERIFY(socket);
        QCOMPARE(socket->parent(), &server);
        QCOMPARE(socket->state(), LocalSocket::ConnectedState);
        QVERIFY(socket->isOpen());
        QTRY_COMPARE(socket->bytesAvailable(), 1);
        QCOMPARE(socket->readAll(), QByteArray(1, c));
    }
    QVERIFY(!server.hasPendingConnections());
    QCOMPARE(server.nextPendingConnection(), nullptr);
}

void tst_localserver_pending::noMoreThanTheMaximumAreAccepted()
{
    LocalServer server;
    QCOMPARE(server.maxPendingConnections(), QLocalServer().maxPendingConnections());
    server.setMaxPendingConnections(2);
    QVERIFY(server.listen(path()));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    std::vector<NativeHandle> clients;
    for (int i = 0; i < 5; ++i)
        clients.push_back(connectTo(path()));
    QTRY_COMPARE(arrived.count(), 2);
    // The others wait in the kernel, and the server does not look at them again and again.
    runTurns();
    QCOMPARE(arrived.count(), 2);
    for (int taken = 1; taken <= 5; ++taken) {
        QTRY_VERIFY(server.hasPendingConnections());
        delete server.nextPendingConnection();
        QTRY_COMPARE(arrived.count(), qMin(5, taken + 2));
    }
}

void tst_localserver_pending::aMaximumCanBeRaisedMeanwhile()
{
    LocalServer server;
    server.setMaxPendingConnections(1);
    QVERIFY(server.listen(path()));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const NativeHandle clients[] = {connectTo(path()), connectTo(path()), connectTo(path())};
    QTRY_COMPARE(arrived.count(), 1);
    server.setMaxPendingConnections(10);
    QTRY_COMPARE(arrived.count(), 3);
}

void tst_localserver_pending::thoseWhoLeftEarlyHaveLeftTheirData()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connectTo(path(), "last words").reset();
    QTRY_VERIFY(server.hasPendingConnections());
    QTRY_COMPARE(server.findChild<LocalSocket *>()->state(), LocalSocket::UnconnectedState); // before it is asked for
    LocalSocket *socket = server.nextPendingConnection();
    QVERIFY(socket);
    QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
    QCOMPARE(socket->readAll(), "last words");
}

void tst_localserver_pending::destroyedOnesAreNotHandedOut()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const NativeHandle first = connectTo(path(), "1");
    const NativeHandle second = connectTo(path(), "2");
    QTRY_COMPARE(arrived.count(), 2);
    delete server.findChildren<LocalSocket *>().constFirst();
    QVERIFY(server.hasPendingConnections());
    LocalSocket *left = server.nextPendingConnection();
    QVERIFY(left);
    QTRY_COMPARE(left->bytesAvailable(), 1);
    QCOMPARE(left->readAll(), "2");
    QVERIFY(!server.hasPendingConnections());
    QCOMPARE(server.nextPendingConnection(), nullptr);
}

void tst_localserver_pending::aDestroyedOneMakesRoom()
{
    LocalServer server;
    server.setMaxPendingConnections(1);
    QVERIFY(server.listen(path()));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const NativeHandle first = connectTo(path());
    const NativeHandle second = connectTo(path());
    QTRY_COMPARE(arrived.count(), 1);
    delete server.findChildren<LocalSocket *>().constFirst();
    // Nobody has a reason to ask for a connection that is not there.
    QTRY_COMPARE(arrived.count(), 2);
    QVERIFY(server.nextPendingConnection());
}

void tst_localserver_pending::endWithTheServer()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const NativeHandle client = connectTo(path());
    QTRY_VERIFY(server.hasPendingConnections());
    server.close();
    QVERIFY(!server.hasPendingConnections());
    QCOMPARE(server.nextPendingConnection(), nullptr);
    QVERIFY(server.findChildren<LocalSocket *>().isEmpty());
    QCOMPARE(RawPeer::read(client), QByteArray());
}

void tst_localserver_pending::mayDestroyTheServerAtItsEnd()
{
    QPointer<LocalServer> server = new LocalServer(this);
    QVERIFY(server->listen(path()));
    QSignalSpy arrived(server, &LocalServer::newConnection);
    const NativeHandle clients[] = {connectTo(path()), connectTo(path())};
    QTRY_COMPARE(arrived.count(), 2);
    connect(server->findChildren<LocalSocket *>().constLast(), &LocalSocket::disconnected, this, [server] {
        server->deleteLater();
    });
    server->close();
    QVERIFY(server);
    QTRY_VERIFY(!server);
}

void tst_localserver_pending::theBacklogIsTheOneAskedFor_data()
{
    QTest::addColumn<bool>("whileListening");
    QTest::newRow("before") << false;
    QTest::newRow("while listening") << true;
}

void tst_localserver_pending::theBacklogIsTheOneAskedFor()
{
    QFETCH(bool, whileListening);
    LocalServer server;
    QCOMPARE(server.listenBacklogSize(), QLocalServer().listenBacklogSize());
    if (!whileListening)
        server.setListenBacklogSize(3);
    QVERIFY(server.listen(path()));
    if (whileListening)
        server.setListenBacklogSize(3);
    QCOMPARE(server.listenBacklogSize(), 3);
    // Each system has its own idea of the exact number; Linux lets one more in.
    const size_t size = RawPeer::fillQueue(path()).size();
    QVERIFY2(size >= 3 && size <= 6, qPrintable(QString::number(size)));
}

void tst_localserver_pending::waitingWithoutAnEventLoop()
{
    LocalServer server;
    bool timedOut = true;
    QVERIFY(!server.waitForNewConnection(0, &timedOut)); // not listening
    QVERIFY(!timedOut);
    QVERIFY(server.listen(path()));
    QVERIFY(!server.waitForNewConnection(1, &timedOut));
    QVERIFY(timedOut);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const NativeHandle client = connectTo(path());
    QVERIFY(server.waitForNewConnection(std::chrono::seconds(10), &timedOut));
    QVERIFY(!timedOut);
    QCOMPARE(arrived.count(), 1);
    QVERIFY(server.nextPendingConnection());
}

void tst_localserver_pending::waitingTellsOfThoseThatWait_data()
{
    QTest::addColumn<int>("msecs");
    QTest::newRow("not at all") << 0;
    QTest::newRow("a moment") << 10;
}

void tst_localserver_pending::waitingTellsOfThoseThatWait()
{
    // A loop that waits, and asks for one after each success, must not pass over what the event loop has accepted.
    QFETCH(int, msecs);
    QLocalServer reference;
    QVERIFY(reference.listen(path("reference")));
    const NativeHandle toReference = connectTo(path("reference"));
    QTRY_VERIFY(reference.hasPendingConnections());
    QVERIFY(reference.waitForNewConnection(msecs));

    LocalServer server;
    QVERIFY(server.listen(path()));
    const NativeHandle client = connectTo(path());
    QTRY_VERIFY(server.hasPendingConnections());
    QVERIFY(server.waitForNewConnection(msecs));
    delete server.nextPendingConnection();
    QVERIFY(!server.waitForNewConnection(msecs));
}

void tst_localserver_pending::limitsArePassedOnToEachSocket()
{
    LocalServer server;
    server.setReadBufferSize(1000);
    server.setWriteBufferLimit(2000);
    server.setHalfOpenAllowed(true);
    QCOMPARE(server.readBufferSize(), 1000);
    QCOMPARE(server.writeBufferLimit(), 2000);
    QVERIFY(server.isHalfOpenAllowed());
    QVERIFY(server.listen(path()));
    const NativeHandle client = connectTo(path());
    QTRY_VERIFY(server.hasPendingConnections());
    const LocalSocket *socket = server.nextPendingConnection();
    QCOMPARE(socket->readBufferSize(), 1000);
    QCOMPARE(socket->writeBufferLimit(), 2000);
    QVERIFY(socket->isHalfOpenAllowed());
    server.setReadBufferSize(-1);
    QCOMPARE(server.readBufferSize(), 0);
    QCOMPARE(socket->readBufferSize(), 1000); // only those that come later
}

void tst_localserver_pending::aReadLimitHoldsFromTheFirstByte()
{
    LocalServer server;
    server.setReadBufferSize(1000);
    QVERIFY(server.listen(path()));
    const QByteArray data(50'000, 'x'); // for which the system has room
    const NativeHandle client = connectTo(path(), data);
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *socket = server.nextPendingConnection();
    QTRY_COMPARE(socket->bytesAvailable(), 1000);
    runTurns();
    QCOMPARE(socket->bytesAvailable(), 1000);
    QByteArray received;
    while (received.size() < data.size()) {
        QTRY_VERIFY(socket->bytesAvailable() > 0);
        QVERIFY(socket->bytesAvailable() <= 1000);
        received += socket->readAll();
    }
    QCOMPARE(received, data);
}

QTEST_GUILESS_MAIN(tst_localserver_pending)
#include "tst_localserver_pending.moc"
