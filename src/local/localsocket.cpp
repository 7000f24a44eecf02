// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/LocalSocket.h>

#include "interprocessqt_debug.h"
#include "localserver_p.h"
#include "localsocket_p.h"
#include "peercredentials_p.h"

#include <QtCore/qdebug.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>
#include <limits>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::LocalSocket
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/LocalSocket
    \brief A stream of bytes between two processes of one machine.
    \reentrant

    LocalSocket has the API of QLocalSocket; \l {Porting from QLocalSocket} says what is different. A client makes one
    and calls connectToServer(); a LocalServer makes one for each client.

    \snippet snippets/helloclient.cpp client

    What is not here is in StreamDevice: reading, writing, limits, half-close, errors.

    On Linux, macOS and the BSDs it is a Unix domain socket of type SOCK_STREAM (unix(7)); only Linux has been tried.
    On Windows it is a named pipe, of which \l {Named pipes and security on Windows} tells what is different; it is tested with Wine.

    \section1 What is told when

    state(), error() and isValid() are right as soon as a function returns. The signals that tell of it follow:

    \table
        \header \li Call or event \li At once, inside the call \li From the event loop, in this order
        \row \li connectToServer(), somebody listens
            \li \c {stateChanged(ConnectingState)}; on return the state is ConnectedState
            \li \c {stateChanged(ConnectedState)}, connected()
        \row \li connectToServer(), nobody does
            \li \c {stateChanged(ConnectingState)}; on return the state is UnconnectedState and error() is set
            \li errorOccurred(), \c {stateChanged(UnconnectedState)}
        \row \li connectToServer(), the server's queue is full
            \li \c {stateChanged(ConnectingState)}
            \li one of the two above
        \row \li The peer ends the connection
            \li
            \li readyRead() for what came before, errorOccurred(), \c {stateChanged(UnconnectedState)},
                readChannelFinished(), disconnected()
        \row \li The same, with data left to write
            \li
            \li readyRead(), readChannelFinished(), \c {stateChanged(ClosingState)}, bytesWritten(); then errorOccurred(),
                \c {stateChanged(UnconnectedState)}, disconnected()
        \row \li disconnectFromServer(), nothing left to write, nor to tell by bytesWritten()
            \li \c {stateChanged(ClosingState)}, \c {stateChanged(UnconnectedState)}, readChannelFinished(), disconnected()
            \li
        \row \li disconnectFromServer() otherwise
            \li \c {stateChanged(ClosingState)}
            \li bytesWritten(), \c {stateChanged(UnconnectedState)}, readChannelFinished(), disconnected()
        \row \li abort()
            \li aboutToClose(), \c {stateChanged(UnconnectedState)}, readChannelFinished(), disconnected()
            \li
        \row \li setSocketDescriptor()
            \li \c {stateChanged(ConnectedState)}; connected() is not emitted
            \li
    \endtable

    The functions that wait emit what is due from inside. errorOccurred() is StreamDevice::errorOccurred() and then
    LocalSocket::errorOccurred(). disconnected() comes once for each connection of which connected() has told, or that
    was taken over as a descriptor. A connection that ends in the turn in which it was made still emits connected()
    first.

    A slot of errorOccurred(), stateChanged() or readChannelFinished() may call connectToServer(): connecting begins
    after all signals of the end. In a slot of disconnected() it begins at once.

    \section1 Using an object again

    A socket can connect again and again, also to other servers. serverName() is kept for that. What has not been read
    of the last connection is dropped when the next one begins, what has not been written when the last one ends.
*/

/*!
    \enum InterprocessQt::LocalSocket::LocalSocketState

    The values are those of QLocalSocket::LocalSocketState.

    \value UnconnectedState  There is no connection. It may be that a failed attempt is still to be told, or that the
           next one of \l reconnect is due.
    \value ConnectingState  The server's queue of connections is full: connectToServer() goes on until connectTimeout.
           What is written meanwhile is sent when the connection is there.
    \value ConnectedState  The kernel has made the connection; the server may not have accepted it yet.
    \value ClosingState  What was written before the end is still being written.
*/

/*!
    \enum InterprocessQt::LocalSocket::SocketOption

    \value NoOptions  A name is what Address::fromString() makes of it.
    \value AbstractNamespaceOption  A name, as a whole, is the name that Address::namespaced() takes. \c @ has no
           special meaning then. An Address is not affected.
*/

