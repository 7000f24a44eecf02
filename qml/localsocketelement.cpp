// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localsocketelement.h"

namespace InterprocessQt
{

LocalSocketElement::LocalSocketElement(QObject *parent)
    : LocalSocket(parent)
    , ReadElement(this)
{
    followWishes(&LocalSocket::reconnectScheduled);
    connect(this, &LocalSocket::errorOccurred, this, &LocalSocketElement::errorOccurred);
    connect(this, &LocalSocket::stateChanged, this, [this](LocalSocketState state) {
        // What is left of the last connection has no place in the next one.
        if (state == ConnectingState)
            m_exchange.setDevices(this, this);
    });
    tellMessages();
    connect(&m_exchange, &MessageExchange::messageError, this, &LocalSocketElement::messageError);
    connect(&m_exchange, &MessageExchange::broken, this, &LocalSocket::abort);
    m_exchange.setDevices(this, this);
}

LocalSocketElement::~LocalSocketElement()
{
    // LocalSocket's destructor tells of the end of the connection, and handlers in QML would see half of an object.
    blockSignals(true);
}

// ---- Connecting

void LocalSocketElement::beginConnecting()
{
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
    m_exchange.setDevices(this, this);
    setAccepted();
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
    return readBytes(maxSize);
}

QByteArray LocalSocketElement::readAll()
{
    return m_exchange.read(-1);
}

} // namespace InterprocessQt
