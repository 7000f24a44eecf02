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
#include <utility>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::LocalServer
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/LocalServer
    \brief Accepts local connections at an address.
    \reentrant

    LocalServer has the API of QLocalServer; \l {Porting from QLocalSocket} says what is different. It listens at an
    Address, and has a LocalSocket for each client that connects:

    \snippet snippets/helloserver.cpp server

    \section1 Taking a name

    Where nothing has the name, listening takes it. Where something has, namePolicy() decides, and these limits hold
    whatever it says: only sockets are ever replaced, never a regular file, a directory or a symbolic link, and never
    a name without a file. Whether a server still listens is found out without its noticing. Two servers that start at
    one time do not take the name from each other.

    On close() the file is removed if it is still the one that was made here, and only by the process that made it:
    neither the file of a server that has taken over, nor that of the parent after fork(). A server that crashes
    leaves its file, which the next one takes over.

    \section1 Who may connect

    A file is made for the owner alone, and then given the permissions that socketOptions() ask for, before anybody
    can connect; the umask has no part in it. On Linux connecting takes the right to write to the file and to search
    the directories above it (unix(7)); other systems may look at the directories only, so that a name from
    Address::runtime() is the safer choice where it matters. Names without a file have no permissions: peerPolicy()
    decides.

    On Windows a server is a named pipe, which is gone with its process: there are no stale names and no files, and a name that
    is in use is never taken over. Who listens there is found out by a named object as well, which each server of this
    library makes: see \l {Named pipes and security on Windows}. It has one limit. Where this process has listened before, a pipe all
    of whose instances are taken may be what is left of that, the connections that are still open. If another program
    of the same user, which does not use this library, has taken the name meanwhile, and its pipe allows more instances and has
    none free just then, listen() becomes a second server of that pipe.

    \section1 When descriptors run out

    If a connection cannot be accepted because the process or the system has no descriptor or memory left (EMFILE,
    ENFILE, ENOMEM, ENOBUFS) errorOccurred() says so, once. The server goes on listening, connections wait in the
    kernel's queue, and accepting is tried again after 20 ms and then ever more rarely, up to every 500 ms.

    \section1 Threads

    A server is used in the thread it lives in, and may be moved to another one while it listens. Its sockets are its
    children: one that is to live in another thread needs setParent(nullptr) before moveToThread(), or a
    reimplementation of incomingConnection() that hands on the descriptor.
*/

/*!
    \enum InterprocessQt::LocalServer::SocketOption

    Who may connect. With none of the first four only the user of this process may, as with UserAccessOption.

    \value NoOptions  The owner alone.
    \value UserAccessOption  The user of this process; mode 0700 of a file.
    \value GroupAccessOption  The group of this process; mode 0070. For names without a file: peers whose group, or
           one of whose supplementary groups, is the effective group of this process.
    \value OtherAccessOption  Everybody else; mode 0007. For names without a file: everybody.
    \value WorldAccessOption  All three.
    \value AbstractNamespaceOption  \l {listen()} takes a name as Address::namespaced() does, as a whole: \c @ has no
           special meaning then. An Address is not affected.
*/

/*!
    \enum InterprocessQt::LocalServer::ServerError

    Why listening or accepting failed. The values are those of QAbstractSocket::SocketError that QLocalServer reports;
    nativeError() has the code of the system, on Unix as shown.

    \value UnknownSocketError  No error has occurred, or one that none of the others stands for.
    \value HostNotFoundError  The Address is not valid (no native code), its directory does not exist (ENOENT,
           ENOTDIR, ELOOP) or is on a read-only file system (EROFS), or no socket was passed for listenActivated() (no
           native code).
    \value SocketAccessError  The directory may not be written to, or the permissions could not be set (EACCES,
           EPERM).
    \value SocketResourceError  Out of descriptors (EMFILE, ENFILE), memory (ENOMEM, ENOBUFS) or space (ENOSPC).
    \value SocketTimeoutError  Not reported so far.
    \value AddressInUseError  Something has the name and is not replaced (EADDRINUSE). errorString() says what: a
           server that listens, what a server that is gone has left (with Exclusive, or of another user), a file that
           is no socket, a directory, a symbolic link, or another process that is about to listen.
    \value UnsupportedSocketOperationError  A descriptor is not one of a listening Unix stream socket.
    \value OperationError  The system refuses an argument (EINVAL, EBADF).
*/

