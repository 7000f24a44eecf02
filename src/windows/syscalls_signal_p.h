// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SYSCALLS_SIGNAL_P_H
#define INTERPROCESSQT_SYSCALLS_SIGNAL_P_H

#include "syscalls_p.h"

/*
 * The calls of Windows and of its C library that signals need, under the rules of syscalls_p.h.
 *
 * Those marked with (S) are fit for a handler of SIGSEGV or SIGABRT: they allocate nothing and wait for nobody.
 */
namespace InterprocessQt::sys
{

// Handlers of the C library
using SignalFunction = void(__cdecl *)(int);
SignalFunction setSignalHandler(int number, SignalFunction function) noexcept; // (S) what was there; SIG_ERR: there is no such signal
int raiseSignal(int number) noexcept; // (S) calls the handler in this thread; 0 is success

// Events of the console
DWORD addConsoleHandler(PHANDLER_ROUTINE handler) noexcept;
void keepLoaded(PHANDLER_ROUTINE handler) noexcept; // the library it is in, until the process ends
DWORD generateConsoleEvent(DWORD event, DWORD group) noexcept;
void pauseThread(DWORD msecs) noexcept; // INFINITE is for ever

// The thread of the platform
DWORD createWakeEvent(HANDLE &event) noexcept; // reset by the wait that it ends
void joinThread(HANDLE thread) noexcept;

// Processes
DWORD terminateProcess(HANDLE process, UINT exitCode) noexcept;
[[noreturn]] void endThisProcess(UINT exitCode) noexcept;
[[nodiscard]] DWORD idOfProcess(HANDLE process) noexcept; // 0: it is no process
[[nodiscard]] bool hasProcessEnded(HANDLE process) noexcept;

} // namespace InterprocessQt::sys

#endif
