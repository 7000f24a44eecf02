// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Asks the server of messageserver.cpp, in JSON.

//! [program]
#include <InterprocessQt/MessageSocket>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

using namespace InterprocessQt;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);

    MessageSocket socket;
    QObject::connect(&socket, &MessageSocket::messageReceived, &socket, [](const QByteArray &message) {
        const QJsonObject answer = QJsonDocument::fromJson(message).object();
        std::printf("%s, %d s\n", qPrintable(answer.value("title").toString()), answer.value("seconds").toInt());
        QCoreApplication::quit();
    });
    QObject::connect(&socket, &MessageSocket::errorOccurred, &socket, [&socket] {
        std::fprintf(stderr, "%s\n", qPrintable(socket.errorString()));
        QCoreApplication::exit(1);
    });
    socket.connectToServer(Address::runtime("player"));
    const QJsonObject question{{"command", "status"}};
    socket.send(QJsonDocument(question).toJson(QJsonDocument::Compact)); // goes as soon as the connection is there
    return application.exec();
}
//! [program]
