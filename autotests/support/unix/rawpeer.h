// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWPEER_H
#define RAWPEER_H

#include <InterprocessQt/Address>
#include <InterprocessQt/NativeHandle>

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

/*
 * A client as a program sees it that has the system calls only, the same for every system: these block.
 */
namespace RawPeer
{

using InterprocessQt::NativeHandle;

// Invalid if nobody listens at the path, or there is no room for one more.
inline NativeHandle connectTo(const QString &path, int flags = 0)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const QByteArray bytes = path.toLocal8Bit();
    std::memcpy(address.sun_path, bytes.constData(), std::min(size_t(bytes.size()), sizeof address.sun_path - 1));
    NativeHandle client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    if (::connect(int(client.get()), reinterpret_cast<const sockaddr *>(&address), sizeof address) == -1)
        client.reset();
    return client;
}

// Connects until the server has no room for one more.
inline std::vector<NativeHandle> fillQueue(const QString &path)
{
    std::vector<NativeHandle> clients;
    while (clients.size() < 1000) {
        NativeHandle client = connectTo(path, SOCK_NONBLOCK);
        if (!client)
            break;
        clients.push_back(std::move(client));
    }
    return clients;
}

inline bool write(const NativeHandle &client, const QByteArray &bytes)
{
    return ::send(int(client.get()), bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL) == bytes.size();
}

// What comes next, at most so much; empty: the end.
inline std::optional<QByteArray> read(const NativeHandle &client, qsizetype size = 65536)
{
    QByteArray bytes(size, Qt::Uninitialized);
    const ssize_t got = ::read(int(client.get()), bytes.data(), size_t(size));
    if (got < 0)
        return {};
    bytes.truncate(qsizetype(got));
    return bytes;
}

// Something to hand over.
inline NativeHandle anyHandle()
{
    return NativeHandle(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

// The code of writing to a peer that has gone.
inline constexpr int WriteToNobody = EPIPE;

} // namespace RawPeer

#endif
