// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "stream/turnqueue_p.h"

#include <QEventLoop>
#include <QTimer>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace InterprocessQt;

namespace
{
class Client : public TurnClient
{
public:
    explicit Client(std::function<void()> work = {})
        : m_work(std::move(work))
    {
    }
    void turnEnded() override
    {
        ++runs;
        if (m_work)
            m_work();
    }
    int runs = 0;

private:
    std::function<void()> m_work;
};
} // namespace

class tst_turnqueue : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void workIsDoneByTheEventLoopAndOnlyOnce();
    void atTheEndOfABatchWorkIsDoneAtOnce();
    void innerBatchesDoNotLoseTheWorkOfOuterOnes();
    void cancelledWorkIsNotDone();
    void workEndsWithItsClient();
    void aClientMayDestroyItselfAndOthers();
    void workIsDoneInTheOrderOfAsking();
    void workThatAsksForMoreLeavesRoomForOtherEvents();
    void aNestedLoopInsideABatchDoesTheWork_data();
    void aNestedLoopInsideABatchDoesTheWork();
    void aClientOutlivesItsThread();
};

void tst_turnqueue::workIsDoneByTheEventLoopAndOnlyOnce()
{
    Client client;
    client.scheduleTurnEnd();
    client.scheduleTurnEnd();
    QVERIFY(client.isScheduled());
    QCOMPARE(client.runs, 0);
    QTRY_COMPARE(client.runs, 1);
    QVERIFY(!client.isScheduled());
    QCoreApplication::processEvents();
    QCOMPARE(client.runs, 1);
}

void tst_turnqueue::atTheEndOfABatchWorkIsDoneAtOnce()
{
    Client client;
    {
        const TurnQueue::Batch batch;
        client.scheduleTurnEnd();
        QCOMPARE(client.runs, 0);
    }
    QCOMPARE(client.runs, 1);
}

void tst_turnqueue::innerBatchesDoNotLoseTheWorkOfOuterOnes()
{
    Client outer;
    Client inner;
    {
        const TurnQueue::Batch batch;
        outer.scheduleTurnEnd();
        {
            const TurnQueue::Batch nested;
            inner.scheduleTurnEnd();
        }
        QCOMPARE(inner.runs, 1);
        QVERIFY(outer.runs == 1 || outer.isScheduled());
    }
    QCOMPARE(outer.runs, 1);
    QCOMPARE(inner.runs, 1);
}

void tst_turnqueue::cancelledWorkIsNotDone()
{
    Client client;
    Client other;
    client.scheduleTurnEnd();
    other.scheduleTurnEnd();
    client.cancelTurnEnd();
    QVERIFY(!client.isScheduled());
    QTRY_COMPARE(other.runs, 1);
    QCOMPARE(client.runs, 0);
    client.cancelTurnEnd(); // nothing to cancel
}

void tst_turnqueue::workEndsWithItsClient()
{
    auto first = std::make_unique<Client>();
    auto middle = std::make_unique<Client>();
    auto last = std::make_unique<Client>();
    for (Client *client : {first.get(), middle.get(), last.get()})
        client->scheduleTurnEnd();
    middle.reset();
    last.reset();
    QTRY_COMPARE(first->runs, 1);
}

void tst_turnqueue::aClientMayDestroyItselfAndOthers()
{
    std::vector<std::unique_ptr<Client>> clients;
    int runs = 0;
    for (size_t i = 0; i < 10; ++i) {
        clients.push_back(std::make_unique<Client>([&, i] {
            ++runs;
            clients[9 - i].reset(); // the opposite one, which may or may not have had its turn
            clients[i].reset();
        }));
    }
    {
        const TurnQueue::Batch batch;
        for (const auto &client : clients)
            client->scheduleTurnEnd();
    }
    QCOMPARE(runs, 5);
}

void tst_turnqueue::workIsDoneInTheOrderOfAsking()
{
    QList<int> order;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<Client>([&order, i] {
            order.append(i);
        }));
    }
    for (const size_t i : {3u, 1u, 4u, 0u, 2u})
        clients[i]->scheduleTurnEnd();
    QTRY_COMPARE(order, (QList<int>{3, 1, 4, 0, 2}));
}

void tst_turnqueue::workThatAsksForMoreLeavesRoomForOtherEvents()
{
    Client *again = nullptr;
    Client client([&] {
        again->scheduleTurnEnd();
    });
    again = &client;
    bool timerRan = false;
    QTimer::singleShot(0, this, [&] {
        timerRan = true;
    });
    client.scheduleTurnEnd();
    QTRY_VERIFY(timerRan);
    const int runs = client.runs;
    QVERIFY(runs < 100'000); // a few rounds, not as many as fit some time
    QTRY_VERIFY(client.runs > runs); // and it is not forgotten
    client.cancelTurnEnd();
}

void tst_turnqueue::aNestedLoopInsideABatchDoesTheWork_data()
{
    QTest::addColumn<bool>("waiting");
    QTest::newRow("exec()") << true;
    QTest::newRow("processEvents()") << false;
}

void tst_turnqueue::aNestedLoopInsideABatchDoesTheWork()
{
    QFETCH(bool, waiting);
    QEventLoop loop;
    Client client([&] {
        loop.quit();
    });
    Client later;
    QTimer::singleShot(0, this, [&] {
        const TurnQueue::Batch batch;
        client.scheduleTurnEnd();
        if (waiting) {
            loop.exec();
        } else {
            for (int i = 0; i < 1000 && client.runs == 0; ++i)
                QCoreApplication::processEvents();
        }
        QCOMPARE(client.runs, 1); // not only when the slot is back
        later.scheduleTurnEnd();
    });
    QTRY_COMPARE(later.runs, 1);
}

void tst_turnqueue::aClientOutlivesItsThread()
{
    Client client;
    // Not std::thread: what Qt keeps for one that it has not started is destroyed by another thread on Windows, at some time.
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        client.scheduleTurnEnd();
    }));
    thread->start();
    QVERIFY(thread->wait());
    QVERIFY(!client.isScheduled()); // the queue it was in is gone
    client.scheduleTurnEnd();
    QTRY_COMPARE(client.runs, 1);
}

QTEST_GUILESS_MAIN(tst_turnqueue)
#include "tst_turnqueue.moc"
