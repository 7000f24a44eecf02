// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_signal_p.h"

#include <csignal>

namespace InterprocessQt::sys
{

SignalFunction setSignalHandler(int number, SignalFunction function) noexcept
{
    return std::signal(number, function);
}

int raiseSignal(int number) noexcept
{
    return std::raise(number);
}

DWORD addConsoleHandler(PHANDLER_ROUTINE handler) noexcept
{
    return SetConsoleCtrlHandler(handler, TRUE) ? NoError : GetLastError();
}

void keepLoaded(PHANDLER_ROUTINE handler) noexcept
{
    HMODULE module = nullptr;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, reinterpret_cast<const wchar_t *>(handler), &module);
}

DWORD generateConsoleEvent(DWORD event, DWORD group) noexcept
{
    return GenerateConsoleCtrlEvent(event, group) ? NoError : GetLastError();
}

void pauseThread(DWORD msecs) noexcept
{
    Sleep(msecs);
}

DWORD createWakeEvent(HANDLE &event) noexcept
{
    event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    return event ? NoError : GetLastError();
}

void joinThread(HANDLE thread) noexcept
{
    WaitForSingleObject(thread, INFINITE);
}

DWORD terminateProcess(HANDLE process, UINT exitCode) noexcept
{
    return TerminateProcess(process, exitCode) ? NoError : GetLastError();
}

void endThisProcess(UINT exitCode) noexcept
{
    // Not ExitProcess(), which waits for locks that a thread may hold that hangs.
    TerminateProcess(GetCurrentProcess(), exitCode);
    for (;;)
        Sleep(INFINITE);
}

DWORD idOfProcess(HANDLE process) noexcept
{
    return GetProcessId(process);
}

bool hasProcessEnded(HANDLE process) noexcept
{
    return WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
}

} // namespace InterprocessQt::sys
