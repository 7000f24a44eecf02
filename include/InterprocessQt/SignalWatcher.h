// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALWATCHER_H
#define INTERPROCESSQT_SIGNALWATCHER_H

#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/SignalInfo.h>
#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qlist.h>
#include <QtCore/qobject.h>

#include <chrono>
#include <memory>

namespace InterprocessQt
{
class SignalWatcherPrivate;

// The signals that this process is sent, as signals of Qt; and the sending of them.
class INTERPROCESSQT_EXPORT SignalWatcher : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QList<int> watchedSignals READ watchedSignals NOTIFY watchedSignalsChanged)

public:
    enum Option {
        NoOptions = 0x0,
        InterruptCalls = 0x1,
        NoStoppedChildren = 0x2,
        OneShot = 0x4,
        NoDefer = 0x8,
        NoChaining = 0x10,
        UnsafeFaults = 0x20,
        DefaultAction = 0x100,
        Ignore = 0x200,
    };
    Q_ENUM(Option)
    Q_DECLARE_FLAGS(Options, Option)
    Q_FLAG(Options)

    enum Error {
        UnknownError = -1,
        NoError = 0,
        InvalidSignalError,
        NotWatchableError,
        UnsafeSignalError,
        ConflictError,
        ResourceError,
        ProcessNotFoundError,
        PermissionError,
        InvalidProcessError,
        UnsupportedError,
    };
    Q_ENUM(Error)

    // Numbers that <csignal> has no name for everywhere.
    enum SystemSignal {
        Kill = 9,
        ConsoleClose = 258,
        ConsoleLogoff = 261,
        ConsoleShutdown = 262,
    };
    Q_ENUM(SystemSignal)

    // What became of something that was asked for; true in a condition if it was done.
    struct Result {
        Error error = NoError;
        int nativeError = 0;
        QString errorString = {};

        explicit operator bool() const noexcept
        {
            return error == NoError;
        }
    };

    explicit SignalWatcher(QObject *parent = nullptr);
    explicit SignalWatcher(const QList<int> &signalNumbers, QObject *parent = nullptr);
    ~SignalWatcher() override;

    bool watch(int signal, Options options = NoOptions);
    bool unwatch(int signal);
    void unwatchAll();
    [[nodiscard]] QList<int> watchedSignals() const;
    [[nodiscard]] bool isWatching(int signal) const;

    [[nodiscard]] Error error() const;
    [[nodiscard]] int nativeError() const;
    [[nodiscard]] QString errorString() const;

    // The end of the application
    [[nodiscard]] static QList<int> terminationSignals();
    static Result quitOn(const QList<int> &signalNumbers = terminationSignals(), std::chrono::milliseconds timeout = std::chrono::milliseconds::zero());
    [[nodiscard]] static int quitSignal();

    // Sending
    static Result send(qint64 processId, int signal);
    static Result sendQueued(qint64 processId, int signal, int value);
    static Result sendToGroup(qint64 processGroup, int signal);
    static Result sendTo(const NativeHandle &process, int signal);
    [[nodiscard]] static Result probe(qint64 processId);
    [[nodiscard]] static bool processExists(qint64 processId);

    // Which there are
    [[nodiscard]] static QList<int> allSignals();
    [[nodiscard]] static QString signalName(int signal);
    [[nodiscard]] static int signalNumber(const QString &name);
    [[nodiscard]] static int realTimeMinimum();
    [[nodiscard]] static int realTimeMaximum();
    [[nodiscard]] static bool isRealTime(int signal);

    bool event(QEvent *event) override;

Q_SIGNALS:
    void received(const InterprocessQt::SignalInfo &info);
    void overflowed(int signal, qint64 count);
    void watchedSignalsChanged();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    friend class SignalWatcherPrivate;
    std::unique_ptr<SignalWatcherPrivate> const d;
    Q_DISABLE_COPY_MOVE(SignalWatcher)
};

Q_DECLARE_OPERATORS_FOR_FLAGS(SignalWatcher::Options)

} // namespace InterprocessQt

#endif
