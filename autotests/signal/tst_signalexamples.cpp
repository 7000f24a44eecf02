// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <QFile>

#include <csignal>

using namespace InterprocessQt;

// The example and the programs of the manual do what they say.
class tst_signalexamples : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theProgramOfTheManual();
    void theDaemonShowsItself();
    void theDaemonObeys();
    void theDaemonIsEndedWhileItStarts();
    void theDaemonSaysWhatIsWrong();

private:
    QString configuration(const QByteArray &content);
};

QString tst_signalexamples::configuration(const QByteArray &content)
{
    QFile file(path("daemon.conf"));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write");
    return file.fileName();
}

void tst_signalexamples::theProgramOfTheManual()
{
    PeerProcess program;
    QVERIFY(program.start("snippet_signals"));
    QCOMPARE(program.readLine(), "reload");
    QCOMPARE(program.readLine(), "-1 is not the number of a process");
    QCOMPARE(program.readLine(), "50 percent are done");
    QCOMPARE(program.readLine(), "ended by SIGTERM");
    QCOMPARE(program.waitForExit(), 0);
}

void tst_signalexamples::theDaemonShowsItself()
{
    PeerProcess demo;
    QVERIFY(demo.start("interprocessqt-daemon"));
    QVERIFY(demo.waitForLine("$ sleep 0.1; kill -USR1 $daemon"));
    QVERIFY(demo.waitForLine("$ kill -TERM $daemon"));
    QVERIFY(demo.waitForLine("daemon: SIGTERM: cleaning up"));
    QVERIFY(demo.waitForLine("The daemon has ended in order, with 0."));
    QCOMPARE(demo.waitForExit(), 0);
    QCOMPARE(demo.errors(), "");
}

void tst_signalexamples::theDaemonObeys()
{
    PeerProcess daemon;
    QVERIFY(daemon.start("interprocessqt-daemon", {configuration("# slow\nbatch = 2\ninterval = 100000\n")}));
    QCOMPARE(daemon.readLine(), "daemon: running, batches of 2 every 100000 ms");
    QVERIFY(daemon.readLine().contains("reloads")); // how to use it
    const QString from = QString(" from process %1").arg(QCoreApplication::applicationPid());
    QVERIFY(SignalWatcher::send(daemon.pid(), SIGUSR1));
    QCOMPARE(daemon.readLine(), "daemon: SIGUSR1" + from);
    QVERIFY(daemon.readLine().startsWith("daemon: 0 jobs in "));
    configuration("interval = 1\n");
    QVERIFY(SignalWatcher::send(daemon.pid(), SIGHUP));
    QCOMPARE(daemon.readLine(), "daemon: SIGHUP" + from);
    QCOMPARE(daemon.readLine(), "daemon: reloaded, batches of 1 every 1 ms");
    configuration("interval = soon\n");
    QVERIFY(SignalWatcher::send(daemon.pid(), SIGHUP));
    QCOMPARE(daemon.readLine(), "daemon: SIGHUP" + from);
    QVERIFY(daemon.readLine().contains("daemon.conf:1: \"interval = soon\" is neither"));
    QVERIFY(SignalWatcher::send(daemon.pid(), SIGINT));
    QCOMPARE(daemon.readLine(), "daemon: SIGINT: cleaning up");
    QVERIFY(daemon.readLine().startsWith("daemon: saved "));
    QCOMPARE(daemon.waitForExit(), 0);
}

void tst_signalexamples::theDaemonIsEndedWhileItStarts()
{
    // At any moment: either it has not come to quitOn() yet, and ends by the signal, or it ends in order.
    const QString file = configuration("interval = 1\n");
    for (int i = 0; i < 20; ++i) {
        PeerProcess daemon;
        QVERIFY(daemon.start("interprocessqt-daemon", {file}));
        QThread::msleep(static_cast<unsigned long>(i));
        QVERIFY(SignalWatcher::send(daemon.pid(), SIGTERM));
        const int code = daemon.waitForExit();
        if (daemon.process().exitStatus() == QProcess::CrashExit)
            QCOMPARE(daemon.process().exitCode(), SIGTERM);
        else
            QCOMPARE(code, 0);
    }
}

void tst_signalexamples::theDaemonSaysWhatIsWrong()
{
    PeerProcess daemon;
    QVERIFY(daemon.start("interprocessqt-daemon", {path("nothing")}));
    QCOMPARE(daemon.waitForExit(), 1);
    QVERIFY2(daemon.errors().endsWith("nothing: No such file or directory\n"), qPrintable(daemon.errors()));
    PeerProcess usage;
    QVERIFY(usage.start("interprocessqt-daemon", {"--help"}));
    QCOMPARE(usage.waitForExit(), 2);
    QVERIFY(usage.errors().startsWith("Usage: "));
}

QTEST_GUILESS_MAIN(tst_signalexamples)
#include "tst_signalexamples.moc"
