// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWPEER_H
#define RAWPEER_H

#include <InterprocessQt/Address>
#include <InterprocessQt/NativeHandle>

#include <QByteArray>
#include <QString>

#include <optional>
#include <qt_windows.h>
#include <vector>

/*
 * A client as a program sees it that has the system calls only, the same for every system: these block.
 */
namespace RawPeer
{

using InterprocessQt::NativeHandle;

// Invalid if nobody listens at the path, or there is no room for one more.
inline NativeHandle connectTo(const QString &path)
{
    const QString name = InterprocessQt::Address::filePath(path).nativeName();
    const HANDLE pipe = CreateFileW(reinterpret_cast<const wchar_t *>(name.utf16()), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    return pipe == INVALID_HANDLE_VALUE ? NativeHandle() : NativeHandle(reinterpret_cast<qintptr>(pipe));
}

// Connects until the server has no room for one more.
inline std::vector<NativeHandle> fillQueue(const QString &path)
{
    std::vector<NativeHandle> clients;
    while (clients.size() < 1000) {
        NativeHandle client = connectTo(path);
        if (!client)
            break;
        clients.push_back(std::move(client));
    }
    return clients;
}

// For handles of either kind: one that is not for overlapped operations takes what concerns these as a place in a file, of which a
// pipe has none.
template<typename Begin>
bool finish(const NativeHandle &end, DWORD &bytes, Begin begin)
{
    OVERLAPPED operation = {};
    // One that belongs to a port does not report to it with such an event (GetQueuedCompletionStatus()).
    const NativeHandle event(reinterpret_cast<qintptr>(CreateEventW(nullptr, TRUE, FALSE, nullptr)));
    operation.hEvent = reinterpret_cast<HANDLE>(event.get() | 1);
    const HANDLE handle = reinterpret_cast<HANDLE>(end.get());
    if (!begin(handle, &operation) && GetLastError() != ERROR_IO_PENDING)
        return false;
    while (!HasOverlappedIoCompleted(&operation))
        WaitForSingleObject(reinterpret_cast<HANDLE>(event.get()), INFINITE);
    return GetOverlappedResult(handle, &operation, &bytes, FALSE);
}

// Waits until the system has all of it.
inline bool write(const NativeHandle &client, const QByteArray &bytes)
{
    DWORD written = 0;
    const bool ok = finish(client, written, [&bytes](HANDLE handle, OVERLAPPED *operation) {
        return WriteFile(handle, bytes.constData(), DWORD(bytes.size()), nullptr, operation);
    });
    return ok && written == DWORD(bytes.size());
}

// What comes next, at most so much; empty: the end.
inline std::optional<QByteArray> read(const NativeHandle &client, qsizetype size = 65536)
{
    QByteArray bytes(size, Qt::Uninitialized);
    DWORD got = 0;
    const bool ok = finish(client, got, [&bytes](HANDLE handle, OVERLAPPED *operation) {
        return ReadFile(handle, bytes.data(), DWORD(bytes.size()), nullptr, operation);
    });
    if (!ok && GetLastError() != ERROR_BROKEN_PIPE)
        return {};
    bytes.truncate(qsizetype(got));
    return bytes;
}

// Something to hand over.
inline NativeHandle anyHandle()
{
    return NativeHandle(reinterpret_cast<qintptr>(CreateEventW(nullptr, TRUE, FALSE, nullptr)));
}

// The code of writing to a peer that has gone.
inline constexpr int WriteToNobody = ERROR_NO_DATA;

} // namespace RawPeer

#endif
