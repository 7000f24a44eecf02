// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesockets.h"
#include "rawpeer.h"
#include "turns.h"

#include <InterprocessQt/Features>

#include <QEventLoop>
#include <QThread>

#include <atomic>
#include <thread>

using namespace InterprocessQt;
using namespace Messages;

// Messages by signal and by hand, changing between the two, and slots that do what they like.
class tst_messagesocket_delivery : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void byHand_data();
    void byHand();
    void betweenByHandAndBySignal_data();
    void betweenByHandAndBySignal();
    void aLateListenerGetsWhatWaits_data();
    void aLateListenerGetsWhatWaits();
    void aSlotMayReceiveTheNext_data();
    void aSlotMayReceiveTheNext();
    void aNestedLoopDoesNotDeliver_data();
    void aNestedLoopDoesNotDeliver();
    void aNestedLoopMaySeeTheEnd_data();
    void aNestedLoopMaySeeTheEnd();
    void everySlotMayDeleteTheSocket_data();
    void everySlotMayDeleteTheSocket();
    void everySlotMayDeleteTheServer_data();
    void everySlotMayDeleteTheServer();
    void aSlotMayAbortAndConnectAgain_data();
    void aSlotMayAbortAndConnectAgain();
    void waitsWithoutAnEventLoop_data();
    void waitsWithoutAnEventLoop();
    void movesToAnotherThread_data();
    void movesToAnotherThread();
    void signalsComeFromTheEventLoop_data();
    void signalsComeFromTheEventLoop();
};

void tst_messagesocket_delivery::byHand_data()
{
    addTransports();
}

void tst_messagesocket_delivery::byHand()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    QSignalSpy pending(ends.second.get(), &MessageSocket::messagesPending);
    QVERIFY(!ends.second->receive());
    for (const QByteArray &message : {QByteArray("one"), QByteArray(), QByteArray("three")})
        QVERIFY(ends.first->send(message));
    QTRY_COMPARE(pending.size(), 1);
    QTest::qWait(0);
    QCOMPARE(pending.size(), 1); // until one is received
    QVERIFY(ends.second->hasPendingMessages());
    QCOMPARE(ends.second->receive(), QByteArray("one"));
    QCOMPARE(pending.size(), 1);
    QTRY_COMPARE(pending.size(), 2);
    QCOMPARE(ends.second->receive(), QByteArray());
    QCOMPARE(ends.second->receive(), QByteArray("three"));
    QVERIFY(!ends.second->receive());
    QTest::qWait(0);
    QCOMPARE(pending.size(), 2);
}

void tst_messagesocket_delivery::betweenByHandAndBySignal_data()
{
    addTransports();
}

void tst_messagesocket_delivery::betweenByHandAndBySignal()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    MessageSocket *const receiver = ends.second.get();
    QSignalSpy pending(receiver, &MessageSocket::messagesPending);
    QSignalSpy changed(receiver, &MessageSocket::automaticDeliveryChanged);
    List pushed;
    connect(receiver, &MessageSocket::messageReceived, receiver, [&](const QByteArray &message) {
        pushed << message;
        if (message == "stop")
            receiver->setAutomaticDelivery(false);
    });
    for (const char *message : {"one", "stop", "three", "four", "stop", "six"})
        QVERIFY(ends.first->send(message));
    QTRY_COMPARE(pending.size(), 1);
    QCOMPARE(pushed, (List{"one", "stop"}));
    QVERIFY(!receiver->isAutomaticDelivery());
    QCOMPARE(receiver->receive(), QByteArray("three"));
    receiver->setAutomaticDelivery(true);
    QCOMPARE(pushed.size(), 2); // not from inside
    QTRY_COMPARE(pushed.size(), 4);
    QTRY_COMPARE(pending.size(), 2);
    QCOMPARE(pushed.mid(2), (List{"four", "stop"}));
    receiver->disconnect(receiver);
    receiver->setAutomaticDelivery(true); // nobody listens
    QTest::qWait(0);
    QCOMPARE(receiver->receive(), QByteArray("six"));
    QCOMPARE(changed.size(), 4);
}

void tst_messagesocket_delivery::aLateListenerGetsWhatWaits_data()
{
    addTransports();
}

