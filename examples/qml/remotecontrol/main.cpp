// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A player that shells drive: through a FIFO, a socket, and signals.

#include "../exampleapplication.h"

#include <InterprocessQt/Fifo>

#include <QCommandLineParser>
#include <QDir>
#include <QStandardPaths>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char *argv[])
{
    ExampleApplication application(argc, argv);
    QString folder = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (folder.isEmpty())
        folder = QDir::tempPath();
    QCommandLineParser options;
    options.setApplicationDescription(QStringLiteral("A player that shells drive: through a FIFO, a socket, and signals. The window shows how."));
    options.addHelpOption();
    const QCommandLineOption fifoPath(QStringLiteral("fifo"),
                                      QStringLiteral("Where the FIFO is to be made."),
                                      QStringLiteral("path"),
                                      folder + QStringLiteral("/interprocessqt-player.fifo"));
    const QCommandLineOption address(QStringLiteral("address"),
                                     QStringLiteral("Where to listen: @name, or a path."),
                                     QStringLiteral("address"),
                                     QStringLiteral("@interprocessqt-player"));
    options.addOptions({fifoPath, address});
    options.process(application);

    // Removed again when this function returns.
    const Fifo fifo = Fifo::create(options.value(fifoPath), Fifo::DefaultPermissions, Fifo::NamePolicy::UseExisting);
    if (!fifo.isValid()) {
        std::fprintf(stderr, "%s\n", qPrintable(fifo.errorString()));
        return 1;
    }
    return application.run(QStringLiteral("RemoteControl"), {{QStringLiteral("fifo"), fifo.path()}, {QStringLiteral("address"), options.value(address)}});
}
