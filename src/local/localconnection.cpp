// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localsocket_p.h"

#include "features_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qrandom.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <algorithm>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
constexpr auto LongestRetryDelay = 50ms;

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}

} // namespace

LocalSocketPrivate::~LocalSocketPrivate() = default;

std::unique_ptr<StreamIo> LocalSocketPrivate::makeStream(NativeHandle handle)
{
    return makeLocalStream(std::move(handle), *this);
}

LocalSocketPrivate::Settings &LocalSocketPrivate::settings()
{
    if (!extra)
        extra = std::make_unique<Settings>();
    return *extra;
}

const LocalSocketPrivate::Settings &LocalSocketPrivate::constSettings() const
{
    static const Settings defaults;
    return extra ? *extra : defaults;
}

QString LocalSocketPrivate::describe(const QString &operation) const
{
    return address.isValid() ? operation + QLatin1Char(' ') + address.nativeName() : operation;
}

// ---- Connecting

void LocalSocketPrivate::connectToServer(QIODevice::OpenMode mode)
{
    if (finishing || connectHasFailed()) {
        // Of the end of the last connection, or of the last attempt, everybody is told first.
        openMode = mode;
        connectAgain = true;
        return;
    }
    if (state != LocalSocket::UnconnectedState) {
        reportMisuse(tr("connectToServer() was called while a connection is in use or being made"));
        return;
    }
    openMode = mode;
    if (extra) {
        extra->failedAttempts = 0;
        extra->connectedSince.invalidate();
    }
    beginConnecting();
}

void LocalSocketPrivate::resolveName()
{
    if (!named)
        return;
    const bool abstract = options.value().testFlag(LocalSocket::AbstractNamespaceOption);
    address = abstract ? Address::namespaced(serverName) : Address::fromString(serverName);
}

void LocalSocketPrivate::beginConnecting()
{
    resolveName(); // a binding may have changed the options since
    forgetLastConnection();
    q->QIODevice::open(openMode | QIODevice::Unbuffered); // what is written from now on goes out when connected

    attempt = std::make_unique<Attempt>();
    attempt->deadline = deadlineOf(constSettings().connectTimeout);

    const Guard guard(*this);
    const quint32 current = generation;
    setState(LocalSocket::ConnectingState);
    // Waiting in a slot may have gone further.
    if (guard.isAlive() && generation == current && isConnecting() && attempt && !attempt->failure)
        tryOnce();
}

void LocalSocketPrivate::forgetLastConnection()
{
    stopTimer();
    ++generation;
    if (q->isTransactionStarted()) // what it has read belongs to the last connection, too
        q->rollbackTransaction();
    discardInput();
    attempt.reset();
    closing.reset();
    error = StreamDevice::UnknownSocketError;
    nativeError = 0;
    closedByPeer = brokenTold = announced = endAskedFor = tellConnected = misuse = connectAgain = ownErrorUntold = false;
    untold = Untold::Nothing;
    resetFlags();
}

void LocalSocketPrivate::tryOnce()
{
    if (!address.isValid()) {
        fail({StreamDevice::ServerNotFoundError, 0, tr("connect: %1").arg(address.errorString())});
        return;
    }
    ConnectResult result = tryToConnect();
    switch (result.status) {
    case ConnectResult::Connected:
        // What is so can be asked for at once, and written to; the signals come from the event loop.
        state = LocalSocket::ConnectedState;
        tellConnected = true;
        startIo(makeStream(std::move(result.handle)));
        scheduleTurnEnd();
        return;
    case ConnectResult::Failed:
        fail(result.error);
        return;
    case ConnectResult::Busy:
        break;
    }
    if (attempt->deadline.hasExpired()) {
        fail({StreamDevice::SocketTimeoutError, result.error.native, describe(tr("connect to")) + tr(": the server did not accept in time")});
        return;
    }
    // The kernel tells nobody when there is room again: ask, ever more rarely.
    startTimer(std::min(attempt->retryDelay, remaining(attempt->deadline)));
    attempt->retryDelay = std::min<std::chrono::milliseconds>(attempt->retryDelay * 2, LongestRetryDelay);
}

void LocalSocketPrivate::fail(const ErrorInfo &reason)
{
    attempt->failure = reason;
    state = LocalSocket::UnconnectedState;
    output.clear();
    outputDropped();
    setError(reason);
    closeQuietly();
    scheduleTurnEnd();
}

