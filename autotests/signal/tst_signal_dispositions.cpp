// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <QThread>

#include <sys/wait.h>

#include <csignal>
#include <unistd.h>

using namespace InterprocessQt;

// What was there before is kept, called, and put back.
class tst_signal_dispositions : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasFoundIsPutBack_data();
    void whatWasFoundIsPutBack();
    void theLastOneWhoLeavesPutsItBack();
    void aHandlerThatCameLaterIsLeftAlone();
    void whoWatchesAfterItIsTold();
    void handlersAboveEachOtherDoNotCallEachOtherForEver();
    void theHandlerFoundIsCalled();
    void theHandlerFoundIsNotCalledOnRequest();
    void aHandlerForOneTimeIsCalledOnce();
    void aHandlerForOneTimeIsPutBackIfItWasNotCalled();
    void oneShotPutsItBackAtOnce();
    void aProgramThatHangsEndsByTheSecondOfOneShot();
    void oneShotOfWhatIsHarmlessWarnsOfNothing();
    void ignoredIsReallyIgnored();
    void theDefaultActionCanBeAskedFor();
    void conflictsAreRefused();
    void someAreRefused_data();
    void someAreRefused();
    void faultsCanBeWatchedUnsafely();
};

namespace
{
struct sigaction currentAction(int number)
{
    struct sigaction action;
    sigaction(number, nullptr, &action);
    return action;
}

bool isPlain(int number, void (*handler)(int))
{
    const struct sigaction action = currentAction(number);
    return !(action.sa_flags & SA_SIGINFO) && action.sa_handler == handler;
}

volatile sig_atomic_t calls = 0;
volatile sig_atomic_t lastValue = 0;
struct sigaction below;

// Whatever a test does, the next one finds the default.
class CleanSlate
{
public:
    CleanSlate()
    {
        calls = 0;
    }
    ~CleanSlate()
    {
        std::signal(SIGUSR1, SIG_DFL);
        std::signal(SIGUSR2, SIG_DFL);
    }
    Q_DISABLE_COPY_MOVE(CleanSlate)
};

void countCall(int)
{
    calls = calls + 1;
}
void countOther(int)
{
}
void countInformed(int, siginfo_t *info, void *)
{
    calls = calls + 1;
    lastValue = info->si_value.sival_int;
}
void countAndChain(int number, siginfo_t *info, void *context)
{
    calls = calls + 1;
    if (below.sa_flags & SA_SIGINFO)
        below.sa_sigaction(number, info, context);
}
} // namespace

void tst_signal_dispositions::whatWasFoundIsPutBack_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("default") << 0;
    QTest::newRow("ignored") << 1;
    QTest::newRow("handler") << 2;
}

void tst_signal_dispositions::whatWasFoundIsPutBack()
{
    const CleanSlate clean;
    QFETCH(int, kind);
    struct sigaction found = {};
    found.sa_handler = kind == 0 ? SIG_DFL : kind == 1 ? SIG_IGN : countCall;
    found.sa_flags = SA_RESTART;
    sigaddset(&found.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &found, nullptr);
    {
        SignalWatcher watcher({SIGUSR1});
        QVERIFY(!isPlain(SIGUSR1, found.sa_handler));
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGUSR1);
        QTRY_COMPARE(spy.count(), 1);
    }
    QVERIFY(isPlain(SIGUSR1, found.sa_handler));
    QVERIFY(currentAction(SIGUSR1).sa_flags & SA_RESTART);
    const sigset_t mask = currentAction(SIGUSR1).sa_mask;
    QCOMPARE(sigismember(&mask, SIGUSR2), 1);
}

void tst_signal_dispositions::theLastOneWhoLeavesPutsItBack()
{
    const CleanSlate clean;
    std::signal(SIGUSR1, countCall);
    auto first = std::make_unique<SignalWatcher>(QList<int>{SIGUSR1});
    auto second = std::make_unique<SignalWatcher>(QList<int>{SIGUSR1});
    first.reset();
    QVERIFY(!isPlain(SIGUSR1, countCall));
    second->unwatchAll();
    QVERIFY(isPlain(SIGUSR1, countCall));
    QVERIFY(second->watchedSignals().isEmpty());
}

void tst_signal_dispositions::aHandlerThatCameLaterIsLeftAlone()
{
    const CleanSlate clean;
    {
        SignalWatcher watcher({SIGUSR1});
        std::signal(SIGUSR1, countOther);
        QTest::ignoreMessage(QtWarningMsg, "SignalWatcher: another handler has been installed for SIGUSR1 meanwhile. It is left alone.");
    }
    QVERIFY(isPlain(SIGUSR1, countOther));
}

void tst_signal_dispositions::whoWatchesAfterItIsTold()
{
    const CleanSlate clean;
    {
        SignalWatcher watcher({SIGUSR1});
        std::signal(SIGUSR1, countCall);
        SignalWatcher later({SIGUSR1});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        QSignalSpy laterSpy(&later, &SignalWatcher::received);
        raise(SIGUSR1);
        QTRY_VERIFY(spy.count() == 1 && laterSpy.count() == 1);
        QCOMPARE(int(calls), 1);
    }
    QVERIFY(isPlain(SIGUSR1, countCall));
}

