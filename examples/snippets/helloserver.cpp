// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// The smallest complete server: greets whoever sends a line with a name.

//! [server]
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    LocalServer server;
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        LocalSocket *client = server.nextPendingConnection();
        QObject::connect(client, &LocalSocket::readyRead, client, [client] {
            while (client->canReadLine())
                client->write("Hello, " + client->readLine());
        });
        QObject::connect(client, &LocalSocket::disconnected, client, &QObject::deleteLater);
    });
    if (!server.listen("hello")) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }
    std::printf("%s\n", qPrintable(server.fullServerName()));
    std::fflush(stdout);
    return application.exec();
}
//! [server]
