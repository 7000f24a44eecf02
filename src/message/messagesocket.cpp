// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/MessageSocket.h>

#include "local/localsocket_p.h"
#include "messagesocket_p.h"

#include <QtCore/qmetaobject.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::MessageSocket
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/MessageSocket
    \brief Messages between two processes of one machine: ordered, reliable, each arrives whole.
    \reentrant

    What is sent with one call of send() arrives with one messageReceived() at the other side, however large it is, up to
    maximumMessageSize; a message may be empty. Names, connecting, reconnecting, time-outs, errors and the identity of the
    peer are those of LocalSocket, and its documentation holds here; a MessageServer is the other side.

    \snippet snippets/messagesocket.cpp client

    \section1 What carries the messages

    Transport::Automatic takes the packets of the system where there are any: SOCK_SEQPACKET on Linux and the BSDs, where
    the kernel keeps the boundaries and other programs can take part with the system calls alone; on Windows pipes that
    carry messages (PIPE_TYPE_MESSAGE), with which a NamedPipe can talk, too. Elsewhere, and with Transport::Stream
    everywhere, it is a stream with a length of 4 bytes, big-endian, before each message. Both sides must use the same: a
    socket for the one cannot connect to a server of the other, which is UnsupportedSocketOperationError (EPROTOTYPE on
    Unix).

    Packets have a limit of the kernel's, about 400 KiB on Linux unless the administrator has raised it
    (/proc/sys/net/core/wmem_max), and never more than about 4 MiB, for which the kernel needs memory in one piece:
    maximumMessageSize() tells, which is found out by trying when it is first needed. Windows has no such limit. A stream has no limit but this
    class's own, and copies a little more. For messages above 1 MiB it is the better choice.

    With packets an empty message looks like the end of the connection to the system calls. On Linux the two are told apart
    in all cases. Where a system does not send credentials along, empty messages that are the last ones, and still unread
    when their sender has closed the connection, are taken for the end.

    \section1 Receiving

    As with MessageChannel: once something is connected to messageReceived(), each message is told by it, from the event
    loop. Otherwise, and while automaticDelivery is false, messages wait in the buffer, of which readBufferSize limits the
    size; messagesPending() tells of them and receive() takes them. When the connection has ended, those that arrived before
    can still be received, until the next one begins.

    What arrived before the peer ended the connection, or it broke, is delivered before errorOccurred() and disconnected(),
    with two exceptions: an event loop in a slot of messageReceived() may see the end, and what waited for that slot to
    return is delivered then; and after disconnectFromServer() it is delivered from the event loop.

    \section1 Hostile peers

    A message that is announced or sent with more than maximumMessageSize ends the connection with DatagramTooLargeError;
    a length that is only announced costs no memory.
*/

/*!
    \enum InterprocessQt::MessageSocket::Transport

    \value Automatic  Packets where the system has them, otherwise Stream.
    \value Packets  As Automatic: where there are no packets it is a stream, and transport() says so.
    \value Stream  A stream with a length before each message.
*/

/*!
    \variable InterprocessQt::MessageSocket::DefaultMaximumMessageSize
    \brief 16 MiB
*/

/*!
    \variable InterprocessQt::MessageSocket::MaximumHandles
    \brief as many handles as one message can carry: 253, the limit of Linux (SCM_MAX_FD, unix(7))
*/

/*!
    \typealias InterprocessQt::MessageSocket::Error

    That of every stream.
*/

/*!
    \typealias InterprocessQt::MessageSocket::State

    That of LocalSocket.
*/

/*!
    Makes an unconnected socket with Transport::Automatic and the parent \a parent.
*/
MessageSocket::MessageSocket(QObject *parent)
    : MessageSocket(Transport::Automatic, parent)
{
}

/*!
    Makes an unconnected socket that uses \a transport, with the parent \a parent.
*/
MessageSocket::MessageSocket(Transport transport, QObject *parent)
    : MessageSocket(*new MessageSocketPrivate(transport), parent)
{
}

