// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A program that ends in order, the same on every system.

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QTimer>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    //! [quit]
    SignalWatcher::quitOn();
    QCoreApplication application(argc, argv);
    //! [quit]
    QTimer::singleShot(0, &application, [] {
        std::raise(SIGTERM); // or Ctrl-C, or the end of the console
    });
    const int code = application.exec();
    std::printf("ended by %s\n", qPrintable(SignalWatcher::signalName(SignalWatcher::quitSignal())));
    return code;
}
