// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_p.h"

#include <sddl.h>

namespace InterprocessQt::sys
{

namespace
{
[[nodiscard]] DWORD result(BOOL done) noexcept
{
    return done ? NoError : GetLastError();
}
} // namespace

QString errorText(DWORD error)
{
    wchar_t *text = nullptr;
    const DWORD length = FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                        nullptr,
                                        error,
                                        0,
                                        reinterpret_cast<wchar_t *>(&text),
                                        0,
                                        nullptr);
    // Ends with a line break, and with a full stop that would stand in the middle of a sentence of ours.
    QString said = QString::fromWCharArray(text, qsizetype(length)).trimmed();
    LocalFree(text);
    if (said.endsWith(QLatin1Char('.')))
        said.chop(1);
    return said.isEmpty() ? QStringLiteral("Windows error %1").arg(error) : said;
}

// ---- Handles

void close(NativeHandle::Type handle) noexcept
{
    CloseHandle(native(handle));
}

DWORD duplicate(NativeHandle::Type handle, NativeHandle &copy) noexcept
{
    HANDLE duplicated = nullptr;
    const HANDLE process = GetCurrentProcess();
    const DWORD error = result(DuplicateHandle(process, native(handle), process, &duplicated, 0, FALSE, DUPLICATE_SAME_ACCESS));
    if (error == NoError)
        copy.reset(generic(duplicated));
    return error;
}

bool isOpen(NativeHandle::Type handle) noexcept
{
    DWORD flags = 0;
    return handle != NativeHandle::Invalid && GetHandleInformation(native(handle), &flags);
}

DWORD setInheritable(NativeHandle::Type handle, bool inheritable) noexcept
{
    return result(SetHandleInformation(native(handle), HANDLE_FLAG_INHERIT, inheritable ? HANDLE_FLAG_INHERIT : 0));
}

bool isConsole(NativeHandle::Type handle) noexcept
{
    DWORD mode = 0;
    return GetConsoleMode(native(handle), &mode);
}

// ---- Processes and users

DWORD currentProcessId() noexcept
{
    return GetCurrentProcessId();
}

std::optional<DWORD> sessionOfProcess(DWORD pid) noexcept
{
    DWORD session = 0;
    if (!ProcessIdToSessionId(pid, &session))
        return {};
    return session;
}

DWORD openProcess(DWORD pid, DWORD access, NativeHandle &process) noexcept
{
    const HANDLE opened = OpenProcess(access, FALSE, pid);
    const DWORD error = result(opened != nullptr);
    if (error == NoError)
        process.reset(generic(opened));
    return error;
}

DWORD userOfProcess(HANDLE process, QByteArray &sid) noexcept
{
    HANDLE token = nullptr;
    if (const DWORD error = result(OpenProcessToken(process, TOKEN_QUERY, &token)))
        return error;
    // A SID has a largest size, so that one call is enough.
    alignas(TOKEN_USER) char buffer[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    DWORD size = 0;
    const DWORD error = result(GetTokenInformation(token, TokenUser, buffer, sizeof buffer, &size));
    CloseHandle(token);
    if (error == NoError) {
        const PSID user = reinterpret_cast<const TOKEN_USER *>(buffer)->User.Sid;
        sid = QByteArray(static_cast<const char *>(user), qsizetype(GetLengthSid(user)));
    }
    return error;
}

QString sidText(const QByteArray &sid)
{
    wchar_t *text = nullptr;
    if (sid.isEmpty() || !ConvertSidToStringSidW(const_cast<char *>(sid.constData()), &text))
        return {};
    const QString written = QString::fromWCharArray(text);
    LocalFree(text);
    return written;
}

// ---- Pipes

DWORD pipeInfo(HANDLE pipe, PipeInfo &info) noexcept
{
    return result(GetNamedPipeInfo(pipe, &info.flags, nullptr, nullptr, &info.instances));
}

DWORD peerOfPipe(HANDLE pipe, bool isServerEnd, DWORD &pid) noexcept
{
    return result(isServerEnd ? GetNamedPipeClientProcessId(pipe, &pid) : GetNamedPipeServerProcessId(pipe, &pid));
}

bool isPipeConnected(HANDLE pipe) noexcept
{
    return PeekNamedPipe(pipe, nullptr, 0, nullptr, nullptr, nullptr);
}

DWORD sessionOfPeer(HANDLE pipe, bool isServerEnd, DWORD &session) noexcept
{
    return result(isServerEnd ? GetNamedPipeClientSessionId(pipe, &session) : GetNamedPipeServerSessionId(pipe, &session));
}

} // namespace InterprocessQt::sys
