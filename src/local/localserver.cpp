// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/LocalServer.h>

#include "interprocessqt_debug.h"
#include "localserver_p.h"
#include "localsocket_p.h"

#include <InterprocessQt/LocalSocket.h>

#include <QtCore/qcoreevent.h>
#include <QtCore/qdeadlinetimer.h>

#include <algorithm>

namespace InterprocessQt
{

LocalServer::LocalServer(QObject *parent)
    : QObject(parent)
    , d(new LocalServerPrivate(this))
{
}

LocalServer::~LocalServer()
{
    close();
}

bool LocalServer::listen(const QString &name)
{
    if (d->refuseWhileListening())
        return false;
    const bool abstract = d->options.value().testFlag(AbstractNamespaceOption);
    return d->listen(abstract ? Address::namespaced(name) : Address::fromString(name), name);
}

bool LocalServer::listen(const Address &address)
{
    return !d->refuseWhileListening() && d->listen(address, address.toString());
}

bool LocalServer::listen(qintptr socketDescriptor)
{
    return !d->refuseWhileListening() && d->adopt(socketDescriptor);
}

bool LocalServer::listenActivated(const QString &name)
{
    return !d->refuseWhileListening() && d->adoptActivated(name);
}

void LocalServer::close()
{
    d->close();
}

bool LocalServer::removeServer(const QString &name)
{
    return removeLocalName(Address::fromString(name));
}

bool LocalServer::removeServer(const Address &address)
{
    return removeLocalName(address);
}

bool LocalServer::isListening() const
{
    return d->listener != nullptr;
}

QString LocalServer::serverName() const
{
    return d->serverName;
}

QString LocalServer::fullServerName() const
{
    return d->fullServerName;
}

Address LocalServer::serverAddress() const
{
    return d->address;
}

qintptr LocalServer::socketDescriptor() const
{
    return d->listener ? d->listener->handle() : -1;
}

LocalServer::ServerError LocalServer::serverError() const
{
    return d->error;
}

int LocalServer::nativeError() const
{
    return d->nativeError;
}

QString LocalServer::errorString() const
{
    return d->errorString;
}

void LocalServer::setSocketOptions(SocketOptions options)
{
    if (isListening()) {
        qCWarning(INTERPROCESSQT_LOG, "LocalServer::setSocketOptions() has no effect while listening");
        return;
    }
    d->options = options;
}

LocalServer::SocketOptions LocalServer::socketOptions() const
{
    return d->options;
}

QBindable<LocalServer::SocketOptions> LocalServer::bindableSocketOptions()
{
    return &d->options;
}

LocalServer::NamePolicy LocalServer::namePolicy() const
{
    return d->namePolicy;
}

void LocalServer::setNamePolicy(NamePolicy policy)
{
    d->namePolicy = policy;
}

LocalServer::PeerPolicy LocalServer::peerPolicy() const
{
    return d->peerPolicy;
}

void LocalServer::setPeerPolicy(PeerPolicy policy)
{
    d->peerPolicy = policy;
    d->peerPredicate = nullptr;
}

void LocalServer::setPeerPolicy(PeerPredicate predicate)
{
    d->peerPredicate = std::move(predicate);
}

bool LocalServer::hasPendingConnections() const
{
    return std::any_of(d->pending.cbegin(), d->pending.cend(), [](const auto &entry) {
        return !entry.socket.isNull();
    });
}

LocalSocket *LocalServer::nextPendingConnection()
{
    return d->takePending();
}

int LocalServer::maxPendingConnections() const
{
    return d->maxPending;
}

void LocalServer::setMaxPendingConnections(int numConnections)
{
    d->maxPending = numConnections;
    d->updateEnabled();
}

int LocalServer::listenBacklogSize() const
{
    return d->backlog;
}

void LocalServer::setListenBacklogSize(int size)
{
    d->backlog = size;
    if (d->listener)
        d->listener->setBacklog(size);
}

bool LocalServer::waitForNewConnection(int msec, bool *timedOut)
{
    return d->waitForNewConnection(QDeadlineTimer(msec), timedOut);
}

bool LocalServer::waitForNewConnection(std::chrono::milliseconds timeout, bool *timedOut)
{
    return d->waitForNewConnection(QDeadlineTimer(timeout), timedOut);
}

qint64 LocalServer::readBufferSize() const
{
    return d->readBufferSize;
}

void LocalServer::setReadBufferSize(qint64 size)
{
    d->readBufferSize = std::max<qint64>(0, size);
}

qint64 LocalServer::writeBufferLimit() const
{
    return d->writeBufferLimit;
}

void LocalServer::setWriteBufferLimit(qint64 size)
{
    d->writeBufferLimit = std::max<qint64>(0, size);
}

bool LocalServer::isHalfOpenAllowed() const
{
    return d->halfOpenAllowed;
}

void LocalServer::setHalfOpenAllowed(bool allowed)
{
    d->halfOpenAllowed = allowed;
}

void LocalServer::incomingConnection(quintptr socketDescriptor)
{
    const auto handle = NativeHandle::Type(socketDescriptor);
    auto socket = std::make_unique<LocalSocket>(this);
    socket->setReadBufferSize(d->readBufferSize);
    socket->setWriteBufferLimit(d->writeBufferLimit);
    socket->setHalfOpenAllowed(d->halfOpenAllowed);
    if (handle == d->beingAccepted) {
        LocalSocketPrivate::get(socket.get())->adoptTrusted(NativeHandle(handle), QIODevice::ReadWrite);
    } else if (!socket->setSocketDescriptor(qintptr(handle))) {
        // A reimplementation passed something else than what was accepted.
        qCWarning(INTERPROCESSQT_LOG, "LocalServer::incomingConnection(): %s", qUtf8Printable(socket->errorString()));
        return;
    }
    addPendingConnection(socket.release());
}

void LocalServer::addPendingConnection(LocalSocket *socket)
{
    d->addPending(socket);
}

bool LocalServer::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->threadChanging();
    } else if (event->type() == LocalServerPrivate::attachEventType()) {
        d->joinThread();
        return true;
    }
    return QObject::event(event);
}

} // namespace InterprocessQt
