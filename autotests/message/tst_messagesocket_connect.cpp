// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "nativeerrors.h"
#include "rawmessages.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;
using namespace Messages;

// Connecting, and every way in which it fails: the same errors as with LocalSocket, with their texts.
class tst_messagesocket_connect : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void connects_data();
    void connects();
    void nobodyThere_data();
    void nobodyThere();
    void invalidNames_data();
    void invalidNames();
    void theOtherKindOfServerSaysSo_data();
    void theOtherKindOfServerSaysSo();
    void aFullBacklogTimesOut_data();
    void aFullBacklogTimesOut();
    void whatIsSentWhileConnectingGoesThen_data();
    void whatIsSentWhileConnectingGoesThen();
    void whatIsSentInVainIsDropped_data();
    void whatIsSentInVainIsDropped();
    void thePeerIsKnown_data();
    void thePeerIsKnown();
    void takesOverOnlyItsKind_data();
    void takesOverOnlyItsKind();
    void aPairIsConnected_data();
    void aPairIsConnected();
    void settingsAreKept();
};

void tst_messagesocket_connect::connects_data()
{
    addWithTransports([](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets)
            QTest::addColumn<bool>("namespaced");
        QTest::addRow("%sfile", name.constData()) << transport << false;
        QTest::addRow("%snamespaced", name.constData()) << transport << true;
    });
}

