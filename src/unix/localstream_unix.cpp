// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "socketname_p.h"
#include "syscalls_p.h"
#include "unixstreamio_p.h"

#include <QtCore/qcoreapplication.h>

#include <cerrno>
#include <utility>

namespace InterprocessQt
{

namespace
{
QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}
int typeOf(LocalKind kind)
{
    return kind == LocalKind::Packets ? SOCK_SEQPACKET : SOCK_STREAM;
}
} // namespace

std::unique_ptr<StreamIo> makeLocalStream(NativeHandle handle, StreamIoClient &client)
{
    return std::make_unique<UnixStreamIo>(std::move(handle), client);
}

ConnectResult tryConnect(const Address &address, LocalKind kind)
{
    const QString operation = tr("connect to %1").arg(address.nativeName());
    NativeHandle handle(sys::socket(typeOf(kind)));
    if (!handle)
        return {ConnectResult::Failed, {}, systemError(errno, operation)};
    const SocketName name(address);
    if (sys::connect(int(handle.get()), name.data(), name.length) == 0)
        return {ConnectResult::Connected, std::move(handle), {}};

    const int error = errno;
    switch (error) {
    case EAGAIN: // the backlog is full, and nothing was queued: poll() would not tell when there is room (connect(2))
    case EINTR: // what became of the attempt cannot be known; a new socket starts a new one
    case EINPROGRESS: // as EAGAIN, on systems that say it so
        return {ConnectResult::Busy, {}, systemError(EAGAIN, operation)};
    default:
        return {ConnectResult::Failed, {}, systemError(error, operation)};
    }
}

std::optional<ErrorInfo> prepareForeignStream(NativeHandle::Type handle, LocalKind kind)
{
    const int fd = int(handle);
    const QString operation = tr("use descriptor %1 as a local socket").arg(fd);
    sockaddr_storage name = {};
    socklen_t length = sizeof name;
    if (sys::socketName(fd, reinterpret_cast<sockaddr *>(&name), &length) == -1)
        return systemError(errno, operation);
    int type = 0;
    length = sizeof type;
    if (sys::socketOption(fd, SOL_SOCKET, SO_TYPE, &type, &length) == -1)
        return systemError(errno, operation);
    // A stream device over anything else would lose the boundaries of its messages.
    if (name.ss_family != AF_UNIX || type != typeOf(kind)) {
        const QString wanted = QLatin1String(kind == LocalKind::Packets ? "SOCK_SEQPACKET" : "SOCK_STREAM");
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, operation + tr(": it is not a Unix domain socket of type %1").arg(wanted)};
    }
    // One that is not would never become readable, or fail only then. A peer that has gone is still one on Linux.
    length = sizeof name;
    if (sys::peerName(fd, reinterpret_cast<sockaddr *>(&name), &length) == -1)
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, errno, operation + tr(": it is not connected")};
    if (sys::prepare(fd) == -1)
        return systemError(errno, operation);
    return {};
}

std::optional<ErrorInfo> makeStreamPair(NativeHandle &first, NativeHandle &second, LocalKind kind)
{
    int descriptors[2];
    if (sys::socketPair(typeOf(kind), descriptors) == -1)
        return systemError(errno, tr("make a pair of sockets"));
    first.reset(descriptors[0]);
    second.reset(descriptors[1]);
    return {};
}

} // namespace InterprocessQt
