// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"

#if BENCHMARK_LIBUV

#include "messagebuffer.h"

#include <cstring>
#include <uv.h>

namespace Bench
{

namespace
{

constexpr size_t HighWater = 256 * 1024;
constexpr qint64 TurnShare = 1024 * 1024;

void check(int result, const char *what)
{
    if (result < 0) {
        std::fprintf(stderr, "libuv: %s\n", uv_strerror(result));
        die(what);
    }
}

// A connection: writes at once as long as the kernel takes it, and queues what it does not take.
class Pipe
{
public:
    explicit Pipe(uv_loop_t *loop, int messageSize)
        : in(messageSize)
    {
        check(uv_pipe_init(loop, &m_pipe, 0), "uv_pipe_init");
        m_pipe.data = this;
    }
    virtual ~Pipe() = default;
    Q_DISABLE_COPY_MOVE(Pipe)

    void startReading()
    {
        check(uv_read_start(
                  stream(),
                  [](uv_handle_t *handle, size_t, uv_buf_t *buffer) {
                      *buffer = uv_buf_init(of(handle)->in.space(), MessageBuffer::ReadSize);
                  },
                  [](uv_stream_t *handle, ssize_t got, const uv_buf_t *) {
                      if (got > 0)
                          of(handle)->arrived(size_t(got));
                      else if (got < 0)
                          of(handle)->gone();
                  }),
              "uv_read_start");
    }

    void write(const char *data, size_t size)
    {
        const uv_buf_t buffer = uv_buf_init(const_cast<char *>(data), unsigned(size));
        const int sent = uv_try_write(stream(), &buffer, 1);
        const size_t done = sent > 0 ? size_t(sent) : 0;
        if (done < size)
            queue(data + done, size - done);
    }

    void close()
    {
        uv_close(reinterpret_cast<uv_handle_t *>(&m_pipe), [](uv_handle_t *handle) {
            delete of(handle);
        });
    }

    uv_stream_t *stream()
    {
        return reinterpret_cast<uv_stream_t *>(&m_pipe);
    }
    uv_pipe_t *handle()
    {
        return &m_pipe;
    }

    MessageBuffer in;

protected:
    virtual void arrived(size_t size) = 0;
    virtual void gone() = 0;
    virtual void written()
    {
    }

private:
    template<typename Handle>
    static Pipe *of(Handle *handle)
    {
        return static_cast<Pipe *>(handle->data);
    }

    struct Request {
        uv_write_t write;
        std::vector<char> bytes;
    };

    void queue(const char *data, size_t size)
    {
        auto *request = new Request{{}, {data, data + size}};
        const uv_buf_t buffer = uv_buf_init(request->bytes.data(), unsigned(size));
        request->write.data = request;
        check(uv_write(&request->write,
                       stream(),
                       &buffer,
                       1,
                       [](uv_write_t *write, int status) {
                           if (status == 0)
                               of(write->handle)->written();
                           delete static_cast<Request *>(write->data);
                       }),
              "uv_write");
    }

    uv_pipe_t m_pipe = {};
};

class ServerPipe : public Pipe
{
public:
    ServerPipe(uv_loop_t *loop, ServerScript &script)
        : Pipe(loop, script.messageSize())
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
    void gone() override
    {
        close();
    }

    ServerScript &m_script;
};

class ClientPipe : public Pipe
{
public:
    ClientPipe(uv_loop_t *loop, const QByteArray &path, ClientScript &script)
        : Pipe(loop, script.answerSize())
        , m_path(path)
        , m_script(script)
    {
        m_connect.data = this;
        uv_pipe_connect(&m_connect, handle(), path.constData(), [](uv_connect_t *request, int status) {
            check(status, "connect");
            static_cast<ClientPipe *>(request->data)->connected();
        });
    }

private:
    void connected()
    {
        startReading();
        m_script.connected(writer());
        if (m_script.isStream())
            written();
    }

    void arrived(size_t size) override
    {
        in.commit(size, [this](const char *answer) {
            m_script.answer(answer, writer());
        });
        if (m_script.isFinished()) {
            uv_stop(handle()->loop);
        } else if (m_script.isCycle()) {
            new ClientPipe(handle()->loop, m_path, m_script);
            close();
        }
    }

    void gone() override
    {
        die("the server has closed the connection");
    }

    void written() override
    {
        if (!m_script.isStream())
            return;
        const auto &piece = m_script.piece();
        qint64 share = TurnShare;
        for (; share > 0 && uv_stream_get_write_queue_size(stream()) < HighWater; share -= qint64(piece.size()))
            write(piece.constData(), size_t(piece.size()));
        // Nothing queued means that nothing will call back: go on after the others.
        if (share <= 0 && uv_stream_get_write_queue_size(stream()) == 0)
            continueLater();
    }

    void continueLater()
    {
        auto *turn = new uv_idle_t;
        uv_idle_init(handle()->loop, turn);
        turn->data = this;
        uv_idle_start(turn, [](uv_idle_t *idle) {
            auto *self = static_cast<ClientPipe *>(idle->data);
            uv_close(reinterpret_cast<uv_handle_t *>(idle), [](uv_handle_t *closed) {
                delete reinterpret_cast<uv_idle_t *>(closed);
            });
            self->written();
        });
    }

    struct Writer {
        Pipe *pipe;
        void operator()(const char *data, size_t size) const
        {
            pipe->write(data, size);
        }
    };
    Writer writer()
    {
        return {this};
    }

    const QByteArray m_path;
    ClientScript &m_script;
    uv_connect_t m_connect = {};
};

class LibuvBackend : public Backend
{
public:
    void serve(const Job &job, Probe &probe) override
    {
        ServerScript script(job);
        Serving serving{script, probe};
        uv_loop_t *loop = uv_default_loop();
        uv_pipe_t listener = {};
        check(uv_pipe_init(loop, &listener, 0), "uv_pipe_init");
        listener.data = &serving;
        check(uv_pipe_bind(&listener, job.path.constData()), "bind");
        check(uv_listen(reinterpret_cast<uv_stream_t *>(&listener), Job::Backlog, accept), "listen");
        probe.listening();
        uv_run(loop, UV_RUN_DEFAULT);
    }

    void run(const Job &job, ClientScript &script) override
    {
        uv_loop_t *loop = uv_default_loop();
        script.begin();
        new ClientPipe(loop, job.path, script); // deletes itself, or lives as long as the process
        uv_run(loop, UV_RUN_DEFAULT);
    }

private:
    struct Serving {
        ServerScript &script;
        Probe &probe;
    };

    static void accept(uv_stream_t *listener, int status)
    {
        check(status, "listen");
        auto &serving = *static_cast<Serving *>(listener->data);
        auto *connection = new ServerPipe(listener->loop, serving.script);
        check(uv_accept(listener, connection->stream()), "accept");
        connection->startReading();
        serving.probe.accepted();
    }
};

} // namespace

std::unique_ptr<Backend> makeLibuvBackend()
{
    return std::make_unique<LibuvBackend>();
}

} // namespace Bench

#endif
