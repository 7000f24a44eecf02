// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "nativeerrors.h"
#include "peerprocess.h"
#include "rawpair.h"
#include "starters.h"
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
    Starters starters(path());
    for (int round = 0; round < 20; ++round)
        QCOMPARE(starters.race(), "");
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
