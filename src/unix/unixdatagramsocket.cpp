// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/UnixDatagramSocket.h>

#include "ancillary_p.h"
#include "syscalls_p.h"
#include "unixdatagramsocket_p.h"

#include <QtCore/qdeadlinetimer.h>

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::UnixDatagramSocket
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/UnixDatagramSocket
    \brief Messages without a connection between the processes of one machine.
    \reentrant

    A datagram arrives whole, in order, and once, or it was refused when it was sent: unlike those of a network, Unix
    domain datagrams are neither lost nor doubled on the way (unix(7)). Each can carry descriptors and credentials, see
    UnixMessage. \l {Datagrams} has complete programs.

    \snippet snippets/datagramreceiver.cpp receiver

    It exists on Unix only, and only Linux has been tried.

    \section1 Names

    Whoever wants to receive takes a name with bind(), by the same rules as LocalServer: only what no process has any
    more is replaced, a file is made for the owner alone unless more is asked for, and removed only if it is the one
    made here, by the process that made it. A socket without a name can send, but nobody can answer it. No function
    needs another one before it; the descriptor is made when it is first needed.

    connectTo() sets a destination for \l {send()}. From then on the kernel lets only that socket send to this one; others get
    EPERM. On Linux sendTo() reaches others all the same; on other systems it fails with EISCONN.

    \section1 Sending, and when the receiver is slow

    \l {send()} and sendTo() never block. They return true if the kernel has taken the datagram, or if it waits in a queue of
    this object since the receiver's is full; Linux has room for 11 by default (net.unix.max_dgram_qlen). Otherwise
    they return false, error() says why, no signal is emitted, and the message is still the caller's, with its descriptors.
    What they accepted is told by signals at the end of a turn of the event loop: datagramsSent() when the kernel has
    taken it, errorOccurred() and datagramsDropped() when that turned out to be impossible.

    Each destination has a queue of its own, in order, limited by sendQueueLimit and sendQueueByteLimit, and all of them
    together by sendQueueTotalLimit, since everybody may ask to be answered and never read. One that is full does not keep
    others waiting until that is reached, with one exception of the kernel's: all bytes that have been sent and not been
    received count against sendBufferSize(), whoever the receiver is. When a connected receiver has room again the
    kernel tells; others are tried again after 1 ms and then ever more rarely, up to every 50 ms, as the kernel does
    not tell.

    If a receiver has gone (ENOENT, ECONNREFUSED), all that waits for it is dropped and counted.

    \section1 Receiving

    readyRead() is emitted from the event loop when a datagram waits, and then not again until receive() was called, or
    the datagram was found to be gone: a program that does not read costs no processor time. After that it is emitted for as long as datagrams wait.
    receive() takes them straight from the kernel; there is no buffer in between, so that senders feel a slow receiver.

    An empty datagram is a UnixMessage without bytes, and no datagram is no UnixMessage.

    \section1 What Linux does when a peer goes

    If \l {send()} finds the connected peer gone (ECONNREFUSED) the kernel dissolves the connection and throws away what the
    peer had sent and has not been received yet (measured with Linux 6.18; \c {unix_dgram_disconnected()}); so do
    connectTo() and disconnectFromPeer() when there was another peer. Read first, or use sendTo(), which does neither.

    \section1 Threads

    A socket is used in the thread it lives in, and may be moved to another one while it is open. In every slot it may
    be closed, deleted, or used in an event loop of the slot's own. A child made by fork() without exec that destroys
    its copy neither removes the name nor sends what waits.

    \sa UnixMessage, Address
*/

