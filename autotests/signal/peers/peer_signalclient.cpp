// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

using namespace InterprocessQt;

// Connects to the server that the argument says, and waits for what it is sent.
namespace
{
void say(const QString &line)
{
    std::printf("%s\n", qPrintable(line));
    std::fflush(stdout);
}
} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    SignalWatcher watcher({SIGUSR1});
    QObject::connect(&watcher, &SignalWatcher::received, &app, [](const SignalInfo &info) {
        say(QString("%1 from %2").arg(info.name()).arg(info.processId().value_or(-1)));
    });
    if (!SignalWatcher::quitOn())
        return 99;
    QObject::connect(&app, &QCoreApplication::aboutToQuit, &app, [] {
        say("about to quit");
    });
    LocalSocket socket;
    QObject::connect(&socket, &LocalSocket::connected, &app, [] {
        say("connected");
    });
    socket.connectToServer(QString::fromLocal8Bit(argv[1]));
    return QCoreApplication::exec();
}
