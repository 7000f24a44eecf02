// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "rawmessages.h"
#include "rawpeer.h"

#include <InterprocessQt/Features>

using namespace InterprocessQt;
using namespace Messages;

// The end of a connection comes after every message before it, is never mistaken for an empty one, and the next
// connection begins with nothing of the last.
class tst_messagesocket_ends : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyMessageBeforeTheEndIsNone_data();
    void anEmptyMessageBeforeTheEndIsNone();
    void theEndIsNoEmptyMessage_data();
    void theEndIsNoEmptyMessage();
    void halfClosedPeersAreAnswered_data();
    void halfClosedPeersAreAnswered();
    void aPeerThatLeavesWithoutReadingIsHeard_data();
    void aPeerThatLeavesWithoutReadingIsHeard();
    void everythingIsDeliveredBeforeTheEnd_data();
    void everythingIsDeliveredBeforeTheEnd();
    void aBacklogIsDeliveredBeforeTheEnd_data();
    void aBacklogIsDeliveredBeforeTheEnd();
    void whatIsNotReceivedStaysAfterTheEnd_data();
    void whatIsNotReceivedStaysAfterTheEnd();
    void whatWaitsIsDeliveredAfterTheEnd_data();
    void whatWaitsIsDeliveredAfterTheEnd();
    void aTruncatedMessageIsNotDelivered();
    void disconnectingWritesWhatWaits_data();
    void disconnectingWritesWhatWaits();
    void abortDropsWhatWaits_data();
    void abortDropsWhatWaits();
    void theNextConnectionBeginsClean_data();
    void theNextConnectionBeginsClean();
    void theNextDescriptorBeginsClean_data();
    void theNextDescriptorBeginsClean();
    void reconnectsWhenTheServerIsBack_data();
    void reconnectsWhenTheServerIsBack();
    void aClientThatHasLeftIsStillHeard_data();
    void aClientThatHasLeftIsStillHeard();
    void aSlotMayAskDuringDestruction_data();
    void aSlotMayAskDuringDestruction();
};

namespace
{
const QByteArray Closed = errorLine(StreamDevice::PeerClosedError);

void addEnds()
{
    addWithTransports([](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets)
            QTest::addColumn<bool>("closes");
        if (isSupported(Feature::HalfClose))
            QTest::addRow("%sshutdown", name.constData()) << transport << false;
        QTest::addRow("%sclose", name.constData()) << transport << true;
    });
}

void end(NativeHandle &peer, bool closes)
{
    if (closes)
        peer.reset();
    else
        rawHalfClose(peer);
}
} // namespace

void tst_messagesocket_ends::anEmptyMessageBeforeTheEndIsNone_data()
{
    addEnds();
}

void tst_messagesocket_ends::anEmptyMessageBeforeTheEndIsNone()
{
    QFETCH(Transport, transport);
    QFETCH(bool, closes);
    const List all[] = {{""}, {"", ""}, {"one", "", "three"}, {"one", "two", ""}, {"", "", "three", "", ""}};
    for (const List &sent : all) {
        auto ends = withRawPeer(transport);
        QVERIFY(ends.first);
        Record record(*ends.first);
        for (const QByteArray &message : sent)
            QVERIFY(rawSend(ends.second, transport, message));
        end(ends.second, closes);
        QTRY_VERIFY(record.lines.contains("disconnected"));
        List expected = sent;
        while (losesLastEmpty(transport) && !expected.isEmpty() && expected.last().isEmpty())
            expected.removeLast();
        QCOMPARE(record.messages, expected);
        QCOMPARE(record.lines.mid(expected.size()), (List{Closed, "disconnected"}));
    }
}

void tst_messagesocket_ends::theEndIsNoEmptyMessage_data()
{
    addEnds();
}

void tst_messagesocket_ends::theEndIsNoEmptyMessage()
{
    QFETCH(Transport, transport);
    QFETCH(bool, closes);
    for (const List &sent : {List{}, List{"x"}}) {
        auto ends = withRawPeer(transport);
        QVERIFY(ends.first);
        Record record(*ends.first);
        for (const QByteArray &message : sent)
            QVERIFY(rawSend(ends.second, transport, message));
        QTRY_COMPARE(record.messages, sent);
        QTest::qWait(0);
        end(ends.second, closes);
        QTRY_VERIFY(record.lines.contains("disconnected"));
        QCOMPARE(record.messages, sent);
        QVERIFY(!ends.first->hasPendingMessages());
    }
}

