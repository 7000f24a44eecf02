// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <csignal>

// The handlers of a crash reporter and those of watchers, in either order: the program's end is reported once, on the
// reporter's own stack and with what the system says of it, and its parent sees by which signal it ended.
class tst_signal_crashreporter : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theEndIsReported_data();
    void theEndIsReported();
    void theReporterIsPutBack();
};

void tst_signal_crashreporter::theEndIsReported_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("how");
    QTest::addColumn<int>("number");
    for (const char *when : {"before", "after"}) {
        for (const char *what : {"others", "faults"}) {
            const auto row = [&](const char *how, int number) {
                QTest::newRow(qPrintable(QString("%1, %2 watched, %3").arg(when, what, how))) << when << what << how << number;
            };
            row("segv", SIGSEGV);
            row("overflow", SIGSEGV);
            row("abort", SIGABRT);
            row("sent", SIGBUS);
        }
    }
}

void tst_signal_crashreporter::theEndIsReported()
{
    QFETCH(QString, when);
    QFETCH(QString, what);
    QFETCH(QString, how);
    QFETCH(int, number);
    PeerProcess peer;
    QVERIFY(peer.start("peer_crashreporter", {when, what, how}));
    QCOMPARE(peer.readLine(), "running");
    const QString report = peer.readLine();
    QVERIFY2(report.startsWith(QString("report: signal %1, code ").arg(number)), qPrintable(report));
    QVERIFY2(report.endsWith("own stack"), qPrintable(report));
    if (how == "segv")
        QVERIFY2(report.contains("address"), qPrintable(report));
    if (what == "faults" && when == "after" && how == "sent") {
        // The reporter puts back what it has found, the handler of who watches: to whom it is a signal like any other.
        QCOMPARE(peer.waitForExit(), 0);
        return;
    }
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitStatus(), QProcess::CrashExit);
    QCOMPARE(peer.process().exitCode(), number);
    QCOMPARE(peer.process().readAll(), QByteArray()); // once
}

void tst_signal_crashreporter::theReporterIsPutBack()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_crashreporter", {"before", "faults", "leave"}));
    QCOMPARE(peer.readLine(), "running");
    QCOMPARE(peer.readLine(), "the reporter is installed");
    const QString report = peer.readLine();
    QVERIFY2(report.contains("address, own stack"), qPrintable(report));
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitCode(), SIGSEGV);
}

QTEST_GUILESS_MAIN(tst_signal_crashreporter)
#include "tst_signal_crashreporter.moc"
