// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/NamedPipe.h>

#include "namedpipe_p.h"
#include "pipeends_p.h"

#include <algorithm>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::NamedPipe
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/NamedPipe
    \brief A local socket with all that a named pipe of Windows can do. Windows only.
    \reentrant

    A NamedPipe is a LocalSocket in every respect: connecting with a time-out, reconnecting, limits, waits, errors and the
    QIODevice are described there. On top of that it has messages, directions, other computers, and who may do what.

    \section1 Bytes and messages

    Each direction carries bytes or messages, and both ends say for themselves what theirs are: setReceiveMode() and
    setSendMode(), before connecting. Both are bytes at the beginning. The server makes a pipe that carries messages if one of
    its directions does (PIPE_TYPE_MESSAGE); from such a pipe bytes can be read, too, and then boundaries mean nothing. A
    client that asks for messages on a pipe that carries bytes is refused: UnsupportedSocketOperationError.

    Messages are sent whole with send(), whatever their size; an empty one is a message. They are received with receive(), when
    messagesPending() has told that there are some. In that mode QIODevice::write() sends one message for each call, and
    QIODevice::read() reads the bytes of what has arrived one after the other, across boundaries.

    A message larger than maximumMessageSize() is not delivered, not even its beginning: the rest is read and thrown away,
    messageDiscarded() tells its size, and the connection goes on.

    \section1 Directions

    What the connection is opened for decides which way it goes, as QIODevice::OpenMode: a client that only reads can connect to
    a server that only sends (NamedPipeServer::Outbound) and to one that does both. To ask for more than the server has is
    SocketAccessError (ERROR_ACCESS_DENIED). Of an end that only writes Windows does not tell that the other one has gone: the
    next write does.

    \section1 Who is at the other end

    A server may not act in the name of a client, only ask who it is: setImpersonationLevel() can give it more, or less. A
    client that sends what others must not see does not take any server that has the name: setServerPolicy() looks at the
    process that has made the pipe, and at its user, before anything is written.

    \section1 Errors

    Those of LocalSocket. In addition connecting can fail with UnsupportedSocketOperationError (the pipe carries bytes) and
    SocketAccessError without a native code (the server is not trusted); and, where a thread is needed for it (another computer,
    the time-out of the server) and none is to be had, with SocketResourceError (ERROR_MAX_THRDS_REACHED). send(),
    setSocketDescriptor() and the other functions that return false say in error(), nativeError() and errorString() why; nothing is
    emitted then.

    \sa NamedPipeServer, MessageSocket, {Named pipes and security on Windows}
*/

/*!
    \variable InterprocessQt::NamedPipe::DefaultMaximumMessageSize
    \brief 16 MiB
*/

/*!
    \enum InterprocessQt::NamedPipe::Mode

    What travels in one direction.

    \value Bytes  A stream.
    \value Messages  What is sent as one is received as one.
*/

/*!
    \enum InterprocessQt::NamedPipe::Impersonation

    What a server may do with the identity of its client
    (\l {https://learn.microsoft.com/en-us/windows/win32/secauthz/impersonation-levels} {Impersonation Levels}).

    \value Anonymous  Not even ask who it is.
    \value Identification  Ask who it is, and what it may do; not act in its name.
    \value Impersonation  Act in its name on this computer.
    \value Delegation  Act in its name on other computers, too, where that is set up.
*/

/*!
    \enum InterprocessQt::NamedPipe::ServerPolicy

    Which servers a client stays connected to.

    \value Any  All.
    \value SameUser  Those whose process runs as the user of this one.
*/

/*!
    Makes an unconnected pipe, with the parent \a parent.
*/
NamedPipe::NamedPipe(QObject *parent)
    : LocalSocket(*new NamedPipePrivate, parent)
{
}

/*!
    As that of LocalSocket: never waits; what the system has taken arrives, what it has not is dropped.
*/
NamedPipe::~NamedPipe() = default;

NamedPipePrivate *NamedPipe::d_func() const
{
    return static_cast<NamedPipePrivate *>(d.get());
}

// ---- How to connect

