// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/LocalSocket.h>

#include "interprocessqt_debug.h"
#include "localsocket_p.h"
#include "peercredentials_p.h"

#include <QtCore/qdebug.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>

namespace InterprocessQt
{

LocalSocket::LocalSocket(QObject *parent)
    : LocalSocket(*new LocalSocketPrivate, parent)
{
}

LocalSocket::LocalSocket(LocalSocketPrivate &dd, QObject *parent)
    : StreamDevice(dd, parent)
{
}

LocalSocket::~LocalSocket()
{
    LocalSocketPrivate *const p = d_func();
    // What was written in this turn has not been handed to the kernel yet. In a child made by fork() it is the parent's.
    if (p->io && p->io->isOurs())
        p->flushNow();
    p->reconnect = false;
    // As QLocalSocket does: whoever watches learns of the end of a connection, here too.
    p->abort();
}

LocalSocketPrivate *LocalSocket::d_func() const
{
    return static_cast<LocalSocketPrivate *>(d.get());
}

void LocalSocket::connectToServer(OpenMode openMode)
{
    d_func()->connectToServer(openMode);
}

void LocalSocket::connectToServer(const QString &name, OpenMode openMode)
{
    setServerName(name);
    d_func()->connectToServer(openMode);
}

void LocalSocket::connectToServer(const Address &address, OpenMode openMode)
{
    setServerAddress(address);
    d_func()->connectToServer(openMode);
}

void LocalSocket::disconnectFromServer()
{
    d_func()->disconnectFromServer();
}

bool LocalSocket::open(OpenMode openMode)
{
    LocalSocketPrivate *const p = d_func();
    p->connectToServer(openMode);
    return isOpen() && !p->connectHasFailed();
}

void LocalSocket::close()
{
    d_func()->close();
}

void LocalSocket::abort()
{
    d_func()->abort();
}

void LocalSocket::setServerName(const QString &name)
{
    LocalSocketPrivate *const p = d_func();
    if (p->state != UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::setServerName() called while not in unconnected state");
        return;
    }
    p->serverName = name;
    p->named = true;
    p->resolveName();
}

void LocalSocket::setServerAddress(const Address &address)
{
    LocalSocketPrivate *const p = d_func();
    if (p->state != UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::setServerAddress() called while not in unconnected state");
        return;
    }
    p->serverName = address.toString();
    p->named = false;
    p->address = address;
}

QString LocalSocket::serverName() const
{
    return d_func()->serverName;
}

QString LocalSocket::fullServerName() const
{
    const LocalSocketPrivate *const p = d_func();
    if (p->state == UnconnectedState)
        return {};
    return p->options.value().testFlag(AbstractNamespaceOption) ? p->serverName : p->address.nativeName();
}

Address LocalSocket::serverAddress() const
{
    return d_func()->address;
}

void LocalSocket::setSocketOptions(SocketOptions options)
{
    LocalSocketPrivate *const p = d_func();
    if (p->state != UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::setSocketOptions() called while not in unconnected state");
        return;
    }
    p->options = options;
    p->resolveName();
}

LocalSocket::SocketOptions LocalSocket::socketOptions() const
{
    return d_func()->options;
}

QBindable<LocalSocket::SocketOptions> LocalSocket::bindableSocketOptions()
{
    return &d_func()->options;
}

LocalSocket::LocalSocketState LocalSocket::state() const
{
    return d_func()->state;
}

bool LocalSocket::isValid() const
{
    return d_func()->io != nullptr;
}

int LocalSocket::connectTimeout() const
{
    return int(d_func()->constSettings().connectTimeout.count());
}

void LocalSocket::setConnectTimeout(int msecs)
{
    setConnectTimeout(std::chrono::milliseconds(msecs));
}

void LocalSocket::setConnectTimeout(std::chrono::milliseconds timeout)
{
    LocalSocketPrivate *const p = d_func();
    timeout = std::max(timeout, std::chrono::milliseconds(-1));
    if (timeout == p->constSettings().connectTimeout)
        return;
    p->settings().connectTimeout = timeout;
    Q_EMIT connectTimeoutChanged();
}

bool LocalSocket::isReconnectEnabled() const
{
    return d_func()->reconnect;
}

void LocalSocket::setReconnectEnabled(bool enabled)
{
    if (enabled == d_func()->reconnect)
        return;
    d_func()->setReconnectEnabled(enabled);
    Q_EMIT reconnectChanged();
}

std::chrono::milliseconds LocalSocket::minimumReconnectDelay() const
{
    return d_func()->constSettings().minimumDelay;
}

std::chrono::milliseconds LocalSocket::maximumReconnectDelay() const
{
    return d_func()->constSettings().maximumDelay;
}

void LocalSocket::setReconnectDelays(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum)
{
    using namespace std::chrono_literals;
    LocalSocketPrivate::Settings &settings = d_func()->settings();
    // Without any delay a server that is away would be asked for as fast as the processor can.
    settings.minimumDelay = std::max(minimum, 1ms);
    settings.maximumDelay = std::max(maximum, settings.minimumDelay);
}

bool LocalSocket::setSocketDescriptor(qintptr socketDescriptor, LocalSocketState socketState, OpenMode openMode)
{
    return d_func()->adopt(socketDescriptor, socketState, openMode);
}

qintptr LocalSocket::socketDescriptor() const
{
    const StreamIo *const io = d_func()->io.get();
    return io ? io->handle() : -1;
}

std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>> LocalSocket::pair()
{
    auto sockets = std::make_pair(std::make_unique<LocalSocket>(), std::make_unique<LocalSocket>());
    NativeHandle first;
    NativeHandle second;
    if (auto error = makeStreamPair(first, second)) {
        sockets.first->d_func()->setError(*error);
        sockets.second->d_func()->setError(*error);
    } else {
        sockets.first->d_func()->adoptTrusted(std::move(first), ReadWrite);
        sockets.second->d_func()->adoptTrusted(std::move(second), ReadWrite);
    }
    return sockets;
}

PeerCredentials LocalSocket::peerCredentials() const
{
    return credentialsOfPeer(socketDescriptor());
}

NativeHandle LocalSocket::openPeerProcess() const
{
    return openProcessOfPeer(socketDescriptor());
}

bool LocalSocket::waitForConnected(int msecs)
{
    return d_func()->waitForConnected(QDeadlineTimer(msecs));
}

bool LocalSocket::waitForConnected(std::chrono::milliseconds timeout)
{
    return d_func()->waitForConnected(QDeadlineTimer(timeout));
}

bool LocalSocket::waitForDisconnected(int msecs)
{
    if (state() == UnconnectedState) {
        qCWarning(INTERPROCESSQT_LOG, "LocalSocket::waitForDisconnected() is not allowed in UnconnectedState");
        return false;
    }
    return d_func()->waitForDisconnected(QDeadlineTimer(msecs));
}

bool LocalSocket::waitForDisconnected(std::chrono::milliseconds timeout)
{
    return waitForDisconnected(int(timeout.count()));
}

namespace
{
template<typename Enum>
QDebug writeKey(QDebug debug, Enum value)
{
    const QDebugStateSaver saver(debug);
    const char *key = QMetaEnum::fromType<Enum>().valueToKey(value);
    debug.nospace() << "LocalSocket::";
    if (key)
        debug << key;
    else
        debug << int(value);
    return debug;
}
} // namespace

QDebug operator<<(QDebug debug, LocalSocket::LocalSocketError error)
{
    return writeKey(debug, error);
}

QDebug operator<<(QDebug debug, LocalSocket::LocalSocketState state)
{
    return writeKey(debug, state);
}

} // namespace InterprocessQt
