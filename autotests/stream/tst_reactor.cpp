// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "unix/poller_p.h"
#include "unix/reactor_p.h"

#include <InterprocessQt/NativeHandle.h>

#include <QFile>
#include <QTimer>

#include <functional>
#include <vector>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace InterprocessQt;

class tst_reactor : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFewDescriptorsAreWatchedDirectly();
    void manyDescriptorsShareAPollerAndAllDeliver();
    void onlyWhatIsWatchedForIsTold();
    void anIdleWatchTakesNoPlace();
    void aHangUpThatNobodyWatchesForCostsNothing();
    void theBusyOneIsPromoted();
    void severalBusyOnesDoNotTradePlaces();
    void aWatchStoppedInTheSameBatchIsNotCalled();
    void aNewWatchDoesNotGetTheEventsOfAnOldOne();
    void aCallbackMayDestroyAllWatches();
    void aCallbackMayRunAnEventLoop();
    void whatThePollerRefusesIsWatchedDirectly();
    void aForkedChildDoesNotTouchTheWatchesOfItsParent();

private:
    bool m_hasPoller = false;
};

namespace
{
// One end of a connected pair in the event loop, the other to write to.
class Watched final : public StreamIoClient
{
public:
    Watched()
        : watch(*this)
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0) {
            inside.reset(ends[0]);
            outside.reset(ends[1]);
        }
        watch.setInterest({true, false});
        watch.start(fd());
    }
    int fd() const
    {
        return int(inside.get());
    }
    void poke() const
    {
        (void)!::write(int(outside.get()), "x", 1);
    }
    void drain() const
    {
        char bytes[100];
        while (::read(fd(), bytes, sizeof bytes) > 0) { }
    }
    void ioReady(IoReadiness readiness) override
    {
        ++calls;
        last = readiness;
        drain();
        if (whenReady)
            whenReady();
    }

    NativeHandle inside;
    NativeHandle outside;
    Watch watch;
    int calls = 0;
    IoReadiness last;
    std::function<void()> whenReady;
};

using Many = std::vector<std::unique_ptr<Watched>>;

Many make(int count)
{
    Many many;
    for (int i = 0; i < count; ++i)
        many.push_back(std::make_unique<Watched>());
    return many;
}

int directCount()
{
    return Reactor::ofThread()->directCount();
}

// Direct watches leave a place behind when they stop, polled ones do not. Ends the watch.
bool wasDirect(Watched &watched)
{
    const int before = directCount();
    watched.watch.stop();
    return directCount() < before;
}

bool everybodyIsTold(const Many &many)
{
    for (const auto &one : many) {
        one->calls = 0;
        one->poke();
    }
    return waitUntil([&] {
        return std::all_of(many.begin(), many.end(), [](const auto &one) {
            return one->calls > 0;
        });
    });
}
} // namespace

void tst_reactor::initTestCase()
{
    m_hasPoller = Poller::create() != nullptr;
}

void tst_reactor::aFewDescriptorsAreWatchedDirectly()
{
    QCOMPARE(directCount(), 0);
    const Many many = make(3);
    QCOMPARE(directCount(), 3);
    QVERIFY(everybodyIsTold(many));
    for (const auto &one : many)
        QVERIFY(wasDirect(*one));
    QCOMPARE(directCount(), 0);
}

void tst_reactor::manyDescriptorsShareAPollerAndAllDeliver()
{
    const Many many = make(300); // more than one batch
    if (m_hasPoller) {
        QVERIFY(Reactor::ofThread()->usesPoller());
        QVERIFY(directCount() > 0);
        QVERIFY(directCount() <= 8);
        QVERIFY(!wasDirect(*many.back()));
        many.back()->watch.start(many.back()->fd());
    } else {
        QCOMPARE(directCount(), 300);
    }
    QVERIFY(everybodyIsTold(many));
    QVERIFY(everybodyIsTold(many));
}

void tst_reactor::onlyWhatIsWatchedForIsTold()
{
    const Many many = make(20);
    for (const auto &one : many)
        one->watch.setInterest({false, true});
    QTRY_VERIFY(std::all_of(many.begin(), many.end(), [](const auto &one) {
        return one->calls > 0;
    }));
    for (const auto &one : many) {
        QVERIFY(one->last.writable);
        QVERIFY(!one->last.readable);
        one->watch.setInterest({false, false});
        one->poke();
        one->calls = 0;
    }
    QTest::qWait(1);
    for (const auto &one : many) {
        QCOMPARE(one->calls, 0);
        one->watch.setInterest({true, false}); // level-triggered: what came meanwhile is told now
    }
    QTRY_VERIFY(std::all_of(many.begin(), many.end(), [](const auto &one) {
        return one->calls == 1 && one->last.readable && !one->last.writable;
    }));
}

void tst_reactor::anIdleWatchTakesNoPlace()
{
    if (!m_hasPoller)
        QSKIP("without a poller all watches are direct");
    Many many = make(50);
    const int limit = directCount();
    for (const auto &one : many)
        one->watch.setInterest({false, false});
    // Those that were polled have left; those that come now are as good as the first ones.
    for (int i = 0; i < 50; i += 10)
        many.erase(many.begin());
    for (const auto &one : many)
        one->watch.setInterest({true, false});
    QVERIFY(directCount() <= limit);
    QVERIFY(everybodyIsTold(many));
}