/*!
    Connects to \a name in \a openMode: a bare name, \c {@name}, a full name \c {\\.\pipe\name} of this computer, or one of
    another computer, \c {\\host\pipe\name}. A full name sets host(), a bare one means host(). Never blocks; what
    LocalSocket::connectToServer() says of time-outs, errors and abort() holds.
*/
void NamedPipe::connectToServer(const QString &name, OpenMode openMode)
{
    const PipeEndName end = splitPipeName(name);
    if (!end.isFull) {
        LocalSocket::connectToServer(name, openMode);
        return;
    }
    setHost(end.host);
    setServerAddress(Address::fromString(end.localName));
    LocalSocket::connectToServer(openMode);
}

/*!
    Sets host() to \a host and connects to the pipe \a name there, in \a openMode.

    The pipe of another computer is opened in a thread of its own, because Windows may take long for that. It uses the
    protocol for shared files (SMB), and a server has to allow it: NamedPipeServer::setRemoteClientsAllowed(). What is not
    there is ServerNotFoundError, also where the other computer refuses to say.
*/
void NamedPipe::connectToHost(const QString &host, const QString &name, OpenMode openMode)
{
    setHost(host);
    LocalSocket::connectToServer(name, openMode);
}

/*!
    \property InterprocessQt::NamedPipe::host
    \brief the computer whose pipe is connected to; empty, or a dot, is this one

    Empty by default. A change counts for the next connection.
*/
QString NamedPipe::host() const
{
    return d_func()->host;
}

void NamedPipe::setHost(const QString &host)
{
    if (std::exchange(d_func()->host, host) != host)
        Q_EMIT hostChanged();
}

/*!
    \property InterprocessQt::NamedPipe::receiveMode
    \brief what arrives: bytes, the default, or messages

    A change counts for the next connection. Pipes that a server has accepted have that of the server.
*/
NamedPipe::Mode NamedPipe::receiveMode() const
{
    return d_func()->receiveMode;
}

void NamedPipe::setReceiveMode(Mode mode)
{
    // A connection that exists keeps its own: it goes by how it was begun.
    if (state() != UnconnectedState || std::exchange(d_func()->receiveMode, mode) == mode)
        return;
    Q_EMIT receiveModeChanged();
}

/*!
    \property InterprocessQt::NamedPipe::sendMode
    \brief what is sent: bytes, the default, or messages

    To be set while there is no connection; later it has no effect. Pipes that a server has accepted have that of the server.
*/
NamedPipe::Mode NamedPipe::sendMode() const
{
    return d_func()->sendMode;
}

void NamedPipe::setSendMode(Mode mode)
{
    if (state() != UnconnectedState || std::exchange(d_func()->sendMode, mode) == mode)
        return;
    Q_EMIT sendModeChanged();
}

/*!
    Returns what a server may do with the identity of this client; Impersonation::Identification by default.
*/
NamedPipe::Impersonation NamedPipe::impersonationLevel() const
{
    return d_func()->impersonation;
}

/*!
    Lets a server do what \a level says, from the next connection on. Without saying so (SECURITY_SQOS_PRESENT) a program lets
    every server act in its name, which is how services have been made to open files for those who put up a pipe.
*/
void NamedPipe::setImpersonationLevel(Impersonation level)
{
    d_func()->impersonation = level;
}

/*!
    Returns which servers this client stays connected to; ServerPolicy::Any by default, and after a predicate was set.
*/
NamedPipe::ServerPolicy NamedPipe::serverPolicy() const
{
    return d_func()->serverPolicy;
}

/*!
    Stays connected to servers that \a policy lets pass, from the next connection on. The server is looked at when the pipe has
    been opened, and nothing is sent to one that does not pass: SocketAccessError.

    The pipe tells which process has made it (GetNamedPipeServerProcessId()), and that process who its user is. If the process
    may not be asked, because it belongs to somebody else, its user is not known, and SameUser refuses it: to ask the process of
    another account takes the debug privilege (\l {https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocesstoken}
    {OpenProcessToken}), which administrators have, so that to other users a service of the system is one of them. A server that has
    handed the pipe on to another process is not seen through, and neither is one on another computer.
*/
void NamedPipe::setServerPolicy(ServerPolicy policy)
{
    d_func()->serverPredicate = {};
    d_func()->serverPolicy = policy;
}

/*!
    \overload

    Stays connected to servers for whose process id, user and session \a predicate returns true. It is called in the thread of
    this object, while connecting, and must not call functions of it.
*/
void NamedPipe::setServerPolicy(ServerPredicate predicate)
{
    d_func()->serverPolicy = ServerPolicy::Any;
    d_func()->serverPredicate = std::move(predicate);
}