/*!
    \enum InterprocessQt::UnixDatagramSocket::Error

    Why something failed. The values are those of StreamDevice::Error, and of LocalServer::ServerError for a name that
    is taken; nativeError() has the code of the system, as shown.

    \value UnknownSocketError  No error has occurred, or one that none of the others stands for.
    \value ConnectionRefusedError  The name is there, but no process has its socket any more (ECONNREFUSED).
    \value PeerClosedError  The peer has discarded what was sent to it, since it connected to somebody else
           (ECONNRESET), or this socket was shut down (EPIPE).
    \value ServerNotFoundError  There is nothing of that name (ENOENT, ENOTDIR, ELOOP), the directory for it is on a
           read-only file system (EROFS), or the Address is not valid (no native code).
    \value SocketAccessError  The permissions of the name say no (EACCES); the credentials in the message are not those of
           this process, or the receiver is connected to another socket (EPERM, errorString() says which of the two).
    \value SocketResourceError  Out of descriptors (EMFILE, ENFILE), memory (ENOMEM; ENOBUFS: Linux has none in one piece
           for a datagram of this size) or space (ENOSPC); more descriptors of this user are on their way than
           RLIMIT_NOFILE allows (ETOOMANYREFS); or the queue for this destination, or for all, is full (EAGAIN).
    \value SocketTimeoutError  A wait has timed out (ETIMEDOUT).
    \value DatagramTooLargeError  The datagram is larger than maximumDatagramSize() (EMSGSIZE).
    \value ConnectionError  The system failed (EIO).
    \value AddressInUseError  Something has the name and is not replaced (EADDRINUSE). errorString() says what.
    \value UnsupportedSocketOperationError  A descriptor is not one of a Unix datagram socket, or what has the name is a
           socket of another type (EPROTOTYPE), or the system cannot do it (EOPNOTSUPP).
    \value OperationError  The socket is not in the state for it (EINVAL, ENOTCONN, EISCONN), or an argument is refused:
           more than 253 descriptors (EINVAL) or one that is not open (EBADF).
*/

/*!
    Makes a socket that is not open, with the parent \a parent.
*/
UnixDatagramSocket::UnixDatagramSocket(QObject *parent)
    : QObject(parent)
    , d(new UnixDatagramSocketPrivate(this))
{
}

/*!
    Closes the socket as close() does. If datagrams still waited to be sent a warning says how many are dropped; use
    waitForDatagramsSent() before.
*/
UnixDatagramSocket::~UnixDatagramSocket() = default;

/*!
    Takes a name of the system's choice, so that others can answer: on Linux an abstract one of five hexadecimal digits
    that nobody else has (unix(7), "autobind"), elsewhere a new file in the directory of Address::runtime(). localAddress()
    returns it. Returns false if that fails: OperationError if the socket has a name already (EINVAL),
    SocketResourceError.
*/
bool UnixDatagramSocket::bind()
{
    return d->bindAnywhere();
}

/*!
    Takes the name \a address. \a access says who may send to it, as far as it is a file; \a policy what happens where
    something has the name already. Both mean what they do for LocalServer; LocalServer::AbstractNamespaceOption is not
    looked at. Returns true if the name is taken; false with AddressInUseError, ServerNotFoundError, SocketAccessError,
    SocketResourceError, or OperationError if this socket has a name already.

    Names without a file have no permissions: everybody in the network namespace may send. Where it matters, look at
    UnixMessage::credentials().

    \sa LocalServer::NamePolicy, LocalServer::removeServer()
*/
bool UnixDatagramSocket::bind(const Address &address, LocalServer::SocketOptions access, LocalServer::NamePolicy policy)
{
    return d->bind(address, {access, policy, 0});
}

/*!
    \fn Address UnixDatagramSocket::localAddress() const

    Returns the name of this socket; not valid if it has none. With credentialsEnabled Linux gives one without being asked
    to a socket that sends or connects.
*/

/*!
    Returns true if there is a descriptor.
*/
bool UnixDatagramSocket::isOpen() const
{
    return d->descriptor.isValid();
}

/*!
    Gives the kernel once more what waits to be sent, drops what it has no room for, removes the name, and closes the
    socket. What was dropped is told from the event loop by errorOccurred() and datagramsDropped(). What was not received
    is lost. The object can be used anew; limits and options stay.
*/
void UnixDatagramSocket::close()
{
    d->close();
}

/*!
    Makes \a address the destination of \l {send()}, and the only one that may send to this socket from now on. Returns true if
    there is such a socket; no message is exchanged, and it does not learn of it. Returns false with ServerNotFoundError
    (ENOENT), ConnectionRefusedError (ECONNREFUSED), UnsupportedSocketOperationError (EPROTOTYPE: it is not one for
    datagrams) or SocketAccessError (EACCES; EPERM: it is connected to another one). Then the old destination stays.

    What waits for an old destination goes on to it by its name.
*/
bool UnixDatagramSocket::connectTo(const Address &address)
{
    return d->connectTo(address);
}

