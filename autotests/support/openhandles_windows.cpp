// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <qt_windows.h>

#include <winternl.h>

namespace
{

// "Event", "File", "Process", …
QString typeOf(HANDLE handle)
{
    alignas(8) char buffer[1024];
    // Of the calls of ntdll.dll that Microsoft documents (NtQueryObject, ObjectTypeInformation).
    using Query = NTSTATUS(NTAPI *)(HANDLE, int, void *, ULONG, ULONG *);
    static const auto query = reinterpret_cast<Query>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryObject")));
    constexpr int ObjectTypeInformation = 2;
    if (query(handle, ObjectTypeInformation, buffer, sizeof buffer, nullptr) < 0)
        return QStringLiteral("unknown");
    const auto *name = reinterpret_cast<const UNICODE_STRING *>(buffer);
    return QString::fromWCharArray(name->Buffer, name->Length / int(sizeof(wchar_t)));
}

QList<HANDLE> openHandles()
{
    // Wine always says 0. It gives out the smallest number that is free, so that where so many are free in a row no more are expected. Its
    // list of all handles there are (NtQuerySystemInformation()) is no way: now and then its server crashes over that.
    constexpr int EndOfHandles = 512;
    DWORD known = 0;
    GetProcessHandleCount(GetCurrentProcess(), &known);
    const bool isCounted = known > 0;
    QList<HANDLE> handles;
    int misses = 0;
    // Handles are multiples of four, and small: that they are all found shows in their number.
    for (int value = 4; value < 1 << 20 && (isCounted ? handles.size() < qsizetype(known) : misses < EndOfHandles); value += 4) {
        const auto handle = reinterpret_cast<HANDLE>(qintptr(value));
        DWORD flags = 0;
        if (GetHandleInformation(handle, &flags)) {
            handles.append(handle);
            misses = 0;
        } else {
            ++misses;
        }
    }
    return handles;
}

} // namespace

QMap<int, QString> IpcTest::openDescriptors()
{
    QMap<int, QString> open;
    for (const HANDLE handle : openHandles())
        open.insert(int(reinterpret_cast<qintptr>(handle)), typeOf(handle));
    return open;
}

bool IpcTest::isWine()
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

// Windows itself, Qt and Wine open threads, timers, keys and what they wait with when they need them first, and keep them. What
// the library opens are pipes, processes, tokens and an event for each operation; events of others are not told from ours here:
// tests that make many connections count all handles.
bool IpcTest::belongsToEventLoop(const QString &type)
{
    return type != QLatin1String("File") && type != QLatin1String("Process") && type != QLatin1String("Token");
}
