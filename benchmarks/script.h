// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_SCRIPT_H
#define BENCH_SCRIPT_H

#include "job.h"
#include "meter.h"

#include <QByteArray>

#include <cstring>

/*
 * What the two ends say to each other, the same for every backend. All of it is inline, and what writes is a parameter
 * of the templates: nothing here is to show in the figures.
 */
namespace Bench
{

class ClientScript
{
public:
    explicit ClientScript(const Job &job)
        : m_meter(job)
        , m_kind(job.kind)
        , m_window(job.kind == Job::Kind::Exchange ? job.window : 1)
        , m_data(job.kind == Job::Kind::Cycle ? 1 : job.size, 'x')
    {
    }

    // How much comes back at a time.
    [[nodiscard]] int answerSize() const
    {
        return m_kind == Job::Kind::Exchange ? int(m_data.size()) : 1;
    }
    [[nodiscard]] bool isStream() const
    {
        return m_kind == Job::Kind::Stream;
    }
    [[nodiscard]] bool isCycle() const
    {
        return m_kind == Job::Kind::Cycle;
    }
    // What a stream is made of, again and again, as long as it is not finished.
    [[nodiscard]] const QByteArray &piece() const
    {
        return m_data;
    }
    [[nodiscard]] bool isFinished() const
    {
        return m_finished;
    }
    [[nodiscard]] const Meter &meter() const
    {
        return m_meter;
    }

    // Before the first connection.
    void begin()
    {
        m_meter.begin();
    }

    // The connection is there.
    template<typename Write>
    void connected(Write &&write)
    {
        if (!isStream())
            sendWindow(write);
    }

    // A whole answer has come. A cycle then closes the connection, and makes the next one unless all is done.
    template<typename Write>
    void answer(const char *data, Write &&write)
    {
        if (m_kind == Job::Kind::Exchange)
            check(data);
        if (++m_received < m_window)
            return;
        m_received = 0;
        m_finished = m_meter.tick(isStream() ? Job::Block : m_window);
        if (!m_finished && m_kind == Job::Kind::Exchange)
            sendWindow(write);
    }

private:
    template<typename Write>
    void sendWindow(Write &write)
    {
        for (int i = 0; i < m_window; ++i) {
            // Each message has a number, and so has its answer.
            if (m_kind == Job::Kind::Exchange) {
                std::memcpy(m_data.data(), &m_sent, sizeof m_sent);
                ++m_sent;
            }
            write(m_data.constData(), size_t(m_data.size()));
        }
    }

    void check(const char *data)
    {
        quint32 number;
        std::memcpy(&number, data, sizeof number);
        if (number != m_answered++)
            die("an answer is not the one that was expected");
    }

    Meter m_meter;
    const Job::Kind m_kind;
    const int m_window;
    int m_received = 0;
    quint32 m_sent = 0;
    quint32 m_answered = 0;
    bool m_finished = false;
    QByteArray m_data;
};

class ServerScript
{
public:
    explicit ServerScript(const Job &job)
        : m_messageSize(job.kind == Job::Kind::Cycle ? 1 : job.size)
        , m_sink(job.kind == Job::Kind::Stream)
    {
    }

    [[nodiscard]] bool isSink() const
    {
        return m_sink;
    }
    // If it is not a sink: each message of this size is sent back.
    [[nodiscard]] int messageSize() const
    {
        return m_messageSize;
    }

    // A sink has got so many bytes.
    template<typename Write>
    void drained(qint64 bytes, Write &&write)
    {
        m_drained += bytes;
        while (m_drained >= Job::Block) {
            m_drained -= Job::Block;
            write("a", 1);
        }
    }

private:
    const int m_messageSize;
    const bool m_sink;
    qint64 m_drained = 0;
};

} // namespace Bench

#endif
