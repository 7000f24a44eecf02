// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <QEventLoop>
#include <QThread>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <unistd.h>

using namespace InterprocessQt;

// Slots that do the worst, and threads that are not there.
class tst_signal_lifetime : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSlotMayDeleteTheWatcher();
    void aSlotMayRunAnEventLoop();
    void nothingComesAfterUnwatch();
    void itMovesToAnotherThread();
    void aThreadWithoutAnEventLoopKeepsThem();
    void threadsEnd();
    void descriptorsAreClosedWithTheWatcher();
    void moreWatchersThanChannels();
    void oneThatUnwatchesInBetweenIsNotToldOfBefore();
    void noDescriptorLeftIsAnErrorAndNoEnd();
    void itOutlivesTheApplication();
};

void tst_signal_lifetime::aSlotMayDeleteTheWatcher()
{
    auto watcher = std::make_unique<SignalWatcher>(QList<int>{SIGUSR1});
    SignalWatcher other({SIGUSR1});
    int count = 0;
    connect(watcher.get(), &SignalWatcher::received, this, [&] {
        ++count;
        watcher.reset();
    });
    QSignalSpy spy(&other, &SignalWatcher::received);
    for (int i = 0; i < 10; ++i)
        raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 10);
    QCOMPARE(count, 1);
}

void tst_signal_lifetime::aSlotMayRunAnEventLoop()
{
    SignalWatcher watcher({SIGRTMIN});
    QList<int> order;
    QEventLoop loop;
    connect(&watcher, &SignalWatcher::received, this, [&](const SignalInfo &info) {
        order.append(*info.value());
        if (order.size() == 1)
            loop.exec();
        if (order.size() == 5)
            loop.quit();
    });
    for (int i = 0; i < 6; ++i)
        QVERIFY(SignalWatcher::sendQueued(getpid(), SIGRTMIN, i));
    QTRY_COMPARE(order, (QList<int>{0, 1, 2, 3, 4, 5}));
}

void tst_signal_lifetime::nothingComesAfterUnwatch()
{
    SignalWatcher watcher({SIGUSR1, SIGUSR2});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGUSR1);
    raise(SIGUSR2);
    QVERIFY(watcher.unwatch(SIGUSR1));
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(spy.at(0).at(0).value<SignalInfo>().number(), SIGUSR2);
}

void tst_signal_lifetime::itMovesToAnotherThread()
{
    QThread thread;
    auto *watcher = new SignalWatcher({SIGUSR1});
    std::atomic<int> there = 0;
    connect(
        watcher,
        &SignalWatcher::received,
        watcher,
        [&] {
            there += QThread::currentThread() == &thread;
        },
        Qt::DirectConnection);
    connect(&thread, &QThread::finished, watcher, &QObject::deleteLater);
    for (int i = 0; i < 100; ++i)
        raise(SIGUSR1); // not delivered yet
    watcher->moveToThread(&thread);
    thread.start();
    QTRY_COMPARE(int(there), 100);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_signal_lifetime::aThreadWithoutAnEventLoopKeepsThem()
{
    std::atomic<int> phase = 0;
    std::atomic<int> count = 0;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        SignalWatcher watcher({SIGUSR1});
        connect(&watcher, &SignalWatcher::received, &watcher, [&] {
            ++count;
        });
        phase = 1;
        while (phase == 1)
            QThread::msleep(1);
        QEventLoop loop;
        connect(&watcher, &SignalWatcher::received, &loop, &QEventLoop::quit);
        loop.exec();
    }));
    thread->start();
    QTRY_COMPARE(int(phase), 1);
    kill(getpid(), SIGUSR1);
    phase = 2;
    QVERIFY(thread->wait());
    QCOMPARE(int(count), 1);
}

void tst_signal_lifetime::threadsEnd()
{
    SignalWatcher constant({SIGUSR1});
    QSignalSpy spy(&constant, &SignalWatcher::received);
    for (int i = 0; i < 20; ++i) {
        SignalWatcher *left = nullptr;
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            left = new SignalWatcher({SIGUSR1});
        }));
        thread->start();
        QVERIFY(thread->wait());
        raise(SIGUSR1); // for a thread that is gone
        delete left;
    }
    QTRY_COMPARE(spy.count(), 20);
}

