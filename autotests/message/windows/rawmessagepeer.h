// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef RAWMESSAGEPEER_H
#define RAWMESSAGEPEER_H

#include "../messagesockets.h"

#include <optional>
#include <qt_windows.h>
#include <utility>
#include <vector>

/*
 * A peer of message sockets that has the system calls only, behind the same functions for every system.
 *
 * A pipe keeps less than a socket of Unix does, and what is written beyond that waits until it is read: where these functions
 * have to wait they run the event loop.
 */
namespace Messages
{

// ---- Handles, for what is below

inline HANDLE rawNative(const NativeHandle &handle)
{
    return reinterpret_cast<HANDLE>(handle.get());
}

inline NativeHandle rawOwned(HANDLE handle)
{
    return handle == INVALID_HANDLE_VALUE ? NativeHandle() : NativeHandle(reinterpret_cast<qintptr>(handle));
}

// One call, which waits for five seconds at most; not even the event of it goes to a completion port (GetQueuedCompletionStatus()).
class RawOperation
{
public:
    explicit RawOperation(const NativeHandle &handle)
        : m_handle(rawNative(handle))
        , m_event(reinterpret_cast<qintptr>(CreateEventW(nullptr, TRUE, FALSE, nullptr)))
    {
        m_overlapped.hEvent = reinterpret_cast<HANDLE>(m_event.get() | 1);
    }
    Q_DISABLE_COPY_MOVE(RawOperation)

