// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SERVERELEMENT_H
#define INTERPROCESSQT_SERVERELEMENT_H

#include "connectionmaking.h"
#include "connectionmodel.h"
#include "elementnumbers.h"
#include "parserholder.h"
#include "wish.h"

#include <InterprocessQt/LocalSocket.h>

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtQml/qjsvalue.h>

#include <algorithm>
#include <utility>

namespace InterprocessQt
{

// What elements that listen have in common: an address, and connections that are made of a component and are in a model. See
// elementnumbers.h.
template<typename Element, typename ConnectionElement>
class ServerElement : public AddressedWish<Element>, public ParserHolder<Element>, public ReadBufferNumber<Element>, public WriteLimitNumber<Element>
{
    using AddressedWish<Element>::element;

public:
    [[nodiscard]] QQmlComponent *delegate() const
    {
        return m_delegate;
    }
    void setDelegate(QQmlComponent *delegate)
    {
        if (delegate == m_delegate)
            return;
        m_delegate = delegate;
        Q_EMIT element()->delegateChanged();
    }
    [[nodiscard]] ConnectionModel *connections()
    {
        return &m_connections;
    }
    [[nodiscard]] QString lastErrorString() const
    {
        return m_errorString;
    }
    [[nodiscard]] bool isRetryEnabled() const
    {
        return m_retryEnabled;
    }
    void setRetryEnabled(bool enabled)
    {
        if (enabled == m_retryEnabled)
            return;
        m_retryEnabled = enabled;
        if (!enabled)
            m_retry.stop();
        else if (this->isComplete() && this->isActive() && !element()->isListening())
            m_retry.start(m_retryDelay);
        Q_EMIT element()->retryChanged();
    }
    [[nodiscard]] int retryDelay() const
    {
        return m_retryDelay;
    }
    void setRetryDelay(int msecs)
    {
        msecs = std::max(1, msecs);
        if (msecs == m_retryDelay)
            return;
        m_retryDelay = msecs;
        if (m_retry.isActive())
            m_retry.start(msecs);
        Q_EMIT element()->retryDelayChanged();
    }

    // The component is complete, and it shall be active.
    void begin()
    {
        ++m_wishes;
        m_told.clear();
        tryToListen();
    }

protected:
    using Connection = ConnectionElement;

    // By the Element, when it is there.
    void followWishes()
    {
        QObject::connect(element(), &Element::activeChanged, element(), [this] {
            wishChanged();
        });
        QObject::connect(element(), &Element::addressChanged, element(), [this] {
            addressWishChanged();
        });
        m_retry.setSingleShot(true);
        QObject::connect(&m_retry, &QTimer::timeout, element(), [this] {
            tryToListen();
        });
        QObject::connect(element(), &Element::errorOccurred, element(), [this] {
            setErrorString(element()->errorString());
        });
    }

    // By the destructor of the Element: they are its children, but their end is not to be heard by what is left of it then.
    void deleteConnections()
    {
        element()->blockSignals(true);
        const QList<QObject *> connections = m_connections.connections();
        for (QObject *const connection : connections) {
            connection->disconnect(element());
            delete connection;
        }
    }

    // Null: the delegate is no such connection.
    [[nodiscard]] Connection *makeConnection(const QString &typeName)
    {
        return InterprocessQt::makeConnection<Connection>(element(), m_delegate, this->parser(), typeName);
    }

    // After makeConnection(), when it is connected. Handlers run here that may delete either: false, then.
    [[nodiscard]] bool completeConnection(Connection *connection)
    {
        const QPointer<Element> alive(element());
        const QPointer<Connection> stays(connection);
        if (m_delegate)
            m_delegate->completeCreate();
        return alive && stays;
    }

