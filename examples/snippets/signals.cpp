// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Signals: received, sent, and the end of an application.

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

namespace
{
void tellAnotherProcess(qint64 pid)
{
    //! [send]
    if (!SignalWatcher::sendQueued(pid, SIGRTMIN + 1, 50))
        return;
    const auto result = SignalWatcher::send(-1, SIGTERM); // not to everybody
    if (!result)
        std::printf("%s\n", qPrintable(result.errorString));
    //! [send]
}

void reloadConfiguration()
{
    std::puts("reload");
    tellAnotherProcess(QCoreApplication::applicationPid()); // which is this one here
}
} // namespace

int main(int argc, char **argv)
{
    //! [quit]
    SignalWatcher::quitOn({SIGINT, SIGTERM, SIGHUP}, std::chrono::seconds(10));
    QCoreApplication application(argc, argv);
    //! [quit]
    SignalWatcher::quitOn({SIGINT, SIGTERM}, std::chrono::seconds(10)); // SIGHUP is for something else below

    //! [watch]
    SignalWatcher watcher({SIGHUP, SIGUSR1});
    QObject::connect(&watcher, &SignalWatcher::received, &watcher, [](const SignalInfo &info) {
        if (info.number() == SIGHUP)
            reloadConfiguration();
        else
            std::printf("%s from process %lld\n", qPrintable(info.name()), info.processId().value_or(-1));
    });
    //! [watch]

    //! [realtime]
    SignalWatcher progress({SIGRTMIN + 1});
    QObject::connect(&progress, &SignalWatcher::received, &progress, [](const SignalInfo &info) {
        std::printf("%d percent are done\n", info.value().value_or(0));
    });
    QObject::connect(&progress, &SignalWatcher::overflowed, &progress, [](int signal, qint64 count) {
        std::printf("%lld of signal %d were lost\n", count, signal);
    });
    //! [realtime]
    QObject::connect(&progress, &SignalWatcher::received, &progress, [] {
        SignalWatcher::send(QCoreApplication::applicationPid(), SIGTERM);
    });

    SignalWatcher::send(QCoreApplication::applicationPid(), SIGHUP);
    const int code = application.exec();
    std::printf("ended by %s\n", qPrintable(SignalWatcher::signalName(SignalWatcher::quitSignal())));
    return code;
}
