// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

#include <QTimer>

#include <algorithm>

using namespace Pipes;

// Messages that are too large are thrown away, told of, and cost neither memory nor the connection.
class tst_namedpipe_quota : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void tooLargeIsDiscardedAndTold_data();
    void tooLargeIsDiscardedAndTold();
    void theLimitItselfIsDelivered();
    void itIsToldBeforeTheEnd();
    void acceptedPipesHaveThatOfTheServer();
    void itCanBeChangedMeanwhile();
    void aFloodLetsOthersHaveTheirTurn();
};

void tst_namedpipe_quota::tooLargeIsDiscardedAndTold_data()
{
    QTest::addColumn<qint64>("limit");
    QTest::addColumn<int>("size");
    QTest::newRow("by one") << qint64(100) << 101;
    QTest::newRow("small limit, large message") << qint64(10) << 1'000'000;
    QTest::newRow("a block and one") << qint64(65536) << 65537;
    QTest::newRow("large limit, larger message") << qint64(1'000'000) << 3'000'000;
    QTest::newRow("nothing but empty ones") << qint64(0) << 1;
}

void tst_namedpipe_quota::tooLargeIsDiscardedAndTold()
{
    QFETCH(qint64, limit);
    QFETCH(int, size);
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    ends.accepted->setMaximumMessageSize(limit);
    QSignalSpy discarded(ends.accepted.get(), &NamedPipe::messageDiscarded);
    QVERIFY(ends.client.send({}));
    QVERIFY(ends.client.send(message(size)));
    QVERIFY(ends.client.send(message(size, 2)));
    QVERIFY(ends.client.send(message(qsizetype(limit), 3))); // and on it goes
    QCOMPARE(receiveAll(*ends.accepted, 2), (List{"", message(qsizetype(limit), 3)}));
    QCOMPARE(discarded.size(), 2);
    QCOMPARE(discarded.at(0).first().toLongLong(), size);
    QCOMPARE(ends.accepted->state(), NamedPipe::ConnectedState);
    QCOMPARE(ends.accepted->bytesAvailable(), 0);
}

void tst_namedpipe_quota::theLimitItselfIsDelivered()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QSignalSpy discarded(ends.accepted.get(), &NamedPipe::messageDiscarded);
    for (const int limit : {1, 65535, 65536, 65537, 500'000}) {
        ends.accepted->setMaximumMessageSize(limit);
        QVERIFY(ends.client.send(message(limit)));
        QVERIFY(receiveAll(*ends.accepted, 1) == List{message(limit)});
    }
    QVERIFY(discarded.isEmpty());
}

void tst_namedpipe_quota::itIsToldBeforeTheEnd()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    ends.accepted->setMaximumMessageSize(10);
    QStringList told;
    connect(ends.accepted.get(), &NamedPipe::messageDiscarded, this, [&](qint64 size) {
        told << "discarded " + QString::number(size);
    });
    connect(ends.accepted.get(), &NamedPipe::disconnected, this, [&] {
        told << "disconnected";
    });
    QVERIFY(ends.client.send(message(5000)));
    ends.client.disconnectFromServer();
    QVERIFY(waitUntil([&] {
        return told.contains("disconnected");
    }));
    QCOMPARE(told, (QStringList{"discarded 5000", "disconnected"}));
    QVERIFY(!ends.accepted->receive());
}

void tst_namedpipe_quota::acceptedPipesHaveThatOfTheServer()
{
    Ends ends;
    QCOMPARE(ends.server.maximumMessageSize(), 16 * 1024 * 1024);
    QCOMPARE(ends.client.maximumMessageSize(), 16 * 1024 * 1024);
    ends.server.setMaximumMessageSize(7);
    QVERIFY(ends.connect(abstractName()));
    QCOMPARE(ends.accepted->maximumMessageSize(), 7);
    ends.accepted->setMaximumMessageSize(-1);
    QCOMPARE(ends.accepted->maximumMessageSize(), 0);
}

void tst_namedpipe_quota::itCanBeChangedMeanwhile()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QSignalSpy discarded(ends.accepted.get(), &NamedPipe::messageDiscarded);
    QSignalSpy changed(ends.accepted.get(), &NamedPipe::maximumMessageSizeChanged);
    ends.accepted->setMaximumMessageSize(1);
    ends.accepted->setMaximumMessageSize(1);
    QCOMPARE(changed.size(), 1);
    QVERIFY(ends.client.send("too large"));
    QVERIFY(waitUntil([&] {
        return discarded.size() == 1;
    }));
    ends.accepted->setMaximumMessageSize(100);
    QVERIFY(ends.client.send("fits now"));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"fits now"});
}

// Nothing of it is kept, so that no buffer becomes full that would stop the reading.
void tst_namedpipe_quota::aFloodLetsOthersHaveTheirTurn()
{
    Ends ends;
    ends.server.setMaximumMessageSize(0);
    QVERIFY(ends.server.listen(abstractName()));
    const NativeHandle client = rawClient(ends.server.serverName());
    DWORD mode = PIPE_READMODE_MESSAGE;
    QVERIFY(client && SetNamedPipeHandleState(native(client), &mode, nullptr, nullptr));
    constexpr int Count = 10'000; // for which the system has room before anybody reads
    for (int i = 0; i < Count; ++i)
        QVERIFY(rawWrite(client, "x"));
    QVERIFY(ends.server.waitForNewConnection(5000));
    ends.accepted.reset(ends.server.nextPendingConnection());
    QVERIFY(ends.accepted);
    int discarded = 0;
    int together = 0;
    int most = 0;
    connect(ends.accepted.get(), &NamedPipe::messageDiscarded, this, [&] {
        ++discarded;
        most = std::max(most, ++together);
    });
    QTimer other;
    connect(&other, &QTimer::timeout, this, [&] {
        together = 0;
    });
    other.start(0);
    QTRY_COMPARE_WITH_TIMEOUT(discarded, Count, 60'000);
    QVERIFY2(most < Count, qPrintable(QString::number(most)));
    QCOMPARE(ends.accepted->state(), NamedPipe::ConnectedState);
}

QTEST_GUILESS_MAIN(tst_namedpipe_quota)
#include "tst_namedpipe_quota.moc"
