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
QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::LocalSocket", text);
}
} // namespace

// ---- Reconnecting

void LocalSocketPrivate::scheduleReconnect()
{
    Settings &values = settings();
    // A server that takes everybody in and throws them out at once is not asked ever again at full speed.
    if (values.connectedSince.isValid() && values.connectedSince.hasExpired(values.maximumDelay.count()))
        values.failedAttempts = 0;
    values.connectedSince.invalidate();
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
    else if (state == LocalSocket::ClosingState && !output.isEmpty() && !(timer && timer->isActive()))
        linger(); // a slot has moved the object here before that
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

// ---- Waiting

bool LocalSocketPrivate::waitForConnected(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    // In a slot that tells of the end of the last connection: the rest of that comes first.
    if (finishing && connectAgain)
        tellFinished();
    if (!guard.isAlive())
        return false;
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
    const bool unannounced = writtenUntold > 0;
    const quint32 before = writes;
    if (!waitForConnected(deadline))
        return false;
    // Connecting may have been all that was missing.
    return guard.isAlive() && (unannounced || writes != before || StreamDevicePrivate::waitForBytesWritten(deadline));
}

} // namespace InterprocessQt
