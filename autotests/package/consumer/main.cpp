// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A server and a client in one program: the client says something, the server says it back.

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/interprocessqt_version.h>

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QByteArray message = "installed and found";

    LocalServer server;
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        LocalSocket *peer = server.nextPendingConnection();
        QObject::connect(peer, &LocalSocket::readyRead, peer, [peer] {
            peer->write(peer->readAll());
        });
    });
    const QString name = QStringLiteral("interprocessqt-consumer-%1").arg(QCoreApplication::applicationPid());
    if (!server.listen(name)) {
        std::fprintf(stderr, "listen: %s\n", qPrintable(server.errorString()));
        return 1;
    }

    LocalSocket client;
    QByteArray answer;
    QObject::connect(&client, &LocalSocket::connected, &client, [&client, &message] {
        client.write(message);
    });
    QObject::connect(&client, &LocalSocket::readyRead, &client, [&client, &message, &answer] {
        answer += client.readAll();
        if (answer.size() >= message.size()) {
            QCoreApplication::quit();
        }
    });
    client.connectToServer(name);

    QTimer::singleShot(10000, &application, [] {
        QCoreApplication::exit(1);
    });
    const int result = application.exec();
    if (result != 0 || answer != message) {
        std::fprintf(stderr, "no answer: %s\n", qPrintable(client.errorString()));
        return 1;
    }
    std::printf("InterprocessQt %s: %s\n", INTERPROCESSQT_VERSION_STRING, answer.constData());
    return 0;
}