/*!
    \enum InterprocessQt::LocalServer::NamePolicy

    What listening does where a socket file has the name already.

    \value TakeOverStale  Replaces it if no process has the socket any more and it is this user's own (or this process
           is the superuser's). A socket of which that cannot be found out counts as one in use.
    \value Exclusive  Never replaces it.
    \value TakeOverAlways  Replaces the file of a server that listens, too. That server goes on with the clients it
           has, and gets no new ones.
*/

/*!
    \enum InterprocessQt::LocalServer::PeerPolicy

    Who may connect, beyond what the permissions of a file say. The superuser always may, except by a predicate's
    decision.

    \value ByOptions  Names with a file: whoever their permissions let through. Names without: what socketOptions()
           say, by default the same user alone.
    \value SameUser  The effective user of this process, whatever the name.
    \value Any  Everybody.
*/

/*!
    \typealias InterprocessQt::LocalServer::PeerPredicate

    Decides from the credentials of a peer whether it may connect; true lets it in.
*/

/*!
    Makes a server that does not listen, with the parent \a parent.
*/
LocalServer::LocalServer(QObject *parent)
    : QObject(parent)
    , d(new LocalServerPrivate(this))
{
}

/*!
    For classes of the library: as above, with the private part \a dd.
*/
LocalServer::LocalServer(LocalServerPrivate &dd, QObject *parent)
    : QObject(parent)
    , d(&dd)
{
}

/*!
    Closes the server, and deletes its sockets, which are its children, those of nextPendingConnection() included.
*/
LocalServer::~LocalServer()
{
    d->close();
}

/*!
    Listens at \a name, which stands for what Address::fromString() makes of it, or for Address::namespaced() with
    AbstractNamespaceOption. Returns true if it does; otherwise serverError(), nativeError() and errorString() say
    why, and no signal is emitted.

    While the server listens already: false, with a warning, and nothing changes.

    \sa ServerError
*/
bool LocalServer::listen(const QString &name)
{
    if (d->refuseWhileListening())
        return false;
    const bool abstract = d->options.value().testFlag(AbstractNamespaceOption);
    return d->told(d->listen(abstract ? Address::namespaced(name) : Address::fromString(name), name));
}

/*!
    Listens at \a address, to which AbstractNamespaceOption does not apply. Returns true if it does.
*/
bool LocalServer::listen(const Address &address)
{
    return !d->refuseWhileListening() && d->told(d->listen(address, address.toString()));
}

/*!
    Goes on with \a socketDescriptor, a Unix domain socket of type SOCK_STREAM that listens already. It is made
    non-blocking and close-on-exec, and closed with the server; the name is not removed then. serverName() is the last
    part of its path, or its abstract name, which also sets AbstractNamespaceOption.

    Returns false if it is another kind of socket or does not listen (UnsupportedSocketOperationError), is no socket
    (ENOTSOCK) or not open (EBADF). The descriptor stays the caller's in that case. On Windows that is always so, with
    UnsupportedSocketOperationError: nothing stands for a server there.
*/
bool LocalServer::listen(qintptr socketDescriptor)
{
    return !d->refuseWhileListening() && d->told(d->adopt(socketDescriptor));
}

/*!
    Goes on with a socket that the starter of this process has passed to it, by the protocol of systemd
    (sd_listen_fds(3)): \c LISTEN_FDS sockets from descriptor 3 on, for the process with the id \c LISTEN_PID, with
    the names in \c LISTEN_FDNAMES. An empty \a name takes the first that has not been taken.

    The environment is read at the first call and left as it is. Each socket is given out once in a process, in
    whatever thread. Returns false, with HostNotFoundError if none, or none of that name, is left, and as \l {listen()} does
    for descriptors. PeerCredentials that clients see are those of the process that made the socket.

    Works on all Unix systems; only systemd speaks the protocol. The one of launchd on macOS is not supported.
*/
bool LocalServer::listenActivated(const QString &name)
{
    return !d->refuseWhileListening() && d->told(d->adoptActivated(name));
}

