// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPE_H
#define INTERPROCESSQT_NAMEDPIPE_H

#include <InterprocessQt/LocalSocket.h>

#include <functional>
#include <optional>

namespace InterprocessQt
{
class NamedPipePrivate;

// A local socket with all that a named pipe of Windows can do.
class INTERPROCESSQT_EXPORT NamedPipe : public InterprocessQt::LocalSocket
{
    Q_OBJECT
    Q_PROPERTY(Mode receiveMode READ receiveMode WRITE setReceiveMode NOTIFY receiveModeChanged)
    Q_PROPERTY(Mode sendMode READ sendMode WRITE setSendMode NOTIFY sendModeChanged)
    Q_PROPERTY(QString host READ host WRITE setHost NOTIFY hostChanged)
    Q_PROPERTY(qint64 maximumMessageSize READ maximumMessageSize WRITE setMaximumMessageSize NOTIFY maximumMessageSizeChanged)

public:
    // What travels in one direction.
    enum class Mode {
        Bytes,
        Messages,
    };
    Q_ENUM(Mode)

    // What a server may do with the identity of its client.
    enum class Impersonation {
        Anonymous,
        Identification,
        Impersonation,
        Delegation,
    };
    Q_ENUM(Impersonation)

    // Which servers a client stays connected to.
    enum class ServerPolicy {
        Any,
        SameUser,
    };
    Q_ENUM(ServerPolicy)
    using ServerPredicate = std::function<bool(const PeerCredentials &)>;

    static constexpr qint64 DefaultMaximumMessageSize = 16 * 1024 * 1024;

    explicit NamedPipe(QObject *parent = nullptr);
    ~NamedPipe() override;

    // How to connect
    using LocalSocket::connectToServer;
    void connectToServer(const QString &name, OpenMode openMode = ReadWrite);
    void connectToHost(const QString &host, const QString &name, OpenMode openMode = ReadWrite);
    [[nodiscard]] QString host() const;
    void setHost(const QString &host);
    [[nodiscard]] Mode receiveMode() const;
    void setReceiveMode(Mode mode);
    [[nodiscard]] Mode sendMode() const;
    void setSendMode(Mode mode);
    [[nodiscard]] Impersonation impersonationLevel() const;
    void setImpersonationLevel(Impersonation level);
    [[nodiscard]] ServerPolicy serverPolicy() const;
    void setServerPolicy(ServerPolicy policy);
    void setServerPolicy(ServerPredicate predicate);
    [[nodiscard]] bool isServerTimeoutUsed() const;
    void setServerTimeoutUsed(bool used);
    [[nodiscard]] bool isWriteThrough() const;
    void setWriteThrough(bool writeThrough);
    [[nodiscard]] bool isInheritable() const;
    bool setInheritable(bool inheritable);

    // Messages
    bool send(const QByteArray &message);
    [[nodiscard]] bool hasPendingMessages() const;
    [[nodiscard]] std::optional<qint64> pendingMessageSize() const;
    [[nodiscard]] std::optional<QByteArray> peekMessage();
    [[nodiscard]] std::optional<QByteArray> receive();
    [[nodiscard]] qint64 maximumMessageSize() const;
    void setMaximumMessageSize(qint64 size);
    bool waitForMessage(int msecs = 30000);

    [[nodiscard]] qint64 bytesToWrite() const override;

    // Both ends
    [[nodiscard]] bool isServerEnd() const;
    [[nodiscard]] bool isClientEnd() const;
    [[nodiscard]] std::optional<qint64> serverProcessId() const;
    [[nodiscard]] std::optional<qint64> clientProcessId() const;
    [[nodiscard]] std::optional<quint32> serverSessionId() const;
    [[nodiscard]] std::optional<quint32> clientSessionId() const;

    bool flushToPeer();
    bool disconnectClient();
    [[nodiscard]] NativeHandle releaseHandle();

Q_SIGNALS:
    void messagesPending();
    void messageDiscarded(qint64 size);
    void flushedToPeer(bool done);
    void receiveModeChanged();
    void sendModeChanged();
    void hostChanged();
    void maximumMessageSizeChanged();

protected:
    qint64 writeData(const char *data, qint64 size) override;

private:
    friend class ImpersonationGuard;
    friend class NamedPipePrivate;
    [[nodiscard]] NamedPipePrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(NamedPipe)
};

} // namespace InterprocessQt

#endif
