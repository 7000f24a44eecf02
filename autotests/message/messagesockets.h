// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef MESSAGESOCKETS_H
#define MESSAGESOCKETS_H

#include "../local/rawsocket.h"

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

// ---- A peer that has the system calls only

inline int socketType(Transport transport)
{
    return transport == Transport::Packets ? SOCK_SEQPACKET : SOCK_STREAM;
}

inline QByteArray frame(Transport transport, const QByteArray &message)
{
    if (transport == Transport::Packets)
        return message;
    QByteArray head(4, Qt::Uninitialized);
    qToBigEndian(quint32(message.size()), head.data());
    return head + message;
}

// Of messages that the kernel takes at once.
inline bool rawSend(const NativeHandle &socket, Transport transport, const QByteArray &message)
{
    const QByteArray bytes = frame(transport, message);
    return ::send(int(socket.get()), bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL) == bytes.size();
}

// A message that is there, or comes within five seconds; of the end nothing.
inline std::optional<QByteArray> rawReceive(const NativeHandle &socket, Transport transport)
{
    const timeval patience = {5, 0};
    ::setsockopt(int(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    quint32 size = 1024 * 1024;
    if (transport == Transport::Stream) {
        char head[4];
        if (::recv(int(socket.get()), head, sizeof head, MSG_WAITALL) != ssize_t(sizeof head))
            return {};
        size = qFromBigEndian<quint32>(head);
    }
    QByteArray bytes(qsizetype(size), Qt::Uninitialized);
    const int flags = transport == Transport::Stream ? MSG_WAITALL : 0;
    const ssize_t got = size == 0 ? 0 : ::recv(int(socket.get()), bytes.data(), size, flags);
    if (got < 0)
        return {};
    bytes.truncate(qsizetype(got));
    return bytes;
}

// Two that are connected: one of ours, and the other as a descriptor.
inline std::pair<std::unique_ptr<MessageSocket>, NativeHandle> withRawPeer(Transport transport)
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, socketType(transport) | SOCK_CLOEXEC, 0, ends) == -1)
        return {};
    auto socket = std::make_unique<MessageSocket>(transport);
    NativeHandle peer(ends[1]);
    if (!socket->setSocketDescriptor(ends[0])) {
        const NativeHandle unused(ends[0]);
        return {};
    }
    return {std::move(socket), std::move(peer)};
}

} // namespace Messages

#endif