MessageSocket::MessageSocket(MessageSocketPrivate &dd, QObject *parent)
    : QObject(parent)
    , d(&dd)
{
    d->init(this);
}

/*!
    Ends the connection as LocalSocket does: what the kernel takes at once of what waits is written.
*/
MessageSocket::~MessageSocket()
{
    d->endsItself = true;
    d->channel->close();
    // It tells of the end of the connection, and whoever hears that may ask this object: nothing of it is gone yet.
    delete d->carrier.get();
    static_cast<void>(d->carrier.release());
    d->channel.reset();
}

/*!
    Returns two sockets that are connected to each other and use \a transport. If none could be made, both are unconnected
    and their error() says why.
*/
std::pair<std::unique_ptr<MessageSocket>, std::unique_ptr<MessageSocket>> MessageSocket::pair(Transport transport)
{
    auto sockets = std::make_pair(std::make_unique<MessageSocket>(transport), std::make_unique<MessageSocket>(transport));
    MessageCarrier::connectPair(*sockets.first->d->carrier, *sockets.second->d->carrier);
    return sockets;
}

/*!
    Returns what carries the messages: Transport::Packets or Transport::Stream.
*/
MessageSocket::Transport MessageSocket::transport() const
{
    return d->transport;
}

/*!
    Connects to serverAddress(), as LocalSocket::connectToServer() does: never blocks; state() and error() are right at once,
    the signals come from the event loop. Messages that are sent meanwhile go when the connection is there.

    Errors are those of LocalSocket::connectToServer().
*/
void MessageSocket::connectToServer()
{
    d->isRefused = false;
    d->carrier->connectToServer();
}

/*!
    \overload

    Connects to the server \a name, which stands for what Address::fromString() makes of it.
*/
void MessageSocket::connectToServer(const QString &name)
{
    d->isRefused = false;
    d->carrier->connectToServer(name);
}

/*!
    \overload

    Connects to the server at \a address.
*/
void MessageSocket::connectToServer(const Address &address)
{
    d->isRefused = false;
    d->carrier->connectToServer(address);
}

/*!
    Ends the connection when what waits has been written, as LocalSocket::disconnectFromServer() does. What arrives meanwhile
    is received.
*/
void MessageSocket::disconnectFromServer()
{
    const Life::Guard guard(*d);
    const bool before = std::exchange(d->endsItself, true);
    d->carrier->disconnectFromServer();
    if (guard.isAlive())
        d->endsItself = before;
}

/*!
    Ends the connection, or the attempt to make one, at once. What has not been written or received is dropped.
*/
void MessageSocket::abort()
{
    d->channel->close();
    d->handles.clear();
    d->carrier->abort();
}

/*!
    Sets the server to connect to to \a name. Ignored, but for a warning, unless the state is UnconnectedState.
*/
void MessageSocket::setServerName(const QString &name)
{
    d->carrier->setServerName(name);
}

/*!
    Sets the server to connect to to \a address. Ignored, but for a warning, unless the state is UnconnectedState.
*/
void MessageSocket::setServerAddress(const Address &address)
{
    d->carrier->setServerAddress(address);
}

/*!
    Returns the name of the server, as it was set.
*/
QString MessageSocket::serverName() const
{
    return d->carrier->serverName();
}

/*!
    Returns the name of the server as the system knows it, while the state is not UnconnectedState.
*/
QString MessageSocket::fullServerName() const
{
    return d->carrier->fullServerName();
}

/*!
    Returns the address of the server.
*/
Address MessageSocket::serverAddress() const
{
    return d->carrier->serverAddress();
}

/*!
    \property InterprocessQt::MessageSocket::state
    \brief the state of the connection
*/
MessageSocket::State MessageSocket::state() const
{
    return d->carrier->state();
}

/*!
    Returns true if there is a connection.
*/
bool MessageSocket::isValid() const
{
    return d->carrier->isValid();
}