void tst_signal_dispositions::handlersAboveEachOtherDoNotCallEachOtherForEver()
{
    const CleanSlate clean;
    std::signal(SIGUSR1, countCall); // at the bottom
    struct sigaction chaining = {};
    chaining.sa_sigaction = countAndChain;
    chaining.sa_flags = SA_SIGINFO;
    {
        SignalWatcher watcher({SIGUSR1});
        sigaction(SIGUSR1, &chaining, &below);
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGUSR1);
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(int(calls), 2);
        QTest::ignoreMessage(QtWarningMsg, "SignalWatcher: another handler has been installed for SIGUSR1 meanwhile. It is left alone.");
    }
    calls = 0;
    raise(SIGUSR1);
    QCOMPARE(int(calls), 2); // ours in between only passes on
    {
        SignalWatcher again({SIGUSR1});
        QSignalSpy spy(&again, &SignalWatcher::received);
        calls = 0;
        raise(SIGUSR1);
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(int(calls), 2);
    }
    calls = 0;
    raise(SIGUSR1);
    QCOMPARE(int(calls), 2);
}

void tst_signal_dispositions::theHandlerFoundIsCalled()
{
    const CleanSlate clean;
    struct sigaction informed = {};
    informed.sa_sigaction = countInformed;
    informed.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &informed, nullptr);
    SignalWatcher watcher({SIGUSR1});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QVERIFY(SignalWatcher::sendQueued(getpid(), SIGUSR1, 12));
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(int(calls), 1);
    QCOMPARE(int(lastValue), 12);
}

void tst_signal_dispositions::theHandlerFoundIsNotCalledOnRequest()
{
    const CleanSlate clean;
    std::signal(SIGUSR1, countCall);
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGUSR1, SignalWatcher::NoChaining));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(int(calls), 0);
    SignalWatcher other({SIGUSR1}); // which does not mind
    raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 2);
    QCOMPARE(int(calls), 1);
}

// SA_RESETHAND: it prints something, perhaps, and raises the signal again, for the default action.
void tst_signal_dispositions::aHandlerForOneTimeIsCalledOnce()
{
    const CleanSlate clean;
    struct sigaction once = {};
    once.sa_handler = [](int number) {
        calls = calls + 1;
        if (calls < 100)
            raise(number);
    };
    once.sa_flags = int(SA_RESETHAND);
    QCOMPARE(sigaction(SIGUSR1, &once, nullptr), 0);
    {
        SignalWatcher watcher({SIGUSR1});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGUSR1);
        QTRY_COMPARE(spy.count(), 2);
        QCOMPARE(int(calls), 1);
        raise(SIGUSR1);
        QTRY_COMPARE(spy.count(), 3);
        QCOMPARE(int(calls), 1);
    }
    QVERIFY(isPlain(SIGUSR1, SIG_DFL));
}

void tst_signal_dispositions::aHandlerForOneTimeIsPutBackIfItWasNotCalled()
{
    const CleanSlate clean;
    struct sigaction once = {};
    once.sa_handler = countCall;
    once.sa_flags = int(SA_RESETHAND);
    QCOMPARE(sigaction(SIGUSR1, &once, nullptr), 0);
    {
        const SignalWatcher watcher({SIGUSR1});
        QVERIFY(!isPlain(SIGUSR1, countCall));
    }
    QVERIFY(isPlain(SIGUSR1, countCall));
    QVERIFY(currentAction(SIGUSR1).sa_flags & int(SA_RESETHAND));
    raise(SIGUSR1);
    QCOMPARE(int(calls), 1);
#if !defined(__SANITIZE_THREAD__) // its sigaction() remembers what was set, and does not know what the kernel does with the flag
    QVERIFY(isPlain(SIGUSR1, SIG_DFL));
#endif
}

void tst_signal_dispositions::oneShotPutsItBackAtOnce()
{
    const CleanSlate clean;
    std::signal(SIGUSR1, countCall);
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGUSR1, SignalWatcher::OneShot));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QSignalSpy changes(&watcher, &SignalWatcher::watchedSignalsChanged);
    raise(SIGUSR1);
    QCOMPARE(int(calls), 1);
    raise(SIGUSR1);
    QCOMPARE(int(calls), 2);
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(changes.count(), 1);
    QVERIFY(!watcher.isWatching(SIGUSR1));
    QVERIFY(isPlain(SIGUSR1, countCall));
    QVERIFY(watcher.watch(SIGUSR1, SignalWatcher::OneShot));
    raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 2);
}

void tst_signal_dispositions::aProgramThatHangsEndsByTheSecondOfOneShot()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {"one-shot"}));
    QCOMPARE(peer.readLine(), "got one");
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitStatus(), QProcess::CrashExit);
    QCOMPARE(peer.process().exitCode(), SIGTERM);
}

