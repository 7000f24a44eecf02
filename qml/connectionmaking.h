// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CONNECTIONMAKING_H
#define INTERPROCESSQT_CONNECTIONMAKING_H

#include "messageparser.h"

#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlcontext.h>
#include <QtQml/qqmlengine.h>
#include <QtQml/qqmlinfo.h>

namespace InterprocessQt
{

// The object for a connection that a server has accepted, a child of it: made of the delegate, whose creation is to be
// completed by the caller when it has been connected, or a plain one. Null, with a warning, if the delegate is none.
template<typename Connection>
Connection *makeConnection(QObject *server, QQmlComponent *delegate, MessageParser *parser, const QString &typeName)
{
    if (!delegate) {
        auto *const connection = new Connection(server);
        connection->setParser(parser);
        // It has no context to find the engine by, unlike what QML makes, nor does JavaScript own it.
        if (QQmlContext *const context = qmlContext(server))
            QQmlEngine::setContextForObject(connection, context);
        QQmlEngine::setObjectOwnership(connection, QQmlEngine::CppOwnership);
        return connection;
    }
    QQmlContext *const context = delegate->creationContext() ? delegate->creationContext() : qmlContext(server);
    QObject *const object = delegate->beginCreate(context);
    auto *const connection = qobject_cast<Connection *>(object);
    if (!connection) {
        if (object) {
            delegate->completeCreate();
            delete object;
            qmlWarning(server) << QStringLiteral("the delegate must be a %1").arg(typeName);
        } else {
            qmlWarning(server, delegate->errors());
        }
        return nullptr;
    }
    connection->setParent(server);
    QQmlEngine::setObjectOwnership(connection, QQmlEngine::CppOwnership);
    if (!connection->parser())
        connection->setParser(parser);
    return connection;
}

} // namespace InterprocessQt

#endif
