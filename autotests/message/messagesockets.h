// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef MESSAGESOCKETS_H
#define MESSAGESOCKETS_H

#include "ipctest.h"

#include <InterprocessQt/MessageServer>
#include <InterprocessQt/MessageSocket>

#include <QRandomGenerator>
#include <QtEndian>

#include <memory>

/*
 * What tests of message sockets share: each runs with both transports.
 */
namespace Messages
{

using InterprocessQt::Address;
using InterprocessQt::MessageServer;
using InterprocessQt::MessageSocket;
using InterprocessQt::NativeHandle;
using Transport = MessageSocket::Transport;
using List = QList<QByteArray>;

inline void addTransports()
{
    QTest::addColumn<Transport>("transport");
    QTest::newRow("packets") << Transport::Packets;
    QTest::newRow("stream") << Transport::Stream;
}

// Each row of a table once with each transport.
template<typename Add>
void addWithTransports(Add add)
{
    QTest::addColumn<Transport>("transport");
    for (const auto &[transport, name] : {std::pair(Transport::Packets, "packets"), std::pair(Transport::Stream, "stream")})
        add(transport, QByteArray(name) + ", ");
}

// Not two alike, so that one that is in the wrong place is seen.
inline QByteArray message(qsizetype size, quint32 seed = 1)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes) {
        seed = seed * 1664525 + 1013904223;
        byte = char(seed >> 24);
    }
    return bytes;
}

// As it travels.
inline QByteArray frame(Transport transport, const QByteArray &message)
{
    if (transport == Transport::Packets)
        return message;
    QByteArray head(4, Qt::Uninitialized);
    qToBigEndian(quint32(message.size()), head.data());
    return head + message;
}

// What a socket tells, in order.
struct Record {
    explicit Record(MessageSocket &socket)
    {
        QObject::connect(&socket, &MessageSocket::messageReceived, &context, [this](const QByteArray &message) {
            messages << message;
            lines << "message " + message.first(std::min<qsizetype>(message.size(), 40));
        });
        QObject::connect(&socket, &MessageSocket::connected, &context, [this] {
            lines << "connected";
        });
        QObject::connect(&socket, &MessageSocket::disconnected, &context, [this] {
            lines << "disconnected";
        });
        QObject::connect(&socket, &MessageSocket::errorOccurred, &context, [this](MessageSocket::Error error) {
            errors << error;
            lines << "error " + QByteArray::number(error);
        });
    }
    List messages;
    List lines;
    QList<MessageSocket::Error> errors;
    QObject context; // gone before the lists are
};

inline QByteArray errorLine(MessageSocket::Error error)
{
    return "error " + QByteArray::number(error);
}

// Where the system has no way to tell empty packets at the very end of a connection from the end.
inline bool losesLastEmpty(Transport transport)
{
#ifdef LAST_EMPTY_PACKETS_ARE_LOST
    return transport == Transport::Packets;
#else
    Q_UNUSED(transport);
    return false;
#endif
}

// A server and one connection to it.
struct Ends {
    Ends(Transport transport, const QString &name)
        : server(transport)
        , client(transport)
    {
        if (!server.listen(Address::filePath(name)))
            return;
        client.connectToServer(Address::filePath(name));
        if (server.waitForNewConnection(5000))
            accepted.reset(server.nextPendingConnection());
    }
    [[nodiscard]] bool isValid() const
    {
        return accepted && accepted->state() == MessageSocket::State::ConnectedState;
    }
    MessageServer server;
    MessageSocket client;
    std::unique_ptr<MessageSocket> accepted;
};

} // namespace Messages

#endif
