// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalwatcherelement.h"

namespace InterprocessQt
{

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
                fail(InvalidSignalError, tr("there is no signal \"%1\"").arg(name));
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
    const Result result = SignalWatcher::send(qint64(processId), signalNumber(name));
    if (!result)
        fail(result.error, result.errorString);
    return bool(result);
}

bool SignalWatcherElement::processExists(double processId) const
{
    return SignalWatcher::processExists(qint64(processId));
}

} // namespace InterprocessQt
