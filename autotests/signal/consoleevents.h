// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef CONSOLEEVENTS_H
#define CONSOLEEVENTS_H

#include <qt_windows.h>

// A console of this process alone, so that what is sent to all of its processes reaches nobody else.
inline bool makeOwnConsole()
{
    FreeConsole();
    if (!AllocConsole())
        return false;
    return SetConsoleCtrlHandler(nullptr, FALSE); // a process group of its own ignores Ctrl-C
}

/*
 * Calls the handlers of this process as the system does, in a thread of its own, for events that nobody but the system can
 * send. By the function at which the system starts that thread: no documented one, but exported since Windows Vista.
 * The thread, which ends when the handlers have returned.
 */
inline HANDLE startConsoleEvent(DWORD event)
{
    auto *const routine =
        reinterpret_cast<LPTHREAD_START_ROUTINE>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"kernelbase.dll"), "CtrlRoutine")));
    if (!routine)
        return nullptr;
    return CreateThread(nullptr, 0, routine, reinterpret_cast<void *>(ULONG_PTR(event)), 0, nullptr);
}

#endif