/*!
    Returns whether a server whose instances are all taken is waited for as long as it says itself; false by default.
*/
bool NamedPipe::isServerTimeoutUsed() const
{
    return d_func()->serverTimeout;
}

/*!
    If \a used is true, a server whose instances are all taken is waited for as long as NamedPipeServer::waitTimeout() of that
    server says (NMPWAIT_USE_DEFAULT_WAIT), in a thread of its own, and after that it is SocketTimeoutError. connectTimeout()
    holds all the same, so make it as long as you would wait at the most.

    Otherwise, the default, connectTimeout() alone counts.
*/
void NamedPipe::setServerTimeoutUsed(bool used)
{
    d_func()->serverTimeout = used;
}

/*!
    Returns whether writing to a pipe of another computer waits for that computer; false by default.
*/
bool NamedPipe::isWriteThrough() const
{
    return d_func()->writeThrough;
}

/*!
    If \a writeThrough is true, what is written to a pipe of another computer is not gathered on the way, and bytesWritten()
    means that it is there (FILE_FLAG_WRITE_THROUGH). It counts for the next connection, and has no effect on this computer.
*/
void NamedPipe::setWriteThrough(bool writeThrough)
{
    d_func()->writeThrough = writeThrough;
}

/*!
    Returns whether child processes may inherit the handle; false by default.
*/
bool NamedPipe::isInheritable() const
{
    return d_func()->inheritable;
}

/*!
    If \a inheritable is true, each child that is started with inheriting handles gets this one, too, whoever starts it: the peer
    does not see the end as long as such a child lives. Handing over one handle to one child is safer (ChildHandles).

    Returns false if Windows refuses it for the present connection.
*/
bool NamedPipe::setInheritable(bool inheritable)
{
    return d_func()->setInheritable(inheritable);
}

// ---- Messages

/*!
    Sends \a message, which may be empty. Returns true if it has been taken: it arrives whole, after all that was sent before.

    Returns false, and nothing has been sent, with
    \list
        \li SocketResourceError: writeBufferLimit() leaves no room for it now. congestedChanged() tells when there is. A message
            larger than the limit is taken when nothing else waits.
        \li OperationError: sendMode() is Bytes, or the pipe is not connected, or not open for writing
        \li DatagramTooLargeError: more than 4 GiB
    \endlist
*/
bool NamedPipe::send(const QByteArray &message)
{
    return d_func()->send(message);
}

/*!
    Returns true if receive() has a message to return.
*/
bool NamedPipe::hasPendingMessages() const
{
    return d_func()->firstMessage() != nullptr;
}

/*!
    Returns the size in bytes of the message that receive() returns next; nothing if there is none.
*/
std::optional<qint64> NamedPipe::pendingMessageSize() const
{
    const MessageArrivals::Message *const first = d_func()->firstMessage();
    return first ? std::optional(d_func()->unreadOf(*first)) : std::nullopt;
}

/*!
    Returns the message that receive() returns next, and leaves it where it is; nothing if there is none.
*/
std::optional<QByteArray> NamedPipe::peekMessage()
{
    return d_func()->receive(false);
}

/*!
    Returns the message that has arrived next; nothing if none has, receiveMode() is Bytes, or a transaction is started. Messages
    that have arrived can be received after the end of the connection, until the next one.

    Of a message of which a part was read by QIODevice::read() it is the rest.
*/
std::optional<QByteArray> NamedPipe::receive()
{
    return d_func()->receive(true);
}

/*!
    \property InterprocessQt::NamedPipe::maximumMessageSize
    \brief the size in bytes above which a message that arrives is not delivered but discarded, and messageDiscarded() tells

    16 MiB by default. It keeps a peer from filling the memory of this process. Negative sizes are taken for 0, with which only
    empty messages are delivered.
*/
qint64 NamedPipe::maximumMessageSize() const
{
    return d_func()->maximumMessageSize;
}

void NamedPipe::setMaximumMessageSize(qint64 size)
{
    size = std::max<qint64>(0, size);
    if (std::exchange(d_func()->maximumMessageSize, size) != size)
        Q_EMIT maximumMessageSizeChanged();
}

/*!
    Waits until there is a message, for \a msecs at the most, -1 for ever. Works without an event loop. Returns false if the time
    is over (error() is SocketTimeoutError then), or the connection has ended and there is none.
*/
bool NamedPipe::waitForMessage(int msecs)
{
    return d_func()->waitForMessage(QDeadlineTimer(msecs));
}

