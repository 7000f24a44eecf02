// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalrules_p.h"

#include "interprocessqt_debug.h"

namespace InterprocessQt::SignalRules
{

using Result = SignalWatcher::Result;

SignalMode modeOf(SignalWatcher::Options options)
{
    if (options & SignalWatcher::Ignore)
        return SignalMode::Ignored;
    return options & SignalWatcher::DefaultAction ? SignalMode::Default : SignalMode::Watched;
}

Result notSignal(int number)
{
    return {SignalWatcher::InvalidSignalError, SignalPlatform::invalidCode(), QStringLiteral("there is no signal %1 that a program may use").arg(number)};
}

Result check(int number, SignalWatcher::Options options)
{
    if (!SignalPlatform::isValid(number))
        return notSignal(number);
    const SignalMode mode = modeOf(options);
    const QString name = SignalWatcher::signalName(number);
    const int invalid = SignalPlatform::invalidCode();
    const bool ignored = mode == SignalMode::Ignored;
    if (!SignalPlatform::mayBeWatched(number, ignored))
        return {SignalWatcher::NotWatchableError,
                invalid,
                QStringLiteral("%1: the system lets no program %2 it").arg(name, ignored ? QStringLiteral("ignore") : QStringLiteral("watch"))};
    if (SignalPlatform::isFault(number) && mode != SignalMode::Default && !(options & SignalWatcher::UnsafeFaults))
        return {SignalWatcher::UnsafeSignalError,
                invalid,
                QStringLiteral("%1: a fault of the program itself, which cannot be handled by an event loop").arg(name)};
    if ((options & SignalWatcher::Ignore) && (options & SignalWatcher::DefaultAction))
        return {SignalWatcher::ConflictError, invalid, QStringLiteral("%1: either ignored or left to the default action").arg(name)};
    return {};
}

Result otherWish(int number)
{
    return {SignalWatcher::ConflictError,
            SignalPlatform::busyCode(),
            QStringLiteral("%1: another watcher wants something else done with it").arg(SignalWatcher::signalName(number))};
}

Result tooManyLayers(int number)
{
    return {SignalWatcher::ConflictError,
            SignalPlatform::busyCode(),
            QStringLiteral("%1: other handlers have been installed above that of this library too often").arg(SignalWatcher::signalName(number))};
}

void warnOfReplaced(const QList<int> &numbers)
{
    for (const int number : numbers) {
        qCWarning(INTERPROCESSQT_LOG,
                  "SignalWatcher: another handler has been installed for %s meanwhile. It is left alone.",
                  qPrintable(SignalWatcher::signalName(number)));
    }
}

} // namespace InterprocessQt::SignalRules
