// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "currenthandler.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/SignalWatcher>

#include <QMutex>
#include <QThread>

#include <atomic>
#include <csignal>
#include <limits>

using namespace InterprocessQt;

// What SignalWatcher promises on every system, with the signals of the C standard.
class tst_signal_everywhere : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void eachOneIsTold();
    void severalWatchersInSeveralThreadsAreTold();
    void itComesWithTheEventLoopAndNotBefore();
    void nothingComesAfterUnwatch();
    void aSlotMayDeleteTheWatcher();
    void whatWasFoundIsPutBack_data();
    void whatWasFoundIsPutBack();
    void theHandlerFoundIsCalledUnlessAskedNotTo();
    void aHandlerThatCameLaterIsLeftAlone();
    void whoWatchesAfterItIsTold();
    void oneShotPutsItBack();
    void ignoredIsIgnored();
    void conflictsAreRefused();
    void someAreRefused_data();
    void someAreRefused();
    void abortCanBeWatchedUnsafely();
    void watchersComeAndGoInThreads();
    void namesAndNumbers();
    void thereAreSignalsToEndBy();
    void thisProcessIsThereAndIsSentSignals();
    void anotherProcessIsFoundAndKilled();
    void nonsenseIsRefused();
};

namespace
{
volatile sig_atomic_t calls = 0;

extern "C" void countCall(int)
{
    calls = calls + 1;
}
// Whatever Qt Test or a test has installed, the next one finds the default.
class CleanSlate
{
public:
    CleanSlate()
    {
        wipe();
    }
    ~CleanSlate()
    {
        wipe();
    }
    Q_DISABLE_COPY_MOVE(CleanSlate)

private:
    static void wipe()
    {
        calls = 0;
        for (const int number : {SIGINT, SIGTERM})
            std::signal(number, SIG_DFL);
    }
};

SignalInfo infoOf(const QSignalSpy &spy, int index = 0)
{
    return spy.at(index).at(0).value<SignalInfo>();
}
} // namespace

void tst_signal_everywhere::eachOneIsTold()
{
    const CleanSlate clean;
    SignalWatcher watcher({SIGINT, SIGTERM});
    QCOMPARE(watcher.error(), SignalWatcher::NoError);
    QCOMPARE(watcher.watchedSignals(), (QList<int>{SIGINT, SIGTERM}));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    for (int i = 1; i <= 5; ++i) {
        QCOMPARE(raise(SIGTERM), 0);
        QTRY_COMPARE(spy.count(), i);
        QCOMPARE(infoOf(spy, i - 1).number(), SIGTERM);
    }
    QCOMPARE(infoOf(spy).name(), "SIGTERM");
    QCOMPARE(infoOf(spy).code(), SignalInfo::Code::SentToThread);
    QCOMPARE(infoOf(spy).processId(), QCoreApplication::applicationPid());
    QVERIFY(!infoOf(spy).value());
    QCOMPARE(raise(SIGINT), 0);
    QTRY_COMPARE(spy.count(), 6);
    QCOMPARE(infoOf(spy, 5).number(), SIGINT);
}

void tst_signal_everywhere::severalWatchersInSeveralThreadsAreTold()
{
    const CleanSlate clean;
    QThread thread;
    auto *there = new SignalWatcher({SIGTERM});
    there->moveToThread(&thread);
    std::atomic<int> inThread = 0;
    std::atomic<int> elsewhere = 0;
    connect(there, &SignalWatcher::received, there, [&] {
        ++(QThread::currentThread() == &thread ? inThread : elsewhere);
    });
    connect(&thread, &QThread::finished, there, &QObject::deleteLater);
    thread.start();
    SignalWatcher first({SIGTERM});
    SignalWatcher second({SIGTERM});
    QSignalSpy firstSpy(&first, &SignalWatcher::received);
    QSignalSpy secondSpy(&second, &SignalWatcher::received);
    raise(SIGTERM);
    QTRY_VERIFY(firstSpy.count() == 1 && secondSpy.count() == 1 && inThread == 1);
    thread.quit();
    QVERIFY(thread.wait());
    QCOMPARE(int(elsewhere), 0);
    raise(SIGTERM);
    QTRY_VERIFY(firstSpy.count() == 2 && secondSpy.count() == 2);
}

