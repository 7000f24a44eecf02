// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QThread>

#include <cstdio>
#include <memory>

using namespace InterprocessQt;

/*
 * A server that is told by lines on its standard input what to do, and ends with it:
 *   listen <address>    answers "listening" or "error <number> <text>"
 *   close               answers "closed"
 *   sleep               answers "sleeping", and does nothing more until it is killed
 * Whoever connects is sent the process id of the server and a line feed, and from then on what it writes itself.
 */
namespace
{

void say(const QString &line)
{
    std::puts(qUtf8Printable(line));
    std::fflush(stdout);
}

void obey(LocalServer &server, const QByteArray &line)
{
    if (line.startsWith("listen ")) {
        if (server.listen(Address(QString::fromUtf8(line.mid(7)))))
            say(QStringLiteral("listening"));
        else
            say(QStringLiteral("error %1 %2").arg(server.serverError()).arg(server.errorString()));
    } else if (line == "close") {
        server.close();
        say(QStringLiteral("closed"));
    } else if (line == "sleep") {
        say(QStringLiteral("sleeping"));
        QThread::sleep(3600);
    } else {
        say(QStringLiteral("what is \"%1\"?").arg(QString::fromUtf8(line)));
    }
}

void serve(LocalServer &server)
{
    while (LocalSocket *client = server.nextPendingConnection()) {
        QObject::connect(client, &LocalSocket::disconnected, client, &QObject::deleteLater);
        QObject::connect(client, &LocalSocket::readyRead, client, [client] {
            client->write(client->readAll());
        });
        client->write(QByteArray::number(QCoreApplication::applicationPid()) + '\n');
    }
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    LocalServer server;
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        serve(server);
    });

    // A thread, which reads standard input on every system.
    const std::unique_ptr<QThread> orders(QThread::create([&server] {
        char line[4096];
        while (std::fgets(line, sizeof line, stdin)) {
            QMetaObject::invokeMethod(&server, [&server, order = QByteArray(line).trimmed()] {
                obey(server, order);
            });
        }
        QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    }));
    orders->start();
    say(QStringLiteral("ready"));
    const int result = QCoreApplication::exec();
    orders->wait();
    return result;
}
