// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
#include <vector>

using namespace InterprocessQt;

/*
 * A service that is started with its sockets: takes one for each argument, by that name, or the next one for "-".
 *
 * Says "listening <full name>" for each, with " inheritable" behind it if a child would get it too, or "error <number>
 * <text>". Whoever connects is told the argument. Ends with its standard input.
 */
namespace
{

void say(const QString &line)
{
    std::puts(qUtf8Printable(line));
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    std::vector<std::unique_ptr<LocalServer>> servers;
    const QStringList names = QCoreApplication::arguments().mid(1);
    for (const QString &name : names) {
        auto server = std::make_unique<LocalServer>();
        if (!server->listenActivated(name == QLatin1String("-") ? QString() : name)) {
            say(QStringLiteral("error %1 %2").arg(server->serverError()).arg(server->errorString()));
            continue;
        }
        const bool inheritable = !(::fcntl(int(server->socketDescriptor()), F_GETFD) & FD_CLOEXEC);
        say(QStringLiteral("listening ") + server->fullServerName() + (inheritable ? QStringLiteral(" inheritable") : QString()));
        QObject::connect(server.get(), &LocalServer::newConnection, server.get(), [raw = server.get(), name] {
            while (LocalSocket *client = raw->nextPendingConnection())
                client->write(name.toUtf8() + '\n');
        });
        servers.push_back(std::move(server));
    }
    say(QStringLiteral("ready"));

    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &input, &QCoreApplication::quit);
    return QCoreApplication::exec();
}