void LocalSocketPrivate::deliverPending()
{
    const Guard guard(*this);
    if (std::exchange(ownErrorUntold, false)) { // by the thread that the object came from
        Q_EMIT socket()->errorOccurred(error);
        if (!guard.isAlive())
            return;
    }
    if (std::exchange(misuse, false)) {
        emitError();
        if (!guard.isAlive())
            return;
    }
    if (untold != Untold::Nothing && !tellingEnd)
        tellFinished(); // likewise
    else if (connectHasFailed())
        finish(ErrorInfo(*attempt->failure));
    else if (tellConnected)
        announceConnected();
    else if (std::exchange(interrupted, false) && (endAskedFor || closedByPeer) && state == LocalSocket::ConnectedState)
        beginClosing();
}

void LocalSocketPrivate::announceConnected()
{
    const Guard guard(*this);
    const quint32 current = generation;
    if (!std::exchange(announced, true)) {
        attempt.reset();
        if (reconnect)
            settings().connectedSince.start();
        Q_EMIT socket()->stateChanged(state);
        if (!guard.isAlive() || generation != current)
            return;
    }
    // An event loop in that slot may have gone further.
    if (std::exchange(tellConnected, false))
        Q_EMIT socket()->connected();
    // The end was asked for before, with something to write.
    if (guard.isAlive() && generation == current && endAskedFor && state == LocalSocket::ConnectedState)
        beginClosing();
}

void LocalSocketPrivate::ioReady(IoReadiness readiness)
{
    const Guard guard(*this);
    const quint32 current = generation;
    if (tellConnected) // before anything that arrives
        announceConnected();
    if (guard.isAlive() && generation == current)
        StreamDevicePrivate::ioReady(readiness);
}

void LocalSocketPrivate::reportMisuse(const QString &text)
{
    misuse = true;
    setError({StreamDevice::OperationError, 0, text});
    scheduleTurnEnd();
}

// ---- Adopting

bool LocalSocketPrivate::canAdopt(NativeHandle::Type handle, State newState)
{
    if (state != LocalSocket::UnconnectedState || finishing) {
        setError({StreamDevice::OperationError, 0, tr("setSocketDescriptor() was called while a connection is in use")});
        return false;
    }
    if (newState != LocalSocket::ConnectedState) {
        setError({StreamDevice::UnsupportedSocketOperationError, 0, tr("only connected descriptors can be taken over")});
        return false;
    }
    if (auto flaw = prepareForeign(handle)) {
        setError(*flaw);
        return false;
    }
    return true;
}

bool LocalSocketPrivate::adopt(NativeHandle::Type handle, State newState, QIODevice::OpenMode mode)
{
    if (!canAdopt(handle, newState))
        return false;
    adoptTrusted(NativeHandle(handle), mode);
    return true;
}

void LocalSocketPrivate::pairUp(LocalSocketPrivate &one, LocalSocketPrivate &other)
{
    NativeHandle first;
    NativeHandle second;
    if (const auto flaw = makeStreamPair(first, second, one.kind())) {
        one.setError(*flaw);
        other.setError(*flaw);
        return;
    }
    one.adoptTrusted(std::move(first), QIODevice::ReadWrite);
    other.adoptTrusted(std::move(second), QIODevice::ReadWrite);
}

void LocalSocketPrivate::adoptTrusted(NativeHandle handle, QIODevice::OpenMode mode)
{
    forgetLastConnection();
    announced = true;
    openMode = mode;
    serverName.clear();
    address = Address();
    q->QIODevice::open(mode | QIODevice::Unbuffered);
    startIo(makeStream(std::move(handle)));
    setState(LocalSocket::ConnectedState);
}

// ---- Signals

void LocalSocketPrivate::setState(State newState)
{
    if (state == newState)
        return;
    state = newState;
    Q_EMIT socket()->stateChanged(newState);
}

void LocalSocketPrivate::emitError()
{
    const Guard guard(*this);
    const StreamDevice::Error code = error;
    ownErrorUntold = true;
    Q_EMIT q->StreamDevice::errorOccurred(code);
    if (guard.isAlive() && std::exchange(ownErrorUntold, false))
        Q_EMIT socket()->errorOccurred(code);
}

bool LocalSocketPrivate::canHalfClose() const
{
    return platformSupports(Feature::HalfClose);
}

bool LocalSocketPrivate::acceptsWrites() const
{
    return (state == LocalSocket::ConnectedState || state == LocalSocket::ConnectingState) && !closedByPeer;
}

} // namespace InterprocessQt
