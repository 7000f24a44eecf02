// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// What the README shows, as a program.

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QDebug>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    //! [greeter]
    LocalServer server;
    QObject::connect(&server, &LocalServer::newConnection, [&] {
        server.nextPendingConnection()->write("hello\n");
    });
    server.listen("greeter");

    LocalSocket client; // usually in another process
    QObject::connect(&client, &LocalSocket::readyRead, [&] {
        qInfo() << client.readAll();
    });
    client.connectToServer("greeter");
    //! [greeter]

    QObject::connect(&client, &LocalSocket::readyRead, &QCoreApplication::quit);
    return application.exec();
}