void tst_signal_everywhere::itComesWithTheEventLoopAndNotBefore()
{
    const CleanSlate clean;
    SignalWatcher watcher({SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    for (int i = 0; i < 1000; ++i)
        raise(SIGTERM);
    QCOMPARE(spy.count(), 0);
    QTRY_COMPARE(spy.count(), 1000);
}

void tst_signal_everywhere::nothingComesAfterUnwatch()
{
    const CleanSlate clean;
    SignalWatcher watcher({SIGINT, SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGINT);
    raise(SIGTERM);
    QVERIFY(watcher.unwatch(SIGINT));
    QVERIFY(!watcher.unwatch(SIGINT));
    QVERIFY(watcher.watch(SIGINT)); // anew, and of before nothing
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(infoOf(spy).number(), SIGTERM);
    raise(SIGINT);
    QTRY_COMPARE(spy.count(), 2);
    QCOMPARE(infoOf(spy, 1).number(), SIGINT);
}

void tst_signal_everywhere::aSlotMayDeleteTheWatcher()
{
    const CleanSlate clean;
    auto watcher = std::make_unique<SignalWatcher>(QList<int>{SIGTERM});
    SignalWatcher other({SIGTERM});
    int count = 0;
    connect(watcher.get(), &SignalWatcher::received, this, [&] {
        ++count;
        watcher.reset();
    });
    QSignalSpy spy(&other, &SignalWatcher::received);
    for (int i = 0; i < 10; ++i)
        raise(SIGTERM);
    QTRY_COMPARE(spy.count(), 10);
    QCOMPARE(count, 1);
}

void tst_signal_everywhere::whatWasFoundIsPutBack_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("kind");
    QTest::newRow("default") << SIGTERM << 0;
    QTest::newRow("ignored") << SIGTERM << 1;
    QTest::newRow("handler") << SIGTERM << 2;
    QTest::newRow("SIGINT: default") << SIGINT << 0;
    QTest::newRow("SIGINT: handler") << SIGINT << 2;
}

void tst_signal_everywhere::whatWasFoundIsPutBack()
{
    const CleanSlate clean;
    QFETCH(int, number);
    QFETCH(int, kind);
    const PlainHandler found = kind == 0 ? SIG_DFL : kind == 1 ? SIG_IGN : countCall;
    std::signal(number, found);
    auto first = std::make_unique<SignalWatcher>(QList<int>{number});
    auto second = std::make_unique<SignalWatcher>(QList<int>{number});
    QVERIFY(currentHandler(number) != found);
    QSignalSpy spy(second.get(), &SignalWatcher::received);
    raise(number);
    QTRY_COMPARE(spy.count(), 1);
    first.reset();
    QVERIFY(currentHandler(number) != found);
    second->unwatchAll();
    QVERIFY(currentHandler(number) == found);
    QVERIFY(second->watchedSignals().isEmpty());
}

void tst_signal_everywhere::theHandlerFoundIsCalledUnlessAskedNotTo()
{
    const CleanSlate clean;
    std::signal(SIGTERM, countCall);
    SignalWatcher watcher({SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGTERM);
    QCOMPARE(int(calls), 1);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(watcher.watch(SIGTERM, SignalWatcher::NoChaining));
    raise(SIGTERM);
    QTRY_COMPARE(spy.count(), 2);
    QCOMPARE(int(calls), 1);
    SignalWatcher other({SIGTERM}); // which does not mind
    raise(SIGTERM);
    QTRY_COMPARE(spy.count(), 3);
    QCOMPARE(int(calls), 2);
}

void tst_signal_everywhere::aHandlerThatCameLaterIsLeftAlone()
{
    const CleanSlate clean;
    {
        SignalWatcher watcher({SIGTERM});
        std::signal(SIGTERM, countCall);
        QTest::ignoreMessage(QtWarningMsg, "SignalWatcher: another handler has been installed for SIGTERM meanwhile. It is left alone.");
    }
    QVERIFY(currentHandler(SIGTERM) == countCall);
}

void tst_signal_everywhere::whoWatchesAfterItIsTold()
{
    const CleanSlate clean;
    {
        SignalWatcher watcher({SIGTERM});
        std::signal(SIGTERM, countCall);
        SignalWatcher later({SIGTERM});
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        QSignalSpy laterSpy(&later, &SignalWatcher::received);
        raise(SIGTERM);
        QTRY_VERIFY(spy.count() == 1 && laterSpy.count() == 1);
        QCOMPARE(int(calls), 1);
    }
    QVERIFY(currentHandler(SIGTERM) == countCall);
}

void tst_signal_everywhere::oneShotPutsItBack()
{
    const CleanSlate clean;
    std::signal(SIGTERM, countCall);
    SignalWatcher watcher;
    QVERIFY(watcher.watch(SIGTERM, SignalWatcher::OneShot));
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QSignalSpy changes(&watcher, &SignalWatcher::watchedSignalsChanged);
    raise(SIGTERM);
    QCOMPARE(int(calls), 1);
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(changes.count(), 1);
    QVERIFY(!watcher.isWatching(SIGTERM));
    QVERIFY(currentHandler(SIGTERM) == countCall);
    QVERIFY(watcher.watch(SIGTERM, SignalWatcher::OneShot));
    raise(SIGTERM);
    QCOMPARE(int(calls), 2);
    raise(SIGTERM); // what was found, and without being told
    QCOMPARE(int(calls), 3);
    QTRY_COMPARE(spy.count(), 2);
    QTest::qWait(10);
    QCOMPARE(spy.count(), 2);
}

void tst_signal_everywhere::ignoredIsIgnored()
{
    const CleanSlate clean;
    {
        SignalWatcher watcher;
        QVERIFY(watcher.watch(SIGTERM, SignalWatcher::Ignore));
        QVERIFY(currentHandler(SIGTERM) == SIG_IGN);
        raise(SIGTERM); // would end this program
        QVERIFY(watcher.watch(SIGTERM));
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGTERM);
        QTRY_COMPARE(spy.count(), 1);
    }
    QVERIFY(currentHandler(SIGTERM) == SIG_DFL);
    std::signal(SIGTERM, SIG_IGN);
    {
        SignalWatcher watcher;
        QVERIFY(watcher.watch(SIGTERM, SignalWatcher::DefaultAction));
        QVERIFY(currentHandler(SIGTERM) == SIG_DFL);
    }
    QVERIFY(currentHandler(SIGTERM) == SIG_IGN);
}

void tst_signal_everywhere::conflictsAreRefused()
{
    const CleanSlate clean;
    SignalWatcher watcher({SIGTERM});
    SignalWatcher other;
    QVERIFY(!other.watch(SIGTERM, SignalWatcher::Ignore));
    QCOMPARE(other.error(), SignalWatcher::ConflictError);
    QVERIFY(other.nativeError() != 0);
    QCOMPARE(other.errorString(), "SIGTERM: another watcher wants something else done with it");
    QVERIFY(!other.watch(SIGINT, SignalWatcher::Ignore | SignalWatcher::DefaultAction));
    QCOMPARE(other.error(), SignalWatcher::ConflictError);
    QVERIFY(other.watchedSignals().isEmpty());
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    raise(SIGTERM);
    QTRY_COMPARE(spy.count(), 1);
}

void tst_signal_everywhere::someAreRefused_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<SignalWatcher::Error>("error");
    QTest::newRow("KILL") << int(SignalWatcher::Kill) << SignalWatcher::NotWatchableError;
    for (const int fault : {SIGSEGV, SIGILL, SIGFPE, SIGABRT})
        QTest::newRow(qPrintable(SignalWatcher::signalName(fault))) << fault << SignalWatcher::UnsafeSignalError;
    QTest::newRow("0") << 0 << SignalWatcher::InvalidSignalError;
    QTest::newRow("negative") << -5 << SignalWatcher::InvalidSignalError;
    QTest::newRow("far too high") << 100'000 << SignalWatcher::InvalidSignalError;
}

void tst_signal_everywhere::someAreRefused()
{
    const CleanSlate clean;
    QFETCH(int, number);
    QFETCH(SignalWatcher::Error, error);
    SignalWatcher watcher({SIGINT, number, SIGTERM});
    QCOMPARE(watcher.error(), error);
    QVERIFY(watcher.nativeError() != 0);
    QVERIFY(!watcher.errorString().isEmpty());
    QCOMPARE(watcher.watchedSignals(), (QList<int>{SIGINT, SIGTERM}));
    QVERIFY(!watcher.watch(number, SignalWatcher::Ignore));
    QCOMPARE(watcher.error(), error);
    QVERIFY(!SignalWatcher::quitOn({SIGTERM, number}));
}

void tst_signal_everywhere::abortCanBeWatchedUnsafely()
{
    const CleanSlate clean;
    const PlainHandler found = currentHandler(SIGABRT); // Qt Test's, on Unix
    {
        SignalWatcher watcher;
        QVERIFY(watcher.watch(SIGABRT, SignalWatcher::UnsafeFaults | SignalWatcher::NoChaining));
        QSignalSpy spy(&watcher, &SignalWatcher::received);
        raise(SIGABRT); // by which, unlike by abort(), nothing has ended yet
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(infoOf(spy).name(), "SIGABRT");
    }
    QVERIFY(currentHandler(SIGABRT) == found);
}

void tst_signal_everywhere::watchersComeAndGoInThreads()
{
    const CleanSlate clean;
    SignalWatcher constant({SIGTERM, SIGINT});
    QSignalSpy spy(&constant, &SignalWatcher::received);
    std::atomic<bool> stop = false;
    std::atomic<int> sent = 0;
    QMutex raising;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back(QThread::create([&, i] {
            while (!stop) {
                SignalWatcher watcher({SIGTERM});
                // One by one: on Windows raise() sets the default for a moment, and another thread's would find it.
                const QMutexLocker locker(&raising);
                raise(i % 2 ? SIGTERM : SIGINT);
                ++sent;
                QThread::yieldCurrentThread();
            }
        }));
        threads.back()->start();
    }
    QTRY_VERIFY_WITH_TIMEOUT(spy.count() > 500, 30'000);
    stop = true;
    for (const auto &thread : threads)
        QVERIFY(thread->wait());
    QTRY_COMPARE(spy.count(), int(sent));
}

void tst_signal_everywhere::namesAndNumbers()
{
    const QList<int> all = SignalWatcher::allSignals();
    QSet<QString> names;
    int last = 0;
    for (const int number : all) {
        QVERIFY(number > last);
        last = number;
        const QString name = SignalWatcher::signalName(number);
        QVERIFY(!name.isEmpty());
        QCOMPARE(SignalWatcher::signalNumber(name), number);
        QCOMPARE(SignalWatcher::signalNumber(name.toLower()), number);
        QCOMPARE(SignalWatcher::signalNumber(QString::number(number)), number);
        names.insert(name);
    }
    QCOMPARE(names.size(), all.size());
    for (const int number : {SIGINT, SIGTERM, SIGABRT, SIGSEGV, SIGILL, SIGFPE, int(SignalWatcher::Kill)})
        QVERIFY(all.contains(number));
    QCOMPARE(SignalWatcher::signalName(SIGTERM), "SIGTERM");
    QCOMPARE(SignalWatcher::signalName(SignalWatcher::Kill), "SIGKILL");
    QCOMPARE(SignalWatcher::signalNumber("int"), SIGINT);
    QCOMPARE(SignalWatcher::signalNumber("SIGNONE"), -1);
    QCOMPARE(SignalWatcher::signalNumber(""), -1);
    QCOMPARE(SignalWatcher::signalNumber("SIG"), -1);
    QCOMPARE(SignalWatcher::signalNumber("SIGSIGTERM"), -1);
    QVERIFY(SignalWatcher::signalName(0).isEmpty());
    QVERIFY(!SignalWatcher::isRealTime(SIGTERM));
}

void tst_signal_everywhere::thereAreSignalsToEndBy()
{
    const CleanSlate clean;
    const QList<int> numbers = SignalWatcher::terminationSignals();
    QVERIFY(numbers.contains(SIGINT) && numbers.contains(SIGTERM));
    SignalWatcher watcher(numbers);
    QVERIFY2(watcher.error() == SignalWatcher::NoError, qPrintable(watcher.errorString()));
    QCOMPARE(watcher.watchedSignals(), numbers);
}

void tst_signal_everywhere::thisProcessIsThereAndIsSentSignals()
{
    const CleanSlate clean;
    const qint64 self = QCoreApplication::applicationPid();
    QVERIFY(SignalWatcher::probe(self));
    QVERIFY(SignalWatcher::processExists(self));
    SignalWatcher watcher({SIGTERM});
    QSignalSpy spy(&watcher, &SignalWatcher::received);
    QVERIFY(SignalWatcher::send(self, SIGTERM));
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(infoOf(spy).processId(), self);
}

void tst_signal_everywhere::anotherProcessIsFoundAndKilled()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_signalquit", {"run"}));
    QVERIFY(peer.waitForLine("running"));
    const qint64 pid = peer.pid();
    QVERIFY(SignalWatcher::probe(pid));
    QVERIFY(SignalWatcher::processExists(pid));
    const SignalWatcher::Result sent = SignalWatcher::send(pid, SignalWatcher::Kill);
    QVERIFY2(sent, qPrintable(sent.errorString));
    QCOMPARE(peer.waitForExit(), -1);
    QCOMPARE(peer.process().exitStatus(), QProcess::CrashExit); // as after QProcess::kill()
    QVERIFY(!SignalWatcher::processExists(pid));
    const SignalWatcher::Result again = SignalWatcher::send(pid, SignalWatcher::Kill);
    QCOMPARE(again.error, SignalWatcher::ProcessNotFoundError);
    QVERIFY(again.nativeError != 0);
    QVERIFY2(again.errorString.contains(QString::number(pid)), qPrintable(again.errorString));
    QCOMPARE(SignalWatcher::probe(pid).error, SignalWatcher::ProcessNotFoundError);
}

