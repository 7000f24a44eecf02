// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "rawmessages.h"
#include "turns.h"

#include "../unixsocket/files.h"

using namespace InterprocessQt;
using namespace Messages;

// File descriptors beside messages: each with its own, none lost without a word, none left open.
class tst_messagesocket_handles : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void arriveInTheirOrder_data();
    void arriveInTheirOrder();
    void tooManyAreRefused_data();
    void tooManyAreRefused();
    void oneThatIsNotOpenIsRefused_data();
    void oneThatIsNotOpenIsRefused();
    void eachMessageHasItsOwn_data();
    void eachMessageHasItsOwn();
    void travelWithLargeMessages_data();
    void travelWithLargeMessages();
    void travelWithEmptyMessages_data();
    void travelWithEmptyMessages();
    void areSentWhileConnecting_data();
    void areSentWhileConnecting();
    void whatIsMoreThanWantedIsClosed_data();
    void whatIsMoreThanWantedIsClosed();
    void aFullTableLosesThem_data();
    void aFullTableLosesThem();
    void areClosedWhenNobodyTakesThem_data();
    void areClosedWhenNobodyTakesThem();
    void areClosedWithWhatIsNotSent_data();
    void areClosedWithWhatIsNotSent();
    void stayTheCallersIfThereIsNoRoom_data();
    void stayTheCallersIfThereIsNoRoom();
    void waitAtTheServer_data();
    void waitAtTheServer();
    void manyWaitingMessagesPauseThePeer_data();
    void manyWaitingMessagesPauseThePeer();
    void spreadOverOneMessageTheyAreLimited();
};

void tst_messagesocket_handles::arriveInTheirOrder_data()
{
    addWithTransports([](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets)
            QTest::addColumn<int>("count");
        for (const int count : {1, 2, 252, 253})
            QTest::addRow("%s%d", name.constData(), count) << transport << count;
    });
}

void tst_messagesocket_handles::arriveInTheirOrder()
{
    QFETCH(Transport, transport);
    QFETCH(int, count);
    const auto ends = MessageSocket::pair(transport);
    ends.second->setMaximumHandles(count);
    QSignalSpy lost(ends.second.get(), &MessageSocket::handlesLost);
    std::vector<NativeHandle> handles = Files::numbered(count);
    QVERIFY(ends.first->send("message", std::move(handles)));
    QVERIFY(handles.empty());
    QVERIFY(ends.first->send("next"));
    QTRY_VERIFY(ends.second->hasPendingMessages());
    QVERIFY(ends.second->takeHandles().empty()); // not before their message is received
    QCOMPARE(ends.second->receive(), QByteArray("message"));
    const auto taken = ends.second->takeHandles();
    QCOMPARE(Files::textsOf(taken), Files::numbers(count));
    for (const NativeHandle &handle : taken)
        QVERIFY(Files::isClosedOnExec(handle));
    QVERIFY(ends.second->takeHandles().empty());
    QTRY_VERIFY(ends.second->hasPendingMessages());
    QCOMPARE(ends.second->receive(), QByteArray("next"));
    QVERIFY(ends.second->takeHandles().empty());
    QTest::qWait(0);
    QVERIFY(lost.isEmpty());
}

void tst_messagesocket_handles::tooManyAreRefused_data()
{
    addTransports();
}

void tst_messagesocket_handles::tooManyAreRefused()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    std::vector<NativeHandle> handles = Files::numbered(254);
    QVERIFY(!ends.first->send("message", std::move(handles)));
    QCOMPARE(ends.first->error(), StreamDevice::OperationError);
    QVERIFY2(ends.first->errorString().contains("254"), qPrintable(ends.first->errorString()));
    QCOMPARE(Files::textsOf(handles), Files::numbers(254));
    QVERIFY(ends.first->isValid());
    QVERIFY(ends.first->send("without"));
    QTRY_VERIFY(ends.second->hasPendingMessages());
    QCOMPARE(ends.second->receive(), QByteArray("without"));
}

void tst_messagesocket_handles::oneThatIsNotOpenIsRefused_data()
{
    addTransports();
}

void tst_messagesocket_handles::oneThatIsNotOpenIsRefused()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    std::vector<NativeHandle> handles = Files::numbered(2);
    handles.emplace_back();
    QVERIFY(!ends.first->send("message", std::move(handles)));
    QCOMPARE(ends.first->error(), StreamDevice::OperationError);
    QCOMPARE(ends.first->nativeError(), EBADF);
    QCOMPARE(handles.size(), size_t(3));
    QVERIFY(ends.first->isValid());
}

