// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "consoleevents.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/SignalWatcher>

#include <QProcess>
#include <QThread>

#include <atomic>
#include <csignal>

using namespace InterprocessQt;

// The events of the console, and what else is of Windows alone.
class tst_signal_windows : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void ctrlCArrives();
    void ctrlCStormIsTold();
    void ctrlBreakArrives();
    void ctrlCCallsTheHandlerFound();
    void ctrlCAfterOneShotDoesWhatWasFound();
    void ctrlCIsIgnoredOnRequest();
    void othersBelowAreAskedWhenNobodyWatches();
    void theCloseOfTheConsoleWaitsForTheEnd_data();
    void theCloseOfTheConsoleWaitsForTheEnd();
    void itIsForced_data();
    void itIsForced();
    void withoutWatchersTheDefaultIsDone();
    void aServiceGoesOnWhenSomebodyLogsOff();
    void threadsTakeTurnsInSending();
    void aHandlerThatInstallsItselfAgainIsCalledEachTime();
    void handlersAboveEachOtherDoNotCallEachOtherForEver();
    void faultsAreToldOnceAndPutBack();
    void aRealFaultEndsTheProgram();
    void abortEndsTheProgram();
    void whatCannotBeIgnored();
    void whatCannotBeSent();
    void aHandleReachesItsProcess();
    void namesOfTheConsole();
    void handlesAreNotUsedUp();
};

namespace
{
std::atomic<int> calls = 0;
std::atomic<int> consoleCalls = 0;
void (*below)(int) = SIG_DFL;

void countCall(int)
{
    ++calls;
}
void countCallAndInstall(int number)
{
    std::signal(number, countCallAndInstall);
    ++calls;
}
void countCallAndChain(int number)
{
    ++calls;
    std::signal(number, countCallAndChain);
    if (below != SIG_DFL && below != SIG_IGN)
        below(number);
}
BOOL WINAPI swallow(DWORD)
{
    ++consoleCalls;
    return TRUE;
}

SignalInfo infoOf(const QSignalSpy &spy, int index = 0)
{
    return spy.at(index).at(0).value<SignalInfo>();
}

// The code that a process ends with by Ctrl-C; Wine has none for that.
constexpr int ControlCExit = int(0xC000013A);
} // namespace

void tst_signal_windows::initTestCase()
{
    QVERIFY(makeOwnConsole());
}

void tst_signal_windows::ctrlCArrives()
{
    SignalWatcher watcher({SIGINT});
    SignalWatcher other({SIGINT, SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QSignalSpy otherSpy(&other, &SignalWatcher::received);
    for (int i = 1; i <= 3; ++i) {
        const SignalWatcher::Result sent = SignalWatcher::sendToGroup(0, SIGINT);
        QVERIFY2(sent, qPrintable(sent.errorString));
        QTRY_COMPARE(spy.count(), i);
        QTRY_COMPARE(otherSpy.count(), i);
    }
    QCOMPARE(infoOf(spy).number(), SIGINT);
    QCOMPARE(infoOf(spy).name(), "SIGINT");
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::Kernel);
    QCOMPARE(infoOf(spy).nativeCode(), CTRL_C_EVENT);
    QVERIFY(!infoOf(spy).processId());
}

void tst_signal_windows::ctrlCStormIsTold()
{
    SignalWatcher watcher({SIGINT});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    for (int i = 0; i < 50; ++i)
        QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
    QTRY_COMPARE(spy.count(), 50);
}

void tst_signal_windows::ctrlBreakArrives()
{
    if (isWine())
        QSKIP("Wine has no Ctrl-Break (GenerateConsoleCtrlEvent() fails)");
    SignalWatcher watcher({SIGBREAK});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    const SignalWatcher::Result sent = SignalWatcher::sendToGroup(0, SIGBREAK);
    QVERIFY2(sent, qPrintable(sent.errorString));
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(infoOf(spy).nativeCode(), CTRL_BREAK_EVENT);
    // A group of which only the leader is there
    PeerProcess peer;
    peer.process().setCreateProcessArgumentsModifier([](QProcess::CreateProcessArguments *arguments) {
        arguments->flags &= ~DWORD(CREATE_NO_WINDOW); // it would have another console
        arguments->flags |= CREATE_NEW_PROCESS_GROUP;
    });
    QVERIFY(peer.start("peer_signalquit", {"run"}));
    QVERIFY(peer.waitForLine("running"));
    const SignalWatcher::Result toGroup = SignalWatcher::sendToGroup(peer.pid(), SIGBREAK);
    QVERIFY2(toGroup, qPrintable(toGroup.errorString));
    QVERIFY(peer.waitForLine(QString("exec returned 0, %1").arg(SIGBREAK)));
    QCOMPARE(peer.waitForExit(), 0);
    QCOMPARE(spy.count(), 1);
}

void tst_signal_windows::ctrlCCallsTheHandlerFound()
{
    calls = 0;
    std::signal(SIGINT, countCall);
    {
        SignalWatcher watcher({SIGINT});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
        QTRY_COMPARE(spy.count(), 1);
        QTRY_COMPARE(int(calls), 1);
        raise(SIGINT);
        QTRY_COMPARE(spy.count(), 2);
        QCOMPARE(int(calls), 2);
        QVERIFY(watcher.watch(SIGINT, SignalWatcher::NoChaining));
        QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
        QTRY_COMPARE(spy.count(), 3);
        QCOMPARE(int(calls), 2);
    }
    QVERIFY(std::signal(SIGINT, SIG_DFL) == countCall);
}

void tst_signal_windows::ctrlCAfterOneShotDoesWhatWasFound()
{
    calls = 0;
    std::signal(SIGINT, countCall);
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGINT, SignalWatcher::OneShot | SignalWatcher::NoChaining));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
    // The next one also if the slot has not been called yet.
    QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
    QTRY_COMPARE(int(calls), 1);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(!watcher.isWatching(SIGINT));
    std::signal(SIGINT, SIG_DFL);
}

