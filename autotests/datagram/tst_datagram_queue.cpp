// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"
#include "turns.h"

#include "../local/forkedchild.h"
#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

using namespace InterprocessQt;

// What happens to datagrams for which the kernel has no room.
class tst_datagram_queue : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSlowReceiverGetsAllInOrder_data();
    void aSlowReceiverGetsAllInOrder();
    void theLimitIsKept_data();
    void theLimitIsKept();
    void theLimitForAllIsKept();
    void whoIsRefusedIsToldWhenThereIsRoom_data();
    void whoIsRefusedIsToldWhenThereIsRoom();
    void withoutAQueueItIsRefused();
    void congestionIsToldOnceEach();
    void aStuckReceiverKeepsNobodyElseWaiting();
    void waitingCostsNoTime_data();
    void waitingCostsNoTime();
    void whatWaitsForOneThatDiesIsReported_data();
    void whatWaitsForOneThatDiesIsReported();
    void whatWaitsIsReportedByClose();
    void aNewDestinationDoesNotLoseWhatWaits();
    void waitingSendsWithoutAnEventLoop_data();
    void waitingSendsWithoutAnEventLoop();
    void aWaitTimesOut();
    void aForkedChildSendsNothing();
};

namespace
{
void addConnected()
{
    QTest::addColumn<bool>("connected");
    QTest::newRow("connected") << true;
    QTest::newRow("not connected") << false;
}

bool submit(UnixDatagramSocket &socket, const QByteArray &data, const QString &path)
{
    return socket.isConnected() ? socket.send(data) : socket.sendTo(data, path);
}
} // namespace

void tst_datagram_queue::aSlowReceiverGetsAllInOrder_data()
{
    addConnected();
}