/*!
    Ends what connectTo() began, also for a socket of pair(). What waits for the peer goes on to it by its name; if it has
    none it is dropped, and datagramsDropped() tells.
*/
void UnixDatagramSocket::disconnectFromPeer()
{
    d->disconnectFromPeer();
}

/*!
    Returns true if there is a destination for \l {send()}. Turns false by itself when sending to it finds that it has gone.
*/
bool UnixDatagramSocket::isConnected() const
{
    return d->connected;
}

/*!
    Returns the address given to connectTo(), or what the system says of an adopted descriptor; not valid when not
    connected, or if the peer has no name.
*/
Address UnixDatagramSocket::peerAddress() const
{
    return d->peer;
}

/*!
    Returns two sockets that are connected to each other (socketpair(2)), without a name. If that fails, neither is open, and
    error() of both says why: SocketResourceError (EMFILE, ENFILE, ENOMEM).
*/
std::pair<std::unique_ptr<UnixDatagramSocket>, std::unique_ptr<UnixDatagramSocket>> UnixDatagramSocket::pair()
{
    auto sockets = std::make_pair(std::make_unique<UnixDatagramSocket>(), std::make_unique<UnixDatagramSocket>());
    int descriptors[2];
    if (sys::socketPair(SOCK_DGRAM, descriptors) == -1) {
        const ErrorInfo info = systemError(errno, tr("make a pair of sockets"));
        static_cast<void>(sockets.first->d->fail(info));
        static_cast<void>(sockets.second->d->fail(info));
    } else {
        sockets.first->d->adoptPair(NativeHandle(descriptors[0]));
        sockets.second->d->adoptPair(NativeHandle(descriptors[1]));
    }
    return sockets;
}

/*!
    Goes on with \a socketDescriptor, a Unix domain socket of type SOCK_DGRAM, bound, connected, or neither. It is made
    non-blocking and close-on-exec, and closed with this object; its name is not removed then. If it passes credentials,
    credentialsEnabled becomes true.

    Returns false, and the descriptor stays the caller's, if it is another kind of socket
    (UnsupportedSocketOperationError, ENOTSOCK), not open (EBADF), or this object is open already (OperationError).
*/
bool UnixDatagramSocket::setSocketDescriptor(qintptr socketDescriptor)
{
    d->clearError();
    if (d->descriptor)
        return d->fail({StreamDevice::OperationError, 0, tr("use descriptor %1 as a datagram socket: one is open already").arg(socketDescriptor)});
    const bool before = d->passCredentials;
    if (!d->adopt(socketDescriptor))
        return false;
    if (d->passCredentials != before)
        Q_EMIT credentialsEnabledChanged();
    return true;
}

/*!
    Returns the descriptor, which stays this object's; -1 if there is none.
*/
qintptr UnixDatagramSocket::socketDescriptor() const
{
    return d->descriptor.get();
}

/*!
    Hands the descriptor over to the caller, who also has to remove the name from now on; it stays non-blocking. What
    waits to be sent and the kernel has no room for is dropped, as by close(). Afterwards the socket is not open.
*/
FileDescriptor UnixDatagramSocket::releaseSocketDescriptor()
{
    return d->release();
}

/*!
    Sends \a message to the destination set by connectTo(). Returns false, and leaves \a message as it is, with OperationError
    (ENOTCONN) if there is none, and as sendTo() does.
*/
bool UnixDatagramSocket::send(UnixMessage &&message)
{
    return d->submit(message, d->peer, false);
}

/*!
    \overload

    Sends \a data alone.
*/
bool UnixDatagramSocket::send(const QByteArray &data)
{
    UnixMessage message(data);
    return d->submit(message, d->peer, false);
}

/*!
    Sends \a message to \a destination, which is looked up anew for each datagram. Returns true if the kernel has taken it
    or it waits in the queue; its descriptors are closed here as soon as they are on their way.

    Returns false, and leaves \a message as it is, with DatagramTooLargeError, SocketAccessError, SocketResourceError,
    ServerNotFoundError, ConnectionRefusedError, UnsupportedSocketOperationError or OperationError, as \l Error says. For
    a message that would have to wait, whether the receiver is still there is only found out later.
*/
bool UnixDatagramSocket::sendTo(UnixMessage &&message, const Address &destination)
{
    return d->submit(message, destination, true);
}

