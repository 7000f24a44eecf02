// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWPAIR_H
#define RAWPAIR_H

#include "rawpeer.h"

#include <QUuid>

#include <algorithm>

/*
 * Connections with the system calls at one end or at both, the same for every system.
 */
namespace RawPeer
{

// Two ends of a connection, ours as the library makes it and the peer's, which blocks. Neither is valid if the system gives no
// buffer of the size that is asked for (0: what it gives by itself).
struct Pair {
    NativeHandle ours;
    NativeHandle peer;
};

// An instance of a pipe, the only one if it is to be.
inline NativeHandle makePipe(const QString &name, DWORD flags, DWORD instances = PIPE_UNLIMITED_INSTANCES, DWORD buffer = 65536)
{
    const HANDLE pipe =
        CreateNamedPipeW(reinterpret_cast<const wchar_t *>(name.utf16()), PIPE_ACCESS_DUPLEX | flags, PIPE_TYPE_BYTE, instances, buffer, buffer, 0, nullptr);
    return pipe == INVALID_HANDLE_VALUE ? NativeHandle() : NativeHandle(reinterpret_cast<qintptr>(pipe));
}

inline QString newPipeName()
{
    return QStringLiteral(R"(\\.\pipe\interprocessqt-test-)") + QUuid::createUuid().toString(QUuid::Id128);
}

inline Pair pair(int buffer = 0)
{
    const QString name = newPipeName();
    Pair made;
    made.ours = makePipe(name, FILE_FLAG_OVERLAPPED, 1, buffer > 0 ? DWORD(buffer) : 65536);
    made.peer = connectTo(name);
    return made;
}

// What has come, at most so much, without waiting for it. Empty: the end. None: nothing so far.
inline std::optional<QByteArray> readNow(const NativeHandle &end, qsizetype size = 65536)
{
    DWORD available = 0;
    if (!PeekNamedPipe(reinterpret_cast<HANDLE>(end.get()), nullptr, 0, nullptr, &available, nullptr))
        return QByteArray();
    if (available == 0)
        return {};
    return read(end, size);
}

// Waits for so much; less is all there is before the end.
inline QByteArray readFully(const NativeHandle &end, qsizetype size)
{
    QByteArray bytes;
    while (bytes.size() < size) {
        const auto part = read(end, std::min<qsizetype>(65536, size - bytes.size()));
        if (!part || part->isEmpty())
            break;
        bytes += *part;
    }
    return bytes;
}

// Ends what another thread waits for at this end.
inline void interrupt(const NativeHandle &end)
{
    CancelIoEx(reinterpret_cast<HANDLE>(end.get()), nullptr);
}

// Writes until the system takes no more without waiting.
inline void fill(const NativeHandle &end)
{
    const QByteArray block(4096, 'f'); // of more than there is room for it would take nothing
    const HANDLE handle = reinterpret_cast<HANDLE>(end.get());
    DWORD mode = PIPE_NOWAIT;
    SetNamedPipeHandleState(handle, &mode, nullptr, nullptr);
    DWORD written = 1;
    while (written > 0 && WriteFile(handle, block.constData(), DWORD(block.size()), &written, nullptr)) { }
    mode = PIPE_WAIT;
    SetNamedPipeHandleState(handle, &mode, nullptr, nullptr);
}

// Of a kind that has connections, and without one.
inline NativeHandle unconnected()
{
    return makePipe(newPipeName(), FILE_FLAG_OVERLAPPED);
}

inline bool isOpen(NativeHandle::Type handle)
{
    DWORD flags = 0;
    return GetHandleInformation(reinterpret_cast<HANDLE>(handle), &flags);
}

inline bool isInheritable(NativeHandle::Type handle)
{
    DWORD flags = 0;
    return GetHandleInformation(reinterpret_cast<HANDLE>(handle), &flags) && (flags & HANDLE_FLAG_INHERIT);
}

// Whether the process behind a handle has ended.
inline bool isSignalled(const NativeHandle &process)
{
    return WaitForSingleObject(reinterpret_cast<HANDLE>(process.get()), 0) == WAIT_OBJECT_0;
}

// A server that takes one client at a time, when it is asked to.
class Server
{
public:
    explicit Server(const QString &path)
        : m_name(InterprocessQt::Address::filePath(path).nativeName())
        , m_next(makePipe(m_name, 0))
    {
    }
    [[nodiscard]] bool isValid() const
    {
        return m_next.isValid();
    }
    // Waits for one.
    [[nodiscard]] NativeHandle accept()
    {
        if (!ConnectNamedPipe(reinterpret_cast<HANDLE>(m_next.get()), nullptr) && GetLastError() != ERROR_PIPE_CONNECTED && GetLastError() != ERROR_NO_DATA)
            return {};
        NativeHandle next = makePipe(m_name, 0);
        std::swap(next, m_next);
        return next;
    }

private:
    QString m_name;
    NativeHandle m_next;
};

} // namespace RawPeer

#endif
