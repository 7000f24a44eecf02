// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "nativeerrors.h"
#include "peerprocess.h"
#include "rawpair.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QLocalServer>

using namespace InterprocessQt;
using NamePolicy = LocalServer::NamePolicy;

// Who may have a name: what a dead server has left is taken over, that of a live server is not.
class tst_localserver_names : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theNameOfAKilledServerIsTakenOver();
    void theNameOfALiveServerIsRefused_data();
    void theNameOfALiveServerIsRefused();
    void aLiveServerInAnotherProcessGoesOnWorking();
    void aLiveAbstractNameIsRefused();
    void exclusiveTakesAFreeName();
    void ofTwoStartersOneWins();
    void aFullServerKeepsItsNameFromWhoHadItBefore();
};

namespace
{
// Whose name it is: whoever accepts there says its process id.
qint64 processAt(const QString &path)
{
    LocalSocket client;
    client.connectToServer(Address::filePath(path));
    if (!client.waitForConnected())
        return -1;
    while (!client.canReadLine() && client.waitForReadyRead(10'000)) { }
    return client.readLine().trimmed().toLongLong();
}
} // namespace

void tst_localserver_names::theNameOfAKilledServerIsTakenOver()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_localserver"));
    peer.writeLine("listen " + path());
    QVERIFY(peer.waitForLine("listening"));
    peer.kill();

    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    LocalSocket client;
    client.connectToServer(path());
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_localserver_names::theNameOfALiveServerIsRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<NamePolicy>("policy");
    for (const QString kind : {"full", "QLocalServer", "LocalServer"}) {
        QTest::addRow("%s, TakeOverStale", qPrintable(kind)) << kind << NamePolicy::TakeOverStale;
        QTest::addRow("%s, Exclusive", qPrintable(kind)) << kind << NamePolicy::Exclusive;
    }
}

void tst_localserver_names::theNameOfALiveServerIsRefused()
{
    QFETCH(QString, kind);
    QFETCH(NamePolicy, policy);
    std::unique_ptr<RawPeer::Server> full;
    std::vector<RawPeer::NativeHandle> waiting;
    QLocalServer qtServer;
    LocalServer ownServer;
    if (kind == "full") {
        full = std::make_unique<RawPeer::Server>(path());
        waiting = RawPeer::fillQueue(path());
        QVERIFY(!waiting.empty());
    } else if (kind == "QLocalServer") {
        QVERIFY(qtServer.listen(path()));
    } else {
        QVERIFY(ownServer.listen(path()));
    }

    LocalServer server;
    server.setNamePolicy(policy);
    QVERIFY(!server.listen(path()));
    QVERIFY(!server.isListening());
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
    QCOMPARE(server.nativeError(), NativeErrors::NameInUse);
    QVERIFY2(server.errorString().contains(path()), qPrintable(server.errorString()));

    // It has not even noticed, and goes on.
    runTurns();
    QVERIFY(!qtServer.hasPendingConnections() && !ownServer.hasPendingConnections());
    if (kind == "full")
        return;
    LocalSocket client;
    client.connectToServer(path());
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
}

void tst_localserver_names::aLiveServerInAnotherProcessGoesOnWorking()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_localserver"));
    peer.writeLine("listen " + path());
    QVERIFY(peer.waitForLine("listening"));
    LocalServer server;
    for (int i = 0; i < 10; ++i)
        QVERIFY(!server.listen(path()));
    QCOMPARE(processAt(path()), peer.pid());
    peer.writeLine("close");
    QVERIFY(peer.waitForLine("closed"));
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
}

void tst_localserver_names::aLiveAbstractNameIsRefused()
{
    const Address address = Address::namespaced(abstractName());
    LocalServer first;
    QVERIFY(first.listen(address));
    LocalServer second;
    QVERIFY(!second.listen(address));
    QCOMPARE(second.serverError(), LocalServer::AddressInUseError);
    first.close();
    QVERIFY2(second.listen(address), qPrintable(second.errorString()));
}

void tst_localserver_names::exclusiveTakesAFreeName()
{
    LocalServer server;
    server.setNamePolicy(NamePolicy::Exclusive);
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
}

void tst_localserver_names::ofTwoStartersOneWins()
{
    std::unique_ptr<PeerProcess> starters[2];
    for (int round = 0; round < 20; ++round) {
        // The loser of the last round is asked again; the winner was killed, and a new process takes its place.
        for (auto &starter : starters) {
            if (starter)
                continue;
            starter = std::make_unique<PeerProcess>();
            QVERIFY(starter->start("peer_localserver"));
            QVERIFY(starter->waitForLine("ready"));
        }
        for (auto &starter : starters)
            starter->writeLine("listen " + path());
        const QString answers[] = {starters[0]->readLine(), starters[1]->readLine()};
        const int winner = answers[0] == "listening" ? 0 : 1;
        QCOMPARE(answers[winner], "listening");
        QVERIFY2(answers[1 - winner].startsWith(QString("error %1 ").arg(LocalServer::AddressInUseError)), qPrintable(answers[1 - winner]));
        QCOMPARE(processAt(path()), starters[winner]->pid());
        starters[winner].reset(); // killed
    }
}

// On Windows a server may listen again where connections of one before it are open, and must not mistake that of another process for it.
void tst_localserver_names::aFullServerKeepsItsNameFromWhoHadItBefore()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    server.close();

    PeerProcess peer;
    QVERIFY(peer.start("peer_localserver"));
    peer.writeLine("listen " + path());
    QVERIFY(peer.waitForLine("listening"));
    peer.writeLine("sleep");
    QVERIFY(peer.waitForLine("sleeping"));
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());

    QVERIFY(!server.listen(path()));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
}

QTEST_GUILESS_MAIN(tst_localserver_names)
#include "tst_localserver_names.moc"
