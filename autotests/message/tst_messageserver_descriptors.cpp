// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "peerprocess.h"
#include "rawmessages.h"

#include "../local/fulltable.h"

#include <InterprocessQt/Features>

using namespace InterprocessQt;
using namespace Messages;

// What a server of messages has of Unix: a file, a descriptor that can be passed on, and a table of them that can be full.
class tst_messageserver_descriptors : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void hasOneWhileItListens_data();
    void hasOneWhileItListens();
    void aStaleNameIsTakenOver_data();
    void aStaleNameIsTakenOver();
    void listensOnDescriptorsOfItsKind_data();
    void listensOnDescriptorsOfItsKind();
    void isStartedWithItsSocket_data();
    void isStartedWithItsSocket();
    void aFullTableKeepsClientsWaiting_data();
    void aFullTableKeepsClientsWaiting();
};

void tst_messageserver_descriptors::hasOneWhileItListens_data()
{
    addTransports();
}

void tst_messageserver_descriptors::hasOneWhileItListens()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QCOMPARE(server.socketDescriptor(), -1);
    QVERIFY(server.listen(path()));
    QVERIFY(server.socketDescriptor() >= 0);
    QVERIFY(Raw::fileAt(path()));
    server.close();
    QCOMPARE(server.socketDescriptor(), -1);
    QVERIFY(!Raw::fileAt(path()));
}

void tst_messageserver_descriptors::aStaleNameIsTakenOver_data()
{
    addTransports();
}

void tst_messageserver_descriptors::aStaleNameIsTakenOver()
{
    QFETCH(Transport, transport);
    for (const int stale : {int(SOCK_STREAM), int(SOCK_SEQPACKET)}) {
        {
            const NativeHandle gone = Raw::bound(Raw::fileName(path()), stale);
            QVERIFY(gone);
        }
        QVERIFY(Raw::fileAt(path()));
        MessageServer exclusive(transport);
        exclusive.setNamePolicy(LocalServer::NamePolicy::Exclusive);
        QVERIFY(!exclusive.listen(path()));
        QCOMPARE(exclusive.serverError(), LocalServer::AddressInUseError);
        MessageServer server(transport);
        QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
        MessageServer always(transport);
        always.setNamePolicy(LocalServer::NamePolicy::TakeOverAlways);
        QCOMPARE(always.namePolicy(), LocalServer::NamePolicy::TakeOverAlways);
        QVERIFY(always.listen(path()));
        server.close();
        QVERIFY(Raw::fileAt(path())); // not its own any more
        always.close();
        QVERIFY(!Raw::fileAt(path()));
    }
}

void tst_messageserver_descriptors::listensOnDescriptorsOfItsKind_data()
{
    addTransports();
}

void tst_messageserver_descriptors::listensOnDescriptorsOfItsKind()
{
    QFETCH(Transport, transport);
    NativeHandle listener = Raw::bound(Raw::fileName(path()), socketType(transport));
    MessageServer server(transport);
    QVERIFY(!server.listen(qintptr(listener.get()))); // it does not listen yet
    QCOMPARE(server.serverError(), LocalServer::UnsupportedSocketOperationError);
    QCOMPARE(::listen(int(listener.get()), 5), 0);
    MessageServer other(transport == Transport::Packets ? Transport::Stream : Transport::Packets);
    if (other.transport() != server.transport()) {
        QVERIFY(!other.listen(qintptr(listener.get())));
        QCOMPARE(other.serverError(), LocalServer::UnsupportedSocketOperationError);
        QVERIFY2(other.errorString().contains(transport == Transport::Packets ? "SOCK_STREAM" : "SOCK_SEQPACKET"), qPrintable(other.errorString()));
    }
    QVERIFY(server.listen(qintptr(listener.release())));
    MessageSocket client(transport);
    client.connectToServer(server.serverAddress());
    QVERIFY(server.waitForNewConnection(5000));
}

void tst_messageserver_descriptors::isStartedWithItsSocket_data()
{
    addTransports();
}

void tst_messageserver_descriptors::isStartedWithItsSocket()
{
    QFETCH(Transport, transport);
    if (!isSupported(Feature::ServiceActivation))
        QSKIP("This system does not start services with their sockets");
    const QString systemd = PeerProcess::find("systemd-socket-activate");
    if (systemd.isEmpty())
        QSKIP("systemd-socket-activate is not installed");
    QStringList arguments{"--listen=" + path(), PeerProcess::find("peer_messagesocket"), "activated"};
    if (transport == Transport::Packets)
        arguments = QStringList{"--seqpacket"} + arguments + QStringList{"packets"};
    else
        arguments << "stream";
    PeerProcess peer;
    QVERIFY(peer.start(systemd, arguments));
    QTRY_VERIFY(Raw::fileAt(path()));
    MessageSocket client(transport);
    Record record(client);
    client.connectToServer(Address::filePath(path()));
    QVERIFY(client.send("one"));
    QVERIFY(client.send(""));
    QTRY_COMPARE(record.messages, (List{"one", ""}));
    QCOMPARE(peer.readLine(), "listening");
}

void tst_messageserver_descriptors::aFullTableKeepsClientsWaiting_data()
{
    addTransports();
}

void tst_messageserver_descriptors::aFullTableKeepsClientsWaiting()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QSignalSpy errors(&server, &MessageServer::errorOccurred);
    QVERIFY(server.listen(path()));
    MessageSocket client(transport);
    client.connectToServer(path());
    QVERIFY(client.send("patience"));
    {
        const FullTable table;
        QTRY_COMPARE(errors.size(), 1);
        QCOMPARE(server.serverError(), LocalServer::SocketResourceError);
        QCOMPARE(server.nativeError(), EMFILE);
        QVERIFY(server.isListening());
        MessageSocket another(transport);
        another.connectToServer(path());
        QCOMPARE(another.error(), StreamDevice::SocketResourceError);
        QVERIFY(!server.hasPendingConnections());
    }
    QTRY_VERIFY(server.hasPendingConnections());
    MessageSocket *const socket = server.nextPendingConnection();
    QTRY_VERIFY(socket->hasPendingMessages());
    QCOMPARE(socket->receive(), QByteArray("patience"));
}

QTEST_GUILESS_MAIN(tst_messageserver_descriptors)
#include "tst_messageserver_descriptors.moc"
