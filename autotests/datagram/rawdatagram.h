// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWDATAGRAM_H
#define RAWDATAGRAM_H

#include "../local/rawsocket.h"

#include <poll.h>

// The other side with the system calls only.
namespace Raw
{

inline NativeHandle receiver(const QString &path)
{
    return bound(fileName(path), SOCK_DGRAM);
}

// The next datagram, or nothing if none comes within the time.
inline std::optional<QByteArray> received(const NativeHandle &socket, int msecs = 0)
{
    pollfd state = {int(socket.get()), POLLIN, 0};
    if (::poll(&state, 1, msecs) != 1)
        return {};
    QByteArray data(1 << 20, Qt::Uninitialized);
    const ssize_t size = ::recv(int(socket.get()), data.data(), size_t(data.size()), MSG_DONTWAIT);
    if (size < 0)
        return {};
    data.truncate(size);
    return data;
}

inline bool sendTo(const NativeHandle &socket, const QByteArray &data, const QString &path)
{
    const Name name = fileName(path);
    return ::sendto(int(socket.get()), data.constData(), size_t(data.size()), MSG_DONTWAIT, name.data(), name.length) == data.size();
}

// Sends until the receiver has no room for one more; how many it took.
inline int fill(const QString &path)
{
    const NativeHandle sender = socket(SOCK_DGRAM);
    int count = 0;
    while (count < 10'000 && sendTo(sender, "filler", path))
        ++count;
    return count;
}

} // namespace Raw

#endif
