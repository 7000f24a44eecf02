// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"
#include "rawpair.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/PeerCredentials>

using namespace InterprocessQt;

// Who is at the other end, by the word of the kernel.
class tst_localsocket_peer : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aServerKnowsItsClient();
    void aClientKnowsItsServer();
    void aPairKnowsItself();
    void aDescriptorThatWasTakenOverIsKnownToo();
    void anUnconnectedSocketHasNoPeer();
    void theProcessOfThePeerIsHeld();

private:
    // To a server in another process.
    [[nodiscard]] bool connectTo(PeerProcess &peer, LocalSocket &client) const
    {
        if (!peer.start("peer_localserver"))
            return false;
        peer.writeLine("listen " + path());
        if (!peer.waitForLine("listening"))
            return false;
        client.connectToServer(path());
        return client.waitForConnected();
    }
};

void tst_localsocket_peer::aServerKnowsItsClient()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const RawPeer::NativeHandle client = RawPeer::connectTo(path());
    QVERIFY(client);
    QTRY_VERIFY(server.hasPendingConnections());
    const PeerCredentials credentials = server.nextPendingConnection()->peerCredentials();
    QVERIFY(credentials.isValid());
    QVERIFY(credentials.isSameUser());
    if (isSupported(Feature::PeerProcessId))
        QCOMPARE(credentials.processId(), QCoreApplication::applicationPid());
    else
        QVERIFY(!credentials.processId());
}

void tst_localsocket_peer::aClientKnowsItsServer()
{
    if (!isSupported(Feature::PeerProcessId))
        QSKIP("This system does not tell the process of the peer");
    PeerProcess peer;
    LocalSocket client;
    QVERIFY(connectTo(peer, client));
    QCOMPARE(client.peerCredentials().processId(), peer.pid());
    QVERIFY(client.peerCredentials().isSameUser());
    QCOMPARE(client.peerCredentials().userId(), PeerCredentials::ofThisProcess().userId());
    QCOMPARE(client.peerCredentials().securityId(), PeerCredentials::ofThisProcess().securityId());
    QCOMPARE(client.peerCredentials().sessionId(), PeerCredentials::ofThisProcess().sessionId());
}

void tst_localsocket_peer::aPairKnowsItself()
{
    const auto [first, second] = LocalSocket::pair();
    QVERIFY(first->peerCredentials().isSameUser());
    QVERIFY(second->peerCredentials().isSameUser());
    if (isSupported(Feature::PeerProcessId))
        QCOMPARE(second->peerCredentials().processId(), QCoreApplication::applicationPid());
}

void tst_localsocket_peer::aDescriptorThatWasTakenOverIsKnownToo()
{
    RawPeer::Pair ends = RawPeer::pair();
    LocalSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends.ours.release()));
    QVERIFY(socket.peerCredentials().isSameUser());
}

void tst_localsocket_peer::anUnconnectedSocketHasNoPeer()
{
    LocalSocket socket;
    QVERIFY(!socket.peerCredentials().isValid());
    QVERIFY(!socket.peerCredentials().isSameUser());
    QVERIFY(!socket.peerCredentials().processId());
    QVERIFY(!socket.openPeerProcess().isValid());

    LocalServer server;
    QVERIFY(server.listen(path()));
    socket.connectToServer(path());
    QVERIFY(socket.waitForConnected());
    QVERIFY(socket.peerCredentials().isValid());
    socket.abort();
    QVERIFY(!socket.peerCredentials().isValid());
    QVERIFY(!socket.openPeerProcess().isValid());
}

void tst_localsocket_peer::theProcessOfThePeerIsHeld()
{
    if (!isSupported(Feature::PeerProcessHandle))
        QSKIP("This kernel does not hand out the process of the peer (Linux 6.5)");
    PeerProcess peer;
    LocalSocket client;
    QVERIFY(connectTo(peer, client));
    const NativeHandle process = client.openPeerProcess();
    QVERIFY(process.isValid());
    QVERIFY(!RawPeer::isInheritable(process.get()));
    // It tells of the end of the process, and does not become another one.
    QVERIFY(!RawPeer::isSignalled(process));
    peer.kill();
    QTRY_VERIFY(RawPeer::isSignalled(process));
}

QTEST_GUILESS_MAIN(tst_localsocket_peer)
#include "tst_localsocket_peer.moc"