/*!
    \typealias InterprocessQt::LocalSocket::LocalSocketError

    The name that QLocalSocket has for StreamDevice::Error.
*/

/*!
    Makes a socket that is not connected, with the parent \a parent.
*/
LocalSocket::LocalSocket(QObject *parent)
    : LocalSocket(*new LocalSocketPrivate, parent)
{
}

LocalSocket::LocalSocket(LocalSocketPrivate &dd, QObject *parent)
    : StreamDevice(dd, parent)
{
}

/*!
    Hands to the kernel what it takes without waiting, drops the rest, and ends the connection; disconnected() is
    emitted if there was one. What the kernel has taken reaches the peer. To have everything written use close() and
    delete the object at disconnected().

    In a child process made by fork() nothing is written, and the connection of the parent goes on.
*/
LocalSocket::~LocalSocket()
{
    LocalSocketPrivate *const p = d_func();
    if (p->pendingAt)
        p->pendingAt->pendingDestroyed(this);
    // What was written in this turn has not been handed to the kernel yet. In a child made by fork() it is the parent's.
    if (p->io && p->io->isOurs())
        p->flushNow();
    p->reconnect = false;
    // As QLocalSocket does: whoever watches learns of the end of a connection, here too.
    p->abort();
}

LocalSocketPrivate *LocalSocket::d_func() const
{
    return static_cast<LocalSocketPrivate *>(d.get());
}

/*!
    Connects to serverAddress() and opens the device in \a openMode. Never blocks, and never emits connected() or
    errorOccurred() itself: see \l {What is told when}.

    With ReadOnly, QIODevice::write() fails; with WriteOnly what the peer sends is read and dropped, so that it is not
    made to wait. The peer does not learn of either. The device is always unbuffered: it has a buffer of its own.

    Where the server's queue is full, Linux puts nothing in it and tells nobody when there is room (connect(2),
    EAGAIN): the socket tries again, after 1 ms and then ever more rarely, up to every 50 ms, until \l connectTimeout
    has passed. abort() cancels.

    Errors: ServerNotFoundError (ENOENT, or the address is not valid), ConnectionRefusedError (ECONNREFUSED: nobody
    listens), SocketAccessError (EACCES), SocketTimeoutError (EAGAIN), SocketResourceError (EMFILE, ENFILE, ENOMEM),
    UnsupportedSocketOperationError (EPROTOTYPE). Called while a connection is in use or being made: OperationError,
    and that connection goes on.
*/
void LocalSocket::connectToServer(OpenMode openMode)
{
    d_func()->connectToServer(openMode);
}

/*!
    Sets serverName() to \a name and connects in \a openMode.
*/
void LocalSocket::connectToServer(const QString &name, OpenMode openMode)
{
    setServerName(name);
    d_func()->connectToServer(openMode);
}

/*!
    Sets serverAddress() to \a address and connects in \a openMode.
*/
void LocalSocket::connectToServer(const Address &address, OpenMode openMode)
{
    setServerAddress(address);
    d_func()->connectToServer(openMode);
}

/*!
    Ends the connection after what has been written is with the kernel, and stops connecting or reconnecting. What
    arrives meanwhile can be read.

    The end waits for the peer as long as it goes on reading, however slowly. If it has not taken anything for 30
    seconds the rest is dropped, with SocketTimeoutError. abort() does not wait.

    \sa waitForDisconnected()
*/
void LocalSocket::disconnectFromServer()
{
    d_func()->disconnectFromServer();
}

/*!
    The same as connectToServer() with \a openMode; returns false if it has failed already.
*/
bool LocalSocket::open(OpenMode openMode)
{
    LocalSocketPrivate *const p = d_func();
    p->connectToServer(openMode);
    return isOpen() && !p->connectHasFailed();
}

/*!
    Closes the device and drops what has not been read; what has been written is written to its end in the background,
    as with disconnectFromServer(). Until disconnected() the object must live, and its event loop run.

    What the peer sends meanwhile is read and dropped: were it left unread, the kernel would tell the peer of a broken
    connection (ECONNRESET) instead of an ordered end.
*/
void LocalSocket::close()
{
    d_func()->close();
}

