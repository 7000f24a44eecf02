// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "rawsocket.h"

#include "job.h"
#include "meter.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Bench
{

namespace
{

struct Name {
    explicit Name(const QByteArray &path)
    {
        if (size_t(path.size()) >= sizeof address.sun_path)
            die("the path of the socket is too long");
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
    }
    const sockaddr *get() const
    {
        return reinterpret_cast<const sockaddr *>(&address);
    }
    sockaddr_un address = {};
};

} // namespace

int listenAt(const QByteArray &path)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const Name name(path);
    if (fd == -1 || ::bind(fd, name.get(), sizeof name.address) == -1 || ::listen(fd, Job::Backlog) == -1)
        dieErrno("listen");
    setNonBlocking(fd);
    return fd;
}

int connectTo(const QByteArray &path)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const Name name(path);
    if (fd == -1 || ::connect(fd, name.get(), sizeof name.address) == -1)
        dieErrno("connect");
    return fd;
}

void setNonBlocking(int fd)
{
    if (::fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
        dieErrno("fcntl");
}

IdleConnections::IdleConnections(const QByteArray &path, int count, int messageSize, pid_t server)
{
    m_descriptors.reserve(size_t(count));
    const double processorStart = processorTime(server);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i)
        m_descriptors.push_back(connectTo(path));
    if (count > 0) {
        std::vector<char> message(size_t(messageSize), 'i');
        const int last = m_descriptors.back();
        if (::send(last, message.data(), message.size(), MSG_NOSIGNAL) != messageSize
            || ::recv(last, message.data(), message.size(), MSG_WAITALL) != messageSize)
            dieErrno("the last of the idle connections got no answer");
    }
    m_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    m_processorSeconds = processorTime(server) - processorStart;
}

IdleConnections::~IdleConnections()
{
    for (const int fd : m_descriptors)
        ::close(fd);
}

} // namespace Bench
