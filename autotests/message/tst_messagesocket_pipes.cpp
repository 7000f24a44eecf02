// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../namedpipe/namedpipes.h"
#include "messagesockets.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalSocket>

#include <QtEndian>

using namespace Messages;
using InterprocessQt::LocalSocket;
using InterprocessQt::NamedPipe;
using InterprocessQt::StreamDevice;

// Message sockets on pipes: boundaries that the system keeps, as peers with the system calls see them.
class tst_messagesocket_pipes : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void packetsAreMessagesOfThePipe();
    void arriveWhole_data();
    void arriveWhole();
    void aPair_data();
    void aPair();
    void aRawPeer_data();
    void aRawPeer();
    void aNamedPipeIsAPeer();
    void tooLargeEndsTheConnection();
    void theServersLimitCountsFromTheBeginning();
    void theOtherTransportIsRefused_data();
    void theOtherTransportIsRefused();
    void aPlainSocketIsRefused();
    void emptyOnesAtTheEndArrive_data();
    void emptyOnesAtTheEndArrive();
    void handlesCannotTravel();
    void aHandleIsAdopted();
};

void tst_messagesocket_pipes::packetsAreMessagesOfThePipe()
{
    QVERIFY(isSupported(InterprocessQt::Feature::PacketSockets));
    MessageServer server;
    QCOMPARE(server.transport(), Transport::Packets);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    const NativeHandle client = Pipes::rawClient(name);
    QVERIFY(client);
    DWORD flags = 0;
    QVERIFY(GetNamedPipeInfo(Pipes::native(client), &flags, nullptr, nullptr, nullptr));
    QVERIFY(flags & PIPE_TYPE_MESSAGE);
}

void tst_messagesocket_pipes::arriveWhole_data()
{
    addTransports();
}

void tst_messagesocket_pipes::arriveWhole()
{
    QFETCH(Transport, transport);
    Ends ends(transport, path());
    QVERIFY2(ends.isValid(), qPrintable(ends.client.errorString()));
    const Record atServer(*ends.accepted);
    const Record atClient(ends.client);
    const List sent = {"", message(1), message(65535), message(65536), message(65537), "", message(4 * 1024 * 1024), "last"};
    for (const QByteArray &one : sent) {
        QVERIFY(ends.client.send(one));
        QVERIFY(ends.accepted->send(one));
    }
    QTRY_COMPARE(atServer.messages.size(), sent.size());
    QTRY_COMPARE(atClient.messages.size(), sent.size());
    QVERIFY(atServer.messages == sent);
    QVERIFY(atClient.messages == sent);
    QTRY_COMPARE(ends.client.bytesToWrite(), 0);
    ends.accepted->disconnectFromServer();
    QTRY_VERIFY(atClient.lines.contains("disconnected"));
    QCOMPARE(atClient.errors, QList<MessageSocket::Error>{StreamDevice::PeerClosedError});
}

void tst_messagesocket_pipes::aPair_data()
{
    addTransports();
}

void tst_messagesocket_pipes::aPair()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    QCOMPARE(ends.first->transport(), transport);
    QVERIFY2(ends.first->isValid(), qPrintable(ends.first->errorString()));
    QVERIFY(ends.first->send("there"));
    QVERIFY(ends.first->send(""));
    QTRY_VERIFY(ends.second->hasPendingMessages());
    QCOMPARE(ends.second->receive(), "there");
    QTRY_VERIFY(ends.second->hasPendingMessages());
    QCOMPARE(ends.second->receive(), "");
    QVERIFY(ends.second->send("and back"));
    QVERIFY(ends.first->waitForMessage(5000));
    QCOMPARE(ends.first->receive(), "and back");
}

void tst_messagesocket_pipes::aRawPeer_data()
{
    addTransports();
}

void tst_messagesocket_pipes::aRawPeer()
{
    QFETCH(Transport, transport);
    const auto frame = [transport](const QByteArray &text) -> QByteArray {
        QByteArray head(transport == Transport::Packets ? 0 : 4, Qt::Uninitialized);
        if (!head.isEmpty())
            qToBigEndian(quint32(text.size()), head.data());
        return head + text;
    };
    MessageServer server(transport);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    const NativeHandle client = Pipes::rawClient(name);
    QVERIFY(client);
    DWORD mode = transport == Transport::Packets ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;
    QVERIFY(SetNamedPipeHandleState(Pipes::native(client), &mode, nullptr, nullptr));
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<MessageSocket> accepted(server.nextPendingConnection());
    const Record record(*accepted);
    QVERIFY(Pipes::rawWrite(client, frame("one")));
    QVERIFY(Pipes::rawWrite(client, frame("")));
    QVERIFY(Pipes::rawWrite(client, frame("three")));
    QTRY_COMPARE(record.messages, (List{"one", "", "three"}));
    QVERIFY(accepted->send("answer"));
    QTRY_COMPARE(accepted->bytesToWrite(), 0);
    QCOMPARE(Pipes::rawRead(client), frame("answer"));
}

void tst_messagesocket_pipes::aNamedPipeIsAPeer()
{
    MessageServer server;
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    NamedPipe client;
    Pipes::setModes(client, NamedPipe::Mode::Messages, NamedPipe::Mode::Messages);
    client.connectToServer(name);
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<MessageSocket> accepted(server.nextPendingConnection());
    const Record record(*accepted);
    QVERIFY(client.send("hello"));
    QTRY_COMPARE(record.messages, List{"hello"});
    QVERIFY(accepted->send("world"));
    QCOMPARE(Pipes::receiveAll(client, 1), List{"world"});
}

