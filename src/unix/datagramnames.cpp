// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixdatagramsocket_p.h"

#include "interprocessqt_config.h"
#include "socketname_p.h"
#include "syscalls_p.h"

#include <QtCore/quuid.h>

#include <cerrno>

namespace InterprocessQt
{

namespace
{

struct NameBuffer {
    sockaddr_un name;
    char nul; // a path may fill all of sun_path
};

Address ownName(int fd)
{
    NameBuffer own = {};
    socklen_t length = sizeof own;
    if (sys::socketName(fd, reinterpret_cast<sockaddr *>(&own), &length) == -1)
        return {};
    return addressOfSocketName(own.name, length);
}

} // namespace

// ---- The own name

bool UnixDatagramSocketPrivate::bind(const Address &address, const LocalListener::Options &options)
{
    clearError();
    if (!address.isValid())
        return fail({StreamDevice::ServerNotFoundError, 0, UnixDatagramSocket::tr("bind: %1").arg(address.errorString())});
    if (const Address present = q->localAddress(); present.isValid()) {
        return fail({StreamDevice::OperationError,
                     EINVAL,
                     UnixDatagramSocket::tr("bind to %1: the socket has the name %2 already").arg(address.nativeName(), present.nativeName())});
    }
    const bool wasOpen = descriptor.isValid();
    if (!open())
        return false;
    if (const auto flaw = name.bind(fd(), address, options)) {
        if (!wasOpen)
            close();
        return fail(*flaw);
    }
    local = address;
    return true;
}

bool UnixDatagramSocketPrivate::bindAnywhere()
{
#if HAVE_LINUX_AUTOBIND
    clearError();
    const QString operation = UnixDatagramSocket::tr("bind to a name of the system's choice");
    if (const Address present = q->localAddress(); present.isValid()) {
        return fail(
            {StreamDevice::OperationError, EINVAL, operation + UnixDatagramSocket::tr(": the socket has the name %1 already").arg(present.nativeName())});
    }
    const bool wasOpen = descriptor.isValid();
    if (!open())
        return false;
    // A name of no length: the kernel finds a free one of five hexadecimal digits (unix(7)).
    sockaddr family = {};
    family.sa_family = AF_UNIX;
    if (sys::bind(fd(), &family, sizeof family.sa_family) == -1) {
        const ErrorInfo flaw = systemError(errno, operation);
        if (!wasOpen)
            close();
        return fail(flaw);
    }
    return true;
#else
    const QString unique = QStringLiteral("datagram-") + QUuid::createUuid().toString(QUuid::Id128).left(16);
    return bind(Address::runtime(unique), {LocalServer::NoOptions, LocalServer::NamePolicy::Exclusive, 0});
#endif
}

Address UnixDatagramSocket::localAddress() const
{
    if (!d->descriptor)
        return {};
    return d->local.isValid() ? d->local : ownName(d->fd());
}

// ---- The destination

bool UnixDatagramSocketPrivate::connectTo(const Address &address)
{
    clearError();
    if (!address.isValid())
        return fail({StreamDevice::ServerNotFoundError, 0, UnixDatagramSocket::tr("connect: %1").arg(address.errorString())});
    if (!open())
        return false;
    const SocketName where(address);
    if (sys::connect(fd(), where.data(), where.length) == -1)
        return fail(systemError(errno, UnixDatagramSocket::tr("connect to %1").arg(address.nativeName())));
    leavePeer();
    connected = true;
    peer = address;
    schedule();
    return true;
}

void UnixDatagramSocketPrivate::disconnectFromPeer()
{
    if (!connected)
        return;
    // connect(2): AF_UNSPEC dissolves the association. Some systems do that and say EAFNOSUPPORT or EINVAL all the same.
    sockaddr nowhere = {};
    nowhere.sa_family = AF_UNSPEC;
    static_cast<void>(sys::connect(fd(), &nowhere, sizeof nowhere));
    leavePeer();
    connected = false;
    peer = Address();
    schedule();
}

void UnixDatagramSocketPrivate::peerLost()
{
    if (!connected)
        return;
    NameBuffer other = {};
    socklen_t length = sizeof other;
    if (sys::peerName(fd(), reinterpret_cast<sockaddr *>(&other), &length) == 0 || errno != ENOTCONN)
        return;
    connected = false;
    peer = Address();
}

} // namespace InterprocessQt
