// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef NAMEDPIPES_H
#define NAMEDPIPES_H

#include "ipctest.h"
#include "wine.h"

#include <InterprocessQt/NamedPipe>
#include <InterprocessQt/NamedPipeServer>
#include <InterprocessQt/NativeHandle>

#include <memory>

/*
 * What tests of named pipes share.
 */
namespace Pipes
{

using InterprocessQt::NamedPipe;
using InterprocessQt::NamedPipeServer;
using InterprocessQt::NativeHandle;
using Mode = NamedPipe::Mode;
using List = QList<QByteArray>;

// Not two alike, so that one that is in the wrong place is seen.
inline QByteArray message(qsizetype size, quint32 seed = 1)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes) {
        seed = seed * 1664525 + 1013904223;
        byte = char(seed >> 24);
    }
    return bytes;
}

inline void setModes(NamedPipeServer &server, Mode receive, Mode send)
{
    server.setReceiveMode(receive);
    server.setSendMode(send);
}

inline void setModes(NamedPipe &pipe, Mode receive, Mode send)
{
    pipe.setReceiveMode(receive);
    pipe.setSendMode(send);
}

// A server and one connection to it. Both carry messages, unless it is told otherwise before connecting.
struct Ends {
    explicit Ends(Mode mode = Mode::Messages)
    {
        setModes(server, mode, mode);
        setModes(client, mode, mode);
    }
    bool connect(const QString &name, QIODevice::OpenMode openMode = QIODevice::ReadWrite)
    {
        if (!server.listen(name)) {
            qWarning("%s", qPrintable(server.errorString()));
            return false;
        }
        client.connectToServer(name, openMode);
        if (server.waitForNewConnection(5000))
            accepted.reset(server.nextPendingConnection());
        if (!accepted || client.state() != NamedPipe::ConnectedState)
            qWarning("%s, %s", qPrintable(client.errorString()), qPrintable(server.errorString()));
        return accepted && client.state() == NamedPipe::ConnectedState;
    }
    NamedPipeServer server;
    NamedPipe client;
    std::unique_ptr<NamedPipe> accepted;
};

// Takes messages until there are so many, or too much time has passed.
inline List receiveAll(NamedPipe &pipe, qsizetype count)
{
    List messages;
    static_cast<void>(waitUntil([&] {
        while (auto message = pipe.receive())
            messages << *message;
        return messages.size() >= count;
    }));
    return messages;
}

// ---- A peer that has the system calls only

inline QString fullName(const QString &name)
{
    return QStringLiteral(R"(\\.\pipe\)") + name;
}

inline const wchar_t *wide(const QString &text)
{
    return reinterpret_cast<const wchar_t *>(text.utf16());
}

inline HANDLE native(const NativeHandle &handle)
{
    return reinterpret_cast<HANDLE>(handle.get());
}

inline NativeHandle owned(HANDLE handle)
{
    return handle == INVALID_HANDLE_VALUE ? NativeHandle() : NativeHandle(reinterpret_cast<qintptr>(handle));
}

// Its calls block.
inline NativeHandle rawClient(const QString &name, DWORD access = GENERIC_READ | GENERIC_WRITE, DWORD flags = 0)
{
    return owned(CreateFileW(wide(fullName(name)), access, 0, nullptr, OPEN_EXISTING, flags, nullptr));
}

inline NativeHandle rawServer(const QString &name, DWORD type, DWORD instances = PIPE_UNLIMITED_INSTANCES, DWORD openMode = PIPE_ACCESS_DUPLEX)
{
    return owned(CreateNamedPipeW(wide(fullName(name)), openMode, type, instances, 4096, 4096, 0, nullptr));
}

inline bool rawWrite(const NativeHandle &pipe, const QByteArray &bytes)
{
    DWORD written = 0;
    return WriteFile(native(pipe), bytes.constData(), DWORD(bytes.size()), &written, nullptr) && written == DWORD(bytes.size());
}

// One read; nothing if it fails.
inline std::optional<QByteArray> rawRead(const NativeHandle &pipe, qsizetype size = 65536)
{
    QByteArray bytes(size, Qt::Uninitialized);
    DWORD got = 0;
    if (!ReadFile(native(pipe), bytes.data(), DWORD(size), &got, nullptr))
        return {};
    bytes.truncate(qsizetype(got));
    return bytes;
}

} // namespace Pipes

#endif
