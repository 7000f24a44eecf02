// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localserverelement.h"

#include "connectionmaking.h"

namespace InterprocessQt
{

LocalServerElement::LocalServerElement(QObject *parent)
    : LocalServer(parent)
{
    connect(this, &LocalServerElement::activeChanged, this, &LocalServerElement::wishChanged);
    connect(this, &LocalServerElement::addressChanged, this, &LocalServerElement::addressWishChanged);
    connect(this, &LocalServer::errorOccurred, this, [this] {
        setErrorString(LocalServer::errorString());
    });
}

LocalServerElement::~LocalServerElement()
{
    blockSignals(true);
    // They are children, but their end is not to be heard by what is left of this object then.
    const QList<QObject *> connections = m_connections.connections();
    for (QObject *const connection : connections) {
        connection->disconnect(this);
        delete connection;
    }
}

QString LocalServerElement::address() const
{
    return m_address;
}

void LocalServerElement::setAddress(const QString &address)
{
    m_address = address;
}

QBindable<QString> LocalServerElement::bindableAddress()
{
    return &m_address;
}

bool LocalServerElement::isActive() const
{
    return m_active;
}

void LocalServerElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> LocalServerElement::bindableActive()
{
    return &m_active;
}

MessageParser *LocalServerElement::parser() const
{
    return m_parser;
}

void LocalServerElement::setParser(MessageParser *parser)
{
    if (parser == m_parser)
        return;
    m_parser = parser;
    Q_EMIT parserChanged();
}

QQmlComponent *LocalServerElement::delegate() const
{
    return m_delegate;
}

void LocalServerElement::setDelegate(QQmlComponent *delegate)
{
    if (delegate == m_delegate)
        return;
    m_delegate = delegate;
    Q_EMIT delegateChanged();
}

ConnectionModel *LocalServerElement::connections()
{
    return &m_connections;
}

QString LocalServerElement::lastErrorString() const
{
    return m_errorString;
}

void LocalServerElement::setErrorString(const QString &text)
{
    if (std::exchange(m_errorString, text) != text)
        Q_EMIT errorStringChanged();
}

// ---- Listening

void LocalServerElement::classBegin()
{
    m_complete = false;
}

void LocalServerElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        start();
}

void LocalServerElement::wishChanged()
{
    if (!m_complete)
        return;
    if (isActive())
        start();
    else
        close();
}

void LocalServerElement::addressWishChanged()
{
    if (!m_complete || !isActive())
        return;
    close();
    start();
}

void LocalServerElement::start()
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
        [this, error = serverError(), text = LocalServer::errorString()] {
            setErrorString(text);
            Q_EMIT errorOccurred(error);
        },
        Qt::QueuedConnection);
}

// ---- Connections

void LocalServerElement::incomingConnection(quintptr socketDescriptor)
{
    NativeHandle handle{NativeHandle::Type(socketDescriptor)};
    LocalSocketElement *const connection = makeConnection<LocalSocketElement>(this, m_delegate, m_parser, QStringLiteral("LocalSocket"));
    if (!connection)
        return; // and the client sees the end of its connection
    // What the delegate says goes before what the server says.
    if (connection->readBufferSize() == 0)
        connection->setReadBufferSize(readBufferSize());
    if (connection->writeBufferLimit() == 0)
        connection->setWriteBufferLimit(writeBufferLimit());
    if (!connection->isHalfOpenAllowed())
        connection->setHalfOpenAllowed(isHalfOpenAllowed());
    const bool adopted = connection->adopt(std::move(handle));
    const QPointer<LocalServerElement> alive(this);
    const QPointer<LocalSocketElement> stays(connection);
    if (m_delegate)
        m_delegate->completeCreate();
    if (!alive || !stays)
        return;
    if (!adopted) {
        qmlWarning(this) << connection->errorString();
        delete connection;
        return;
    }
    follow(connection);
}

void LocalServerElement::follow(LocalSocketElement *connection)
{
    connect(connection, &LocalSocketElement::message, this, [this, connection](const QVariant &text) {
        Q_EMIT message(connection, text);
    });
    const auto dismiss = [this, connection] {
        dismissIfOver(connection);
    };
    // Queued, so that all handlers of the end have run; and what came before the end is delivered first.
    connect(connection, &LocalSocket::disconnected, this, dismiss, Qt::QueuedConnection);
    connect(connection, &LocalSocketElement::finished, this, dismiss, Qt::QueuedConnection);
    connect(connection, &LocalSocketElement::messageError, this, dismiss, Qt::QueuedConnection);
    connect(connection, &QObject::destroyed, this, [this](QObject *object) {
        m_connections.remove(object);
    });
    m_connections.append(connection);
    Q_EMIT connectionAccepted(connection);
}

void LocalServerElement::dismissIfOver(LocalSocketElement *connection)
{
    if (!m_connections.connections().contains(connection) || !connection->isOver())
        return;
    m_connections.remove(connection);
    connection->deleteLater();
    Q_EMIT connectionClosed(connection);
}

int LocalServerElement::broadcast(const QJSValue &message)
{
    int taken = 0;
    const QList<QObject *> connections = m_connections.connections();
    for (QObject *const object : connections) {
        auto *const connection = static_cast<LocalSocketElement *>(object);
        if (connection->state() == LocalSocket::ConnectedState && connection->send(message))
            ++taken;
    }
    return taken;
}

void LocalServerElement::closeConnections()
{
    QList<QPointer<LocalSocketElement>> connections;
    for (QObject *const object : m_connections.connections())
        connections.append(static_cast<LocalSocketElement *>(object));
    for (const auto &connection : connections) {
        if (connection)
            connection->disconnectFromServer();
    }
}

} // namespace InterprocessQt
