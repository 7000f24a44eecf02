// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A service for Windows that reads files on behalf of other programs, with their rights: a named pipe that carries messages.
//
// Where to begin reading: transfer.cpp answers a client, and acts as it; request.cpp is a client, and looks at the service first.

#include "demo.h"
#include "fileservice.h"
#include "request.h"

#include <InterprocessQt/SignalWatcher>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTimer>
#include <QUuid>

#include <cstdio>

using namespace InterprocessQt;

namespace
{
constexpr char Description[] =
    "A service that reads files with the rights of who asks for them, by a named pipe.\n"
    "\n"
    "    fileservice serve           answers until it is ended by Ctrl-C\n"
    "    fileservice get <file>      has the service read the file, and writes it to standard output\n"
    "\n"
    "Without a command it shows itself: a service, and programs that ask it.";

int serve(FileService &service, const QString &pipe, bool forEverybody)
{
    if (const auto result = SignalWatcher::quitOn(); !result) {
        std::fprintf(stderr, "fileservice: %s\n", qPrintable(result.errorString));
        return 1;
    }
    if (!service.start(pipe, forEverybody))
        return 1;
    std::printf("Listening: %s. Try: fileservice get <file>\n", qPrintable(pipe));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName("interprocessqt-fileservice");
    QCommandLineParser parser;
    parser.setApplicationDescription(Description);
    parser.addHelpOption();
    const QCommandLineOption pipeOption("pipe", "The name of the pipe.", "name", "interprocessqt-fileservice");
    const QCommandLineOption worldOption("world", "Programs of other users may ask, too.");
    parser.addOptions({pipeOption, worldOption});
    parser.addPositionalArgument("command", "serve, or get <file>.", "[command]");
    parser.process(application);
    const QStringList words = parser.positionalArguments();
    const QString pipe = parser.value(pipeOption);

    FileService service;
    if (words == QStringList{"serve"})
        return serve(service, pipe, parser.isSet(worldOption));
    if (words.size() == 2 && words.first() == "get") {
        Request request(words.at(1));
        QObject::connect(&request, &Request::finished, &request, &QCoreApplication::exit, Qt::QueuedConnection);
        request.start(pipe);
        return QCoreApplication::exec();
    }
    if (!words.isEmpty()) {
        std::fprintf(stderr, "fileservice: wrong arguments; --help explains\n");
        return 2;
    }
    const QString ownPipe = "interprocessqt-fileservice-" + QUuid::createUuid().toString(QUuid::Id128);
    if (!service.start(ownPipe, false))
        return 1;
    Demo demo(ownPipe);
    QTimer::singleShot(0, &demo, &Demo::start);
    return QCoreApplication::exec();
}
