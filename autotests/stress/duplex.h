// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DUPLEX_H
#define DUPLEX_H

#include <InterprocessQt/LocalSocket>

#include <QObject>

#include <algorithm>
#include <cstring>
#include <numeric>

/*
 * One end of a connection that sends so many bytes and checks as many that it receives, both at once.
 *
 * What is sent is one block again and again, of a length that nothing else has: a byte that is lost, doubled or in the
 * wrong place shows at once. Sums of all bytes that went and came are made as well, to be compared between the two ends
 * (cheap ones: a cryptographic one would take longer than the transfer).
 */
class Duplex : public QObject
{
public:
    Duplex(InterprocessQt::LocalSocket *socket, qint64 toSend, qint64 toReceive, bool sums = false)
        : m_socket(socket)
        , m_toSend(toSend)
        , m_toReceive(toReceive)
        , m_sums(sums)
    {
        connect(socket, &QIODevice::readyRead, this, &Duplex::receive);
        connect(socket, &QIODevice::bytesWritten, this, &Duplex::send);
        connect(socket, &InterprocessQt::LocalSocket::congestedChanged, this, &Duplex::send);
        connect(socket, &InterprocessQt::LocalSocket::connected, this, &Duplex::send);
        if (socket->state() == InterprocessQt::LocalSocket::ConnectedState)
            send();
    }

    [[nodiscard]] bool isFinished() const
    {
        return m_sent == m_toSend && m_received == m_toReceive;
    }
    [[nodiscard]] bool isIntact() const
    {
        return m_intact;
    }
    [[nodiscard]] qint64 sent() const
    {
        return m_sent;
    }
    [[nodiscard]] qint64 received() const
    {
        return m_received;
    }
    [[nodiscard]] QByteArray sumOfSent() const
    {
        return QByteArray::number(m_sumOfSent, 16);
    }
    [[nodiscard]] QByteArray sumOfReceived() const
    {
        return QByteArray::number(m_sumOfReceived, 16);
    }

    void receive()
    {
        const QByteArrayView view = m_socket->view();
        for (qsizetype done = 0; done < view.size();) {
            const qsizetype offset = qsizetype(m_received % block().size());
            const qsizetype part = std::min(view.size() - done, block().size() - offset);
            if (std::memcmp(view.data() + done, block().constData() + offset, size_t(part)) != 0)
                m_intact = false;
            done += part;
            m_received += part;
        }
        if (m_sums)
            m_sumOfReceived += sum(view);
        m_socket->consume(view.size());
    }

    void send()
    {
        while (m_sent < m_toSend && !m_socket->isCongested() && m_socket->isWriteChannelOpen()) {
            const qsizetype offset = qsizetype(m_sent % block().size());
            const qint64 part = std::min({m_toSend - m_sent, qint64(block().size() - offset), qint64(100'000)});
            const qint64 written = m_socket->write(block().constData() + offset, part);
            if (written <= 0)
                return;
            if (m_sums)
                m_sumOfSent += sum(QByteArrayView(block()).sliced(offset, written));
            m_sent += written;
        }
    }

private:
    static quint64 sum(QByteArrayView bytes)
    {
        return std::accumulate(bytes.begin(), bytes.end(), quint64(0), [](quint64 total, char c) {
            return total + uchar(c);
        });
    }
    static const QByteArray &block()
    {
        static const QByteArray bytes = [] {
            QByteArray made(1'000'003, Qt::Uninitialized);
            quint32 state = 1;
            for (char &c : made) {
                state = state * 1664525u + 1013904223u;
                c = char(state >> 24);
            }
            return made;
        }();
        return bytes;
    }

    InterprocessQt::LocalSocket *m_socket;
    qint64 m_toSend;
    qint64 m_toReceive;
    qint64 m_sent = 0;
    qint64 m_received = 0;
    bool m_sums;
    bool m_intact = true;
    quint64 m_sumOfSent = 0;
    quint64 m_sumOfReceived = 0;
};

#endif
