// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Code that was written for QLocalSocket and QLocalServer: only types, includes and one string have changed.

#include <QCoreApplication>

#include <cstdio>

//! [include]
#include <InterprocessQt/LocalServer> // was: #include <QLocalServer>
#include <InterprocessQt/LocalSocket> // was: #include <QLocalSocket>

using InterprocessQt::LocalServer; // was: QLocalServer
using InterprocessQt::LocalSocket; // was: QLocalSocket
//! [include]

class Client : public QObject
{
    Q_OBJECT

public:
    explicit Client(LocalSocket *socket)
    {
        connect(socket, SIGNAL(connected()), SLOT(onConnected()));
        //! [string]
        // was: SIGNAL(errorOccurred(QLocalSocket::LocalSocketError))
        connect(socket, SIGNAL(errorOccurred(InterprocessQt::LocalSocket::LocalSocketError)), SLOT(onError(InterprocessQt::LocalSocket::LocalSocketError)));
        //! [string]
    }

public slots:
    void onConnected()
    {
        std::printf("connected\n");
    }
    void onError(InterprocessQt::LocalSocket::LocalSocketError error)
    {
        std::printf("error %d\n", int(error));
        QCoreApplication::quit();
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    LocalServer server;
    server.setSocketOptions(LocalServer::UserAccessOption);
    if (!server.listen("porting"))
        return 1;
    LocalSocket socket;
    Client client(&socket);
    socket.connectToServer("porting");
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        delete server.nextPendingConnection();
    });
    return application.exec();
}

#include "porting.moc"
