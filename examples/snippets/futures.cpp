// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Answers as futures of Qt Core, without any other library.

//! [program]
#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

#include <QCoreApplication>
#include <QFuture>
#include <QTemporaryDir>

#include <cstdio>

using namespace InterprocessQt;

namespace
{

//! [ask]
QFuture<QByteArray> ask(MessageSocket &socket, const QByteArray &question)
{
    QFuture<QByteArray> answer = QtFuture::connect(&socket, &MessageSocket::messageReceived);
    socket.send(question);
    return answer;
}
//! [ask]

void show(const QByteArray &text)
{
    std::printf("%s\n", text.constData());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir directory;
    MessageServer server;
    QObject::connect(&server, &MessageServer::newConnection, &server, [&server] {
        MessageSocket *client = server.nextPendingConnection();
        QObject::connect(client, &MessageSocket::messageReceived, client, [client](const QByteArray &question) {
            client->send("the answer to " + question);
        });
    });
    if (!server.listen(Address::filePath(directory.filePath("questions"))))
        return 1;

    MessageSocket socket;
    socket.connectToServer(server.serverAddress());
    //! [chain]
    ask(socket, "question one")
        .then(&socket,
              [&socket](const QByteArray &answer) {
                  show(answer);
                  return ask(socket, "question two");
              })
        .unwrap()
        .then(&socket, [](const QByteArray &answer) {
            show(answer);
            QCoreApplication::quit();
        });
    //! [chain]
    return QCoreApplication::exec();
}
//! [program]