/*!
    Stops listening, removes the name, and deletes the sockets that nextPendingConnection() has not returned. Those
    that it has returned stay connected. Clients that waited to be accepted see the end of their connections.
    serverError() is set back.
*/
void LocalServer::close()
{
    const LocalServerPrivate::Guard guard(*d);
    const bool was = isListening();
    d->close();
    if (was && guard.isAlive())
        Q_EMIT listeningChanged();
}

/*!
    Removes the socket that a server has left at \a name, as Address::fromString() understands it. Returns true if it
    is gone or was not there, and for names without a file, which end with their servers; false if it could not be
    removed or is not a socket.

    Does not look whether a server listens there. Not needed before \l {listen()}, which does.
*/
bool LocalServer::removeServer(const QString &name)
{
    return removeLocalName(Address::fromString(name));
}

/*!
    Removes the socket that a server has left at \a address. False if that is not valid.
*/
bool LocalServer::removeServer(const Address &address)
{
    return removeLocalName(address);
}

/*!
    \property InterprocessQt::LocalServer::listening
    \brief whether the server listens

    True also while it does not accept because descriptors have run out or maxPendingConnections() has been reached.
*/
bool LocalServer::isListening() const
{
    return d->listener != nullptr;
}

/*!
    \property InterprocessQt::LocalServer::serverName
    \brief the name as it was given to \l {listen()}, or the text of the address

    Empty when the server does not listen.
*/
QString LocalServer::serverName() const
{
    return d->serverName;
}

/*!
    \property InterprocessQt::LocalServer::fullServerName
    \brief Address::nativeName() of serverAddress(), or the name alone with AbstractNamespaceOption

    Empty when the server does not listen.
*/
QString LocalServer::fullServerName() const
{
    return d->fullServerName;
}

/*!
    \property InterprocessQt::LocalServer::serverAddress
    \brief where the server listens

    Not valid when it does not, or when an adopted descriptor has no name.
*/
Address LocalServer::serverAddress() const
{
    return d->address;
}

/*!
    Returns the listening descriptor, which stays this object's; -1 when the server does not listen, and always on Windows, where
    no handle stands for a server.
*/
qintptr LocalServer::socketDescriptor() const
{
    return d->listener ? d->listener->handle() : -1;
}

/*!
    Returns why listening, or the last accept that failed, did. Set back by \l {listen()} and close().
*/
LocalServer::ServerError LocalServer::serverError() const
{
    return d->error;
}

/*!
    Returns the code of the system for serverError(), \c errno on Unix; 0 where the system was not asked.
*/
int LocalServer::nativeError() const
{
    return d->nativeError;
}

/*!
    Returns what was tried, at which address, and why it failed.
*/
QString LocalServer::errorString() const
{
    return d->errorString;
}

/*!
    \property InterprocessQt::LocalServer::socketOptions
    \brief the options that say who may connect, and what a name means

    NoOptions by default: the owner alone, where QLocalServer leaves it to the umask. Can be bound. The permissions of
    a file are those at the time of \l {listen()}; while listening, the setter has no effect, but for a warning.
*/
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

/*!
    \property InterprocessQt::LocalServer::namePolicy
    \brief what the next \l {listen()} does where something has the name

    TakeOverStale by default.
*/
LocalServer::NamePolicy LocalServer::namePolicy() const
{
    return d->namePolicy;
}

void LocalServer::setNamePolicy(NamePolicy policy)
{
    if (std::exchange(d->namePolicy, policy) != policy)
        Q_EMIT namePolicyChanged();
}

/*!
    \property InterprocessQt::LocalServer::peerPolicy
    \brief who may connect, from the next connection on

    ByOptions by default. A predicate goes before it; the setter drops one.

    A client that is not let in has been connected by the kernel already: it sees connected(), and then the end.
    peerRejected() tells of it. Peers whose credentials the system does not know are refused where credentials decide.
*/
LocalServer::PeerPolicy LocalServer::peerPolicy() const
{
    return d->peerPolicy;
}

