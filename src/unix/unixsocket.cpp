// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/UnixSocket.h>

#include "socketname_p.h"
#include "syscalls_p.h"
#include "unixsocket_p.h"

#include <algorithm>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::UnixSocket
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/UnixSocket
    \brief A LocalSocket with all that a Unix domain stream socket can do: descriptors and credentials beside the bytes.
    \reentrant

    A UnixSocket is a LocalSocket in every respect, and talks to whatever a LocalSocket talks to. Exists on Unix only.

    \section1 Descriptors

    send() passes open files, sockets, pipes or shared memory to the peer, beside the bytes of a message; the peer gets
    descriptors of its own for the same open files (SCM_RIGHTS, unix(7)):

    \snippet snippets/descriptors.cpp send

    The receiver says first how many it takes, with setMaximumDescriptors(). It is 0 at the beginning: descriptors of a
    peer from which none are expected are closed by the kernel, and descriptorsLost() tells.

    \snippet snippets/descriptors.cpp receive

    \section1 Which bytes a descriptor came with

    The kernel keeps descriptors at the place in the stream at which they were sent, and ends what it returns behind the
    write that carried them. receive() returns these parts: bytes, with what came beside them. The descriptors came with
    the \e last write in the part; bytes in front of it may have been written before, without any, and the part ends
    where that write ended, or within it: where the kernel has split it because it was large or the peer's buffer nearly
    full, or where the receiver's buffer was full. What is written after it is never in the same part. So a protocol of
    frames, each written by one send(), finds the descriptors of a frame in the part in which the frame begins, and they
    belong to the last frame that begins there.

    Everything of QIODevice can be mixed with that. Descriptors that came beside bytes which were read in another way
    are kept, in their order, until takeDescriptor() asks for them. Nothing more is read from the kernel while
    maximumDescriptors of them, or more, are waiting to be taken: so one who asks for descriptors must take them, as one
    who sets readBufferSize must read. The end of the connection stands behind them, too. Those that nobody has taken are
    closed by close(), by the next connection, and with the object.

    \section1 Credentials

    peerCredentials() are those of the process that made the connection. A connection that has been handed on is used by
    another process: setCredentialsEnabled() asks for those of the sender with each message.
*/

/*!
    Makes an unconnected socket, with the parent \a parent.
*/
UnixSocket::UnixSocket(QObject *parent)
    : UnixSocket(*new UnixSocketPrivate, parent)
{
}

/*!
    For classes of the library: as above, with the private part \a dd.
*/
UnixSocket::UnixSocket(UnixSocketPrivate &dd, QObject *parent)
    : LocalSocket(dd, parent)
{
}

/*!
    As that of LocalSocket. Descriptors that wait to be sent or taken are closed.
*/
UnixSocket::~UnixSocket() = default;

UnixSocketPrivate *UnixSocket::d_func() const
{
    return static_cast<UnixSocketPrivate *>(d.get());
}

/*!
    Returns two sockets that are connected to each other (socketpair(2)). If none could be made, both are unconnected and
    their error() says why.
*/
std::pair<std::unique_ptr<UnixSocket>, std::unique_ptr<UnixSocket>> UnixSocket::pair()
{
    auto sockets = std::make_pair(std::make_unique<UnixSocket>(), std::make_unique<UnixSocket>());
    LocalSocketPrivate::pairUp(*sockets.first->d_func(), *sockets.second->d_func());
    return sockets;
}

/*!
    Sends \a message: its bytes, and beside them up to UnixMessage::MaximumDescriptors descriptors and the credentials of
    this process. It waits behind what was written before, and its descriptors are closed here when the kernel has them.

    Returns the number of bytes, which is the size of the data: all of it is taken, or nothing. If nothing is taken the
    message stays as it was, with its descriptors:

    \list
        \li 0 if writeBufferLimit leaves no room for it now; it will be there when congestedChanged() has told that. A
            message larger than the limit is taken when nothing else waits.
        \li -1, with error() and errorString(), if it cannot be sent. OperationError: not connected or connecting, the
            write channel is closed, no data for descriptors or credentials to travel with (the kernel would drop them,
            unix(7)), too many descriptors (EINVAL), or one that is not open (EBADF). SocketAccessError: credentials of
            somebody else (EPERM). UnsupportedSocketOperationError: a system that cannot send credentials. The
            connection is not affected, and nothing is emitted.
    \endlist

    While the kernel has too many descriptors of this user under way already, whoever has sent them (ETOOMANYREFS), the
    message waits, and is tried again every 10 ms.
*/
qint64 UnixSocket::send(UnixMessage &&message)
{
    return d_func()->send(std::move(message));
}