    OVERLAPPED *overlapped()
    {
        return &m_overlapped;
    }
    // With the result of the call: the error, or that of what became of it.
    DWORD finish(BOOL done, DWORD &bytes)
    {
        const DWORD error = done ? ERROR_SUCCESS : GetLastError();
        if (error != ERROR_SUCCESS && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
            return error;
        const auto hasEnded = [this] {
            return HasOverlappedIoCompleted(&m_overlapped);
        };
        if (!hasEnded() && !waitUntil(hasEnded, 5000))
            CancelIoEx(m_handle, &m_overlapped);
        WaitForSingleObject(reinterpret_cast<HANDLE>(m_event.get()), INFINITE);
        return GetOverlappedResult(m_handle, &m_overlapped, &bytes, FALSE) ? DWORD(ERROR_SUCCESS) : GetLastError();
    }

private:
    HANDLE m_handle;
    NativeHandle m_event;
    OVERLAPPED m_overlapped = {};
};

// What one call brings; nothing, with the error, if it fails.
inline std::optional<QByteArray> rawRead(const NativeHandle &peer, qsizetype size, DWORD *error = nullptr)
{
    QByteArray bytes(size, Qt::Uninitialized);
    RawOperation operation(peer);
    DWORD got = 0;
    const DWORD result = operation.finish(ReadFile(rawNative(peer), bytes.data(), DWORD(size), nullptr, operation.overlapped()), got);
    if (error)
        *error = result;
    if (result != ERROR_SUCCESS)
        return {};
    bytes.truncate(qsizetype(got));
    return bytes;
}

inline std::optional<QByteArray> rawReadExactly(const NativeHandle &peer, qsizetype size)
{
    QByteArray bytes;
    while (bytes.size() < size) {
        const auto more = rawRead(peer, size - bytes.size());
        if (!more)
            return {};
        bytes += *more;
    }
    return bytes;
}

inline std::wstring rawName(const QString &path)
{
    return Address::filePath(path).nativeName().toStdWString();
}

inline DWORD rawType(Transport transport)
{
    return transport == Transport::Packets ? PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE : PIPE_TYPE_BYTE;
}

inline NativeHandle rawInstance(const QString &path, Transport transport, DWORD flags = FILE_FLAG_OVERLAPPED)
{
    return rawOwned(CreateNamedPipeW(rawName(path).c_str(),
                                     PIPE_ACCESS_DUPLEX | flags,
                                     rawType(transport) | PIPE_REJECT_REMOTE_CLIENTS,
                                     PIPE_UNLIMITED_INSTANCES,
                                     65536,
                                     65536,
                                     0,
                                     nullptr));
}

// ---- For every system

inline bool rawSendBytes(const NativeHandle &peer, const QByteArray &bytes)
{
    RawOperation operation(peer);
    DWORD written = 0;
    return operation.finish(WriteFile(rawNative(peer), bytes.constData(), DWORD(bytes.size()), nullptr, operation.overlapped()), written) == ERROR_SUCCESS
        && written == DWORD(bytes.size());
}

inline bool rawSend(const NativeHandle &peer, Transport transport, const QByteArray &message)
{
    return rawSendBytes(peer, frame(transport, message));
}

// A message that is there, or comes within five seconds; of the end nothing.
inline std::optional<QByteArray> rawReceive(const NativeHandle &peer, Transport transport)
{
    if (transport == Transport::Packets)
        return rawRead(peer, 1024 * 1024);
    const auto head = rawReadExactly(peer, 4);
    return head ? rawReadExactly(peer, qFromBigEndian<quint32>(head->constData())) : std::nullopt;
}

// Whether the end is what comes next.
inline bool rawSeesTheEnd(const NativeHandle &peer)
{
    DWORD error = ERROR_SUCCESS;
    return !rawRead(peer, 1, &error) && (error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED);
}

// A pipe has one end for both directions.
inline void rawHalfClose(const NativeHandle &)
{
    QFAIL("Windows cannot do that");
}

inline NativeHandle rawConnected(const QString &path, Transport transport)
{
    NativeHandle client = rawOwned(CreateFileW(rawName(path).c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr));
    DWORD mode = transport == Transport::Packets ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;
    if (client && !SetNamedPipeHandleState(rawNative(client), &mode, nullptr, nullptr))
        client.reset();
    return client;
}

inline std::pair<NativeHandle, NativeHandle> rawPair(Transport transport)
{
    static int count = 0;
    const QString name = QStringLiteral("interprocessqt-raw-%1-%2").arg(GetCurrentProcessId()).arg(++count);
    NativeHandle server = rawInstance(name, transport);
    NativeHandle client = rawConnected(name, transport);
    return {std::move(server), std::move(client)};
}

// A server with room for one client; invalid: it could not be made.
class RawServer
{
public:
    RawServer(const QString &path, Transport transport)
        : m_path(path)
        , m_transport(transport)
        , m_next(rawInstance(path, transport))
    {
    }
    [[nodiscard]] bool isValid() const
    {
        return m_next.isValid();
    }
    // The client that is there; another one may come then.
    [[nodiscard]] NativeHandle accepted()
    {
        RawOperation connecting(m_next);
        DWORD bytes = 0;
        const DWORD error = connecting.finish(ConnectNamedPipe(rawNative(m_next), connecting.overlapped()), bytes);
        if (error != ERROR_SUCCESS && error != ERROR_PIPE_CONNECTED)
            return {};
        return std::exchange(m_next, rawInstance(m_path, m_transport));
    }

private:
    const QString m_path;
    const Transport m_transport;
    NativeHandle m_next;
};

// Handles that a message socket of that kind cannot take over, and what its text is to say of each.
inline std::vector<std::pair<NativeHandle, QString>> rawUnsuitable(Transport transport)
{
    std::vector<std::pair<NativeHandle, QString>> handles;
    handles.emplace_back(rawPair(transport == Transport::Packets ? Transport::Stream : Transport::Packets).first,
                         transport == Transport::Packets ? QStringLiteral("bytes, not messages") : QStringLiteral("a pipe of messages"));
    handles.emplace_back(rawInstance(QStringLiteral("interprocessqt-raw-%1").arg(GetCurrentProcessId()), transport), QStringLiteral("not connected"));
    handles.emplace_back(NativeHandle(reinterpret_cast<qintptr>(CreateEventW(nullptr, TRUE, FALSE, nullptr))), QStringLiteral("not a named pipe"));
    return handles;
}

// A pipe is gone with its server.
inline bool rawLeaveStaleName(const QString &)
{
    return false;
}

// Whether there is a limit for packets that is not ours.
inline constexpr bool SystemLimitsPackets = false;

// Who wants the other kind of messages, or a stream, is told no by the library: Windows has no code for it.
inline constexpr int OtherKind = 0;
// The end of a peer that has not read everything: an end as any other.
inline constexpr int LeftUnread = 0;

} // namespace Messages

#endif