void LocalServer::setPeerPolicy(PeerPolicy policy)
{
    d->peerPredicate = nullptr;
    if (std::exchange(d->peerPolicy, policy) != policy)
        Q_EMIT peerPolicyChanged();
}

/*!
    \overload

    Lets in those for whose credentials \a predicate returns true, from the next connection on. It is called in the
    thread of the server, once for each connection, and may close or delete the server. An empty one gives the
    decision back to peerPolicy().

    \snippet snippets/peers.cpp predicate
*/
void LocalServer::setPeerPolicy(PeerPredicate predicate)
{
    d->peerPredicate = std::move(predicate);
}

/*!
    Returns true if nextPendingConnection() has a socket to return.
*/
bool LocalServer::hasPendingConnections() const
{
    return !d->pending.isEmpty();
}

/*!
    Returns the next socket that is connected to a client, or nullptr. It is a child of the server, and should be
    deleted as soon as it is not needed any more, for example at LocalSocket::disconnected().

    Its client may have gone by now; what that has sent can be read all the same.
*/
LocalSocket *LocalServer::nextPendingConnection()
{
    return d->takePending();
}

/*!
    Returns how many sockets wait at most for nextPendingConnection(); 30 by default.
*/
int LocalServer::maxPendingConnections() const
{
    return d->maxPending;
}

/*!
    Accepts no more connections while \a numConnections wait for nextPendingConnection(); 0 accepts none. Those that
    come then wait in the kernel's queue, see setListenBacklogSize().
*/
void LocalServer::setMaxPendingConnections(int numConnections)
{
    d->maxPending = numConnections;
    d->updateEnabled();
}

/*!
    \property InterprocessQt::LocalServer::listenBacklogSize
    \brief how many connections wait at most in the kernel to be accepted

    50 by default. Can be changed while listening, too. Linux takes no more than \c {/proc/sys/net/core/somaxconn} (listen(2))
    and does not tell. When it is full, clients on Linux get EAGAIN: a LocalSocket tries again until
    LocalSocket::connectTimeout. On Windows it is how many instances of the pipe wait for clients, 50 at most; listen() makes
    that many.
*/
int LocalServer::listenBacklogSize() const
{
    return d->backlog;
}

void LocalServer::setListenBacklogSize(int size)
{
    if (std::exchange(d->backlog, size) == size)
        return;
    if (d->listener)
        d->listener->setBacklog(size);
    Q_EMIT listenBacklogSizeChanged();
}

/*!
    Waits until one more connection has been accepted, for \a msec at most, or for ever if that is -1, and emits the
    signals of it. Returns true if it has, also if incomingConnection() is reimplemented and keeps it, so that
    nextPendingConnection() has nothing; or if at the end of that time one waits for nextPendingConnection(). \a
    timedOut, where given, is set to whether the time was over. Works without an event loop.

    Returns false at once if the server does not listen or no descriptor is left; connections that peerPolicy()
    refuses do not count.
*/
bool LocalServer::waitForNewConnection(int msec, bool *timedOut)
{
    return d->waitForNewConnection(QDeadlineTimer(msec), timedOut);
}

/*!
    \overload

    Waits for \a timeout at most, and sets \a timedOut.
*/
bool LocalServer::waitForNewConnection(std::chrono::milliseconds timeout, bool *timedOut)
{
    return d->waitForNewConnection(deadlineOf(timeout), timedOut);
}

/*!
    \property InterprocessQt::LocalServer::readBufferSize
    \brief the StreamDevice::readBufferSize that accepted sockets begin with

    0, no limit, by default. A change counts from the next connection, for which it is set before anything is read.
*/
qint64 LocalServer::readBufferSize() const
{
    return d->readBufferSize;
}

void LocalServer::setReadBufferSize(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (std::exchange(d->readBufferSize, size) != size)
        Q_EMIT readBufferSizeChanged();
}

