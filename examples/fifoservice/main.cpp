// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A service that any shell script can drive: it reads commands from a FIFO.
//
// Where to begin reading: player.cpp is the service; demo.cpp drives it from shells to show it.

#include "demo.h"
#include "player.h"

#include <InterprocessQt/SignalWatcher>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTimer>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

namespace
{
constexpr char Description[] =
    "A service that is driven through a FIFO.\n"
    "\n"
    "    fifoservice /tmp/player &       makes the FIFO and obeys what is written into it:\n"
    "    echo pause > /tmp/player        play, pause, title <text>, quit\n"
    "\n"
    "Without a path it shows itself, driven by shells, and ends.";
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName("interprocessqt-fifoservice");
    QCommandLineParser parser;
    parser.setApplicationDescription(Description);
    parser.addHelpOption();
    parser.addPositionalArgument("path", "Where the FIFO is to be.", "[path]");
    parser.process(application);
    const QStringList paths = parser.positionalArguments();
    if (paths.size() > 1) {
        std::fprintf(stderr, "fifoservice: wrong arguments; --help explains\n");
        return 2;
    }
    // The FIFO is removed on the way out, also after Ctrl-C: who writes into one that was left behind waits for ever.
    if (const auto result = SignalWatcher::quitOn({SIGINT, SIGTERM, SIGHUP}); !result) {
        std::fprintf(stderr, "fifoservice: %s\n", qPrintable(result.errorString));
        return 1;
    }

    Player player;
    if (!paths.isEmpty()) {
        if (!player.start(paths.first()))
            return 1;
        std::printf("Commands: play, pause, title <text>, quit. Try: echo pause > %s\n", qPrintable(paths.first()));
        std::fflush(stdout);
        return QCoreApplication::exec();
    }

    const QTemporaryDir directory;
    if (!player.start(directory.filePath("player")))
        return 1;
    Demo demo(directory.filePath("player"));
    QObject::connect(&player, &Player::obeyed, &demo, &Demo::obeyed);
    QTimer::singleShot(0, &demo, &Demo::next);
    return QCoreApplication::exec();
}
