// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"
#include "messagebuffer.h"
#include "rawsocket.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Bench
{

namespace
{

// What our library asks for too (see src/unix/unixstreamio.cpp).
constexpr int TunedSendBuffer = 212992;
// A full part of this size is not gathered any further.
constexpr size_t GatherSize = 64 * 1024;
constexpr qint64 TurnShare = 1024 * 1024;

class Connection
{
public:
    Connection(int descriptor, Writing how, int messageSize)
        : fd(descriptor)
        , m_how(how)
        , m_in(messageSize)
    {
        if (m_how == Writing::Tuned)
            ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &TunedSendBuffer, sizeof TunedSendBuffer);
    }
    ~Connection()
    {
        ::close(fd);
    }
    Q_DISABLE_COPY_MOVE(Connection)

    void write(const char *data, size_t size)
    {
        size_t sent = 0;
        if (m_out.empty() && (m_how == Writing::Single || size >= GatherSize))
            sent = send(data, size);
        m_out.insert(m_out.end(), data + sent, data + size);
        if (m_out.size() - m_outDone >= GatherSize)
            flush();
    }

    void flush()
    {
        if (m_out.empty() || isBlocked)
            return;
        m_outDone += send(m_out.data() + m_outDone, m_out.size() - m_outDone);
        if (m_outDone == m_out.size()) {
            m_out.clear();
            m_outDone = 0;
        }
    }

    // False when the peer has gone.
    template<typename Handle>
    bool readMessages(Handle &&handle)
    {
        return readAll([&](ssize_t got) {
            m_in.commit(size_t(got), handle);
        });
    }

    template<typename Handle>
    bool readAll(Handle &&handle)
    {
        for (;;) {
            const ssize_t got = ::recv(fd, m_in.space(), MessageBuffer::ReadSize, 0);
            if (got == -1 && errno == EAGAIN)
                return true;
            if (got <= 0)
                return false;
            handle(got);
            // Level-triggered: what is left is reported again.
            if (m_how != Writing::Tuned || got < ssize_t(MessageBuffer::ReadSize))
                return true;
        }
    }

    const int fd;
    bool isBlocked = false; // waits until the kernel takes more
    bool isWatched = false; // for that

private:
    size_t send(const char *data, size_t size)
    {
        const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == -1 && errno != EAGAIN && errno != EPIPE)
            dieErrno("send");
        isBlocked = sent < ssize_t(size);
        return size_t(std::max<ssize_t>(0, sent));
    }

    const Writing m_how;
    MessageBuffer m_in;
    std::vector<char> m_out;
    size_t m_outDone = 0;
};

class EpollBackend : public Backend
{
public:
    explicit EpollBackend(Writing how)
        : m_how(how)
        , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    {
        if (m_epoll == -1)
            dieErrno("epoll_create1");
    }
    ~EpollBackend() override
    {
        ::close(m_epoll);
    }

    void serve(const Job &job, Probe &probe) override
    {
        ServerScript script(job);
        const int listener = listenAt(job.path);
        control(EPOLL_CTL_ADD, listener, EPOLLIN, nullptr);
        probe.listening();
        for (;;) {
            for (int i = 0, count = wait(); i < count; ++i) {
                const epoll_event &event = m_events[size_t(i)];
                if (!event.data.ptr)
                    acceptAll(listener, script.messageSize(), probe);
                else
                    answer(static_cast<Connection *>(event.data.ptr), event.events, script);
            }
        }
    }

    void run(const Job &job, ClientScript &script) override
    {
        script.begin();
        do {
            Connection connection(connectTo(job.path), m_how, script.answerSize());
            setNonBlocking(connection.fd);
            control(EPOLL_CTL_ADD, connection.fd, EPOLLIN, &connection);
            const auto write = [&connection](const char *data, size_t size) {
                connection.write(data, size);
            };
            script.connected(write);
            bool answered = false;
            while (!script.isFinished() && !(script.isCycle() && answered)) {
                if (script.isStream())
                    produce(connection, script);
                connection.flush();
                watchWriting(connection, connection.isBlocked || script.isStream());
                wait();
                const quint32 what = m_events[0].events;
                if (what & EPOLLOUT)
                    connection.isBlocked = false;
                const auto take = [&](const char *data) {
                    script.answer(data, write);
                    answered = true;
                };
                if ((what & ~quint32(EPOLLOUT)) && !connection.readMessages(take))
                    die("the server has closed the connection");
            }
        } while (!script.isFinished());
    }

private:
    int wait()
    {
        int count;
        do
            count = ::epoll_wait(m_epoll, m_events.data(), int(m_events.size()), -1);
        while (count == -1 && errno == EINTR);
        return count;
    }

    void control(int operation, int fd, quint32 what, void *data)
    {
        epoll_event event = {};
        event.events = what;
        event.data.ptr = data;
        if (::epoll_ctl(m_epoll, operation, fd, &event) == -1)
            dieErrno("epoll_ctl");
    }

    void watchWriting(Connection &connection, bool watch)
    {
        if (watch == connection.isWatched)
            return;
        connection.isWatched = watch;
        control(EPOLL_CTL_MOD, connection.fd, watch ? EPOLLIN | EPOLLOUT : EPOLLIN, &connection);
    }

    void acceptAll(int listener, int messageSize, Probe &probe)
    {
        int fd;
        while ((fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
            control(EPOLL_CTL_ADD, fd, EPOLLIN, new Connection(fd, m_how, messageSize));
            probe.accepted();
        }
        if (errno != EAGAIN)
            dieErrno("accept");
    }

    void answer(Connection *connection, quint32 what, ServerScript &script)
    {
        if (what & EPOLLOUT)
            connection->isBlocked = false;
        const size_t size = size_t(script.messageSize());
        const bool alive = script.isSink() ? connection->readAll([&](ssize_t got) {
            script.drained(got, [&](const char *data, size_t length) {
                connection->write(data, length);
            });
        })
                                           : connection->readMessages([&](const char *message) {
                                                 connection->write(message, size);
                                             });
        if (!alive) {
            delete connection;
            return;
        }
        connection->flush();
        watchWriting(*connection, connection->isBlocked);
    }

    static void produce(Connection &connection, const ClientScript &script)
    {
        const auto &piece = script.piece();
        for (qint64 share = TurnShare; share > 0 && !connection.isBlocked; share -= qint64(piece.size()))
            connection.write(piece.constData(), size_t(piece.size()));
    }

    const Writing m_how;
    const int m_epoll;
    std::array<epoll_event, 256> m_events;
};

} // namespace

std::unique_ptr<Backend> makeEpollBackend(Writing writing)
{
    return std::make_unique<EpollBackend>(writing);
}

} // namespace Bench
