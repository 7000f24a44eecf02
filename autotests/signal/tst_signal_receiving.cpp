// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <QProcess>
#include <QThread>

#include <sys/time.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

using namespace InterprocessQt;

// Signals arrive, once, with all that the system says of them.
class tst_signal_receiving : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void killOfTheShellArrives();
    void severalWatchersAllGetIt();
    void watchersInOtherThreadsGetItThere();
    void aSignalToAnotherThreadArrives();
    void aThreadThatWasThereBeforeMayBeHit();
    void queuedValuesArriveInOrder();
    void realTimersArrive();
    void timersWithValuesArrive();
    void endsOfChildrenArriveAndQProcessStillWorks();
    void stoppedChildrenAreLeftOutOnRequest();
    void theSizeOfTheTerminalIsWatched();
    void interruptedCallsGoOnUnlessAsked();
};

namespace
{
SignalInfo infoOf(const QSignalSpy &spy, int index = 0)
{
    return spy.at(index).at(0).value<SignalInfo>();
}
} // namespace

void tst_signal_receiving::killOfTheShellArrives()
{
    SignalWatcher watcher({SIGUSR1, SIGUSR2});
    QCOMPARE(watcher.error(), SignalWatcher::NoError);
    QCOMPARE(watcher.watchedSignals(), (QList<int>{SIGUSR1, SIGUSR2}));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QProcess kill;
    kill.start("kill", {"-USR1", QString::number(getpid())});
    QVERIFY(kill.waitForStarted());
    const qint64 pid = kill.processId();
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(infoOf(spy).number(), SIGUSR1);
    QCOMPARE(infoOf(spy).name(), "SIGUSR1");
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::Sent);
    QCOMPARE(infoOf(spy).processId(), pid);
    QCOMPARE(infoOf(spy).userId(), getuid());
    QVERIFY(!infoOf(spy).value());
    QVERIFY(!infoOf(spy).childStatus());
    kill.waitForFinished();
    ::kill(getpid(), SIGUSR2);
    QTRY_COMPARE(spy.count(), 2);
    QCOMPARE(infoOf(spy, 1).number(), SIGUSR2);
    QCOMPARE(infoOf(spy, 1).processId(), getpid());
}

void tst_signal_receiving::severalWatchersAllGetIt()
{
    SignalWatcher first({SIGUSR1});
    SignalWatcher second({SIGUSR1});
    SignalWatcher other({SIGUSR2});
    QSignalSpy firstSpy(&first, &SignalWatcher::received);
    QSignalSpy secondSpy(&second, &SignalWatcher::received);
    QSignalSpy otherSpy(&other, &SignalWatcher::received);
    raise(SIGUSR1);
    QTRY_VERIFY(firstSpy.count() == 1 && secondSpy.count() == 1);
    QVERIFY(second.unwatch(SIGUSR1));
    QVERIFY(!second.unwatch(SIGUSR1));
    raise(SIGUSR1);
    QTRY_COMPARE(firstSpy.count(), 2);
    QCOMPARE(secondSpy.count(), 1);
    QCOMPARE(otherSpy.count(), 0);
}

void tst_signal_receiving::watchersInOtherThreadsGetItThere()
{
    struct Worker {
        QThread thread;
        SignalWatcher *watcher = nullptr;
        std::atomic<int> count = 0;
    };
    std::vector<std::unique_ptr<Worker>> workers;
    std::atomic<int> wrongThread = 0;
    for (int i = 0; i < 5; ++i) {
        auto worker = std::make_unique<Worker>();
        worker->watcher = new SignalWatcher({SIGUSR1, SIGRTMIN});
        worker->watcher->moveToThread(&worker->thread);
        connect(worker->watcher, &SignalWatcher::received, worker->watcher, [&wrongThread, w = worker.get()] {
            wrongThread += QThread::currentThread() != &w->thread;
            ++w->count;
        });
        connect(&worker->thread, &QThread::finished, worker->watcher, &QObject::deleteLater);
        worker->thread.start();
        workers.push_back(std::move(worker));
    }
    kill(getpid(), SIGUSR1);
    SignalWatcher::sendQueued(getpid(), SIGRTMIN, 1);
    for (const auto &worker : workers)
        QTRY_COMPARE(int(worker->count), 2);
    for (const auto &worker : workers) {
        worker->thread.quit();
        QVERIFY(worker->thread.wait());
    }
    QCOMPARE(int(wrongThread), 0);
}

