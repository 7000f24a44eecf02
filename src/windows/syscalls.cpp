// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_p.h"

#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <cerrno>
#include <process.h>

namespace InterprocessQt::sys
{

namespace
{
template<typename Information, typename Function>
DWORD sidOfProcess(HANDLE process, TOKEN_INFORMATION_CLASS which, QByteArray &sid, Function find) noexcept
{
    HANDLE token = nullptr;
    if (const DWORD error = result(OpenProcessToken(process, TOKEN_QUERY, &token)))
        return error;
    // A SID has a largest size, so that one call is enough.
    alignas(Information) char buffer[sizeof(Information) + SECURITY_MAX_SID_SIZE];
    DWORD size = 0;
    const DWORD error = result(GetTokenInformation(token, which, buffer, sizeof buffer, &size));
    CloseHandle(token);
    if (error == NoError) {
        const PSID found = find(*reinterpret_cast<const Information *>(buffer));
        sid = QByteArray(static_cast<const char *>(found), qsizetype(GetLengthSid(found)));
    }
    return error;
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

// ---- Overlapped operations

HANDLE createEvent() noexcept
{
    return CreateEventW(nullptr, TRUE, FALSE, nullptr);
}

void setEvent(HANDLE event) noexcept
{
    SetEvent(event);
}

void resetEvent(HANDLE event) noexcept
{
    ResetEvent(event);
}

HANDLE createCompletionPort() noexcept
{
    return CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1);
}

void joinCompletionPort(HANDLE handle, HANDLE port) noexcept
{
    CreateIoCompletionPort(handle, port, 0, 0);
}

DWORD readFile(HANDLE handle, void *data, DWORD size, OVERLAPPED *overlapped) noexcept
{
    return result(ReadFile(handle, data, size, nullptr, overlapped));
}

DWORD writeFile(HANDLE handle, const void *data, DWORD size, OVERLAPPED *overlapped) noexcept
{
    return result(WriteFile(handle, data, size, nullptr, overlapped));
}

DWORD cancel(HANDLE handle, OVERLAPPED &overlapped) noexcept
{
    return result(CancelIoEx(handle, &overlapped));
}

DWORD overlappedResult(HANDLE handle, HANDLE event, OVERLAPPED &overlapped, DWORD &bytes) noexcept
{
    // GetOverlappedResult() would wait for the event that the OVERLAPPED names, whose lowest bit is not part of the handle. And it
    // would take the event for the end, see resetEarlyEvent().
    while (!HasOverlappedIoCompleted(&overlapped)) {
        WaitForSingleObject(event, INFINITE);
        resetEarlyEvent(event, overlapped);
    }
    return result(GetOverlappedResult(handle, &overlapped, &bytes, FALSE));
}

void resetEarlyEvent(HANDLE event, const OVERLAPPED &overlapped) noexcept
{
    if (HasOverlappedIoCompleted(&overlapped))
        return;
    ResetEvent(event);
    if (HasOverlappedIoCompleted(&overlapped)) // just now: that event may have been the right one
        SetEvent(event);
}

DWORD waitForAny(const HANDLE *handles, DWORD count, QDeadlineTimer deadline) noexcept
{
    for (;;) {
        // Rounded up: a wait of half a millisecond must not become a loop of waits of none.
        const qint64 left = deadline.isForever() ? INFINITE : (deadline.remainingTimeNSecs() + 999'999) / 1'000'000;
        const DWORD msecs = DWORD(std::min<qint64>(left, deadline.isForever() ? INFINITE : INFINITE - 1));
        DWORD ready = WAIT_TIMEOUT;
        if (count == 0)
            Sleep(msecs);
        else
            ready = WaitForMultipleObjects(count, handles, FALSE, msecs);
        if (ready != WAIT_TIMEOUT)
            return ready - WAIT_OBJECT_0;
        if (deadline.hasExpired())
            return TimedOut;
    }
}

// ---- Threads

DWORD startThread(unsigned(__stdcall *function)(void *), void *argument, NativeHandle &thread) noexcept
{
    // Not CreateThread(): the thread calls the C library, which has memory of its own for each.
    const uintptr_t started = _beginthreadex(nullptr, 0, function, argument, 0, nullptr);
    if (started == 0)
        return errno == EAGAIN ? ERROR_MAX_THRDS_REACHED : ERROR_NOT_ENOUGH_MEMORY;
    thread.reset(NativeHandle::Type(started));
    return NoError;
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
    return sidOfProcess<TOKEN_USER>(process, TokenUser, sid, [](const TOKEN_USER &user) {
        return user.User.Sid;
    });
}

DWORD primaryGroupOfProcess(HANDLE process, QByteArray &sid) noexcept
{
    return sidOfProcess<TOKEN_PRIMARY_GROUP>(process, TokenPrimaryGroup, sid, [](const TOKEN_PRIMARY_GROUP &group) {
        return group.PrimaryGroup;
    });
}

DWORD parseSecurityDescriptor(const QString &sddl, void *&descriptor)
{
    return result(ConvertStringSecurityDescriptorToSecurityDescriptorW(reinterpret_cast<const wchar_t *>(sddl.utf16()), SDDL_REVISION_1, &descriptor, nullptr));
}

DWORD setAccess(HANDLE object, void *descriptor) noexcept
{
    return result(SetKernelObjectSecurity(object, DACL_SECURITY_INFORMATION, descriptor));
}

DWORD ownerOfObject(HANDLE object, QByteArray &sid) noexcept
{
    PSID owner = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const DWORD error = GetSecurityInfo(object, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr, nullptr, nullptr, &descriptor);
    if (error == NoError && owner)
        sid = QByteArray(static_cast<const char *>(owner), qsizetype(GetLengthSid(owner)));
    LocalFree(descriptor);
    return error;
}

DWORD ownerOfNewObjects(HANDLE process, QByteArray &sid) noexcept
{
    return sidOfProcess<TOKEN_OWNER>(process, TokenOwner, sid, [](const TOKEN_OWNER &owner) {
        return owner.Owner;
    });
}

void freeSecurityDescriptor(void *descriptor) noexcept
{
    LocalFree(descriptor);
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

DWORD createPipe(const wchar_t *name,
                 DWORD openMode,
                 DWORD pipeMode,
                 DWORD instances,
                 DWORD bufferSize,
                 SECURITY_ATTRIBUTES *security,
                 NativeHandle &pipe) noexcept
{
    const HANDLE created = CreateNamedPipeW(name, openMode | FILE_FLAG_OVERLAPPED, pipeMode, instances, bufferSize, bufferSize, 0, security);
    const DWORD error = result(created != INVALID_HANDLE_VALUE);
    if (error == NoError)
        pipe.reset(generic(created));
    return error;
}

DWORD connectPipe(HANDLE pipe, OVERLAPPED *overlapped) noexcept
{
    return result(ConnectNamedPipe(pipe, overlapped));
}

DWORD openPipe(const wchar_t *name, DWORD access, DWORD flags, NativeHandle &pipe) noexcept
{
    const HANDLE opened = CreateFileW(name, access, 0, nullptr, OPEN_EXISTING, flags | FILE_FLAG_OVERLAPPED, nullptr);
    if (const DWORD error = result(opened != INVALID_HANDLE_VALUE))
        return error;
    // Names are read as paths, which may lead to anything.
    if (GetFileType(opened) != FILE_TYPE_PIPE) {
        CloseHandle(opened);
        return ERROR_BAD_PATHNAME;
    }
    pipe.reset(generic(opened));
    return NoError;
}

PipeState pipeState(const wchar_t *name) noexcept
{
    // Of a name that nobody has it says so at once; else whether there is room, now or within a millisecond.
    if (WaitNamedPipeW(name, 1))
        return PipeState::Listening;
    return GetLastError() == ERROR_SEM_TIMEOUT ? PipeState::Busy : PipeState::Free;
}

bool isPipe(HANDLE handle) noexcept
{
    PipeInfo info;
    return GetFileType(handle) == FILE_TYPE_PIPE && pipeInfo(handle, info) == NoError;
}

// Some of what the kernel knows about a file is told by its own interface alone (Microsoft, NtQueryInformationFile()).
template<typename Information>
static bool queryFile(HANDLE handle, int which, Information &information) noexcept
{
    using Query = LONG(NTAPI *)(HANDLE, void *, void *, ULONG, int);
    static const auto query = reinterpret_cast<Query>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryInformationFile")));
    ULONG_PTR status[2] = {};
    return query && query(handle, status, &information, sizeof information, which) >= 0;
}

std::optional<bool> isOverlapped(HANDLE handle) noexcept
{
    constexpr int FileModeInformation = 16;
    constexpr ULONG SynchronousAlert = 0x10;
    constexpr ULONG SynchronousNonAlert = 0x20;
    ULONG mode = 0;
    if (!queryFile(handle, FileModeInformation, mode))
        return {};
    return !(mode & (SynchronousAlert | SynchronousNonAlert));
}

DWORD pipeInfo(HANDLE pipe, PipeInfo &info) noexcept
{
    const DWORD error = result(GetNamedPipeInfo(pipe, &info.flags, nullptr, nullptr, &info.instances));
    if (error != ERROR_ACCESS_DENIED)
        return error;
    // To ask takes the right to read attributes. CreateFile() always asks for it, but CreateNamedPipe() may make a server's end that
    // can only write. Whether that writes messages is for those to know who have made it.
    info.flags = PIPE_SERVER_END | PIPE_TYPE_MESSAGE;
    info.instances = PIPE_UNLIMITED_INSTANCES;
    return NoError;
}

DWORD peerOfPipe(HANDLE pipe, bool isServerEnd, DWORD &pid) noexcept
{
    return result(isServerEnd ? GetNamedPipeClientProcessId(pipe, &pid) : GetNamedPipeServerProcessId(pipe, &pid));
}

// FILE_PIPE_LOCAL_INFORMATION, of which the state is one of ten. Not GetNamedPipeClientProcessId(), of which is not said what it
// does before there is a client, and with Wine succeeds. Nothing if the handle has no right to ask.
static std::optional<ULONG> pipeState(HANDLE pipe) noexcept
{
    constexpr int FilePipeLocalInformation = 24;
    constexpr size_t NamedPipeState = 8;
    ULONG information[10] = {};
    if (!queryFile(pipe, FilePipeLocalInformation, information))
        return {};
    return information[NamedPipeState];
}

constexpr ULONG PipeIsConnected = 3;
constexpr ULONG PipeIsClosing = 4; // the other end has been closed

bool hasPipePeer(HANDLE pipe) noexcept
{
    const auto state = pipeState(pipe);
    return !state || *state == PipeIsConnected || *state == PipeIsClosing;
}

bool isPipeConnected(HANDLE pipe, bool ifUnknown) noexcept
{
    if (PeekNamedPipe(pipe, nullptr, 0, nullptr, nullptr, nullptr))
        return true;
    // Takes the right to read, which an end that only writes does not have.
    if (GetLastError() != ERROR_ACCESS_DENIED)
        return false;
    const auto state = pipeState(pipe);
    return state ? *state == PipeIsConnected : ifUnknown;
}

DWORD sessionOfPeer(HANDLE pipe, bool isServerEnd, DWORD &session) noexcept
{
    return result(isServerEnd ? GetNamedPipeClientSessionId(pipe, &session) : GetNamedPipeServerSessionId(pipe, &session));
}

} // namespace InterprocessQt::sys
