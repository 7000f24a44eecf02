// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesockets.h"
#include "peerprocess.h"

#include <QTimer>

using namespace InterprocessQt;
using namespace Messages;

// Many messages: in order, complete, from both sides at once; and neither side faster than the other can follow.
class tst_messagesocket_traffic : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void bothSidesSendAtOnce_data();
    void bothSidesSendAtOnce();
    void aSlowReaderGetsAll_data();
    void aSlowReaderGetsAll();
    void sendingIsAllOrNothing_data();
    void sendingIsAllOrNothing();
    void oneLargerThanTheLimitGoesAlone_data();
    void oneLargerThanTheLimitGoesAlone();
    void aReadLimitCongestsThePeer_data();
    void aReadLimitCongestsThePeer();
    void aReadLimitLetsLargeMessagesPass_data();
    void aReadLimitLetsLargeMessagesPass();
    void aServerProcessAnswers_data();
    void aServerProcessAnswers();
    void bytesAreCounted_data();
    void bytesAreCounted();
};

namespace
{
constexpr int Count = 20'000;

// The same on both sides, from the number alone.
QByteArray numbered(int number, int seed)
{
    QRandomGenerator random(quint32(number * 2 + seed));
    const int kind = random.bounded(100);
    const int size = kind < 10 ? 0 : kind < 90 ? random.bounded(200) : kind < 99 ? random.bounded(5000) : random.bounded(150'000);
    return message(size, quint32(number));
}
} // namespace

void tst_messagesocket_traffic::bothSidesSendAtOnce_data()
{
    addTransports();
}

void tst_messagesocket_traffic::bothSidesSendAtOnce()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    MessageSocket *const sockets[] = {ends.first.get(), ends.second.get()};
    int sent[] = {0, 0};
    int received[] = {0, 0};
    int wrong = 0;
    QRandomGenerator random(1);
    for (int side = 0; side < 2; ++side) {
        MessageSocket *const socket = sockets[side];
        socket->setWriteBufferLimit(300'000);
        connect(socket, &MessageSocket::messageReceived, this, [&, side](const QByteArray &message) {
            wrong += message != numbered(received[side]++, 1 - side);
        });
        const auto produce = [&, side, socket] {
            for (int share = 1 + random.bounded(50); share > 0 && sent[side] < Count; --share) {
                if (!socket->send(numbered(sent[side], side)))
                    break;
                ++sent[side];
            }
        };
        auto *const timer = new QTimer(socket);
        connect(timer, &QTimer::timeout, socket, produce);
        timer->start(0);
    }
    QTRY_VERIFY_WITH_TIMEOUT(received[0] == Count && received[1] == Count, 50'000);
    QCOMPARE(wrong, 0);
    QCOMPARE(sent[0], Count);
    QCOMPARE(sent[1], Count);
}

void tst_messagesocket_traffic::aSlowReaderGetsAll_data()
{
    addTransports();
}

void tst_messagesocket_traffic::aSlowReaderGetsAll()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    ends.first->setWriteBufferLimit(100'000);
    ends.second->setReadBufferSize(50'000);
    ends.second->setAutomaticDelivery(false);
    constexpr int Few = 3000;
    int sent = 0;
    const auto produce = [&] {
        while (sent < Few && !ends.first->isCongested() && ends.first->send(numbered(sent, 0)))
            ++sent;
    };
    connect(ends.first.get(), &MessageSocket::congestedChanged, this, [&](bool congested) {
        if (!congested)
            produce();
    });
    produce();
    QRandomGenerator random(3);
    int received = 0;
    while (received < Few) {
        for (int i = random.bounded(30); i > 0 && received < Few; --i) {
            const auto message = ends.second->receive();
            if (!message)
                break;
            QVERIFY(*message == numbered(received++, 0));
        }
        if (random.bounded(3) == 0 || !ends.second->hasPendingMessages())
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        // Whoever pauses when congested and goes on when that is over never stands still.
        if (sent < Few && received == sent)
            QTRY_VERIFY(ends.second->hasPendingMessages() || sent > received);
    }
    QVERIFY(!ends.second->receive());
}

void tst_messagesocket_traffic::sendingIsAllOrNothing_data()
{
    addTransports();
}

void tst_messagesocket_traffic::sendingIsAllOrNothing()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    ends.first->setWriteBufferLimit(100'000);
    QSignalSpy congested(ends.first.get(), &MessageSocket::congestedChanged);
    QSignalSpy errors(ends.first.get(), &MessageSocket::errorOccurred);
    List accepted;
    // The other side does not come to read: everything stays here, or in the kernel.
    int refused = 0;
    for (int i = 0; refused < 20; ++i) {
        const QByteArray one = message(1 + (i * 7919) % 40'000, quint32(i));
        const qint64 before = ends.first->bytesToWrite();
        if (ends.first->send(one)) {
            accepted << one;
        } else {
            ++refused;
            QCOMPARE(ends.first->error(), StreamDevice::SocketResourceError);
            QCOMPARE(ends.first->bytesToWrite(), before);
            QVERIFY(ends.first->isCongested());
        }
        QVERIFY(ends.first->bytesToWrite() <= 100'000);
    }
    QVERIFY(congested.isEmpty()); // from the event loop
    Record record(*ends.second);
    QTRY_COMPARE(record.messages.size(), accepted.size());
    QVERIFY(record.messages == accepted);
    QTRY_COMPARE(congested.size(), 2);
    QCOMPARE(congested.at(0).at(0).toBool(), true);
    QCOMPARE(congested.at(1).at(0).toBool(), false);
    QVERIFY(!ends.first->isCongested());
    QVERIFY(errors.isEmpty());
}

void tst_messagesocket_traffic::oneLargerThanTheLimitGoesAlone_data()
{
    addTransports();
}

void tst_messagesocket_traffic::oneLargerThanTheLimitGoesAlone()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    ends.first->setWriteBufferLimit(1000);
    Record record(*ends.second);
    QVERIFY(ends.first->send(message(200'000, 1)));
    QTRY_COMPARE(record.messages.size(), 1);
    QTRY_COMPARE(ends.first->bytesToWrite(), 0);
    QVERIFY(ends.first->send(message(200'000, 2)));
    QTRY_COMPARE(record.messages.size(), 2);
    QVERIFY(record.messages.at(1) == message(200'000, 2));
}

void tst_messagesocket_traffic::aReadLimitCongestsThePeer_data()
{
    addTransports();
}

void tst_messagesocket_traffic::aReadLimitCongestsThePeer()
{
    QFETCH(Transport, transport);
    // The producer is a process of its own: it sends until it is congested, and says how many there were.
    PeerProcess peer;
    MessageServer server(transport);
    server.setReadBufferSize(20'000);
    QVERIFY(server.listen(Address::filePath(path())));
    QVERIFY(peer.start("peer_messagesocket", {"produce", transport == Transport::Packets ? "packets" : "stream", path()}));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<MessageSocket> socket(server.nextPendingConnection());
    socket->setAutomaticDelivery(false);
    QCOMPARE(socket->readBufferSize(), 20'000);
    const QString line = peer.readLine();
    QVERIFY2(line.startsWith("congested after "), qPrintable(line));
    const int first = line.section(' ', 2).toInt();
    // 1000 bytes each: what the two buffers and the kernel hold, and no more.
    QVERIFY2(first < 3000, qPrintable(line));
    int received = 0;
    while (received < 5000) {
        QTRY_VERIFY(socket->hasPendingMessages());
        while (const auto one = socket->receive())
            QVERIFY(*one == message(1000, quint32(received++)));
    }
    QTRY_COMPARE(socket->state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(received, 5000);
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_messagesocket_traffic::aReadLimitLetsLargeMessagesPass_data()
{
    addTransports();
}

void tst_messagesocket_traffic::aReadLimitLetsLargeMessagesPass()
{
    QFETCH(Transport, transport);
    for (const bool pushed : {true, false}) {
        const auto ends = MessageSocket::pair(transport);
        ends.second->setReadBufferSize(1000);
        ends.second->setAutomaticDelivery(pushed);
        Record record(*ends.second);
        const List sent{message(100), message(200'000), "", message(999), message(1000), message(1001)};
        for (const QByteArray &one : sent)
            QVERIFY(ends.first->send(one));
        List received;
        while (!pushed && received.size() < sent.size()) {
            QTRY_VERIFY(ends.second->hasPendingMessages());
            received << ends.second->receive().value();
        }
        if (pushed)
            QTRY_COMPARE(record.messages.size(), sent.size());
        QVERIFY((pushed ? record.messages : received) == sent);
    }
}

void tst_messagesocket_traffic::aServerProcessAnswers_data()
{
    addTransports();
}

void tst_messagesocket_traffic::aServerProcessAnswers()
{
    QFETCH(Transport, transport);
    PeerProcess peer;
    QVERIFY(peer.start("peer_messagesocket", {"echo", transport == Transport::Packets ? "packets" : "stream", path()}));
    QVERIFY(peer.waitForLine("listening"));
    MessageSocket client(transport);
    Record record(client);
    client.connectToServer(Address::filePath(path()));
    QVERIFY(client.waitForConnected(5000));
    QCOMPARE(client.peerCredentials().processId(), peer.pid());
    List sent;
    for (int i = 0; i < 1000; ++i) {
        sent << numbered(i, 0);
        QVERIFY(client.send(sent.last()));
    }
    QTRY_COMPARE_WITH_TIMEOUT(record.messages.size(), sent.size(), 20'000);
    QVERIFY(record.messages == sent);
    // It is killed with messages on their way.
    for (int i = 0; i < 100; ++i)
        QVERIFY(client.send(message(100'000)));
    peer.kill();
    QTRY_VERIFY(record.lines.contains("disconnected"));
    QCOMPARE(record.errors, QList<MessageSocket::Error>{StreamDevice::PeerClosedError});
    QCOMPARE(record.lines.last(), "disconnected");
}

void tst_messagesocket_traffic::bytesAreCounted_data()
{
    addTransports();
}

void tst_messagesocket_traffic::bytesAreCounted()
{
    QFETCH(Transport, transport);
    const auto ends = MessageSocket::pair(transport);
    qint64 written = 0;
    connect(ends.first.get(), &MessageSocket::bytesWritten, this, [&](qint64 bytes) {
        written += bytes;
    });
    Record record(*ends.second);
    for (int i = 0; i < 10; ++i)
        QVERIFY(ends.first->send(message(100'000)));
    QVERIFY(ends.first->send(""));
    QCOMPARE(written, 0);
    QTRY_COMPARE(written, 10 * 100'004 + 4);
    QCOMPARE(ends.first->bytesToWrite(), 0);
}

QTEST_GUILESS_MAIN(tst_messagesocket_traffic)
#include "tst_messagesocket_traffic.moc"
