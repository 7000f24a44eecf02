// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include "pipename_p.h"
#include "pipesecurity_p.h"
#include "pipestream_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/quuid.h>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}

// Not GENERIC_WRITE, which includes the right to make instances of the pipe: a server need not give that to its clients.
constexpr DWORD ClientAccess = FILE_GENERIC_READ | (FILE_GENERIC_WRITE & ~FILE_APPEND_DATA);
// Whoever has the name may ask who we are, but not act in our name.
constexpr DWORD ClientFlags = SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;

// Bytes can be read from such a pipe, too, but the boundaries, which mean something to the peer, would be lost; and each write would
// be a message to it.
bool carriesMessages(HANDLE pipe)
{
    sys::PipeInfo info;
    return sys::pipeInfo(pipe, info) == sys::NoError && (info.flags & PIPE_TYPE_MESSAGE);
}

// Packets are messages, and are read one by one; on a pipe of bytes there are none.
std::optional<ErrorInfo> prepareForPackets(HANDLE pipe, const QString &operation)
{
    sys::PipeInfo info;
    if (const DWORD error = sys::pipeInfo(pipe, info))
        return systemError(int(error), operation);
    if (!(info.flags & PIPE_TYPE_MESSAGE))
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, operation + tr(": the pipe carries bytes, not messages")};
    if (const DWORD error = sys::setPipeMode(pipe, PIPE_READMODE_MESSAGE))
        return systemError(int(error), operation);
    return {};
}

} // namespace

std::unique_ptr<StreamIo> makeLocalStream(NativeHandle handle, StreamIoClient &client)
{
    return std::make_unique<PipeStreamIo>(std::move(handle), client);
}

ConnectResult tryConnect(const Address &address, LocalKind kind)
{
    NativeHandle pipe;
    const std::wstring name = pipeNameOf(address);
    const QString operation = tr("connect to %1").arg(address.nativeName());
    const DWORD error = sys::openPipe(name.c_str(), ClientAccess, ClientFlags, pipe);
    switch (error) {
    case sys::NoError:
        if (kind == LocalKind::Packets) {
            if (const auto flaw = prepareForPackets(sys::native(pipe.get()), operation))
                return {ConnectResult::Failed, {}, *flaw};
        } else if (carriesMessages(sys::native(pipe.get()))) {
            const QString text = operation + tr(": the pipe carries messages, not bytes");
            return {ConnectResult::Failed, {}, {StreamDevice::UnsupportedSocketOperationError, 0, text}};
        }
        return {ConnectResult::Connected, std::move(pipe), {}};
    case ERROR_PIPE_BUSY: // all instances are taken, and WaitNamedPipe() would block
        return {ConnectResult::Busy, {}, systemError(int(error), operation)};
    default:
        return {ConnectResult::Failed, {}, systemError(int(error), operation)};
    }
}

std::optional<ErrorInfo> prepareForeignStream(NativeHandle::Type handle, LocalKind kind)
{
    const HANDLE pipe = sys::native(handle);
    const QString operation = tr("use handle %1 as a local socket").arg(handle);
    const auto unsupported = [&operation](const QString &reason) {
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, operation + QLatin1String(": ") + reason};
    };
    if (!sys::isOpen(handle))
        return systemError(ERROR_INVALID_HANDLE, operation);
    sys::PipeInfo info;
    if (!sys::isPipe(pipe) || sys::pipeInfo(pipe, info) != sys::NoError)
        return unsupported(tr("it is not a named pipe"));
    // A stream device would lose the boundaries of its messages.
    if (kind == LocalKind::Stream && (info.flags & PIPE_TYPE_MESSAGE))
        return unsupported(tr("it is a pipe of messages"));
    // Reading one that is not would keep the thread until something comes, and writing until that is over.
    if (!sys::isOverlapped(pipe).value_or(true))
        return unsupported(tr("it was not opened with FILE_FLAG_OVERLAPPED"));
    // One whose peer has gone is still one: there may be something to read, and if not, that is the end.
    if ((info.flags & PIPE_SERVER_END) && !sys::hasPipePeer(pipe))
        return unsupported(tr("it is not connected"));
    if (kind == LocalKind::Packets) {
        if (auto flaw = prepareForPackets(pipe, operation))
            return flaw;
    }
    if (const DWORD error = sys::setInheritable(handle, false))
        return systemError(int(error), operation);
    return {};
}

std::optional<ErrorInfo> makeStreamPair(NativeHandle &first, NativeHandle &second, LocalKind kind)
{
    const QString operation = tr("make a pair of sockets");
    // A name that nobody can know, which is gone as soon as both ends have one another: there is one instance.
    const QString name = PipePrefix + QLatin1String("interprocessqt-pair-") + QUuid::createUuid().toString(QUuid::Id128);
    PipeSecurity security;
    if (const DWORD error = security.set(LocalServer::UserAccessOption))
        return systemError(int(error), operation);
    NativeHandle server;
    NativeHandle client;
    const std::wstring text = name.toStdWString();
    const DWORD type = kind == LocalKind::Packets ? PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE : PIPE_TYPE_BYTE;
    DWORD error = sys::createPipe(text.c_str(),
                                  PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                  type | PIPE_REJECT_REMOTE_CLIENTS,
                                  1,
                                  PipeStreamIo::BlockSize,
                                  security.attributes(),
                                  server);
    if (error == sys::NoError)
        error = sys::openPipe(text.c_str(), ClientAccess, ClientFlags, client);
    if (error != sys::NoError)
        return systemError(int(error), operation);
    if (kind == LocalKind::Packets) {
        if (auto flaw = prepareForPackets(sys::native(client.get()), operation))
            return flaw;
    }
    first = std::move(server);
    second = std::move(client);
    return {};
}

bool removeLocalName(const Address &)
{
    return true; // a pipe is gone with the process that made it
}

} // namespace InterprocessQt
