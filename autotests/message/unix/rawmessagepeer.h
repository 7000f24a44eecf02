// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWMESSAGEPEER_H
#define RAWMESSAGEPEER_H

#include "../../local/rawsocket.h"

#include "../messagesockets.h"

#include <utility>

/*
 * A peer of message sockets that has the system calls only, behind the same functions for every system. What stands in
 * front of them is for tests of Unix alone.
 */
namespace Messages
{

inline int socketType(Transport transport)
{
    return transport == Transport::Packets ? SOCK_SEQPACKET : SOCK_STREAM;
}

// ---- For every system

// Of what the kernel takes at once.
inline bool rawSendBytes(const NativeHandle &peer, const QByteArray &bytes)
{
    return ::send(int(peer.get()), bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL) == bytes.size();
}

inline bool rawSend(const NativeHandle &peer, Transport transport, const QByteArray &message)
{
    return rawSendBytes(peer, frame(transport, message));
}

// A message that is there, or comes within five seconds; of the end nothing.
inline std::optional<QByteArray> rawReceive(const NativeHandle &peer, Transport transport)
{
    const timeval patience = {5, 0};
    ::setsockopt(int(peer.get()), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    quint32 size = 1024 * 1024;
    if (transport == Transport::Stream) {
        char head[4];
        if (::recv(int(peer.get()), head, sizeof head, MSG_WAITALL) != ssize_t(sizeof head))
            return {};
        size = qFromBigEndian<quint32>(head);
    }
    QByteArray bytes(qsizetype(size), Qt::Uninitialized);
    const int flags = transport == Transport::Stream ? MSG_WAITALL : 0;
    const ssize_t got = size == 0 ? 0 : ::recv(int(peer.get()), bytes.data(), size, flags);
    if (got < 0)
        return {};
    bytes.truncate(qsizetype(got));
    return bytes;
}

// Whether the end is what comes next.
inline bool rawSeesTheEnd(const NativeHandle &peer)
{
    char byte;
    const ssize_t got = ::recv(int(peer.get()), &byte, 1, 0);
    return got == 0 || (got == -1 && errno == ECONNRESET);
}

// Where Feature::HalfClose is supported.
inline void rawHalfClose(const NativeHandle &peer)
{
    ::shutdown(int(peer.get()), SHUT_WR);
}

inline std::pair<NativeHandle, NativeHandle> rawPair(Transport transport)
{
    int ends[2] = {-1, -1};
    static_cast<void>(::socketpair(AF_UNIX, socketType(transport) | SOCK_CLOEXEC, 0, ends));
    return {NativeHandle(ends[0]), NativeHandle(ends[1])};
}

inline NativeHandle rawConnected(const QString &path, Transport transport)
{
    return Raw::connected(Raw::fileName(path), socketType(transport));
}

// A server with room for one client; invalid: it could not be made.
class RawServer
{
public:
    RawServer(const QString &path, Transport transport)
        : m_listener(Raw::bound(Raw::fileName(path), socketType(transport)))
    {
        if (m_listener && ::listen(int(m_listener.get()), 0) == -1)
            m_listener.reset();
    }
    [[nodiscard]] bool isValid() const
    {
        return m_listener.isValid();
    }
    // The client that is there; another one may come then.
    [[nodiscard]] NativeHandle accepted()
    {
        return Raw::accepted(m_listener);
    }

private:
    NativeHandle m_listener;
};

// Handles that a message socket of that kind cannot take over, and what its text is to say of each.
inline std::vector<std::pair<NativeHandle, QString>> rawUnsuitable(Transport transport)
{
    std::vector<std::pair<NativeHandle, QString>> handles;
    const QString wanted = transport == Transport::Packets ? QStringLiteral("SOCK_SEQPACKET") : QStringLiteral("SOCK_STREAM");
    handles.emplace_back(rawPair(transport == Transport::Packets ? Transport::Stream : Transport::Packets).first, wanted);
    handles.emplace_back(Raw::socket(SOCK_DGRAM), wanted);
    handles.emplace_back(Raw::socket(socketType(transport)), QString()); // not connected
    return handles;
}

// What a server leaves behind that was killed; false where nothing is.
inline bool rawLeaveStaleName(const QString &path)
{
    return Raw::leaveStaleSocket(path);
}

// Whether there is a limit for packets that is not ours.
inline constexpr bool SystemLimitsPackets = true;

// Who wants the other kind of messages, or a stream, is told no by the system; its code.
inline constexpr int OtherKind = EPROTOTYPE;
// The end of a peer that has not read everything.
inline constexpr int LeftUnread = ECONNRESET;

} // namespace Messages

#endif