void tst_messagesocket_handles::eachMessageHasItsOwn_data()
{
    addTransports();
}

void tst_messagesocket_handles::eachMessageHasItsOwn()
{
    QFETCH(Transport, transport);
    for (const bool pushed : {false, true}) {
        const auto ends = MessageSocket::pair(transport);
        MessageSocket *const receiver = ends.second.get();
        receiver->setMaximumHandles(3);
        // Several in one readyRead(), with and without, in every order.
        QRandomGenerator random(7);
        List expected;
        int number = 0;
        for (int i = 0; i < 60; ++i) {
            const int count = random.bounded(4);
            const QByteArray text = QByteArray::number(i) + QByteArray(random.bounded(3) == 0 ? random.bounded(3000) : 0, '.');
            expected << text + ": " + Files::numbers(count, number);
            QVERIFY(ends.first->send(text, Files::numbered(count, number)));
            number += count;
        }
        List seen;
        const auto note = [&](const QByteArray &text) {
            seen << text + ": " + Files::textsOf(receiver->takeHandles());
        };
        if (pushed) {
            connect(receiver, &MessageSocket::messageReceived, receiver, note);
            QTRY_COMPARE(seen.size(), expected.size());
        } else {
            while (seen.size() < expected.size()) {
                QTRY_VERIFY(receiver->hasPendingMessages());
                note(receiver->receive().value());
            }
        }
        QCOMPARE(seen, expected);
    }
}

void tst_messagesocket_handles::travelWithLargeMessages_data()
{
    addTransports();
}

void tst_messagesocket_handles::travelWithLargeMessages()
{
    QFETCH(Transport, transport);
    // They come with its first bytes: as many as may wait must not keep its last bytes from coming.
    for (const bool pushed : {true, false}) {
        const auto ends = MessageSocket::pair(transport);
        ends.second->setMaximumHandles(2);
        ends.second->setAutomaticDelivery(pushed);
        const qsizetype size = qsizetype(std::min<qint64>(2'000'000, ends.first->maximumMessageSize()));
        for (int i = 0; i < 3; ++i)
            QVERIFY(ends.first->send(message(size, quint32(i)), Files::numbered(2, 2 * i)));
        int received = 0;
        const auto check = [&](const QByteArray &bytes) {
            QVERIFY(bytes == message(size, quint32(received)));
            QCOMPARE(Files::textsOf(ends.second->takeHandles()), Files::numbers(2, 2 * received));
            ++received;
        };
        connect(ends.second.get(), &MessageSocket::messageReceived, this, check);
        while (!pushed && received < 3) {
            QTRY_VERIFY(ends.second->hasPendingMessages());
            check(ends.second->receive().value());
        }
        QTRY_COMPARE(received, 3);
    }
}

void tst_messagesocket_handles::travelWithEmptyMessages_data()
{
    addTransports();
}

