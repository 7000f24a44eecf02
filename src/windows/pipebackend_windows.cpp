// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipe/pipebackend_p.h"

#include "blockingio_p.h"
#include "filewriteio_p.h"
#include "pipeendio_p.h"
#include "pipename_p.h"
#include "pipesecurity_p.h"
#include "syscalls_handle_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/quuid.h>

#include <algorithm>
#include <limits>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Pipe", text);
}

using sys::HandleKind;
using Sharing = PipeStreamIo::Sharing;

PipeStream refuse(const QString &operation, const QString &reason)
{
    return {nullptr, {StreamDevice::UnsupportedSocketOperationError, 0, operation + QLatin1String(": ") + reason}};
}

std::unique_ptr<BlockingDevice> deviceFor(NativeHandle handle, HandleKind kind, PipeDirection direction)
{
    const bool isConsole = kind == HandleKind::Console;
    if (direction == PipeDirection::Writing)
        return isConsole ? makeConsoleWriteDevice(std::move(handle)) : makeWriteDevice(std::move(handle));
    if (isConsole)
        return makeConsoleReadDevice(std::move(handle));
    return kind == HandleKind::Pipe ? makePipeReadDevice(std::move(handle)) : makeFileReadDevice(std::move(handle));
}

template<typename Io, typename... Arguments>
std::unique_ptr<StreamIo> makeIo(bool isConsole, qint64 capacity, Arguments &&...arguments)
{
    auto io = std::make_unique<Io>(std::forward<Arguments>(arguments)...);
    io->isConsole = isConsole;
    io->capacity = capacity;
    return io;
}

PipeStream openStream(NativeHandle &handle, PipeDirection direction, Sharing sharing, const QString &operation, StreamIoClient &client)
{
    const HANDLE native = sys::native(handle.get());
    sys::HandleAccess access;
    if (const DWORD error = sys::handleAccess(native, access))
        return {nullptr, systemError(int(error), operation)};
    const HandleKind kind = sys::handleKind(native);
    const bool isReader = direction == PipeDirection::Reading;
    switch (kind) {
    case HandleKind::Unknown:
        return refuse(operation, tr("it is nothing that can be read from or written to"));
    case HandleKind::Directory:
        return {nullptr, {StreamDevice::UnsupportedSocketOperationError, ERROR_DIRECTORY, operation + tr(": it is a directory")}};
    case HandleKind::Socket:
        return refuse(operation, tr("it is a socket"));
    default:
        break;
    }
    if (!(isReader ? access.reading : access.writing))
        return refuse(operation, tr("it is open for the other direction only"));
    const bool isOverlapped = sys::isOverlapped(native).value_or(false);
    if (isOverlapped && kind != HandleKind::Pipe)
        return refuse(operation, tr("it was opened with FILE_FLAG_OVERLAPPED, and is no pipe"));
    if (const DWORD error = sys::setInheritable(handle.get(), false))
        return {nullptr, systemError(int(error), operation)};

    DWORD size = 0;
    const qint64 capacity = kind == HandleKind::Pipe && sys::pipeBufferSize(native, size) == sys::NoError ? qint64(size) : -1;
    const bool isConsole = kind == HandleKind::Console;
    if (isOverlapped && isReader)
        return {makeIo<PipeReadIo>(false, capacity, std::move(handle), sharing, client), {}};
    if (isOverlapped)
        return {makeIo<PipeWriteIo>(false, capacity, std::move(handle), sharing, client), {}};
    if (kind == HandleKind::File && !isReader)
        return {makeIo<FileWriteIo>(false, -1, std::move(handle)), {}};
    auto device = deviceFor(std::move(handle), kind, direction);
    if (isReader)
        return {makeIo<BlockingReadIo>(isConsole, capacity, std::move(device), client), {}};
    return {makeIo<BlockingWriteIo>(isConsole, capacity, std::move(device), client), {}};
}

PipeEnd &endOf(StreamIo &io)
{
    return dynamic_cast<PipeEnd &>(io);
}

const PipeEnd &endOf(const StreamIo &io)
{
    return dynamic_cast<const PipeEnd &>(io);
}

} // namespace

PipeStream openPipeStream(NativeHandle &handle, PipeDirection direction, StreamIoClient &client)
{
    const QString operation = direction == PipeDirection::Reading ? tr("read from handle %1") : tr("write to handle %1");
    return openStream(handle, direction, Sharing::None, operation.arg(handle.get()), client);
}

PipeStream openStandardStream(StandardStream stream, StreamIoClient &client)
{
    const PipeDirection direction = stream == StandardStream::Input ? PipeDirection::Reading : PipeDirection::Writing;
    const QString name = stream == StandardStream::Input ? tr("standard input")
        : stream == StandardStream::Output               ? tr("standard output")
                                                         : tr("standard error");
    const QString operation = tr("open %1").arg(name);
    const DWORD which = stream == StandardStream::Input ? STD_INPUT_HANDLE : stream == StandardStream::Output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE;
    HANDLE shared = nullptr;
    NativeHandle copy;
    DWORD error = sys::standardHandle(which, shared);
    if (error == sys::NoError)
        error = sys::duplicate(sys::generic(shared), copy);
    if (error != sys::NoError)
        return {nullptr, systemError(int(error), operation)};
    return openStream(copy, direction, Sharing::Possible, operation, client);
}

// CreatePipe() makes pipes that know no overlapped operations. This one has a name, which nobody can know before it is made, and
// nobody can use after: there is one instance, and both ends of it are taken at once.
int makePipe(const Pipe::Options &options, NativeHandle &reader, NativeHandle &writer)
{
    const QString name = PipePrefix + QLatin1String("interprocessqt-pipe-") + QUuid::createUuid().toString(QUuid::Id128);
    PipeSecurity security;
    if (const DWORD error = security.set(LocalServer::UserAccessOption))
        return int(error);
    sys::PipeParameters parameters;
    parameters.openMode = PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE;
    parameters.pipeMode = PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS;
    parameters.instances = 1;
    parameters.inputBuffer = options.capacity > 0 ? DWORD(std::min<qint64>(options.capacity, std::numeric_limits<int>::max())) : DWORD(PipeStreamIo::BlockSize);
    parameters.isOverlapped = !options.blockingReader;
    NativeHandle input;
    NativeHandle output;
    const std::wstring text = name.toStdWString();
    DWORD error = sys::createPipe(text.c_str(), parameters, security.attributes(), input);
    if (error == sys::NoError) {
        // With the right to ask for its size. The reader must not act in our name, should it be handed to another user's process.
        const DWORD flags = SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS | (options.blockingWriter ? 0 : FILE_FLAG_OVERLAPPED);
        error = sys::openPipeEnd(text.c_str(), GENERIC_WRITE | FILE_READ_ATTRIBUTES, flags, output);
    }
    if (error != sys::NoError)
        return int(error);
    reader = std::move(input);
    writer = std::move(output);
    return 0;
}

qint64 pipeCapacity(const StreamIo &io)
{
    return endOf(io).capacity;
}

int setPipeCapacity(StreamIo &, qint64)
{
    return ERROR_NOT_SUPPORTED; // it is fixed when a pipe is made
}

bool isTerminal(const StreamIo &io)
{
    return endOf(io).isConsole;
}

NativeHandle releasePipeHandle(StreamIo &io)
{
    return endOf(io).release();
}

} // namespace InterprocessQt
