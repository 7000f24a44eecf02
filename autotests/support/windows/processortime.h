// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PROCESSORTIME_H
#define PROCESSORTIME_H

#include <QtGlobal>

#include <chrono>
#include <qt_windows.h>

// What this process has used of the processors: whoever waits uses none.
inline std::chrono::milliseconds processorTime()
{
    FILETIME begun, ended, kernel, user;
    GetProcessTimes(GetCurrentProcess(), &begun, &ended, &kernel, &user);
    const auto of = [](const FILETIME &time) { // in units of 100 ns
        return std::chrono::nanoseconds(100 * qint64((quint64(time.dwHighDateTime) << 32) | time.dwLowDateTime));
    };
    return std::chrono::duration_cast<std::chrono::milliseconds>(of(kernel) + of(user));
}

#endif
