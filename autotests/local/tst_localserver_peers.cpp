// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include "forkedchild.h"
#include "rawsocket.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QPointer>

using namespace InterprocessQt;
using PeerPolicy = LocalServer::PeerPolicy;

// Who may connect where no file says it, or beyond what a file says.
class tst_localserver_peers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void peersAreJudged_data();
    void peersAreJudged();
    void anAdoptedNameThatIsNoTextIsNoWayIn();
    void whoIsRejectedIsNamed();
    void theSuperuserIsLetIn();
    void aPredicateDecides();
    void aPredicateIsReplacedByAPolicy();
    void aPredicateMayDestroyTheServer_data();
    void aPredicateMayDestroyTheServer();
    void aPredicateMayCloseTheServer_data();
    void aPredicateMayCloseTheServer();
    void aPredicateMayReplaceItself();
    void aSlotOfPeerRejectedMayDestroyTheServer();
};

namespace
{

enum class Peer {
    SameUser,
    OtherUser,
    OtherUserOfOurGroup,
};

// Runs in a child: whether the server greets it or closes the connection.
QByteArray connectAndListen(const Raw::Name &name, Peer peer)
{
    const uid_t other = ForkedChild::someOtherUser();
    if (peer != Peer::SameUser) {
        const gid_t group = peer == Peer::OtherUserOfOurGroup ? ::getegid() : gid_t(other);
        if (::setgroups(0, nullptr) == -1 || ::setgid(group) == -1 || ::setuid(other) == -1)
            return "cannot change user";
    }
    const Raw::NativeHandle client = Raw::connected(name);
    if (!client)
        return QByteArray::number(errno);
    char greeting = 0;
    return ::read(int(client.get()), &greeting, 1) == 1 ? "greeted" : "closed";
}

void greetEveryone(LocalServer &server)
{
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        while (LocalSocket *client = server.nextPendingConnection())
            client->write("!");
    });
}

} // namespace

Q_DECLARE_METATYPE(Peer)

void tst_localserver_peers::peersAreJudged_data()
{
    QTest::addColumn<bool>("abstract");
    QTest::addColumn<LocalServer::SocketOptions>("options");
    QTest::addColumn<PeerPolicy>("policy");
    QTest::addColumn<Peer>("peer");
    QTest::addColumn<QByteArray>("outcome");

    const QByteArray in("greeted");
    const QByteArray out("closed");
    const LocalServer::SocketOptions none = LocalServer::NoOptions;
    const LocalServer::SocketOptions group = LocalServer::GroupAccessOption;
    const LocalServer::SocketOptions world = LocalServer::WorldAccessOption;
    QTest::newRow("abstract, same user") << true << none << PeerPolicy::ByOptions << Peer::SameUser << in;
    QTest::newRow("abstract, other user") << true << none << PeerPolicy::ByOptions << Peer::OtherUser << out;
    QTest::newRow("abstract, other user of our group") << true << none << PeerPolicy::ByOptions << Peer::OtherUserOfOurGroup << out;
    QTest::newRow("abstract, group: other user") << true << group << PeerPolicy::ByOptions << Peer::OtherUser << out;
    QTest::newRow("abstract, group: other user of our group") << true << group << PeerPolicy::ByOptions << Peer::OtherUserOfOurGroup << in;
    QTest::newRow("abstract, world: other user") << true << world << PeerPolicy::ByOptions << Peer::OtherUser << in;
    QTest::newRow("abstract, any: other user") << true << none << PeerPolicy::Any << Peer::OtherUser << in;
    QTest::newRow("abstract, same user only: same user") << true << world << PeerPolicy::SameUser << Peer::SameUser << in;
    QTest::newRow("abstract, same user only: other user") << true << world << PeerPolicy::SameUser << Peer::OtherUser << out;
    QTest::newRow("file, world: other user") << false << world << PeerPolicy::ByOptions << Peer::OtherUser << in;
    QTest::newRow("file, world, same user only: other user") << false << world << PeerPolicy::SameUser << Peer::OtherUser << out;
    QTest::newRow("file, world, same user only: same user") << false << world << PeerPolicy::SameUser << Peer::SameUser << in;
}