void tst_signal_lifetime::descriptorsAreClosedWithTheWatcher()
{
    // A pipe for each, opened when it is needed.
    const qsizetype before = openDescriptors().size();
    auto first = std::make_unique<SignalWatcher>();
    QVERIFY(first->watch(SIGUSR1, SignalWatcher::Ignore)); // needs none
    QCOMPARE(openDescriptors().size(), before);
    QVERIFY(first->watch(SIGUSR1));
    QCOMPARE(openDescriptors().size(), before + 2);
    auto second = std::make_unique<SignalWatcher>(QList<int>{SIGUSR1, SIGUSR2});
    QCOMPARE(openDescriptors().size(), before + 4);
    first.reset();
    QCOMPARE(openDescriptors().size(), before + 2);
    second.reset();
    QCOMPARE(openDescriptors().size(), before);
}

void tst_signal_lifetime::moreWatchersThanChannels()
{
    const qsizetype before = openDescriptors().size();
    {
        std::vector<std::unique_ptr<SignalWatcher>> watchers;
        int count = 0;
        QList<QList<int>> values(100);
        for (int i = 0; i < 100; ++i) {
            watchers.push_back(std::make_unique<SignalWatcher>(QList<int>{SIGUSR1, SIGRTMIN}));
            connect(watchers.back().get(), &SignalWatcher::received, this, [&values, &count, i](const SignalInfo &info) {
                ++count;
                if (info.value())
                    values[i].append(*info.value());
            });
        }
        QVERIFY(openDescriptors().size() < before + 80);
        raise(SIGUSR1);
        for (int i = 0; i < 10; ++i)
            SignalWatcher::sendQueued(getpid(), SIGRTMIN, i);
        QTRY_COMPARE(count, 1100);
        for (QList<int> &each : values) {
            std::sort(each.begin(), each.end()); // Qt Test has a thread that lets some of them in
            QCOMPARE(each, (QList<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
        }
        // Either kind goes while the other is still there.
        watchers.erase(watchers.begin(), watchers.begin() + 50);
        raise(SIGUSR1);
        QTRY_COMPARE(count, 1150);
    }
    QCOMPARE(openDescriptors().size(), before);
}

void tst_signal_lifetime::oneThatUnwatchesInBetweenIsNotToldOfBefore()
{
    SignalWatcher watcher({SIGUSR1, SIGUSR2});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGUSR1);
    raise(SIGUSR2);
    QVERIFY(watcher.unwatch(SIGUSR1));
    QVERIFY(watcher.watch(SIGUSR1));
    QTRY_COMPARE(spy.count(), 1);
    QTest::qWait(10);
    QCOMPARE(spy.count(), 1);
    raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 2);
}

void tst_signal_lifetime::noDescriptorLeftIsAnErrorAndNoEnd()
{
    SignalWatcher watcher;
    // Once with descriptors: UndefinedBehaviorSanitizer needs some when it first sees an object of a class.
    QVERIFY(SignalWatcher::quitOn({SIGUSR2}));
    QVERIFY(SignalWatcher::quitOn({}));
    const qsizetype before = openDescriptors().size();
    rlimit limit = {};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const rlimit none = {0, limit.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &none), 0);
    const bool watched = watcher.watch(SIGUSR1);
    const SignalWatcher::Result quit = SignalWatcher::quitOn({SIGUSR2});
    setrlimit(RLIMIT_NOFILE, &limit);
    QVERIFY(!watched);
    QCOMPARE(watcher.error(), SignalWatcher::ResourceError);
    QCOMPARE(watcher.nativeError(), EMFILE);
    QCOMPARE(watcher.errorString(), "a pipe for signals: Too many open files");
    QVERIFY(watcher.watchedSignals().isEmpty());
    QVERIFY(!quit);
    QCOMPARE(quit.error, SignalWatcher::ResourceError);
    QCOMPARE(openDescriptors().size(), before);
    // And again
    QVERIFY(watcher.watch(SIGUSR1));
    QCOMPARE(watcher.error(), SignalWatcher::NoError);
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 1);
}

void tst_signal_lifetime::itOutlivesTheApplication()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalearly"));
    QCOMPARE(peer.readLine(), "application 1: SIGUSR1 SIGUSR2");
    QCOMPARE(peer.readLine(), "application 2: SIGUSR1 SIGUSR2 SIGWINCH");
    QCOMPARE(peer.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_signal_lifetime)
#include "tst_signal_lifetime.moc"
