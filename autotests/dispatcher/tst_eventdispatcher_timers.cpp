// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "dispatchertest.h"

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QRandomGenerator>
#include <QSet>
#include <QTimer>
#include <QTimerEvent>

#include <ctime>

using namespace InterprocessQt;
using namespace std::chrono_literals;

class tst_eventdispatcher_timers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itIsTheOneInUse();
    void theyComeInTheOrderInWhichTheyAreDue();
    void equalOnesComeInTheOrderInWhichTheyWereStarted();
    void noneComesTooEarly_data();
    void noneComesTooEarly();
    void inexactOnesComeTogether();
    void oneOfZeroComesOnceATurnAndKeepsNobodyWaiting();
    void aSlotMayStopItsOwn();
    void aSlotMayStopAnother();
    void aSlotMayDeleteTheObject();
    void aSlotMayStartItAnew();
    void itIsNotDueWhileItsSlotRuns();
    void othersAreDueMeanwhile();
    void missedTimesAreLeftOut();
    void whatIsRegisteredIsTold();
    void remainingTimeIsTold();
    void theyMoveWithTheirObject();
    void theyCanBeLeftOut();
    void waitingForALongOneTakesNoProcessorTime();
    void manyAreToldOnceEach();
    void whatIsRegisteredAgreesThroughRandomSteps();
};

namespace
{
class Ticker : public QObject
{
public:
    std::function<void(int)> told;
    int count = 0;

protected:
    void timerEvent(QTimerEvent *event) override
    {
        ++count;
        if (told)
            told(event->timerId());
    }
};

QAbstractEventDispatcher *dispatcher()
{
    return QAbstractEventDispatcher::instance();
}
} // namespace

void tst_eventdispatcher_timers::itIsTheOneInUse()
{
    auto *const ours = qobject_cast<EventDispatcher *>(dispatcher());
    QVERIFY(ours);
    QVERIFY(ours->isValid());
}

void tst_eventdispatcher_timers::theyComeInTheOrderInWhichTheyAreDue()
{
    QList<int> order;
    for (const int msecs : {60, 20, 40, 1, 0})
        QTimer::singleShot(msecs, Qt::PreciseTimer, this, [&order, msecs] {
            order.append(msecs);
        });
    QTRY_COMPARE(order, (QList<int>{0, 1, 20, 40, 60}));
}

void tst_eventdispatcher_timers::equalOnesComeInTheOrderInWhichTheyWereStarted()
{
    Ticker ticker;
    QList<int> order;
    ticker.told = [&](int id) {
        order.append(id);
        ticker.killTimer(id);
    };
    QList<int> started;
    for (int i = 0; i < 5; ++i)
        started.append(ticker.startTimer(0));
    QTRY_COMPARE(order, started);
}

void tst_eventdispatcher_timers::noneComesTooEarly_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<int>("msecs");
    QTest::addColumn<int>("earliest");
    QTest::newRow("precise 1") << Qt::PreciseTimer << 1 << 1;
    QTest::newRow("precise 37") << Qt::PreciseTimer << 37 << 37;
    QTest::newRow("coarse 10") << Qt::CoarseTimer << 10 << 10;
    QTest::newRow("coarse 200") << Qt::CoarseTimer << 200 << 190;
    QTest::newRow("very coarse 1000") << Qt::VeryCoarseTimer << 1000 << 500;
}

void tst_eventdispatcher_timers::noneComesTooEarly()
{
    QFETCH(Qt::TimerType, type);
    QFETCH(int, msecs);
    QFETCH(int, earliest);
    QElapsedTimer clock;
    qint64 took = -1;
    clock.start();
    QTimer::singleShot(msecs, type, this, [&] {
        took = clock.nsecsElapsed();
    });
    QTRY_VERIFY(took >= 0);
    QVERIFY2(took >= qint64(earliest) * 1'000'000, qPrintable(QString::number(took)));
}

