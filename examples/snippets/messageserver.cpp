// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A server that talks JSON: says what tracks there are. See messageclient.cpp.

//! [program]
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

using namespace InterprocessQt;

namespace
{

QJsonObject answerTo(const QByteArray &message)
{
    QJsonParseError error;
    const QJsonObject question = QJsonDocument::fromJson(message, &error).object();
    if (error.error != QJsonParseError::NoError)
        return {{"error", error.errorString()}};
    if (question.value("command") == "status")
        return {{"title", "Blue Train"}, {"seconds", 643}};
    return {{"error", "unknown command"}};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    MessageServer server;
    QObject::connect(&server, &MessageServer::newConnection, &server, [&server] {
        MessageSocket *client = server.nextPendingConnection();
        QObject::connect(client, &MessageSocket::messageReceived, client, [client](const QByteArray &message) {
            client->send(QJsonDocument(answerTo(message)).toJson(QJsonDocument::Compact));
        });
        QObject::connect(client, &MessageSocket::disconnected, client, &QObject::deleteLater);
    });
    if (!server.listen(Address::runtime("player"))) {
        std::fprintf(stderr, "%s\n", qPrintable(server.errorString()));
        return 1;
    }
    std::printf("%s\n", qPrintable(server.fullServerName()));
    std::fflush(stdout);
    return application.exec();
}
//! [program]
