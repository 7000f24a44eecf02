// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/SignalWatcher>

#include <sys/syscall.h>

#include <csignal>
#include <limits>
#include <unistd.h>

using namespace InterprocessQt;

// Signals to other processes, and what can go wrong with them.
class tst_signal_sending : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aProcessThatIsThereIsFound();
    void aProcessThatIsGoneIsNot();
    void notEverybodyMaySend();
    void aGroupIsReached();
    void aHandleReachesItsProcess();
    void theProcessAtTheOtherEndIsReached();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();
};

namespace
{
QByteArray waitForEnd()
{
    alarm(20);
    for (;;)
        pause();
}

pid_t pidOfSomebodyGone()
{
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, nullptr, 0);
    return child;
}
} // namespace

void tst_signal_sending::aProcessThatIsThereIsFound()
{
    QVERIFY(SignalWatcher::probe(getpid()));
    QVERIFY(SignalWatcher::processExists(getpid()));
    QVERIFY(SignalWatcher::processExists(1));
}

void tst_signal_sending::aProcessThatIsGoneIsNot()
{
    const pid_t gone = pidOfSomebodyGone();
    QVERIFY(!SignalWatcher::processExists(gone));
    const SignalWatcher::Result result = SignalWatcher::send(gone, SIGTERM);
    QVERIFY(!result);
    QCOMPARE(result.error, SignalWatcher::ProcessNotFoundError);
    QCOMPARE(result.nativeError, ESRCH);
    QCOMPARE(result.errorString, QString("send SIGTERM to process %1: No such process").arg(gone));
    QCOMPARE(SignalWatcher::sendQueued(gone, SIGRTMIN, 1).error, SignalWatcher::ProcessNotFoundError);
    QCOMPARE(SignalWatcher::sendToGroup(gone, SIGTERM).error, SignalWatcher::ProcessNotFoundError);
    QCOMPARE(SignalWatcher::probe(gone).error, SignalWatcher::ProcessNotFoundError);
}

void tst_signal_sending::notEverybodyMaySend()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("only root can become somebody else");
    const pid_t parent = getpid();
    ForkedChild child(
        [parent]() -> QByteArray { // not deduced: that would be pieces of what is gone by then
            const SignalWatcher::Result result = SignalWatcher::send(parent, SIGTERM);
            return QByteArray::number(result.error) + ' ' + QByteArray::number(result.nativeError) + ' '
                + QByteArray::number(SignalWatcher::processExists(parent));
        },
        ForkedChild::someOtherUser());
    QCOMPARE(child.result(), QByteArray::number(SignalWatcher::PermissionError) + ' ' + QByteArray::number(EPERM) + " 1");
}

void tst_signal_sending::aGroupIsReached()
{
    ForkedChild first(waitForEnd);
    ForkedChild second(waitForEnd);
    QCOMPARE(setpgid(first.pid(), first.pid()), 0);
    QCOMPARE(setpgid(second.pid(), first.pid()), 0);
    QVERIFY(SignalWatcher::sendToGroup(first.pid(), SIGUSR2));
    QCOMPARE(first.result(), "the child failed with status " + QByteArray::number(SIGUSR2));
    QCOMPARE(second.result(), "the child failed with status " + QByteArray::number(SIGUSR2));
}

