// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/SignalWatcher>

#include <csignal>

using namespace InterprocessQt;

// Which signals there are, and what they are called.
class tst_signal_names : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void eachSignalHasOneName();
    void namesAreFound_data();
    void namesAreFound();
    void realTimeSignalsAreNamedFromTheLowest();
};

void tst_signal_names::eachSignalHasOneName()
{
    const QList<int> all = SignalWatcher::allSignals();
    QVERIFY(all.size() > 25);
    QSet<QString> names;
    for (const int number : all) {
        const QString name = SignalWatcher::signalName(number);
        QVERIFY2(name.startsWith("SIG"), qPrintable(name));
        QCOMPARE(SignalWatcher::signalNumber(name), number);
        names.insert(name);
    }
    QCOMPARE(names.size(), all.size());
    QVERIFY(all.contains(SIGTERM) && all.contains(SIGKILL) && all.contains(SIGRTMIN) && all.contains(SIGRTMAX));
    QVERIFY(!all.contains(0));
    QVERIFY(!all.contains(SIGRTMIN - 1)); // the C library's own
}

void tst_signal_names::namesAreFound_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("number");
    QTest::newRow("usual") << "SIGTERM" << SIGTERM;
    QTest::newRow("short, small") << "hup" << SIGHUP;
    QTest::newRow("other name") << "SIGCLD" << SIGCHLD;
    QTest::newRow("number") << "15" << 15;
    QTest::newRow("real-time") << "SIGRTMIN+3" << SIGRTMIN + 3;
    QTest::newRow("from the highest") << "rtmax-2" << SIGRTMAX - 2;
    QTest::newRow("empty") << "" << -1;
    QTest::newRow("none") << "SIGNONE" << -1;
    QTest::newRow("zero") << "0" << -1;
    QTest::newRow("the C library's") << QString::number(SIGRTMIN - 1) << -1;
    QTest::newRow("too high") << "SIGRTMIN+99" << -1;
    QTest::newRow("half") << "SIGRTMIN+" << -1;
    QTest::newRow("wrong way") << "SIGRTMIN-1" << -1;
    QTest::newRow("two signs") << "SIGRTMIN+-1" << -1;
    QTest::newRow("neither") << "SIGRTMID" << -1;
}

void tst_signal_names::namesAreFound()
{
    QFETCH(QString, name);
    QTEST(SignalWatcher::signalNumber(name), "number");
}

void tst_signal_names::realTimeSignalsAreNamedFromTheLowest()
{
    QCOMPARE(SignalWatcher::realTimeMinimum(), SIGRTMIN);
    QCOMPARE(SignalWatcher::realTimeMaximum(), SIGRTMAX);
    QCOMPARE(SignalWatcher::signalName(SIGRTMIN), "SIGRTMIN");
    QCOMPARE(SignalWatcher::signalName(SIGRTMIN + 5), "SIGRTMIN+5");
    QVERIFY(SignalWatcher::isRealTime(SIGRTMAX));
    QVERIFY(!SignalWatcher::isRealTime(SIGRTMAX + 1));
    QVERIFY(!SignalWatcher::isRealTime(SIGTERM));
    QVERIFY(SignalWatcher::signalName(1000).isEmpty());
}

QTEST_GUILESS_MAIN(tst_signal_names)
#include "tst_signal_names.moc"