    // The whole of it for connections that are streams. `adopt` makes it the end of a connection.
    template<typename Adopt>
    void takeStream(NativeHandle &&handle, const QString &typeName, Adopt adopt)
    {
        Connection *const connection = makeConnection(typeName);
        if (!connection)
            return; // and the client sees the end of its connection
        // What the delegate says goes before what the server says.
        if (connection->readBufferSize() == 0)
            connection->setReadBufferSize(element()->readBufferSize());
        if (connection->writeBufferLimit() == 0)
            connection->setWriteBufferLimit(element()->writeBufferLimit());
        if (!connection->isHalfOpenAllowed())
            connection->setHalfOpenAllowed(element()->isHalfOpenAllowed());
        const bool adopted = adopt(connection, std::move(handle));
        if (!completeConnection(connection))
            return;
        if (!adopted) {
            qmlWarning(element()) << connection->errorString();
            delete connection;
            return;
        }
        append(connection, &Connection::finished, &Connection::messageError);
    }

    // Last. `finished` are further signals of the connection after which it may be over.
    template<typename... Signals>
    void append(Connection *connection, Signals... finished)
    {
        QObject::connect(connection, &Connection::message, element(), [this, connection](const QVariant &text) {
            Q_EMIT element()->message(connection, text);
        });
        QObject::connect(connection, &QObject::destroyed, element(), [this](QObject *object) {
            m_connections.remove(object);
        });
        const auto dismiss = [this, connection] {
            dismissIfOver(connection);
        };
        // Queued, so that all handlers of the end have run; and what came before the end is delivered first.
        QObject::connect(connection, &Connection::disconnected, element(), dismiss, Qt::QueuedConnection);
        (QObject::connect(connection, finished, element(), dismiss, Qt::QueuedConnection), ...);
        m_connections.append(connection);
        Q_EMIT element()->connectionAccepted(connection);
    }

    void dismissIfOver(Connection *connection)
    {
        if (!m_connections.connections().contains(connection) || !connection->isOver())
            return;
        m_connections.remove(connection);
        connection->deleteLater();
        Q_EMIT element()->connectionClosed(connection);
    }

    int sendToAll(const QJSValue &message)
    {
        int taken = 0;
        const QList<QObject *> connections = m_connections.connections();
        for (QObject *const object : connections) {
            auto *const connection = static_cast<Connection *>(object);
            if (connection->state() == LocalSocket::ConnectedState && connection->send(message))
                ++taken;
        }
        return taken;
    }

    void disconnectAll()
    {
        QList<QPointer<Connection>> connections;
        for (QObject *const object : m_connections.connections())
            connections.append(static_cast<Connection *>(object));
        for (const auto &connection : connections) {
            if (connection)
                connection->disconnectFromServer();
        }
    }

private:
    void wishChanged()
    {
        if (!this->isComplete())
            return;
        if (this->isActive())
            begin();
        else
            stop();
    }
    void addressWishChanged()
    {
        if (!this->isComplete() || !this->isActive())
            return;
        stop();
        begin();
    }
    void stop()
    {
        ++m_wishes;
        m_retry.stop();
        element()->close();
    }
    void tryToListen()
    {
        m_retry.stop();
        if (element()->isListening())
            return;
        if (element()->listen(this->address())) {
            setErrorString({});
            return;
        }
        if (m_retryEnabled)
            m_retry.start(m_retryDelay);
        const QString text = element()->errorString();
        if (std::exchange(m_told, text) == text)
            return; // the same as a moment ago
        // Told from the event loop, like every other error: handlers are there by then. Unless something else is wished by then: where
        // address and active are bound to one property, one of them changes first.
        QMetaObject::invokeMethod(
            element(),
            [this, wishes = m_wishes, error = element()->serverError(), text] {
                if (wishes != m_wishes)
                    return;
                setErrorString(text);
                Q_EMIT element()->errorOccurred(error);
            },
            Qt::QueuedConnection);
    }
    void setErrorString(const QString &text)
    {
        if (std::exchange(m_errorString, text) != text)
            Q_EMIT element()->errorStringChanged();
    }

    QPointer<QQmlComponent> m_delegate;
    ConnectionModel m_connections;
    QString m_errorString;
    QString m_told; // why it does not listen, as its user has been told
    QTimer m_retry;
    int m_retryDelay = 1000;
    quint32 m_wishes = 0; // how often there was another one
    bool m_retryEnabled = false;
};

} // namespace InterprocessQt

#endif