/*!
    \overload

    Sends \a data alone to \a destination.
*/
bool UnixDatagramSocket::sendTo(const QByteArray &data, const Address &destination)
{
    UnixMessage message(data);
    return d->submit(message, destination, true);
}

/*!
    Returns how many bytes one datagram can have: what sendBufferSize() says, on Linux less 32 that the kernel keeps for
    itself; -1 if no socket can be opened. 212,960 by default on Linux. A receiver has no limit of its own there. With a
    buffer of more than 4 MiB it says too much: Linux wants most of a datagram in one piece of memory, and has none larger
    than that (ENOBUFS).
*/
qint64 UnixDatagramSocket::maximumDatagramSize() const
{
    return d->open() ? d->maximumSize() : -1;
}

/*!
    Returns how many datagrams wait in this object because the kernel has no room for them.
*/
int UnixDatagramSocket::datagramsToSend() const
{
    return d->queuedCount;
}

/*!
    \overload

    Counts those that wait for \a destination alone.
*/
int UnixDatagramSocket::datagramsToSend(const Address &destination) const
{
    const auto found = d->destinations.find(destination);
    return found == d->destinations.end() ? 0 : int(found->second.queue.size());
}

/*!
    \property InterprocessQt::UnixDatagramSocket::sendQueueLimit
    \brief how many datagrams wait at most for each destination

    1024 by default; what comes then is refused with SocketResourceError. With 0 nothing waits here: what the kernel has no
    room for is refused. Lowering it drops nothing.
*/
int UnixDatagramSocket::sendQueueLimit() const
{
    return d->sendQueueLimit;
}

void UnixDatagramSocket::setSendQueueLimit(int datagrams)
{
    datagrams = std::max(0, datagrams);
    if (d->sendQueueLimit == datagrams)
        return;
    d->sendQueueLimit = datagrams;
    d->limitsChanged();
    Q_EMIT sendQueueLimitChanged();
}

/*!
    \property InterprocessQt::UnixDatagramSocket::sendQueueByteLimit
    \brief how many bytes wait at most for each destination

    4 MiB by default. A single datagram may be larger. Lowering it drops nothing.
*/
qint64 UnixDatagramSocket::sendQueueByteLimit() const
{
    return d->sendQueueByteLimit;
}

void UnixDatagramSocket::setSendQueueByteLimit(qint64 bytes)
{
    bytes = std::max<qint64>(0, bytes);
    if (d->sendQueueByteLimit == bytes)
        return;
    d->sendQueueByteLimit = bytes;
    d->limitsChanged();
    Q_EMIT sendQueueLimitChanged();
}

/*!
    \property InterprocessQt::UnixDatagramSocket::sendQueueTotalLimit
    \brief how many bytes wait at most for all destinations together

    64 MiB by default. Each datagram counts for QueuedDatagramOverhead more than the bytes it has, so that empty ones are
    limited, too. What comes then is refused with SocketResourceError. A single datagram may be larger. Lowering it
    drops nothing.
*/
qint64 UnixDatagramSocket::sendQueueTotalLimit() const
{
    return d->sendQueueTotalLimit;
}

void UnixDatagramSocket::setSendQueueTotalLimit(qint64 bytes)
{
    bytes = std::max<qint64>(0, bytes);
    if (d->sendQueueTotalLimit == bytes)
        return;
    d->sendQueueTotalLimit = bytes;
    d->limitsChanged();
    Q_EMIT sendQueueLimitChanged();
}

/*!
    \variable InterprocessQt::UnixDatagramSocket::QueuedDatagramOverhead
    \brief 256, what a datagram that waits counts for in sendQueueTotalLimit beside its bytes
*/

/*!
    \property InterprocessQt::UnixDatagramSocket::congested
    \brief whether a sender should pause

    True from the moment at which as much waits for one of the destinations, or for all, as the limits allow, or one was
    refused for lack of room, until no more than half of that is left, and there is room for what was refused. It becomes
    true inside \l {send()}; that it has is told by congestedChanged() at the end of the turn. It becomes false together
    with the signal.
*/
bool UnixDatagramSocket::isCongested() const
{
    return d->congested;
}