/*!
    Takes over \a socketDescriptor, which must be connected and of the kind that transport() says, as
    LocalSocket::setSocketDescriptor() does. Returns false, with error(), if it is not; it stays the caller's then.
*/
bool MessageSocket::setSocketDescriptor(qintptr socketDescriptor)
{
    return d->orElse([&] {
        return MessageCarrier::adopt(*d->carrier, socketDescriptor);
    });
}

/*!
    Returns the descriptor of the connection, or -1.
*/
qintptr MessageSocket::socketDescriptor() const
{
    return d->carrier->socketDescriptor();
}

/*!
    \property InterprocessQt::MessageSocket::connectTimeout
    \brief how long an attempt to connect may take while the server is busy, in milliseconds; see LocalSocket::connectTimeout
*/
int MessageSocket::connectTimeout() const
{
    return d->carrier->connectTimeout();
}

void MessageSocket::setConnectTimeout(int msecs)
{
    d->carrier->setConnectTimeout(msecs);
}

/*!
    \overload

    Sets it to \a timeout.
*/
void MessageSocket::setConnectTimeout(std::chrono::milliseconds timeout)
{
    d->carrier->setConnectTimeout(timeout);
}

/*!
    \property InterprocessQt::MessageSocket::reconnect
    \brief whether a connection that ends, or cannot be made, is made again; see LocalSocket::reconnect
*/
bool MessageSocket::isReconnectEnabled() const
{
    return d->carrier->isReconnectEnabled();
}

void MessageSocket::setReconnectEnabled(bool enabled)
{
    d->carrier->setReconnectEnabled(enabled);
}

/*!
    Returns the first delay of reconnecting.
*/
std::chrono::milliseconds MessageSocket::minimumReconnectDelay() const
{
    return d->carrier->minimumReconnectDelay();
}

/*!
    Returns the longest delay of reconnecting.
*/
std::chrono::milliseconds MessageSocket::maximumReconnectDelay() const
{
    return d->carrier->maximumReconnectDelay();
}

/*!
    Sets the delays of reconnecting to \a minimum and \a maximum, as LocalSocket::setReconnectDelays() does.
*/
void MessageSocket::setReconnectDelays(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum)
{
    d->carrier->setReconnectDelays(minimum, maximum);
}

/*!
    Sends \a message. Never blocks: it is written when the kernel takes it, after those before it.

    Returns false, with error() and errorString(), if it is not sent, not in parts either; nothing is emitted for that and
    the connection goes on. OperationError: not connected or connecting. DatagramTooLargeError: larger than
    maximumMessageSize. SocketResourceError: writeBufferLimit leaves no room for it now; it will be there when
    congestedChanged() has told that. A message larger than that limit is taken when nothing else waits.
*/
bool MessageSocket::send(const QByteArray &message)
{
    std::vector<NativeHandle> none;
    return d->send(message, none);
}

/*!
    \overload

    Sends \a message with \a handles beside it, up to MaximumHandles; on Unix these are file descriptors, and the peer gets
    its own for the same open files. They stay the caller's if it returns false, and are closed here when the kernel has
    them otherwise. Errors are those of the other function, and: OperationError for too many, or one that is not open
    (EBADF); UnsupportedSocketOperationError on systems that cannot pass handles this way.
*/
bool MessageSocket::send(const QByteArray &message, std::vector<NativeHandle> &&handles)
{
    return d->send(message, handles);
}

/*!
    Returns how many bytes wait to be taken by the kernel, with 4 for each message.
*/
qint64 MessageSocket::bytesToWrite() const
{
    return d->carrier->bytesToWrite();
}

/*!
    \property InterprocessQt::MessageSocket::writeBufferLimit
    \brief the number of bytes that wait at most to be taken by the kernel; see StreamDevice::writeBufferLimit
*/
qint64 MessageSocket::writeBufferLimit() const
{
    return d->carrier->writeBufferLimit();
}

void MessageSocket::setWriteBufferLimit(qint64 size)
{
    d->carrier->setWriteBufferLimit(size);
}