/*!
    Ends the connection, or the attempt, or reconnecting, at once. What has not been taken by the kernel and what has
    not been read is dropped; the peer sees ECONNRESET after what it had received if something it sent was not read
    here.
*/
void LocalSocket::abort()
{
    d_func()->abort();
}

/*!
    Sets where to connect to by \a name, which means what socketOptions() say when connecting begins. Without effect,
    but for a warning, unless the state is UnconnectedState.
*/
void LocalSocket::setServerName(const QString &name)
{
    LocalSocketPrivate *const p = d_func();
    if (p->state != UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::setServerName() called while not in unconnected state");
        return;
    }
    p->serverName = name;
    p->named = true;
    p->resolveName();
}

/*!
    Sets where to connect to by \a address; socketOptions() play no part. serverName() is its text. Without effect,
    but for a warning, unless the state is UnconnectedState.
*/
void LocalSocket::setServerAddress(const Address &address)
{
    LocalSocketPrivate *const p = d_func();
    if (p->state != UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::setServerAddress() called while not in unconnected state");
        return;
    }
    p->serverName = address.toString();
    p->named = false;
    p->address = address;
}

/*!
    Returns the name that was set last. Other than with QLocalSocket it is kept after the end of a connection, so that
    connectToServer() can be called again. Empty for sockets of a LocalServer, which do not know where their peer is.
*/
QString LocalSocket::serverName() const
{
    return d_func()->serverName;
}

/*!
    Returns Address::nativeName() of where the socket connects or is connected to, or the name alone with
    AbstractNamespaceOption; empty in UnconnectedState.
*/
QString LocalSocket::fullServerName() const
{
    const LocalSocketPrivate *const p = d_func();
    if (p->state == UnconnectedState)
        return {};
    return p->options.value().testFlag(AbstractNamespaceOption) ? p->serverName : p->address.nativeName();
}

/*!
    Returns the address that was set last, directly or by a name.
*/
Address LocalSocket::serverAddress() const
{
    return d_func()->address;
}

/*!
    \property InterprocessQt::LocalSocket::socketOptions
    \brief the options that say what serverName() means

    Can be bound. What counts is the value when connecting begins. The setter has no effect, but for a warning, unless
    the state is UnconnectedState.
*/
void LocalSocket::setSocketOptions(SocketOptions options)
{
    LocalSocketPrivate *const p = d_func();
    if (p->state != UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::setSocketOptions() called while not in unconnected state");
        return;
    }
    p->options = options;
    p->resolveName();
}

LocalSocket::SocketOptions LocalSocket::socketOptions() const
{
    return d_func()->options;
}

QBindable<LocalSocket::SocketOptions> LocalSocket::bindableSocketOptions()
{
    return &d_func()->options;
}

/*!
    \property InterprocessQt::LocalSocket::state
    \brief the state of the connection

    It may be ahead of stateChanged(), see \l {What is told when}.
*/
LocalSocket::LocalSocketState LocalSocket::state() const
{
    return d_func()->state;
}

/*!
    Returns true while there is a connection: in ConnectedState and in ClosingState.
*/
bool LocalSocket::isValid() const
{
    return d_func()->io != nullptr;
}

/*!
    \property InterprocessQt::LocalSocket::connectTimeout
    \brief the time, in milliseconds, for which connectToServer() tries a server that has no room

    30,000 by default; 0 tries once, -1 for ever. It does not matter where somebody listens and has room, or nobody
    listens: local connections are made, or refused, at once. A change counts from the next attempt.
*/
int LocalSocket::connectTimeout() const
{
    return int(std::min<qint64>(d_func()->constSettings().connectTimeout.count(), std::numeric_limits<int>::max()));
}

void LocalSocket::setConnectTimeout(int msecs)
{
    setConnectTimeout(std::chrono::milliseconds(msecs));
}

/*!
    \overload

    Sets \l connectTimeout to \a timeout.
*/
void LocalSocket::setConnectTimeout(std::chrono::milliseconds timeout)
{
    LocalSocketPrivate *const p = d_func();
    timeout = std::max(timeout, std::chrono::milliseconds(-1));
    if (timeout == p->constSettings().connectTimeout)
        return;
    p->settings().connectTimeout = timeout;
    Q_EMIT connectTimeoutChanged();
}

