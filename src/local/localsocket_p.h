// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_LOCALSOCKET_P_H
#define INTERPROCESSQT_LOCALSOCKET_P_H

#include "localbackend_p.h"
#include "stream/streamdevice_p.h"

#include <InterprocessQt/LocalSocket.h>

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qelapsedtimer.h>

#include <chrono>
#include <memory>
#include <optional>

class QTimer;

namespace InterprocessQt
{
class LocalServerPrivate;

// Until then, as a timer takes it.
[[nodiscard]] inline std::chrono::milliseconds remaining(QDeadlineTimer deadline)
{
    return deadline.isForever() ? std::chrono::milliseconds::max() : std::chrono::ceil<std::chrono::milliseconds>(deadline.remainingTimeAsDuration());
}

// The life of a connection: what LocalSocket adds to a stream. Its beginning is in localconnection.cpp, its end in
// localend.cpp, timers and waits in localwait.cpp.
class LocalSocketPrivate : public StreamDevicePrivate
{
public:
    using State = LocalSocket::LocalSocketState;

    ~LocalSocketPrivate() override;
    static LocalSocketPrivate *get(const LocalSocket *socket)
    {
        return static_cast<LocalSocketPrivate *>(StreamDevicePrivate::get(socket));
    }
    [[nodiscard]] LocalSocket *socket() const
    {
        return static_cast<LocalSocket *>(q);
    }

    void connectToServer(QIODevice::OpenMode mode);
    void disconnectFromServer();
    void close();
    void abort();
    [[nodiscard]] bool canAdopt(NativeHandle::Type handle, State newState); // made fit for use
    bool adopt(NativeHandle::Type handle, State newState, QIODevice::OpenMode mode);
    void adoptTrusted(NativeHandle handle, QIODevice::OpenMode mode);
    static void pairUp(LocalSocketPrivate &one, LocalSocketPrivate &other);
    bool waitForConnected(QDeadlineTimer deadline);
    bool waitForDisconnected(QDeadlineTimer deadline);
    bool waitForReadyRead(QDeadlineTimer deadline) override;
    bool waitForBytesWritten(QDeadlineTimer deadline) override;
    void setReconnectEnabled(bool enabled);
    void resolveName();
    virtual void forgetLastConnection();
    [[nodiscard]] bool connectHasFailed() const
    {
        return attempt && attempt->failure;
    }

    void finish(const std::optional<ErrorInfo> &reason);
    void tellFinished();
    [[nodiscard]] QString describe(const QString &operation) const;

    void ioReady(IoReadiness readiness) override;
    void inputFinished() override;
    void streamFailed(const IoResult &result) override;
    void outputFinished() override;
    void deliverPending() override;
    void threadJoined() override;
    bool acceptsWrites() const override;
    bool canHalfClose() const override;
    // One try; never blocks.
    [[nodiscard]] virtual ConnectResult tryToConnect()
    {
        return tryConnect(address, kind());
    }
    // Makes a handle from elsewhere fit for use, or says why it is none.
    [[nodiscard]] virtual std::optional<ErrorInfo> prepareForeign(NativeHandle::Type handle)
    {
        return prepareForeignStream(handle, kind());
    }
    // The stream of a connection that has been made.
    [[nodiscard]] virtual std::unique_ptr<StreamIo> makeStream(NativeHandle handle);
    [[nodiscard]] virtual LocalKind kind() const
    {
        return LocalKind::Stream;
    }
    bool isConnecting() const override
    {
        return state == LocalSocket::ConnectingState;
    }

    QString serverName;
    Address address;
    QIODevice::OpenMode openMode; // of this connection, or of the next attempt
    QProperty<LocalSocket::SocketOptions> options;
    State state = LocalSocket::UnconnectedState;
    LocalServerPrivate *pendingAt = nullptr; // the server that has accepted it, until somebody asks for it

    struct Settings {
        std::chrono::milliseconds connectTimeout{30'000};
        std::chrono::milliseconds minimumDelay{100};
        std::chrono::milliseconds maximumDelay{10'000};
        int failedAttempts = 0; // since a connection that lasted
        QElapsedTimer connectedSince;
    };
    // Most sockets, those of a server above all, never need them.
    Settings &settings();
    [[nodiscard]] const Settings &constSettings() const;
    // How long a socket that was closed with data to write waits for the peer to take some of it. Only tests change it.
    static inline std::chrono::milliseconds lingerTime{30'000};
    bool reconnect = false;
    bool named = false; // the address was given as a name, which means what the options say when it is used

private:
    struct Attempt {
        QDeadlineTimer deadline;
        std::chrono::milliseconds retryDelay{1};
        std::optional<ErrorInfo> failure; // to be told from the event loop
    };

    void beginConnecting();
    void tryOnce();
    void announceConnected();
    void fail(const ErrorInfo &reason);
    void reportMisuse(const QString &text);
    void beginClosing();
    void linger();
    [[nodiscard]] ErrorInfo peerClosed() const;
    void setState(State newState);
    void emitError();
    void scheduleReconnect();
    void startTimer(std::chrono::milliseconds delay);
    void stopTimer();
    void timedOut();

    // What is still to be told of a connection that has ended, in this order. Kept, and not only known to the function that
    // tells it: a slot may move the object to another thread, where the rest is told.
    enum class Untold : quint8 { Nothing, Error, State, ReadChannel, Disconnected, Next };

    std::unique_ptr<Settings> extra;
    std::unique_ptr<Attempt> attempt; // while connecting
    // While there is something to write before the end.
    struct Closing {
        qint64 left; // to write, when its time last began
        QDeadlineTimer deadline;
    };
    std::unique_ptr<Closing> closing;
    QTimer *timer = nullptr; // child of q, so that it moves along: to retry, to reconnect, or to end lingering
    bool misuse = false; // a call came at the wrong time, which is to be told from the event loop
    bool endAskedFor = false;
    bool tellConnected = false;
    bool announced = false; // connected() has been emitted, so disconnected() will be
    bool finishing = false; // a connection is being taken down, and signals tell of it
    bool stayDisconnected = false; // the end was asked for: reconnecting is not wanted
    bool connectAgain = false; // asked for by a slot meanwhile
    bool closedByPeer = false;
    bool brokenTold = false;
    Untold untold = Untold::Nothing;
    bool hadStream = false; // the connection that is being told of
    bool ownErrorUntold = false; // StreamDevice::errorOccurred() is out, LocalSocket's is not
};

} // namespace InterprocessQt

#endif
