// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signal/signalinbox_p.h"
#include "signal/signalrules_p.h"
#include "signalchannel_p.h"
#include "signaltable_p.h"
#include "stream/error_p.h"
#include "syscalls_signal_p.h"

#include <QtCore/qabstracteventdispatcher.h>

#include <cerrno>
#include <limits>

namespace InterprocessQt::SignalPlatform
{

// ---- Receiving

Result add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options)
{
    return SignalTable::instance().add(sink, number, options);
}

void remove(const SignalSink *sink, int number)
{
    SignalTable::instance().remove(sink, number);
}

void removeAll(const SignalSink *sink)
{
    SignalTable::instance().removeAll(sink);
}

void applicationStarted()
{
    SignalTable::instance().applicationStarted();
}

void deliverNow()
{
    SignalTable::instance().deliverNow();
}

void tidyUp()
{
    SignalTable::instance().tidyUp();
}

std::unique_ptr<SignalReceiver> makeReceiver(QObject *watcher, SignalReceiver::Client &client)
{
    // A notifier needs an event dispatcher, which a thread may not have yet. Posted events wait for one.
    if (QAbstractEventDispatcher::instance(watcher->thread())) {
        if (auto channel = SignalChannel::create(watcher, client))
            return channel;
    }
    return std::make_unique<SignalInboxReceiver>(watcher);
}

bool isFoundIgnored(int number)
{
    return SignalTable::instance().isFoundIgnored(number);
}

void endProcess(int number)
{
    // So that whoever waits for this process sees which signal it was; a shell makes 128 + number of it.
    sys::setDefaultAction(number);
    sys::unblockSignal(number);
    sys::raiseSignal(number);
    // The first process of a container is not ended by the default action (pid_namespaces(7)), and nobody by that of some.
    sys::exitNow(128 + number);
}

// ---- Sending

namespace
{
Result failed(const QString &what, int error)
{
    const auto code = [error] {
        switch (error) {
        case ESRCH:
            return SignalWatcher::ProcessNotFoundError;
        case EPERM:
            return SignalWatcher::PermissionError;
        case EINVAL:
            return SignalWatcher::InvalidSignalError;
        case EBADF:
            return SignalWatcher::InvalidProcessError;
        case EAGAIN: // sigqueue(3): more than RLIMIT_SIGPENDING
        case ENOMEM:
            return SignalWatcher::ResourceError;
        case ENOSYS:
            return SignalWatcher::UnsupportedError;
        default:
            return SignalWatcher::UnknownError;
        }
    }();
    return {code, error, QString(what + QLatin1String(": ") + nativeErrorText(error))};
}

Result describe(int returned, int number, const QString &target)
{
    if (returned == 0)
        return {};
    const int error = errno;
    if (number == 0)
        return failed(QStringLiteral("look for %1").arg(target), error);
    const QString name = SignalWatcher::signalName(number);
    return failed(QStringLiteral("send %1 to %2").arg(name.isEmpty() ? QString::number(number) : name, target), error);
}

// 0 and negative numbers mean groups and everybody to kill(2), which is never meant by who has lost a process id.
bool isProcessId(qint64 id)
{
    return id > 0 && id <= std::numeric_limits<pid_t>::max();
}

Result notProcess(qint64 id)
{
    return {SignalWatcher::InvalidProcessError, EINVAL, QStringLiteral("%1 is not the number of a process").arg(id)};
}
} // namespace

Result send(qint64 processId, int number)
{
    if (!isProcessId(processId))
        return notProcess(processId);
    if (number != 0 && !isValid(number))
        return SignalRules::notSignal(number);
    return describe(sys::kill(pid_t(processId), number), number, QStringLiteral("process %1").arg(processId));
}

Result sendQueued(qint64 processId, int number, int value)
{
    if (!isProcessId(processId))
        return notProcess(processId);
    if (!isValid(number))
        return SignalRules::notSignal(number);
    return describe(sys::queueSignal(pid_t(processId), number, value), number, QStringLiteral("process %1").arg(processId));
}

Result sendToGroup(qint64 processGroup, int number)
{
    // killpg(1) is kill(-1): everybody.
    if (processGroup != 0 && (!isProcessId(processGroup) || processGroup == 1))
        return notProcess(processGroup);
    if (number != 0 && !isValid(number))
        return SignalRules::notSignal(number);
    return describe(sys::killGroup(pid_t(processGroup), number), number, QStringLiteral("process group %1").arg(processGroup));
}

Result sendTo(const NativeHandle &process, int number)
{
    if (!process.isValid())
        return {SignalWatcher::InvalidProcessError, EBADF, QStringLiteral("a handle of no process")};
    if (number != 0 && !isValid(number))
        return SignalRules::notSignal(number);
    return describe(sys::sendToProcessHandle(int(process.get()), number), number, QStringLiteral("the process of a handle"));
}

} // namespace InterprocessQt::SignalPlatform
