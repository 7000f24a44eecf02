// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A daemon that is controlled by signals:
//
//   SIGHUP             reloads the configuration
//   SIGUSR1            shows statistics
//   SIGTERM, SIGINT    end it in order; a second one, or five seconds, end it by force
//
//   interprocessqt-daemon <configuration file>   runs
//   interprocessqt-daemon                        shows itself, with a daemon in another process

#include "daemon.h"
#include "demo.h"

#include <QCoreApplication>
#include <QTimer>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    // Before anything that takes time: whoever starts a daemon may want to end it at once.
    if (const auto result = SignalWatcher::quitOn({SIGINT, SIGTERM}, std::chrono::seconds(5)); !result) {
        std::fprintf(stderr, "%s\n", qPrintable(result.errorString));
        return 1;
    }
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() > 2 || arguments.value(1).startsWith('-')) {
        std::fprintf(stderr,
                     "Usage: %s [configuration file]\n"
                     "The file says interval = <milliseconds> and batch = <number>, either or neither.\n",
                     argv[0]);
        return 2;
    }

    if (arguments.size() == 1) {
        Demo demo;
        QTimer::singleShot(0, &demo, &Demo::start);
        return application.exec();
    }

    Daemon daemon(arguments[1]);
    if (!daemon.start())
        return 1;
    std::printf("daemon: kill -HUP %lld reloads, -USR1 shows statistics, -TERM or Ctrl-C ends it\n",
                static_cast<long long>(QCoreApplication::applicationPid()));
    std::fflush(stdout);
    const int code = application.exec();
    daemon.cleanUp();
    return code;
}
