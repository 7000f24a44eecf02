// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALBACKEND_P_H
#define INTERPROCESSQT_LOCALBACKEND_P_H

#include "stream/error_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/Address.h>
#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/NativeHandle.h>

#include <memory>
#include <optional>

/*
 * What local sockets need of a platform. Each platform implements all of it.
 */
namespace InterprocessQt
{

// What connections carry: bytes, or packets that keep their boundaries.
enum class LocalKind {
    Stream,
    Packets,
};

// ---- Streams

[[nodiscard]] std::unique_ptr<StreamIo> makeLocalStream(NativeHandle handle, StreamIoClient &client);

// One try to connect; never blocks.
struct ConnectResult {
    enum Status {
        Connected,
        Busy, // the server has no room for one more now: try again later
        Failed,
    };
    Status status;
    NativeHandle handle;
    ErrorInfo error;
};
[[nodiscard]] ConnectResult tryConnect(const Address &address, LocalKind kind = LocalKind::Stream);

// Makes a handle from elsewhere fit for use, or says why it is not one of a connection of that kind.
[[nodiscard]] std::optional<ErrorInfo> prepareForeignStream(NativeHandle::Type handle, LocalKind kind = LocalKind::Stream);
[[nodiscard]] std::optional<ErrorInfo> makeStreamPair(NativeHandle &first, NativeHandle &second, LocalKind kind = LocalKind::Stream);

// ---- Listening

class ListenerClient
{
public:
    virtual void acceptReady() = 0;

protected:
    ~ListenerClient() = default;
};

struct AcceptResult {
    enum Status {
        Accepted,
        NothingToAccept,
        OutOfResources, // what waits goes on waiting
        Failed,
    };
    Status status;
    NativeHandle handle;
    ErrorInfo error;
};

class LocalListener
{
public:
    struct Options {
        LocalServer::SocketOptions access;
        LocalServer::NamePolicy namePolicy = LocalServer::NamePolicy::TakeOverStale;
        int backlog = 0;
    };

    [[nodiscard]] static std::unique_ptr<LocalListener> make(ListenerClient &client, LocalKind kind = LocalKind::Stream);
    LocalListener() = default;
    virtual ~LocalListener() = default;
    Q_DISABLE_COPY_MOVE(LocalListener)

    [[nodiscard]] virtual std::optional<ErrorInfo> listen(const Address &address, const Options &options) = 0;
    // Takes a listening handle that somebody else has made. It is the caller's as long as an error is returned.
    [[nodiscard]] virtual std::optional<ErrorInfo> adopt(NativeHandle::Type handle) = 0;
    [[nodiscard]] virtual AcceptResult accept() = 0;
    virtual void setEnabled(bool enabled) = 0; // calls acceptReady() while there is something to accept
    virtual void setBacklog(int size) = 0;
    [[nodiscard]] virtual bool wait(QDeadlineTimer deadline) = 0;
    virtual void detach() = 0;
    virtual bool attach() = 0;
    [[nodiscard]] virtual qintptr handle() const = 0;
    // Of an adopted one: where it listens, if that can be written as an address.
    [[nodiscard]] virtual Address boundAddress() const = 0;
};

// Removes a name that a server has left behind. Touches nothing that is not a socket.
[[nodiscard]] bool removeLocalName(const Address &address);

// A listening handle passed by the process that started this one, by its name (or the first one that is left).
struct ActivationResult {
    NativeHandle::Type handle = NativeHandle::Invalid;
    QString name;
    ErrorInfo error;
};
[[nodiscard]] ActivationResult takeActivatedHandle(const QString &name);
// Of one that could not be used: it can be asked for again.
void returnActivatedHandle(NativeHandle::Type handle, const QString &name);

} // namespace InterprocessQt

#endif
