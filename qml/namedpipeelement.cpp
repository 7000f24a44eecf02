// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipeelement.h"

#include <QtCore/qpointer.h>

namespace InterprocessQt
{

NamedPipeElement::NamedPipeElement(QObject *parent)
    : NamedPipe(parent)
    , ReadElement(this)
{
    followWishes(&LocalSocket::reconnectScheduled);
    connect(this, &LocalSocket::errorOccurred, this, &NamedPipeElement::errorOccurred);
    connect(this, &LocalSocket::stateChanged, this, [this](LocalSocketState state) {
        // What is left of the last connection has no place in the next one.
        if (state == ConnectingState)
            setDevices();
    });
    connect(this, &NamedPipe::messagesPending, this, &NamedPipeElement::deliverMessages);
    connect(this, &NamedPipe::messageDiscarded, this, [this](qint64 size) {
        Q_EMIT messageError(tr("receive: a message of %1 bytes was discarded, the limit is %2").arg(size).arg(maximumMessageSize()));
    });
    connect(this, &QIODevice::readChannelFinished, this, &NamedPipeElement::tellIfFinished);
    // Queued, so that the handlers of the change have run.
    connect(this, &NamedPipeElement::pausedChanged, this, &NamedPipeElement::deliverMessages, Qt::QueuedConnection);
    tellMessages();
    connect(&m_exchange, &MessageExchange::messageError, this, &NamedPipeElement::messageError);
    connect(&m_exchange, &MessageExchange::broken, this, &LocalSocket::abort);
    setDevices();
}

NamedPipeElement::~NamedPipeElement()
{
    // The destructor of LocalSocket tells of the end of the connection, and handlers in QML would see half of an object.
    blockSignals(true);
}

void NamedPipeElement::setLevel(Impersonation level)
{
    if (level == impersonationLevel())
        return;
    setImpersonationLevel(level);
    Q_EMIT impersonationLevelChanged();
}

void NamedPipeElement::setPolicy(ServerPolicy policy)
{
    if (policy == serverPolicy())
        return;
    setServerPolicy(policy);
    Q_EMIT serverPolicyChanged();
}

NamedPipeServer::Direction NamedPipeElement::direction() const
{
    return m_direction;
}

void NamedPipeElement::setDirection(NamedPipeServer::Direction direction)
{
    if (direction == m_direction)
        return;
    m_direction = direction;
    Q_EMIT directionChanged();
}

// ---- Connecting

void NamedPipeElement::setDevices()
{
    // What arrives as messages is not to be read as bytes.
    m_exchange.setDevices(receiveMode() == Mode::Bytes ? this : nullptr, this);
}

void NamedPipeElement::beginConnecting()
{
    // Not setServerName(): it may be the pipe of another computer.
    OpenMode openMode = ReadWrite;
    if (m_direction == NamedPipeServer::Direction::Inbound)
        openMode = WriteOnly;
    else if (m_direction == NamedPipeServer::Direction::Outbound)
        openMode = ReadOnly;
    NamedPipe::connectToServer(address(), openMode);
}

void NamedPipeElement::connectToServer()
{
    start();
}

bool NamedPipeElement::adopt(NativeHandle &&handle, OpenMode openMode)
{
    if (!setSocketDescriptor(std::move(handle), ConnectedState, openMode))
        return false;
    setDevices();
    setAccepted();
    return true;
}

bool NamedPipeElement::isOver() const
{
    return state() == UnconnectedState && (receiveMode() == Mode::Bytes ? m_exchange.isDrained() : !hasPendingMessages());
}

// ---- Traffic

void NamedPipeElement::deliverMessages()
{
    if (receiveMode() == Mode::Bytes)
        return;
    const QPointer<NamedPipeElement> alive(this);
    bool any = false;
    while (alive && !isPaused()) {
        const std::optional<QByteArray> bytes = receive();
        if (!bytes)
            break;
        any = true;
        const MessageParser::Decoded decoded = MessageParser::decodeBy(parser(), *bytes, this);
        if (decoded.problem.isEmpty())
            Q_EMIT message(decoded.message);
        else
            Q_EMIT messageRejected(decoded.problem, *bytes);
    }
    // Those that had been waiting when the connection ended.
    if (alive && any && state() == UnconnectedState)
        tellIfFinished();
}

void NamedPipeElement::tellIfFinished()
{
    // Of bytes MessageExchange tells.
    if (receiveMode() == Mode::Messages && !hasPendingMessages())
        Q_EMIT finished();
}

bool NamedPipeElement::send(const QJSValue &message)
{
    if (sendMode() == Mode::Bytes)
        return m_exchange.send(message);
    const MessageParser::Encoded encoded = MessageParser::encodeBy(parser(), message, this);
    if (!encoded.problem.isEmpty())
        return false;
    if (NamedPipe::send(encoded.bytes))
        return true;
    // From the event loop, like every other error.
    QMetaObject::invokeMethod(
        this,
        [this, reason = errorString()] {
            Q_EMIT messageError(reason);
        },
        Qt::QueuedConnection);
    return false;
}

double NamedPipeElement::write(const QJSValue &data)
{
    return double(m_exchange.write(data));
}

QByteArray NamedPipeElement::read(double maxSize)
{
    return readBytes(maxSize);
}

QByteArray NamedPipeElement::readAll()
{
    return m_exchange.read(-1);
}

bool NamedPipeElement::flushToPeer()
{
    return NamedPipe::flushToPeer();
}

} // namespace InterprocessQt
