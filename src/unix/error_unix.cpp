// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "stream/error_p.h"

#include <QtCore/qstring.h>

#include <cerrno>
#include <system_error>

namespace InterprocessQt
{

QString nativeErrorText(int native)
{
    // Unlike strerror(), safe with threads everywhere.
    return QString::fromStdString(std::generic_category().message(native));
}

StreamDevice::Error errorFromNative(int native)
{
    switch (native) {
    case ECONNREFUSED:
        return StreamDevice::ConnectionRefusedError;
    case ECONNRESET:
    case EPIPE:
    case ENOTCONN:
        return StreamDevice::PeerClosedError;
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP:
    case EROFS:
    case EADDRNOTAVAIL:
        return StreamDevice::ServerNotFoundError;
    case EACCES:
    case EPERM:
        return StreamDevice::SocketAccessError;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case ETOOMANYREFS: // descriptors under way (unix(7))
    case ENOSPC:
    case EBUSY: // less than is in use (F_SETPIPE_SZ of fcntl(2))
        return StreamDevice::SocketResourceError;
    case ETIMEDOUT:
    case EAGAIN:
        return StreamDevice::SocketTimeoutError;
    case EMSGSIZE:
        return StreamDevice::DatagramTooLargeError;
    case EPROTOTYPE:
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
    case ENOTSOCK:
    case ENOSYS:
        return StreamDevice::UnsupportedSocketOperationError;
    case EINPROGRESS:
    case EALREADY:
    case EISCONN:
    case EINVAL:
    case EBADF:
        return StreamDevice::OperationError;
    case EIO:
    case ENETDOWN:
    case ECONNABORTED:
        return StreamDevice::ConnectionError;
    default:
        return StreamDevice::UnknownSocketError;
    }
}

} // namespace InterprocessQt
