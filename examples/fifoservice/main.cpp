// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A service that any shell script can drive: it reads commands from a FIFO.
//
//   interprocessqt-fifoservice <path>   makes the FIFO and obeys: echo pause > <path>
//   interprocessqt-fifoservice          shows itself, driven by shells, and ends

#include "demo.h"
#include "player.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() > 2 || arguments.value(1).startsWith('-')) {
        std::fprintf(stderr, "Usage: %s [path of the FIFO]\n", argv[0]);
        return 2;
    }

    Player player;
    if (arguments.size() == 2) {
        if (!player.start(arguments[1]))
            return 1;
        std::printf("Commands: play, pause, title <text>, quit. Try: echo pause > %s\n", qPrintable(arguments[1]));
        std::fflush(stdout);
        return application.exec();
    }

    const QTemporaryDir directory;
    if (!player.start(directory.filePath("player")))
        return 1;
    Demo demo(directory.filePath("player"));
    QTimer::singleShot(0, &demo, &Demo::next);
    return application.exec();
}