void tst_messagesocket_ends::halfClosedPeersAreAnswered_data()
{
    addTransports();
}

void tst_messagesocket_ends::halfClosedPeersAreAnswered()
{
    QFETCH(Transport, transport);
    if (!isSupported(Feature::HalfClose))
        QSKIP("A connection has one end for both directions here");
    auto ends = withRawPeer(transport);
    MessageSocket *const socket = ends.first.get();
    QVERIFY(socket);
    connect(socket, &MessageSocket::messageReceived, socket, [socket](const QByteArray &message) {
        socket->send("answer to " + message);
    });
    Record record(*socket);
    for (const QByteArray &message : {QByteArray("one"), QByteArray(), QByteArray("three")})
        QVERIFY(rawSend(ends.second, transport, message));
    end(ends.second, false);
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(record.messages, (List{"one", "", "three"}));
    QCOMPARE(rawReceive(ends.second, transport), QByteArray("answer to one"));
    QCOMPARE(rawReceive(ends.second, transport), QByteArray("answer to "));
    QCOMPARE(rawReceive(ends.second, transport), QByteArray("answer to three"));
}

void tst_messagesocket_ends::aPeerThatLeavesWithoutReadingIsHeard_data()
{
    addTransports();
}

void tst_messagesocket_ends::aPeerThatLeavesWithoutReadingIsHeard()
{
    QFETCH(Transport, transport);
    // Unix reports the loss of what it had not read (ECONNRESET), for packets before what it sent itself.
    auto ends = withRawPeer(transport);
    MessageSocket *const socket = ends.first.get();
    QVERIFY(socket);
    Record record(*socket);
    QVERIFY(socket->send("never read"));
    QTRY_COMPARE(socket->bytesToWrite(), 0);
    for (const QByteArray &message : {QByteArray("one"), QByteArray(), QByteArray("three")})
        QVERIFY(rawSend(ends.second, transport, message));
    ends.second.reset();
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(record.messages, (List{"one", "", "three"}));
    QCOMPARE(record.lines.mid(3), (List{Closed, "disconnected"}));
    QCOMPARE(socket->nativeError(), LeftUnread);
}