void tst_localserver_peers::peersAreJudged()
{
    QFETCH(bool, abstract);
    QFETCH(LocalServer::SocketOptions, options);
    QFETCH(PeerPolicy, policy);
    QFETCH(Peer, peer);
    if (abstract && !isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    if (peer != Peer::SameUser && !ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);

    const QString name = abstract ? abstractName() : path();
    LocalServer server;
    greetEveryone(server);
    server.setSocketOptions(options);
    server.setPeerPolicy(policy);
    QVERIFY(server.listen(abstract ? Address::namespaced(name) : Address::filePath(name)));
    QSignalSpy rejected(&server, &LocalServer::peerRejected);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    ForkedChild child([&] {
        return connectAndListen(abstract ? Raw::abstractName(name) : Raw::fileName(name), peer);
    });
    QTEST(child.result(), "outcome");
    const bool isIn = arrived.count() == 1;
    QCOMPARE(rejected.count(), isIn ? 0 : 1);
    QCOMPARE(arrived.count(), isIn ? 1 : 0);
}

// The system allows a NUL within an abstract name. Nothing can be told of it as text, and yet no file guards it.
void tst_localserver_peers::anAdoptedNameThatIsNoTextIsNoWayIn()
{
    if (!isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    const Raw::Name name = Raw::abstractName(abstractName() + QChar(u'\0') + QStringLiteral("more"));
    Raw::NativeHandle listener = Raw::listening(name);
    QVERIFY(listener);
    LocalServer server;
    greetEveryone(server);
    QVERIFY2(server.listen(listener.release()), qPrintable(server.errorString()));
    QSignalSpy rejected(&server, &LocalServer::peerRejected);
    ForkedChild other([&] {
        return connectAndListen(name, Peer::OtherUser);
    });
    QCOMPARE(other.result(), "closed");
    QCOMPARE(rejected.count(), 1);
    ForkedChild same([&] {
        return connectAndListen(name, Peer::SameUser);
    });
    QCOMPARE(same.result(), "greeted");
}

void tst_localserver_peers::whoIsRejectedIsNamed()
{
    LocalServer server;
    server.setPeerPolicy([](const PeerCredentials &) {
        return false;
    });
    QVERIFY(server.listen(path()));
    QSignalSpy rejected(&server, &LocalServer::peerRejected);
    ForkedChild child([this] {
        return connectAndListen(Raw::fileName(path()), Peer::SameUser);
    });
    const qint64 pid = child.pid();
    QCOMPARE(child.result(), "closed");
    QCOMPARE(rejected.count(), 1);
    const auto credentials = rejected.first().first().value<PeerCredentials>();
    if (isSupported(Feature::PeerProcessId))
        QCOMPARE(credentials.processId(), pid);
    QCOMPARE(credentials.userId(), ::geteuid());
    QVERIFY(server.isListening());
}

void tst_localserver_peers::theSuperuserIsLetIn()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can start a server of another user and come as root");
    if (!isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    // As with files, from which root cannot be kept out either.
    const QString name = abstractName();
    PeerProcess peer;
    peer.process().setChildProcessModifier([] {
        const uid_t user = ForkedChild::someOtherUser();
        if (::setgroups(0, nullptr) == -1 || ::setgid(user) == -1 || ::setuid(user) == -1)
            ::_exit(99);
    });
    if (!peer.start("peer_localserver"))
        QSKIP("Another user cannot run the programs in the build folder");
    peer.writeLine("listen @" + name);
    QVERIFY(peer.waitForLine("listening"));
    LocalSocket client;
    client.connectToServer("@" + name);
    QTRY_VERIFY(client.canReadLine());
    QCOMPARE(client.readLine().trimmed().toLongLong(), peer.pid());
}

void tst_localserver_peers::aPredicateDecides()
{
    QList<PeerCredentials> asked;
    bool answer = true;
    LocalServer server;
    greetEveryone(server);
    server.setPeerPolicy([&](const PeerCredentials &peer) {
        asked.append(peer);
        return answer;
    });
    QVERIFY(server.listen(path()));
    const auto connectAsChild = [this] {
        ForkedChild child([this] {
            return connectAndListen(Raw::fileName(path()), Peer::SameUser);
        });
        return child.result();
    };
    QCOMPARE(connectAsChild(), "greeted");
    answer = false;
    QCOMPARE(connectAsChild(), "closed");
    answer = true;
    QCOMPARE(connectAsChild(), "greeted");
    QCOMPARE(asked.size(), 3);
    QCOMPARE(asked.first().userId(), ::geteuid());
    QCOMPARE(asked.first().groupId(), ::getegid());
}

void tst_localserver_peers::aPredicateIsReplacedByAPolicy()
{
    LocalServer server;
    server.setPeerPolicy([](const PeerCredentials &) {
        return false;
    });
    server.setPeerPolicy(PeerPolicy::Any);
    QCOMPARE(server.peerPolicy(), PeerPolicy::Any);
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_localserver_peers::aPredicateMayDestroyTheServer_data()
{
    QTest::addColumn<bool>("answer");
    QTest::newRow("and say yes") << true;
    QTest::newRow("and say no") << false;
}

void tst_localserver_peers::aPredicateMayDestroyTheServer()
{
    QFETCH(bool, answer);
    QPointer<LocalServer> server = new LocalServer(this);
    // What it has captured must be there as long as it runs.
    const QByteArray captured(1000, 'c');
    QByteArray seen;
    server->setPeerPolicy([&seen, server, captured, answer](const PeerCredentials &) {
        delete server.data();
        seen = captured;
        return answer;
    });
    QVERIFY(server->listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QVERIFY(client.isValid());
    QTRY_VERIFY(!server);
    QCOMPARE(seen, QByteArray(1000, 'c'));
    char byte;
    QCOMPARE(::read(int(client.get()), &byte, 1), 0); // the end: nobody has kept it open
}

void tst_localserver_peers::aPredicateMayCloseTheServer_data()
{
    aPredicateMayDestroyTheServer_data();
}

void tst_localserver_peers::aPredicateMayCloseTheServer()
{
    QFETCH(bool, answer);
    LocalServer server;
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    server.setPeerPolicy([&server, answer](const PeerCredentials &) {
        server.close();
        return answer;
    });
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QVERIFY(client.isValid());
    QTRY_VERIFY(!server.isListening());
    QVERIFY(arrived.isEmpty()); // a closed server has no connections
    QVERIFY(!server.hasPendingConnections());
    char byte;
    QCOMPARE(::read(int(client.get()), &byte, 1), 0);
}

void tst_localserver_peers::aPredicateMayReplaceItself()
{
    LocalServer server;
    const QByteArray captured(1000, 'c');
    QByteArray seen;
    server.setPeerPolicy([&server, &seen, captured](const PeerCredentials &) {
        server.setPeerPolicy(PeerPolicy::Any);
        seen = captured;
        return false;
    });
    QSignalSpy rejected(&server, &LocalServer::peerRejected);
    QVERIFY(server.listen(path()));
    LocalSocket first;
    first.connectToServer(path());
    QTRY_COMPARE(rejected.count(), 1);
    QCOMPARE(seen, QByteArray(1000, 'c'));
    LocalSocket second;
    second.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    QCOMPARE(rejected.count(), 1);
}

void tst_localserver_peers::aSlotOfPeerRejectedMayDestroyTheServer()
{
    QPointer<LocalServer> server = new LocalServer(this);
    server->setPeerPolicy([](const PeerCredentials &) {
        return false;
    });
    connect(server, &LocalServer::peerRejected, this, [server] {
        delete server.data();
    });
    QVERIFY(server->listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(!server);
}

QTEST_GUILESS_MAIN(tst_localserver_peers)
#include "tst_localserver_peers.moc"
