// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messageserverelement.h"

#include "connectionmaking.h"

namespace InterprocessQt
{

MessageServerElement::MessageServerElement(QObject *parent)
    : MessageServer(parent)
{
    connect(this, &MessageServerElement::activeChanged, this, &MessageServerElement::wishChanged);
    connect(this, &MessageServerElement::addressChanged, this, &MessageServerElement::addressWishChanged);
    connect(this, &MessageServer::errorOccurred, this, [this] {
        setErrorString(MessageServer::errorString());
    });
    connect(this, &MessageServer::newConnection, this, &MessageServerElement::takeConnections);
}

MessageServerElement::~MessageServerElement()
{
    blockSignals(true);
    // They are children, but their end is not to be heard by what is left of this object then.
    const QList<QObject *> connections = m_connections.connections();
    for (QObject *const connection : connections) {
        connection->disconnect(this);
        delete connection;
    }
}

QString MessageServerElement::address() const
{
    return m_address;
}

void MessageServerElement::setAddress(const QString &address)
{
    m_address = address;
}

QBindable<QString> MessageServerElement::bindableAddress()
{
    return &m_address;
}

bool MessageServerElement::isActive() const
{
    return m_active;
}

void MessageServerElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> MessageServerElement::bindableActive()
{
    return &m_active;
}

MessageParser *MessageServerElement::parser() const
{
    return m_parser;
}

void MessageServerElement::setParser(MessageParser *parser)
{
    if (parser == m_parser)
        return;
    m_parser = parser;
    Q_EMIT parserChanged();
}

QQmlComponent *MessageServerElement::delegate() const
{
    return m_delegate;
}

void MessageServerElement::setDelegate(QQmlComponent *delegate)
{
    if (delegate == m_delegate)
        return;
    m_delegate = delegate;
    Q_EMIT delegateChanged();
}

ConnectionModel *MessageServerElement::connections()
{
    return &m_connections;
}

QString MessageServerElement::lastErrorString() const
{
    return m_errorString;
}

void MessageServerElement::setErrorString(const QString &text)
{
    if (std::exchange(m_errorString, text) != text)
        Q_EMIT errorStringChanged();
}

// ---- Listening

void MessageServerElement::classBegin()
{
    m_complete = false;
}

void MessageServerElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        start();
}

void MessageServerElement::wishChanged()
{
    if (!m_complete)
        return;
    if (isActive())
        start();
    else
        close();
}

void MessageServerElement::addressWishChanged()
{
    if (!m_complete || !isActive())
        return;
    close();
    start();
}

void MessageServerElement::start()
{
    if (isListening())
        return;
    if (listen(address())) {
        setErrorString({});
        return;
    }
    // Told from the event loop, like every other error: handlers are there by then.
    QMetaObject::invokeMethod(
        this,
        [this, error = serverError(), text = MessageServer::errorString()] {
            setErrorString(text);
            Q_EMIT errorOccurred(error);
        },
        Qt::QueuedConnection);
}

// ---- Connections

void MessageServerElement::takeConnections()
{
    const QPointer<MessageServerElement> alive(this);
    while (alive && hasPendingConnections()) {
        const QPointer<MessageSocketElement> connection = makeConnection<MessageSocketElement>(this, m_delegate, m_parser, QStringLiteral("MessageSocket"));
        if (!connection) {
            delete nextPendingConnection(); // and the client sees the end of its connection
            continue;
        }
        takePendingConnection(connection);
        connection->adopted();
        if (m_delegate)
            m_delegate->completeCreate();
        if (alive && connection)
            follow(connection);
    }
}

void MessageServerElement::follow(MessageSocketElement *connection)
{
    connect(connection, &MessageSocketElement::message, this, [this, connection](const QVariant &text) {
        Q_EMIT message(connection, text);
    });
    const auto dismiss = [this, connection] {
        dismissIfOver(connection);
    };
    // Queued, so that all handlers of the end have run; and what came before the end is delivered first.
    connect(connection, &MessageSocket::disconnected, this, dismiss, Qt::QueuedConnection);
    connect(connection, &MessageSocket::messageReceived, this, [dismiss, connection, this] {
        if (connection->state() == LocalSocket::UnconnectedState)
            QMetaObject::invokeMethod(this, dismiss, Qt::QueuedConnection);
    });
    connect(connection, &QObject::destroyed, this, [this](QObject *object) {
        m_connections.remove(object);
    });
    m_connections.append(connection);
    Q_EMIT connectionAccepted(connection);
}

void MessageServerElement::dismissIfOver(MessageSocketElement *connection)
{
    if (!m_connections.connections().contains(connection) || !connection->isOver())
        return;
    m_connections.remove(connection);
    connection->deleteLater();
    Q_EMIT connectionClosed(connection);
}

int MessageServerElement::broadcast(const QJSValue &message)
{
    int taken = 0;
    const QList<QObject *> connections = m_connections.connections();
    for (QObject *const object : connections) {
        auto *const connection = static_cast<MessageSocketElement *>(object);
        if (connection->state() == LocalSocket::ConnectedState && connection->send(message))
            ++taken;
    }
    return taken;
}

void MessageServerElement::closeConnections()
{
    QList<QPointer<MessageSocketElement>> connections;
    for (QObject *const object : m_connections.connections())
        connections.append(static_cast<MessageSocketElement *>(object));
    for (const auto &connection : connections) {
        if (connection)
            connection->disconnectFromServer();
    }
}

} // namespace InterprocessQt