void tst_messagesocket_ends::everythingIsDeliveredBeforeTheEnd_data()
{
    addWithTransports([](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets) {
            QTest::addColumn<QList<int>>("sizes");
        }
        QTest::addRow("%smany small", name.constData()) << transport << QList<int>(3000, 10);
        QTest::addRow("%smany of 1000", name.constData()) << transport << QList<int>(3000, 1000);
        QTest::addRow("%sa large one behind small ones", name.constData()) << transport << (QList<int>(600, 100) << 200'000 << 5);
        QTest::addRow("%slarge ones", name.constData()) << transport << QList<int>(8, 200'000);
        QTest::addRow("%sa share and a little", name.constData()) << transport << QList<int>{65'530, 0, 65'000, 65'000, 3};
    });
}

void tst_messagesocket_ends::everythingIsDeliveredBeforeTheEnd()
{
    QFETCH(Transport, transport);
    QFETCH(QList<int>, sizes);
    for (const bool waitsFirst : {false, true}) {
        const auto ends = MessageSocket::pair(transport);
        Record record(*ends.second);
        for (const int size : std::as_const(sizes))
            QVERIFY(ends.first->send(message(size, quint32(size))));
        ends.first->disconnectFromServer();
        if (waitsFirst) // as much as the kernel holds is there, with the end if that is all
            QVERIFY(ends.first->waitForDisconnected(0) || ends.first->bytesToWrite() > 0);
        QTRY_VERIFY_WITH_TIMEOUT(record.lines.contains("disconnected"), 20'000);
        QCOMPARE(record.messages.size(), sizes.size());
        QCOMPARE(record.lines.last(), "disconnected");
        for (qsizetype i = 0; i < sizes.size(); ++i)
            QVERIFY(record.messages.at(i) == message(sizes.at(i), quint32(sizes.at(i))));
    }
}

void tst_messagesocket_ends::aBacklogIsDeliveredBeforeTheEnd_data()
{
    addTransports();
}

void tst_messagesocket_ends::aBacklogIsDeliveredBeforeTheEnd()
{
    QFETCH(Transport, transport);
    // More than is delivered in one turn has gathered when the end comes: by then nobody has heard of it.
    for (const int cause : {0, 1, 2}) {
        auto ends = MessageSocket::pair(transport);
        MessageSocket *const receiver = ends.second.get();
        constexpr int Count = 2000;
        Record record(*receiver);
        receiver->setAutomaticDelivery(cause == 2);
        bool first = true;
        if (cause == 2) { // it gathers while the first slot is in an event loop of its own
            connect(receiver, &MessageSocket::messageReceived, receiver, [&] {
                if (std::exchange(first, false))
                    QTRY_COMPARE(ends.first->bytesToWrite(), 0);
            });
        }
        for (int i = 0; i < Count; ++i)
            QVERIFY(ends.first->send(message(1000, quint32(i))));
        if (cause != 2)
            QTRY_COMPARE(ends.first->bytesToWrite(), 0);
        else
            QTRY_VERIFY(!first);
        QTest::qWait(5);
        if (cause == 1)
            receiver->disconnectFromServer(); // by this side, from here: the rest comes from the event loop
        else
            ends.first->disconnectFromServer();
        receiver->setAutomaticDelivery(true);
        QTRY_COMPARE(record.messages.size(), Count);
        QTRY_VERIFY(record.lines.contains("disconnected"));
        for (int i = 0; i < Count; ++i)
            QVERIFY(record.messages.at(i) == message(1000, quint32(i)));
        if (cause != 1)
            QCOMPARE(record.lines.mid(Count), (List{Closed, "disconnected"}));
    }
}

void tst_messagesocket_ends::whatIsNotReceivedStaysAfterTheEnd_data()
{
    addTransports();
}

void tst_messagesocket_ends::whatIsNotReceivedStaysAfterTheEnd()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    QSignalSpy disconnected(ends.second.get(), &MessageSocket::disconnected);
    QSignalSpy pending(ends.second.get(), &MessageSocket::messagesPending);
    for (const QByteArray &message : {QByteArray("one"), QByteArray(), QByteArray("three")})
        QVERIFY(ends.first->send(message));
    ends.first->disconnectFromServer();
    QTRY_COMPARE(disconnected.size(), 1);
    QVERIFY(!pending.isEmpty());
    QCOMPARE(ends.second->state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(ends.second->receive(), QByteArray("one"));
    QCOMPARE(ends.second->receive(), QByteArray());
    QVERIFY(ends.second->hasPendingMessages());
    QVERIFY(ends.second->waitForMessage(0));
    QCOMPARE(ends.second->receive(), QByteArray("three"));
    QVERIFY(!ends.second->hasPendingMessages());
    QVERIFY(!ends.second->waitForMessage(1000));
    QVERIFY(!ends.second->receive());
}

void tst_messagesocket_ends::whatWaitsIsDeliveredAfterTheEnd_data()
{
    addTransports();
}

void tst_messagesocket_ends::whatWaitsIsDeliveredAfterTheEnd()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    ends.second->setAutomaticDelivery(false);
    Record record(*ends.second);
    const List sent{"one", "", message(100'000), "four"};
    for (const QByteArray &message : sent)
        QVERIFY(ends.first->send(message));
    ends.first->disconnectFromServer();
    QTRY_COMPARE(record.lines.size(), 2);
    ends.second->setAutomaticDelivery(true);
    QVERIFY(record.messages.isEmpty()); // from the event loop
    QTRY_COMPARE(record.messages.size(), 4);
    QVERIFY(record.messages == sent);
}

void tst_messagesocket_ends::aTruncatedMessageIsNotDelivered()
{
    for (const bool announced : {false, true}) {
        auto ends = withRawPeer(Transport::Stream);
        QVERIFY(ends.first);
        Record record(*ends.first);
        QVERIFY(rawSend(ends.second, Transport::Stream, "whole"));
        const QByteArray part = frame(Transport::Stream, "truncated").first(announced ? 4 : 7);
        QVERIFY(rawSendBytes(ends.second, part));
        ends.second.reset();
        QTRY_VERIFY(record.lines.contains("disconnected"));
        QCOMPARE(record.lines, (List{"message whole", Closed, "disconnected"}));
        QVERIFY(!ends.first->receive());
    }
}

void tst_messagesocket_ends::disconnectingWritesWhatWaits_data()
{
    addTransports();
}

void tst_messagesocket_ends::disconnectingWritesWhatWaits()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    Record record(*ends.second);
    Record own(*ends.first);
    for (int i = 0; i < 40; ++i)
        QVERIFY(ends.first->send(message(200'000, quint32(i))));
    QVERIFY(ends.first->bytesToWrite() > 0);
    ends.first->disconnectFromServer();
    QCOMPARE(ends.first->state(), MessageSocket::State::ClosingState);
    QVERIFY(!ends.first->send("late"));
    QTRY_COMPARE(own.lines, List{"disconnected"}); // asked for: no error
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(record.messages.size(), 40);
    for (int i = 0; i < 40; ++i)
        QVERIFY(record.messages.at(i) == message(200'000, quint32(i)));
}

void tst_messagesocket_ends::abortDropsWhatWaits_data()
{
    addTransports();
}

void tst_messagesocket_ends::abortDropsWhatWaits()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    QVERIFY(ends.first->send("one"));
    QVERIFY(ends.first->send("two"));
    QTRY_VERIFY(ends.second->hasPendingMessages());
    Record record(*ends.second);
    ends.second->abort();
    QCOMPARE(ends.second->state(), MessageSocket::State::UnconnectedState);
    QVERIFY(!ends.second->receive());
    QVERIFY(!ends.second->hasPendingMessages());
    QTest::qWait(0);
    QCOMPARE(record.lines, List{"disconnected"});
}

void tst_messagesocket_ends::theNextConnectionBeginsClean_data()
{
    addTransports();
}

void tst_messagesocket_ends::theNextConnectionBeginsClean()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QVERIFY(server.listen(Address::filePath(path())));
    MessageSocket client(transport);
    client.setMaximumHandles(5);
    client.setServerAddress(server.serverAddress());
    for (int round = 0; round < 3; ++round) {
        client.connectToServer();
        QVERIFY(server.waitForNewConnection(5000));
        const std::unique_ptr<MessageSocket> accepted(server.nextPendingConnection());
        QVERIFY(accepted);
        QTest::qWait(0);
        QVERIFY(!client.hasPendingMessages());
        QVERIFY(client.takeHandles().empty());
        const QByteArray number = QByteArray::number(round);
        for (const QByteArray which : {"first of ", "second of "}) {
            std::vector<NativeHandle> handles;
            if (isSupported(Feature::HandlePassing))
                handles.push_back(RawPeer::anyHandle());
            QVERIFY(accepted->send(which + number, std::move(handles)));
        }
        if (round != 1) { // half a message behind them
            const QByteArray half = transport == Transport::Stream ? frame(transport, "half").first(6) : QByteArray("whole");
            QTRY_COMPARE(accepted->bytesToWrite(), 0);
            // Behind the back of the socket, whose handle it stays.
            NativeHandle borrowed(accepted->socketDescriptor());
            const bool sent = rawSendBytes(borrowed, half);
            static_cast<void>(borrowed.release());
            QVERIFY(sent);
        }
        QTRY_VERIFY(client.hasPendingMessages());
        QCOMPARE(client.receive(), "first of " + number); // its handle is not taken, the second message is not received
        accepted->abort();
        QTRY_COMPARE(client.state(), MessageSocket::State::UnconnectedState);
    }
}

void tst_messagesocket_ends::theNextDescriptorBeginsClean_data()
{
    addTransports();
}

void tst_messagesocket_ends::theNextDescriptorBeginsClean()
{
    QFETCH(Transport, transport);
    MessageSocket socket(transport);
    socket.setMaximumHandles(5);
    for (int round = 0; round < 3; ++round) {
        auto [own, peer] = rawPair(transport);
        QVERIFY(socket.setSocketDescriptor(own.get()));
        static_cast<void>(own.release());
        QVERIFY(!socket.hasPendingMessages());
        const QByteArray number = QByteArray::number(round);
        QVERIFY(rawSend(peer, transport, "first of " + number));
        QVERIFY(rawSend(peer, transport, "second of " + number));
        const QByteArray half = transport == Transport::Stream ? frame(transport, "half").first(6) : QByteArray("whole");
        QVERIFY(rawSendBytes(peer, half));
        peer.reset();
        QTRY_COMPARE(socket.state(), MessageSocket::State::UnconnectedState);
        QCOMPARE(socket.receive(), "first of " + number);
        if (round != 1) // now, or when the next connection comes, is the second one decoded
            QTest::qWait(0);
    }
}

void tst_messagesocket_ends::reconnectsWhenTheServerIsBack_data()
{
    addTransports();
}

void tst_messagesocket_ends::reconnectsWhenTheServerIsBack()
{
    QFETCH(Transport, transport);
    MessageSocket client(transport);
    client.setReconnectEnabled(true);
    client.setReconnectDelays(std::chrono::milliseconds(1), std::chrono::milliseconds(20));
    client.setServerAddress(Address::filePath(path()));
    QSignalSpy scheduled(&client, &MessageSocket::reconnectScheduled);
    Record record(client);
    client.connectToServer();
    QTRY_VERIFY(scheduled.size() >= 2); // nobody there yet
    for (int round = 0; round < 3; ++round) {
        MessageServer server(transport);
        QVERIFY(server.listen(Address::filePath(path())));
        QTRY_VERIFY(server.hasPendingConnections());
        MessageSocket *const accepted = server.nextPendingConnection();
        accepted->send("round " + QByteArray::number(round));
        QTRY_COMPARE(record.messages.size(), round + 1);
        QCOMPARE(record.messages.last(), "round " + QByteArray::number(round));
        QVERIFY(client.send("hello"));
        QVERIFY(accepted->waitForMessage(5000));
        QCOMPARE(accepted->receive(), QByteArray("hello"));
    }
    QTRY_VERIFY(record.lines.count("disconnected") == 3);
    client.setReconnectEnabled(false);
    client.abort();
}

void tst_messagesocket_ends::aClientThatHasLeftIsStillHeard_data()
{
    addTransports();
}

void tst_messagesocket_ends::aClientThatHasLeftIsStillHeard()
{
    QFETCH(Transport, transport);
    for (const bool pushed : {false, true}) {
        MessageServer server(transport);
        QVERIFY(server.listen(Address::filePath(path())));
        {
            const NativeHandle peer = rawConnected(path(), transport);
            QTRY_VERIFY(server.hasPendingConnections());
            QVERIFY(rawSend(peer, transport, "one"));
            QVERIFY(rawSend(peer, transport, ""));
            QVERIFY(rawSend(peer, transport, "three"));
        }
        QTest::qWait(20); // its end is seen before anybody asks
        const std::unique_ptr<MessageSocket> socket(server.nextPendingConnection());
        QVERIFY(socket);
        if (pushed) {
            Record record(*socket);
            QTRY_COMPARE(record.messages, (List{"one", "", "three"}));
        } else {
            QCOMPARE(socket->receive(), QByteArray("one"));
            QCOMPARE(socket->receive(), QByteArray());
            QCOMPARE(socket->receive(), QByteArray("three"));
        }
        QTRY_COMPARE(socket->state(), MessageSocket::State::UnconnectedState);
        QCOMPARE(socket->error(), StreamDevice::PeerClosedError);
    }
}

void tst_messagesocket_ends::aSlotMayAskDuringDestruction_data()
{
    addTransports();
}

void tst_messagesocket_ends::aSlotMayAskDuringDestruction()
{
    QFETCH(Transport, transport);
    auto ends = MessageSocket::pair(transport);
    MessageSocket *const socket = ends.first.get();
    socket->setReconnectEnabled(true);
    QVERIFY(ends.second->send("never received"));
    QTRY_VERIFY(socket->hasPendingMessages());
    bool told = false;
    connect(socket, &MessageSocket::disconnected, this, [&told, socket] {
        told = true;
        // As people write it.
        QCOMPARE(socket->state(), MessageSocket::State::UnconnectedState);
        static_cast<void>(socket->error());
        static_cast<void>(socket->errorString());
        static_cast<void>(socket->peerCredentials());
        static_cast<void>(socket->bytesToWrite());
        static_cast<void>(socket->hasPendingMessages());
        static_cast<void>(socket->receive());
        static_cast<void>(socket->takeHandles());
        QVERIFY(!socket->send("late"));
        socket->setAutomaticDelivery(false);
        socket->setMaximumMessageSize(5);
        socket->disconnectFromServer();
        socket->abort();
        socket->connectToServer("/nonexistent/socket");
        socket->waitForMessage(0);
    });
    QVERIFY(socket->send("last words"));
    ends.first.reset();
    QVERIFY(told);
    QVERIFY(ends.second->waitForMessage(5000));
    QCOMPARE(ends.second->receive(), QByteArray("last words"));
}

QTEST_GUILESS_MAIN(tst_messagesocket_ends)
#include "tst_messagesocket_ends.moc"
