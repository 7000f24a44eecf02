// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Takes open files from other processes. See filesender.cpp.

//! [program]
#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    UnixServer server;
    server.setMaximumDescriptors(1); // none are taken otherwise
    QObject::connect(&server, &UnixServer::newConnection, &server, [&server] {
        UnixSocket *client = server.nextPendingConnection();
        QObject::connect(client, &UnixSocket::readyRead, client, [client] {
            while (std::optional<UnixMessage> message = client->receive()) {
                QFile file;
                if (message->takeDescriptor().moveTo(file, QIODevice::ReadOnly))
                    std::printf("%s: %lld bytes\n", message->data().constData(), static_cast<long long>(file.size()));
            }
            std::fflush(stdout);
        });
        QObject::connect(client, &UnixSocket::disconnected, client, &QObject::deleteLater);
    });
    if (!server.listen(Address::runtime("files"))) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }
    std::printf("%s\n", qPrintable(server.fullServerName()));
    std::fflush(stdout);
    return application.exec();
}
//! [program]