void tst_signal_sending::aHandleReachesItsProcess()
{
#if defined(SYS_pidfd_open)
    ForkedChild child(waitForEnd);
    const NativeHandle handle(NativeHandle::Type(syscall(SYS_pidfd_open, child.pid(), 0)));
    if (!handle)
        QSKIP("this kernel has no handles of processes");
    const SignalWatcher::Result sent = SignalWatcher::sendTo(handle, SIGUSR1);
    if (sent.error == SignalWatcher::UnsupportedError)
        QSKIP("the library was built without it");
    QVERIFY2(sent, qPrintable(sent.errorString));
    QCOMPARE(child.result(), "the child failed with status " + QByteArray::number(SIGUSR1));
    const SignalWatcher::Result again = SignalWatcher::sendTo(handle, SIGUSR1);
    QCOMPARE(again.error, SignalWatcher::ProcessNotFoundError);
    QCOMPARE(again.nativeError, ESRCH);
    const NativeHandle noProcess(dup(0));
    QCOMPARE(SignalWatcher::sendTo(noProcess, SIGUSR1).error, SignalWatcher::InvalidProcessError);

    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket socket;
    socket.connectToServer(path());
    if (const NativeHandle peer = socket.openPeerProcess()) {
        SignalWatcher watcher({SIGUSR1});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        QVERIFY(SignalWatcher::sendTo(peer, SIGUSR1)); // which is this process
        QTRY_COMPARE(spy.count(), 1);
    }
#else
    QSKIP("this system has no handles of processes");
#endif
}

void tst_signal_sending::theProcessAtTheOtherEndIsReached()
{
    // Another program connects, is sent a signal through a handle of it, says so and who has sent it, and ends by another.
    LocalServer server;
    QVERIFY(server.listen(path()));
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalclient", {path()}));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> client(server.nextPendingConnection());
    const NativeHandle process = client->openPeerProcess();
    if (!process)
        QSKIP("this system has no handles of the process at the other end (Linux 6.5)");
    QCOMPARE(peer.readLine(), "connected");
    const SignalWatcher::Result sent = SignalWatcher::sendTo(process, SIGUSR1);
    if (sent.error == SignalWatcher::UnsupportedError)
        QSKIP("the library was built without it");
    QVERIFY2(sent, qPrintable(sent.errorString));
    QCOMPARE(peer.readLine(), QString("SIGUSR1 from %1").arg(getpid()));
    QVERIFY(SignalWatcher::sendTo(process, 0));
    QVERIFY(SignalWatcher::sendTo(process, SIGTERM));
    QCOMPARE(peer.readLine(), "about to quit");
    QCOMPARE(peer.waitForExit(), 0);
    // That process is not there any more, and nobody else is sent anything who may have its number by now.
    QTRY_COMPARE(SignalWatcher::sendTo(process, SIGTERM).error, SignalWatcher::ProcessNotFoundError);
}

void tst_signal_sending::nonsenseIsRefused_data()
{
    QTest::addColumn<qint64>("pid");
    QTest::addColumn<int>("number");
    QTest::addColumn<SignalWatcher::Error>("error");
    QTest::newRow("everybody") << qint64(-1) << SIGCONT << SignalWatcher::InvalidProcessError;
    QTest::newRow("own group") << qint64(0) << SIGCONT << SignalWatcher::InvalidProcessError;
    QTest::newRow("too large") << std::numeric_limits<qint64>::max() << SIGCONT << SignalWatcher::InvalidProcessError;
    QTest::newRow("becomes -1 when cut off") << qint64(0xffffffff) << SIGCONT << SignalWatcher::InvalidProcessError;
    QTest::newRow("no signal") << qint64(getpid()) << 1000 << SignalWatcher::InvalidSignalError;
}

void tst_signal_sending::nonsenseIsRefused()
{
    QFETCH(qint64, pid);
    QFETCH(int, number);
    QFETCH(SignalWatcher::Error, error);
    QCOMPARE(SignalWatcher::send(pid, number).error, error);
    QCOMPARE(SignalWatcher::sendQueued(pid, number, 0).error, error);
    if (pid != 0)
        QCOMPARE(SignalWatcher::sendToGroup(pid, number).error, error);
    QCOMPARE(SignalWatcher::sendToGroup(1, SIGCONT).error, SignalWatcher::InvalidProcessError); // would be everybody
    QCOMPARE(SignalWatcher::sendTo({}, SIGCONT).error, SignalWatcher::InvalidProcessError);
}

QTEST_GUILESS_MAIN(tst_signal_sending)
#include "tst_signal_sending.moc"
