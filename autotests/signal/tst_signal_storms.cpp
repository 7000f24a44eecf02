// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/SignalWatcher>

#include <QFile>
#include <QRandomGenerator>
#include <QThread>
#include <QTimer>

#include <sys/resource.h>
#include <sys/time.h>

#include <atomic>
#include <csignal>
#include <unistd.h>

using namespace InterprocessQt;

// Many signals at once lose nothing that the system does not lose itself, and nobody's data.
class tst_signal_storms : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aHundredThousandAreDeliveredOrCounted();
    void aFullPipeLosesNoStandardSignal();
    void anEventLoopThatComesLateGetsThemAll();
    void othersHaveTheirTurn();
    void filesAndSocketsAreNotDisturbed();
    void watchersComeAndGoInTenThreads();
};

namespace
{
volatile sig_atomic_t calls = 0;

void countCall(int)
{
    calls = calls + 1;
}

// Without our library. ThreadSanitizer calls handlers later, and remembers no more than one signal of a number for each
// thread until then (compiler-rt, tsan_interceptors_posix.cpp: pending_signals): 1 of 10 it is there.
int timesAPlainHandlerIsCalled(int count)
{
    struct sigaction action = {};
    struct sigaction found;
    action.sa_handler = countCall;
    sigaction(SIGRTMAX, &action, &found);
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMAX);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    calls = 0;
    for (int i = 0; i < count; ++i)
        pthread_kill(pthread_self(), SIGRTMAX);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    usleep(1000); // where handlers are called that were put off
    sigaction(SIGRTMAX, &found, nullptr);
    return calls;
}
} // namespace

void tst_signal_storms::aHundredThousandAreDeliveredOrCounted()
{
    if (const int told = timesAPlainHandlerIsCalled(10); told < 10)
        QSKIP(qPrintable(QString("of 10 signals that the system has queued, a plain handler is called for %1: by ThreadSanitizer").arg(told)));
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalburst", {"100000"}));
    const QString delivered = peer.readLine(60'000);
    const QString lost = peer.readLine();
    QVERIFY2(delivered.startsWith("delivered "), qPrintable(delivered));
    QVERIFY2(lost.startsWith("lost "), qPrintable(lost));
    QCOMPARE(delivered.mid(10).toInt() + lost.mid(5).toInt(), 100'000);
    QCOMPARE(peer.readLine(), "out of order 0");
    QCOMPARE(peer.waitForExit(), 0);
    rlimit limit = {};
    getrlimit(RLIMIT_SIGPENDING, &limit);
    qInfo("%s, %s; at most %llu may wait", qPrintable(delivered), qPrintable(lost), static_cast<unsigned long long>(limit.rlim_cur));
}

void tst_signal_storms::aFullPipeLosesNoStandardSignal()
{
    // The signals come from the thread that all of this runs in, without a pause for any other.
    SignalWatcher watcher({SIGRTMIN, SIGUSR1});
    int queued = 0;
    int users = 0;
    qint64 lost = 0;
    connect(&watcher, &SignalWatcher::received, this, [&](const SignalInfo &info) {
        ++(info.number() == SIGUSR1 ? users : queued);
    });
    connect(&watcher, &SignalWatcher::overflowed, this, [&](int, qint64 count) {
        lost += count;
    });
    constexpr int Count = 200'000;
    for (int i = 0; i < Count; ++i)
        raise(SIGRTMIN);
    raise(SIGUSR1);
    QTRY_COMPARE_WITH_TIMEOUT(queued + lost, qint64(Count), 60'000);
    QTRY_COMPARE(users, 1);
}

void tst_signal_storms::anEventLoopThatComesLateGetsThemAll()
{
    SignalWatcher watcher({SIGRTMIN, SIGUSR1});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    for (int i = 0; i < 1000; ++i)
        raise(SIGRTMIN);
    for (int i = 0; i < 1000; ++i)
        raise(SIGUSR1);
    QCOMPARE(spy.count(), 0);
    QTRY_COMPARE(spy.count(), 2000);
}

void tst_signal_storms::othersHaveTheirTurn()
{
    SignalWatcher watcher({SIGRTMIN});
    int received = 0;
    int receivedAtTimeout = -1;
    connect(&watcher, &SignalWatcher::received, this, [&] {
        if (++received == 1) {
            QTimer::singleShot(0, this, [&] {
                receivedAtTimeout = received;
            });
        }
    });
    for (int i = 0; i < 20'000; ++i)
        raise(SIGRTMIN);
    QTRY_COMPARE_WITH_TIMEOUT(received, 20'000, 30'000);
    QVERIFY(receivedAtTimeout > 0);
    QVERIFY2(receivedAtTimeout < 1000, qPrintable(QString::number(receivedAtTimeout)));
}

void tst_signal_storms::filesAndSocketsAreNotDisturbed()
{
    SignalWatcher watcher({SIGALRM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    const itimerval often = {{0, 200}, {0, 200}};
    setitimer(ITIMER_REAL, &often, nullptr);

    auto [first, second] = LocalSocket::pair();
    const QByteArray data(8 * 1024 * 1024, 'x');
    QByteArray arrived;
    connect(second.get(), &LocalSocket::readyRead, this, [&, socket = second.get()] {
        arrived += socket->readAll();
    });
    first->write(data);
    QFile file(path("file"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    for (int i = 0; i < 100; ++i)
        QCOMPARE(file.write(data.constData(), 100'000), 100'000);
    QVERIFY(file.seek(0));
    QCOMPARE(file.readAll().size(), 10'000'000);
    const bool complete = waitUntil([&] {
        return arrived.size() == data.size() && spy.count() > 20;
    });
    const itimerval never = {};
    setitimer(ITIMER_REAL, &never, nullptr);
    QVERIFY(complete);
    QCOMPARE(arrived, data);
}

void tst_signal_storms::watchersComeAndGoInTenThreads()
{
    // Somebody always watches, or a signal would do what it does by default: end the test.
    SignalWatcher constant({SIGUSR1, SIGRTMIN});
    std::atomic<bool> stop = false;
    std::atomic<int> received = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < 10; ++i) {
        threads.emplace_back(QThread::create([&, i] {
            QRandomGenerator random{quint32(i)};
            while (!stop) {
                QEventLoop loop;
                auto watcher = std::make_unique<SignalWatcher>(QList<int>{SIGUSR1, SIGRTMIN, SIGUSR2});
                QObject::connect(watcher.get(), &SignalWatcher::received, watcher.get(), [&] {
                    ++received;
                    if (random.bounded(10) == 0) {
                        watcher.reset();
                        loop.quit();
                    }
                });
                QTimer::singleShot(random.bounded(5), &loop, &QEventLoop::quit);
                loop.exec();
                if (watcher && random.bounded(2))
                    watcher->unwatch(SIGUSR1);
            }
        }));
    }
    for (const auto &thread : threads)
        thread->start();
    QElapsedTimer time;
    time.start();
    while (time.elapsed() < 1500 || received < 1000) {
        kill(getpid(), SIGUSR1);
        SignalWatcher::sendQueued(getpid(), SIGRTMIN, 1);
        QThread::usleep(50);
        if (time.elapsed() > 30'000)
            break;
    }
    stop = true;
    for (const auto &thread : threads)
        QVERIFY(thread->wait());
    QVERIFY(received >= 1000);
    // It still works.
    QSignalSpy spy(&constant, &SignalWatcher::received);
    QTest::qWait(0);
    spy.clear();
    QTRY_VERIFY((raise(SIGUSR1), spy.count() > 0));
}

QTEST_GUILESS_MAIN(tst_signal_storms)
#include "tst_signal_storms.moc"
