// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A protocol in which the end of the stream is the end of the request: the answer is how many bytes it had.

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    LocalServer server;
    //! [server]
    server.setHalfOpenAllowed(true);
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        LocalSocket *client = server.nextPendingConnection();
        QObject::connect(client, &LocalSocket::readChannelFinished, client, [client] {
            client->write(QByteArray::number(client->bytesAvailable()));
            client->disconnectFromServer(); // after the answer has been written
        });
        QObject::connect(client, &LocalSocket::disconnected, client, &QObject::deleteLater);
    });
    //! [server]
    if (!server.listen("count")) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }

    LocalSocket socket;
    QObject::connect(&socket, &LocalSocket::disconnected, &socket, [&socket] {
        std::printf("%s\n", socket.readAll().constData());
        QCoreApplication::quit();
    });
    //! [client]
    socket.connectToServer("count");
    socket.write("how many bytes are these?");
    socket.closeWriteChannel();
    //! [client]
    return application.exec();
}