void tst_messagesocket_pipes::tooLargeEndsTheConnection()
{
    for (const qsizetype size : {1001, 100'000, 1'000'000}) {
        Ends ends(Transport::Packets, path());
        QVERIFY(ends.isValid());
        ends.accepted->setMaximumMessageSize(1000);
        const Record record(*ends.accepted);
        QVERIFY(ends.client.send("before"));
        QVERIFY(ends.client.send(message(1000)));
        QVERIFY(ends.client.send(message(size)));
        QVERIFY(ends.client.send("never"));
        QTRY_VERIFY(record.lines.contains("disconnected"));
        QCOMPARE(record.messages, (List{"before", message(1000)}));
        QCOMPARE(record.errors, QList<MessageSocket::Error>{StreamDevice::DatagramTooLargeError});
        QVERIFY2(ends.accepted->errorString().contains("1000"), qPrintable(ends.accepted->errorString()));
    }
}

void tst_messagesocket_pipes::theServersLimitCountsFromTheBeginning()
{
    MessageServer server;
    server.setMaximumMessageSize(10);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    const NativeHandle client = Pipes::rawClient(name);
    QVERIFY(client);
    QVERIFY(Pipes::rawWrite(client, "more than ten"));
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<MessageSocket> accepted(server.nextPendingConnection());
    const Record record(*accepted);
    QTRY_COMPARE(record.errors, QList<MessageSocket::Error>{StreamDevice::DatagramTooLargeError});
    QVERIFY(record.messages.isEmpty());
}

void tst_messagesocket_pipes::theOtherTransportIsRefused_data()
{
    addTransports();
}

void tst_messagesocket_pipes::theOtherTransportIsRefused()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    MessageSocket client(transport == Transport::Stream ? Transport::Packets : Transport::Stream);
    client.connectToServer(name);
    QVERIFY(!client.waitForConnected(5000));
    QCOMPARE(client.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY2(client.errorString().contains(name), qPrintable(client.errorString()));
}

void tst_messagesocket_pipes::aPlainSocketIsRefused()
{
    MessageServer server;
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    LocalSocket socket;
    socket.connectToServer(name);
    QVERIFY(!socket.waitForConnected(5000));
    QCOMPARE(socket.error(), LocalSocket::UnsupportedSocketOperationError);
    QVERIFY2(socket.errorString().contains("messages"), qPrintable(socket.errorString()));
    QVERIFY2(socket.errorString().contains(name), qPrintable(socket.errorString()));
    // Who wants bytes of such a pipe all the same says so.
    NamedPipe pipe;
    pipe.connectToServer(name);
    QVERIFY2(pipe.waitForConnected(5000), qPrintable(pipe.errorString()));
}

void tst_messagesocket_pipes::emptyOnesAtTheEndArrive_data()
{
    addTransports();
}

void tst_messagesocket_pipes::emptyOnesAtTheEndArrive()
{
    QFETCH(Transport, transport);
    Ends ends(transport, path());
    QVERIFY(ends.isValid());
    const Record record(*ends.accepted);
    for (const char *text : {"one", "", ""})
        QVERIFY(ends.client.send(text));
    ends.client.disconnectFromServer();
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(record.messages, (List{"one", "", ""}));
}

void tst_messagesocket_pipes::handlesCannotTravel()
{
    Ends ends(Transport::Packets, path());
    QVERIFY(ends.isValid());
    std::vector<NativeHandle> handles;
    handles.push_back(Pipes::rawServer(abstractName(), PIPE_TYPE_BYTE));
    QVERIFY(handles.front());
    QVERIFY(!ends.client.send("with a handle", std::move(handles)));
    QCOMPARE(ends.client.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY(ends.client.send("without"));
    QVERIFY(ends.accepted->waitForMessage(5000));
    QCOMPARE(ends.accepted->receive(), "without");
}

void tst_messagesocket_pipes::aHandleIsAdopted()
{
    const QString name = abstractName();
    const NativeHandle bytes = Pipes::rawServer(name, PIPE_TYPE_BYTE);
    NativeHandle wrong = Pipes::rawClient(name, GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    QVERIFY(bytes && wrong);
    MessageSocket socket(Transport::Packets);
    QVERIFY(!socket.setSocketDescriptor(wrong.get()));
    QCOMPARE(socket.error(), StreamDevice::UnsupportedSocketOperationError);

    const QString other = abstractName();
    const NativeHandle messages = Pipes::rawServer(other, PIPE_TYPE_MESSAGE);
    NativeHandle right = Pipes::rawClient(other, GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    QVERIFY(messages && right);
    QVERIFY2(socket.setSocketDescriptor(right.get()), qPrintable(socket.errorString()));
    static_cast<void>(right.release());
    QVERIFY(Pipes::rawWrite(messages, "one"));
    QVERIFY(Pipes::rawWrite(messages, "two"));
    const Record record(socket);
    QTRY_COMPARE(record.messages, (List{"one", "two"}));
}

QTEST_GUILESS_MAIN(tst_messagesocket_pipes)
#include "tst_messagesocket_pipes.moc"
