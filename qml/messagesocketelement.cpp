// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesocketelement.h"

namespace InterprocessQt
{

MessageSocketElement::MessageSocketElement(QObject *parent)
    : MessageSocket(parent)
{
    connect(this, &MessageSocketElement::activeChanged, this, &MessageSocketElement::wishChanged);
    connect(this, &MessageSocketElement::addressChanged, this, &MessageSocketElement::addressWishChanged);
    connect(this, &MessageSocket::stateChanged, this, &MessageSocketElement::stateReached);
    connect(this, &MessageSocket::reconnectScheduled, this, [this](int attempt, std::chrono::milliseconds delay) {
        // JavaScript has no durations.
        Q_EMIT reconnectScheduled(attempt, int(delay.count()));
    });
    connect(this, &MessageSocket::messageReceived, this, &MessageSocketElement::deliver);
}

MessageSocketElement::~MessageSocketElement()
{
    // MessageSocket's destructor tells of the end of the connection, and handlers in QML would see half of an object.
    blockSignals(true);
}

QString MessageSocketElement::address() const
{
    return m_address;
}

void MessageSocketElement::setAddress(const QString &address)
{
    m_address = address;
}

QBindable<QString> MessageSocketElement::bindableAddress()
{
    return &m_address;
}

bool MessageSocketElement::isActive() const
{
    return m_active;
}

void MessageSocketElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> MessageSocketElement::bindableActive()
{
    return &m_active;
}

MessageParser *MessageSocketElement::parser() const
{
    return m_parser;
}

void MessageSocketElement::setParser(MessageParser *parser)
{
    if (parser == m_parser)
        return;
    m_parser = parser;
    Q_EMIT parserChanged();
}

int MessageSocketElement::minimumDelay() const
{
    return int(minimumReconnectDelay().count());
}

void MessageSocketElement::setMinimumDelay(int msecs)
{
    if (msecs == minimumDelay())
        return;
    setReconnectDelays(std::chrono::milliseconds(msecs), maximumReconnectDelay());
    Q_EMIT reconnectDelaysChanged();
}

int MessageSocketElement::maximumDelay() const
{
    return int(maximumReconnectDelay().count());
}

void MessageSocketElement::setMaximumDelay(int msecs)
{
    if (msecs == maximumDelay())
        return;
    setReconnectDelays(std::min(minimumReconnectDelay(), std::chrono::milliseconds(msecs)), std::chrono::milliseconds(msecs));
    Q_EMIT reconnectDelaysChanged();
}

// ---- Connecting

void MessageSocketElement::classBegin()
{
    m_complete = false;
}

void MessageSocketElement::componentComplete()
{
    m_complete = true;
    if (isActive() && !m_accepted)
        start();
}

void MessageSocketElement::wishChanged()
{
    m_startAgain = false;
    if (!m_complete)
        return;
    if (isActive())
        start();
    else
        disconnectFromServer();
}

void MessageSocketElement::addressWishChanged()
{
    if (!m_complete || !isActive())
        return;
    // Leaving comes first, and may take its time if there is something to be written.
    m_startAgain = true;
    disconnectFromServer();
    if (m_startAgain && state() == LocalSocket::UnconnectedState)
        start();
}

void MessageSocketElement::stateReached(LocalSocket::LocalSocketState state)
{
    if (state == LocalSocket::UnconnectedState && m_startAgain)
        start();
}

void MessageSocketElement::start()
{
    if (state() != LocalSocket::UnconnectedState) {
        m_startAgain = state() == LocalSocket::ClosingState;
        return;
    }
    m_startAgain = false;
    m_accepted = false;
    setServerName(address());
    MessageSocket::connectToServer();
}

void MessageSocketElement::connectToServer()
{
    start();
}

void MessageSocketElement::adopted()
{
    m_accepted = true;
    m_active = true;
}

bool MessageSocketElement::isOver()
{
    return state() == LocalSocket::UnconnectedState && !hasPendingMessages();
}

// ---- Traffic

void MessageSocketElement::deliver(const QByteArray &bytes)
{
    // The last thing done here: the element may be gone then.
    const MessageParser::Decoded decoded = MessageParser::decodeBy(m_parser, bytes, this);
    if (decoded.problem.isEmpty())
        Q_EMIT message(decoded.message);
    else
        Q_EMIT messageRejected(decoded.problem, bytes);
}

bool MessageSocketElement::send(const QJSValue &message)
{
    const MessageParser::Encoded encoded = MessageParser::encodeBy(m_parser, message, this);
    if (!encoded.problem.isEmpty())
        return false;
    if (MessageSocket::send(encoded.bytes))
        return true;
    QMetaObject::invokeMethod(
        this,
        [this, reason = errorString()] {
            Q_EMIT messageError(reason);
        },
        Qt::QueuedConnection);
    return false;
}

} // namespace InterprocessQt