void tst_messagesocket_delivery::aLateListenerGetsWhatWaits()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    const List sent{"one", "", message(150'000), "four"};
    for (const QByteArray &message : sent)
        QVERIFY(ends.first->send(message));
    QTRY_VERIFY(ends.second->hasPendingMessages());
    runTurns();
    Record record(*ends.second);
    QVERIFY(record.messages.isEmpty());
    QTRY_COMPARE(record.messages.size(), 4);
    QVERIFY(record.messages == sent);
}

void tst_messagesocket_delivery::aSlotMayReceiveTheNext_data()
{
    addTransports();
}

void tst_messagesocket_delivery::aSlotMayReceiveTheNext()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    MessageSocket *const receiver = ends.second.get();
    List seen;
    connect(receiver, &MessageSocket::messageReceived, receiver, [&](const QByteArray &message) {
        seen << message;
        if (message == "head") {
            QVERIFY(receiver->hasPendingMessages() || receiver->waitForMessage(5000));
            seen << "by hand " + receiver->receive().value_or("nothing");
        }
    });
    for (int i = 0; i < 50; ++i) {
        QVERIFY(ends.first->send("head"));
        QVERIFY(ends.first->send(QByteArray::number(i)));
    }
    QTRY_COMPARE(seen.size(), 100);
    for (int i = 0; i < 50; ++i) {
        QCOMPARE(seen.at(2 * i), "head");
        QCOMPARE(seen.at(2 * i + 1), "by hand " + QByteArray::number(i));
    }
}

void tst_messagesocket_delivery::aNestedLoopDoesNotDeliver_data()
{
    addTransports();
}

void tst_messagesocket_delivery::aNestedLoopDoesNotDeliver()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    MessageSocket *const receiver = ends.second.get();
    int depth = 0;
    int deepest = 0;
    List seen;
    connect(receiver, &MessageSocket::messageReceived, receiver, [&](const QByteArray &message) {
        deepest = std::max(deepest, ++depth);
        seen << message;
        if (seen.size() % 10 == 1) {
            // What comes meanwhile waits, or is taken by hand.
            ends.first->send("meanwhile");
            QTest::qWait(2);
        }
        --depth;
    });
    for (int i = 0; i < 30; ++i)
        QVERIFY(ends.first->send(QByteArray::number(i)));
    QTRY_COMPARE(seen.count("meanwhile"), 4);
    QTRY_COMPARE(seen.size(), 34);
    QCOMPARE(deepest, 1);
    seen.removeAll("meanwhile");
    for (int i = 0; i < 30; ++i)
        QCOMPARE(seen.at(i), QByteArray::number(i));
}

void tst_messagesocket_delivery::aNestedLoopMaySeeTheEnd_data()
{
    addTransports();
}

void tst_messagesocket_delivery::aNestedLoopMaySeeTheEnd()
{
    QFETCH(Transport, transport);
    // Whoever waits in a slot for the end gets it there, or would wait for ever; nothing is lost by it.
    const auto ends = MessageSocket::pair(transport);
    MessageSocket *const receiver = ends.second.get();
    Record record(*receiver);
    bool first = true;
    connect(receiver, &MessageSocket::messageReceived, receiver, [&] {
        if (!std::exchange(first, false))
            return;
        QVERIFY(waitUntil([&] {
            return receiver->state() == MessageSocket::State::UnconnectedState;
        }));
    });
    for (int i = 0; i < 20; ++i)
        QVERIFY(ends.first->send(QByteArray::number(i)));
    ends.first->disconnectFromServer();
    QTRY_COMPARE(record.messages.size(), 20);
    QTRY_COMPARE(record.lines.count("disconnected"), 1);
    for (int i = 0; i < 20; ++i)
        QCOMPARE(record.messages.at(i), QByteArray::number(i));
}

