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

// Of what the system takes at once.
inline bool write(const NativeHandle &client, const QByteArray &bytes)
{
    DWORD written = 0;
    return WriteFile(reinterpret_cast<HANDLE>(client.get()), bytes.constData(), DWORD(bytes.size()), &written, nullptr) && written == DWORD(bytes.size());
}

// What comes next, at most so much; empty: the end.
inline std::optional<QByteArray> read(const NativeHandle &client, qsizetype size = 65536)
{
    QByteArray bytes(size, Qt::Uninitialized);
    DWORD got = 0;
    if (!ReadFile(reinterpret_cast<HANDLE>(client.get()), bytes.data(), DWORD(size), &got, nullptr) && GetLastError() != ERROR_BROKEN_PIPE)
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