/*!
    Returns true if receive() has a datagram to return, also one without bytes.
*/
bool UnixDatagramSocket::hasPendingDatagrams() const
{
    return d->peekSize() >= 0;
}

/*!
    Returns the size of the next datagram, 0 if it has no bytes, and -1 if there is none. Looks at the kernel's queue and
    takes nothing from it.
*/
qint64 UnixDatagramSocket::pendingDatagramSize() const
{
    return d->peekSize();
}

/*!
    Takes the next datagram from the kernel, whatever its size, and returns it, or nothing if there is none. At most
    \a maxSize bytes of it, if that is not negative: the rest is lost, and UnixMessage::isTruncated() and
    UnixMessage::fullSize() tell.

    UnixMessage::sender() is where an answer can be sent to, if the sender has a name that is valid here.

    Nothing is also returned if receiving fails, which errorOccurred() tells from the event loop.
*/
std::optional<UnixMessage> UnixDatagramSocket::receive(qint64 maxSize)
{
    return d->receive(maxSize);
}

/*!
    \property InterprocessQt::UnixDatagramSocket::maximumDescriptors
    \brief how many descriptors are taken from one datagram

    0 by default: the kernel closes them, since whoever may send could otherwise fill the table of this process. At most 253.
    Those above the limit are closed; UnixMessage::descriptorsLost() and descriptorsLost() tell.
*/
int UnixDatagramSocket::maximumDescriptors() const
{
    return d->maximumDescriptors;
}

void UnixDatagramSocket::setMaximumDescriptors(int count)
{
    count = std::clamp(count, 0, UnixMessage::MaximumDescriptors);
    if (d->maximumDescriptors == count)
        return;
    d->maximumDescriptors = count;
    Q_EMIT maximumDescriptorsChanged();
}

/*!
    \property InterprocessQt::UnixDatagramSocket::credentialsEnabled
    \brief whether each received datagram tells who sent it (SO_PASSCRED)

    False by default. UnixMessage::credentials() has what the kernel vouches for; for what was sent before they are there but
    not valid. On systems without it the setter returns false (EOPNOTSUPP).
*/
bool UnixDatagramSocket::isCredentialsEnabled() const
{
    return d->passCredentials;
}

bool UnixDatagramSocket::setCredentialsEnabled(bool enabled)
{
    if (enabled == d->passCredentials)
        return true;
    int failure = enabled && !canPassCredentials() ? EOPNOTSUPP : 0;
    if (d->descriptor && !failure)
        failure = setPassCredentials(d->fd(), enabled);
    if (failure)
        return d->fail(systemError(failure, tr("ask for credentials")));
    d->passCredentials = enabled;
    Q_EMIT credentialsEnabledChanged();
    return true;
}

/*!
    Returns the size of the kernel's buffer for what was sent and not received yet, in bytes, with what the kernel adds for
    itself (SO_SNDBUF, socket(7)); -1 if that fails. Opens the socket.
*/
int UnixDatagramSocket::sendBufferSize() const
{
    return d->bufferSize(SO_SNDBUF);
}

/*!
    Asks the kernel for a buffer of \a size bytes, of which Linux makes twice as much, but not more than twice
    net.core.wmem_max. It limits maximumDatagramSize(), too. Opens the socket.
    Returns false if that fails.
*/
bool UnixDatagramSocket::setSendBufferSize(int size)
{
    return d->setBufferSize(SO_SNDBUF, size);
}

/*!
    Returns the size of the kernel's buffer for what was not received yet, in bytes (SO_RCVBUF); -1 if that fails. On Linux
    it has no effect on Unix domain sockets, where the sender's counts. Opens the socket.
*/
int UnixDatagramSocket::receiveBufferSize() const
{
    return d->bufferSize(SO_RCVBUF);
}

/*!
    Asks the kernel for a buffer of \a size bytes. Opens the socket. Returns false if that fails.
*/
bool UnixDatagramSocket::setReceiveBufferSize(int size)
{
    return d->setBufferSize(SO_RCVBUF, size);
}

