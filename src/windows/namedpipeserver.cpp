// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/NamedPipeServer.h>

#include "local/localserver_p.h"
#include "namedpipe_p.h"
#include "pipeoptions_p.h"

#include <algorithm>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::NamedPipeServer
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/NamedPipeServer
    \brief A local server with all that a named pipe of Windows can do. Windows only.
    \reentrant

    A NamedPipeServer is a LocalServer in every respect, and its connections are \l{NamedPipe}s. What it adds is said before
    listen(): directions, bytes or messages, how many instances there may be, who may connect, and hints for the system.

    \snippet snippets/namedpipe.cpp server

    \section1 Taking the name

    The first instance of the pipe is made with FILE_FLAG_FIRST_PIPE_INSTANCE: if the name is somebody else's, listen() fails
    with AddressInUseError, and does not put an instance beside those of a stranger, to which clients would come as well.

    \section1 Who may connect

    The user of this process and the system, unless socketOptions() or setSecurityDescriptor() say something else. With a descriptor
    socketOptions() and PeerPolicy::ByOptions mean nothing: the system decides by the descriptor alone. A predicate or
    PeerPolicy::SameUser is asked in addition. Clients of other computers are rejected unless setRemoteClientsAllowed() and the
    descriptor let them in; socketOptions() never do.

    The server's end of an outbound pipe can only write, and with that right alone it cannot ask whose process its client is
    (\l {https://learn.microsoft.com/en-us/windows/win32/api/namedpipeapi/nf-namedpipeapi-getnamedpipeinfo} {GetNamedPipeInfo()}
    needs more). There the system alone decides, by what socketOptions() or the descriptor have set, also for names without a
    file; PeerPolicy::SameUser lets nobody in, and a predicate sees the number of the process at most.

    \sa NamedPipe, SecurityDescriptor, ImpersonationGuard, {Named pipes and security on Windows}
*/

/*!
    \enum InterprocessQt::NamedPipeServer::Direction

    Which way the pipe goes, as the server sees it.

    \value Inbound  From the client to the server (PIPE_ACCESS_INBOUND).
    \value Outbound  From the server to the client (PIPE_ACCESS_OUTBOUND). That a client has gone shows with the next write.
    \value Duplex  Both (PIPE_ACCESS_DUPLEX).
*/

/*!
    \variable InterprocessQt::NamedPipeServer::UnlimitedInstances
    \brief stands for no limit of instances, PIPE_UNLIMITED_INSTANCES

    See setMaximumInstances().
*/

/*!
    \variable InterprocessQt::NamedPipeServer::SystemWaitTimeout

    Stands for what Windows takes: 50 milliseconds. See setWaitTimeout().
*/
const std::chrono::milliseconds NamedPipeServer::SystemWaitTimeout{0};

/*!
    \variable InterprocessQt::NamedPipeServer::WaitForever

    Stands for no limit. See setWaitTimeout().
*/
const std::chrono::milliseconds NamedPipeServer::WaitForever{-1};

class NamedPipeServerPrivate final : public LocalServerPrivate
{
public:
    using LocalServerPrivate::LocalServerPrivate;

    std::unique_ptr<LocalSocket> makeSocket() override
    {
        auto socket = std::make_unique<NamedPipe>(q);
        NamedPipePrivate *const p = NamedPipePrivate::get(socket.get());
        p->receiveMode = active.receiveMode;
        p->sendMode = active.sendMode;
        p->maximumMessageSize = maximumMessageSize;
        p->freed = active.pipe.freed;
        p->inheritable = inheritable;
        return socket;
    }
    std::unique_ptr<LocalListener> makeListener() override
    {
        active = wanted;
        active.pipe.readsMessages = active.receiveMode == NamedPipe::Mode::Messages;
        active.pipe.carriesMessages = active.receiveMode == NamedPipe::Mode::Messages || active.sendMode == NamedPipe::Mode::Messages;
        if (active.pipe.instances < quint32(NamedPipeServer::UnlimitedInstances))
            active.pipe.freed = std::make_shared<PipeSlots>();
        return makePipeListener(*this, active.pipe);
    }
    QIODevice::OpenMode openMode() const override
    {
        QIODevice::OpenMode mode = QIODevice::NotOpen;
        if (active.pipe.access & quint32(NamedPipeServer::Direction::Inbound))
            mode |= QIODevice::ReadOnly;
        if (active.pipe.access & quint32(NamedPipeServer::Direction::Outbound))
            mode |= QIODevice::WriteOnly;
        return mode;
    }
    bool hasPermissions() const override
    {
        // The handle of an outbound one may not be good for asking who is there: what the same options have made of its
        // descriptor has to do.
        const bool isOutbound = active.pipe.access == quint32(NamedPipeServer::Direction::Outbound);
        return isOutbound || active.pipe.security || LocalServerPrivate::hasPermissions();
    }

    struct Settings {
        NamedPipe::Mode receiveMode = NamedPipe::Mode::Bytes;
        NamedPipe::Mode sendMode = NamedPipe::Mode::Bytes;
        PipeOptions pipe;
    };
    Settings wanted; // for the next listen()
    Settings active; // of the last one
    bool inheritable = false;
    qint64 maximumMessageSize = NamedPipe::DefaultMaximumMessageSize;
};

/*!
    Makes a server that does not listen, with the parent \a parent.
*/
NamedPipeServer::NamedPipeServer(QObject *parent)
    : LocalServer(*new NamedPipeServerPrivate(this), parent)
{
}

/*!
    As that of LocalServer.
*/
NamedPipeServer::~NamedPipeServer() = default;

NamedPipeServerPrivate *NamedPipeServer::d_func() const
{
    return static_cast<NamedPipeServerPrivate *>(LocalServerPrivate::get(this));
}

/*!
    Returns the next pipe that is connected to a client, or nullptr, as LocalServer::nextPendingConnection() does. Null for one
    that a reimplementation of incomingConnection() has added and that is no NamedPipe.
*/
NamedPipe *NamedPipeServer::nextPendingConnection()
{
    return qobject_cast<NamedPipe *>(LocalServer::nextPendingConnection());
}

// ---- What counts for the next listen()

/*!
    Returns which way the pipe goes; Direction::Duplex by default.
*/
NamedPipeServer::Direction NamedPipeServer::direction() const
{
    return Direction(d_func()->wanted.pipe.access);
}

/*!
    Makes the pipe go one way or both, as \a direction says, from the next listen() on.
*/
void NamedPipeServer::setDirection(Direction direction)
{
    d_func()->wanted.pipe.access = quint32(direction);
}

/*!
    Returns what arrives from clients; bytes by default.
*/
NamedPipe::Mode NamedPipeServer::receiveMode() const
{
    return d_func()->wanted.receiveMode;
}

/*!
    Receives bytes or messages, as \a mode says, from the next listen() on.
*/
void NamedPipeServer::setReceiveMode(NamedPipe::Mode mode)
{
    d_func()->wanted.receiveMode = mode;
}

/*!
    Returns what is sent to clients; bytes by default.
*/
NamedPipe::Mode NamedPipeServer::sendMode() const
{
    return d_func()->wanted.sendMode;
}

/*!
    Sends bytes or messages, as \a mode says, from the next listen() on.
*/
void NamedPipeServer::setSendMode(NamedPipe::Mode mode)
{
    d_func()->wanted.sendMode = mode;
}

/*!
    Returns how many instances of the pipe there may be; UnlimitedInstances by default.
*/
int NamedPipeServer::maximumInstances() const
{
    return int(d_func()->wanted.pipe.instances);
}

/*!
    Lets there be \a count instances of the pipe at the most, 1 to 254, or UnlimitedInstances, from the next listen() on. Each
    client that is connected takes one, and each that may wait to be accepted (listenBacklogSize(), as far as the limit goes). Who
    comes when all are taken waits (NamedPipe::connectToServer()) until a pipe that this server has accepted is closed, by both
    ends. If that was the last one, the server has no name until it has made the next: a moment in which new clients find nobody.
    More instances than clients at a time, and there is no such moment.

    Returns false, and changes nothing, for another \a count.
*/
bool NamedPipeServer::setMaximumInstances(int count)
{
    if (count < 1 || count > UnlimitedInstances)
        return false;
    d_func()->wanted.pipe.instances = quint32(count);
    return true;
}

/*!
    Returns whether writing to clients on other computers waits for them; false by default.
*/
bool NamedPipeServer::isWriteThrough() const
{
    return d_func()->wanted.pipe.writeThrough;
}

/*!
    If \a writeThrough is true, what is written to a client on another computer is not gathered on the way
    (FILE_FLAG_WRITE_THROUGH), from the next listen() on.
*/
void NamedPipeServer::setWriteThrough(bool writeThrough)
{
    d_func()->wanted.pipe.writeThrough = writeThrough;
}

/*!
    Returns whether clients of other computers may connect; false by default.
*/
bool NamedPipeServer::areRemoteClientsAllowed() const
{
    return d_func()->wanted.pipe.remoteClients;
}

/*!
    If \a allowed is true, clients of other computers may connect, as far as securityDescriptor() lets them, from the next listen()
    on. Otherwise they are rejected (PIPE_REJECT_REMOTE_CLIENTS).
*/
void NamedPipeServer::setRemoteClientsAllowed(bool allowed)
{
    d_func()->wanted.pipe.remoteClients = allowed;
}

/*!
    Returns how many bytes the system is asked to keep for the server to read; 65536 by default.
*/
quint32 NamedPipeServer::inputBufferSize() const
{
    return d_func()->wanted.pipe.inputBuffer;
}

/*!
    Returns how many bytes the system is asked to keep for the client to read; 65536 by default.
*/
quint32 NamedPipeServer::outputBufferSize() const
{
    return d_func()->wanted.pipe.outputBuffer;
}

/*!
    Asks the system to keep \a input bytes for the server to read and \a output bytes for the client, from the next listen() on.
    These are hints (CreateNamedPipeW()): the system may take more, and what exceeds it waits in the writing process until there is
    room. With 0 each write waits for a read.
*/
void NamedPipeServer::setBufferSizes(quint32 input, quint32 output)
{
    d_func()->wanted.pipe.inputBuffer = input;
    d_func()->wanted.pipe.outputBuffer = output;
}

/*!
    Returns how long clients wait that leave it to the server; SystemWaitTimeout by default.
*/
std::chrono::milliseconds NamedPipeServer::waitTimeout() const
{
    const quint32 value = d_func()->wanted.pipe.waitTimeout;
    return value == PipeOptions::WaitForever ? WaitForever : std::chrono::milliseconds(value);
}

/*!
    Lets clients that leave it to the server (NMPWAIT_USE_DEFAULT_WAIT, NamedPipe::setServerTimeoutUsed()) wait for an instance for
    \a timeout, from the next listen() on. SystemWaitTimeout, 0, is what Windows takes, 50 milliseconds. WaitForever, or any
    negative time, is no limit.
*/
void NamedPipeServer::setWaitTimeout(std::chrono::milliseconds timeout)
{
    const auto longest = std::chrono::milliseconds(PipeOptions::WaitForever - 1);
    d_func()->wanted.pipe.waitTimeout = timeout.count() < 0 ? PipeOptions::WaitForever : quint32(std::min(timeout, longest).count());
}

/*!
    Returns who may do what with the pipe; nothing, the default, if socketOptions() say that.
*/
std::optional<SecurityDescriptor> NamedPipeServer::securityDescriptor() const
{
    return d_func()->wanted.pipe.security;
}

/*!
    Gives the pipe \a descriptor, from the next listen() on; with nothing, socketOptions() say who may connect, as with every
    LocalServer. listen() fails with OperationError, and the reason, if it is invalid. The user of this process has to be allowed
    to make instances (SecurityDescriptor::CreateInstanceRight), or no second client can be accepted.
*/
void NamedPipeServer::setSecurityDescriptor(const std::optional<SecurityDescriptor> &descriptor)
{
    d_func()->wanted.pipe.security = descriptor;
}

// ---- What each accepted pipe starts with

/*!
    Returns whether child processes may inherit pipes that are accepted; false by default.
*/
bool NamedPipeServer::isInheritable() const
{
    return d_func()->inheritable;
}

/*!
    Gives each pipe that is accepted from now on NamedPipe::isInheritable() as \a inheritable.
*/
void NamedPipeServer::setInheritable(bool inheritable)
{
    d_func()->inheritable = inheritable;
}

/*!
    Returns NamedPipe::maximumMessageSize() of accepted pipes; 16 MiB by default.
*/
qint64 NamedPipeServer::maximumMessageSize() const
{
    return d_func()->maximumMessageSize;
}

/*!
    Gives each pipe that is accepted from now on NamedPipe::maximumMessageSize() as \a size.
*/
void NamedPipeServer::setMaximumMessageSize(qint64 size)
{
    d_func()->maximumMessageSize = std::max<qint64>(0, size);
}

} // namespace InterprocessQt
