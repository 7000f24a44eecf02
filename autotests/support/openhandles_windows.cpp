// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <qt_windows.h>

#include <vector>
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

// Wine, whose GetProcessHandleCount() always says 0, lists them (NtQuerySystemInformation, SystemExtendedHandleInformation, as
// Process Hacker has described it). On Windows that is a list of all handles there are, which is long.
QList<HANDLE> handlesByList()
{
    struct Entry {
        void *object;
        ULONG_PTR process;
        ULONG_PTR handle;
        ULONG access;
        USHORT backTrace;
        USHORT type;
        ULONG attributes;
        ULONG reserved;
    };
    struct Head {
        ULONG_PTR count;
        ULONG_PTR reserved;
    };
    using Query = NTSTATUS(NTAPI *)(int, void *, ULONG, ULONG *);
    static const auto query = reinterpret_cast<Query>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation")));
    constexpr int SystemExtendedHandleInformation = 64;
    static std::vector<ULONG_PTR> buffer(1 << 15);
    while (query(SystemExtendedHandleInformation, buffer.data(), ULONG(buffer.size() * sizeof(ULONG_PTR)), nullptr) < 0) {
        if (buffer.size() > 1 << 24)
            qFatal("The handles of this process cannot be listed");
        buffer.resize(buffer.size() * 2);
    }
    const auto *head = reinterpret_cast<const Head *>(buffer.data());
    const auto *entries = reinterpret_cast<const Entry *>(head + 1);
    QList<HANDLE> handles;
    for (ULONG_PTR i = 0; i < head->count; ++i) {
        if (entries[i].process == GetCurrentProcessId())
            handles.append(reinterpret_cast<HANDLE>(entries[i].handle));
    }
    return handles;
}

QList<HANDLE> openHandles()
{
    DWORD left = 0;
    GetProcessHandleCount(GetCurrentProcess(), &left);
    if (left == 0)
        return handlesByList();
    // Handles are multiples of four, and small: that they are all found shows in their number.
    QList<HANDLE> handles;
    for (int value = 4; left > 0 && value < 1 << 20; value += 4) {
        const auto handle = reinterpret_cast<HANDLE>(qintptr(value));
        DWORD flags = 0;
        if (!GetHandleInformation(handle, &flags))
            continue;
        handles.append(handle);
        --left;
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
