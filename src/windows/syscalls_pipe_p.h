// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SYSCALLS_PIPE_P_H
#define INTERPROCESSQT_SYSCALLS_PIPE_P_H

#include "syscalls_p.h"

/*
 * The calls for what named pipes can do beyond what local sockets need. As in syscalls_p.h, what can fail returns the code of
 * the system.
 */
namespace InterprocessQt::sys
{

struct PipeParameters {
    DWORD openMode = 0;
    DWORD pipeMode = 0;
    DWORD instances = PIPE_UNLIMITED_INSTANCES;
    DWORD outputBuffer = 0;
    DWORD inputBuffer = 0;
    DWORD waitTimeout = 0;
    bool isOverlapped = true;
};
DWORD createPipe(const wchar_t *name, const PipeParameters &parameters, SECURITY_ATTRIBUTES *security, NativeHandle &pipe) noexcept;
[[nodiscard]] QString foldedName(const QString &name); // alike for names that the system takes for one
DWORD waitForPipe(const wchar_t *name, DWORD timeout) noexcept; // blocks
DWORD markName(const wchar_t *name, NativeHandle &mark) noexcept; // ERROR_ALREADY_EXISTS: somebody else has
DWORD setPipeMode(HANDLE pipe, DWORD mode) noexcept; // PIPE_READMODE_…, and always PIPE_WAIT
DWORD bytesLeftInMessage(HANDLE pipe, DWORD &bytes) noexcept;
DWORD flush(HANDLE pipe) noexcept; // blocks until the peer has read everything
DWORD disconnectPipe(HANDLE pipe) noexcept;
DWORD processOfEnd(HANDLE pipe, bool server, DWORD &pid) noexcept;
DWORD sessionOfEnd(HANDLE pipe, bool server, DWORD &session) noexcept;

DWORD impersonateClient(HANDLE pipe) noexcept;
DWORD revertToSelf() noexcept;
[[nodiscard]] DWORD currentThreadId() noexcept;

// For calls that block
[[nodiscard]] NativeHandle handleOfThread() noexcept; // of this one, for others
[[nodiscard]] bool cancelCallOfThread(const NativeHandle &thread) noexcept; // false: none is under way

} // namespace InterprocessQt::sys

#endif