/*!
    \overload

    Sends \a data with one \a descriptor, which stays the caller's if nothing is sent.
*/
qint64 UnixSocket::send(const QByteArray &data, FileDescriptor &&descriptor)
{
    UnixMessage message(data);
    message.addDescriptor(std::move(descriptor));
    const qint64 sent = d_func()->send(std::move(message));
    if (sent <= 0)
        descriptor = message.takeDescriptor();
    return sent;
}

/*!
    Returns what came next: bytes that belong together, with the descriptors and credentials that came beside them; or
    nothing if nothing has arrived, the device is not open for reading, or a transaction is started. Descriptors that
    takeDescriptor() has taken are not in it.

    Bytes beside which nothing came are returned up to the next place at which something did.
*/
std::optional<UnixMessage> UnixSocket::receive()
{
    return d_func()->receive();
}

/*!
    \property InterprocessQt::UnixSocket::maximumDescriptors
    \brief how many descriptors may come with one message

    0, the default, takes none; at most UnixMessage::MaximumDescriptors. What a peer sends beyond it is closed by the
    kernel, and descriptorsLost() is emitted; the bytes arrive. Nothing more is read from the kernel while so many are
    waiting to be taken, so a peer can make this process hold less than twice as many.

    Sockets of a server are made with that of the server, UnixServer::setMaximumDescriptors().
*/
int UnixSocket::maximumDescriptors() const
{
    return d_func()->arrivals.maximum;
}

void UnixSocket::setMaximumDescriptors(int count)
{
    count = std::clamp(count, 0, UnixMessage::MaximumDescriptors);
    if (count == d_func()->arrivals.maximum)
        return;
    d_func()->setMaximumDescriptors(count);
    Q_EMIT maximumDescriptorsChanged();
}

/*!
    Returns how many descriptors have come and have not been taken.
*/
int UnixSocket::descriptorsAvailable() const
{
    return d_func()->arrivals.held();
}

/*!
    Returns the first descriptor that has come and has not been taken, whether or not the bytes that it came with have
    been read; one that is not valid if there is none. If reading had stopped because of too many, it goes on.
*/
FileDescriptor UnixSocket::takeDescriptor()
{
    return d_func()->takeDescriptor();
}

/*!
    \property InterprocessQt::UnixSocket::credentialsEnabled
    \brief whether the kernel tells with each message who has sent it

    False by default. When it is true, UnixMessage::credentials() of what receive() returns are those of the process that
    wrote it (SO_PASSCRED, unix(7)), and messages of different senders are kept apart. What was sent before it became true
    has credentials that are not valid: set it on the server to have them from the first byte. It may be set at any time
    and counts for the next connections, too.

    Where the system does not know it (all but Linux and Android) setting it to true returns false, with
    UnsupportedSocketOperationError.
*/
bool UnixSocket::isCredentialsEnabled() const
{
    return d_func()->io ? d_func()->credentialsHere : d_func()->credentialsWanted.value_or(false);
}

bool UnixSocket::setCredentialsEnabled(bool enabled)
{
    const bool before = isCredentialsEnabled();
    if (!d_func()->setCredentialsEnabled(enabled))
        return false;
    if (isCredentialsEnabled() != before)
        Q_EMIT credentialsEnabledChanged();
    return true;
}

/*!
    Asks for the credentials of the sender once: as credentialsEnabled, until the first that are valid have come. Returns
    false, with error(), where the system does not know it.
*/
bool UnixSocket::requestCredentials()
{
    return d_func()->requestCredentials();
}

/*!
    Writes \a pieces one after the other as if they were one, with one system call if nothing else waits (sendmsg(2)).
    Returns how many bytes were taken, or -1 as write() does.
*/
qint64 UnixSocket::writeVectored(std::span<const QByteArrayView> pieces)
{
    return d_func()->writeVectored(pieces);
}