/*!
    Returns how many bytes, of messages or not, wait to be written.
*/
qint64 NamedPipe::bytesToWrite() const
{
    return LocalSocket::bytesToWrite() - d_func()->framesQueued * MessageHeadSize;
}

/*!
    Reimplemented to send \a size bytes at \a data as one message where sendMode() says so.
*/
qint64 NamedPipe::writeData(const char *data, qint64 size)
{
    if (sendMode() == Mode::Bytes)
        return LocalSocket::writeData(data, size);
    return send(QByteArray(data, qsizetype(size))) ? size : -1;
}

// ---- Both ends

/*!
    Returns true if this is the end of a server: its process has made the pipe.
*/
bool NamedPipe::isServerEnd() const
{
    return d_func()->isServer();
}

/*!
    Returns true if this is the end of a client: it has connected.
*/
bool NamedPipe::isClientEnd() const
{
    return d_func()->io && !d_func()->isServer();
}

/*!
    Returns the id of the process that has made the pipe; nothing without a connection. That of the other end, with its user, is
    in peerCredentials(), too.
*/
std::optional<qint64> NamedPipe::serverProcessId() const
{
    return d_func()->ofEnd(true, processOfPipeEnd);
}

/*!
    Returns the id of the process that has connected; nothing without a connection.
*/
std::optional<qint64> NamedPipe::clientProcessId() const
{
    return d_func()->ofEnd(false, processOfPipeEnd);
}

/*!
    Returns the session of the process that has made the pipe; nothing without a connection.
*/
std::optional<quint32> NamedPipe::serverSessionId() const
{
    return d_func()->ofEnd(true, sessionOfPipeEnd);
}

/*!
    Returns the session of the process that has connected; nothing without a connection.
*/
std::optional<quint32> NamedPipe::clientSessionId() const
{
    return d_func()->ofEnd(false, sessionOfPipeEnd);
}

/*!
    Waits in the background until the peer has read everything that the system has for it (FlushFileBuffers()), and then emits
    flushedToPeer(). Wait for bytesToWrite() to be 0 first: what is still in this process is not meant.

    Windows only knows a call that blocks, so this takes a thread meanwhile; without one to be had flushedToPeer() tells that it is not
    done, and error() is SocketResourceError (ERROR_MAX_THRDS_REACHED). The end of the connection on this side gives it up,
    and then nothing is emitted. Returns false, with OperationError, without a connection or when it is being done already.
*/
bool NamedPipe::flushToPeer()
{
    return d_func()->flushToPeer();
}

/*!
    Disconnects the client and throws away what it has not read (DisconnectNamedPipe()), and ends the connection here, as abort()
    does. abort() alone drops what is still in this process; what the system has already the client can read to its end.

    Returns false, with OperationError, if this is not the end of a server, or not connected.
*/
bool NamedPipe::disconnectClient()
{
    return d_func()->disconnectClient();
}

/*!
    Gives the handle of the pipe away, to be used otherwise or by another process; the pipe is unconnected then, and
    disconnected() has been emitted. The handle was opened with FILE_FLAG_OVERLAPPED and belongs to a completion port of this
    library, so that it must not be given to one of your own.

    What has arrived by then can be read here, also what no signal has told of yet; what comes later goes to whoever has the handle.
    So does what has arrived beyond readBufferSize(), or 1 MiB, but for what had been read in part.

    Returns an invalid one, with OperationError, without a connection, while bytesToWrite() is not 0, and while more messages have
    arrived than a pipe keeps: receive() some first.

    \sa setSocketDescriptor()
*/
NativeHandle NamedPipe::releaseHandle()
{
    return d_func()->release();
}

/*!
    \fn void InterprocessQt::NamedPipe::messagesPending()

    Emitted when messages have arrived that receive() can return; not for each, so take all that there are. Emitted before the
    end of the connection is told.
*/

/*!
    \fn void InterprocessQt::NamedPipe::messageDiscarded(qint64 size)

    Emitted when a message of \a size bytes has arrived that was larger than maximumMessageSize(), and has been thrown away.
*/

/*!
    \fn void InterprocessQt::NamedPipe::flushedToPeer(bool done)

    Emitted when flushToPeer() has come to its end. \a done is false if the peer has gone without having read everything; error()
    says so.
*/

} // namespace InterprocessQt
