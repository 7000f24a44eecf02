// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSOCKET_H
#define INTERPROCESSQT_LOCALSOCKET_H

#include <InterprocessQt/Address.h>
#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/PeerCredentials.h>
#include <InterprocessQt/StreamDevice.h>

#include <QtCore/qproperty.h>

namespace InterprocessQt
{
class LocalSocketPrivate;

// A stream between two processes of one machine; QLocalSocket's API and more.
class INTERPROCESSQT_EXPORT LocalSocket : public InterprocessQt::StreamDevice
{
    Q_OBJECT
    Q_PROPERTY(SocketOptions socketOptions READ socketOptions WRITE setSocketOptions BINDABLE bindableSocketOptions)
    Q_PROPERTY(LocalSocketState state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool reconnect READ isReconnectEnabled WRITE setReconnectEnabled NOTIFY reconnectChanged)
    Q_PROPERTY(int connectTimeout READ connectTimeout WRITE setConnectTimeout NOTIFY connectTimeoutChanged)
    Q_PROPERTY(InterprocessQt::PeerCredentials peerCredentials READ peerCredentials NOTIFY stateChanged)

public:
    using LocalSocketError = StreamDevice::Error;

    enum LocalSocketState {
        UnconnectedState = 0,
        ConnectingState = 2,
        ConnectedState = 3,
        ClosingState = 6,
    };
    Q_ENUM(LocalSocketState)

    enum SocketOption {
        NoOptions = 0x00,
        AbstractNamespaceOption = 0x01,
    };
    Q_ENUM(SocketOption)
    Q_DECLARE_FLAGS(SocketOptions, SocketOption)
    Q_FLAG(SocketOptions)

    explicit LocalSocket(QObject *parent = nullptr);
    ~LocalSocket() override;

    // Connecting
    void connectToServer(OpenMode openMode = ReadWrite);
    void connectToServer(const QString &name, OpenMode openMode = ReadWrite);
    void connectToServer(const Address &address, OpenMode openMode = ReadWrite);
    Q_INVOKABLE void disconnectFromServer();
    bool open(OpenMode openMode = ReadWrite) override;
    void close() override;
    void abort() override;

    void setServerName(const QString &name);
    void setServerAddress(const Address &address);
    [[nodiscard]] QString serverName() const;
    [[nodiscard]] QString fullServerName() const;
    [[nodiscard]] Address serverAddress() const;

    void setSocketOptions(SocketOptions options);
    [[nodiscard]] SocketOptions socketOptions() const;
    QBindable<SocketOptions> bindableSocketOptions();

    [[nodiscard]] LocalSocketState state() const;
    [[nodiscard]] bool isValid() const;

    // Time-outs and reconnecting
    [[nodiscard]] int connectTimeout() const;
    void setConnectTimeout(int msecs);
    void setConnectTimeout(std::chrono::milliseconds timeout);
    [[nodiscard]] bool isReconnectEnabled() const;
    void setReconnectEnabled(bool enabled);
    [[nodiscard]] std::chrono::milliseconds minimumReconnectDelay() const;
    [[nodiscard]] std::chrono::milliseconds maximumReconnectDelay() const;
    void setReconnectDelays(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum);

    // Descriptors
    bool setSocketDescriptor(qintptr socketDescriptor, LocalSocketState socketState = ConnectedState, OpenMode openMode = ReadWrite);
    bool setSocketDescriptor(NativeHandle &&socketDescriptor, LocalSocketState socketState = ConnectedState, OpenMode openMode = ReadWrite);
    [[nodiscard]] qintptr socketDescriptor() const;
    [[nodiscard]] static std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>> pair();

    // The peer
    [[nodiscard]] PeerCredentials peerCredentials() const;
    [[nodiscard]] NativeHandle openPeerProcess() const;

    bool waitForConnected(int msecs = 30000);
    bool waitForConnected(std::chrono::milliseconds timeout);
    bool waitForDisconnected(int msecs = 30000);
    bool waitForDisconnected(std::chrono::milliseconds timeout);

Q_SIGNALS:
    void connected();
    void disconnected();
    void errorOccurred(InterprocessQt::LocalSocket::LocalSocketError socketError);
    void stateChanged(InterprocessQt::LocalSocket::LocalSocketState socketState);
    void reconnectScheduled(int attempt, std::chrono::milliseconds delay);
    void reconnectChanged();
    void connectTimeoutChanged();

protected:
    LocalSocket(LocalSocketPrivate &dd, QObject *parent);

private:
    friend class LocalServer;
    friend class LocalSocketPrivate;
    LocalSocketPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(LocalSocket)
};

Q_DECLARE_OPERATORS_FOR_FLAGS(LocalSocket::SocketOptions)

INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, LocalSocket::LocalSocketState state);

} // namespace InterprocessQt

#endif
