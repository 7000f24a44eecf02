// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXDATAGRAMSOCKET_H
#define INTERPROCESSQT_UNIXDATAGRAMSOCKET_H

#include <InterprocessQt/Address.h>
#include <InterprocessQt/FileDescriptor.h>
#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/StreamDevice.h>
#include <InterprocessQt/UnixMessage.h>
#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qobject.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace InterprocessQt
{
class UnixDatagramSocketPrivate;

// Messages without a connection between the processes of one machine: each arrives whole, in order, or not at all.
class INTERPROCESSQT_EXPORT UnixDatagramSocket : public QObject
{
    Q_OBJECT
    Q_PROPERTY(bool congested READ isCongested NOTIFY congestedChanged)
    Q_PROPERTY(int sendQueueLimit READ sendQueueLimit WRITE setSendQueueLimit NOTIFY sendQueueLimitChanged)
    Q_PROPERTY(qint64 sendQueueByteLimit READ sendQueueByteLimit WRITE setSendQueueByteLimit NOTIFY sendQueueLimitChanged)
    Q_PROPERTY(qint64 sendQueueTotalLimit READ sendQueueTotalLimit WRITE setSendQueueTotalLimit NOTIFY sendQueueLimitChanged)
    Q_PROPERTY(int maximumDescriptors READ maximumDescriptors WRITE setMaximumDescriptors NOTIFY maximumDescriptorsChanged)
    Q_PROPERTY(bool credentialsEnabled READ isCredentialsEnabled WRITE setCredentialsEnabled NOTIFY credentialsEnabledChanged)
    Q_PROPERTY(InterprocessQt::UnixDatagramSocket::Error error READ error NOTIFY errorOccurred)
    Q_PROPERTY(int nativeError READ nativeError NOTIFY errorOccurred)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorOccurred)

public:
    // The values are those of StreamDevice::Error, and of LocalServer::ServerError for a name that is taken.
    enum Error {
        UnknownSocketError = -1,
        ConnectionRefusedError = 0,
        PeerClosedError = 1,
        ServerNotFoundError = 2,
        SocketAccessError = 3,
        SocketResourceError = 4,
        SocketTimeoutError = 5,
        DatagramTooLargeError = 6,
        ConnectionError = 7,
        AddressInUseError = 8,
        UnsupportedSocketOperationError = 10,
        OperationError = 19,
    };
    Q_ENUM(Error)

    explicit UnixDatagramSocket(QObject *parent = nullptr);
    ~UnixDatagramSocket() override;

    // The own name
    Q_INVOKABLE bool bind();
    Q_INVOKABLE bool bind(const InterprocessQt::Address &address,
                          InterprocessQt::LocalServer::SocketOptions access = LocalServer::NoOptions,
                          InterprocessQt::LocalServer::NamePolicy policy = LocalServer::NamePolicy::TakeOverStale);
    [[nodiscard]] Address localAddress() const;
    [[nodiscard]] bool isOpen() const;
    Q_INVOKABLE void close();

    // A destination for send(), and the only one whose datagrams are received from then on
    Q_INVOKABLE bool connectTo(const InterprocessQt::Address &address);
    Q_INVOKABLE void disconnectFromPeer();
    [[nodiscard]] bool isConnected() const;
    [[nodiscard]] Address peerAddress() const;

    // Descriptors
    [[nodiscard]] static std::pair<std::unique_ptr<UnixDatagramSocket>, std::unique_ptr<UnixDatagramSocket>> pair();
    bool setSocketDescriptor(qintptr socketDescriptor);
    [[nodiscard]] qintptr socketDescriptor() const;
    [[nodiscard]] FileDescriptor releaseSocketDescriptor();

    // Sending. What is refused stays the caller's, with its descriptors.
    bool send(UnixMessage &&message);
    Q_INVOKABLE bool send(const QByteArray &data);
    bool sendTo(UnixMessage &&message, const Address &destination);
    Q_INVOKABLE bool sendTo(const QByteArray &data, const InterprocessQt::Address &destination);
    [[nodiscard]] qint64 maximumDatagramSize() const;

    [[nodiscard]] int datagramsToSend() const;
    [[nodiscard]] int datagramsToSend(const Address &destination) const;
    [[nodiscard]] int sendQueueLimit() const;
    void setSendQueueLimit(int datagrams);
    [[nodiscard]] qint64 sendQueueByteLimit() const;
    void setSendQueueByteLimit(qint64 bytes);
    static constexpr qint64 QueuedDatagramOverhead = 256;
    [[nodiscard]] qint64 sendQueueTotalLimit() const;
    void setSendQueueTotalLimit(qint64 bytes);
    [[nodiscard]] bool isCongested() const;

    // Receiving
    [[nodiscard]] Q_INVOKABLE bool hasPendingDatagrams() const;
    [[nodiscard]] Q_INVOKABLE qint64 pendingDatagramSize() const;
    [[nodiscard]] std::optional<UnixMessage> receive(qint64 maxSize = -1);

    [[nodiscard]] int maximumDescriptors() const;
    void setMaximumDescriptors(int count);
    [[nodiscard]] bool isCredentialsEnabled() const;
    bool setCredentialsEnabled(bool enabled);

    // The buffers of the kernel, in bytes
    [[nodiscard]] int sendBufferSize() const;
    bool setSendBufferSize(int size);
    [[nodiscard]] int receiveBufferSize() const;
    bool setReceiveBufferSize(int size);

    bool waitForReadyRead(int msecs = 30000);
    bool waitForReadyRead(std::chrono::milliseconds timeout);
    bool waitForDatagramsSent(int msecs = 30000);
    bool waitForDatagramsSent(std::chrono::milliseconds timeout);

    [[nodiscard]] Error error() const;
    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    bool event(QEvent *event) override;

Q_SIGNALS:
    void readyRead();
    void datagramsSent(int count);
    void datagramsDropped(const InterprocessQt::Address &destination, int count);
    void descriptorsLost();
    void errorOccurred(InterprocessQt::UnixDatagramSocket::Error error);
    void congestedChanged(bool congested);
    void sendQueueLimitChanged();
    void maximumDescriptorsChanged();
    void credentialsEnabledChanged();

private:
    friend class UnixDatagramSocketPrivate;
    std::unique_ptr<UnixDatagramSocketPrivate> const d;
    Q_DISABLE_COPY_MOVE(UnixDatagramSocket)
};

} // namespace InterprocessQt

#endif
