// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A server that answers questions, and a client with some, both in this process for once.

#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <cstdio>

using namespace InterprocessQt;

namespace
{

void say(const QByteArray &line)
{
    std::printf("%s\n", line.constData());
}

//! [server]
void serve(MessageServer &server, const Address &address)
{
    QObject::connect(&server, &MessageServer::newConnection, &server, [&server] {
        MessageSocket *client = server.nextPendingConnection();
        QObject::connect(client, &MessageSocket::messageReceived, client, [client](const QByteArray &question) {
            client->send("the answer to " + question);
        });
        QObject::connect(client, &MessageSocket::disconnected, client, &QObject::deleteLater);
    });
    if (!server.listen(address))
        qWarning("%s", qPrintable(server.errorString()));
}
//! [server]

//! [client]
void ask(MessageSocket &socket, const Address &address)
{
    QObject::connect(&socket, &MessageSocket::messageReceived, &socket, [&socket](const QByteArray &answer) {
        say(answer); // whole, and one for each question
        if (answer.endsWith("two"))
            socket.disconnectFromServer();
    });
    QObject::connect(&socket, &MessageSocket::errorOccurred, &socket, [&socket] {
        qWarning("%s", qPrintable(socket.errorString()));
    });
    socket.connectToServer(address);
    socket.send("question one"); // goes when the connection is there
    socket.send("question two");
}
//! [client]

//! [handles]
// Descriptors arrive beside the message that they were sent with.
void receiveFile(MessageSocket &socket)
{
    socket.setMaximumHandles(1);
    QObject::connect(&socket, &MessageSocket::messageReceived, &socket, [&socket](const QByteArray &name) {
        for (const NativeHandle &file : socket.takeHandles())
            say(name + (file.isValid() ? " has arrived" : " is missing"));
        QCoreApplication::quit();
    });
}

bool sendFile(MessageSocket &socket, const QByteArray &name, NativeHandle file)
{
    std::vector<NativeHandle> handles;
    handles.push_back(std::move(file));
    return socket.send(name, std::move(handles));
}
//! [handles]

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir directory;
    const Address address = Address::filePath(directory.filePath("questions"));
    MessageServer server;
    serve(server, address);
    MessageSocket client;
    ask(client, address);

    auto [sender, receiver] = MessageSocket::pair();
    receiveFile(*receiver);
    QFile file(directory.filePath("file"));
    QObject::connect(&client, &MessageSocket::disconnected, sender.get(), [socket = sender.get(), &file] {
        NativeHandle own(file.open(QIODevice::WriteOnly) ? file.handle() : -1);
        NativeHandle copy = own.duplicate();
        static_cast<void>(own.release()); // it is the file's
        if (!sendFile(*socket, "a file", std::move(copy)))
            qWarning("%s", qPrintable(socket->errorString()));
    });
    return QCoreApplication::exec();
}
