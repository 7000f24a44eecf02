// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"

#if BENCHMARK_ASIO

#include "messagebuffer.h"

#include <asio.hpp>

namespace Bench
{

namespace
{

using Protocol = asio::local::stream_protocol;

constexpr size_t HighWater = 256 * 1024;
// A connection has a read under way as long as it lives, also an idle one: it begins with a small buffer.
constexpr size_t FirstRead = 1024;

// A connection in the usual manner of Asio: one read and one write under way, what is written meanwhile is gathered.
class Connection
{
public:
    Connection(Protocol::socket socket, int messageSize)
        : in(messageSize, FirstRead)
        , m_socket(std::move(socket))
    {
    }
    virtual ~Connection() = default;
    Q_DISABLE_COPY_MOVE(Connection)

    void read()
    {
        m_reading = true;
        m_socket.async_read_some(asio::buffer(in.space(), in.readSize()), [this](const asio::error_code &error, size_t got) {
            m_reading = false;
            if (!m_closed && !error) {
                arrived(got);
                in.adapt(got);
            }
            if (!m_closed && !error)
                read();
            else
                ended();
        });
    }

    void write(const char *data, size_t size)
    {
        m_gathered.insert(m_gathered.end(), data, data + size);
        if (!m_writing)
            writeGathered();
    }

    // The object goes when nothing refers to it any more.
    void close()
    {
        m_closed = true;
        m_socket.close();
    }

    [[nodiscard]] size_t pending() const
    {
        return m_gathered.size();
    }

    MessageBuffer in;

protected:
    virtual void arrived(size_t size) = 0;
    virtual void written()
    {
    }

    Protocol::socket &socket()
    {
        return m_socket;
    }

private:
    void writeGathered()
    {
        m_writing = true;
        m_underWay.clear();
        m_underWay.swap(m_gathered);
        asio::async_write(m_socket, asio::buffer(m_underWay), [this](const asio::error_code &error, size_t) {
            m_writing = false;
            if (m_closed || error)
                return ended();
            if (!m_gathered.empty())
                writeGathered();
            written();
        });
    }

    void ended()
    {
        m_closed = true;
        if (!m_reading && !m_writing)
            delete this;
        else if (m_socket.is_open())
            m_socket.close();
    }

    Protocol::socket m_socket;
    std::vector<char> m_underWay;
    std::vector<char> m_gathered;
    bool m_reading = false;
    bool m_writing = false;
    bool m_closed = false;
};

class ServerConnection : public Connection
{
public:
    ServerConnection(Protocol::socket socket, ServerScript &script)
        : Connection(std::move(socket), script.messageSize())
        , m_script(script)
    {
    }

private:
    void arrived(size_t size) override
    {
        if (m_script.isSink()) {
            m_script.drained(qint64(size), [this](const char *data, size_t length) {
                write(data, length);
            });
            return;
        }
        in.commit(size, [this](const char *message) {
            write(message, size_t(m_script.messageSize()));
        });
    }

    ServerScript &m_script;
};

class ClientConnection : public Connection
{
public:
    ClientConnection(asio::io_context &context, const QByteArray &path, ClientScript &script)
        : Connection(Protocol::socket(context), script.answerSize())
        , m_context(context)
        , m_path(path)
        , m_script(script)
    {
        socket().async_connect(Protocol::endpoint(path.toStdString()), [this](const asio::error_code &error) {
            if (error)
                die("Asio cannot connect");
            m_script.connected(writer());
            if (m_script.isStream())
                written();
            read();
        });
    }

private:
    void arrived(size_t size) override
    {
        in.commit(size, [this](const char *answer) {
            m_script.answer(answer, writer());
        });
        if (m_script.isFinished()) {
            m_context.stop();
        } else if (m_script.isCycle()) {
            new ClientConnection(m_context, m_path, m_script);
            close();
        }
    }

    void written() override
    {
        if (!m_script.isStream())
            return;
        const auto &piece = m_script.piece();
        while (pending() < HighWater)
            write(piece.constData(), size_t(piece.size()));
    }

    struct Writer {
        Connection *connection;
        void operator()(const char *data, size_t size) const
        {
            connection->write(data, size);
        }
    };
    Writer writer()
    {
        return {this};
    }

    asio::io_context &m_context;
    const QByteArray m_path;
    ClientScript &m_script;
};

class AsioBackend : public Backend
{
public:
    void serve(const Job &job, Probe &probe) override
    {
        ServerScript script(job);
        Protocol::acceptor acceptor(m_context);
        const Protocol::endpoint endpoint(job.path.toStdString());
        acceptor.open(endpoint.protocol());
        acceptor.bind(endpoint);
        acceptor.listen(Job::Backlog);
        accept(acceptor, script, probe);
        probe.listening();
        m_context.run();
    }

    void run(const Job &job, ClientScript &script) override
    {
        script.begin();
        new ClientConnection(m_context, job.path, script); // deletes itself, or lives as long as the process
        m_context.run();
    }

private:
    void accept(Protocol::acceptor &acceptor, ServerScript &script, Probe &probe)
    {
        acceptor.async_accept([&](const asio::error_code &error, Protocol::socket socket) {
            if (error)
                die("Asio cannot accept");
            auto *connection = new ServerConnection(std::move(socket), script);
            connection->read();
            probe.accepted();
            accept(acceptor, script, probe);
        });
    }

    // One thread: Asio then does without locks.
    asio::io_context m_context{1};
};

} // namespace

std::unique_ptr<Backend> makeAsioBackend()
{
    return std::make_unique<AsioBackend>();
}

} // namespace Bench

#endif