/*!
    \property InterprocessQt::LocalServer::writeBufferLimit
    \brief the StreamDevice::writeBufferLimit that accepted sockets begin with

    0, no limit, by default. A change counts from the next connection.
*/
qint64 LocalServer::writeBufferLimit() const
{
    return d->writeBufferLimit;
}

void LocalServer::setWriteBufferLimit(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (std::exchange(d->writeBufferLimit, size) != size)
        Q_EMIT writeBufferLimitChanged();
}

/*!
    \property InterprocessQt::LocalServer::halfOpenAllowed
    \brief the StreamDevice::halfOpenAllowed that accepted sockets begin with

    False by default. Set it for clients that finish writing before they wait for the answer. A change counts from the next
    connection.

    \snippet snippets/halfclose.cpp server
*/
bool LocalServer::isHalfOpenAllowed() const
{
    return d->halfOpenAllowed;
}

void LocalServer::setHalfOpenAllowed(bool allowed)
{
    if (std::exchange(d->halfOpenAllowed, allowed) != allowed)
        Q_EMIT halfOpenAllowedChanged();
}

/*!
    Called for each connection that has been accepted and may stay, with its \a socketDescriptor, which belongs to the
    function from then on. Makes a LocalSocket with the settings of this server and calls addPendingConnection().

    Reimplement it to make sockets of another class, or to hand the descriptor to another thread or process, where
    LocalSocket::setSocketDescriptor() takes it over. It is non-blocking and close-on-exec.
*/
void LocalServer::incomingConnection(quintptr socketDescriptor)
{
    const auto handle = NativeHandle::Type(socketDescriptor);
    auto socket = d->makeSocket();
    socket->setReadBufferSize(d->readBufferSize);
    socket->setWriteBufferLimit(d->writeBufferLimit);
    socket->setHalfOpenAllowed(d->halfOpenAllowed);
    if (handle == d->beingAccepted) {
        LocalSocketPrivate::get(socket.get())->adoptTrusted(NativeHandle(handle), d->openMode());
    } else if (!socket->setSocketDescriptor(qintptr(handle))) {
        // A reimplementation passed something else than what was accepted.
        qCWarning(INTERPROCESSQT_LOG, "LocalServer::incomingConnection(): %s", qUtf8Printable(socket->errorString()));
        return;
    }
    addPendingConnection(socket.release());
}

/*!
    Makes \a socket one that nextPendingConnection() returns. newConnection() follows when incomingConnection() has
    returned.
*/
void LocalServer::addPendingConnection(LocalSocket *socket)
{
    d->addPending(socket);
}

/*!
    \fn void InterprocessQt::LocalServer::newConnection()

    Emitted for each connection that waits for nextPendingConnection(), after incomingConnection() has returned. Not
    emitted if a reimplementation of that has not called addPendingConnection(). In the slot the server may be closed
    or deleted.
*/

/*!
    \fn void InterprocessQt::LocalServer::errorOccurred(InterprocessQt::LocalServer::ServerError error)

    Emitted when a connection cannot be accepted, with \a error: SocketResourceError if descriptors or memory have run
    out. Once, until accepting works again. The server goes on listening.
*/

/*!
    \fn void InterprocessQt::LocalServer::listeningChanged()

    Emitted from inside \l {listen()} or close() when the server has begun or ceased to listen.
*/

/*!
    \fn void InterprocessQt::LocalServer::peerRejected(const InterprocessQt::PeerCredentials &credentials)

    Emitted when a peer with \a credentials was not let in by peerPolicy() or a predicate. Its connection is closed.
*/

/*!
    Reimplemented to join the event loop of the thread that the server is moved to. Returns what QObject makes of any
    other \a event.
*/
bool LocalServer::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->threadChanging();
    } else if (event->type() == LocalServerPrivate::attachEventType()) {
        d->joinThread();
        if (std::exchange(d->newlyPending, false)) // incomingConnection() has moved the server here
            Q_EMIT newConnection();
        return true;
    }
    return QObject::event(event);
}

} // namespace InterprocessQt
