// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipeserverelement.h"

namespace InterprocessQt
{

NamedPipeServerElement::NamedPipeServerElement(QObject *parent)
    : NamedPipeServer(parent)
{
    followWishes();
    connect(this, &LocalServer::peerRejected, this, [this](const PeerCredentials &credentials) {
        Q_EMIT peerRejected(credentials);
    });
    connect(this, &LocalServer::listeningChanged, this, [this] {
        if (!isListening())
            return;
        m_listening.receiveMode = receiveMode();
        m_listening.sendMode = sendMode();
        m_listening.openMode.setFlag(QIODevice::ReadOnly, direction() != Direction::Outbound);
        m_listening.openMode.setFlag(QIODevice::WriteOnly, direction() != Direction::Inbound);
    });
}

NamedPipeServerElement::~NamedPipeServerElement()
{
    deleteConnections();
}

void NamedPipeServerElement::setWay(Direction direction)
{
    if (direction == this->direction())
        return;
    setDirection(direction);
    Q_EMIT directionChanged();
}

void NamedPipeServerElement::setReceived(NamedPipe::Mode mode)
{
    if (mode == receiveMode())
        return;
    setReceiveMode(mode);
    Q_EMIT receiveModeChanged();
}

void NamedPipeServerElement::setSent(NamedPipe::Mode mode)
{
    if (mode == sendMode())
        return;
    setSendMode(mode);
    Q_EMIT sendModeChanged();
}

void NamedPipeServerElement::setMaximumNumber(double size)
{
    const qint64 before = maximumMessageSize();
    setMaximumMessageSize(sizeOfNumber(size));
    if (before != maximumMessageSize())
        Q_EMIT maximumMessageSizeChanged();
}

void NamedPipeServerElement::incomingConnection(quintptr socketDescriptor)
{
    const Settings pipe = m_listening;
    takeStream(NativeHandle(NativeHandle::Type(socketDescriptor)),
               QStringLiteral("NamedPipe"),
               [this, &pipe](NamedPipeElement *connection, NativeHandle &&handle) {
                   connection->setReceiveMode(pipe.receiveMode);
                   connection->setSendMode(pipe.sendMode);
                   connection->setMaximumMessageSize(maximumMessageSize());
                   return connection->adopt(std::move(handle), pipe.openMode);
               });
}

int NamedPipeServerElement::broadcast(const QJSValue &message)
{
    return sendToAll(message);
}

void NamedPipeServerElement::closeConnections()
{
    disconnectAll();
}

} // namespace InterprocessQt
