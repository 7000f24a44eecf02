// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalwatcherelement.h"

#include <cmath>

namespace InterprocessQt
{

namespace
{
QString noSuchSignal(const QString &name)
{
    return SignalWatcherElement::tr("there is no signal \"%1\"").arg(name);
}

// NaN, which undefined becomes, and Infinity have no integer.
bool isWhole(double number)
{
    constexpr double Largest = 9007199254740991; // Number.MAX_SAFE_INTEGER
    return std::abs(number) <= Largest && std::trunc(number) == number;
}
} // namespace

SignalWatcherElement::SignalWatcherElement(QObject *parent)
    : SignalWatcher(parent)
{
    connect(this, &SignalWatcher::received, this, [this](const SignalInfo &info) {
        Q_EMIT received(info);
    });
    connect(this, &SignalWatcherElement::namesChanged, this, &SignalWatcherElement::restart);
    connect(this, &SignalWatcherElement::optionsChanged, this, &SignalWatcherElement::restart);
    connect(this, &SignalWatcherElement::activeChanged, this, &SignalWatcherElement::restart);
}

SignalWatcherElement::~SignalWatcherElement()
{
    // Handlers in QML would see half of an object.
    blockSignals(true);
}

QStringList SignalWatcherElement::names() const
{
    return m_names;
}

void SignalWatcherElement::setNames(const QStringList &names)
{
    m_names = names;
}

QBindable<QStringList> SignalWatcherElement::bindableNames()
{
    return &m_names;
}

SignalWatcher::Options SignalWatcherElement::options() const
{
    return m_options;
}

void SignalWatcherElement::setOptions(Options options)
{
    m_options = options;
}

QBindable<SignalWatcher::Options> SignalWatcherElement::bindableOptions()
{
    return &m_options;
}

SignalWatcher::Error SignalWatcherElement::error() const
{
    return m_error;
}

QString SignalWatcherElement::errorString() const
{
    return m_errorString;
}

void SignalWatcherElement::begin()
{
    restart();
}

void SignalWatcherElement::restart()
{
    if (!isComplete())
        return;
    QList<int> wanted;
    if (isActive()) {
        for (const QString &name : names()) {
            const int number = signalNumber(name);
            if (number > 0)
                wanted.append(number);
            else
                fail(InvalidSignalError, noSuchSignal(name));
        }
    }
    // One that stays watched misses nothing meanwhile.
    const QList<int> before = watchedSignals();
    for (const int number : before) {
        if (!wanted.contains(number))
            unwatch(number);
    }
    for (const int number : std::as_const(wanted)) {
        if (!watch(number, options()))
            fail(SignalWatcher::error(), SignalWatcher::errorString());
    }
}

void SignalWatcherElement::fail(Error error, const QString &text)
{
    // Told from the event loop: handlers are there by then.
    QMetaObject::invokeMethod(
        this,
        [this, error, text] {
            m_error = error;
            m_errorString = text;
            Q_EMIT errorOccurred(error);
        },
        Qt::QueuedConnection);
}

bool SignalWatcherElement::sendSignal(double processId, const QString &name)
{
    // Each by what QML has said, which the class does not know: it takes numbers.
    const int number = signalNumber(name);
    if (number <= 0) {
        fail(InvalidSignalError, noSuchSignal(name));
        return false;
    }
    if (std::isnan(processId)) {
        // What undefined has become on the way here.
        fail(InvalidProcessError, tr("no number of a process was given, but undefined or NaN"));
        return false;
    }
    if (!isWhole(processId)) {
        fail(InvalidProcessError, tr("%1 is not the number of a process").arg(processId));
        return false;
    }
    const Result result = SignalWatcher::send(qint64(processId), number);
    if (!result)
        fail(result.error, result.errorString);
    return bool(result);
}

bool SignalWatcherElement::processExists(double processId) const
{
    return isWhole(processId) && SignalWatcher::processExists(qint64(processId));
}

} // namespace InterprocessQt
