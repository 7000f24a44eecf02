// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Decides by the credentials of a peer whether it may connect.

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>
#include <QSet>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QSet<quint32> allowed; // nobody, or this user
    if (application.arguments().value(1) == "open")
        allowed.insert(PeerCredentials::ofThisProcess().userId().value_or(0));

    LocalServer server;
    //! [predicate]
    server.setPeerPolicy([allowed](const PeerCredentials &peer) {
        return peer.userId() && allowed.contains(*peer.userId()); // what is not known is a no
    });
    QObject::connect(&server, &LocalServer::peerRejected, &server, [](const PeerCredentials &peer) {
        std::printf("refused user %lld\n", peer.userId() ? static_cast<long long>(*peer.userId()) : -1);
    });
    //! [predicate]
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        const LocalSocket *client = server.nextPendingConnection();
        std::printf("%s\n", client->peerCredentials().isSameUser() ? "it is me" : "it is somebody else");
        server.close();
        delete client;
    });
    // A name without a file has no permissions that could decide.
    if (!server.listen(Address::namespaced(QString("snippet-peers-%1").arg(QCoreApplication::applicationPid())))) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }

    LocalSocket socket;
    QObject::connect(&socket, &LocalSocket::disconnected, &application, &QCoreApplication::quit, Qt::QueuedConnection);
    //! [client]
    QObject::connect(&socket, &LocalSocket::connected, &socket, [&socket] {
        if (!socket.peerCredentials().isSameUser())
            socket.abort(); // somebody else has the name
    });
    //! [client]
    socket.connectToServer(server.serverAddress());
    return application.exec();
}
