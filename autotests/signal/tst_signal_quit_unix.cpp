// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <sys/ioctl.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

using namespace InterprocessQt;

// quitOn() with the signals of Unix: from other processes, shells and terminals.
class tst_signal_quit_unix : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void endsInOrder_data();
    void endsInOrder();
    void aSecondSignalForces_data();
    void aSecondSignalForces();
    void theTimeOutForces();
    void aTerminalThatHangsUpTwiceDoesNotForce();
    void whatWasIgnoredStaysIgnored();
    void ctrlCInATerminal();
};

void tst_signal_quit_unix::endsInOrder_data()
{
    QTest::addColumn<int>("number");
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        QTest::newRow(qPrintable(SignalWatcher::signalName(number))) << number;
}

void tst_signal_quit_unix::endsInOrder()
{
    QFETCH(int, number);
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {"run", "5000"}));
    QVERIFY(peer.waitForLine("running"));
    QVERIFY(SignalWatcher::send(peer.pid(), number));
    QCOMPARE(peer.readLine(), "about to quit");
    QCOMPARE(peer.readLine(), QString("exec returned 0, %1").arg(number));
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_signal_quit_unix::aSecondSignalForces_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("sign");
    QTest::newRow("while a slot hangs") << "hangs"
                                        << "hanging";
    QTest::newRow("while the end takes long") << "slow-end"
                                              << "running";
}

void tst_signal_quit_unix::aSecondSignalForces()
{
    QFETCH(QString, how);
    QFETCH(QString, sign);
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {how}));
    QVERIFY(peer.waitForLine(sign));
    QVERIFY(SignalWatcher::send(peer.pid(), SIGTERM));
    if (how == "slow-end")
        QVERIFY(peer.waitForLine("exec returned 0, 15"));
    else
        QTest::qWait(50); // two at once may be taken for one by the system
    QVERIFY(SignalWatcher::send(peer.pid(), SIGINT));
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitStatus(), QProcess::CrashExit);
    QCOMPARE(peer.process().exitCode(), SIGINT); // of the default action: a shell says 128 + 2
}

void tst_signal_quit_unix::theTimeOutForces()
{
    PeerProcess peer;
    QVERIFY(peer.start("sh", {"-c", "trap '' INT TERM; \"$0\" hangs 100; echo code $?", PeerProcess::find("peer_signalquit")}));
    QVERIFY(peer.waitForLine("hanging"));
    // To the child of the shell, which knows its number by heart.
    QProcess children;
    children.start("ps", {"-o", "pid=", "--ppid", QString::number(peer.pid())});
    QVERIFY(children.waitForFinished());
    const qint64 child = children.readAll().simplified().toLongLong();
    QVERIFY(SignalWatcher::send(child, SIGHUP));
    QCOMPARE(peer.readLine(), QString("code %1").arg(128 + SIGHUP));
}

void tst_signal_quit_unix::aTerminalThatHangsUpTwiceDoesNotForce()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {"slow-end"}));
    QVERIFY(peer.waitForLine("running"));
    QVERIFY(SignalWatcher::send(peer.pid(), SIGHUP));
    QVERIFY(SignalWatcher::send(peer.pid(), SIGHUP));
    QVERIFY(peer.waitForLine("exec returned 0, 1"));
    QVERIFY(SignalWatcher::send(peer.pid(), SIGTERM));
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitCode(), SIGTERM);
}

void tst_signal_quit_unix::whatWasIgnoredStaysIgnored()
{
    PeerProcess peer;
    QVERIFY(peer.start("nohup", {PeerProcess::find("peer_signalquit"), "run"}));
    QVERIFY(peer.waitForLine("running"));
    QVERIFY(SignalWatcher::send(peer.pid(), SIGHUP));
    QVERIFY(SignalWatcher::send(peer.pid(), SIGTERM));
    QVERIFY(peer.waitForLine("exec returned 0, 15"));
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_signal_quit_unix::ctrlCInATerminal()
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1)
        QSKIP("this system gives no pseudo-terminal");
    const QByteArray name = ptsname(master);
    const QByteArray program = PeerProcess::find("peer_signalquit").toLocal8Bit();
    const pid_t child = fork();
    if (child == 0) {
        setsid();
        const int terminal = open(name.constData(), O_RDWR);
        ioctl(terminal, TIOCSCTTY, 0);
        for (int fd = 0; fd <= 2; ++fd)
            dup2(terminal, fd);
        execl(program.constData(), program.constData(), "run", nullptr);
        _exit(127);
    }
    QByteArray output;
    const auto printed = [&](const char *text) {
        return waitUntil([&] {
            char buffer[256];
            const ssize_t size = read(master, buffer, sizeof buffer);
            if (size > 0)
                output.append(buffer, size);
            return output.contains(text);
        });
    };
    fcntl(master, F_SETFL, O_NONBLOCK);
    QVERIFY2(printed("running"), output.constData());
    QCOMPARE(write(master, "\x03", 1), 1);
    QVERIFY2(printed("exec returned 0, 2"), output.constData());
    int status = -1;
    QVERIFY(waitUntil([&] {
        return waitpid(child, &status, WNOHANG) == child;
    }));
    QCOMPARE(status, 0);
    ::close(master);
}

QTEST_GUILESS_MAIN(tst_signal_quit_unix)
#include "tst_signal_quit_unix.moc"