namespace
{
enum Slot {
    StateChanged,
    Connected,
    MessageReceived,
    MessagesPending,
    BytesWritten,
    CongestedTrue,
    CongestedFalse,
    HandlesLost,
    ErrorOccurred,
    Disconnected,
    ReconnectScheduled,
};

const QList<QByteArray> SlotNames{"stateChanged",
                                  "connected",
                                  "messageReceived",
                                  "messagesPending",
                                  "bytesWritten",
                                  "congestedChanged true",
                                  "congestedChanged false",
                                  "handlesLost",
                                  "errorOccurred",
                                  "disconnected",
                                  "reconnectScheduled"};

void addSlots()
{
    addWithTransports([](Transport transport, const QByteArray &name) {
        if (transport == Transport::Packets)
            QTest::addColumn<int>("slot");
        for (int i = 0; i < SlotNames.size(); ++i)
            QTest::addRow("%s%s", name.constData(), SlotNames.at(i).constData()) << transport << i;
    });
}

void callIn(int slot, MessageSocket *socket, const std::function<void()> &function)
{
    const auto always = [function](auto...) {
        function();
    };
    switch (Slot(slot)) {
    case StateChanged:
        QObject::connect(socket, &MessageSocket::stateChanged, socket, always);
        break;
    case Connected:
        QObject::connect(socket, &MessageSocket::connected, socket, always);
        break;
    case MessageReceived:
        QObject::connect(socket, &MessageSocket::messageReceived, socket, always);
        break;
    case MessagesPending:
        socket->setAutomaticDelivery(false);
        QObject::connect(socket, &MessageSocket::messagesPending, socket, always);
        break;
    case BytesWritten:
        QObject::connect(socket, &MessageSocket::bytesWritten, socket, always);
        break;
    case CongestedTrue:
    case CongestedFalse:
        QObject::connect(socket, &MessageSocket::congestedChanged, socket, [function, wanted = slot == CongestedTrue](bool congested) {
            if (congested == wanted)
                function();
        });
        break;
    case HandlesLost:
        QObject::connect(socket, &MessageSocket::handlesLost, socket, always);
        break;
    case ErrorOccurred:
        QObject::connect(socket, &MessageSocket::errorOccurred, socket, always);
        break;
    case Disconnected:
        QObject::connect(socket, &MessageSocket::disconnected, socket, always);
        break;
    case ReconnectScheduled:
        socket->setReconnectEnabled(true);
        QObject::connect(socket, &MessageSocket::reconnectScheduled, socket, always);
        break;
    }
}
} // namespace

void tst_messagesocket_delivery::everySlotMayDeleteTheSocket_data()
{
    addSlots();
}

