// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <memory>

using namespace InterprocessQt;

// Watchers that are there before the application object, or after it has gone: what comes meanwhile is delivered by the
// next one.
int main(int argc, char *argv[])
{
    int wanted = 2;
    QStringList received;
    const auto note = [&](const SignalInfo &info) {
        received.append(info.name());
        if (received.size() == wanted)
            QCoreApplication::quit();
    };

    SignalWatcher early({SIGUSR1});
    QObject::connect(&early, &SignalWatcher::received, &early, note);
    raise(SIGUSR1);
    std::unique_ptr<SignalWatcher> late;
    std::unique_ptr<SignalWatcher> idle; // has never been woken
    for (int number = 1; number <= 2; ++number) {
        auto application = std::make_unique<QCoreApplication>(argc, argv);
        if (!late) {
            late = std::make_unique<SignalWatcher>(QList<int>{SIGUSR2});
            idle = std::make_unique<SignalWatcher>(QList<int>{SIGWINCH});
            QObject::connect(late.get(), &SignalWatcher::received, late.get(), note);
            QObject::connect(idle.get(), &SignalWatcher::received, idle.get(), note);
        }
        if (number == 1)
            raise(SIGUSR2);
        else
            raise(SIGWINCH);
        QTimer::singleShot(20'000, application.get(), &QCoreApplication::quit);
        QCoreApplication::exec();
        received.sort();
        std::printf("application %d: %s\n", number, qPrintable(received.join(' ')));
        std::fflush(stdout);
        received.clear();
        wanted = 3;
        application.reset();
        if (number == 1) {
            raise(SIGUSR1);
            raise(SIGUSR2);
        }
    }
    return 0;
}
