// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "logsender.h"

using namespace InterprocessQt;

LogSender::LogSender(const Address &collector, Source source, QObject *parent)
    : QObject(parent)
    , m_collector(collector)
    , m_source(std::move(source))
{
    // When so many wait the source pauses. It goes on when half of them have gone.
    m_socket.setSendQueueLimit(100);
    connect(&m_socket, &UnixDatagramSocket::congestedChanged, this, [this](bool congested) {
        if (!congested)
            sendMore();
    });
    connect(&m_socket, &UnixDatagramSocket::datagramsSent, this, [this](int count) {
        m_sent += count;
        checkEnd();
    });
    // The collector has gone while lines waited for it: errorString() says how many are lost.
    connect(&m_socket, &UnixDatagramSocket::errorOccurred, this, [this] {
        Q_EMIT failed(m_socket.errorString());
    });
}

void LogSender::start()
{
    // Connected, so that the kernel tells when the collector has room again.
    if (!m_socket.connectTo(m_collector)) {
        Q_EMIT failed(m_socket.errorString());
        return;
    }
    sendMore();
}

void LogSender::sendMore()
{
    while (!m_sourceEnded) {
        if (m_socket.isCongested()) {
            ++m_pauses;
            return;
        }
        const std::optional<QByteArray> line = m_source();
        if (!line) {
            m_sourceEnded = true;
        } else if (!sendLine(*line)) {
            Q_EMIT failed(m_socket.errorString());
            return;
        }
    }
    checkEnd();
}

bool LogSender::sendLine(const QByteArray &line)
{
    UnixMessage message(line);
    if (m_attach)
        message.addDescriptor(UnixDatagramSocket::pair().first->releaseSocketDescriptor()); // any will do
    return m_socket.send(std::move(message));
}

void LogSender::checkEnd()
{
    if (m_sourceEnded && m_socket.datagramsToSend() == 0)
        Q_EMIT finished();
}
