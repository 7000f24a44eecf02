// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <sys/ioctl.h>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace InterprocessQt;

// Makes the terminal of the argument its own, and tells of its size when that changes.
int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    setsid();
    const int terminal = open(argv[1], O_RDWR);
    if (ioctl(terminal, TIOCSCTTY, 0) == -1 || tcsetpgrp(terminal, getpgrp()) == -1)
        return 99;
    SignalWatcher watcher({SIGWINCH});
    QObject::connect(&watcher, &SignalWatcher::received, &app, [terminal](const SignalInfo &info) {
        winsize size = {};
        ioctl(terminal, TIOCGWINSZ, &size);
        std::printf("%s %d\n", qPrintable(info.name()), int(size.ws_col));
        std::fflush(stdout);
        QCoreApplication::quit();
    });
    std::printf("watching\n");
    std::fflush(stdout);
    return QCoreApplication::exec();
}