void tst_reactor::aHangUpThatNobodyWatchesForCostsNothing()
{
    const Many many = make(40);
    for (const auto &one : many) {
        one->watch.setInterest({false, false});
        one->outside.reset();
    }
    int turns = 0;
    const auto connection = connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, this, [&] {
        ++turns;
    });
    QTest::qWait(100);
    disconnect(connection);
    QVERIFY2(turns < 200, qPrintable(QString::number(turns))); // a loop that spins makes many thousands
    for (const auto &one : many)
        QCOMPARE(one->calls, 0);
}

void tst_reactor::theBusyOneIsPromoted()
{
    if (!m_hasPoller)
        QSKIP("without a poller all watches are direct");
    const Many many = make(50);
    const int limit = directCount();
    Watched &busy = *many.back();
    for (int i = 1; i <= 300; ++i) {
        busy.poke();
        QTRY_COMPARE(busy.calls, i);
    }
    QVERIFY(limit > 1);
    QCOMPARE(directCount(), 1); // the idle ones have made room: each would cost something at every wake-up
    QVERIFY(everybodyIsTold(many));
    QVERIFY(wasDirect(busy));
}

void tst_reactor::severalBusyOnesDoNotTradePlaces()
{
    if (!m_hasPoller)
        QSKIP("without a poller all watches are direct");
    const Many many = make(50);
    Watched &first = *many[48];
    Watched &second = *many[49];
    for (int i = 1; i <= 300; ++i) {
        first.poke();
        QTRY_COMPARE(first.calls, i);
        second.poke();
        QTRY_COMPARE(second.calls, i);
    }
    QVERIFY(!wasDirect(first));
    QVERIFY(!wasDirect(second));
}

void tst_reactor::aWatchStoppedInTheSameBatchIsNotCalled()
{
    const Many many = make(40);
    int calls = 0;
    for (const auto &one : many) {
        one->whenReady = [&] {
            ++calls;
            for (const auto &other : many)
                other->watch.stop();
        };
        one->poke();
    }
    QTRY_COMPARE(calls, 1);
    QTest::qWait(1);
    QCOMPARE(calls, 1);
}

void tst_reactor::aNewWatchDoesNotGetTheEventsOfAnOldOne()
{
    Many many = make(40);
    Many fresh;
    bool replaced = false;
    for (const auto &one : many) {
        one->whenReady = [&] {
            if (std::exchange(replaced, true))
                return;
            // The same places, and as descriptors are numbered the same numbers too; but nothing has come for these.
            for (const auto &other : many) {
                other->watch.stop();
                if (other->calls == 0) {
                    other->inside.reset();
                    other->outside.reset();
                }
            }
            fresh = make(39);
        };
    }
    for (const auto &one : many)
        one->poke();
    QTRY_VERIFY(replaced);
    QTest::qWait(1);
    for (const auto &one : fresh)
        QCOMPARE(one->calls, 0);
    QVERIFY(everybodyIsTold(fresh));
}

void tst_reactor::aCallbackMayDestroyAllWatches()
{
    for (const int count : {1, 3, 40}) {
        Many many = make(count);
        bool called = false;
        for (const auto &one : many) {
            one->whenReady = [&] {
                called = true;
                // The one that is called is among those that go.
                const Many gone = std::exchange(many, {});
            };
            one->poke();
        }
        QTRY_VERIFY(called);
        QVERIFY(many.empty());
    }
}

void tst_reactor::aCallbackMayRunAnEventLoop()
{
    const Many many = make(40);
    int depth = 0;
    int total = 0;
    for (const auto &one : many) {
        one->whenReady = [&] {
            ++total;
            if (++depth < 5)
                QCoreApplication::processEvents();
            --depth;
        };
    }
    QVERIFY(everybodyIsTold(many));
    // The batch that was interrupted may call somebody whom the nested loop has called already, never the other way.
    QVERIFY(total >= 40);
}

void tst_reactor::whatThePollerRefusesIsWatchedDirectly()
{
    const Many many = make(40);
    // epoll takes no regular files; poll() says that they are always ready.
    QFile file(path("file"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    class AlwaysReady final : public StreamIoClient
    {
    public:
        void ioReady(IoReadiness) override
        {
            if (++calls == 3)
                watch.stop();
        }
        Watch watch{*this};
        int calls = 0;
    } client;
    client.watch.setInterest({true, false});
    QVERIFY(client.watch.start(file.handle()));
    QTRY_COMPARE(client.calls, 3);
    QVERIFY(everybodyIsTold(many));
}

void tst_reactor::aForkedChildDoesNotTouchTheWatchesOfItsParent()
{
    Many many = make(40);
    const pid_t child = ::fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        many.clear();
        ::_exit(0);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QVERIFY(everybodyIsTold(many));
}

QTEST_GUILESS_MAIN(tst_reactor)
#include "tst_reactor.moc"