/*!
    \property InterprocessQt::MessageSocket::congested
    \brief whether a producer should pause; see StreamDevice::congested
*/
bool MessageSocket::isCongested() const
{
    return d->carrier->isCongested();
}

/*!
    \property InterprocessQt::MessageSocket::automaticDelivery
    \brief whether messageReceived() is emitted, where something is connected to it

    True by default. While it is false messages wait for receive().
*/
bool MessageSocket::isAutomaticDelivery() const
{
    return d->channel->isAutomaticDelivery();
}

void MessageSocket::setAutomaticDelivery(bool automatic)
{
    d->channel->setAutomaticDelivery(automatic);
}

/*!
    Returns true if there is a message for receive().
*/
bool MessageSocket::hasPendingMessages()
{
    return d->channel->hasPendingMessages();
}

/*!
    Returns the next message, or nothing if none has arrived to its end. It may be empty.
*/
std::optional<QByteArray> MessageSocket::receive()
{
    auto message = d->channel->receive();
    if (message)
        d->received();
    return message;
}

/*!
    Returns the handles that came with the message that was received last, by receive() or messageReceived(), in their
    order. Those that nobody takes are closed when the next message is received.
*/
std::vector<NativeHandle> MessageSocket::takeHandles()
{
    return std::exchange(d->handles, {});
}

/*!
    \property InterprocessQt::MessageSocket::readBufferSize
    \brief how many bytes wait at most to be received; see StreamDevice::readBufferSize

    0, the default, stands for no limit. When it is reached the peer is made to wait. One message more than that is read.
*/
qint64 MessageSocket::readBufferSize() const
{
    return d->carrier->readBufferSize();
}

void MessageSocket::setReadBufferSize(qint64 size)
{
    d->carrier->setReadBufferSize(size);
}

/*!
    \property InterprocessQt::MessageSocket::maximumHandles
    \brief how many handles may come with one message

    0, the default, takes none; at most MaximumHandles. What a peer sends beyond it is closed, and handlesLost() is
    emitted; the message arrives.
*/
int MessageSocket::maximumHandles() const
{
    return d->maximumHandles;
}

void MessageSocket::setMaximumHandles(int count)
{
    count = std::clamp(count, 0, MaximumHandles);
    if (std::exchange(d->maximumHandles, count) == count)
        return;
    MessageCarrier::setMaximumHandles(*d->carrier, count);
    Q_EMIT maximumHandlesChanged();
}

/*!
    \property InterprocessQt::MessageSocket::maximumMessageSize
    \brief the largest message that may be sent or received, in bytes

    16 MiB by default; sizes below 1 are taken for 1. With packets it is never more than what the kernel carries, which is
    then what is returned. It counts for the messages that come from now on.
*/
qint64 MessageSocket::maximumMessageSize() const
{
    return d->largestMessage();
}

void MessageSocket::setMaximumMessageSize(qint64 size)
{
    size = std::clamp<qint64>(size, 1, std::numeric_limits<qint32>::max());
    const qint64 before = d->largestMessage();
    d->setMaximumMessageSize(size);
    if (d->largestMessage() != before)
        Q_EMIT maximumMessageSizeChanged();
}

/*!
    \property InterprocessQt::MessageSocket::peerCredentials
    \brief who is at the other end

    See LocalSocket::peerCredentials.
*/
PeerCredentials MessageSocket::peerCredentials() const
{
    return d->carrier->peerCredentials();
}

/*!
    Returns a handle of the process at the other end; see LocalSocket::openPeerProcess().
*/
NativeHandle MessageSocket::openPeerProcess() const
{
    return d->carrier->openPeerProcess();
}

/*!
    \property InterprocessQt::MessageSocket::error
    \brief what went wrong last: with the connection, or with the last send() that returned false

    Of the latter no signal tells.
*/
MessageSocket::Error MessageSocket::error() const
{
    return d->isRefused ? d->ownError.code : d->carrier->error();
}

/*!
    \property InterprocessQt::MessageSocket::nativeError
    \brief the code of the system that belongs to error; 0 where the system was not asked
*/
int MessageSocket::nativeError() const
{
    return d->isRefused ? d->ownError.native : d->carrier->nativeError();
}

