// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/LocalSocket>

#include <limits>
#include <thread>

using namespace InterprocessQt;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

// What waits do with the time they are given, and meanwhile.
class tst_localsocket_timeouts : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aTimeBeyondAllMeasureIsWaited_data();
    void aTimeBeyondAllMeasureIsWaited();
    void aLongConnectTimeoutIsReadAsTheLongestThereIs();
    void aWaitWritesOnWhatTheSystemWouldTake();
    void aSocketForWritingOnlyHasNothingToRead();
};

void tst_localsocket_timeouts::aTimeBeyondAllMeasureIsWaited_data()
{
    QTest::addColumn<milliseconds>("time");
    QTest::newRow("the longest") << milliseconds::max();
    QTest::newRow("one less") << milliseconds::max() - 1ms;
    QTest::newRow("half of it") << milliseconds::max() / 2;
    QTest::newRow("in nanoseconds still a number, hardly") << milliseconds(9'000'000'000'000);
    QTest::newRow("in nanoseconds no number any more") << milliseconds(10'000'000'000'000);
    QTest::newRow("2 to the 32nd") << milliseconds(1LL << 32);
    QTest::newRow("2 to the 31st") << milliseconds(1LL << 31);
    QTest::newRow("for ever") << -1ms;
    QTest::newRow("less than for ever") << -1000ms;
    QTest::newRow("the least there is") << milliseconds::min();
}

void tst_localsocket_timeouts::aTimeBeyondAllMeasureIsWaited()
{
    QFETCH(milliseconds, time);
    RawPeer::Pair ends = RawPeer::pair();
    LocalSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends.ours.release()));
    // What is waited for must come while the wait is on, and a wait that has begun cannot be seen from outside.
    std::thread thread([&ends] {
        std::this_thread::sleep_for(100ms);
        RawPeer::write(ends.peer, "x");
        std::this_thread::sleep_for(100ms);
        ends.peer.reset();
    });
    const bool readable = socket.waitForReadyRead(time);
    const QByteArray got = socket.readAll();
    const bool ended = socket.state() == LocalSocket::UnconnectedState || socket.waitForDisconnected(time);
    thread.join();
    QVERIFY(readable);
    QCOMPARE(got, "x");
    QVERIFY(ended);
}

void tst_localsocket_timeouts::aLongConnectTimeoutIsReadAsTheLongestThereIs()
{
    LocalSocket socket;
    socket.setConnectTimeout(std::chrono::hours(24 * 30));
    QCOMPARE(socket.connectTimeout(), std::numeric_limits<int>::max());
    socket.setConnectTimeout(5s);
    QCOMPARE(socket.connectTimeout(), 5000);
}

void tst_localsocket_timeouts::aWaitWritesOnWhatTheSystemWouldTake()
{
    // Only a buffer this large takes so much at once that output is left for another turn without being blocked.
    RawPeer::Pair ends = RawPeer::pair(16 << 20);
    if (!ends.ours)
        QSKIP("Only root may give a socket a buffer of this size");
    LocalSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends.ours.release()));

    const QByteArray bytes(64 << 20, 'x');
    std::thread thread([&] {
        qint64 got = 0;
        while (got < bytes.size()) {
            const auto part = RawPeer::read(ends.peer, 1 << 20);
            if (!part || part->isEmpty())
                return;
            got += part->size();
        }
        RawPeer::write(ends.peer, "ok");
    });
    socket.write(bytes);
    const bool answered = socket.waitForReadyRead(20'000);
    socket.abort();
    thread.join();
    QVERIFY(answered);
}

void tst_localsocket_timeouts::aSocketForWritingOnlyHasNothingToRead()
{
    RawPeer::Pair ends = RawPeer::pair();
    LocalSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends.ours.release(), LocalSocket::ConnectedState, QIODevice::WriteOnly));
    QVERIFY(RawPeer::write(ends.peer, "x"));
    QVERIFY(!socket.waitForReadyRead(50));
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
}

QTEST_GUILESS_MAIN(tst_localsocket_timeouts)
#include "tst_localsocket_timeouts.moc"