void tst_signal_receiving::aSignalToAnotherThreadArrives()
{
    QThread thread;
    thread.start();
    std::atomic<pthread_t> handle = pthread_t();
    QObject inThread;
    inThread.moveToThread(&thread);
    QMetaObject::invokeMethod(
        &inThread,
        [&] {
            handle = pthread_self();
        },
        Qt::BlockingQueuedConnection);
    SignalWatcher watcher({SIGUSR1}); // after the thread was started
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    pthread_kill(handle, SIGUSR1);
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::SentToThread);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_signal_receiving::aThreadThatWasThereBeforeMayBeHit()
{
    // The test's own thread has the signal blocked, so that it goes to the one that was started first.
    QThread thread;
    thread.start();
    SignalWatcher watcher({SIGUSR1});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    kill(getpid(), SIGUSR1);
    QTRY_COMPARE(spy.count(), 1);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_signal_receiving::queuedValuesArriveInOrder()
{
    SignalWatcher watcher({SIGRTMIN + 1, SIGRTMIN + 2});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    for (int i = -50; i < 50; ++i)
        QVERIFY(SignalWatcher::sendQueued(getpid(), SIGRTMIN + 1, i));
    QTRY_COMPARE(spy.count(), 100);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(infoOf(spy, i).value(), i - 50);
        QCOMPARE(infoOf(spy, i).code(), SignalInfo::Code::Queued);
        QCOMPARE(infoOf(spy, i).processId(), getpid());
    }
    QCOMPARE(infoOf(spy).name(), "SIGRTMIN+1");
    // A pointer has room, too.
    union sigval value = {};
    value.sival_ptr = &watcher;
    QCOMPARE(sigqueue(getpid(), SIGRTMIN + 2, value), 0);
    QTRY_COMPARE(spy.count(), 101);
    QCOMPARE(infoOf(spy, 100).pointerValue(), quintptr(&watcher));
}

void tst_signal_receiving::realTimersArrive()
{
    SignalWatcher watcher({SIGALRM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    const itimerval often = {{0, 2000}, {0, 2000}};
    setitimer(ITIMER_REAL, &often, nullptr);
    const bool arrived = waitUntil([&] {
        return spy.count() >= 10;
    });
    const itimerval never = {};
    setitimer(ITIMER_REAL, &never, nullptr);
    QVERIFY(arrived);
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::Kernel);
    QVERIFY(!infoOf(spy).processId());
}

void tst_signal_receiving::timersWithValuesArrive()
{
    SignalWatcher watcher({SIGRTMIN});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    sigevent event = {};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN;
    event.sigev_value.sival_int = 4711;
    timer_t timer;
    QCOMPARE(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    const itimerspec once = {{0, 0}, {0, 1'000'000}};
    timer_settime(timer, 0, &once, nullptr);
    QTRY_COMPARE(spy.count(), 1);
    timer_delete(timer);
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::Timer);
    QCOMPARE(infoOf(spy).value(), 4711);
}

void tst_signal_receiving::endsOfChildrenArriveAndQProcessStillWorks()
{
    SignalWatcher watcher({SIGCHLD});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QProcess process;
    QSignalSpy finished(&process, &QProcess::finished);
    process.start("sh", {"-c", "exit 7"});
    QVERIFY(process.waitForStarted());
    const qint64 pid = process.processId();
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(process.exitCode(), 7);
    QTRY_VERIFY(spy.count() >= 1);
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::ChildExited);
    QCOMPARE(infoOf(spy).childStatus(), 7);
    QCOMPARE(infoOf(spy).processId(), pid);
    spy.clear();
    process.start("sh", {"-c", "kill -KILL $$"});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    QTRY_VERIFY(spy.count() >= 1);
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::ChildKilled);
    QCOMPARE(infoOf(spy).childStatus(), SIGKILL);
}

