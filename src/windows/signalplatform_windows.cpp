// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signal/signalinbox_p.h"
#include "signaltable_p.h"
#include "stream/error_p.h"

#include <QtCore/qmutex.h>

#include <limits>

namespace InterprocessQt::SignalPlatform
{

using namespace SignalNumbers;

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

std::unique_ptr<SignalReceiver> makeReceiver(QObject *watcher, SignalReceiver::Client &)
{
    return std::make_unique<SignalInboxReceiver>(watcher);
}

bool isFoundIgnored(int)
{
    return false; // see staysIgnored()
}

void endProcess(int number)
{
    // What the system and the C library say of processes that these end.
    constexpr UINT OfTheCLibrary = 3; // Microsoft, "raise"
    constexpr UINT OfTheConsole = 0xC000013A; // STATUS_CONTROL_C_EXIT
    const int place = placeOf(number);
    sys::endThisProcess(place != -1 && Entries[place].event != NoEvent ? OfTheConsole : OfTheCLibrary);
}

// ---- Sending

namespace
{
// What QProcess::kill() makes a process end with, and what QProcess takes for a crash.
constexpr UINT KillExitCode = 0xf291;

Result failed(int number, const QString &target, DWORD error)
{
    const auto code = [error] {
        switch (error) {
        case ERROR_INVALID_PARAMETER: // there is no such process (OpenProcess()) or group of this console
            return SignalWatcher::ProcessNotFoundError;
        case ERROR_ACCESS_DENIED:
            return SignalWatcher::PermissionError;
        case ERROR_INVALID_HANDLE: // a handle of something else
            return SignalWatcher::InvalidProcessError;
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_NO_SYSTEM_RESOURCES:
            return SignalWatcher::ResourceError;
        default:
            return SignalWatcher::UnknownError;
        }
    }();
    const QString what =
        number == 0 ? QStringLiteral("look for %1").arg(target) : QStringLiteral("send %1 to %2").arg(SignalWatcher::signalName(number), target);
    return {code, int(error), QString(what + QLatin1String(": ") + nativeErrorText(int(error)))};
}

Result unsupported(int number, const QString &target, const QString &why)
{
    return {SignalWatcher::UnsupportedError, ERROR_NOT_SUPPORTED, QStringLiteral("send %1 to %2: %3").arg(SignalWatcher::signalName(number), target, why)};
}

Result sendToSelf(int number)
{
    const int place = placeOf(number);
    if (number == 0)
        return {};
    if (number == SignalWatcher::Kill)
        sys::endThisProcess(KillExitCode);
    if (!Entries[place].isOfC)
        return unsupported(number, QStringLiteral("this process"), QStringLiteral("only the system sends this event"));
    // raise() sets the default before it calls a handler, which another thread would find. A handler may send signals, too.
    static QRecursiveMutex oneByOne;
    const QMutexLocker locker(&oneByOne);
    if (sys::raiseSignal(number) != 0)
        return {SignalWatcher::UnknownError,
                ERROR_INVALID_FUNCTION,
                QStringLiteral("send %1 to this process: raise() has failed").arg(SignalWatcher::signalName(number))};
    return {};
}

// With a handle that may be used for what is wanted.
Result sendToOther(HANDLE process, int number, const QString &target)
{
    if (sys::hasProcessEnded(process))
        return {SignalWatcher::ProcessNotFoundError, ERROR_INVALID_PARAMETER, QStringLiteral("%1 has ended").arg(target)};
    if (number == 0)
        return {};
    if (const DWORD error = sys::terminateProcess(process, KillExitCode)) {
        // So the system says of one that is just ending.
        if (error == ERROR_ACCESS_DENIED && sys::hasProcessEnded(process))
            return {};
        return failed(number, target, error);
    }
    return {};
}

Result refusalForOther(int number, const QString &target)
{
    if (number == 0 || number == SignalWatcher::Kill)
        return {};
    return unsupported(number,
                       target,
                       QStringLiteral("Windows sends another process none but SIGKILL; SIGBREAK can be sent to a process group of the same console"));
}

bool isProcessId(qint64 id)
{
    return id > 0 && id <= std::numeric_limits<DWORD>::max();
}

Result notProcess(qint64 id)
{
    return {SignalWatcher::InvalidProcessError, ERROR_INVALID_PARAMETER, QStringLiteral("%1 is not the number of a process").arg(id)};
}
} // namespace

Result send(qint64 processId, int number)
{
    if (!isProcessId(processId))
        return notProcess(processId);
    if (number != 0 && !isValid(number))
        return SignalRules::notSignal(number);
    if (processId == sys::currentProcessId())
        return sendToSelf(number);
    const QString target = QStringLiteral("process %1").arg(processId);
    if (const Result refusal = refusalForOther(number, target); !refusal)
        return refusal;
    NativeHandle process;
    const DWORD access = SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION | (number == 0 ? 0 : PROCESS_TERMINATE);
    if (const DWORD error = sys::openProcess(DWORD(processId), access, process))
        return failed(number, target, error);
    // Numbers are multiples of four, and of others the lowest bits are ignored.
    if (sys::idOfProcess(sys::native(process.get())) != DWORD(processId))
        return failed(number, target, ERROR_INVALID_PARAMETER);
    return sendToOther(sys::native(process.get()), number, target);
}

Result sendQueued(qint64 processId, int number, int)
{
    if (!isProcessId(processId))
        return notProcess(processId);
    if (!isValid(number))
        return SignalRules::notSignal(number);
    return unsupported(number, QStringLiteral("process %1").arg(processId), QStringLiteral("there are no signals with a value on Windows"));
}

Result sendToGroup(qint64 processGroup, int number)
{
    if (processGroup != 0 && !isProcessId(processGroup))
        return notProcess(processGroup);
    if (!isValid(number))
        return SignalRules::notSignal(number);
    const QString target = processGroup == 0 ? QStringLiteral("the processes of this console") : QStringLiteral("process group %1").arg(processGroup);
    // The call would succeed, and nobody be told (Microsoft, GenerateConsoleCtrlEvent()).
    if (number == SIGINT && processGroup != 0)
        return unsupported(number, target, QStringLiteral("Ctrl-C can only be sent to all processes of a console, group 0"));
    if (number != SIGINT && number != SIGBREAK)
        return unsupported(number, target, QStringLiteral("only SIGINT and SIGBREAK can be sent to groups"));
    const DWORD error = sys::generateConsoleEvent(Entries[placeOf(number)].event, DWORD(processGroup));
    if (error == ERROR_INVALID_HANDLE || error == ERROR_INVALID_ACCESS)
        return {SignalWatcher::UnsupportedError,
                int(error),
                QStringLiteral("send %1 to %2: this process has no console (%3)").arg(SignalWatcher::signalName(number), target, nativeErrorText(int(error)))};
    return error == sys::NoError ? Result() : failed(number, target, error);
}

Result sendTo(const NativeHandle &process, int number)
{
    if (!process.isValid())
        return {SignalWatcher::InvalidProcessError, ERROR_INVALID_HANDLE, QStringLiteral("a handle of no process")};
    if (number != 0 && !isValid(number))
        return SignalRules::notSignal(number);
    const HANDLE handle = sys::native(process.get());
    const DWORD id = sys::idOfProcess(handle);
    if (id == 0)
        return {SignalWatcher::InvalidProcessError, ERROR_INVALID_HANDLE, QStringLiteral("a handle of no process")};
    // The handle may have been opened for other things. As long as it is there the number is that process's.
    return send(id, number);
}

} // namespace InterprocessQt::SignalPlatform
