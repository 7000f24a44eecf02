// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipe/pipebackend_p.h"

#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

namespace
{
PipeStream unsupported()
{
    return {nullptr,
            {StreamDevice::UnsupportedSocketOperationError,
             0,
             QCoreApplication::translate("InterprocessQt::Pipe", "Pipes and standard streams are not supported on Windows yet")}};
}
} // namespace

PipeStream openPipeStream(NativeHandle &, PipeDirection, StreamIoClient &)
{
    return unsupported();
}

PipeStream openStandardStream(StandardStream, StreamIoClient &)
{
    return unsupported();
}

int makePipe(NativeHandle &, NativeHandle &)
{
    return ERROR_NOT_SUPPORTED;
}

qint64 pipeCapacity(NativeHandle::Type)
{
    return -1;
}

int setPipeCapacity(NativeHandle::Type, qint64)
{
    return ERROR_NOT_SUPPORTED;
}

bool isTerminalHandle(NativeHandle::Type handle)
{
    return sys::isConsole(handle);
}

NativeHandle releasePipeHandle(StreamIo &)
{
    return {};
}

} // namespace InterprocessQt