/*!
    Waits until there is a datagram to receive, for \a msecs at most, -1 for ever, and returns true if there is one. What
    had arrived before counts. Works without an event loop, sleeps in poll(2), and keeps its deadline when signals interrupt
    it. What waits to be sent goes on meanwhile.

    Emits readyRead() if nobody has been told yet, unless this is called from a slot connected to it. Returns false with
    SocketTimeoutError if the time is over, and with OperationError if the socket is not open or was shut down.
*/
bool UnixDatagramSocket::waitForReadyRead(int msecs)
{
    return d->waitForReadyRead(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool UnixDatagramSocket::waitForReadyRead(std::chrono::milliseconds timeout)
{
    return d->waitForReadyRead(timeout.count() < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout));
}

/*!
    Waits until the kernel has taken all that waits to be sent, for \a msecs at most, -1 for ever. Returns true if nothing
    waits any more, also if nothing did. Returns false with SocketTimeoutError if the time is over, and with the error of
    those that were dropped if some were. Works without an event loop. Emits the signals of what happens meanwhile.
*/
bool UnixDatagramSocket::waitForDatagramsSent(int msecs)
{
    return d->waitForDatagramsSent(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool UnixDatagramSocket::waitForDatagramsSent(std::chrono::milliseconds timeout)
{
    return d->waitForDatagramsSent(timeout.count() < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout));
}

/*!
    \property InterprocessQt::UnixDatagramSocket::error
    \brief why what failed last did

    Set back by bind(), connectTo(), setSocketDescriptor() and each sending, of which no signal tells.
*/
UnixDatagramSocket::Error UnixDatagramSocket::error() const
{
    return d->error;
}

/*!
    \property InterprocessQt::UnixDatagramSocket::nativeError
    \brief the code of the system for error, \c errno; 0 where the system was not asked
*/
int UnixDatagramSocket::nativeError() const
{
    return d->nativeError;
}

/*!
    \property InterprocessQt::UnixDatagramSocket::errorString
    \brief what was tried, at which address, why it failed, and how many datagrams were dropped for it
*/
QString UnixDatagramSocket::errorString() const
{
    return d->errorString;
}

/*!
    \reimp
*/
bool UnixDatagramSocket::event(QEvent *event)
{
    if (event->type() == QEvent::ThreadChange) {
        d->threadChanging();
    } else if (event->type() == UnixDatagramSocketPrivate::attachEventType()) {
        d->joinThread();
        d->scheduleTurnEnd(); // what was due in the thread it came from
        return true;
    }
    return QObject::event(event);
}

/*!
    \fn void InterprocessQt::UnixDatagramSocket::readyRead()

    Emitted when a datagram waits to be received; not again before receive() was called, or the datagram was found to be gone.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::datagramsSent(int count)

    Emitted at the end of a turn of the event loop in which the kernel has taken \a count datagrams. That they have been
    received is not known.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::datagramsDropped(const InterprocessQt::Address &destination, int count)

    Emitted after errorOccurred() if \a count datagrams that had been accepted for \a destination will not be sent;
    \a destination is not valid if it is a connected peer without a name.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::descriptorsLost()

    Emitted at the end of a turn in which datagrams were received with more descriptors than maximumDescriptors allows, or
    than the table of this process had room for (EMFILE). Their UnixMessage::descriptorsLost() is true.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::errorOccurred(InterprocessQt::UnixDatagramSocket::Error error)

    Emitted from the event loop when \a error has occurred that no return value has told: receiving failed, or what
    had been accepted could not be sent. errorString() and nativeError() belong to it during the emission.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::congestedChanged(bool congested)

    Emitted at the end of a turn in which \l congested has become \a congested.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::sendQueueLimitChanged()

    Emitted when \l sendQueueLimit, \l sendQueueByteLimit or \l sendQueueTotalLimit has changed.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::maximumDescriptorsChanged()

    Emitted when \l maximumDescriptors has changed.
*/

/*!
    \fn void InterprocessQt::UnixDatagramSocket::credentialsEnabledChanged()

    Emitted when \l credentialsEnabled has changed.
*/

} // namespace InterprocessQt
