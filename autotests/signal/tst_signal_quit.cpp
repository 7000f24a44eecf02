// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "currenthandler.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <QTimer>

#include <csignal>

using namespace InterprocessQt;

// quitOn(): what it promises on every system.
class tst_signal_quit : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isRememberedUntilExec_data();
    void isRememberedUntilExec();
    void force_data();
    void force();
    void isTakenBack();
    void itIsKnownAtOnceAndForgottenOnRequest();
    void wrongSignalsAreRefused();
    void theLineOfTheManual();
};

void tst_signal_quit::initTestCase()
{
    std::signal(SIGTERM, SIG_DFL); // that of Qt Test ends the test
}

void tst_signal_quit::isRememberedUntilExec_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("before the application") << "before-application";
    QTest::newRow("before exec()") << "before-exec";
    QTest::newRow("in a loop before exec()") << "nested-before-exec";
    QTest::newRow("between two applications") << "second-application";
}

void tst_signal_quit::isRememberedUntilExec()
{
    QFETCH(QString, how);
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {how}));
    QVERIFY(peer.waitForLine("about to quit"));
    QVERIFY(peer.waitForLine("exec returned 0, 15"));
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_signal_quit::force_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("a second signal") << QStringList{"raised-twice"};
    QTest::newRow("time-out") << QStringList{"raised-once", "100"};
}

void tst_signal_quit::force()
{
    QFETCH(QStringList, arguments);
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", arguments));
    QVERIFY(peer.waitForLine("running"));
    // As by the default action, which does it at once.
    PeerProcess model;
    QVERIFY(model.start("peer_signalquit", {"not-watching"}));
    QTRY_COMPARE_WITH_TIMEOUT(peer.process().state(), QProcess::NotRunning, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(model.process().state(), QProcess::NotRunning, 20'000);
    QCOMPARE(peer.process().exitStatus(), model.process().exitStatus());
    QCOMPARE(peer.process().exitCode(), model.process().exitCode());
    QVERIFY(peer.process().exitCode() != 0);
}

void tst_signal_quit::isTakenBack()
{
    const auto before = currentHandler(SIGTERM);
    QVERIFY(SignalWatcher::quitOn({SIGTERM}));
    QVERIFY(SignalWatcher::quitOn()); // with all that there are
    QVERIFY(currentHandler(SIGTERM) != before);
    QCOMPARE(SignalWatcher::quitSignal(), 0);
    QVERIFY(SignalWatcher::quitOn({}));
    QVERIFY(currentHandler(SIGTERM) == before);
}

void tst_signal_quit::itIsKnownAtOnceAndForgottenOnRequest()
{
    for (int i = 0; i < 50; ++i) {
        QVERIFY(SignalWatcher::quitOn({SIGTERM}));
        raise(SIGTERM);
        if (i % 2) // known to who asks
            QCOMPARE(SignalWatcher::quitSignal(), SIGTERM);
        QVERIFY(SignalWatcher::quitOn({}));
        QCOMPARE(SignalWatcher::quitSignal(), 0);
    }
    // Nothing is left of it that would end this application.
    QTimer::singleShot(100, this, [] {
        QCoreApplication::exit(12);
    });
    QCOMPARE(QCoreApplication::exec(), 12);
}

void tst_signal_quit::wrongSignalsAreRefused()
{
    const auto before = currentHandler(SIGTERM);
    const SignalWatcher::Result result = SignalWatcher::quitOn({SIGTERM, SignalWatcher::Kill});
    QVERIFY(!result);
    QCOMPARE(result.error, SignalWatcher::NotWatchableError);
    QVERIFY(currentHandler(SIGTERM) == before);
}

void tst_signal_quit::theLineOfTheManual()
{
    PeerProcess snippet;
    if (PeerProcess::find("snippet_quit").isEmpty())
        QSKIP("the examples are not built");
    QVERIFY(snippet.start("snippet_quit"));
    QCOMPARE(snippet.readLine(), "ended by SIGTERM");
    QCOMPARE(snippet.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_signal_quit)
#include "tst_signal_quit.moc"
