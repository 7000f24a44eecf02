// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

#include <QCoreApplication>

#include <cstdio>
#include <functional>

using namespace InterprocessQt;

/*
 * peer_messagesocket echo <transport> <path>: a server that sends back what it gets.
 * peer_messagesocket produce <transport> <path>: connects, and sends 5000 messages of 1000 bytes; pauses while congested, and
 * says after how many that was for the first time.
 * peer_messagesocket activated <transport>: the same server on the socket that it was started with.
 */
namespace
{

void say(const QByteArray &line)
{
    std::puts(line.constData());
    std::fflush(stdout);
}

// As Messages::message() in messagesockets.h makes it.
QByteArray numbered(quint32 seed)
{
    QByteArray bytes(1000, Qt::Uninitialized);
    for (char &byte : bytes) {
        seed = seed * 1664525 + 1013904223;
        byte = char(seed >> 24);
    }
    return bytes;
}

int echo(MessageServer &server)
{
    QObject::connect(&server, &MessageServer::newConnection, &server, [&server] {
        MessageSocket *const socket = server.nextPendingConnection();
        QObject::connect(socket, &MessageSocket::messageReceived, socket, [socket](const QByteArray &message) {
            socket->send(message);
        });
        QObject::connect(socket, &MessageSocket::disconnected, socket, &QObject::deleteLater);
    });
    say("listening");
    return QCoreApplication::exec();
}

int produce(MessageSocket &socket, const QString &path)
{
    constexpr int Count = 5000;
    socket.setWriteBufferLimit(50'000);
    int sent = 0;
    bool told = false;
    const auto work = [&] {
        while (sent < Count && !socket.isCongested()) {
            if (!socket.send(numbered(quint32(sent))))
                break;
            ++sent;
        }
        if (sent == Count)
            socket.disconnectFromServer();
    };
    QObject::connect(&socket, &MessageSocket::congestedChanged, &socket, [&](bool congested) {
        if (!congested)
            work();
        else if (!std::exchange(told, true))
            say("congested after " + QByteArray::number(sent));
    });
    QObject::connect(&socket, &MessageSocket::connected, &socket, work);
    QObject::connect(&socket, &MessageSocket::disconnected, qApp, [&] {
        QCoreApplication::exit(sent == Count ? 0 : 1);
    });
    socket.connectToServer(Address::filePath(path));
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString what = arguments.value(1);
    const auto transport = arguments.value(2) == "stream" ? MessageSocket::Transport::Stream : MessageSocket::Transport::Packets;
    if (what == "produce") {
        MessageSocket socket(transport);
        return produce(socket, arguments.value(3));
    }
    MessageServer server(transport);
    const bool listens = what == "activated" ? server.listenActivated() : server.listen(Address::filePath(arguments.value(3)));
    if (!listens) {
        say("error " + QByteArray::number(server.serverError()) + ' ' + server.errorString().toUtf8());
        return 1;
    }
    return echo(server);
}