void tst_messagesocket_connect::connects()
{
    QFETCH(Transport, transport);
    QFETCH(bool, namespaced);
    const Address address = namespaced ? Address::namespaced(abstractName()) : Address::filePath(path());
    MessageServer server(transport);
    QVERIFY2(server.listen(address), qPrintable(server.errorString()));
    QCOMPARE(server.serverAddress(), address);
    MessageSocket client(transport);
    QSignalSpy states(&client, &MessageSocket::stateChanged);
    Record record(client);
    client.connectToServer(address);
    QCOMPARE(client.state(), MessageSocket::State::ConnectedState);
    QVERIFY(client.isValid());
    QVERIFY(client.socketDescriptor() >= 0);
    QCOMPARE(client.serverAddress(), address);
    QVERIFY(client.waitForConnected(5000));
    QCOMPARE(record.lines, List{"connected"});
    QCOMPARE(states.size(), 2);
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<MessageSocket> accepted(server.nextPendingConnection());
    QCOMPARE(accepted->transport(), transport);
    QVERIFY(accepted->isValid());
    QVERIFY(accepted->send("hello"));
    QTRY_COMPARE(record.messages, List{"hello"});
    client.disconnectFromServer();
    QCOMPARE(client.state(), MessageSocket::State::UnconnectedState);
    QTRY_COMPARE(accepted->state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(record.lines.last(), "disconnected");
    QVERIFY(record.errors.isEmpty());
    QCOMPARE(client.socketDescriptor(), -1);
}

void tst_messagesocket_connect::nobodyThere_data()
{
    addTransports();
}

void tst_messagesocket_connect::nobodyThere()
{
    QFETCH(Transport, transport);
    MessageSocket client(transport);
    Record record(client);
    client.connectToServer(Address::filePath(path()));
    QCOMPARE(client.error(), StreamDevice::ServerNotFoundError);
    QCOMPARE(client.nativeError(), NativeErrors::NotFound);
    QVERIFY2(client.errorString().contains(path()), qPrintable(client.errorString()));
    QTRY_COMPARE(record.lines, List{errorLine(StreamDevice::ServerNotFoundError)});
    QVERIFY(!client.waitForConnected(0));
    QVERIFY(!client.send("x"));
    if (!rawLeaveStaleName(path()))
        return;
    client.connectToServer(Address::filePath(path()));
    QCOMPARE(client.error(), StreamDevice::ConnectionRefusedError);
    QCOMPARE(client.nativeError(), NativeErrors::Refused);
    QTRY_COMPARE(record.lines.size(), 2);
}

void tst_messagesocket_connect::invalidNames_data()
{
    addTransports();
}

void tst_messagesocket_connect::invalidNames()
{
    QFETCH(Transport, transport);
    for (const QString &name : QStringList{QString(), "/" + QString(1000, 'x')}) {
        MessageSocket client(transport);
        Record record(client);
        client.connectToServer(name);
        QCOMPARE(client.state(), MessageSocket::State::UnconnectedState);
        QCOMPARE(client.error(), StreamDevice::ServerNotFoundError);
        QVERIFY(!client.errorString().isEmpty());
        QTRY_COMPARE(record.lines.size(), 1);
        MessageServer server(transport);
        QVERIFY(!server.listen(name));
        QCOMPARE(server.serverError(), LocalServer::HostNotFoundError);
        QVERIFY(!server.errorString().isEmpty());
        QVERIFY(!server.isListening());
    }
}

void tst_messagesocket_connect::theOtherKindOfServerSaysSo_data()
{
    addTransports();
}

void tst_messagesocket_connect::theOtherKindOfServerSaysSo()
{
    QFETCH(Transport, transport);
    if (MessageSocket(Transport::Packets).transport() == Transport::Stream)
        QSKIP("This system has no packets");
    const Transport other = transport == Transport::Packets ? Transport::Stream : Transport::Packets;
    MessageServer server(other);
    QVERIFY(server.listen(Address::filePath(path())));
    MessageSocket client(transport);
    Record record(client);
    client.connectToServer(server.serverAddress());
    QCOMPARE(client.error(), StreamDevice::UnsupportedSocketOperationError);
    QCOMPARE(client.nativeError(), OtherKind);
    QTRY_COMPARE(record.lines, List{errorLine(StreamDevice::UnsupportedSocketOperationError)});

    if (transport == Transport::Packets) {
        LocalServer local;
        QVERIFY(local.listen(Address::filePath(path("local"))));
        client.connectToServer(local.serverAddress());
        QCOMPARE(client.error(), StreamDevice::UnsupportedSocketOperationError);
        QTRY_COMPARE(record.lines.size(), 2);
        LocalSocket stream;
        MessageServer packets(Transport::Packets);
        QVERIFY(packets.listen(Address::filePath(path("packets"))));
        stream.connectToServer(packets.serverAddress());
        QCOMPARE(stream.error(), StreamDevice::UnsupportedSocketOperationError);
    } else {
        // To a local server it is a stream as any other: that knows nothing of messages.
        LocalServer local;
        QVERIFY(local.listen(Address::filePath(path("local"))));
        client.connectToServer(local.serverAddress());
        QVERIFY(client.send("bytes"));
        QTRY_VERIFY(local.hasPendingConnections());
        LocalSocket *const accepted = local.nextPendingConnection();
        QTRY_COMPARE(accepted->bytesAvailable(), 9);
        QCOMPARE(accepted->readAll(), frame(Transport::Stream, "bytes"));
    }
}

void tst_messagesocket_connect::aFullBacklogTimesOut_data()
{
    addTransports();
}

void tst_messagesocket_connect::aFullBacklogTimesOut()
{
    QFETCH(Transport, transport);
    const RawServer server(path(), transport);
    QVERIFY(server.isValid());
    const NativeHandle first = rawConnected(path(), transport);
    QVERIFY(first);
    MessageSocket client(transport);
    client.setConnectTimeout(30);
    Record record(client);
    client.connectToServer(Address::filePath(path()));
    if (client.state() != MessageSocket::State::ConnectingState)
        QSKIP("This system has room for more");
    QVERIFY(client.send("in vain"));
    QTRY_COMPARE(record.lines, List{errorLine(StreamDevice::SocketTimeoutError)});
    QCOMPARE(client.state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(client.bytesToWrite(), 0);
    // Without an event loop, too: the time of the wait is over first, however slow the machine is.
    client.setConnectTimeout(60'000);
    client.connectToServer(Address::filePath(path()));
    QVERIFY(!client.waitForConnected(10));
    QCOMPARE(client.error(), StreamDevice::SocketTimeoutError);
    QCOMPARE(client.state(), MessageSocket::State::ConnectingState);
    client.abort();
    QCOMPARE(client.state(), MessageSocket::State::UnconnectedState);
}

void tst_messagesocket_connect::whatIsSentWhileConnectingGoesThen_data()
{
    addTransports();
}

void tst_messagesocket_connect::whatIsSentWhileConnectingGoesThen()
{
    QFETCH(Transport, transport);
    RawServer server(path(), transport);
    QVERIFY(server.isValid());
    const NativeHandle first = rawConnected(path(), transport);
    QVERIFY(first);
    MessageSocket client(transport);
    client.connectToServer(Address::filePath(path()));
    QVERIFY(client.send("one"));
    QVERIFY(client.send(""));
    QVERIFY(client.send(message(100'000)));
    client.disconnectFromServer(); // after that
    QTest::qWait(3);
    QVERIFY(server.accepted());
    QTRY_VERIFY(client.state() != MessageSocket::State::ConnectingState);
    runTurns(); // what waits goes out at the end of the turn, which QTRY_VERIFY of newer Qt does not wait for
    const NativeHandle peer = server.accepted();
    QVERIFY(peer);
    QCOMPARE(rawReceive(peer, transport), QByteArray("one"));
    QCOMPARE(rawReceive(peer, transport), QByteArray(""));
    QVERIFY(rawReceive(peer, transport) == message(100'000));
    QTRY_COMPARE(client.state(), MessageSocket::State::UnconnectedState);
    QVERIFY(rawSeesTheEnd(peer));
}

void tst_messagesocket_connect::whatIsSentInVainIsDropped_data()
{
    addTransports();
}

void tst_messagesocket_connect::whatIsSentInVainIsDropped()
{
    QFETCH(Transport, transport);
    auto ends = withRawPeer(transport);
    MessageSocket *const socket = ends.first.get();
    QVERIFY(socket);
    Record record(*socket);
    for (int i = 0; i < 50; ++i)
        QVERIFY(socket->send(message(100'000)));
    ends.second.reset();
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(record.errors, QList<MessageSocket::Error>{StreamDevice::PeerClosedError});
    QCOMPARE(socket->bytesToWrite(), 0);
    QVERIFY(!socket->isCongested());
    QVERIFY(!socket->send("x"));
    QCOMPARE(socket->error(), StreamDevice::OperationError);
}

void tst_messagesocket_connect::thePeerIsKnown_data()
{
    addTransports();
}

void tst_messagesocket_connect::thePeerIsKnown()
{
    QFETCH(Transport, transport);
    Ends ends(transport, path());
    QVERIFY(ends.isValid());
    for (const MessageSocket *socket : {&ends.client, ends.accepted.get()}) {
        const PeerCredentials peer = socket->peerCredentials();
        QVERIFY(peer.isValid());
        QVERIFY(peer.isSameUser());
        QCOMPARE(peer.processId(), QCoreApplication::applicationPid());
    }
    QVERIFY(!MessageSocket(transport).peerCredentials().isValid());
}

void tst_messagesocket_connect::takesOverOnlyItsKind_data()
{
    addTransports();
}

void tst_messagesocket_connect::takesOverOnlyItsKind()
{
    QFETCH(Transport, transport);
    if (MessageSocket(transport).transport() != transport)
        QSKIP("This system has no packets");
    MessageSocket socket(transport);
    for (const auto &[handle, text] : rawUnsuitable(transport)) {
        QVERIFY(!socket.setSocketDescriptor(handle.get()));
        QCOMPARE(socket.error(), StreamDevice::UnsupportedSocketOperationError);
        QVERIFY2(socket.errorString().contains(text), qPrintable(socket.errorString()));
        QVERIFY(handle.duplicate()); // still the caller's
    }
    QVERIFY(!socket.setSocketDescriptor(-1));
    QCOMPARE(socket.nativeError(), NativeErrors::NotOpen);
    QCOMPARE(socket.state(), MessageSocket::State::UnconnectedState);

    auto ends = withRawPeer(transport);
    QVERIFY(ends.first);
    QVERIFY(rawSend(ends.second, transport, "one"));
    QTRY_VERIFY(ends.first->hasPendingMessages());
    QCOMPARE(ends.first->receive(), QByteArray("one"));
    // One at a time.
    const NativeHandle unused = rawPair(transport).first;
    QVERIFY(!ends.first->setSocketDescriptor(unused.get()));
    QCOMPARE(ends.first->error(), StreamDevice::OperationError);
    QVERIFY(ends.first->isValid());
}

void tst_messagesocket_connect::aPairIsConnected_data()
{
    addTransports();
}

void tst_messagesocket_connect::aPairIsConnected()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    QCOMPARE(ends.first->transport(), transport);
    QCOMPARE(ends.first->state(), MessageSocket::State::ConnectedState);
    QCOMPARE(ends.second->state(), MessageSocket::State::ConnectedState);
    QVERIFY(ends.first->send("one"));
    QVERIFY(ends.second->send("two"));
    QTRY_VERIFY(ends.first->hasPendingMessages());
    QTRY_VERIFY(ends.second->hasPendingMessages());
    QCOMPARE(ends.first->receive(), QByteArray("two"));
    QCOMPARE(ends.second->receive(), QByteArray("one"));
}

void tst_messagesocket_connect::settingsAreKept()
{
    MessageSocket socket;
    QCOMPARE(socket.transport(), MessageSocket(Transport::Packets).transport());
    QCOMPARE(socket.state(), MessageSocket::State::UnconnectedState);
    QVERIFY(socket.isAutomaticDelivery());
    QSignalSpy reconnect(&socket, &MessageSocket::reconnectChanged);
    QSignalSpy timeout(&socket, &MessageSocket::connectTimeoutChanged);
    QSignalSpy readBuffer(&socket, &MessageSocket::readBufferSizeChanged);
    QSignalSpy writeLimit(&socket, &MessageSocket::writeBufferLimitChanged);
    QSignalSpy handles(&socket, &MessageSocket::maximumHandlesChanged);
    for (int i = 0; i < 2; ++i) {
        socket.setReconnectEnabled(true);
        socket.setConnectTimeout(std::chrono::seconds(5));
        socket.setReadBufferSize(1000);
        socket.setWriteBufferLimit(2000);
        socket.setMaximumHandles(1000);
    }
    QVERIFY(socket.isReconnectEnabled());
    QCOMPARE(socket.connectTimeout(), 5000);
    QCOMPARE(socket.readBufferSize(), 1000);
    QCOMPARE(socket.writeBufferLimit(), 2000);
    QCOMPARE(socket.maximumHandles(), MessageSocket::MaximumHandles);
    for (const QSignalSpy *spy : {&reconnect, &timeout, &readBuffer, &writeLimit, &handles})
        QCOMPARE(spy->size(), 1);
    socket.setMaximumHandles(-1);
    QCOMPARE(socket.maximumHandles(), 0);
    socket.setServerName("somewhere");
    QCOMPARE(socket.serverName(), "somewhere");
    QVERIFY(socket.serverAddress().isValid());
}

QTEST_GUILESS_MAIN(tst_messagesocket_connect)
#include "tst_messagesocket_connect.moc"
