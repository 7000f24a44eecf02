// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_RAWSOCKET_H
#define BENCH_RAWSOCKET_H

#include <QByteArray>

#include <vector>

#include <sys/types.h>

// Sockets without a library. Whatever fails ends the process: there is nothing to measure then.
namespace Bench
{

[[nodiscard]] int listenAt(const QByteArray &path);
// Waits while the backlog is full.
[[nodiscard]] int connectTo(const QByteArray &path);
void setNonBlocking(int fd);

// Connections that are made and then only held. Sends a message over the last one and waits until it comes back: a
// server that answers that one has accepted all.
class IdleConnections
{
public:
    IdleConnections(const QByteArray &path, int count, int messageSize, pid_t server);
    ~IdleConnections();
    Q_DISABLE_COPY_MOVE(IdleConnections)

    [[nodiscard]] double seconds() const
    {
        return m_seconds;
    }
    [[nodiscard]] double processorSeconds() const
    {
        return m_processorSeconds;
    }

private:
    std::vector<int> m_descriptors;
    double m_seconds = 0;
    double m_processorSeconds = 0;
};

} // namespace Bench

#endif
