// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

namespace
{
ErrorInfo unsupported()
{
    return {StreamDevice::UnsupportedSocketOperationError,
            0,
            QCoreApplication::translate("InterprocessQt::LocalSocket", "Local sockets are not supported on Windows yet")};
}
} // namespace

std::unique_ptr<StreamIo> makeLocalStream(NativeHandle, StreamIoClient &)
{
    return nullptr;
}

ConnectResult tryConnect(const Address &, LocalKind)
{
    return {ConnectResult::Failed, {}, unsupported()};
}

std::optional<ErrorInfo> prepareForeignStream(NativeHandle::Type, LocalKind)
{
    return unsupported();
}

std::optional<ErrorInfo> makeStreamPair(NativeHandle &, NativeHandle &, LocalKind)
{
    return unsupported();
}

bool removeLocalName(const Address &)
{
    // A pipe is gone with the process that made it.
    return true;
}

} // namespace InterprocessQt