void tst_signal_windows::ctrlCIsIgnoredOnRequest()
{
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGINT, SignalWatcher::Ignore));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    // Handlers are called in the order of events: those of these three are through when the fourth is told.
    for (int i = 0; i < 3; ++i)
        QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
    QTest::qWait(50);
    QVERIFY(watcher.watch(SIGINT));
    QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
    QTRY_VERIFY(spy.count() >= 1);
}

void tst_signal_windows::othersBelowAreAskedWhenNobodyWatches()
{
    QVERIFY(SetConsoleCtrlHandler(swallow, TRUE));
    {
        SignalWatcher watcher({SIGTERM}); // something else
        consoleCalls = 0;
        QVERIFY(SignalWatcher::sendToGroup(0, SIGINT));
        QTRY_COMPARE(int(consoleCalls), 1);
    }
    QVERIFY(SetConsoleCtrlHandler(swallow, FALSE));
}

void tst_signal_windows::theCloseOfTheConsoleWaitsForTheEnd_data()
{
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("told");
    QTest::newRow("Ctrl-C") << "ctrl-c" << QString();
    QTest::newRow("close") << "close" << QString("received CTRL_CLOSE_EVENT %1").arg(CTRL_CLOSE_EVENT);
    QTest::newRow("shutdown") << "shutdown" << QString();
}

void tst_signal_windows::theCloseOfTheConsoleWaitsForTheEnd()
{
    QFETCH(QString, event);
    QFETCH(QString, told);
    PeerProcess peer;
    QVERIFY(peer.start("peer_consoleevent", {event, "slow-end"}));
    QCOMPARE(peer.readLine(), "running");
    if (!told.isEmpty())
        QCOMPARE(peer.readLine(), told);
    QCOMPARE(peer.readLine(), "about to quit");
    QCOMPARE(peer.readLine(), "cleaned up");
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_signal_windows::itIsForced_data()
{
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("how");
    QTest::newRow("Ctrl-C twice") << "ctrl-c"
                                  << "twice";
    QTest::newRow("Ctrl-C, time-out") << "ctrl-c"
                                      << "time-out";
    QTest::newRow("close, time-out") << "close"
                                     << "time-out";
}

void tst_signal_windows::itIsForced()
{
    QFETCH(QString, event);
    QFETCH(QString, how);
    PeerProcess peer;
    QVERIFY(peer.start("peer_consoleevent", {event, how}));
    QVERIFY(peer.waitForLine("running"));
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitStatus(), QProcess::CrashExit);
    QCOMPARE(peer.process().exitCode(), ControlCExit);
}

void tst_signal_windows::withoutWatchersTheDefaultIsDone()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_consoleevent", {"ctrl-c", "default"}));
    QVERIFY(peer.waitForLine("running"));
    QTRY_COMPARE_WITH_TIMEOUT(peer.process().state(), QProcess::NotRunning, 20'000);
    if (!isWine()) // which says 0
        QCOMPARE(peer.process().exitCode(), ControlCExit);
}