/*!
    Reads what has arrived into \a pieces, each of which is filled before the next. Returns how many bytes that were, 0 if
    there is nothing, or -1 as read() does.
*/
qint64 UnixSocket::readVectored(std::span<const std::span<char>> pieces)
{
    qint64 total = 0;
    for (const std::span<char> piece : pieces) {
        if (piece.empty())
            continue;
        const qint64 got = read(piece.data(), qint64(piece.size()));
        if (got < 0)
            return total > 0 ? total : -1;
        total += got;
        if (got < qint64(piece.size()))
            break;
    }
    return total;
}

/*!
    Ends reading: nothing that the peer sends from now on arrives, and writing gets it an error (shutdown(2) with SHUT_RD;
    EPIPE). What bytesAvailable() counts can be read on; what the kernel still holds is dropped, as waitForReadyRead() could
    have had it before. readChannelFinished() follows from the event loop. Writing goes on until
    closeWriteChannel(), disconnectFromServer(), or a write that fails: that the peer has gone is not noticed before.

    Returns false if the socket is not connected.
*/
bool UnixSocket::closeReadChannel()
{
    return d_func()->closeReadChannel();
}

/*!
    Returns where this end is: the name of the server for its sockets, and usually nothing for clients, which is an
    Address that is not valid.
*/
Address UnixSocket::localAddress() const
{
    sockaddr_un name = {};
    socklen_t length = sizeof name;
    const bool known = sys::socketName(d_func()->fd(), reinterpret_cast<sockaddr *>(&name), &length) == 0;
    return known ? addressOfSocketName(name, length) : Address();
}

/*!
    Returns where the other end is, as localAddress() says it of this one.
*/
Address UnixSocket::peerAddress() const
{
    sockaddr_un name = {};
    socklen_t length = sizeof name;
    const bool known = sys::peerName(d_func()->fd(), reinterpret_cast<sockaddr *>(&name), &length) == 0;
    return known ? addressOfSocketName(name, length) : Address();
}

/*!
    Returns the size of the kernel's buffer for sending, in bytes, as the kernel counts (SO_SNDBUF, socket(7): on Linux
    twice of what was asked for); -1 if the socket is not connected.
*/
int UnixSocket::sendBufferSize() const
{
    return d_func()->kernelBuffer(SO_SNDBUF);
}

/*!
    Asks the kernel for a buffer of \a size bytes for sending. It gives as much as it allows
    (/proc/sys/net/core/wmem_max on Linux). Returns false, with error(), if it refuses or the socket is not connected.
*/
bool UnixSocket::setSendBufferSize(int size)
{
    return d_func()->setKernelBuffer(SO_SNDBUF, size);
}

/*!
    Returns the size of the kernel's buffer for receiving (SO_RCVBUF); -1 if the socket is not connected. Unix domain
    sockets of Linux do not use it: what counts there is the sender's.
*/
int UnixSocket::receiveBufferSize() const
{
    return d_func()->kernelBuffer(SO_RCVBUF);
}

/*!
    Asks the kernel for a buffer of \a size bytes for receiving. Returns false, with error(), if it refuses or the socket
    is not connected.
*/
bool UnixSocket::setReceiveBufferSize(int size)
{
    return d_func()->setKernelBuffer(SO_RCVBUF, size);
}

/*!
    Gives the connected descriptor away: it is the caller's, non-blocking and closed on exec, and this socket is
    unconnected, with the signals of abort(). What has arrived here can still be read here, so read it first if the next
    owner is to have all.

    What has been written goes out before, as far as the kernel takes it. Returns one that is not valid, with
    OperationError, if there are bytes left to write, or the socket is not connected; it stays as it is then.
*/
FileDescriptor UnixSocket::releaseSocketDescriptor()
{
    return d_func()->release();
}

/*!
    \fn void InterprocessQt::UnixSocket::descriptorsLost()

    Emitted from the event loop when more descriptors came than maximumDescriptors, or than this process may have open
    (MSG_CTRUNC, recv(2)). Those above are closed. The message that they came with has UnixMessage::descriptorsLost().
*/

} // namespace InterprocessQt
