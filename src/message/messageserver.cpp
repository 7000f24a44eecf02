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
    connect(server, &LocalServer::listeningChanged, this, &MessageServer::listeningChanged);
    connect(server, &LocalServer::namePolicyChanged, this, &MessageServer::namePolicyChanged);
    connect(server, &LocalServer::peerPolicyChanged, this, &MessageServer::peerPolicyChanged);
    connect(server, &LocalServer::listenBacklogSizeChanged, this, &MessageServer::listenBacklogSizeChanged);
    connect(server, &LocalServer::readBufferSizeChanged, this, &MessageServer::readBufferSizeChanged);
    connect(server, &LocalServer::writeBufferLimitChanged, this, &MessageServer::writeBufferLimitChanged);
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
    return d->server->listen(name);
}

/*!
    \overload

    Listens at \a address.
*/
bool MessageServer::listen(const Address &address)
{
    return d->server->listen(address);
}

/*!
    \overload

    Takes over \a socketDescriptor, which listens and is of the kind that transport() says. If it returns false the descriptor
    stays the caller's.
*/
bool MessageServer::listen(qintptr socketDescriptor)
{
    return d->server->listen(socketDescriptor);
}

/*!
    Listens on the socket \a name that was passed by the process that started this one. Returns false, with serverError(), if
    there is none; see LocalServer::listenActivated().
*/
bool MessageServer::listenActivated(const QString &name)
{
    return d->server->listenActivated(name);
}

/*!
    Stops listening and removes the name, as LocalServer::close() does. Connections that nobody has asked for are closed.
*/
void MessageServer::close()
{
    d->server->close();
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
    \property InterprocessQt::MessageServer::serverName
    \brief the name that the server listens at, as it was given
*/
QString MessageServer::serverName() const
{
    return d->server->serverName();
}

/*!
    \property InterprocessQt::MessageServer::fullServerName
    \brief the name as the system knows it
*/
QString MessageServer::fullServerName() const
{
    return d->server->fullServerName();
}

/*!
    \property InterprocessQt::MessageServer::serverAddress
    \brief where the server listens

    Not valid if it does not.
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
    \property InterprocessQt::MessageServer::socketOptions
    \brief the options that say who may connect, before listen()

    See LocalServer::socketOptions.
*/
MessageServer::SocketOptions MessageServer::socketOptions() const
{
    return d->server->socketOptions();
}

void MessageServer::setSocketOptions(SocketOptions options)
{
    const SocketOptions before = socketOptions();
    d->server->setSocketOptions(options);
    if (socketOptions() != before)
        Q_EMIT socketOptionsChanged();
}

/*!
    \property InterprocessQt::MessageServer::namePolicy
    \brief what listen() does when something already has the name

    See LocalServer::namePolicy.
*/
MessageServer::NamePolicy MessageServer::namePolicy() const
{
    return d->server->namePolicy();
}

void MessageServer::setNamePolicy(NamePolicy policy)
{
    d->server->setNamePolicy(policy);
}

/*!
    \property InterprocessQt::MessageServer::peerPolicy
    \brief who may connect, beyond what the permissions of a file name say

    See LocalServer::peerPolicy.
*/
MessageServer::PeerPolicy MessageServer::peerPolicy() const
{
    return d->server->peerPolicy();
}

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
    Makes \a socket the next connection, where nextPendingConnection() makes a new object: for sockets of a class of their
    own. \a socket stays its owner's, has the settings of this server then, and tells of it by MessageSocket::stateChanged()
    only. Returns false if there is no connection, or if \a socket is not unconnected or has another
    MessageSocket::transport().
*/
bool MessageServer::takePendingConnection(MessageSocket *socket)
{
    if (!hasPendingConnections() || socket->state() != LocalSocket::UnconnectedState || socket->transport() != transport())
        return false;
    std::unique_ptr<LocalSocket> carrier(d->server->nextPendingConnection());
    MessageSocketPrivate *const p = MessageSocketPrivate::get(socket);
    const MessageSocketPrivate::Guard guard(*p);
    socket->setMaximumMessageSize(d->maximumMessageSize);
    if (guard.isAlive())
        socket->setMaximumHandles(d->maximumHandles);
    if (guard.isAlive())
        p->takeCarrier(std::move(carrier));
    return true;
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
    \property InterprocessQt::MessageServer::listenBacklogSize
    \brief how many clients may wait in the kernel to be accepted
*/
int MessageServer::listenBacklogSize() const
{
    return d->server->listenBacklogSize();
}

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
    \overload

    Waits for \a timeout at most, and sets \a timedOut.
*/
bool MessageServer::waitForNewConnection(std::chrono::milliseconds timeout, bool *timedOut)
{
    return d->server->waitForNewConnection(timeout, timedOut);
}

/*!
    \property InterprocessQt::MessageServer::maximumMessageSize
    \brief the MessageSocket::maximumMessageSize of the sockets that are accepted from now on
*/
qint64 MessageServer::maximumMessageSize() const
{
    return d->maximumMessageSize;
}

void MessageServer::setMaximumMessageSize(qint64 size)
{
    size = std::clamp<qint64>(size, 1, std::numeric_limits<qint32>::max());
    if (std::exchange(d->maximumMessageSize, size) == size)
        return;
    d->setLimits();
    Q_EMIT maximumMessageSizeChanged();
}

/*!
    \property InterprocessQt::MessageServer::readBufferSize
    \brief the MessageSocket::readBufferSize of the sockets that are accepted from now on
*/
qint64 MessageServer::readBufferSize() const
{
    return d->server->readBufferSize();
}

void MessageServer::setReadBufferSize(qint64 size)
{
    d->server->setReadBufferSize(size);
}

/*!
    \property InterprocessQt::MessageServer::writeBufferLimit
    \brief the MessageSocket::writeBufferLimit of the sockets that are accepted from now on
*/
qint64 MessageServer::writeBufferLimit() const
{
    return d->server->writeBufferLimit();
}

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
    \fn void InterprocessQt::MessageServer::listeningChanged()

    Emitted from inside \l {listen()} or close() when the server has begun or ceased to listen.
*/

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
