// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

using namespace InterprocessQt;

// Datagrams of every size, and what is said about it.
class tst_datagram_sizes : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void everySizeArrivesWhole_data();
    void everySizeArrivesWhole();
    void theLargestPossibleIsReported();
    void whatIsTooLargeIsRefused();
    void aLargerBufferTakesMore();
    void whatTheKernelNeverHasRoomForIsRefused();
    void emptyOnesAreNotNothing();
    void theSizeIsKnownBeforehand();
    void whatIsCutOffIsReported_data();
    void whatIsCutOffIsReported();
    void boundariesAreKept();
};

static QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = char(i * 7 + i / 251);
    return bytes;
}

void tst_datagram_sizes::everySizeArrivesWhole_data()
{
    QTest::addColumn<int>("size");
    for (int size : {0, 1, 2, 4095, 4096, 4097, 65'536, 100'000, 200'000})
        QTest::addRow("%d", size) << size;
}

void tst_datagram_sizes::everySizeArrivesWhole()
{
    QFETCH(int, size);
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY2(first->send(pattern(size)), qPrintable(first->errorString()));
    QCOMPARE(second->pendingDatagramSize(), size);
    const auto message = second->receive();
    QVERIFY(message);
    QCOMPARE(message->data(), pattern(size));
    QCOMPARE(message->fullSize(), size);
    QVERIFY(!message->isTruncated());
    QVERIFY(!second->hasPendingDatagrams());
}

void tst_datagram_sizes::theLargestPossibleIsReported()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    const qint64 maximum = first->maximumDatagramSize();
#ifdef Q_OS_LINUX
    QCOMPARE(maximum, first->sendBufferSize() - 32);
#endif
    QVERIFY2(first->send(pattern(maximum)), qPrintable(first->errorString()));
    QCOMPARE(second->receive()->data(), pattern(maximum));
    QVERIFY(!first->send(pattern(maximum + 1)));
    QCOMPARE(first->nativeError(), EMSGSIZE);
}

void tst_datagram_sizes::whatIsTooLargeIsRefused()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    UnixMessage message(pattern(sender.maximumDatagramSize() + 1));
    QVERIFY(!sender.sendTo(std::move(message), path()));
    QCOMPARE(sender.error(), UnixDatagramSocket::DatagramTooLargeError);
    QCOMPARE(sender.nativeError(), EMSGSIZE);
    QCOMPARE(sender.errorString(),
             QString("send to %1: Message too long (%2 bytes; %3 are possible)")
                 .arg(path())
                 .arg(sender.maximumDatagramSize() + 1)
                 .arg(sender.maximumDatagramSize()));
    QCOMPARE(message.data().size(), sender.maximumDatagramSize() + 1); // NOLINT(bugprone-use-after-move)
    QVERIFY(!receiver.hasPendingDatagrams());
    QVERIFY(sender.sendTo("small", path()));

    // Also where it would have to wait first.
    Raw::fill(path());
    QVERIFY(sender.sendTo("waits", path()));
    QCOMPARE(sender.datagramsToSend(), 1);
    QVERIFY(!sender.sendTo(pattern(sender.maximumDatagramSize() + 1), path()));
    QCOMPARE(sender.error(), UnixDatagramSocket::DatagramTooLargeError);
    while (receiver.receive()) { }
    QVERIFY(sender.waitForDatagramsSent());
}

