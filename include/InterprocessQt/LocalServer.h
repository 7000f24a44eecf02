// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSERVER_H
#define INTERPROCESSQT_LOCALSERVER_H

#include <InterprocessQt/Address.h>
#include <InterprocessQt/PeerCredentials.h>
#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qobject.h>
#include <QtCore/qproperty.h>

#include <chrono>
#include <functional>
#include <memory>

namespace InterprocessQt
{
class LocalServer;
class LocalServerPrivate;
class LocalSocket;

// Accepts local sockets at an address; QLocalServer's API and more.
class INTERPROCESSQT_EXPORT LocalServer : public QObject
{
    Q_OBJECT
    Q_PROPERTY(SocketOptions socketOptions READ socketOptions WRITE setSocketOptions BINDABLE bindableSocketOptions)
    Q_PROPERTY(bool listening READ isListening NOTIFY listeningChanged)
    Q_PROPERTY(QString serverName READ serverName NOTIFY listeningChanged)
    Q_PROPERTY(QString fullServerName READ fullServerName NOTIFY listeningChanged)
    Q_PROPERTY(InterprocessQt::Address serverAddress READ serverAddress NOTIFY listeningChanged)
    Q_PROPERTY(NamePolicy namePolicy READ namePolicy WRITE setNamePolicy NOTIFY namePolicyChanged)
    Q_PROPERTY(PeerPolicy peerPolicy READ peerPolicy WRITE setPeerPolicy NOTIFY peerPolicyChanged)
    Q_PROPERTY(int listenBacklogSize READ listenBacklogSize WRITE setListenBacklogSize NOTIFY listenBacklogSizeChanged)
    Q_PROPERTY(qint64 readBufferSize READ readBufferSize WRITE setReadBufferSize NOTIFY readBufferSizeChanged)
    Q_PROPERTY(qint64 writeBufferLimit READ writeBufferLimit WRITE setWriteBufferLimit NOTIFY writeBufferLimitChanged)
    Q_PROPERTY(bool halfOpenAllowed READ isHalfOpenAllowed WRITE setHalfOpenAllowed NOTIFY halfOpenAllowedChanged)

public:
    enum SocketOption {
        NoOptions = 0x0,
        UserAccessOption = 0x01,
        GroupAccessOption = 0x2,
        OtherAccessOption = 0x4,
        WorldAccessOption = 0x7,
        AbstractNamespaceOption = 0x8,
    };
    Q_ENUM(SocketOption)
    Q_DECLARE_FLAGS(SocketOptions, SocketOption)
    Q_FLAG(SocketOptions)

    // The values are those of QAbstractSocket::SocketError that QLocalServer reports.
    enum ServerError {
        UnknownSocketError = -1,
        HostNotFoundError = 2,
        SocketAccessError = 3,
        SocketResourceError = 4,
        SocketTimeoutError = 5,
        AddressInUseError = 8,
        UnsupportedSocketOperationError = 10,
        OperationError = 19,
    };
    Q_ENUM(ServerError)

    // What listen() does when something already has the name.
    enum class NamePolicy {
        TakeOverStale,
        Exclusive,
        TakeOverAlways,
    };
    Q_ENUM(NamePolicy)

    // Who may connect, beyond what the permissions of a file name say.
    enum class PeerPolicy {
        ByOptions,
        SameUser,
        Any,
    };
    Q_ENUM(PeerPolicy)
    using PeerPredicate = std::function<bool(const PeerCredentials &)>;

    explicit LocalServer(QObject *parent = nullptr);
    ~LocalServer() override;

    // Listening
    bool listen(const QString &name);
    bool listen(const Address &address);
    bool listen(qintptr socketDescriptor);
    bool listenActivated(const QString &name = QString());
    Q_INVOKABLE void close();
    static bool removeServer(const QString &name);
    static bool removeServer(const Address &address);

    [[nodiscard]] bool isListening() const;
    [[nodiscard]] QString serverName() const;
    [[nodiscard]] QString fullServerName() const;
    [[nodiscard]] Address serverAddress() const;
    [[nodiscard]] qintptr socketDescriptor() const;

    [[nodiscard]] ServerError serverError() const;
    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    // How the name is taken and who may come
    void setSocketOptions(SocketOptions options);
    [[nodiscard]] SocketOptions socketOptions() const;
    QBindable<SocketOptions> bindableSocketOptions();
    [[nodiscard]] NamePolicy namePolicy() const;
    void setNamePolicy(NamePolicy policy);
    [[nodiscard]] PeerPolicy peerPolicy() const;
    void setPeerPolicy(PeerPolicy policy);
    void setPeerPolicy(PeerPredicate predicate);

    // Connections
    [[nodiscard]] virtual bool hasPendingConnections() const;
    [[nodiscard]] virtual LocalSocket *nextPendingConnection();
    [[nodiscard]] int maxPendingConnections() const;
    void setMaxPendingConnections(int numConnections);
    [[nodiscard]] int listenBacklogSize() const;
    void setListenBacklogSize(int size);
    bool waitForNewConnection(int msec = 0, bool *timedOut = nullptr);
    bool waitForNewConnection(std::chrono::milliseconds timeout, bool *timedOut = nullptr);

    // What each accepted socket starts with
    [[nodiscard]] qint64 readBufferSize() const;
    void setReadBufferSize(qint64 size);
    [[nodiscard]] qint64 writeBufferLimit() const;
    void setWriteBufferLimit(qint64 size);
    [[nodiscard]] bool isHalfOpenAllowed() const;
    void setHalfOpenAllowed(bool allowed);

    bool event(QEvent *event) override;

Q_SIGNALS:
    void newConnection();
    void errorOccurred(InterprocessQt::LocalServer::ServerError error);
    void peerRejected(const InterprocessQt::PeerCredentials &credentials);
    void listeningChanged();
    void namePolicyChanged();
    void peerPolicyChanged();
    void listenBacklogSizeChanged();
    void readBufferSizeChanged();
    void writeBufferLimitChanged();
    void halfOpenAllowedChanged();

protected:
    LocalServer(LocalServerPrivate &dd, QObject *parent);

    virtual void incomingConnection(quintptr socketDescriptor);
    void addPendingConnection(LocalSocket *socket);

private:
    friend class LocalServerPrivate;
    std::unique_ptr<LocalServerPrivate> const d;
    Q_DISABLE_COPY_MOVE(LocalServer)
};

Q_DECLARE_OPERATORS_FOR_FLAGS(LocalServer::SocketOptions)

} // namespace InterprocessQt

#endif
