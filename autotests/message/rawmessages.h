// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWMESSAGES_H
#define RAWMESSAGES_H

#include "../local/rawsocket.h"

#include "messagesockets.h"

#include <QtEndian>

/*
 * A peer of message sockets that has the system calls only. For Unix.
 */
namespace Messages
{

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