void tst_signal_dispositions::oneShotOfWhatIsHarmlessWarnsOfNothing()
{
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGWINCH, SignalWatcher::OneShot));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGWINCH);
    raise(SIGWINCH); // does what was found: nothing
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(isPlain(SIGWINCH, SIG_DFL));
    QVERIFY(watcher.watchedSignals().isEmpty());
    QTest::qWait(10);
    QCOMPARE(spy.count(), 1);
}

void tst_signal_dispositions::ignoredIsReallyIgnored()
{
    const CleanSlate clean;
    {
        SignalWatcher watcher;
        QVERIFY(watcher.watch(SIGUSR1, SignalWatcher::Ignore));
        QVERIFY(isPlain(SIGUSR1, SIG_IGN));
        raise(SIGUSR1); // would end this program
        // And back, and to watching
        QVERIFY(watcher.watch(SIGUSR1));
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGUSR1);
        QTRY_COMPARE(spy.count(), 1);
    }
    QVERIFY(isPlain(SIGUSR1, SIG_DFL));
}

void tst_signal_dispositions::theDefaultActionCanBeAskedFor()
{
    const CleanSlate clean;
    std::signal(SIGUSR1, SIG_IGN);
    {
        SignalWatcher watcher;
        QVERIFY(watcher.watch(SIGUSR1, SignalWatcher::DefaultAction));
        QVERIFY(isPlain(SIGUSR1, SIG_DFL));
    }
    QVERIFY(isPlain(SIGUSR1, SIG_IGN));
}

void tst_signal_dispositions::conflictsAreRefused()
{
    const CleanSlate clean;
    SignalWatcher watcher({SIGUSR1});
    SignalWatcher other;
    QVERIFY(!other.watch(SIGUSR1, SignalWatcher::Ignore));
    QCOMPARE(other.error(), SignalWatcher::ConflictError);
    QCOMPARE(other.nativeError(), EBUSY);
    QVERIFY(!other.watch(SIGUSR2, SignalWatcher::Ignore | SignalWatcher::DefaultAction));
    QCOMPARE(other.error(), SignalWatcher::ConflictError);
    QVERIFY(other.watchedSignals().isEmpty());
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGUSR1);
    QTRY_COMPARE(spy.count(), 1);
}

void tst_signal_dispositions::someAreRefused_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<SignalWatcher::Error>("error");
    QTest::newRow("KILL") << SIGKILL << SignalWatcher::NotWatchableError;
    QTest::newRow("STOP") << SIGSTOP << SignalWatcher::NotWatchableError;
    for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS})
        QTest::newRow(qPrintable(SignalWatcher::signalName(fault))) << fault << SignalWatcher::UnsafeSignalError;
    QTest::newRow("0") << 0 << SignalWatcher::InvalidSignalError;
    QTest::newRow("negative") << -5 << SignalWatcher::InvalidSignalError;
    QTest::newRow("too high") << SIGRTMAX + 1 << SignalWatcher::InvalidSignalError;
    QTest::newRow("far too high") << 100'000 << SignalWatcher::InvalidSignalError;
    QTest::newRow("the C library's") << SIGRTMIN - 1 << SignalWatcher::InvalidSignalError;
}

void tst_signal_dispositions::someAreRefused()
{
    const CleanSlate clean;
    QFETCH(int, number);
    QFETCH(SignalWatcher::Error, error);
    SignalWatcher watcher({SIGUSR1, number, SIGUSR2});
    QCOMPARE(watcher.error(), error);
    QCOMPARE(watcher.nativeError(), EINVAL);
    QVERIFY(!watcher.errorString().isEmpty());
    QCOMPARE(watcher.watchedSignals(), (QList<int>{SIGUSR1, SIGUSR2}));
    QVERIFY(!watcher.watch(number, SignalWatcher::Ignore));
    QCOMPARE(watcher.error(), error);
    QVERIFY(watcher.watch(SIGUSR1));
    QCOMPARE(watcher.error(), SignalWatcher::NoError);
    QVERIFY(watcher.errorString().isEmpty());
}

void tst_signal_dispositions::faultsCanBeWatchedUnsafely()
{
    const CleanSlate clean;
    SignalWatcher watcher;
    // Not the handler of Qt Test, which ends the test.
    QVERIFY(watcher.watch(SIGFPE, SignalWatcher::UnsafeFaults | SignalWatcher::NoChaining));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    kill(getpid(), SIGFPE); // sent by somebody, it is a signal like any other
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(watcher.unwatch(SIGFPE));
    // One of the program's own ends it all the same, and does not come again and again.
    const pid_t child = fork();
    if (child == 0) {
        alarm(10);
        std::signal(SIGSEGV, SIG_DFL); // there, too
        SignalWatcher own;
        if (own.watch(SIGSEGV, SignalWatcher::UnsafeFaults)) {
            const volatile quintptr nowhere = 0x1000; // not null, which UndefinedBehaviorSanitizer would find first
            *reinterpret_cast<volatile int *>(nowhere) = 1;
        }
        _exit(1);
    }
    int status = 0;
    QVERIFY(waitUntil([&] {
        return waitpid(child, &status, WNOHANG) == child;
    }));
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGSEGV);
}

QTEST_GUILESS_MAIN(tst_signal_dispositions)
#include "tst_signal_dispositions.moc"