void tst_eventdispatcher_timers::inexactOnesComeTogether()
{
    // Started at different times, due at the same.
    Ticker ticker;
    QList<quint64> turns;
    quint64 turn = 0;
    connect(dispatcher(), &QAbstractEventDispatcher::awake, this, [&] {
        ++turn;
    });
    ticker.told = [&](int id) {
        turns.append(turn);
        ticker.killTimer(id);
    };
    for (int i = 0; i < 10; ++i)
        ticker.startTimer(2000 + i, Qt::VeryCoarseTimer);
    QTRY_COMPARE_WITH_TIMEOUT(turns.size(), 10, 10'000);
    // All in one turn, or in two if the moment at which they were started lies between two seconds.
    QVERIFY(turns.last() - turns.first() <= 1 || turns.count(turns.first()) + turns.count(turns.last()) == 10);
    disconnect(dispatcher(), nullptr, this, nullptr);
}

void tst_eventdispatcher_timers::oneOfZeroComesOnceATurnAndKeepsNobodyWaiting()
{
    Ticker ticker;
    ticker.startTimer(0);
    QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 1);
    QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 2);
    bool invoked = false;
    QMetaObject::invokeMethod(
        this,
        [&] {
            invoked = true;
        },
        Qt::QueuedConnection);
    QCoreApplication::processEvents();
    QVERIFY(invoked);
    bool due = false;
    QTimer::singleShot(5, this, [&] {
        due = true;
    });
    QTRY_VERIFY(due);
}

void tst_eventdispatcher_timers::aSlotMayStopItsOwn()
{
    Ticker ticker;
    ticker.told = [&](int id) {
        ticker.killTimer(id);
    };
    ticker.startTimer(0);
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 1);
}

void tst_eventdispatcher_timers::aSlotMayStopAnother()
{
    Ticker ticker;
    int first = 0;
    int second = 0;
    ticker.told = [&](int id) {
        ticker.killTimer(id == first ? second : first);
    };
    first = ticker.startTimer(0);
    second = ticker.startTimer(0);
    QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 1);
}

void tst_eventdispatcher_timers::aSlotMayDeleteTheObject()
{
    auto *const ticker = new Ticker;
    int count = 0;
    ticker->told = [&](int) {
        ++count;
        delete ticker;
    };
    ticker->startTimer(0);
    ticker->startTimer(0);
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
    QCOMPARE(count, 1);
}

void tst_eventdispatcher_timers::aSlotMayStartItAnew()
{
    // The number of a timer that has ended is given to the next one.
    Ticker ticker;
    QBasicTimer timer;
    ticker.told = [&](int) {
        if (ticker.count < 3)
            timer.start(0, &ticker);
        else
            timer.stop();
    };
    timer.start(0, &ticker);
    for (int i = 0; i < 3; ++i) {
        QCoreApplication::processEvents();
        QCOMPARE(ticker.count, i + 1); // not in the same turn
    }
    QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 3);
}

void tst_eventdispatcher_timers::itIsNotDueWhileItsSlotRuns()
{
    Ticker ticker;
    int inside = 0;
    ticker.told = [&](int id) {
        QEventLoop loop;
        QTimer::singleShot(20, &loop, &QEventLoop::quit);
        const int before = ticker.count;
        loop.exec();
        inside = ticker.count - before;
        ticker.killTimer(id);
    };
    ticker.startTimer(1, Qt::PreciseTimer);
    QTRY_COMPARE(ticker.count, 1);
    QCOMPARE(inside, 0);
}

void tst_eventdispatcher_timers::othersAreDueMeanwhile()
{
    Ticker outer;
    Ticker other;
    outer.told = [&](int id) {
        outer.killTimer(id);
        QTRY_VERIFY(other.count >= 3);
    };
    outer.startTimer(0);
    other.startTimer(1);
    QTRY_COMPARE(outer.count, 1);
    QVERIFY(other.count >= 3);
}

void tst_eventdispatcher_timers::missedTimesAreLeftOut()
{
    Ticker ticker;
    ticker.startTimer(10, Qt::PreciseTimer);
    QThread::msleep(105);
    QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 1);
    QCoreApplication::processEvents();
    QCOMPARE(ticker.count, 1);
}

void tst_eventdispatcher_timers::whatIsRegisteredIsTold()
{
    Ticker ticker;
    QVERIFY(dispatcher()->registeredTimers(&ticker).isEmpty());
    const int one = ticker.startTimer(1000, Qt::PreciseTimer);
    const int two = ticker.startTimer(20h, Qt::VeryCoarseTimer);
    auto timers = dispatcher()->registeredTimers(&ticker);
    std::sort(timers.begin(), timers.end(), [](const auto &a, const auto &b) {
        return a.interval < b.interval;
    });
    QCOMPARE(timers.size(), 2);
    QCOMPARE(timers[0].timerId, one);
    QCOMPARE(timers[0].interval, 1000);
    QCOMPARE(timers[0].timerType, Qt::PreciseTimer);
    QCOMPARE(timers[1].timerId, two);
    QVERIFY(dispatcher()->unregisterTimers(&ticker));
    QVERIFY(!dispatcher()->unregisterTimers(&ticker));
    QVERIFY(dispatcher()->registeredTimers(&ticker).isEmpty());
    QVERIFY(!dispatcher()->unregisterTimer(one));
}

