// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace InterprocessQt;

// Does what no program should, while it watches for that.
int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    SignalWatcher watcher;
    for (const int number : {SIGSEGV, SIGABRT}) {
        if (!watcher.watch(number, SignalWatcher::UnsafeFaults))
            return 99;
    }
    std::printf("running\n");
    std::fflush(stdout);
    if (std::strcmp(argv[1], "abort") == 0)
        std::abort();
    volatile int *volatile nowhere = nullptr;
    *nowhere = 1;
    return 0;
}