void tst_datagram_queue::aSlowReceiverGetsAllInOrder()
{
    QFETCH(bool, connected);
    constexpr int Count = 400;
    PeerProcess receiver;
    QVERIFY(receiver.start("peer_datagramreceiver", {path(), QString::number(Count), "300"}));
    QVERIFY(receiver.waitForLine("ready"));

    UnixDatagramSocket socket;
    socket.setSendQueueLimit(50);
    if (connected)
        QVERIFY(socket.connectTo(path()));
    int next = 0;
    int told = 0;
    const auto produce = [&] {
        while (next < Count && !socket.isCongested()) {
            QVERIFY2(submit(socket, QByteArray::number(next), path()), qPrintable(socket.errorString()));
            ++next;
        }
    };
    QSignalSpy congested(&socket, &UnixDatagramSocket::congestedChanged);
    QSignalSpy errors(&socket, &UnixDatagramSocket::errorOccurred);
    connect(&socket, &UnixDatagramSocket::congestedChanged, this, [&](bool now) {
        if (!now)
            produce();
    });
    connect(&socket, &UnixDatagramSocket::datagramsSent, this, [&](int count) {
        told += count;
    });
    produce();
    QVERIFY(next < Count);
    QCOMPARE(socket.datagramsToSend(), 50);
    QCOMPARE(socket.datagramsToSend(path()), 50);
    receiver.writeLine("go");
    QVERIFY2(receiver.waitForLine("in order", 30'000), qPrintable(receiver.errors()));
    QCOMPARE(receiver.waitForExit(), 0);
    QTRY_COMPARE(told, Count);
    QCOMPARE(errors.count(), 0);
    QCOMPARE(socket.datagramsToSend(), 0);
    QVERIFY(congested.count() >= 4);
    for (int i = 0; i < congested.count(); ++i)
        QCOMPARE(congested.at(i).at(0).toBool(), i % 2 == 0);
    QVERIFY(!socket.isCongested());
}

void tst_datagram_queue::theLimitIsKept_data()
{
    QTest::addColumn<int>("datagrams");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("datagrams") << 5 << qint64(1'000'000);
    QTest::newRow("bytes") << 1000 << qint64(500);
}

void tst_datagram_queue::theLimitIsKept()
{
    QFETCH(int, datagrams);
    QFETCH(qint64, bytes);
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket socket;
    socket.setSendQueueLimit(datagrams);
    socket.setSendQueueByteLimit(bytes);
    for (int i = 0; i < 5; ++i) {
        QVERIFY(!socket.isCongested());
        QVERIFY2(socket.sendTo(QByteArray(100, char('0' + i)), path()), qPrintable(socket.errorString()));
    }
    QVERIFY(socket.isCongested());
    UnixMessage message(QByteArray(100, 'x'));
    QVERIFY(!socket.sendTo(std::move(message), path()));
    QCOMPARE(socket.error(), UnixDatagramSocket::SocketResourceError);
    QCOMPARE(socket.nativeError(), EAGAIN);
    QCOMPARE(socket.errorString(), QString("send to %1: 5 datagrams wait for it already").arg(path()));
    QCOMPARE(message.data().size(), 100); // NOLINT(bugprone-use-after-move)

    QSignalSpy sent(&socket, &UnixDatagramSocket::datagramsSent);
    QSignalSpy congested(&socket, &UnixDatagramSocket::congestedChanged);
    while (Raw::received(receiver)) { }
    QTRY_COMPARE(socket.datagramsToSend(), 0);
    QTRY_VERIFY(!congested.isEmpty() && !socket.isCongested());
    for (int i = 0; i < 5; ++i)
        QCOMPARE(Raw::received(receiver, 1000).value_or("nothing"), QByteArray(100, char('0' + i)));
    QVERIFY(!sent.isEmpty());
}

void tst_datagram_queue::theLimitForAllIsKept()
{
    // Receivers that never read, as those who ask to be answered may be.
    std::vector<Raw::NativeHandle> receivers;
    const auto name = [this](int i) {
        return path(QString::number(i));
    };
    for (int i = 0; i < 6; ++i) {
        receivers.push_back(Raw::receiver(name(i)));
        Raw::fill(name(i));
    }
    UnixDatagramSocket socket;
    // Room for five, whoever they are for.
    socket.setSendQueueTotalLimit(5 * (100 + UnixDatagramSocket::QueuedDatagramOverhead));
    for (int i = 0; i < 5; ++i) {
        QVERIFY(!socket.isCongested());
        QVERIFY2(socket.sendTo(QByteArray(100, 'x'), name(i)), qPrintable(socket.errorString()));
    }
    QVERIFY(socket.isCongested());
    QVERIFY(!socket.sendTo(QByteArray(), name(5)));
    QCOMPARE(socket.error(), UnixDatagramSocket::SocketResourceError);
    QCOMPARE(socket.nativeError(), EAGAIN);
    QCOMPARE(socket.errorString(), QString("send to %1: 5 datagrams wait for all destinations already").arg(name(5)));
    QCOMPARE(socket.datagramsToSend(), 5);

    QSignalSpy congested(&socket, &UnixDatagramSocket::congestedChanged);
    for (int i = 0; i < 3; ++i)
        while (Raw::received(receivers[size_t(i)])) { }
    QTRY_COMPARE(socket.datagramsToSend(), 2);
    QTRY_VERIFY(!congested.isEmpty() && !socket.isCongested());
    QVERIFY(socket.sendTo("again", name(5)));
    // One that is dropped counts no longer.
    receivers.clear();
    QTRY_COMPARE(socket.datagramsToSend(), 0);
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    for (int i = 0; i < 5; ++i)
        QVERIFY2(socket.sendTo(QByteArray(100, 'x'), path()), qPrintable(socket.errorString()));
    QVERIFY(!socket.sendTo(QByteArray(), path()));
}

void tst_datagram_queue::whoIsRefusedIsToldWhenThereIsRoom_data()
{
    QTest::addColumn<bool>("forAll");
    QTest::newRow("the limit of a destination") << false;
    QTest::newRow("the limit for all") << true;
}

void tst_datagram_queue::whoIsRefusedIsToldWhenThereIsRoom()
{
    QFETCH(bool, forAll);
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket socket;
    constexpr qint64 Limit = 1000;
    if (forAll)
        socket.setSendQueueTotalLimit(Limit + UnixDatagramSocket::QueuedDatagramOverhead);
    else
        socket.setSendQueueByteLimit(Limit);
    // Less than half of the limit waits, and still there is no room for the large one.
    QVERIFY(socket.sendTo(QByteArray(300, 'a'), path()));
    QVERIFY(!socket.isCongested());
    const QByteArray large(900, 'b');
    QVERIFY(!socket.sendTo(large, path()));
    QVERIFY(socket.isCongested());
    bool sent = false;
    connect(&socket, &UnixDatagramSocket::congestedChanged, this, [&](bool now) {
        if (!now)
            sent = socket.sendTo(large, path());
    });
    while (Raw::received(receiver)) { }
    QTRY_VERIFY(sent);
    QCOMPARE(Raw::received(receiver, 1000).value_or("nothing"), QByteArray(300, 'a'));
    QCOMPARE(Raw::received(receiver, 5000).value_or("nothing"), large);
}

void tst_datagram_queue::withoutAQueueItIsRefused()
{
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket socket;
    socket.setSendQueueLimit(0);
    QVERIFY(!socket.sendTo("x", path()));
    QCOMPARE(socket.error(), UnixDatagramSocket::SocketResourceError);
    QCOMPARE(socket.nativeError(), EAGAIN);
    QVERIFY(!socket.isCongested());
    QVERIFY(Raw::received(receiver));
    QVERIFY(socket.sendTo("x", path()));
}

void tst_datagram_queue::congestionIsToldOnceEach()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    first->setSendQueueLimit(4);
    QSignalSpy congested(first.get(), &UnixDatagramSocket::congestedChanged);
    while (!first->isCongested())
        QVERIFY(first->send(QByteArray(20'000, 'x')));
    QCOMPARE(congested.count(), 0); // not from inside the call
    QTRY_COMPARE(congested.count(), 1);
    QCOMPARE(congested.at(0).at(0).toBool(), true);
    QVERIFY(waitUntil([&sender = first, &receiver = second] {
        while (receiver->receive()) { }
        return sender->datagramsToSend() == 0;
    }));
    QTRY_COMPARE(congested.count(), 2);
    QCOMPARE(congested.at(1).at(0).toBool(), false);
}

void tst_datagram_queue::aStuckReceiverKeepsNobodyElseWaiting()
{
    const Raw::NativeHandle stuck = Raw::receiver(path("stuck"));
    const Raw::NativeHandle good = Raw::receiver(path("good"));
    Raw::fill(path("stuck"));
    Raw::fill(path("good"));
    UnixDatagramSocket socket;
    for (int i = 0; i < 20; ++i) {
        QVERIFY(socket.sendTo("stuck" + QByteArray::number(i), path("stuck")));
        QVERIFY(socket.sendTo("good" + QByteArray::number(i), path("good")));
    }
    QCOMPARE(socket.datagramsToSend(path("good")), 20);
    QList<QByteArray> got;
    QVERIFY(waitUntil([&] {
        while (const auto data = Raw::received(good)) {
            if (*data != "filler")
                got.append(*data);
        }
        return got.size() == 20;
    }));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(got.at(i), "good" + QByteArray::number(i));
    QCOMPARE(socket.datagramsToSend(path("good")), 0);
    QCOMPARE(socket.datagramsToSend(path("stuck")), 20);
    // And when it goes on at last, it gets everything, too.
    got.clear();
    QVERIFY(waitUntil([&] {
        while (const auto data = Raw::received(stuck)) {
            if (*data != "filler")
                got.append(*data);
        }
        return got.size() == 20;
    }));
    QCOMPARE(got.first(), "stuck0");
    QCOMPARE(got.last(), "stuck19");
}

void tst_datagram_queue::waitingCostsNoTime_data()
{
    addConnected();
}

void tst_datagram_queue::waitingCostsNoTime()
{
    QFETCH(bool, connected);
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket socket;
    if (connected)
        QVERIFY(socket.connectTo(path()));
    QVERIFY(submit(socket, "x", path()));
    const auto before = processorTime();
    QTest::qWait(600);
    QVERIFY2((processorTime() - before).count() < 300, "it is busy waiting");
    QCOMPARE(socket.datagramsToSend(), 1);
    while (Raw::received(receiver)) { }
    QTRY_COMPARE(socket.datagramsToSend(), 0);
}

void tst_datagram_queue::whatWaitsForOneThatDiesIsReported_data()
{
    addConnected();
}

void tst_datagram_queue::whatWaitsForOneThatDiesIsReported()
{
    QFETCH(bool, connected);
    PeerProcess receiver;
    QVERIFY(receiver.start("peer_datagramreceiver", {path(), "1", "0"}));
    QVERIFY(receiver.waitForLine("ready"));
    UnixDatagramSocket socket;
    if (connected)
        QVERIFY(socket.connectTo(path()));
    Raw::fill(path());
    for (int i = 0; i < 7; ++i)
        QVERIFY(submit(socket, "lost", path()));
    QCOMPARE(socket.datagramsToSend(), 7);
    QString text;
    connect(&socket, &UnixDatagramSocket::errorOccurred, this, [&] {
        text = socket.errorString();
    });
    QSignalSpy errors(&socket, &UnixDatagramSocket::errorOccurred);
    QSignalSpy dropped(&socket, &UnixDatagramSocket::datagramsDropped);
    receiver.kill();
    QTRY_COMPARE(dropped.count(), 1);
    QCOMPARE(dropped.at(0).at(0).value<Address>(), Address(path()));
    QCOMPARE(dropped.at(0).at(1).toInt(), 7);
    QCOMPARE(errors.count(), 1);
    QCOMPARE(errors.at(0).at(0).value<UnixDatagramSocket::Error>(), UnixDatagramSocket::ConnectionRefusedError);
    QCOMPARE(text, QString("send to %1: Connection refused (7 datagrams dropped)").arg(path()));
    QCOMPARE(socket.datagramsToSend(), 0);
    QVERIFY(!socket.isConnected());
}

void tst_datagram_queue::whatWaitsIsReportedByClose()
{
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket socket;
    for (int i = 0; i < 3; ++i)
        QVERIFY(socket.sendTo("x", path()));
    QSignalSpy dropped(&socket, &UnixDatagramSocket::datagramsDropped);
    QVERIFY(Raw::received(receiver)); // room for one
    socket.close();
    QCOMPARE(dropped.count(), 0);
    QTRY_COMPARE(dropped.count(), 1);
    QCOMPARE(dropped.at(0).at(1).toInt(), 2);
    QCOMPARE(socket.error(), UnixDatagramSocket::OperationError);

    {
        UnixDatagramSocket other;
        QVERIFY(other.sendTo("x", path()));
        QTest::ignoreMessage(QtWarningMsg, "UnixDatagramSocket: 1 datagrams that waited to be sent were dropped");
    }
}

void tst_datagram_queue::aNewDestinationDoesNotLoseWhatWaits()
{
    const Raw::NativeHandle first = Raw::receiver(path("first"));
    const Raw::NativeHandle second = Raw::receiver(path("second"));
    Raw::fill(path("first"));
    UnixDatagramSocket socket;
    QVERIFY(socket.connectTo(path("first")));
    QVERIFY(socket.send("for the first"));
    QVERIFY(socket.connectTo(path("second")));
    QVERIFY(socket.send("for the second"));
    QCOMPARE(Raw::received(second).value_or("nothing"), "for the second");
    QByteArray last;
    QVERIFY(waitUntil([&] {
        while (const auto data = Raw::received(first))
            last = *data;
        return last == "for the first";
    }));

    // Without a name there is no way to it any more.
    const auto [one, other] = UnixDatagramSocket::pair();
    while (one->datagramsToSend() == 0)
        QVERIFY(one->send(QByteArray(10'000, 'x')));
    QSignalSpy dropped(one.get(), &UnixDatagramSocket::datagramsDropped);
    one->disconnectFromPeer();
    QTRY_COMPARE(dropped.count(), 1);
    QVERIFY(!dropped.at(0).at(0).value<Address>().isValid());
    QCOMPARE(dropped.at(0).at(1).toInt(), 1);
}

void tst_datagram_queue::waitingSendsWithoutAnEventLoop_data()
{
    addConnected();
}

void tst_datagram_queue::waitingSendsWithoutAnEventLoop()
{
    QFETCH(bool, connected);
    PeerProcess receiver;
    QVERIFY(receiver.start("peer_datagramreceiver", {path(), "100", "100"}));
    QVERIFY(receiver.waitForLine("ready"));
    UnixDatagramSocket socket;
    if (connected)
        QVERIFY(socket.connectTo(path()));
    int told = 0;
    connect(&socket, &UnixDatagramSocket::datagramsSent, this, [&](int count) {
        told += count;
    });
    for (int i = 0; i < 100; ++i)
        QVERIFY(submit(socket, QByteArray::number(i), path()));
    QVERIFY(socket.datagramsToSend() > 0);
    receiver.writeLine("go");
    QVERIFY2(socket.waitForDatagramsSent(), qPrintable(socket.errorString()));
    QCOMPARE(told, 100);
    QCOMPARE(socket.datagramsToSend(), 0);
    QVERIFY(receiver.waitForLine("in order"));
    QVERIFY(socket.waitForDatagramsSent(0)); // nothing to wait for
}

void tst_datagram_queue::aWaitTimesOut()
{
    Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket socket;
    QVERIFY(socket.sendTo("x", path()));
    QVERIFY(!socket.waitForDatagramsSent(30));
    QCOMPARE(socket.error(), UnixDatagramSocket::SocketTimeoutError);
    QCOMPARE(socket.datagramsToSend(), 1);
    // One that drops them is no success either.
    QSignalSpy dropped(&socket, &UnixDatagramSocket::datagramsDropped);
    receiver.reset();
    QVERIFY(!socket.waitForDatagramsSent());
    QCOMPARE(socket.error(), UnixDatagramSocket::ConnectionRefusedError);
    QCOMPARE(dropped.count(), 1);
}

void tst_datagram_queue::aForkedChildSendsNothing()
{
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    auto socket = std::make_unique<UnixDatagramSocket>();
    QVERIFY(socket->sendTo("once", path()));
    QVERIFY(Raw::received(receiver)); // there would be room for it
    ForkedChild child([&]() -> QByteArray {
        socket.reset();
        return "destroyed";
    });
    QCOMPARE(child.result(), "destroyed");
    QList<QByteArray> got;
    QVERIFY(waitUntil([&] {
        while (const auto data = Raw::received(receiver))
            got.append(*data);
        return got.contains("once");
    }));
    runTurns();
    while (const auto data = Raw::received(receiver))
        got.append(*data);
    QCOMPARE(got.count("once"), 1);
}

QTEST_GUILESS_MAIN(tst_datagram_queue)
#include "tst_datagram_queue.moc"
