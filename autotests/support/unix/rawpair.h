// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWPAIR_H
#define RAWPAIR_H

#include "rawpeer.h"

#include <cerrno>
#include <poll.h>

/*
 * Connections with the system calls at one end or at both, the same for every system.
 */
namespace RawPeer
{

// Two ends of a connection, ours as the library makes it and the peer's, which blocks. Neither is valid if the system gives no
// buffer of the size that is asked for (0: what it gives by itself).
struct Pair {
    NativeHandle ours;
    NativeHandle peer;
};

inline Pair pair(int buffer = 0)
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
        return {};
    Pair made{NativeHandle(ends[0]), NativeHandle(ends[1])};
#ifdef SO_SNDBUFFORCE
    if (buffer > 0 && ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer) == -1)
        return {}; // only root may
#else
    if (buffer > 0 && ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer) == -1)
        return {};
#endif
    return made;
}

// What has come, at most so much, without waiting for it. Empty: the end. None: nothing so far.
inline std::optional<QByteArray> readNow(const NativeHandle &end, qsizetype size = 65536)
{
    pollfd watched{int(end.get()), POLLIN, 0};
    if (::poll(&watched, 1, 0) != 1)
        return {};
    return read(end, size);
}

// Waits for so much; less is all there is before the end.
inline QByteArray readFully(const NativeHandle &end, qsizetype size)
{
    QByteArray bytes;
    while (bytes.size() < size) {
        const auto part = read(end, std::min<qsizetype>(65536, size - bytes.size()));
        if (!part || part->isEmpty())
            break;
        bytes += *part;
    }
    return bytes;
}

// Ends what another thread waits for at this end, and the connection.
inline void interrupt(const NativeHandle &end)
{
    ::shutdown(int(end.get()), SHUT_RDWR);
}

// Writes until the system takes no more without waiting.
inline void fill(const NativeHandle &end)
{
    const QByteArray block(65536, 'f');
    while (::send(int(end.get()), block.constData(), size_t(block.size()), MSG_NOSIGNAL | MSG_DONTWAIT) > 0) { }
}

// Of a kind that has connections, and without one.
inline NativeHandle unconnected()
{
    return NativeHandle(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

inline bool isOpen(NativeHandle::Type handle)
{
    return ::fcntl(int(handle), F_GETFD) != -1;
}

inline bool isInheritable(NativeHandle::Type handle)
{
    return !(::fcntl(int(handle), F_GETFD) & FD_CLOEXEC);
}

// Whether the kernel tells of the process behind a pidfd that it has ended.
inline bool isSignalled(const NativeHandle &process)
{
    pollfd watched{int(process.get()), POLLIN, 0};
    return ::poll(&watched, 1, 0) == 1;
}

// A server that takes one client at a time, when it is asked to.
class Server
{
public:
    explicit Server(const QString &path)
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        const QByteArray bytes = path.toLocal8Bit();
        std::memcpy(address.sun_path, bytes.constData(), std::min(size_t(bytes.size()), sizeof address.sun_path - 1));
        NativeHandle made = unconnected();
        if (::bind(int(made.get()), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 && ::listen(int(made.get()), 0) == 0)
            m_listener = std::move(made);
    }
    [[nodiscard]] bool isValid() const
    {
        return m_listener.isValid();
    }
    // Waits for one.
    [[nodiscard]] NativeHandle accept()
    {
        return NativeHandle(::accept(int(m_listener.get()), nullptr, nullptr));
    }

private:
    NativeHandle m_listener;
};

} // namespace RawPeer

#endif
