// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PROCESSMEMORY_H
#define PROCESSMEMORY_H

#include <optional>
#include <qt_windows.h>

#define PSAPI_VERSION 2 // in kernel32, not in a library of its own
#include <psapi.h>

// What this process has of memory, in bytes; nothing where the system does not tell.
namespace ProcessMemory
{

// Whether it has been touched or not.
inline std::optional<qint64> reserved()
{
    PROCESS_MEMORY_COUNTERS counters = {};
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        return {};
    return qint64(counters.PagefileUsage);
}

} // namespace ProcessMemory

#endif
