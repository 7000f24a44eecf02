// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A service that ends in order when it is told to: at Ctrl-C, by kill, by the service manager, with its terminal.

//! [program]
#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    SignalWatcher::quitOn();
    QCoreApplication application(argc, argv);

    std::printf("running as process %lld\n", static_cast<long long>(application.applicationPid()));
    std::fflush(stdout);
    const int code = application.exec();
    // Here, and in destructors, is what has to be done in the end.
    if (const int signal = SignalWatcher::quitSignal())
        std::printf("ended by %s\n", qPrintable(SignalWatcher::signalName(signal)));
    return code;
}
//! [program]
