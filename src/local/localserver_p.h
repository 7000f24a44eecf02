// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSERVER_P_H
#define INTERPROCESSQT_LOCALSERVER_P_H

#include "localbackend_p.h"
#include "stream/lifeguard_p.h"

#include <InterprocessQt/LocalServer.h>

#include <QtCore/qcoreevent.h>
#include <QtCore/qiodevice.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

#include <chrono>
#include <memory>
#include <optional>

class QTimer;

namespace InterprocessQt
{
class LocalSocket;

class LocalServerPrivate : public Life, public ListenerClient
{
public:
    explicit LocalServerPrivate(LocalServer *server)
        : q(server)
    {
    }
    virtual ~LocalServerPrivate();

    bool listen(const Address &where, const QString &name);
    bool adopt(NativeHandle::Type handle);
    bool adoptActivated(const QString &name);
    void close();
    bool waitForNewConnection(QDeadlineTimer deadline, bool *timedOut);
    LocalSocket *takePending();
    void addPending(LocalSocket *socket);
    void pendingDestroyed(LocalSocket *socket);
    void updateEnabled();
    void threadChanging();
    void joinThread();
    bool refuseWhileListening();
    // Tells that the server listens, if it does; the last thing to be done, for a slot may destroy it.
    bool told(bool listens) const
    {
        if (listens)
            Q_EMIT q->listeningChanged();
        return listens;
    }

    // An unconnected one, for a client that has been accepted.
    [[nodiscard]] virtual std::unique_ptr<LocalSocket> makeSocket();
    [[nodiscard]] virtual LocalKind kind() const
    {
        return LocalKind::Stream;
    }
    [[nodiscard]] virtual std::unique_ptr<LocalListener> makeListener()
    {
        return LocalListener::make(*this, kind());
    }
    // What the sockets of a client are open for.
    [[nodiscard]] virtual QIODevice::OpenMode openMode() const
    {
        return QIODevice::ReadWrite;
    }
    // Has the system decided by permissions who may connect?
    [[nodiscard]] virtual bool hasPermissions() const
    {
        return address.kind() == Address::Kind::FilePath;
    }
    // The name is taken, or a handle has been taken over.
    virtual void started();

    void acceptReady() override;

    LocalServer *const q;
    std::unique_ptr<LocalListener> listener;
    QList<LocalSocket *> pending; // one that is destroyed before anybody has asked for it leaves the list
    bool newlyPending = false; // newConnection() is to tell of it
    Address address;
    QString serverName;
    QString fullServerName;

    LocalServer::ServerError error = LocalServer::UnknownSocketError;
    int nativeError = 0;
    QString errorString;

    QProperty<LocalServer::SocketOptions> options;
    LocalServer::NamePolicy namePolicy = LocalServer::NamePolicy::TakeOverStale;
    LocalServer::PeerPolicy peerPolicy = LocalServer::PeerPolicy::ByOptions;
    LocalServer::PeerPredicate peerPredicate;
    int maxPending = 30;
    int backlog = 50;

    qint64 readBufferSize = 0;
    qint64 writeBufferLimit = 0;
    bool halfOpenAllowed = false;

    NativeHandle::Type beingAccepted = NativeHandle::Invalid; // while incomingConnection() runs for it
    static QEvent::Type attachEventType();
    static LocalServerPrivate *get(const LocalServer *server)
    {
        return server->d.get();
    }

private:
    enum class Outcome {
        Taken,
        Refused,
        Nothing,
    };
    Outcome acceptOne();
    void setError(const ErrorInfo &info);
    void clearError();
    bool mayConnect(NativeHandle::Type handle, PeerCredentials &peer) const;
    void pause();

    QTimer *resumeTimer = nullptr; // child of q
    std::chrono::milliseconds resumeDelay{0}; // 0: accepting
};

} // namespace InterprocessQt

#endif
