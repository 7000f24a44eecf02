// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PROCESSMEMORY_H
#define PROCESSMEMORY_H

#include <QFile>

#include <optional>
#include <unistd.h>

// What this process has of memory, in bytes; nothing where the system does not tell.
namespace ProcessMemory
{

// Whether it has been touched or not.
inline std::optional<qint64> reserved()
{
    QFile file(QStringLiteral("/proc/self/statm")); // in pages, proc(5)
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().split(' ').first().toLongLong() * ::sysconf(_SC_PAGESIZE);
}

} // namespace ProcessMemory

#endif