/*!
    \property InterprocessQt::LocalSocket::reconnect
    \brief whether the socket connects again by itself

    False by default. If true, and a connection is lost or cannot be made, a new attempt follows after a delay, as
    often as need be; reconnectScheduled() tells of each. It does not if this side asked for the end
    (disconnectFromServer(), close(), abort(), or both sides have finished writing) or the address is not valid.

    Between attempts the state is UnconnectedState, and write() returns -1: nothing is kept for the next connection,
    whose server would know nothing of what came before. connectToServer() tries at once. It has no effect on
    waitForConnected(), which does not wait for a delay to pass.

    \snippet snippets/reconnect.cpp reconnect
*/
bool LocalSocket::isReconnectEnabled() const
{
    return d_func()->reconnect;
}

void LocalSocket::setReconnectEnabled(bool enabled)
{
    if (enabled == d_func()->reconnect)
        return;
    d_func()->setReconnectEnabled(enabled);
    Q_EMIT reconnectChanged();
}

/*!
    Returns the delay before the first attempt to connect again, 100 ms by default.
*/
std::chrono::milliseconds LocalSocket::minimumReconnectDelay() const
{
    return d_func()->constSettings().minimumDelay;
}

/*!
    Returns the longest delay between two attempts to connect, 10 s by default.
*/
std::chrono::milliseconds LocalSocket::maximumReconnectDelay() const
{
    return d_func()->constSettings().maximumDelay;
}

/*!
    Sets the delay before the first attempt to \a minimum, at least 1 ms. It doubles with each attempt, up to \a maximum,
    and begins anew after a connection that has lasted for \a maximum, and with each call of connectToServer(). Up to a
    quarter of it is taken off at random, so that the clients of a server that went down do not all come back at one
    moment.
*/
void LocalSocket::setReconnectDelays(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum)
{
    using namespace std::chrono_literals;
    LocalSocketPrivate::Settings &settings = d_func()->settings();
    // Without any delay a server that is away would be asked for as fast as the processor can.
    settings.minimumDelay = std::max(minimum, 1ms);
    settings.maximumDelay = std::max(maximum, settings.minimumDelay);
}

/*!
    Takes over \a socketDescriptor, a connected Unix domain socket of type SOCK_STREAM, and opens the device in \a
    openMode. The descriptor is made non-blocking and close-on-exec, and is closed by this object. serverName()
    is empty from then on: where the peer is is not known.

    Returns false and sets error(), without a signal, if it cannot be used; the descriptor then stays the caller's.
    UnsupportedSocketOperationError: another kind of socket, one that is not connected or listens, no socket
    (ENOTSOCK), or \a socketState is not ConnectedState. OperationError: not open (EBADF), or this socket is not in
    UnconnectedState.

    A SOCK_SEQPACKET socket is refused because its messages would lose their boundaries in a stream.
*/
bool LocalSocket::setSocketDescriptor(qintptr socketDescriptor, LocalSocketState socketState, OpenMode openMode)
{
    return d_func()->adopt(socketDescriptor, socketState, openMode);
}

/*!
    \overload

    The same for \a socketDescriptor with an owner: it keeps the descriptor if false is returned, and is not valid any more
    otherwise.
*/
bool LocalSocket::setSocketDescriptor(NativeHandle &&socketDescriptor, LocalSocketState socketState, OpenMode openMode)
{
    LocalSocketPrivate *const p = d_func();
    if (!p->canAdopt(socketDescriptor.get(), socketState))
        return false;
    p->adoptTrusted(std::move(socketDescriptor), openMode);
    return true;
}

/*!
    Returns the descriptor of the connection, which stays this object's, or -1 if there is none.
*/
qintptr LocalSocket::socketDescriptor() const
{
    const StreamIo *const io = d_func()->io.get();
    return io ? io->handle() : -1;
}

/*!
    Returns two sockets that are connected to each other (socketpair(2)), without a name. One of them can be moved to
    another thread.

    If that fails, neither is valid, and error() of both says why: SocketResourceError (EMFILE, ENFILE, ENOMEM).
*/
std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>> LocalSocket::pair()
{
    auto sockets = std::make_pair(std::make_unique<LocalSocket>(), std::make_unique<LocalSocket>());
    LocalSocketPrivate::pairUp(*sockets.first->d_func(), *sockets.second->d_func());
    return sockets;
}

