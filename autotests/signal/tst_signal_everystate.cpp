// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "currenthandler.h"
#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/SignalWatcher>

#include <functional>

using namespace InterprocessQt;

namespace
{
volatile sig_atomic_t calls = 0;

extern "C" void countCall(int)
{
    calls = calls + 1;
}

const QStringList States{"new",
                         "refused",
                         "watching",
                         "one of two",
                         "watching others",
                         "ignoring",
                         "default action",
                         "one-shot to come",
                         "one-shot come",
                         "not told yet",
                         "in a slot",
                         "unwatched"};

// A function of a watcher, which is called in each state; SIGTERM is what it is about.
struct Function {
    const char *name;
    std::function<bool(std::unique_ptr<SignalWatcher> &)> call;
    QStringList isTrueIn; // these states, and in no other
};

QStringList without(QStringList states, const QStringList &those)
{
    for (const QString &state : those)
        states.removeOne(state);
    return states;
}

const QList<Function> &functions()
{
    using Watcher = std::unique_ptr<SignalWatcher> &;
    const QStringList watching{"watching", "one of two", "ignoring", "default action", "one-shot to come", "not told yet", "in a slot"};
    static const QList<Function> all{
        {"isWatching",
         [](Watcher watcher) {
             return watcher->isWatching(SIGTERM);
         },
         watching},
        {"watchedSignals",
         [](Watcher watcher) {
             return watcher->watchedSignals().contains(SIGTERM);
         },
         watching},
        {"watch",
         [](Watcher watcher) {
             return watcher->watch(SIGTERM);
         },
         States},
        {"watch, one-shot",
         [](Watcher watcher) {
             return watcher->watch(SIGTERM, SignalWatcher::OneShot);
         },
         States},
        {"watch, to ignore",
         [](Watcher watcher) {
             return watcher->watch(SIGTERM, SignalWatcher::Ignore);
         },
         without(States, {"one of two"})},
        {"watch, by default",
         [](Watcher watcher) {
             return watcher->watch(SIGTERM, SignalWatcher::DefaultAction);
         },
         without(States, {"one of two"})},
        {"watch what cannot be",
         [](Watcher watcher) {
             return watcher->watch(SignalWatcher::Kill);
         },
         {}},
        {"watch another",
         [](Watcher watcher) {
             return watcher->watch(SIGINT);
         },
         States},
        {"unwatch",
         [](Watcher watcher) {
             return watcher->unwatch(SIGTERM);
         },
         watching},
        {"unwatch another",
         [](Watcher watcher) {
             return watcher->unwatch(SIGINT);
         },
         {"watching others"}},
        {"unwatch what cannot be",
         [](Watcher watcher) {
             return watcher->unwatch(SignalWatcher::Kill);
         },
         {}},
        {"unwatchAll",
         [](Watcher watcher) {
             watcher->unwatchAll();
             return !watcher->watchedSignals().isEmpty();
         },
         {}},
        {"destroy",
         [](Watcher watcher) {
             watcher.reset();
             return false;
         },
         {}},
    };
    return all;
}
} // namespace

// Every function of a watcher in every state of it: each returns what it says, what has been found is put back in the end, and who
// watches again is told.
class tst_signal_everystate : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void functionsReturnWhatTheySay_data();
    void functionsReturnWhatTheySay();
};

void tst_signal_everystate::functionsReturnWhatTheySay_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("function");
    for (const QString &state : States) {
        for (int i = 0; i < functions().size(); ++i)
            QTest::addRow("%s, %s", qPrintable(state), functions().at(i).name) << state << i;
    }
}

void tst_signal_everystate::functionsReturnWhatTheySay()
{
    QFETCH(QString, state);
    QFETCH(int, function);
    const Function &tested = functions().at(function);
    const QString name = QString::fromLatin1(tested.name);
    calls = 0;
    const PlainHandler before = std::signal(SIGTERM, countCall);
    const PlainHandler beforeInt = std::signal(SIGINT, countCall);

    auto watcher = std::make_unique<SignalWatcher>();
    auto other = std::make_unique<SignalWatcher>();
    int told = 0;
    bool result = false;
    bool called = false;
    connect(watcher.get(), &SignalWatcher::received, this, [&] {
        ++told;
        if (state == "in a slot" && !called) {
            called = true;
            result = tested.call(watcher);
        }
    });
    if (state == "refused")
        QVERIFY(!watcher->watch(SignalWatcher::Kill));
    else if (state == "ignoring")
        QVERIFY(watcher->watch(SIGTERM, SignalWatcher::Ignore));
    else if (state == "default action")
        QVERIFY(watcher->watch(SIGTERM, SignalWatcher::DefaultAction));
    else if (state.startsWith("one-shot"))
        QVERIFY(watcher->watch(SIGTERM, SignalWatcher::OneShot));
    else if (state == "watching others")
        QVERIFY(watcher->watch(SIGINT));
    else if (state != "new")
        QVERIFY(watcher->watch(SIGTERM));
    if (state == "one of two")
        QVERIFY(other->watch(SIGTERM));
    if (state == "unwatched")
        QVERIFY(watcher->unwatch(SIGTERM));
    if (state == "one-shot come" || state == "not told yet" || state == "in a slot")
        QCOMPARE(raise(SIGTERM), 0);
    if (state == "one-shot come")
        QTRY_COMPARE(told, 1);

    if (state == "in a slot")
        QTRY_VERIFY(called);
    else
        result = tested.call(watcher);
    QCOMPARE(result, tested.isTrueIn.contains(state));
    if (watcher && name.startsWith("watch"))
        QCOMPARE(watcher->error() == SignalWatcher::NoError, name == "watchedSignals" ? state != "refused" : result);
    if (state == "not told yet" && (name.startsWith("unwatch") || name == "destroy")) {
        runTurns();
        QCOMPARE(told, name == "unwatch another" || name == "unwatch what cannot be" ? 1 : 0);
    } else if (state == "not told yet" && (name == "watch" || name == "isWatching" || name == "watchedSignals" || name == "watch another")) {
        QTRY_COMPARE(told, 1);
    }

    // Who watches it now is told.
    if (watcher) {
        other.reset();
        watcher->unwatchAll();
        QVERIFY(watcher->watchedSignals().isEmpty());
        QVERIFY2(watcher->watch(SIGTERM), qPrintable(watcher->errorString()));
        runTurns();
        const int toldBefore = told;
        called = true;
        QCOMPARE(raise(SIGTERM), 0);
        QTRY_COMPARE(told, toldBefore + 1);
        watcher.reset();
    }
    other.reset();
    // And what was found is there again.
    QVERIFY(currentHandler(SIGTERM) == countCall);
    QVERIFY(currentHandler(SIGINT) == countCall);
    calls = 0;
    QCOMPARE(raise(SIGTERM), 0);
    QCOMPARE(int(calls), 1);
    std::signal(SIGTERM, before);
    std::signal(SIGINT, beforeInt);
}

QTEST_GUILESS_MAIN(tst_signal_everystate)
#include "tst_signal_everystate.moc"