void tst_datagram_sizes::aLargerBufferTakesMore()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    QVERIFY(sender.setSendBufferSize(8192));
    const qint64 little = sender.maximumDatagramSize();
    QVERIFY(!sender.sendTo(pattern(50'000), path()));
    QCOMPARE(sender.error(), UnixDatagramSocket::DatagramTooLargeError);
    QVERIFY(sender.setSendBufferSize(100'000));
    QVERIFY(sender.maximumDatagramSize() > little);
    QVERIFY(sender.sendTo(pattern(50'000), path()));
    QCOMPARE(receiver.receive()->data(), pattern(50'000));
    QVERIFY(receiver.setReceiveBufferSize(50'000));
    QVERIFY(receiver.receiveBufferSize() >= 50'000);
}

// Linux wants most of it in one piece, of 4 MiB at most, whatever the size of the buffer.
void tst_datagram_sizes::whatTheKernelNeverHasRoomForIsRefused()
{
#ifndef Q_OS_LINUX
    QSKIP("other systems have no such limit");
#endif
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    QVERIFY(sender.setSendBufferSize(16 << 20));
    if (sender.maximumDatagramSize() < 5 << 20)
        QSKIP("net.core.wmem_max does not allow a buffer of that size");
    QVERIFY(!sender.sendTo(QByteArray(5 << 20, 'x'), path()));
    QCOMPARE(sender.error(), UnixDatagramSocket::SocketResourceError);
    QCOMPARE(sender.nativeError(), ENOBUFS);
    QCOMPARE(sender.datagramsToSend(), 0);

    // One that had to wait is given up, and those behind it are sent.
    sender.setSendQueueByteLimit(16 << 20);
    int filled = Raw::fill(path());
    QSignalSpy dropped(&sender, &UnixDatagramSocket::datagramsDropped);
    QSignalSpy errors(&sender, &UnixDatagramSocket::errorOccurred);
    QVERIFY(sender.sendTo("in front", path()));
    QVERIFY(sender.sendTo(QByteArray(5 << 20, 'x'), path()));
    QVERIFY(sender.sendTo("behind", path()));
    QCOMPARE(sender.datagramsToSend(), 3);
    for (; filled > 0; --filled)
        QVERIFY(receiver.receive());
    QTRY_VERIFY(receiver.hasPendingDatagrams());
    QCOMPARE(receiver.receive()->data(), "in front");
    QTRY_VERIFY(receiver.hasPendingDatagrams());
    QCOMPARE(receiver.receive()->data(), "behind");
    QTRY_COMPARE(dropped.count(), 1);
    QCOMPARE(dropped.first().at(1).toInt(), 1);
    QCOMPARE(errors.count(), 1);
}

void tst_datagram_sizes::emptyOnesAreNotNothing()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(!second->hasPendingDatagrams());
    QCOMPARE(second->pendingDatagramSize(), -1);
    QVERIFY(!second->receive());
    QSignalSpy ready(second.get(), &UnixDatagramSocket::readyRead);
    QVERIFY(first->send(QByteArray()));
    QVERIFY(first->send(""));
    QTRY_COMPARE(ready.count(), 1);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(second->hasPendingDatagrams());
        QCOMPARE(second->pendingDatagramSize(), 0);
        const auto message = second->receive();
        QVERIFY(message);
        QCOMPARE(message->data().size(), 0);
        QVERIFY(!message->isTruncated());
    }
    QVERIFY(!second->receive());
}

void tst_datagram_sizes::theSizeIsKnownBeforehand()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(first->send(pattern(70'000)));
    QVERIFY(first->send(pattern(3)));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(second->pendingDatagramSize(), 70'000); // looking takes nothing
    QVERIFY(second->receive());
    QCOMPARE(second->pendingDatagramSize(), 3);
    QVERIFY(second->receive());
    QCOMPARE(second->pendingDatagramSize(), -1);
}

void tst_datagram_sizes::whatIsCutOffIsReported_data()
{
    QTest::addColumn<int>("room");
    QTest::newRow("none") << 0;
    QTest::newRow("one") << 1;
    QTest::newRow("one too few") << 9'999;
}

void tst_datagram_sizes::whatIsCutOffIsReported()
{
    QFETCH(int, room);
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(first->send(pattern(10'000)));
    QVERIFY(first->send("the next one"));
    const auto message = second->receive(room);
    QVERIFY(message);
    QCOMPARE(message->data(), pattern(10'000).left(room));
    QVERIFY(message->isTruncated());
    QCOMPARE(message->fullSize(), 10'000);
    const auto next = second->receive(12);
    QCOMPARE(next->data(), "the next one"); // the rest of the first is gone
    QVERIFY(!next->isTruncated());
}

void tst_datagram_sizes::boundariesAreKept()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    QVERIFY(sender.connectTo(path()));
    for (int i = 0; i < 200; ++i)
        QVERIFY(sender.send(pattern(i * 13 % 1000)));
    QList<QByteArray> all;
    QVERIFY(waitUntil([&] {
        while (auto message = receiver.receive())
            all.append(message->data());
        return all.size() == 200;
    }));
    for (int i = 0; i < 200; ++i)
        QCOMPARE(all.at(i), pattern(i * 13 % 1000));
}

QTEST_GUILESS_MAIN(tst_datagram_sizes)
#include "tst_datagram_sizes.moc"
