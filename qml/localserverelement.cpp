// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localserverelement.h"

namespace InterprocessQt
{

LocalServerElement::LocalServerElement(QObject *parent)
    : LocalServer(parent)
{
    followWishes();
    connect(this, &LocalServer::peerRejected, this, [this](const PeerCredentials &credentials) {
        Q_EMIT peerRejected(credentials);
    });
}

LocalServerElement::~LocalServerElement()
{
    deleteConnections();
}

void LocalServerElement::incomingConnection(quintptr socketDescriptor)
{
    takeStream(NativeHandle(NativeHandle::Type(socketDescriptor)), QStringLiteral("LocalSocket"), [](LocalSocketElement *connection, NativeHandle &&handle) {
        return connection->adopt(std::move(handle));
    });
}

int LocalServerElement::broadcast(const QJSValue &message)
{
    return sendToAll(message);
}

void LocalServerElement::closeConnections()
{
    disconnectAll();
}

} // namespace InterprocessQt