void tst_messagesocket_handles::travelWithEmptyMessages()
{
    QFETCH(Transport, transport);
    if (losesLastEmpty(transport))
        QSKIP("Without credentials beside it the last empty packet is taken for the end");
    const auto ends = MessageSocket::pair(transport);
    MessageSocket *const receiver = ends.second.get();
    receiver->setMaximumHandles(3);
    List seen;
    connect(receiver, &MessageSocket::messageReceived, receiver, [&](const QByteArray &text) {
        seen << text + ':' + Files::textsOf(receiver->takeHandles());
    });
    QVERIFY(ends.first->send("", Files::numbered(2)));
    QVERIFY(ends.first->send(""));
    QVERIFY(ends.first->send("", Files::numbered(1, 2)));
    ends.first->disconnectFromServer();
    QTRY_COMPARE(receiver->state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(seen, (List{":0 1", ":", ":2"}));
}

void tst_messagesocket_handles::areSentWhileConnecting_data()
{
    addTransports();
}

void tst_messagesocket_handles::areSentWhileConnecting()
{
    QFETCH(Transport, transport);
    // A server whose queue is full, so that the client has to wait.
    MessageServer server(transport);
    server.setListenBacklogSize(0);
    server.setMaxPendingConnections(0);
    server.setMaximumHandles(2);
    QVERIFY(server.listen(Address::filePath(path())));
    std::vector<NativeHandle> others;
    for (;;) {
        NativeHandle other = Raw::connected(Raw::fileName(path()), socketType(transport), SOCK_NONBLOCK);
        if (!other)
            break;
        others.push_back(std::move(other));
    }
    MessageSocket client(transport);
    client.connectToServer(Address::filePath(path()));
    if (client.state() != MessageSocket::State::ConnectingState)
        QSKIP("This system does not make clients wait");
    QVERIFY(client.send("one", Files::numbered(2)));
    QVERIFY(client.send("two"));
    QVERIFY(client.send("three", Files::numbered(1, 2)));
    QVERIFY(client.bytesToWrite() > 0);
    QTest::qWait(5);
    server.setMaxPendingConnections(30);
    others.clear();
    List seen;
    connect(&server, &MessageServer::newConnection, &server, [&] {
        MessageSocket *const socket = server.nextPendingConnection();
        connect(socket, &MessageSocket::messageReceived, socket, [&seen, socket](const QByteArray &message) {
            seen << message + ": " + Files::textsOf(socket->takeHandles());
        });
    });
    QTRY_COMPARE(seen, (List{"one: 0 1", "two: ", "three: 2"}));
}

void tst_messagesocket_handles::whatIsMoreThanWantedIsClosed_data()
{
    addWithTransports([](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets) {
            QTest::addColumn<int>("sent");
            QTest::addColumn<int>("wanted");
        }
        QTest::addRow("%snone", name.constData()) << transport << 3 << 0;
        QTest::addRow("%s1 of 2", name.constData()) << transport << 2 << 1;
        QTest::addRow("%s2 of 3", name.constData()) << transport << 3 << 2;
        QTest::addRow("%s100 of 253", name.constData()) << transport << 253 << 100;
    });
}

void tst_messagesocket_handles::whatIsMoreThanWantedIsClosed()
{
    QFETCH(Transport, transport);
    QFETCH(int, sent);
    QFETCH(int, wanted);
    for (const bool pushed : {true, false}) {
        const auto ends = MessageSocket::pair(transport);
        MessageSocket *const receiver = ends.second.get();
        receiver->setMaximumHandles(wanted);
        QSignalSpy lost(receiver, &MessageSocket::handlesLost);
        Files::Witness witness;
        std::vector<NativeHandle> handles = Files::numbered(sent - 1);
        handles.push_back(witness.takeSent());
        List seen;
        if (pushed) {
            connect(receiver, &MessageSocket::messageReceived, receiver, [&](const QByteArray &text) {
                seen << text + ": " + Files::textsOf(receiver->takeHandles());
            });
        }
        QVERIFY(ends.first->send("too many", std::move(handles)));
        QVERIFY(ends.first->send("right", Files::numbered(wanted)));
        while (!pushed && seen.size() < 2) {
            QTRY_VERIFY(receiver->hasPendingMessages());
            const QByteArray text = receiver->receive().value();
            seen << text + ": " + Files::textsOf(receiver->takeHandles());
        }
        QTRY_COMPARE(seen.size(), 2);
        QCOMPARE(seen, (List{"too many: " + Files::numbers(wanted), "right: " + Files::numbers(wanted)}));
        QTRY_COMPARE(lost.size(), 1);
        QVERIFY(witness.allAreClosed());
    }
}

void tst_messagesocket_handles::aFullTableLosesThem_data()
{
    addTransports();
}

void tst_messagesocket_handles::aFullTableLosesThem()
{
#ifdef FULLTABLE_SIMULATED
    QSKIP("The sanitizer needs descriptors itself");
#endif
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    ends.second->setMaximumHandles(3);
    QSignalSpy lost(ends.second.get(), &MessageSocket::handlesLost);
    Record record(*ends.second);
    QVERIFY(ends.first->send("first", Files::numbered(3)));
    {
        const Files::NearlyFullTable table(1);
        QTRY_COMPARE(record.messages.size(), 1);
    }
    QVERIFY(ends.second->takeHandles().size() <= 1);
    QTRY_COMPARE(lost.size(), 1);
    QVERIFY(ends.first->send("second", Files::numbered(3)));
    QTRY_COMPARE(record.messages, (List{"first", "second"}));
    QCOMPARE(Files::textsOf(ends.second->takeHandles()), Files::numbers(3));
    QCOMPARE(lost.size(), 1);
}

