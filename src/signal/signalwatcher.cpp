// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher.h>

#include "signalquit_p.h"
#include "signalwatcher_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

namespace
{
void applicationHasStarted()
{
    SignalPlatform::applicationStarted();
}
Q_COREAPP_STARTUP_FUNCTION(applicationHasStarted)
} // namespace

// ---- Delivery

bool SignalWatcherPrivate::fail(const SignalWatcher::Result &failure)
{
    last = failure;
    return bool(failure);
}

void SignalWatcherPrivate::signalsArrived()
{
    const Guard guard(*this);
    SignalReceiver::Item item;
    bool isLast = false;
    for (int i = 0; i < Batch; ++i) {
        if (!receiver->take(item, isLast)) {
            more.stop();
            return;
        }
        // Started before the slot is called: it may run an event loop of its own. A timer, since posted events would
        // go before everything else in the loop, for as long as signals come.
        if (!isLast && !more.isActive())
            more.start(0, q);
        deliverOne(item);
        if (!guard.isAlive())
            return;
        if (isLast) {
            more.stop();
            return;
        }
    }
}

void SignalWatcherPrivate::deliverOne(const SignalReceiver::Item &item)
{
    const int number = item.info.number();
    if (item.lost > 0) {
        Q_EMIT q->overflowed(number, qint64(item.lost));
        return;
    }
    const auto entry = watched.constFind(number);
    if (entry == watched.cend())
        return;
    if (!(entry.value() & SignalWatcher::OneShot)) {
        Q_EMIT q->received(item.info);
        return;
    }
    watched.erase(entry);
    receiver->unwatch(number);
    const Guard guard(*this);
    Q_EMIT q->received(item.info);
    if (guard.isAlive())
        Q_EMIT q->watchedSignalsChanged();
}

bool SignalWatcher::event(QEvent *event)
{
    if (event->type() != SignalReceiver::wakeType())
        return QObject::event(event);
    d->receiver->woken(event);
    d->signalsArrived();
    return true;
}

void SignalWatcher::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == d->more.timerId())
        d->signalsArrived();
    else
        QObject::timerEvent(event);
}

// ---- Watching

SignalWatcher::SignalWatcher(QObject *parent)
    : QObject(parent)
    , d(new SignalWatcherPrivate(this))
{
}

SignalWatcher::SignalWatcher(const QList<int> &signalNumbers, QObject *parent)
    : SignalWatcher(parent)
{
    Result failure;
    for (const int number : signalNumbers) {
        if (!watch(number) && failure)
            failure = d->last;
    }
    d->last = failure;
}

SignalWatcher::~SignalWatcher() = default;

bool SignalWatcher::watch(int signal, Options options)
{
    if (!d->receiver)
        d->receiver = SignalPlatform::makeReceiver(this, *d);
    if (!d->fail(d->receiver->watch(signal, options)))
        return false;
    const bool isNew = !d->watched.contains(signal);
    d->watched.insert(signal, options);
    if (isNew)
        Q_EMIT watchedSignalsChanged();
    return true;
}

bool SignalWatcher::unwatch(int signal)
{
    if (!d->watched.remove(signal))
        return false;
    d->receiver->unwatch(signal);
    Q_EMIT watchedSignalsChanged();
    return true;
}

void SignalWatcher::unwatchAll()
{
    if (d->watched.isEmpty())
        return;
    d->watched.clear();
    d->receiver->unwatchAll();
    Q_EMIT watchedSignalsChanged();
}

QList<int> SignalWatcher::watchedSignals() const
{
    return d->watched.keys();
}

bool SignalWatcher::isWatching(int signal) const
{
    return d->watched.contains(signal);
}

SignalWatcher::Error SignalWatcher::error() const
{
    return d->last.error;
}

int SignalWatcher::nativeError() const
{
    return d->last.nativeError;
}

QString SignalWatcher::errorString() const
{
    return d->last.errorString;
}

// ---- The end of the application

SignalWatcher::Result SignalWatcher::quitOn(const QList<int> &signalNumbers, std::chrono::milliseconds timeout)
{
    return SignalQuit::instance().quitOn(signalNumbers, timeout);
}

int SignalWatcher::quitSignal()
{
    return SignalQuit::instance().arrived();
}

// ---- Sending

SignalWatcher::Result SignalWatcher::send(qint64 processId, int signal)
{
    return SignalPlatform::send(processId, signal);
}

SignalWatcher::Result SignalWatcher::sendQueued(qint64 processId, int signal, int value)
{
    return SignalPlatform::sendQueued(processId, signal, value);
}

SignalWatcher::Result SignalWatcher::sendToGroup(qint64 processGroup, int signal)
{
    return SignalPlatform::sendToGroup(processGroup, signal);
}

SignalWatcher::Result SignalWatcher::sendTo(const NativeHandle &process, int signal)
{
    return SignalPlatform::sendTo(process, signal);
}

SignalWatcher::Result SignalWatcher::probe(qint64 processId)
{
    return SignalPlatform::send(processId, 0);
}

bool SignalWatcher::processExists(qint64 processId)
{
    // Who may not send to it has still found it.
    const Error found = probe(processId).error;
    return found == NoError || found == PermissionError;
}

// ---- Which there are

QList<int> SignalWatcher::allSignals()
{
    QList<int> numbers;
    for (int number = 1; number <= SignalPlatform::highest(); ++number) {
        if (SignalPlatform::isValid(number))
            numbers.append(number);
    }
    return numbers;
}

QString SignalWatcher::signalName(int signal)
{
    if (!isRealTime(signal)) {
        const QString name = SignalPlatform::nameOf(signal);
        return name.isEmpty() ? name : QString(QLatin1String("SIG") + name);
    }
    const int offset = signal - realTimeMinimum();
    return offset == 0 ? QStringLiteral("SIGRTMIN") : QString(QStringLiteral("SIGRTMIN+") + QString::number(offset));
}

int SignalWatcher::signalNumber(const QString &name)
{
    QString wanted = name.trimmed().toUpper();
    bool isNumber = false;
    if (const int number = wanted.toInt(&isNumber); isNumber)
        return SignalPlatform::isValid(number) ? number : -1;
    if (wanted.startsWith(QLatin1String("SIG")))
        wanted.remove(0, 3);
    if (!wanted.startsWith(QLatin1String("RTM")))
        return SignalPlatform::numberOf(wanted);

    const bool fromMinimum = wanted.startsWith(QLatin1String("RTMIN"));
    if (!fromMinimum && !wanted.startsWith(QLatin1String("RTMAX")))
        return -1;
    const QString rest = wanted.mid(5);
    int offset = 0;
    if (!rest.isEmpty()) {
        offset = rest.mid(1).toInt(&isNumber);
        if (!isNumber || offset < 0 || !rest.at(1).isDigit() || rest.at(0) != QLatin1Char(fromMinimum ? '+' : '-'))
            return -1;
    }
    if (realTimeMinimum() < 0 || offset > realTimeMaximum() - realTimeMinimum())
        return -1;
    return fromMinimum ? realTimeMinimum() + offset : realTimeMaximum() - offset;
}

int SignalWatcher::realTimeMinimum()
{
    return SignalPlatform::realTimeMinimum();
}

int SignalWatcher::realTimeMaximum()
{
    return SignalPlatform::realTimeMaximum();
}

bool SignalWatcher::isRealTime(int signal)
{
    return realTimeMinimum() > 0 && signal >= realTimeMinimum() && signal <= realTimeMaximum();
}

} // namespace InterprocessQt
