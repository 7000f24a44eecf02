// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_pipe_p.h"

namespace InterprocessQt::sys
{

DWORD createPipe(const wchar_t *name, const PipeParameters &parameters, SECURITY_ATTRIBUTES *security, NativeHandle &pipe) noexcept
{
    const HANDLE created = CreateNamedPipeW(name,
                                            parameters.openMode | (parameters.isOverlapped ? FILE_FLAG_OVERLAPPED : 0),
                                            parameters.pipeMode,
                                            parameters.instances,
                                            parameters.outputBuffer,
                                            parameters.inputBuffer,
                                            parameters.waitTimeout,
                                            security);
    const DWORD error = result(created != INVALID_HANDLE_VALUE);
    if (error == NoError)
        pipe.reset(generic(created));
    return error;
}

QString foldedName(const QString &name)
{
    // One character for each, as with names of files, which is what it does unless it is asked for LCMAP_LINGUISTIC_CASING (Microsoft,
    // LCMapStringEx()). QString::toUpper() makes two of some, and others alike that are not for the system.
    QString folded(name.size(), Qt::Uninitialized);
    const auto *const from = reinterpret_cast<const wchar_t *>(name.utf16());
    const auto size = int(name.size());
    const int done = LCMapStringEx(LOCALE_NAME_INVARIANT, LCMAP_UPPERCASE, from, size, reinterpret_cast<wchar_t *>(folded.data()), size, nullptr, nullptr, 0);
    return done == size ? folded : name;
}

DWORD waitForPipe(const wchar_t *name, DWORD timeout) noexcept
{
    return result(WaitNamedPipeW(name, timeout));
}

DWORD markName(const wchar_t *name, NativeHandle &mark) noexcept
{
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, name);
    const DWORD error = GetLastError(); // also of one that has been opened and not made
    if (!event)
        return error;
    NativeHandle made(generic(event));
    if (error == ERROR_ALREADY_EXISTS)
        return error;
    mark = std::move(made);
    return NoError;
}

DWORD setPipeMode(HANDLE pipe, DWORD mode) noexcept
{
    DWORD wanted = mode | PIPE_WAIT;
    const DWORD error = result(SetNamedPipeHandleState(pipe, &wanted, nullptr, nullptr));
    // It takes a right to write, at least attributes, which the server's end of an inbound pipe has not; but may have that mode already.
    DWORD present = 0;
    if (error == ERROR_ACCESS_DENIED && GetNamedPipeHandleState(pipe, &present, nullptr, nullptr, nullptr, nullptr, 0)
        && (present & (PIPE_READMODE_MESSAGE | PIPE_NOWAIT)) == wanted)
        return NoError;
    return error;
}

DWORD bytesLeftInMessage(HANDLE pipe, DWORD &bytes) noexcept
{
    return result(PeekNamedPipe(pipe, nullptr, 0, nullptr, nullptr, &bytes));
}

DWORD flush(HANDLE pipe) noexcept
{
    return result(FlushFileBuffers(pipe));
}

DWORD disconnectPipe(HANDLE pipe) noexcept
{
    return result(DisconnectNamedPipe(pipe));
}

DWORD processOfEnd(HANDLE pipe, bool server, DWORD &pid) noexcept
{
    return result(server ? GetNamedPipeServerProcessId(pipe, &pid) : GetNamedPipeClientProcessId(pipe, &pid));
}

DWORD sessionOfEnd(HANDLE pipe, bool server, DWORD &session) noexcept
{
    return result(server ? GetNamedPipeServerSessionId(pipe, &session) : GetNamedPipeClientSessionId(pipe, &session));
}

DWORD impersonateClient(HANDLE pipe) noexcept
{
    return result(ImpersonateNamedPipeClient(pipe));
}

DWORD revertToSelf() noexcept
{
    return result(RevertToSelf());
}

DWORD currentThreadId() noexcept
{
    return GetCurrentThreadId();
}

NativeHandle handleOfThread() noexcept
{
    NativeHandle copy;
    static_cast<void>(duplicate(generic(GetCurrentThread()), copy)); // that is a pseudo handle, which others cannot use
    return copy;
}

bool cancelCallOfThread(const NativeHandle &thread) noexcept
{
    return CancelSynchronousIo(native(thread.get()));
}

} // namespace InterprocessQt::sys