void tst_eventdispatcher_timers::remainingTimeIsTold()
{
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    timer.start(10'000);
    QVERIFY(timer.remainingTime() > 5'000);
    QVERIFY(timer.remainingTime() <= 10'000);
    timer.start(1);
    QThread::msleep(5);
    QCOMPARE(timer.remainingTime(), 0);
    const int id = timer.timerId();
    timer.stop();
    QCOMPARE(dispatcher()->remainingTime(id), -1);
}

void tst_eventdispatcher_timers::theyMoveWithTheirObject()
{
    QThread thread;
    thread.setEventDispatcher(new EventDispatcher);
    auto *const timer = new QTimer;
    QAtomicPointer<QThread> where;
    connect(
        timer,
        &QTimer::timeout,
        timer,
        [&] {
            where.storeRelease(QThread::currentThread());
        },
        Qt::DirectConnection);
    timer->start(5);
    timer->moveToThread(&thread);
    connect(&thread, &QThread::finished, timer, &QObject::deleteLater);
    thread.start();
    QTRY_COMPARE(where.loadAcquire(), &thread);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_eventdispatcher_timers::theyCanBeLeftOut()
{
    Ticker ticker;
    ticker.startTimer(0);
    dispatcher()->processEvents(QEventLoop::X11ExcludeTimers);
    QCOMPARE(ticker.count, 0);
    dispatcher()->processEvents(QEventLoop::AllEvents);
    QCOMPARE(ticker.count, 1);
}

void tst_eventdispatcher_timers::waitingForALongOneTakesNoProcessorTime()
{
    // A wait that ends before its time, or in rounded-down steps, would turn round and round.
    int turns = 0;
    connect(dispatcher(), &QAbstractEventDispatcher::aboutToBlock, this, [&] {
        ++turns;
    });
    for (const int msecs : {50, 51, 52}) {
        QEventLoop loop;
        QTimer::singleShot(msecs, Qt::PreciseTimer, &loop, &QEventLoop::quit);
        loop.exec();
    }
    disconnect(dispatcher(), nullptr, this, nullptr);
    QVERIFY2(turns <= 12, qPrintable(QString::number(turns)));
}

void tst_eventdispatcher_timers::manyAreToldOnceEach()
{
    // With some that are stopped in between.
    constexpr int Count = 2'000;
    Ticker ticker;
    QHash<int, int> intervals;
    QList<int> told;
    ticker.told = [&](int id) {
        QVERIFY(intervals.remove(id) == 1);
        told.append(id);
        ticker.killTimer(id);
    };
    QList<int> ids;
    for (int i = 0; i < Count; ++i) {
        const int interval = 20 + 5 * ((i * 7919) % 20);
        ids.append(ticker.startTimer(interval, Qt::PreciseTimer));
        intervals.insert(ids.last(), interval);
    }
    for (int i = 0; i < Count; i += 3) {
        ticker.killTimer(ids[i]);
        intervals.remove(ids[i]);
    }
    QTRY_COMPARE(told.size(), Count - (Count + 2) / 3);
    QVERIFY(dispatcher()->registeredTimers(&ticker).isEmpty());
}

void tst_eventdispatcher_timers::whatIsRegisteredAgreesThroughRandomSteps()
{
    QRandomGenerator random(7);
    std::vector<std::unique_ptr<Ticker>> tickers(5);
    std::vector<QSet<int>> started(tickers.size());
    for (int step = 0; step < 3'000; ++step) {
        const auto which = size_t(random.bounded(int(tickers.size())));
        auto &ticker = tickers[which];
        auto &ids = started[which];
        if (!ticker)
            ticker = std::make_unique<Ticker>();
        switch (random.bounded(12)) {
        case 0:
            ticker.reset();
            ids.clear();
            break;
        case 1:
            QCOMPARE(dispatcher()->unregisterTimers(ticker.get()), !ids.isEmpty());
            ids.clear();
            break;
        case 2:
        case 3:
        case 4:
        case 5:
            if (!ids.isEmpty()) {
                const int id = *std::next(ids.cbegin(), random.bounded(int(ids.size())));
                ticker->killTimer(id);
                ids.remove(id);
            }
            break;
        default:
            ids.insert(ticker->startTimer(10'000 + random.bounded(1'000)));
        }
        QSet<int> registered;
        for (const auto &timer : dispatcher()->registeredTimers(ticker.get()))
            registered.insert(timer.timerId);
        QCOMPARE(registered, ids);
    }
}

DISPATCHERTEST_MAIN(tst_eventdispatcher_timers)
#include "tst_eventdispatcher_timers.moc"
