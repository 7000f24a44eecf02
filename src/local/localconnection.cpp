// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localsocket_p.h"

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
// How long a socket that was closed with data to write waits for the peer to take some of it.
constexpr auto LingerTime = 30s;
constexpr auto LongestRetryDelay = 50ms;

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}

std::chrono::milliseconds remaining(QDeadlineTimer deadline)
{
    return deadline.isForever() ? std::chrono::milliseconds::max() : std::chrono::ceil<std::chrono::milliseconds>(deadline.remainingTimeAsDuration());
}
} // namespace

LocalSocketPrivate::~LocalSocketPrivate() = default;

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
    if (extra)
        extra->failedAttempts = 0;
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
    closedByPeer = brokenTold = announced = endAskedFor = tellConnected = misuse = connectAgain = false;
    resetFlags();
}

void LocalSocketPrivate::tryOnce()
{
    if (!address.isValid()) {
        fail({StreamDevice::ServerNotFoundError, 0, tr("connect: %1").arg(address.errorString())});
        return;
    }
    ConnectResult result = tryConnect(address);
    switch (result.status) {
    case ConnectResult::Connected:
        // What is so can be asked for at once, and written to; the signals come from the event loop.
        state = LocalSocket::ConnectedState;
        tellConnected = true;
        startIo(makeLocalStream(std::move(result.handle), *this));
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
    setError(reason);
    closeQuietly();
    scheduleTurnEnd();
}

void LocalSocketPrivate::deliverPending()
{
    const Guard guard(*this);
    if (std::exchange(misuse, false)) {
        emitError();
        if (!guard.isAlive())
            return;
    }
    if (connectHasFailed())
        finish(ErrorInfo(*attempt->failure));
    else if (tellConnected)
        announceConnected();
}

void LocalSocketPrivate::announceConnected()
{
    const Guard guard(*this);
    const quint32 current = generation;
    tellConnected = false;
    announced = true;
    attempt.reset();
    if (extra)
        extra->failedAttempts = 0;
    Q_EMIT socket()->stateChanged(state);
    if (!guard.isAlive() || generation != current)
        return;
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

bool LocalSocketPrivate::adopt(NativeHandle::Type handle, State newState, QIODevice::OpenMode mode)
{
    if (state != LocalSocket::UnconnectedState || finishing) {
        setError({StreamDevice::OperationError, 0, tr("setSocketDescriptor() was called while a connection is in use")});
        return false;
    }
    if (newState != LocalSocket::ConnectedState) {
        setError({StreamDevice::UnsupportedSocketOperationError, 0, tr("only connected descriptors can be taken over")});
        return false;
    }
    if (auto flaw = prepareForeignStream(handle)) {
        setError(*flaw);
        return false;
    }
    adoptTrusted(NativeHandle(handle), mode);
    return true;
}

void LocalSocketPrivate::adoptTrusted(NativeHandle handle, QIODevice::OpenMode mode)
{
    forgetLastConnection();
    announced = true;
    openMode = mode;
    serverName.clear();
    address = Address();
    q->QIODevice::open(mode | QIODevice::Unbuffered);
    startIo(makeLocalStream(std::move(handle), *this));
    setState(LocalSocket::ConnectedState);
}

// ---- The end

ErrorInfo LocalSocketPrivate::peerClosed() const
{
    return {StreamDevice::PeerClosedError, 0, describe(tr("read from")) + tr(": the peer closed the connection")};
}

void LocalSocketPrivate::inputFinished()
{
    if (state == LocalSocket::ClosingState) {
        closedByPeer = true; // what is queued may still find a reader; writing will tell
        tellReadFinished();
        return;
    }
    if (halfOpenAllowed && !writeClosed && !writeBroken) {
        tellReadFinished();
        return;
    }
    if (writeClosed) {
        finish({}); // both sides have said that they are done
        return;
    }
    closedByPeer = true;
    if (output.isEmpty() || writeBroken) {
        finish(peerClosed());
        return;
    }
    const Guard guard(*this);
    const quint32 current = generation;
    tellReadFinished();
    if (guard.isAlive() && generation == current)
        beginClosing();
}

void LocalSocketPrivate::streamFailed(const IoResult &result)
{
    closedByPeer = true;
    finish(systemError(result.error, describe(tr("read from"))));
}

void LocalSocketPrivate::outputFinished()
{
    if (state == LocalSocket::ClosingState) {
        if (closedByPeer)
            finish(peerClosed());
        else if (writeBroken)
            finish(systemError(writeError, describe(tr("write to"))));
        else
            finish({});
        return;
    }
    if (state != LocalSocket::ConnectedState)
        return;
    if (writeBroken && readFinished) {
        finish(systemError(writeError, describe(tr("write to")))); // neither direction is left
    } else if (writeBroken && !brokenTold) {
        // Normally the end of what the peer sent is next, and tells. If there is none, the peer has only stopped reading.
        const bool paused = !readFinished && !wantsInput();
        if (!paused && !io->wait({true, false}, QDeadlineTimer(0)).readable) {
            brokenTold = true;
            setError(systemError(writeError, describe(tr("write to"))));
            emitError();
        }
    } else if (writeClosed && readFinished) {
        finish({});
    }
}

void LocalSocketPrivate::disconnectFromServer()
{
    connectAgain = false;
    stopTimer();
    switch (state) {
    case LocalSocket::UnconnectedState:
        stayDisconnected = true;
        if (attempt && !finishing)
            finish({}); // it has failed, and nobody wants to know any more
        return;
    case LocalSocket::ClosingState:
        return;
    case LocalSocket::ConnectingState:
        if (output.isEmpty())
            finish({});
        else
            endAskedFor = true; // what has been written goes first, if a connection comes of it
        return;
    case LocalSocket::ConnectedState:
        break;
    }
    const Guard guard(*this);
    const quint32 current = generation;
    if (tellConnected) // before the end is told
        announceConnected();
    if (!guard.isAlive() || generation != current || state != LocalSocket::ConnectedState)
        return;
    endAskedFor = true;
    beginClosing();
}

void LocalSocketPrivate::beginClosing()
{
    const Guard guard(*this);
    const quint32 current = generation;
    flushNow();
    setState(LocalSocket::ClosingState);
    if (!guard.isAlive() || generation != current)
        return;
    // bytesWritten() of what has just been written is still to be told.
    if ((output.isEmpty() && writtenUntold == 0) || writeBroken)
        outputFinished();
    else
        linger();
}

void LocalSocketPrivate::linger()
{
    closing.reset(new Closing{output.size(), QDeadlineTimer(LingerTime)});
    startTimer(LingerTime);
}

void LocalSocketPrivate::close()
{
    connectAgain = false;
    const Guard guard(*this);
    if (tellConnected) // while the device is still open
        announceConnected();
    if (!guard.isAlive())
        return;
    discardsInput = true;
    q->StreamDevice::close();
    if (!guard.isAlive())
        return;
    updateInterest(); // reading may have stopped because there was no room, of which there is plenty now
    disconnectFromServer();
}

void LocalSocketPrivate::abort()
{
    connectAgain = false;
    stopTimer();
    const Guard guard(*this);
    q->StreamDevice::close();
    if (!guard.isAlive())
        return;
    misuse = false;
    stayDisconnected = true;
    if (state != LocalSocket::UnconnectedState || (attempt && !finishing))
        finish({});
}

void LocalSocketPrivate::finish(const std::optional<ErrorInfo> &reason)
{
    const Guard guard(*this);
    const quint32 ending = generation;
    if (reason)
        emitBytesWritten(); // what the kernel has taken, it has taken
    if (!guard.isAlive() || generation != ending)
        return;
    const bool wasConnected = std::exchange(announced, false);
    const bool wasStreaming = io != nullptr;
    stopTimer();
    attempt.reset();
    closing.reset();
    tellConnected = false;
    stopIo();
    state = LocalSocket::UnconnectedState;
    if (!wasStreaming)
        closeQuietly(); // what has arrived can be read on; here there is nothing

    // While a connection is taken down a new one has to wait until disconnected() is out; after an attempt that has failed
    // it need not.
    finishing = wasConnected;
    stayDisconnected = !reason || endAskedFor;
    const quint32 current = generation;
    if (reason) {
        setError(*reason);
        emitError();
        if (!guard.isAlive() || generation != current)
            return;
    }
    Q_EMIT socket()->stateChanged(state);
    if (!guard.isAlive() || generation != current)
        return;
    if (wasStreaming)
        tellReadFinished();
    if (!guard.isAlive() || generation != current)
        return;
    finishing = false;
    if (wasConnected) {
        Q_EMIT socket()->disconnected();
        if (!guard.isAlive() || generation != current)
            return;
    }
    if (std::exchange(connectAgain, false))
        connectToServer(openMode);
    else if (reconnect && !stayDisconnected && state == LocalSocket::UnconnectedState && address.isValid())
        scheduleReconnect();
}

// ---- Reconnecting

void LocalSocketPrivate::scheduleReconnect()
{
    Settings &values = settings();
    const int attemptNumber = ++values.failedAttempts;
    auto delay = values.minimumDelay;
    for (int i = 1; i < attemptNumber && delay < values.maximumDelay; ++i)
        delay = delay > values.maximumDelay / 2 ? values.maximumDelay : delay * 2;
    // Up to a quarter less, at random: the clients of a server that went down shall not all come back at one moment.
    if (delay > 3ms)
        delay -= std::chrono::milliseconds(QRandomGenerator::global()->bounded(qint64(delay.count() / 4 + 1)));
    startTimer(delay);
    Q_EMIT socket()->reconnectScheduled(attemptNumber, delay);
}

void LocalSocketPrivate::setReconnectEnabled(bool enabled)
{
    reconnect = enabled;
    if (!enabled && state == LocalSocket::UnconnectedState)
        stopTimer();
}

// ---- Timer

void LocalSocketPrivate::startTimer(std::chrono::milliseconds delay)
{
    if (!timer) {
        timer = new QTimer(q);
        timer->setSingleShot(true);
        QObject::connect(timer, &QTimer::timeout, q, [this] {
            timedOut();
        });
    }
    if (QAbstractEventDispatcher::instance())
        timer->start(delay);
    else
        postAttach(); // goes on in threadJoined(), or in a wait before that
}

void LocalSocketPrivate::threadJoined()
{
    if (isConnecting() && attempt)
        startTimer(attempt->retryDelay);
}

void LocalSocketPrivate::stopTimer()
{
    if (timer)
        timer->stop();
}

void LocalSocketPrivate::timedOut()
{
    switch (state) {
    case LocalSocket::UnconnectedState:
        if (reconnect && !finishing)
            beginConnecting();
        break;
    case LocalSocket::ConnectingState:
        if (!io && attempt && !attempt->failure)
            tryOnce();
        break;
    case LocalSocket::ClosingState:
        if (closing && output.size() < closing->left) { // slow, but it reads
            linger();
            break;
        }
        finish(ErrorInfo{StreamDevice::SocketTimeoutError, 0, describe(tr("close the connection to")) + tr(": the peer did not read what was left to write")});
        break;
    case LocalSocket::ConnectedState:
        break;
    }
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
    Q_EMIT q->StreamDevice::errorOccurred(code);
    if (guard.isAlive())
        Q_EMIT socket()->errorOccurred(code);
}

bool LocalSocketPrivate::acceptsWrites() const
{
    return (state == LocalSocket::ConnectedState || state == LocalSocket::ConnectingState) && !closedByPeer;
}

// ---- Waiting

bool LocalSocketPrivate::waitForConnected(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    while (attempt) {
        if (isConnecting()) {
            if (deadline.hasExpired()) {
                setTimedOut();
                return false;
            }
            const auto pause = std::min({attempt->retryDelay, remaining(attempt->deadline), remaining(deadline)});
            QThread::msleep(static_cast<unsigned long>(pause.count()));
            tryOnce();
        }
        settle();
        if (!guard.isAlive())
            return false;
    }
    return state == LocalSocket::ConnectedState;
}

bool LocalSocketPrivate::waitForDisconnected(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    if (attempt && !waitForConnected(deadline))
        return guard.isAlive() && state == LocalSocket::UnconnectedState;
    const quint32 current = generation;
    settle();
    while (guard.isAlive() && generation == current && state != LocalSocket::UnconnectedState) {
        flushNow();
        const bool lingers = closing && closing->deadline < deadline;
        if (!waitAndWork(true, lingers ? closing->deadline : deadline)) {
            if (!lingers || !closing->deadline.hasExpired())
                return false;
            timedOut();
        }
        if (guard.isAlive())
            settle();
    }
    return guard.isAlive();
}

bool LocalSocketPrivate::waitForReadyRead(QDeadlineTimer deadline)
{
    return (!attempt || waitForConnected(deadline)) && StreamDevicePrivate::waitForReadyRead(deadline);
}

bool LocalSocketPrivate::waitForBytesWritten(QDeadlineTimer deadline)
{
    if (!attempt)
        return StreamDevicePrivate::waitForBytesWritten(deadline);
    const Guard guard(*this);
    const bool untold = writtenUntold > 0;
    const quint32 before = writes;
    if (!waitForConnected(deadline))
        return false;
    // Connecting may have been all that was missing.
    return guard.isAlive() && (untold || writes != before || StreamDevicePrivate::waitForBytesWritten(deadline));
}

} // namespace InterprocessQt
