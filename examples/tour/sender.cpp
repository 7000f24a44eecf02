// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "sender.h"

#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

Sender::Sender(LocalSocket *socket, NextPart nextPart, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_nextPart(std::move(nextPart))
{
    m_nextTurn.setSingleShot(true);
    connect(&m_nextTurn, &QTimer::timeout, this, &Sender::sendPart);
    connect(socket, &LocalSocket::congestedChanged, this, [this](bool congested) {
        if (!congested)
            m_nextTurn.start(0);
    });
    m_nextTurn.start(0);
}

void Sender::sendPart()
{
    if (m_socket->isCongested())
        return; // congestedChanged() tells when to go on
    if (!m_socket->isWriteChannelOpen())
        return; // the connection has ended, and errorOccurred() tells why

    const QByteArray part = m_nextPart();
    if (part.isEmpty()) {
        m_socket->disconnect(this);
        Q_EMIT finished();
        return;
    }
    m_socket->write(part); // takes all of it: the socket has no writeBufferLimit()
    // One part a turn of the event loop, so that everything else (an answer, Ctrl-C) gets its turn, too.
    m_nextTurn.start(0);
    Q_EMIT partSent();
}
