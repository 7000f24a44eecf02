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

// Processes and users
[[nodiscard]] DWORD currentProcessId() noexcept;
[[nodiscard]] std::optional<DWORD> sessionOfProcess(DWORD pid) noexcept;
DWORD openProcess(DWORD pid, DWORD access, NativeHandle &process) noexcept;
DWORD userOfProcess(HANDLE process, QByteArray &sid) noexcept; // the bytes of a SID
[[nodiscard]] QString sidText(const QByteArray &sid); // S-1-…, empty if it is none

// Pipes
struct PipeInfo {
    DWORD flags = 0; // PIPE_SERVER_END, PIPE_TYPE_MESSAGE
    DWORD instances = 0; // the most there may be
};
DWORD pipeInfo(HANDLE pipe, PipeInfo &info) noexcept;
DWORD peerOfPipe(HANDLE pipe, bool isServerEnd, DWORD &pid) noexcept;
[[nodiscard]] bool isPipeConnected(HANDLE pipe) noexcept; // or has something left to read
DWORD sessionOfPeer(HANDLE pipe, bool isServerEnd, DWORD &session) noexcept;

} // namespace InterprocessQt::sys

#endif