void tst_messagesocket_delivery::everySlotMayDeleteTheSocket()
{
    QFETCH(Transport, transport);
    QFETCH(int, slot);
    if (slot == HandlesLost && !isSupported(Feature::HandlePassing))
        QSKIP("no handles are passed on this system");
    MessageServer server(transport);
    QVERIFY(server.listen(Address::filePath(path())));
    auto *socket = new MessageSocket(transport);
    socket->setWriteBufferLimit(1000);
    int called = 0;
    callIn(slot, socket, [&called, &socket] {
        ++called;
        delete std::exchange(socket, nullptr);
    });
    Messages::Record *record = nullptr;
    if (slot != MessagesPending)
        record = new Messages::Record(*socket);
    socket->connectToServer(server.serverAddress());
    QTRY_VERIFY(!socket || server.hasPendingConnections());
    const std::unique_ptr<MessageSocket> accepted(server.nextPendingConnection());
    if (socket && accepted) {
        for (int i = 0; i < 10 && socket; ++i) {
            std::vector<NativeHandle> handles;
            if (isSupported(Feature::HandlePassing))
                handles.push_back(RawPeer::anyHandle());
            accepted->send("message", std::move(handles));
        }
        // More than goes at once.
        while (socket && socket->send(message(150'000))) { }
        QTRY_VERIFY(!socket || socket->isCongested() || called > 0);
        accepted->setAutomaticDelivery(true);
        const Record drain(*accepted);
        QTRY_VERIFY(!socket || socket->bytesToWrite() == 0);
        QTest::qWait(0);
        accepted->disconnectFromServer();
    }
    QTRY_VERIFY(called > 0); // and again from its destructor, where that tells of the end
    QVERIFY(!socket);
    QTest::qWait(0);
    delete record;
}

void tst_messagesocket_delivery::everySlotMayDeleteTheServer_data()
{
    addTransports();
}

void tst_messagesocket_delivery::everySlotMayDeleteTheServer()
{
    QFETCH(Transport, transport);
    for (int slot = 0; slot < 4; ++slot) {
        auto *server = new MessageServer(transport);
        const auto destroy = [&server] {
            delete std::exchange(server, nullptr);
        };
        if (slot == 0)
            connect(server, &MessageServer::newConnection, server, destroy);
        if (slot == 1) {
            server->setPeerPolicy([](const PeerCredentials &) {
                return false;
            });
            connect(server, &MessageServer::peerRejected, server, destroy);
        }
        if (slot == 2)
            connect(server, &MessageServer::newConnection, server, [&server] {
                MessageSocket *const socket = server->nextPendingConnection(); // its child
                connect(socket, &MessageSocket::messageReceived, socket, [&server] {
                    delete std::exchange(server, nullptr);
                });
            });
        if (slot == 3)
            connect(server, &MessageServer::listeningChanged, server, destroy);
        const bool listens = server->listen(Address::filePath(path()));
        if (slot == 3) {
            QVERIFY(!server);
            continue;
        }
        QVERIFY(listens);
        MessageSocket client(transport);
        Record record(client);
        client.connectToServer(Address::filePath(path()));
        QVERIFY(client.send("one"));
        QVERIFY(client.send("two"));
        QTRY_VERIFY(!server);
        QTRY_VERIFY(record.lines.contains("disconnected"));
    }
}

void tst_messagesocket_delivery::aSlotMayAbortAndConnectAgain_data()
{
    addTransports();
}

void tst_messagesocket_delivery::aSlotMayAbortAndConnectAgain()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QVERIFY(server.listen(Address::filePath(path())));
    int connections = 0;
    connect(&server, &MessageServer::newConnection, &server, [&] {
        MessageSocket *const socket = server.nextPendingConnection();
        ++connections;
        for (int i = 0; i < 10; ++i)
            socket->send(QByteArray::number(connections) + ' ' + QByteArray::number(i));
    });
    MessageSocket client(transport);
    List seen;
    connect(&client, &MessageSocket::messageReceived, &client, [&](const QByteArray &message) {
        seen << message;
        if (message.endsWith(" 2") && connections < 4) {
            client.abort();
            client.connectToServer(server.serverAddress());
        }
    });
    client.connectToServer(server.serverAddress());
    QTRY_COMPARE(seen.size(), 19);
    QTest::qWait(0);
    List expected;
    for (int c = 1; c <= 4; ++c) {
        for (int i = 0; i < (c < 4 ? 3 : 10); ++i)
            expected << QByteArray::number(c) + ' ' + QByteArray::number(i);
    }
    QCOMPARE(seen, expected);
}

void tst_messagesocket_delivery::waitsWithoutAnEventLoop_data()
{
    addTransports();
}

void tst_messagesocket_delivery::waitsWithoutAnEventLoop()
{
    QFETCH(Transport, transport);
    const Address address = Address::filePath(path());
    MessageServer server(transport);
    QVERIFY(server.listen(address));
    QByteArray flaw = "did not run";
    std::thread client([&flaw, address, transport] {
        const auto run = [&]() -> QByteArray {
            MessageSocket socket(transport);
            socket.connectToServer(address);
            if (!socket.waitForConnected(5000))
                return "waitForConnected";
            if (!socket.send("hello") || !socket.waitForBytesWritten(5000))
                return "waitForBytesWritten";
            for (int i = 0; i < 100; ++i) {
                if (!socket.waitForMessage(5000) || !socket.hasPendingMessages())
                    return "waitForMessage";
                const auto message = socket.receive();
                if (!message || *message != Messages::message(i * 1000, quint32(i)))
                    return "receive";
            }
            if (socket.waitForMessage(1) || socket.error() != StreamDevice::SocketTimeoutError)
                return "time-out of waitForMessage";
            int pushed = 0;
            QObject::connect(&socket, &MessageSocket::messageReceived, &socket, [&pushed] {
                ++pushed;
            });
            if (!socket.send("more"))
                return "send";
            while (pushed < 3) {
                const int before = pushed;
                if (!socket.waitForMessage(5000) || pushed == before)
                    return "waitForMessage with a slot";
            }
            // That may have come together with the messages.
            if (socket.state() != MessageSocket::State::UnconnectedState && !socket.waitForDisconnected(5000))
                return "waitForDisconnected";
            return {};
        };
        flaw = run();
    });
    const auto serve = [&]() -> QByteArray {
        if (!server.waitForNewConnection(5000))
            return "waitForNewConnection";
        const std::unique_ptr<MessageSocket> socket(server.nextPendingConnection());
        if (!socket->waitForMessage(5000) || socket->receive() != QByteArray("hello"))
            return "hello";
        for (int i = 0; i < 100; ++i)
            socket->send(message(i * 1000, quint32(i)));
        while (socket->bytesToWrite() > 0) {
            if (!socket->waitForBytesWritten(5000))
                return "waitForBytesWritten";
        }
        if (!socket->waitForMessage(5000) || socket->receive() != QByteArray("more"))
            return "more";
        for (int i = 0; i < 3; ++i)
            socket->send("last");
        socket->disconnectFromServer();
        return {};
    };
    const QByteArray ownFlaw = serve();
    client.join();
    QCOMPARE(ownFlaw, QByteArray());
    QCOMPARE(flaw, QByteArray());
}

void tst_messagesocket_delivery::movesToAnotherThread_data()
{
    addTransports();
}

void tst_messagesocket_delivery::movesToAnotherThread()
{
    QFETCH(Transport, transport);
    // With messages waiting on both sides: some received but not asked for, some not written yet.
    auto ends = MessageSocket::pair(transport);
    MessageSocket *const moved = ends.first.get();
    moved->setMaximumHandles(1);
    std::vector<NativeHandle> handles;
    if (isSupported(Feature::HandlePassing))
        handles.push_back(RawPeer::anyHandle());
    QVERIFY(ends.second->send("with a handle", std::move(handles)));
    QVERIFY(ends.second->send("second"));
    QTRY_VERIFY(moved->hasPendingMessages());
    QVERIFY(ends.second->send("third"));
    for (int i = 0; i < 10; ++i)
        QVERIFY(moved->send(message(200'000, quint32(i))));
    QVERIFY(moved->bytesToWrite() > 0);

    QThread thread;
    List seen;
    size_t taken = 0;
    bool inThread = true;
    connect(&thread, &QThread::started, moved, [&, moved] {
        connect(moved, &MessageSocket::messageReceived, moved, [&, moved](const QByteArray &message) {
            inThread = inThread && QThread::currentThread() == moved->thread() && QThread::currentThread() == &thread;
            seen << message;
            taken += moved->takeHandles().size();
            moved->send("answer to " + message);
            if (message == "last")
                moved->disconnectFromServer();
        });
        connect(moved, &MessageSocket::disconnected, &thread, &QThread::quit, Qt::DirectConnection);
    });
    // That all of the thread is over before the object is destroyed here, which a sanitizer cannot see in Qt's wait().
    std::atomic<bool> over = false;
    connect(
        &thread,
        &QThread::finished,
        &thread,
        [&over] {
            over = true;
        },
        Qt::DirectConnection);
    moved->moveToThread(&thread);
    Record record(*ends.second);
    thread.start();
    QVERIFY(ends.second->send("last"));
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QVERIFY(thread.wait(5000));
    QVERIFY(over);
    QCOMPARE(seen, (List{"with a handle", "second", "third", "last"}));
    QCOMPARE(taken, size_t(isSupported(Feature::HandlePassing) ? 1 : 0));
    QVERIFY(inThread);
    QCOMPARE(record.messages.size(), 14);
    for (int i = 0; i < 10; ++i)
        QVERIFY(record.messages.at(i) == message(200'000, quint32(i)));
    QCOMPARE(record.messages.last(), "answer to last");
}

void tst_messagesocket_delivery::signalsComeFromTheEventLoop_data()
{
    addTransports();
}

void tst_messagesocket_delivery::signalsComeFromTheEventLoop()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    QVERIFY(server.listen(Address::filePath(path())));
    MessageSocket client(transport);
    Record record(client);
    client.connectToServer(server.serverAddress());
    QCOMPARE(client.state(), MessageSocket::State::ConnectedState);
    QVERIFY(record.lines.isEmpty());
    QTRY_COMPARE(record.lines, List{"connected"});
    QTRY_VERIFY(server.hasPendingConnections());
    MessageSocket *const accepted = server.nextPendingConnection();
    QVERIFY(accepted->send("one"));
    QVERIFY(client.send("two"));
    // The other side has it by now, but this one only when it comes back to its loop.
    QVERIFY(accepted->waitForMessage(5000));
    QCOMPARE(record.lines.size(), 1);
    QTRY_COMPARE(record.lines.size(), 2);

    MessageSocket lost(transport);
    Record atLost(lost);
    lost.connectToServer(Address::filePath(path("nothing")));
    QCOMPARE(lost.state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(lost.error(), StreamDevice::ServerNotFoundError);
    QVERIFY(atLost.lines.isEmpty());
    QTRY_COMPARE(atLost.lines, List{errorLine(StreamDevice::ServerNotFoundError)});
}

QTEST_GUILESS_MAIN(tst_messagesocket_delivery)
#include "tst_messagesocket_delivery.moc"
