// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher.h>

#include "signalsink_p.h"

// The part of SignalWatcher that needs no object: sending, and which signals there are.
namespace InterprocessQt
{

// ---- Sending

/*!
    Sends \a signal to the process \a processId.

    0 and negative numbers, which mean groups and everybody to kill(2), are refused with InvalidProcessError, as is what does
    not fit into the system's type. Fails with InvalidSignalError, ProcessNotFoundError or PermissionError. That it was sent
    does not mean that the process has noticed. Thread-safe.

    On Windows a process sends itself the signals of the C library, by raise(): handlers are called in this thread, before this
    function returns. Other processes can only be sent Kill. All else fails with UnsupportedError, and is nothing that the system
    could do: SIGTERM in particular, which QProcess::terminate() tries to replace by messages to windows.

    A number may have become that of another process by the time: sendTo() is safe from that.
*/
SignalWatcher::Result SignalWatcher::send(qint64 processId, int signal)
{
    return SignalPlatform::send(processId, signal);
}

/*!
    Sends \a signal with \a value to the process \a processId. Real-time signals are queued, also several of the same number.
    See sigqueue(3).

    Fails as send() does, with ResourceError (EAGAIN) if too many wait already, RLIMIT_SIGPENDING, and with UnsupportedError
    where the system has no such call (macOS, OpenBSD, Windows).
*/
SignalWatcher::Result SignalWatcher::sendQueued(qint64 processId, int signal, int value)
{
    return SignalPlatform::sendQueued(processId, signal, value);
}

/*!
    Sends \a signal to all processes of the group \a processGroup, or, if that is 0, of the group of this process, which
    receives it, too. 1 is refused, since to killpg(3) that means everybody. Fails as send() does; if at least one process
    could be reached it is a success.

    On Windows by GenerateConsoleCtrlEvent(): SIGBREAK to a group that was started with \c CREATE_NEW_PROCESS_GROUP and shares the
    console of this process; SIGINT or SIGBREAK to all processes of that console, this one included, if \a processGroup
    is 0. SIGINT cannot be restricted to a group, and no other signal be sent: UnsupportedError, as where this process has no console.
*/
SignalWatcher::Result SignalWatcher::sendToGroup(qint64 processGroup, int signal)
{
    return SignalPlatform::sendToGroup(processGroup, signal);
}

/*!
    Sends \a signal to the process that \a process is a handle of: a pidfd, such as LocalSocket::openPeerProcess() gives. It
    is that process or none, also if its number has been given to another one meanwhile. Linux 5.1 and newer; see
    pidfd_send_signal(2). On Windows any handle of a process that tells its number, and the same signals as with send().

    Fails with InvalidProcessError, InvalidSignalError, ProcessNotFoundError (it has ended), PermissionError or, elsewhere,
    UnsupportedError.
*/
SignalWatcher::Result SignalWatcher::sendTo(const NativeHandle &process, int signal)
{
    return SignalPlatform::sendTo(process, signal);
}

/*!
    Finds out whether the process \a processId is there and may be sent signals, without sending one. A process that has ended
    and that its parent has not waited for yet is still there on Unix.
*/
SignalWatcher::Result SignalWatcher::probe(qint64 processId)
{
    return SignalPlatform::send(processId, 0);
}

/*!
    Returns true if there is a process \a processId, whoever it belongs to.
*/
bool SignalWatcher::processExists(qint64 processId)
{
    // Who may not send to it has still found it.
    const Error found = probe(processId).error;
    return found == NoError || found == PermissionError;
}

// ---- Which there are

/*!
    Returns the numbers of all signals of this system, in ascending order, those that cannot be watched included.
*/
QList<int> SignalWatcher::allSignals()
{
    QList<int> numbers;
    for (int number = 1; number <= SignalPlatform::highest(); ++number) {
        if (SignalPlatform::isValid(number))
            numbers.append(number);
    }
    return numbers;
}

/*!
    Returns the signals by which a program is asked to end, by a user, a terminal or the system: what quitOn() is for.

    \table
        \header \li System \li Signals
        \row \li Unix \li SIGHUP, SIGINT, SIGTERM
        \row \li Windows \li SIGINT (Ctrl-C), SIGBREAK (Ctrl-Break), SIGTERM (raise() only), ConsoleClose, ConsoleShutdown. Not
            ConsoleLogoff: services are told that somebody logs off, which is no reason for them to end.
    \endtable
*/
QList<int> SignalWatcher::terminationSignals()
{
    return SignalPlatform::terminationSignals();
}

/*!
    Returns the name of \a signal, such as "SIGTERM" or "SIGRTMIN+2", or an empty string if there is none of that number.
*/
QString SignalWatcher::signalName(int signal)
{
    if (!isRealTime(signal))
        return SignalPlatform::nameOf(signal);
    const int offset = signal - realTimeMinimum();
    return offset == 0 ? QStringLiteral("SIGRTMIN") : QString(QStringLiteral("SIGRTMIN+") + QString::number(offset));
}

/*!
    Returns the number of the signal called \a name: "SIGTERM", "TERM", "term", "15", "RTMIN+2", "SIGRTMAX-1"; -1 if there is
    none.
*/
int SignalWatcher::signalNumber(const QString &name)
{
    QString wanted = name.trimmed().toUpper();
    bool isNumber = false;
    if (const int number = wanted.toInt(&isNumber); isNumber)
        return SignalPlatform::isValid(number) ? number : -1;
    if (const int number = SignalPlatform::numberOf(wanted); number != -1)
        return number;
    if (wanted.startsWith(QLatin1String("SIG")))
        wanted.remove(0, 3);

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

/*!
    Returns the number of the first real-time signal that programs may use. It is known at run time only, and -1 where the
    system has none.
*/
int SignalWatcher::realTimeMinimum()
{
    return SignalPlatform::realTimeMinimum();
}

/*!
    Returns the number of the last real-time signal, or -1.
*/
int SignalWatcher::realTimeMaximum()
{
    return SignalPlatform::realTimeMaximum();
}

/*!
    Returns true if \a signal is a real-time signal.
*/
bool SignalWatcher::isRealTime(int signal)
{
    return realTimeMinimum() > 0 && signal >= realTimeMinimum() && signal <= realTimeMaximum();
}

} // namespace InterprocessQt
