// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESERVER_H
#define INTERPROCESSQT_MESSAGESERVER_H

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/MessageSocket.h>

namespace InterprocessQt
{
class MessageServerPrivate;

// Accepts message sockets at an address.
class INTERPROCESSQT_EXPORT MessageServer : public QObject
{
    Q_OBJECT
    Q_PROPERTY(bool listening READ isListening NOTIFY listeningChanged)
    Q_PROPERTY(QString serverName READ serverName NOTIFY listeningChanged)
    Q_PROPERTY(QString fullServerName READ fullServerName NOTIFY listeningChanged)
    Q_PROPERTY(InterprocessQt::Address serverAddress READ serverAddress NOTIFY listeningChanged)
    Q_PROPERTY(InterprocessQt::LocalServer::SocketOptions socketOptions READ socketOptions WRITE setSocketOptions NOTIFY socketOptionsChanged)
    Q_PROPERTY(InterprocessQt::LocalServer::NamePolicy namePolicy READ namePolicy WRITE setNamePolicy NOTIFY namePolicyChanged)
    Q_PROPERTY(InterprocessQt::LocalServer::PeerPolicy peerPolicy READ peerPolicy WRITE setPeerPolicy NOTIFY peerPolicyChanged)
    Q_PROPERTY(int listenBacklogSize READ listenBacklogSize WRITE setListenBacklogSize NOTIFY listenBacklogSizeChanged)
    Q_PROPERTY(qint64 maximumMessageSize READ maximumMessageSize WRITE setMaximumMessageSize NOTIFY maximumMessageSizeChanged)
    Q_PROPERTY(qint64 readBufferSize READ readBufferSize WRITE setReadBufferSize NOTIFY readBufferSizeChanged)
    Q_PROPERTY(qint64 writeBufferLimit READ writeBufferLimit WRITE setWriteBufferLimit NOTIFY writeBufferLimitChanged)

public:
    using Transport = MessageSocket::Transport;
    using ServerError = LocalServer::ServerError;
    using SocketOptions = LocalServer::SocketOptions;
    using NamePolicy = LocalServer::NamePolicy;
    using PeerPolicy = LocalServer::PeerPolicy;
    using PeerPredicate = LocalServer::PeerPredicate;

    explicit MessageServer(QObject *parent = nullptr);
    explicit MessageServer(Transport transport, QObject *parent = nullptr);
    ~MessageServer() override;
    [[nodiscard]] Transport transport() const;

    // Listening
    bool listen(const QString &name);
    bool listen(const Address &address);
    bool listen(qintptr socketDescriptor);
    bool listenActivated(const QString &name = QString());
    Q_INVOKABLE void close();
    [[nodiscard]] bool isListening() const;
    [[nodiscard]] QString serverName() const;
    [[nodiscard]] QString fullServerName() const;
    [[nodiscard]] Address serverAddress() const;
    [[nodiscard]] qintptr socketDescriptor() const;
    [[nodiscard]] ServerError serverError() const;
    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    // How the name is taken and who may come
    [[nodiscard]] SocketOptions socketOptions() const;
    void setSocketOptions(SocketOptions options);
    [[nodiscard]] NamePolicy namePolicy() const;
    void setNamePolicy(NamePolicy policy);
    [[nodiscard]] PeerPolicy peerPolicy() const;
    void setPeerPolicy(PeerPolicy policy);
    void setPeerPolicy(PeerPredicate predicate);

    // Connections
    [[nodiscard]] bool hasPendingConnections() const;
    [[nodiscard]] MessageSocket *nextPendingConnection();
    bool takePendingConnection(MessageSocket *socket);
    [[nodiscard]] int maxPendingConnections() const;
    void setMaxPendingConnections(int numConnections);
    [[nodiscard]] int listenBacklogSize() const;
    void setListenBacklogSize(int size);
    bool waitForNewConnection(int msecs = 30000, bool *timedOut = nullptr);
    bool waitForNewConnection(std::chrono::milliseconds timeout, bool *timedOut = nullptr);

    // What each accepted socket starts with
    [[nodiscard]] qint64 maximumMessageSize() const;
    void setMaximumMessageSize(qint64 size);
    [[nodiscard]] qint64 readBufferSize() const;
    void setReadBufferSize(qint64 size);
    [[nodiscard]] qint64 writeBufferLimit() const;
    void setWriteBufferLimit(qint64 size);
    [[nodiscard]] int maximumHandles() const;
    void setMaximumHandles(int count);

Q_SIGNALS:
    void newConnection();
    void errorOccurred(InterprocessQt::LocalServer::ServerError error);
    void peerRejected(const InterprocessQt::PeerCredentials &credentials);
    void listeningChanged();
    void socketOptionsChanged();
    void namePolicyChanged();
    void peerPolicyChanged();
    void listenBacklogSizeChanged();
    void maximumMessageSizeChanged();
    void readBufferSizeChanged();
    void writeBufferLimitChanged();

private:
    std::unique_ptr<MessageServerPrivate> const d;
    Q_DISABLE_COPY_MOVE(MessageServer)
};

} // namespace InterprocessQt

#endif
