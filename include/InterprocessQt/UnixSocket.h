// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNIXSOCKET_H
#define INTERPROCESSQT_UNIXSOCKET_H

#include <InterprocessQt/FileDescriptor.h>
#include <InterprocessQt/LocalSocket.h>
#include <InterprocessQt/UnixMessage.h>

#include <optional>
#include <span>

namespace InterprocessQt
{
class UnixSocketPrivate;

// A local socket with all that a Unix domain stream socket can do: descriptors and credentials beside the bytes.
class INTERPROCESSQT_EXPORT UnixSocket : public InterprocessQt::LocalSocket
{
    Q_OBJECT
    Q_PROPERTY(int maximumDescriptors READ maximumDescriptors WRITE setMaximumDescriptors NOTIFY maximumDescriptorsChanged)
    Q_PROPERTY(bool credentialsEnabled READ isCredentialsEnabled WRITE setCredentialsEnabled NOTIFY credentialsEnabledChanged)

public:
    explicit UnixSocket(QObject *parent = nullptr);
    ~UnixSocket() override;
    [[nodiscard]] static std::pair<std::unique_ptr<UnixSocket>, std::unique_ptr<UnixSocket>> pair();

    // Units: bytes with what comes beside them
    qint64 send(UnixMessage &&message);
    qint64 send(const QByteArray &data, FileDescriptor &&descriptor);
    [[nodiscard]] std::optional<UnixMessage> receive();

    // Descriptors
    [[nodiscard]] int maximumDescriptors() const;
    void setMaximumDescriptors(int count);
    [[nodiscard]] int descriptorsAvailable() const;
    [[nodiscard]] FileDescriptor takeDescriptor();

    // Credentials with each message
    [[nodiscard]] bool isCredentialsEnabled() const;
    bool setCredentialsEnabled(bool enabled);
    bool requestCredentials();

    // Several pieces at once
    qint64 writeVectored(std::span<const QByteArrayView> pieces);
    qint64 readVectored(std::span<const std::span<char>> pieces);

    bool closeReadChannel();

    [[nodiscard]] Address localAddress() const;
    [[nodiscard]] Address peerAddress() const;

    [[nodiscard]] int sendBufferSize() const;
    bool setSendBufferSize(int size);
    [[nodiscard]] int receiveBufferSize() const;
    bool setReceiveBufferSize(int size);

    [[nodiscard]] FileDescriptor releaseSocketDescriptor();

Q_SIGNALS:
    void descriptorsLost();
    void maximumDescriptorsChanged();
    void credentialsEnabledChanged();

protected:
    UnixSocket(UnixSocketPrivate &dd, QObject *parent);

private:
    [[nodiscard]] UnixSocketPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(UnixSocket)
};

} // namespace InterprocessQt

#endif
