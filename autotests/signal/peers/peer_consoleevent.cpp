// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../consoleevents.h"

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QThread>
#include <QTimer>

#include <cstdio>

using namespace InterprocessQt;

// Sends itself the event of the console that the first argument says, and ends by it as the second one says.
namespace
{
HANDLE handlers = nullptr;

void say(const char *line)
{
    std::printf("%s\n", line);
    std::fflush(stdout);
}

bool handlersHaveReturned()
{
    return WaitForSingleObject(handlers, 0) == WAIT_OBJECT_0;
}

void cause(const QByteArray &event)
{
    if (event == "ctrl-c")
        GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
    else if (event == "close")
        handlers = startConsoleEvent(CTRL_CLOSE_EVENT);
    else if (event == "shutdown")
        handlers = startConsoleEvent(CTRL_SHUTDOWN_EVENT);
    else if (event == "logoff")
        handlers = startConsoleEvent(CTRL_LOGOFF_EVENT);
}
} // namespace

int main(int argc, char *argv[])
{
    const QByteArray event(argv[1]);
    const QByteArray how(argv[2]);
    if (!makeOwnConsole())
        return 98;
    QCoreApplication app(argc, argv);
    SignalWatcher watcher;
    QObject::connect(&watcher, &SignalWatcher::received, &app, [&](const SignalInfo &info) {
        std::printf("received %s %d\n", qPrintable(info.name()), info.nativeCode());
        std::fflush(stdout);
    });
    if (how == "watch-logoff") {
        // As a service does that goes on.
        watcher.watch(SignalWatcher::ConsoleLogoff);
        QObject::connect(&watcher, &SignalWatcher::received, &app, &QCoreApplication::quit);
    } else if (how == "ignore-logoff") {
        watcher.watch(SignalWatcher::ConsoleLogoff, SignalWatcher::Ignore);
        QTimer::singleShot(0, &app, [&] {
            cause(event);
            WaitForSingleObject(handlers, 20'000);
            say("handlers have returned");
            QCoreApplication::exit(7);
        });
        return QCoreApplication::exec();
    } else if (how != "default") {
        watcher.watch(SignalWatcher::ConsoleClose);
        if (!SignalWatcher::quitOn(SignalWatcher::terminationSignals(), std::chrono::milliseconds(how == "time-out" ? 200 : 0)))
            return 99;
    }
    QObject::connect(&app, &QCoreApplication::aboutToQuit, &app, [] {
        say("about to quit");
    });
    QTimer::singleShot(0, &app, [&] {
        say("running");
        cause(event);
        if (how == "twice") {
            QThread::msleep(100);
            cause(event);
        }
        if (how == "twice" || how == "time-out") {
            for (;;)
                QThread::sleep(1);
        }
    });
    const int code = QCoreApplication::exec();
    if (how == "slow-end") {
        QThread::msleep(500);
        if (handlers && handlersHaveReturned())
            say("too late: the system would have ended this process");
        watcher.unwatchAll(); // which must not wait for them
        SignalWatcher::quitOn({});
        say("cleaned up");
    }
    return code;
}