/*!
    \property InterprocessQt::LocalSocket::peerCredentials
    \brief what the system knows of the peer

    Nothing (PeerCredentials::valid is false) when not connected. The kernel is asked each time, and its answer stays the
    same as long as the connection lasts.
*/
PeerCredentials LocalSocket::peerCredentials() const
{
    return credentialsOfPeer(socketDescriptor());
}

/*!
    Returns a handle of the process that PeerCredentials::processId() names, which never means another one: a pidfd
    (pidfd_open(2)), to be watched for the end of the process or given to pidfd_send_signal(2). On Windows it is a handle
    of the process for \c SYNCHRONIZE and \c PROCESS_QUERY_LIMITED_INFORMATION. Not valid if there is none to be had: before
    Linux 6.5, on other systems, for a process that may not be opened, when not connected, and for a peer that is gone and has
    been waited for.

    \sa isSupported()
*/
NativeHandle LocalSocket::openPeerProcess() const
{
    return openProcessOfPeer(socketDescriptor());
}

/*!
    Waits until connecting has succeeded or failed, for \a msecs at most, or for ever if that is -1, and emits the
    signals that tell of it. Returns true if the socket is connected. Works without an event loop. That the time is
    over is not an error: connecting goes on until \l connectTimeout.

    In a slot that tells of the end of the last connection what is left of that, up to disconnected(), is emitted first.
*/
bool LocalSocket::waitForConnected(int msecs)
{
    return d_func()->waitForConnected(QDeadlineTimer(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool LocalSocket::waitForConnected(std::chrono::milliseconds timeout)
{
    return d_func()->waitForConnected(deadlineOf(timeout));
}

/*!
    Writes what is left to write, reads what comes, and waits for the end of the connection, for \a msecs at most or
    for ever if that is -1. Returns true if it has come. Does not ask for the end: call disconnectFromServer() before,
    or wait for the peer's. Returns false, with a warning, in UnconnectedState, and false if the read buffer is full,
    behind which the end cannot be seen.
*/
bool LocalSocket::waitForDisconnected(int msecs)
{
    return waitForDisconnected(std::chrono::milliseconds(msecs));
}

/*!
    \overload

    Waits for \a timeout at most.
*/
bool LocalSocket::waitForDisconnected(std::chrono::milliseconds timeout)
{
    if (state() == UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::waitForDisconnected() is not allowed in UnconnectedState");
        return false;
    }
    return d_func()->waitForDisconnected(deadlineOf(timeout));
}

/*!
    \fn void InterprocessQt::LocalSocket::connected()

    Emitted when the connection is made: never from inside connectToServer(), and before anything that arrives. The
    server has not necessarily accepted it, and may still refuse: that looks like an end.
*/

/*!
    \fn void InterprocessQt::LocalSocket::disconnected()

    Emitted when the connection has ended, as the last of all signals of it. What has arrived can still be read in the
    slot and after it, unless the device was closed here.
*/

/*!
    \fn void InterprocessQt::LocalSocket::errorOccurred(InterprocessQt::LocalSocket::LocalSocketError socketError)

    Emitted right after StreamDevice::errorOccurred(), with the same \a socketError; here under the name of
    QLocalSocket. At the end of a connection state() is UnconnectedState by then.
*/

/*!
    \fn void InterprocessQt::LocalSocket::stateChanged(InterprocessQt::LocalSocket::LocalSocketState socketState)

    Emitted when the state has changed to \a socketState.
*/

/*!
    \fn void InterprocessQt::LocalSocket::reconnectScheduled(int attempt, std::chrono::milliseconds delay)

    Emitted after disconnected(), or after an attempt has failed, when \l reconnect is on: the attempt to connect with
    the number \a attempt, counted from 1 for each interruption, follows in \a delay. In the slot,
    disconnectFromServer() stops it and setServerName() leads it elsewhere.
*/

/*!
    \relates InterprocessQt::LocalSocket

    Writes the name of \a state to \a debug, as \c {LocalSocket::ConnectedState}.
*/
QDebug operator<<(QDebug debug, LocalSocket::LocalSocketState state)
{
    const QDebugStateSaver saver(debug);
    const char *const key = QMetaEnum::fromType<LocalSocket::LocalSocketState>().valueToKey(state);
    debug.nospace() << "LocalSocket::";
    if (key)
        debug << key;
    else
        debug << int(state);
    return debug;
}

} // namespace InterprocessQt
