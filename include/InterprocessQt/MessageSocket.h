// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESOCKET_H
#define INTERPROCESSQT_MESSAGESOCKET_H

#include <InterprocessQt/Address.h>
#include <InterprocessQt/LocalSocket.h>
#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/PeerCredentials.h>
#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace InterprocessQt
{
class MessageSocketPrivate;

// Messages between two processes of one machine: ordered, reliable, each arrives whole.
class INTERPROCESSQT_EXPORT MessageSocket : public QObject
{
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(bool reconnect READ isReconnectEnabled WRITE setReconnectEnabled NOTIFY reconnectChanged)
    Q_PROPERTY(int connectTimeout READ connectTimeout WRITE setConnectTimeout NOTIFY connectTimeoutChanged)
    Q_PROPERTY(qint64 maximumMessageSize READ maximumMessageSize WRITE setMaximumMessageSize NOTIFY maximumMessageSizeChanged)
    Q_PROPERTY(qint64 readBufferSize READ readBufferSize WRITE setReadBufferSize NOTIFY readBufferSizeChanged)
    Q_PROPERTY(qint64 writeBufferLimit READ writeBufferLimit WRITE setWriteBufferLimit NOTIFY writeBufferLimitChanged)
    Q_PROPERTY(bool congested READ isCongested NOTIFY congestedChanged)
    Q_PROPERTY(bool automaticDelivery READ isAutomaticDelivery WRITE setAutomaticDelivery NOTIFY automaticDeliveryChanged)
    Q_PROPERTY(InterprocessQt::PeerCredentials peerCredentials READ peerCredentials NOTIFY stateChanged)
    Q_PROPERTY(InterprocessQt::StreamDevice::Error error READ error NOTIFY errorOccurred)
    Q_PROPERTY(int nativeError READ nativeError NOTIFY errorOccurred)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorOccurred)
    Q_PROPERTY(int maximumHandles READ maximumHandles WRITE setMaximumHandles NOTIFY maximumHandlesChanged)

public:
    using Error = StreamDevice::Error;
    using State = LocalSocket::LocalSocketState;

    // What carries the messages. Both sides must use the same.
    enum class Transport {
        Automatic,
        Packets,
        Stream,
    };
    Q_ENUM(Transport)

    static constexpr qint64 DefaultMaximumMessageSize = 16 * 1024 * 1024;
    static constexpr int MaximumHandles = 253;

    explicit MessageSocket(QObject *parent = nullptr);
    explicit MessageSocket(Transport transport, QObject *parent = nullptr);
    ~MessageSocket() override;
    [[nodiscard]] static std::pair<std::unique_ptr<MessageSocket>, std::unique_ptr<MessageSocket>> pair(Transport transport = Transport::Automatic);
    [[nodiscard]] Transport transport() const;

    // Connecting
    Q_INVOKABLE void connectToServer();
    void connectToServer(const QString &name);
    void connectToServer(const Address &address);
    Q_INVOKABLE void disconnectFromServer();
    Q_INVOKABLE void abort();
    void setServerName(const QString &name);
    void setServerAddress(const Address &address);
    [[nodiscard]] QString serverName() const;
    [[nodiscard]] QString fullServerName() const;
    [[nodiscard]] Address serverAddress() const;
    [[nodiscard]] State state() const;
    [[nodiscard]] bool isValid() const;
    bool setSocketDescriptor(qintptr socketDescriptor);
    [[nodiscard]] qintptr socketDescriptor() const;

    [[nodiscard]] int connectTimeout() const;
    void setConnectTimeout(int msecs);
    void setConnectTimeout(std::chrono::milliseconds timeout);
    [[nodiscard]] bool isReconnectEnabled() const;
    void setReconnectEnabled(bool enabled);
    [[nodiscard]] std::chrono::milliseconds minimumReconnectDelay() const;
    [[nodiscard]] std::chrono::milliseconds maximumReconnectDelay() const;
    void setReconnectDelays(std::chrono::milliseconds minimum, std::chrono::milliseconds maximum);

    // Sending
    Q_INVOKABLE bool send(const QByteArray &message);
    bool send(const QByteArray &message, std::vector<NativeHandle> &&handles);
    [[nodiscard]] qint64 bytesToWrite() const;
    [[nodiscard]] qint64 writeBufferLimit() const;
    void setWriteBufferLimit(qint64 size);
    [[nodiscard]] bool isCongested() const;

    // Receiving
    [[nodiscard]] bool isAutomaticDelivery() const;
    void setAutomaticDelivery(bool automatic);
    [[nodiscard]] Q_INVOKABLE bool hasPendingMessages();
    [[nodiscard]] std::optional<QByteArray> receive();
    [[nodiscard]] std::vector<NativeHandle> takeHandles();
    [[nodiscard]] qint64 readBufferSize() const;
    void setReadBufferSize(qint64 size);
    [[nodiscard]] int maximumHandles() const;
    void setMaximumHandles(int count);

    [[nodiscard]] qint64 maximumMessageSize() const;
    void setMaximumMessageSize(qint64 size);

    // The peer
    [[nodiscard]] PeerCredentials peerCredentials() const;
    [[nodiscard]] NativeHandle openPeerProcess() const;

    // What went wrong last
    [[nodiscard]] Error error() const;
    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    bool waitForConnected(int msecs = 30000);
    bool waitForMessage(int msecs = 30000);
    bool waitForBytesWritten(int msecs = 30000);
    bool waitForDisconnected(int msecs = 30000);

Q_SIGNALS:
    void connected();
    void disconnected();
    void stateChanged(InterprocessQt::LocalSocket::LocalSocketState state);
    void errorOccurred(InterprocessQt::StreamDevice::Error error);
    void messageReceived(const QByteArray &message);
    void messagesPending();
    void bytesWritten(qint64 bytes);
    void congestedChanged(bool congested);
    void handlesLost();
    void reconnectScheduled(int attempt, std::chrono::milliseconds delay);
    void reconnectChanged();
    void connectTimeoutChanged();
    void maximumMessageSizeChanged();
    void readBufferSizeChanged();
    void writeBufferLimitChanged();
    void automaticDeliveryChanged();
    void maximumHandlesChanged();

protected:
    void connectNotify(const QMetaMethod &signal) override;

private:
    friend class MessageServer;
    friend class MessageSocketPrivate;
    explicit MessageSocket(MessageSocketPrivate &dd, QObject *parent);
    std::unique_ptr<MessageSocketPrivate> const d;
    Q_DISABLE_COPY_MOVE(MessageSocket)
};

} // namespace InterprocessQt

#endif
