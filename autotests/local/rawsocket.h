// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWSOCKET_H
#define RAWSOCKET_H

#include <InterprocessQt/NativeHandle>

#include <QByteArray>
#include <QFile>
#include <QString>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <vector>

/*
 * The other side as a program sees it that has the system calls only: what the library does is judged by these.
 */
namespace Raw
{

using InterprocessQt::NativeHandle;

struct Name {
    struct {
        sockaddr_un un;
        char nul; // a path may fill all of sun_path
    } address = {};
    socklen_t length = 0;

    [[nodiscard]] const sockaddr *data() const
    {
        return reinterpret_cast<const sockaddr *>(&address);
    }
};

inline Name fileName(const QString &path)
{
    const QByteArray bytes = QFile::encodeName(path);
    Name name;
    name.address.un.sun_family = AF_UNIX;
    std::memcpy(name.address.un.sun_path, bytes.constData(), std::min(size_t(bytes.size()), sizeof name.address.un.sun_path));
    name.length = socklen_t(std::min(offsetof(sockaddr_un, sun_path) + size_t(bytes.size()) + 1, sizeof name.address.un));
    return name;
}

// An abstract name: not a byte longer than it says, as the kernel compares all of them.
inline Name abstractName(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    Name name;
    name.address.un.sun_family = AF_UNIX;
    std::memcpy(name.address.un.sun_path + 1, bytes.constData(), size_t(bytes.size()));
    name.length = socklen_t(offsetof(sockaddr_un, sun_path) + 1 + size_t(bytes.size()));
    return name;
}

inline NativeHandle socket(int type = SOCK_STREAM, int domain = AF_UNIX)
{
    return NativeHandle(::socket(domain, type | SOCK_CLOEXEC, 0));
}

inline NativeHandle bound(const Name &name, int type = SOCK_STREAM)
{
    NativeHandle handle = socket(type);
    if (::bind(int(handle.get()), name.data(), name.length) == -1)
        handle.reset();
    return handle;
}

inline NativeHandle listening(const Name &name, int backlog = 5)
{
    NativeHandle handle = bound(name);
    if (handle && ::listen(int(handle.get()), backlog) == -1)
        handle.reset();
    return handle;
}

// errno tells why if the handle is invalid.
inline NativeHandle connected(const Name &name, int type = SOCK_STREAM, int flags = 0)
{
    NativeHandle handle = socket(type | flags);
    if (::connect(int(handle.get()), name.data(), name.length) == -1) {
        const int error = errno;
        handle.reset();
        errno = error;
    }
    return handle;
}

// Connects until the server has no room for one more.
inline std::vector<NativeHandle> fillBacklog(const Name &name)
{
    std::vector<NativeHandle> clients;
    while (clients.size() < 1000) {
        NativeHandle client = connected(name, SOCK_STREAM, SOCK_NONBLOCK);
        if (!client)
            break;
        clients.push_back(std::move(client));
    }
    return clients;
}

inline bool hasWaitingConnection(const NativeHandle &listener)
{
    const int flags = ::fcntl(int(listener.get()), F_GETFL);
    ::fcntl(int(listener.get()), F_SETFL, flags | O_NONBLOCK);
    const NativeHandle accepted(::accept(int(listener.get()), nullptr, nullptr));
    ::fcntl(int(listener.get()), F_SETFL, flags);
    return accepted.isValid();
}

inline NativeHandle accepted(const NativeHandle &listener)
{
    return NativeHandle(::accept4(int(listener.get()), nullptr, nullptr, SOCK_CLOEXEC));
}

// What is at a path, links not followed; nothing if there is nothing.
inline std::optional<struct stat> fileAt(const QString &path)
{
    struct stat status;
    if (::lstat(QFile::encodeName(path).constData(), &status) == -1)
        return {};
    return status;
}

// A socket that no process has any more: what a server leaves behind that was killed.
inline bool leaveStaleSocket(const QString &path)
{
    const NativeHandle server = listening(fileName(path));
    return server.isValid();
}

} // namespace Raw

#endif