void tst_messagesocket_handles::areClosedWhenNobodyTakesThem_data()
{
    addTransports();
}

void tst_messagesocket_handles::areClosedWhenNobodyTakesThem()
{
    QFETCH(Transport, transport);
    for (int way = 0; way < 5; ++way) {
        auto ends = MessageSocket::pair(transport);
        ends.second->setMaximumHandles(5);
        Files::Witness witness;
        std::vector<NativeHandle> handles;
        handles.push_back(witness.takeSent());
        QVERIFY(ends.first->send("one", std::move(handles)));
        QVERIFY(ends.first->send("two"));
        QTRY_VERIFY(ends.second->hasPendingMessages());
        QVERIFY(!witness.allAreClosed());
        switch (way) {
        case 0: // the next one is received
            QCOMPARE(ends.second->receive(), QByteArray("one"));
            QVERIFY(!witness.allAreClosed());
            QTRY_VERIFY(ends.second->hasPendingMessages());
            QCOMPARE(ends.second->receive(), QByteArray("two"));
            break;
        case 1: // never received
            ends.second.reset();
            break;
        case 2:
            QCOMPARE(ends.second->receive(), QByteArray("one"));
            ends.second.reset();
            break;
        case 3:
            ends.second->abort();
            ends.second->connectToServer(path("nothing"));
            break;
        case 4: // the peer goes, and they wait on, until there is another connection
            ends.first.reset();
            QTRY_COMPARE(ends.second->state(), MessageSocket::State::UnconnectedState);
            QVERIFY(!witness.allAreClosed());
            ends.second->connectToServer(path("nothing"));
            break;
        default:
            break;
        }
        QVERIFY2(witness.allAreClosed(), qPrintable(QString::number(way)));
        QTest::qWait(0);
    }
}

void tst_messagesocket_handles::areClosedWithWhatIsNotSent_data()
{
    addTransports();
}

