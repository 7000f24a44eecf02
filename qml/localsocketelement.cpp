// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localsocketelement.h"

namespace InterprocessQt
{

LocalSocketElement::LocalSocketElement(QObject *parent)
    : LocalSocket(parent)
    , m_exchange(this)
{
    connect(this, &LocalSocketElement::activeChanged, this, &LocalSocketElement::wishChanged);
    connect(this, &LocalSocketElement::addressChanged, this, &LocalSocketElement::addressWishChanged);
    connect(this, &LocalSocket::stateChanged, this, &LocalSocketElement::stateReached);
    connect(this, &LocalSocket::reconnectScheduled, this, [this](int attempt, std::chrono::milliseconds delay) {
        // JavaScript has no durations.
        Q_EMIT reconnectScheduled(attempt, int(delay.count()));
    });
    connect(&m_exchange, &MessageExchange::message, this, &LocalSocketElement::message);
    connect(&m_exchange, &MessageExchange::messageRejected, this, &LocalSocketElement::messageRejected);
    connect(&m_exchange, &MessageExchange::messageError, this, &LocalSocketElement::messageError);
    connect(&m_exchange, &MessageExchange::drained, this, &LocalSocketElement::finished);
    connect(&m_exchange, &MessageExchange::broken, this, &LocalSocket::abort);
    m_exchange.setDevices(this, this);
}

LocalSocketElement::~LocalSocketElement()
{
    // LocalSocket's destructor tells of the end of the connection, and handlers in QML would see half of an object.
    blockSignals(true);
}

QString LocalSocketElement::address() const
{
    return m_address;
}

void LocalSocketElement::setAddress(const QString &address)
{
    m_address = address;
}

QBindable<QString> LocalSocketElement::bindableAddress()
{
    return &m_address;
}

bool LocalSocketElement::isActive() const
{
    return m_active;
}

void LocalSocketElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> LocalSocketElement::bindableActive()
{
    return &m_active;
}

MessageParser *LocalSocketElement::parser() const
{
    return m_exchange.parser();
}

void LocalSocketElement::setParser(MessageParser *parser)
{
    if (parser == m_exchange.parser())
        return;
    m_exchange.setParser(parser);
    Q_EMIT parserChanged();
}

bool LocalSocketElement::isPaused() const
{
    return m_exchange.isPaused();
}

void LocalSocketElement::setPaused(bool paused)
{
    if (paused == isPaused())
        return;
    m_exchange.setPaused(paused);
    Q_EMIT pausedChanged();
}

int LocalSocketElement::minimumDelay() const
{
    return int(minimumReconnectDelay().count());
}

void LocalSocketElement::setMinimumDelay(int msecs)
{
    if (msecs == minimumDelay())
        return;
    setReconnectDelays(std::chrono::milliseconds(msecs), maximumReconnectDelay());
    Q_EMIT reconnectDelaysChanged();
}

int LocalSocketElement::maximumDelay() const
{
    return int(maximumReconnectDelay().count());
}

void LocalSocketElement::setMaximumDelay(int msecs)
{
    if (msecs == maximumDelay())
        return;
    setReconnectDelays(std::min(minimumReconnectDelay(), std::chrono::milliseconds(msecs)), std::chrono::milliseconds(msecs));
    Q_EMIT reconnectDelaysChanged();
}

// ---- Connecting

void LocalSocketElement::classBegin()
{
    m_complete = false;
}

void LocalSocketElement::componentComplete()
{
    m_complete = true;
    if (isActive() && !m_accepted)
        start();
}

void LocalSocketElement::wishChanged()
{
    m_startAgain = false;
    if (!m_complete)
        return;
    if (isActive())
        start();
    else
        disconnectFromServer();
}

void LocalSocketElement::addressWishChanged()
{
    if (!m_complete || !isActive())
        return;
    // Leaving comes first, and may take its time if there is something to be written.
    m_startAgain = true;
    disconnectFromServer();
    if (m_startAgain && state() == UnconnectedState)
        start();
}

void LocalSocketElement::stateReached(LocalSocketState state)
{
    // What is left of the last connection has no place in the next one.
    if (state == ConnectingState)
        m_exchange.setDevices(this, this);
    else if (state == UnconnectedState && m_startAgain)
        start();
}

void LocalSocketElement::start()
{
    if (state() != UnconnectedState) {
        m_startAgain = state() == ClosingState;
        return;
    }
    m_startAgain = false;
    m_accepted = false;
    setServerName(address());
    LocalSocket::connectToServer();
}

void LocalSocketElement::connectToServer()
{
    start();
}

bool LocalSocketElement::adopt(NativeHandle &&descriptor)
{
    if (!setSocketDescriptor(std::move(descriptor)))
        return false;
    m_accepted = true;
    m_exchange.setDevices(this, this);
    m_active = true;
    return true;
}

bool LocalSocketElement::isOver() const
{
    return state() == UnconnectedState && m_exchange.isDrained();
}

// ---- Traffic

bool LocalSocketElement::send(const QJSValue &message)
{
    return m_exchange.send(message);
}

double LocalSocketElement::write(const QJSValue &data)
{
    return double(m_exchange.write(data));
}

QByteArray LocalSocketElement::read(double maxSize)
{
    return m_exchange.read(qint64(std::max(0.0, maxSize)));
}

QByteArray LocalSocketElement::readAll()
{
    return m_exchange.read(-1);
}

} // namespace InterprocessQt