void tst_signal_windows::aServiceGoesOnWhenSomebodyLogsOff()
{
    PeerProcess watching;
    QVERIFY(watching.start("peer_consoleevent", {"logoff", "watch-logoff"}));
    QVERIFY(watching.waitForLine(QString("received CTRL_LOGOFF_EVENT %1").arg(CTRL_LOGOFF_EVENT)));
    QVERIFY(watching.waitForLine("about to quit"));
    QCOMPARE(watching.waitForExit(), 0);
    PeerProcess ignoring;
    QVERIFY(ignoring.start("peer_consoleevent", {"logoff", "ignore-logoff"}));
    QCOMPARE(ignoring.readLine(), "handlers have returned");
    QCOMPARE(ignoring.waitForExit(), 7);
    QVERIFY(!SignalWatcher::terminationSignals().contains(SignalWatcher::ConsoleLogoff));
}

void tst_signal_windows::threadsTakeTurnsInSending()
{
    // By raise() alone one of them may end the process, under Wine, too: it sets the default before it calls the handler.
    SignalWatcher watcher({SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back(QThread::create([] {
            for (int n = 0; n < 5000; ++n)
                SignalWatcher::send(QCoreApplication::applicationPid(), SIGTERM);
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        QVERIFY(thread->wait());
    QTRY_COMPARE(spy.count(), 20'000);
}

void tst_signal_windows::aHandlerThatInstallsItselfAgainIsCalledEachTime()
{
    calls = 0;
    std::signal(SIGTERM, countCallAndInstall);
    {
        SignalWatcher watcher({SIGTERM});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        for (int i = 1; i <= 3; ++i) {
            raise(SIGTERM);
            QTRY_COMPARE(spy.count(), i);
            QCOMPARE(int(calls), i);
        }
    }
    QVERIFY(std::signal(SIGTERM, SIG_DFL) == countCallAndInstall);
}

void tst_signal_windows::handlersAboveEachOtherDoNotCallEachOtherForEver()
{
    calls = 0;
    std::signal(SIGTERM, countCall); // at the bottom
    {
        SignalWatcher watcher({SIGTERM});
        below = std::signal(SIGTERM, countCallAndChain);
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGTERM);
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(int(calls), 2);
        QTest::ignoreMessage(QtWarningMsg, "SignalWatcher: another handler has been installed for SIGTERM meanwhile. It is left alone.");
    }
    calls = 0;
    raise(SIGTERM);
    QCOMPARE(int(calls), 2); // ours in between only passes on
    {
        SignalWatcher again({SIGTERM});
        QSignalSpy spy(&again, &SignalWatcher::received);
        calls = 0;
        raise(SIGTERM);
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(int(calls), 2);
    }
    QVERIFY(std::signal(SIGTERM, SIG_DFL) == countCallAndChain);
}

void tst_signal_windows::faultsAreToldOnceAndPutBack()
{
    calls = 0;
    std::signal(SIGFPE, countCall);
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGFPE, SignalWatcher::UnsafeFaults | SignalWatcher::NoChaining));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGFPE);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(!watcher.isWatching(SIGFPE));
    QCOMPARE(int(calls), 0);
    QVERIFY(std::signal(SIGFPE, SIG_DFL) == countCall);
}

void tst_signal_windows::aRealFaultEndsTheProgram()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_fault", {"segv"}));
    QVERIFY(peer.waitForLine("running"));
    QTRY_COMPARE_WITH_TIMEOUT(peer.process().state(), QProcess::NotRunning, 30'000);
    QVERIFY(peer.process().exitCode() != 0);
}

void tst_signal_windows::abortEndsTheProgram()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_fault", {"abort"}));
    QVERIFY(peer.waitForLine("running"));
    QTRY_COMPARE_WITH_TIMEOUT(peer.process().state(), QProcess::NotRunning, 30'000);
    QCOMPARE(peer.process().exitCode(), 3);
}

void tst_signal_windows::whatCannotBeIgnored()
{
    SignalWatcher watcher;
    for (const int number : {SignalWatcher::ConsoleClose, SignalWatcher::ConsoleShutdown}) {
        QVERIFY(!watcher.watch(number, SignalWatcher::Ignore));
        QCOMPARE(watcher.error(), SignalWatcher::NotWatchableError);
        QCOMPARE(watcher.nativeError(), ERROR_INVALID_PARAMETER);
        QVERIFY2(watcher.errorString().contains("lets no program ignore it"), qPrintable(watcher.errorString()));
    }
}

void tst_signal_windows::whatCannotBeSent()
{
    const qint64 self = QCoreApplication::applicationPid();
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {"run"}));
    QVERIFY(peer.waitForLine("running"));
    for (const int number : {SIGTERM, SIGINT, SIGBREAK, int(SignalWatcher::ConsoleClose)}) {
        const SignalWatcher::Result sent = SignalWatcher::send(peer.pid(), number);
        QCOMPARE(sent.error, SignalWatcher::UnsupportedError);
        QCOMPARE(sent.nativeError, ERROR_NOT_SUPPORTED);
        QVERIFY2(sent.errorString.startsWith(QString("send %1 to process %2: ").arg(SignalWatcher::signalName(number)).arg(peer.pid())),
                 qPrintable(sent.errorString));
    }
    QCOMPARE(peer.process().state(), QProcess::Running); // nothing has happened to it
    QCOMPARE(SignalWatcher::send(self, SignalWatcher::ConsoleClose).error, SignalWatcher::UnsupportedError);
    QCOMPARE(SignalWatcher::sendQueued(self, SIGTERM, 1).error, SignalWatcher::UnsupportedError);
    QCOMPARE(SignalWatcher::sendToGroup(self, SIGINT).error, SignalWatcher::UnsupportedError); // would reach nobody
    QCOMPARE(SignalWatcher::sendToGroup(0, SIGTERM).error, SignalWatcher::UnsupportedError);
    // A number that is none but would be cut off to one.
    QCOMPARE(SignalWatcher::probe(peer.pid() + 1).error, SignalWatcher::ProcessNotFoundError);
}

