// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messageserverelement.h"

namespace InterprocessQt
{

MessageServerElement::MessageServerElement(QObject *parent)
    : MessageServer(parent)
{
    followWishes();
    connect(this, &MessageServer::peerRejected, this, [this](const PeerCredentials &credentials) {
        Q_EMIT peerRejected(credentials);
    });
    connect(this, &MessageServer::newConnection, this, &MessageServerElement::takeConnections);
}

MessageServerElement::~MessageServerElement()
{
    deleteConnections();
}

void MessageServerElement::takeConnections()
{
    const QPointer<MessageServerElement> alive(this);
    while (alive && hasPendingConnections()) {
        MessageSocketElement *const connection = makeConnection(QStringLiteral("MessageSocket"));
        if (!connection) {
            delete nextPendingConnection(); // and the client sees the end of its connection
            continue;
        }
        takePendingConnection(connection);
        connection->adopted();
        if (!completeConnection(connection))
            continue;
        connect(connection, &MessageSocket::messageReceived, this, [connection, this] {
            if (connection->state() == LocalSocket::UnconnectedState)
                QMetaObject::invokeMethod(
                    this,
                    [connection, this] {
                        dismissIfOver(connection);
                    },
                    Qt::QueuedConnection);
        });
        append(connection);
    }
}

int MessageServerElement::broadcast(const QJSValue &message)
{
    return sendToAll(message);
}

void MessageServerElement::closeConnections()
{
    disconnectAll();
}

} // namespace InterprocessQt
