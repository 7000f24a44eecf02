// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SYSCALLS_P_H
#define INTERPROCESSQT_SYSCALLS_P_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qstring.h>

#include <qt_windows.h>

#include <optional>

/*
 * Every call of Windows that the library makes, in one place.
 *
 * What can fail returns the code of GetLastError(), read right after the call: whatever runs in between, such as the
 * thread-local variables of Qt and of the C++ library, may reset it. 0 (NoError) is success.
 */
namespace InterprocessQt::sys
{

inline constexpr DWORD NoError = ERROR_SUCCESS;
// Of a call that has just been made.
[[nodiscard]] inline DWORD result(BOOL succeeded) noexcept
{
    return succeeded ? NoError : GetLastError();
}

[[nodiscard]] inline HANDLE native(NativeHandle::Type handle) noexcept
{
    return reinterpret_cast<HANDLE>(handle);
}
[[nodiscard]] inline NativeHandle::Type generic(HANDLE handle) noexcept
{
    return reinterpret_cast<NativeHandle::Type>(handle);
}

[[nodiscard]] QString errorText(DWORD error); // as the system words it, in the language of the user

// Handles
void close(NativeHandle::Type handle) noexcept;
DWORD duplicate(NativeHandle::Type handle, NativeHandle &copy) noexcept; // not inherited by children
[[nodiscard]] bool isOpen(NativeHandle::Type handle) noexcept;
DWORD setInheritable(NativeHandle::Type handle, bool inheritable) noexcept;
[[nodiscard]] bool isConsole(NativeHandle::Type handle) noexcept;

// Overlapped operations: of the calls that begin one, ERROR_IO_PENDING is success, too
[[nodiscard]] HANDLE createEvent() noexcept; // stays set until it is reset; nullptr without resources
void setEvent(HANDLE event) noexcept;
void resetEvent(HANDLE event) noexcept;
[[nodiscard]] HANDLE createCompletionPort() noexcept;
void joinCompletionPort(HANDLE handle, HANDLE port) noexcept;
DWORD readFile(HANDLE handle, void *data, DWORD size, OVERLAPPED *overlapped) noexcept;
DWORD writeFile(HANDLE handle, const void *data, DWORD size, OVERLAPPED *overlapped) noexcept;
DWORD cancel(HANDLE handle, OVERLAPPED &overlapped) noexcept;
DWORD overlappedResult(HANDLE handle, HANDLE event, OVERLAPPED &overlapped, DWORD &bytes) noexcept; // waits for the end
// An event can be that of an operation before, see Overlapped. Resets it while this one is under way.
void resetEarlyEvent(HANDLE event, const OVERLAPPED &overlapped) noexcept;
inline constexpr DWORD TimedOut = WAIT_TIMEOUT;
DWORD waitForAny(const HANDLE *handles, DWORD count, QDeadlineTimer deadline) noexcept; // which of them, or TimedOut; count may be 0

// Threads
DWORD startThread(unsigned(__stdcall *function)(void *), void *argument, NativeHandle &thread) noexcept;

// Processes and users
[[nodiscard]] DWORD currentProcessId() noexcept;
[[nodiscard]] std::optional<DWORD> sessionOfProcess(DWORD pid) noexcept;
DWORD openProcess(DWORD pid, DWORD access, NativeHandle &process) noexcept;
DWORD userOfProcess(HANDLE process, QByteArray &sid) noexcept; // the bytes of a SID
DWORD primaryGroupOfProcess(HANDLE process, QByteArray &sid) noexcept;
DWORD parseSecurityDescriptor(const QString &sddl, void *&descriptor);
DWORD setAccess(HANDLE object, void *descriptor) noexcept; // the DACL of it
DWORD ownerOfObject(HANDLE object, QByteArray &sid) noexcept;
DWORD ownerOfNewObjects(HANDLE process, QByteArray &sid) noexcept; // the user, or the administrators
void freeSecurityDescriptor(void *descriptor) noexcept;
[[nodiscard]] QString sidText(const QByteArray &sid); // S-1-…, empty if it is none

// Pipes
DWORD createPipe(const wchar_t *name,
                 DWORD openMode,
                 DWORD pipeMode,
                 DWORD instances,
                 DWORD bufferSize,
                 SECURITY_ATTRIBUTES *security,
                 NativeHandle &pipe) noexcept;
DWORD connectPipe(HANDLE pipe, OVERLAPPED *overlapped) noexcept;
DWORD openPipe(const wchar_t *name, DWORD access, DWORD flags, NativeHandle &pipe) noexcept;
enum class PipeState {
    Free, // there is no pipe of that name
    Busy, // there is, with nobody who listens at the moment
    Listening,
};
[[nodiscard]] PipeState pipeState(const wchar_t *name) noexcept;
[[nodiscard]] bool isPipe(HANDLE handle) noexcept;
[[nodiscard]] std::optional<bool> isOverlapped(HANDLE handle) noexcept; // whether it was opened so; nothing if it cannot be known
struct PipeInfo {
    DWORD flags = 0; // PIPE_SERVER_END, PIPE_TYPE_MESSAGE
    DWORD instances = 0; // the most there may be
};
DWORD pipeInfo(HANDLE pipe, PipeInfo &info) noexcept;
DWORD peerOfPipe(HANDLE pipe, bool isServerEnd, DWORD &pid) noexcept;
// Or has something left to read. The server's end of an outbound pipe may have no right to know: then ifUnknown.
[[nodiscard]] bool isPipeConnected(HANDLE pipe, bool ifUnknown) noexcept;
// False for a server's end that nobody has connected to, or that was disconnected; true also if the peer has closed its own.
[[nodiscard]] bool hasPipePeer(HANDLE pipe) noexcept;
DWORD sessionOfPeer(HANDLE pipe, bool isServerEnd, DWORD &session) noexcept;

} // namespace InterprocessQt::sys

#endif
