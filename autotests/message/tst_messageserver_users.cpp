// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawmessages.h"

#include "../local/forkedchild.h"

#include <InterprocessQt/Features.h>
#include <InterprocessQt/MessageServer>

using namespace InterprocessQt;
using namespace Messages;
using PeerPolicy = LocalServer::PeerPolicy;

// Clients of another user, which only root can make.
class tst_messageserver_users : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aClientOfAnotherUser_data();
    void aClientOfAnotherUser();
};

void tst_messageserver_users::aClientOfAnotherUser_data()
{
    QTest::addColumn<Transport>("transport");
    QTest::addColumn<bool>("abstract");
    QTest::addColumn<PeerPolicy>("policy");
    QTest::addColumn<LocalServer::SocketOptions>("options");
    QTest::addColumn<QByteArray>("outcome");
    const LocalServer::SocketOptions none = LocalServer::NoOptions;
    const LocalServer::SocketOptions world = LocalServer::WorldAccessOption;
    for (const Transport transport : {Transport::Packets, Transport::Stream}) {
        const char *const how = transport == Transport::Packets ? "packets" : "stream";
        QTest::addRow("%s, abstract", how) << transport << true << PeerPolicy::ByOptions << none << QByteArray("closed");
        QTest::addRow("%s, abstract, any", how) << transport << true << PeerPolicy::Any << none << QByteArray("greeted");
        QTest::addRow("%s, abstract, world", how) << transport << true << PeerPolicy::ByOptions << world << QByteArray("greeted");
        QTest::addRow("%s, file", how) << transport << false << PeerPolicy::ByOptions << none << QByteArray::number(EACCES);
        QTest::addRow("%s, file, world", how) << transport << false << PeerPolicy::ByOptions << world << QByteArray("greeted");
        QTest::addRow("%s, file, world, same user", how) << transport << false << PeerPolicy::SameUser << world << QByteArray("closed");
    }
}

void tst_messageserver_users::aClientOfAnotherUser()
{
    QFETCH(Transport, transport);
    QFETCH(bool, abstract);
    QFETCH(PeerPolicy, policy);
    QFETCH(LocalServer::SocketOptions, options);
    QFETCH(QByteArray, outcome);
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can become another user");
    if (abstract && !isSupported(Feature::AbstractNames))
        QSKIP("This system has no abstract names");
    MessageServer server(transport);
    if (server.transport() != transport)
        QSKIP("This system has no packets");
    server.setSocketOptions(options);
    server.setPeerPolicy(policy);
    QList<quint32> rejected;
    QList<quint32> accepted;
    QList<QByteArray> received;
    connect(&server, &MessageServer::peerRejected, this, [&rejected](const PeerCredentials &peer) {
        rejected << peer.userId().value_or(0);
    });
    connect(&server, &MessageServer::newConnection, this, [&] {
        while (MessageSocket *socket = server.nextPendingConnection()) {
            accepted << socket->peerCredentials().userId().value_or(0);
            connect(socket, &MessageSocket::messageReceived, this, [&received, socket](const QByteArray &message) {
                received << message;
                socket->send("welcome");
            });
        }
    });
    const QString freeName = abstractName();
    // The folder of the test is the owner's alone.
    QVERIFY(QFile::setPermissions(directory(), QFile::permissions(directory()) | QFile::ExeOther | QFile::ReadOther));
    QVERIFY2(abstract ? server.listen(Address::namespaced(freeName)) : server.listen(path()), qPrintable(server.errorString()));

    const Raw::Name name = abstract ? Raw::abstractName(freeName) : Raw::fileName(path());
    const uid_t user = ForkedChild::someOtherUser();
    ForkedChild child(
        [&]() -> QByteArray {
            const Raw::NativeHandle client = Raw::connected(name, socketType(transport));
            if (!client)
                return QByteArray::number(errno);
            static_cast<void>(rawSend(client, transport, "hello")); // the server may have closed it already
            return rawReceive(client, transport).value_or("closed") == "welcome" ? "greeted" : "closed";
        },
        user);
    QCOMPARE(child.result(), outcome);
    if (outcome == "greeted") {
        QCOMPARE(accepted, QList<quint32>{user});
        QCOMPARE(received, QList<QByteArray>{"hello"});
        QVERIFY(rejected.isEmpty());
    } else {
        QVERIFY(accepted.isEmpty());
        QCOMPARE(rejected, outcome == "closed" ? QList<quint32>{user} : QList<quint32>());
    }
}

QTEST_GUILESS_MAIN(tst_messageserver_users)
#include "tst_messageserver_users.moc"
