// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A room to talk in, for the processes of one machine. Start it several times.

#include "../exampleapplication.h"

#include <QCommandLineParser>

int main(int argc, char *argv[])
{
    ExampleApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(
        QStringLiteral("A room to talk in, for the processes of one machine. Start it several times: the first is the "
                       "host, and when it leaves another one takes over."));
    options.addHelpOption();
    const QCommandLineOption name(QStringLiteral("name"), QStringLiteral("Who you are."), QStringLiteral("name"), qEnvironmentVariable("USER", "somebody"));
    const QCommandLineOption address(QStringLiteral("address"),
                                     QStringLiteral("Where the room is: @name, or a path."),
                                     QStringLiteral("address"),
                                     QStringLiteral("@interprocessqt-chat"));
    options.addOptions({name, address});
    options.process(application);
    return application.run(QStringLiteral("Chat"), {{QStringLiteral("userName"), options.value(name)}, {QStringLiteral("address"), options.value(address)}});
}
