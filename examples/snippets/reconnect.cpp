// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A client that comes back when its server does: the server is stopped once, and started again.

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

using namespace InterprocessQt;
using namespace std::chrono_literals;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QString name = "comesback";

    LocalServer server;
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server, name] {
        static int connections = 0;
        if (++connections == 2) {
            QCoreApplication::quit();
            return;
        }
        delete server.nextPendingConnection();
        server.close();
    });
    if (!server.listen(name)) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }

    //! [reconnect]
    LocalSocket socket;
    socket.setReconnectEnabled(true);
    socket.setReconnectDelays(10ms, 1s);
    QObject::connect(&socket, &LocalSocket::connected, &socket, [] {
        std::printf("connected\n"); // here a client says anew what it wants of the server
    });
    QObject::connect(&socket, &LocalSocket::reconnectScheduled, &socket, [](int attempt) {
        std::printf("attempt %d follows\n", attempt);
    });
    socket.connectToServer(name);
    //! [reconnect]
    QObject::connect(&socket, &LocalSocket::reconnectScheduled, &server, [&server, name](int attempt) {
        if (attempt == 2)
            server.listen(name);
    });
    return application.exec();
}