void tst_messagesocket_handles::areClosedWithWhatIsNotSent()
{
    QFETCH(Transport, transport);
    for (const bool peerDies : {false, true}) {
        auto ends = MessageSocket::pair(transport);
        Files::Witness early;
        Files::Witness late;
        std::vector<NativeHandle> handles;
        handles.push_back(early.takeSent());
        QVERIFY(ends.first->send("first", std::move(handles))); // in the kernel, in flight
        for (int i = 0; i < 100; ++i)
            QVERIFY(ends.first->send(message(200'000)));
        handles.clear();
        handles.push_back(late.takeSent());
        QVERIFY(ends.first->send("last", std::move(handles)));
        QVERIFY(ends.first->bytesToWrite() > 0);
        QVERIFY(!late.allAreClosed());
        if (peerDies) {
            ends.second.reset();
            QTRY_COMPARE(ends.first->state(), MessageSocket::State::UnconnectedState);
        } else {
            ends.first->abort();
            ends.second.reset();
        }
        QVERIFY(late.allAreClosed());
        // Of what was in flight the kernel disposes when it comes to it.
        QTRY_VERIFY(early.allAreClosed());
    }
}

void tst_messagesocket_handles::stayTheCallersIfThereIsNoRoom_data()
{
    addTransports();
}

void tst_messagesocket_handles::stayTheCallersIfThereIsNoRoom()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    ends.first->setWriteBufferLimit(100'000);
    ends.second->setMaximumHandles(5);
    int sent = 0;
    int refused = 0;
    std::vector<NativeHandle> handles = Files::numbered(2);
    while (ends.first->send(message(30'000), std::move(handles))) {
        QVERIFY(handles.empty());
        ++sent;
        handles = Files::numbered(2, 2 * sent);
        QVERIFY(sent < 1000);
    }
    QCOMPARE(ends.first->error(), StreamDevice::SocketResourceError);
    QCOMPARE(handles.size(), size_t(2));
    // Sent again when there is room, it is as if nothing had been.
    connect(ends.first.get(), &MessageSocket::congestedChanged, this, [&](bool congested) {
        if (!congested && !handles.empty() && !ends.first->send("at last", std::move(handles)))
            ++refused;
    });
    for (int i = 0; i <= sent; ++i) {
        QTRY_VERIFY(ends.second->hasPendingMessages());
        const QByteArray text = ends.second->receive().value();
        QCOMPARE(text == "at last", i == sent);
        QCOMPARE(Files::textsOf(ends.second->takeHandles()), Files::numbers(2, 2 * i));
    }
    QCOMPARE(refused, 0);
}

void tst_messagesocket_handles::waitAtTheServer_data()
{
    addTransports();
}

void tst_messagesocket_handles::waitAtTheServer()
{
    QFETCH(Transport, transport);
    for (const bool leaves : {false, true}) {
        MessageServer server(transport);
        server.setMaximumHandles(2);
        QVERIFY(server.listen(Address::filePath(path())));
        auto client = std::make_unique<MessageSocket>(transport);
        client->connectToServer(server.serverAddress());
        QVERIFY(client->send("one", Files::numbered(2)));
        QVERIFY(client->send(""));
        QVERIFY(client->send("three", Files::numbered(2, 2)));
        QTRY_VERIFY(server.hasPendingConnections());
        if (leaves) {
            client->disconnectFromServer();
            QTRY_COMPARE(client->state(), MessageSocket::State::UnconnectedState);
        }
        runTurns();
        const std::unique_ptr<MessageSocket> socket(server.nextPendingConnection());
        QVERIFY(socket);
        QCOMPARE(socket->maximumHandles(), 2);
        for (const QByteArray &text : {QByteArray("one"), QByteArray(), QByteArray("three")}) {
            QTRY_VERIFY(socket->hasPendingMessages());
            QCOMPARE(socket->receive(), text);
            QCOMPARE(Files::textsOf(socket->takeHandles()), text.isEmpty() ? QByteArray() : Files::numbers(2, text == "one" ? 0 : 2));
        }
    }
}

void tst_messagesocket_handles::manyWaitingMessagesPauseThePeer_data()
{
    addTransports();
}

void tst_messagesocket_handles::manyWaitingMessagesPauseThePeer()
{
    QFETCH(Transport, transport);
    // A peer cannot fill the table of a process that does not receive: reading pauses.
    const auto ends = MessageSocket::pair(transport);
    ends.second->setMaximumHandles(4);
    constexpr int Count = 100;
    const qsizetype before = openDescriptors().size();
    for (int i = 0; i < Count; ++i) {
        std::vector<NativeHandle> handles;
        for (int h = 0; h < 3; ++h)
            handles.emplace_back(::dup(2));
        QVERIFY(ends.first->send(QByteArray::number(i), std::move(handles)));
    }
    runTurns();
    QVERIFY2(openDescriptors().size() - before <= 8, qPrintable(QString::number(openDescriptors().size() - before)));
    for (int i = 0; i < Count; ++i) {
        QTRY_VERIFY(ends.second->hasPendingMessages());
        QCOMPARE(ends.second->receive(), QByteArray::number(i));
        QCOMPARE(ends.second->takeHandles().size(), size_t(3));
    }
}

void tst_messagesocket_handles::spreadOverOneMessageTheyAreLimited()
{
    // As no socket of ours does it: a descriptor with each byte of a message. It must neither stop nor get more in.
    auto ends = withRawPeer(Transport::Stream);
    QVERIFY(ends.first);
    ends.first->setMaximumHandles(3);
    QSignalSpy lost(ends.first.get(), &MessageSocket::handlesLost);
    Record record(*ends.first);
    const QByteArray bytes = frame(Transport::Stream, message(50)) + frame(Transport::Stream, "next");
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        char byte = bytes.at(i);
        iovec piece = {&byte, 1};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message = {};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        if (i < 54) {
            message.msg_control = control;
            message.msg_controllen = sizeof control;
            cmsghdr *const header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof(int));
            const int fd = 2;
            std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
        }
        QCOMPARE(::sendmsg(int(ends.second.get()), &message, 0), 1);
        if (i == 53) {
            QTRY_COMPARE(record.messages.size(), 1);
            QCOMPARE(ends.first->takeHandles().size(), size_t(3));
            QTRY_COMPARE(lost.size(), 1);
        }
    }
    QTRY_COMPARE(record.messages, (List{message(50), "next"}));
    QVERIFY(ends.first->takeHandles().empty());
    QCOMPARE(lost.size(), 1);
}

QTEST_GUILESS_MAIN(tst_messagesocket_handles)
#include "tst_messagesocket_handles.moc"
