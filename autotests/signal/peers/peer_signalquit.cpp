// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>

using namespace InterprocessQt;

// Ends by any signal that asks for it, after whatever the argument says.
namespace
{
void say(const char *line)
{
    std::printf("%s\n", line);
    std::fflush(stdout);
}
} // namespace

int main(int argc, char *argv[])
{
    const QByteArray how(argv[1]);
    const std::chrono::milliseconds timeout(argc > 2 ? atoi(argv[2]) : 0);
    const QList<int> numbers = SignalWatcher::terminationSignals();

    if (how == "not-watching")
        raise(SIGTERM);
    if (how == "before-application") {
        SignalWatcher::quitOn(numbers, timeout);
        raise(SIGTERM);
    }
    if (how == "one-shot") {
        SignalWatcher watcher;
        watcher.watch(SIGTERM, SignalWatcher::OneShot);
        raise(SIGTERM);
        say("got one");
        raise(SIGTERM); // no event loop has run, nor ever will
        say("still here");
        return 0;
    }
    auto app = std::make_unique<QCoreApplication>(argc, argv);
    if (how != "before-application" && !SignalWatcher::quitOn(numbers, timeout))
        return 99;
    if (how == "before-exec") {
        raise(SIGTERM);
    } else if (how == "nested-before-exec") {
        raise(SIGTERM);
        QEventLoop nested;
        QTimer::singleShot(100, &nested, &QEventLoop::quit);
        nested.exec();
        say("nested loop is over");
    } else if (how == "second-application") {
        // The first one never runs; the signal comes while there is none.
        app.reset();
        raise(SIGTERM);
        app = std::make_unique<QCoreApplication>(argc, argv);
    } else if (how == "hangs") {
        QTimer::singleShot(0, qApp, [] {
            say("hanging");
            for (;;)
                QThread::sleep(1);
        });
    } else {
        QTimer::singleShot(0, qApp, [how] {
            say("running");
            if (!how.startsWith("raised"))
                return;
            raise(SIGTERM);
            if (how == "raised-twice") {
                QThread::msleep(50); // two at once may be taken for one by the system
                raise(SIGTERM);
            }
            for (;;)
                QThread::sleep(1);
        });
    }
    QObject::connect(qApp, &QCoreApplication::aboutToQuit, qApp, [] {
        say("about to quit");
    });
    const int code = QCoreApplication::exec();
    std::printf("exec returned %d, %d\n", code, SignalWatcher::quitSignal());
    std::fflush(stdout);
    if (how == "slow-end") {
        for (;;)
            QThread::sleep(1);
    }
    return code;
}