void tst_signal_everywhere::nonsenseIsRefused()
{
    const qint64 self = QCoreApplication::applicationPid();
    for (const qint64 pid : {qint64(-1), qint64(0), std::numeric_limits<qint64>::max(), qint64(0x100000000) + self}) {
        QCOMPARE(SignalWatcher::send(pid, SIGTERM).error, SignalWatcher::InvalidProcessError);
        QCOMPARE(SignalWatcher::sendQueued(pid, SIGTERM, 0).error, SignalWatcher::InvalidProcessError);
        QCOMPARE(SignalWatcher::probe(pid).error, SignalWatcher::InvalidProcessError);
        if (pid != 0)
            QCOMPARE(SignalWatcher::sendToGroup(pid, SIGINT).error, SignalWatcher::InvalidProcessError);
    }
    QCOMPARE(SignalWatcher::send(self, 100'000).error, SignalWatcher::InvalidSignalError);
    QCOMPARE(SignalWatcher::sendToGroup(self, 100'000).error, SignalWatcher::InvalidSignalError);
    QCOMPARE(SignalWatcher::sendTo({}, SIGTERM).error, SignalWatcher::InvalidProcessError);
}

QTEST_GUILESS_MAIN(tst_signal_everywhere)
#include "tst_signal_everywhere.moc"