/*!
    \property InterprocessQt::MessageSocket::errorString
    \brief a text for error that can be shown
*/
QString MessageSocket::errorString() const
{
    return d->isRefused ? d->ownError.text : d->carrier->errorString();
}

/*!
    Waits until the socket is connected, for \a msecs at most or for ever if that is -1. Returns true if it is; see
    LocalSocket::waitForConnected().
*/
bool MessageSocket::waitForConnected(int msecs)
{
    return d->orElse([&] {
        return d->carrier->waitForConnected(msecs);
    });
}

/*!
    Waits for a message, for \a msecs at most or for ever if that is -1. Returns true if there is one for receive(), or, where
    they are delivered automatically, if messageReceived() has been emitted. Works without an event loop. Returns false if the
    time is over or the connection has ended.
*/
bool MessageSocket::waitForMessage(int msecs)
{
    return d->orElse([&] {
        return d->channel->waitForMessage(msecs);
    });
}

/*!
    Waits until the kernel has taken some of what waits to be written, for \a msecs at most. Returns true if it has; see
    StreamDevice::waitForBytesWritten().
*/
bool MessageSocket::waitForBytesWritten(int msecs)
{
    return d->orElse([&] {
        return d->carrier->waitForBytesWritten(msecs);
    });
}

/*!
    Waits until the connection has ended, for \a msecs at most. Returns true if it has; see
    LocalSocket::waitForDisconnected().
*/
bool MessageSocket::waitForDisconnected(int msecs)
{
    return d->orElse([&] {
        return d->carrier->waitForDisconnected(msecs);
    });
}

/*!
    Reimplemented to begin with the delivery of messages when something is connected to messageReceived(), as \a signal
    tells.
*/
void MessageSocket::connectNotify(const QMetaMethod &signal)
{
    QObject::connectNotify(signal);
    if (signal == QMetaMethod::fromSignal(&MessageSocket::messageReceived))
        d->audienceChanged();
}

/*!
    \fn void InterprocessQt::MessageSocket::connected()

    Emitted from the event loop when a connection has been made.
*/

/*!
    \fn void InterprocessQt::MessageSocket::disconnected()

    Emitted when a connection has ended.
*/

/*!
    \fn void InterprocessQt::MessageSocket::stateChanged(InterprocessQt::LocalSocket::LocalSocketState state)

    Emitted when \a state is the new state, as by LocalSocket::stateChanged().
*/

/*!
    \fn void InterprocessQt::MessageSocket::errorOccurred(InterprocessQt::StreamDevice::Error error)

    Emitted from the event loop when a connection could not be made, or has ended for another reason than that this side
    asked for it. That is \a error: those of LocalSocket, or DatagramTooLargeError if the peer sent a message that is too
    large.
*/

/*!
    \fn void InterprocessQt::MessageSocket::messageReceived(const QByteArray &message)

    Emitted for each \a message, in order, while automaticDelivery is true.
*/

/*!
    \fn void InterprocessQt::MessageSocket::messagesPending()

    Emitted when there is a message for receive(), and none was told of since the last call of that. Not emitted while
    messages are delivered by messageReceived().
*/

/*!
    \fn void InterprocessQt::MessageSocket::bytesWritten(qint64 bytes)

    Emitted at the end of a turn in which the kernel has taken \a bytes, with 4 for each message.
*/

/*!
    \fn void InterprocessQt::MessageSocket::congestedChanged(bool congested)

    Emitted from the event loop when \a congested has changed.
*/

/*!
    \fn void InterprocessQt::MessageSocket::handlesLost()

    Emitted from the event loop when more handles came with a message than maximumHandles, or than this process may have
    open.
*/

/*!
    \fn void InterprocessQt::MessageSocket::reconnectScheduled(int attempt, std::chrono::milliseconds delay)

    Emitted when \a attempt to connect again is going to be made, after \a delay.
*/

} // namespace InterprocessQt