void tst_signal_windows::aHandleReachesItsProcess()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {"run"}));
    QVERIFY(peer.waitForLine("running"));
    // With what LocalSocket::openPeerProcess() asks for.
    const NativeHandle handle(NativeHandle::Type(OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, DWORD(peer.pid()))));
    QVERIFY(SignalWatcher::sendTo(handle, 0));
    QCOMPARE(SignalWatcher::sendTo(handle, SIGTERM).error, SignalWatcher::UnsupportedError);
    const SignalWatcher::Result sent = SignalWatcher::sendTo(handle, SignalWatcher::Kill);
    QVERIFY2(sent, qPrintable(sent.errorString));
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(SignalWatcher::sendTo(handle, SignalWatcher::Kill).error, SignalWatcher::ProcessNotFoundError);
    const NativeHandle event(NativeHandle::Type(CreateEventW(nullptr, TRUE, FALSE, nullptr)));
    QCOMPARE(SignalWatcher::sendTo(event, SignalWatcher::Kill).error, SignalWatcher::InvalidProcessError);

    LocalServer server;
    QVERIFY(server.listen(abstractName()));
    LocalSocket socket;
    socket.connectToServer(server.serverName());
    QVERIFY(socket.waitForConnected());
    const NativeHandle self = socket.openPeerProcess();
    QVERIFY(self.isValid());
    SignalWatcher watcher({SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QVERIFY(SignalWatcher::sendTo(self, SIGTERM)); // which is this process
    QTRY_COMPARE(spy.count(), 1);
}

void tst_signal_windows::namesOfTheConsole()
{
    QCOMPARE(SignalWatcher::signalName(SignalWatcher::ConsoleClose), "CTRL_CLOSE_EVENT");
    QCOMPARE(SignalWatcher::signalNumber("ctrl_close"), int(SignalWatcher::ConsoleClose));
    QCOMPARE(SignalWatcher::signalNumber("CTRL_C_EVENT"), SIGINT);
    QCOMPARE(SignalWatcher::signalNumber("CTRL_BREAK"), SIGBREAK);
    QCOMPARE(SignalWatcher::signalNumber("SIGBREAK"), SIGBREAK);
    QCOMPARE(SignalWatcher::signalNumber("SIGHUP"), -1);
    QCOMPARE(SignalWatcher::realTimeMinimum(), -1);
    QCOMPARE(SignalWatcher::realTimeMaximum(), -1);
    QCOMPARE(SignalWatcher::signalNumber("SIGRTMIN+1"), -1);
}

void tst_signal_windows::handlesAreNotUsedUp()
{
    const auto useSome = [this] {
        SignalWatcher watcher({SIGTERM, SIGINT});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGTERM);
        QTRY_COMPARE(spy.count(), 1);
    };
    useSome();
    const qsizetype before = openDescriptors().size();
    for (int i = 0; i < 100; ++i)
        useSome();
    QVERIFY2(openDescriptors().size() < before + 10, qPrintable(QString::number(openDescriptors().size() - before)));
}

QTEST_GUILESS_MAIN(tst_signal_windows)
#include "tst_signal_windows.moc"
