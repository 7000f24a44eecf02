// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/MessageServer.h>

#include "messagesocket_p.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace InterprocessQt
{

class MessageServerPrivate
{
public:
    MessageServerPrivate(MessageSocket::Transport wanted, MessageServer *parent)
        : transport(MessageSocketPrivate::usesPackets(wanted) ? MessageSocket::Transport::Packets : MessageSocket::Transport::Stream)
        , server(MessageCarrier::makeServer(transport == MessageSocket::Transport::Packets, parent))
    {
    }
    void setLimits() const
    {
        MessageCarrier::setLimits(*server, maximumMessageSize, maximumHandles);
    }
    bool told(MessageServer *q, bool listens) const
    {
        if (listens)
            Q_EMIT q->listeningChanged();
        return listens;
    }

    const MessageSocket::Transport transport;
    std::unique_ptr<LocalServer> server; // child of the public object, so that it moves along
    qint64 maximumMessageSize = MessageSocket::DefaultMaximumMessageSize;
    int maximumHandles = 0;
};

/*!
    \class InterprocessQt::MessageServer
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/MessageServer
    \brief Accepts message sockets at an address.
    \reentrant

    What LocalServer is for LocalSocket: names, how they are taken and given back, who may connect, and what happens when
    the process runs out of descriptors are described there.

    \snippet snippets/messagesocket.cpp server
*/

/*!
    \typealias InterprocessQt::MessageServer::Transport

    That of MessageSocket. Both sides must use the same.
*/

/*!
    \typealias InterprocessQt::MessageServer::ServerError

    That of LocalServer.
*/

/*!
    \typealias InterprocessQt::MessageServer::SocketOptions

    That of LocalServer.
*/

/*!
    \typealias InterprocessQt::MessageServer::NamePolicy

    That of LocalServer.
*/

/*!
    \typealias InterprocessQt::MessageServer::PeerPolicy

    That of LocalServer.
*/

/*!
    \typealias InterprocessQt::MessageServer::PeerPredicate

    That of LocalServer.
*/

/*!
    Makes a server with Transport::Automatic that does not listen, with the parent \a parent.
*/
MessageServer::MessageServer(QObject *parent)
    : MessageServer(Transport::Automatic, parent)
{
}

/*!
    Makes a server that uses \a transport and does not listen, with the parent \a parent.
*/
MessageServer::MessageServer(Transport transport, QObject *parent)
    : QObject(parent)
    , d(new MessageServerPrivate(transport, this))
{
    LocalServer *const server = d->server.get();
    d->setLimits();
    connect(server, &LocalServer::newConnection, this, &MessageServer::newConnection);
    connect(server, &LocalServer::errorOccurred, this, &MessageServer::errorOccurred);
    connect(server, &LocalServer::peerRejected, this, &MessageServer::peerRejected);
}

/*!
    Closes the server. Sockets that nextPendingConnection() has returned are its children, and end with it.
*/
MessageServer::~MessageServer()
{
    d->server.reset();
}

/*!
    Returns what carries the messages: Transport::Packets or Transport::Stream.
*/
MessageServer::Transport MessageServer::transport() const
{
    return d->transport;
}

/*!
    Listens at \a name; see LocalServer::listen(). Returns false, with serverError(), if it cannot.
*/
bool MessageServer::listen(const QString &name)
{
    return d->told(this, d->server->listen(name));
}

/*!
    \overload

    Listens at \a address.
*/
bool MessageServer::listen(const Address &address)
{
    return d->told(this, d->server->listen(address));
}

/*!
    \overload

    Takes over \a socketDescriptor, which listens and is of the kind that transport() says. If it returns false the descriptor
    stays the caller's.
*/
bool MessageServer::listen(qintptr socketDescriptor)
{
    return d->told(this, d->server->listen(socketDescriptor));
}

/*!
    Listens on the socket \a name that was passed by the process that started this one. Returns false, with serverError(), if
    there is none; see LocalServer::listenActivated().
*/
bool MessageServer::listenActivated(const QString &name)
{
    return d->told(this, d->server->listenActivated(name));
}

/*!
    Stops listening and removes the name, as LocalServer::close() does. Connections that nobody has asked for are closed.
*/
void MessageServer::close()
{
    const bool was = isListening();
    d->server->close();
    if (was)
        Q_EMIT listeningChanged();
}

/*!
    \property InterprocessQt::MessageServer::listening
    \brief whether the server listens
*/
bool MessageServer::isListening() const
{
    return d->server->isListening();
}

/*!
    Returns the name that the server listens at, as it was given.
*/
QString MessageServer::serverName() const
{
    return d->server->serverName();
}

/*!
    Returns the name as the system knows it.
*/
QString MessageServer::fullServerName() const
{
    return d->server->fullServerName();
}

/*!
    Returns the address that the server listens at; not valid if it does not.
*/
Address MessageServer::serverAddress() const
{
    return d->server->serverAddress();
}

/*!
    Returns the descriptor that listens, or -1.
*/
qintptr MessageServer::socketDescriptor() const
{
    return d->server->socketDescriptor();
}

/*!
    Returns what went wrong last.
*/
MessageServer::ServerError MessageServer::serverError() const
{
    return d->server->serverError();
}

/*!
    Returns the code of the system that belongs to serverError().
*/
int MessageServer::nativeError() const
{
    return d->server->nativeError();
}

/*!
    Returns a text for serverError() that can be shown.
*/
QString MessageServer::errorString() const
{
    return d->server->errorString();
}

/*!
    Returns who may connect; see LocalServer::socketOptions.
*/
MessageServer::SocketOptions MessageServer::socketOptions() const
{
    return d->server->socketOptions();
}

/*!
    Sets who may connect to \a options, before listen().
*/
void MessageServer::setSocketOptions(SocketOptions options)
{
    d->server->setSocketOptions(options);
}

/*!
    Returns what listen() does when something already has the name.
*/
MessageServer::NamePolicy MessageServer::namePolicy() const
{
    return d->server->namePolicy();
}

/*!
    Sets what listen() does when something already has the name to \a policy; see LocalServer::setNamePolicy().
*/
void MessageServer::setNamePolicy(NamePolicy policy)
{
    d->server->setNamePolicy(policy);
}

/*!
    Returns who may connect, beyond what the permissions of a file name say.
*/
MessageServer::PeerPolicy MessageServer::peerPolicy() const
{
    return d->server->peerPolicy();
}

/*!
    Sets who may connect to \a policy; see LocalServer::setPeerPolicy().
*/
void MessageServer::setPeerPolicy(PeerPolicy policy)
{
    d->server->setPeerPolicy(policy);
}

/*!
    \overload

    Lets \a predicate decide.
*/
void MessageServer::setPeerPolicy(PeerPredicate predicate)
{
    d->server->setPeerPolicy(std::move(predicate));
}

/*!
    Returns true if nextPendingConnection() has a socket to return.
*/
bool MessageServer::hasPendingConnections() const
{
    return d->server->hasPendingConnections();
}

/*!
    Returns the next socket that is connected to a client, or nullptr. It is a child of the server, and should be deleted
    as soon as it is not needed any more.
*/
MessageSocket *MessageServer::nextPendingConnection()
{
    std::unique_ptr<LocalSocket> carrier(d->server->nextPendingConnection());
    if (!carrier)
        return nullptr;
    auto *const socket = new MessageSocket(*new MessageSocketPrivate(d->transport, std::move(carrier)), this);
    socket->setMaximumMessageSize(d->maximumMessageSize);
    socket->setMaximumHandles(d->maximumHandles);
    return socket;
}

/*!
    Returns how many connections may wait for nextPendingConnection(); 30 by default.
*/
int MessageServer::maxPendingConnections() const
{
    return d->server->maxPendingConnections();
}

/*!
    Sets how many connections may wait for nextPendingConnection() to \a numConnections.
*/
void MessageServer::setMaxPendingConnections(int numConnections)
{
    d->server->setMaxPendingConnections(numConnections);
}

/*!
    Returns how many clients may wait in the kernel to be accepted.
*/
int MessageServer::listenBacklogSize() const
{
    return d->server->listenBacklogSize();
}

/*!
    Sets how many clients may wait in the kernel to be accepted to \a size.
*/
void MessageServer::setListenBacklogSize(int size)
{
    d->server->setListenBacklogSize(size);
}

/*!
    Waits for a connection, for \a msecs at most or for ever if that is -1. Returns true if there is one, and sets \a timedOut,
    if it is given, to whether the time was over; see LocalServer::waitForNewConnection().
*/
bool MessageServer::waitForNewConnection(int msecs, bool *timedOut)
{
    return d->server->waitForNewConnection(msecs, timedOut);
}

/*!
    Returns MessageSocket::maximumMessageSize of the sockets that are accepted from now on.
*/
qint64 MessageServer::maximumMessageSize() const
{
    return d->maximumMessageSize;
}

/*!
    Sets MessageSocket::maximumMessageSize of the sockets that are accepted from now on to \a size.
*/
void MessageServer::setMaximumMessageSize(qint64 size)
{
    d->maximumMessageSize = std::clamp<qint64>(size, 1, std::numeric_limits<qint32>::max());
    d->setLimits();
}

/*!
    Returns MessageSocket::readBufferSize of the sockets that are accepted from now on.
*/
qint64 MessageServer::readBufferSize() const
{
    return d->server->readBufferSize();
}

/*!
    Sets MessageSocket::readBufferSize of the sockets that are accepted from now on to \a size.
*/
void MessageServer::setReadBufferSize(qint64 size)
{
    d->server->setReadBufferSize(size);
}

/*!
    Returns MessageSocket::writeBufferLimit of the sockets that are accepted from now on.
*/
qint64 MessageServer::writeBufferLimit() const
{
    return d->server->writeBufferLimit();
}

/*!
    Sets MessageSocket::writeBufferLimit of the sockets that are accepted from now on to \a size.
*/
void MessageServer::setWriteBufferLimit(qint64 size)
{
    d->server->setWriteBufferLimit(size);
}

/*!
    Returns MessageSocket::maximumHandles of the sockets that are accepted from now on.
*/
int MessageServer::maximumHandles() const
{
    return d->maximumHandles;
}

/*!
    Sets MessageSocket::maximumHandles of the sockets that are accepted from now on to \a count.
*/
void MessageServer::setMaximumHandles(int count)
{
    d->maximumHandles = std::clamp(count, 0, MessageSocket::MaximumHandles);
    d->setLimits();
}

/*!
    \fn void InterprocessQt::MessageServer::newConnection()

    Emitted for each connection that waits for nextPendingConnection().
*/

/*!
    \fn void InterprocessQt::MessageServer::errorOccurred(InterprocessQt::LocalServer::ServerError error)

    Emitted when a connection cannot be accepted, with \a error; see LocalServer::errorOccurred().
*/

/*!
    \fn void InterprocessQt::MessageServer::peerRejected(const InterprocessQt::PeerCredentials &credentials)

    Emitted when a peer with \a credentials was not let in.
*/

} // namespace InterprocessQt