void tst_signal_receiving::stoppedChildrenAreLeftOutOnRequest()
{
    // The child says when it goes on. waitpid() knows earlier than that, and SIGCHLD may come after it has returned.
    int toParent[2];
    int toChild[2];
    QCOMPARE(pipe2(toParent, O_CLOEXEC), 0);
    QCOMPARE(pipe2(toChild, O_CLOEXEC), 0);
    const NativeHandle ends[] = {NativeHandle(toParent[0]), NativeHandle(toParent[1]), NativeHandle(toChild[0]), NativeHandle(toChild[1])};
    const pid_t child = fork();
    if (child == 0) {
        ::close(toChild[1]);
        char byte = 0;
        while (::read(toChild[0], &byte, 1) == 1) {
            kill(getpid(), SIGSTOP);
            if (::write(toParent[1], "c", 1) != 1)
                break;
        }
        _exit(0);
    }
    const auto stopChild = [&] {
        QCOMPARE(::write(toChild[1], "s", 1), 1);
    };
    const auto childGoesOn = [&] {
        char byte = 0;
        return ::read(toParent[0], &byte, 1) == 1 && byte == 'c';
    };

    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGCHLD, SignalWatcher::NoStoppedChildren));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    int status = 0;
    stopChild();
    QCOMPARE(waitpid(child, &status, WUNTRACED), child);
    kill(child, SIGCONT);
    QVERIFY(childGoesOn());
    {
        // Another one wants them: then they come.
        SignalWatcher other({SIGCHLD});
        QSignalSpy otherSpy(&other, &SignalWatcher::received);
        stopChild();
        QTRY_COMPARE(otherSpy.count(), 1);
        QCOMPARE(infoOf(otherSpy).code(), SignalInfo::Code::ChildStopped);
        kill(child, SIGCONT);
        QTRY_COMPARE(otherSpy.count(), 2);
        QCOMPARE(infoOf(otherSpy, 1).code(), SignalInfo::Code::ChildContinued);
        QVERIFY(childGoesOn());
    }
    QTRY_COMPARE(spy.count(), 2); // not those of the first time
    kill(child, SIGKILL);
    QTRY_COMPARE(spy.count(), 3);
    QCOMPARE(infoOf(spy, 2).code(), SignalInfo::Code::ChildKilled);
    waitpid(child, nullptr, 0);
}

void tst_signal_receiving::theSizeOfTheTerminalIsWatched()
{
    const NativeHandle master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!master || grantpt(int(master.get())) == -1 || unlockpt(int(master.get())) == -1)
        QSKIP("this system gives no pseudo-terminal");
    // The terminal belongs to a session of its own: that of another program.
    PeerProcess peer;
    QVERIFY(peer.start("peer_terminalsize", {QString::fromLocal8Bit(ptsname(int(master.get())))}));
    QVERIFY(peer.waitForLine("watching"));
    const winsize larger = {50, 132, 0, 0};
    QCOMPARE(ioctl(int(master.get()), TIOCSWINSZ, &larger), 0);
    QCOMPARE(peer.readLine(), "SIGWINCH 132");
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_signal_receiving::interruptedCallsGoOnUnlessAsked()
{
    int ends[2];
    QCOMPARE(pipe2(ends, O_CLOEXEC), 0);
    const auto readWhileSignalled = [&] {
        // The alarm comes while the byte is not there yet; it is written after it by another thread.
        std::atomic<bool> done = false;
        const std::unique_ptr<QThread> writer(QThread::create([&] {
            for (int i = 0; i < 50 && !done; ++i)
                QThread::msleep(2);
            [[maybe_unused]] const ssize_t n = ::write(ends[1], "x", 1);
        }));
        sigset_t alarm;
        sigset_t before;
        sigemptyset(&alarm);
        sigaddset(&alarm, SIGALRM);
        pthread_sigmask(SIG_BLOCK, &alarm, &before); // the writer inherits it
        writer->start();
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        const itimerval once = {{0, 0}, {0, 10'000}};
        setitimer(ITIMER_REAL, &once, nullptr);
        char byte = 0;
        const ssize_t result = ::read(ends[0], &byte, 1);
        const int error = errno;
        done = true;
        writer->wait();
        if (result == -1) [[maybe_unused]]
            const ssize_t n = ::read(ends[0], &byte, 1);
        return result == 1 ? 0 : error;
    };
    SignalWatcher watcher({SIGALRM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QCOMPARE(readWhileSignalled(), 0);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(watcher.watch(SIGALRM, SignalWatcher::InterruptCalls));
    QCOMPARE(readWhileSignalled(), EINTR);
    QTRY_COMPARE(spy.count(), 2);
    ::close(ends[0]);
    ::close(ends[1]);
}

QTEST_GUILESS_MAIN(tst_signal_receiving)
#include "tst_signal_receiving.moc"
