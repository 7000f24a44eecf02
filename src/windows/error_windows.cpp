// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "stream/error_p.h"

#include "syscalls_p.h"

#include <QtCore/qstring.h>

namespace InterprocessQt
{

QString nativeErrorText(int native)
{
    return sys::errorText(DWORD(native));
}

// System Error Codes of Microsoft's documentation (winerror.h); what a named pipe makes of each is said where it happens.
StreamDevice::Error errorFromNative(int native)
{
    switch (DWORD(native)) {
    case ERROR_BROKEN_PIPE: // nobody is at the other end any more, and everything has been read
    case ERROR_NO_DATA: // the same, on writing
    case ERROR_PIPE_NOT_CONNECTED: // the server has taken it away
    case ERROR_PIPE_LISTENING: // a server's end that nobody has connected to
    case ERROR_NETNAME_DELETED:
        return StreamDevice::PeerClosedError;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_BAD_NETPATH:
    case ERROR_FILENAME_EXCED_RANGE:
        return StreamDevice::ServerNotFoundError;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
    case ERROR_LOGON_FAILURE:
    case ERROR_CANNOT_IMPERSONATE:
        return StreamDevice::SocketAccessError;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_MAX_THRDS_REACHED:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_NONPAGED_SYSTEM_RESOURCES:
    case ERROR_PAGED_SYSTEM_RESOURCES:
    case ERROR_WORKING_SET_QUOTA:
    case ERROR_NOT_ENOUGH_QUOTA:
    case ERROR_COMMITMENT_LIMIT:
    case ERROR_DISK_FULL:
        return StreamDevice::SocketResourceError;
    case ERROR_PIPE_BUSY: // all instances of the server are in use
    case ERROR_SEM_TIMEOUT:
    case WAIT_TIMEOUT:
        return StreamDevice::SocketTimeoutError;
    case ERROR_MORE_DATA:
        return StreamDevice::DatagramTooLargeError;
    case ERROR_CALL_NOT_IMPLEMENTED:
    case ERROR_NOT_SUPPORTED:
    case ERROR_INVALID_FUNCTION:
    case ERROR_BAD_PIPE: // not a pipe, or not of that kind
        return StreamDevice::UnsupportedSocketOperationError;
    case ERROR_INVALID_HANDLE:
    case ERROR_INVALID_PARAMETER:
    case ERROR_PIPE_CONNECTED:
        return StreamDevice::OperationError;
    case ERROR_OPERATION_ABORTED:
    case ERROR_IO_DEVICE:
    case ERROR_UNEXP_NET_ERR:
        return StreamDevice::ConnectionError;
    default:
        return StreamDevice::UnknownSocketError;
    }
}

} // namespace InterprocessQt
