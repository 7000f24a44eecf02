// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalInfo.h>

#include <InterprocessQt/SignalWatcher.h>

#include <QtCore/qdebug.h>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::SignalInfo
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/SignalInfo
    \brief A signal that has arrived, and what the system says of it.
    \reentrant

    A value, delivered by SignalWatcher::received(). What the system does not tell is absent, not 0: which of it there is
    depends on code().

    Of a signal that came while there was no room left in the pipe of its watcher only the number is known.
*/

/*!
    \enum InterprocessQt::SignalInfo::Code

    Where a signal comes from: si_code of sigaction(2).

    \value Unknown  The system says nothing that is known here: see nativeCode().
    \value Sent  By kill(2), or a shell's \c kill. With processId() and userId().
    \value Queued  By sigqueue(3) or SignalWatcher::sendQueued(). With processId(), userId() and value().
    \value SentToThread  By pthread_kill(3), raise(3) or abort(3) on Linux, with processId() and userId(); by raise() on Windows, with
           processId().
    \value Timer  By a timer of timer_create(2). With value().
    \value MessageQueue  A POSIX message queue is not empty any more. With processId(), userId() and value().
    \value AsynchronousIo  A request of aio(7) is done. With value().
    \value Kernel  By the kernel: a terminal (Ctrl-C, window size), an alarm, a broken pipe; the console of Windows.
    \value Fault  The program itself has caused it.
    \value ChildExited  SIGCHLD: a child has ended. With its processId(), userId(), and its exit code as childStatus(). The
           same for the following.
    \value ChildKilled  … was ended by a signal, childStatus().
    \value ChildDumpedCore  … the same, with a core dump.
    \value ChildTrapped  … that is traced has been stopped.
    \value ChildStopped  … was stopped by a signal, childStatus().
    \value ChildContinued  … goes on.
*/

/*!
    \property InterprocessQt::SignalInfo::number
    \brief the number of the signal; 0 in an object that stands for none.
*/

/*!
    \property InterprocessQt::SignalInfo::name
    \brief the name of the signal, see SignalWatcher::signalName().
*/

/*!
    \property InterprocessQt::SignalInfo::code
    \brief where the signal comes from.
*/

/*!
    \fn InterprocessQt::SignalInfo::SignalInfo()

    Makes an object that stands for no signal.
*/

/*!
    \fn InterprocessQt::SignalInfo::SignalInfo(int number)

    Makes an object for the signal \a number of which nothing else is known. With the setters, for tests of what reacts to
    signals.
*/

/*!
    \fn bool InterprocessQt::SignalInfo::isValid() const

    Returns true if this stands for a signal.
*/

/*!
    \fn int InterprocessQt::SignalInfo::nativeCode() const

    Returns what the system says instead of code(): si_code; on Windows the number of the console's event (CTRL_C_EVENT, …), or 0.
*/

/*!
    \fn std::optional<qint64> InterprocessQt::SignalInfo::processId() const

    Returns the number of the process that has sent the signal, or of the child that SIGCHLD is about. 0 if that process is in
    another namespace, in which it has none that could be seen here (pid_namespaces(7)). It may have ended meanwhile: this
    says who it was, and is nothing to rely on for who may do what.
*/

/*!
    \fn std::optional<quint32> InterprocessQt::SignalInfo::userId() const

    Returns the real user id of that process.
*/

/*!
    \fn std::optional<int> InterprocessQt::SignalInfo::value() const

    Returns the value that was sent with the signal.
*/

/*!
    \fn std::optional<quintptr> InterprocessQt::SignalInfo::pointerValue() const

    Returns the same value if it was sent as a pointer (\c sival_ptr). It means something within one process only.
*/

/*!
    \fn std::optional<int> InterprocessQt::SignalInfo::childStatus() const

    Returns the exit code of the child, or the signal that has ended or stopped it. Not the status of waitpid(2).
*/

/*!
    \fn void InterprocessQt::SignalInfo::setCode(Code code, int nativeCode)

    Sets code() to \a code and nativeCode() to \a nativeCode.
*/

/*!
    \fn void InterprocessQt::SignalInfo::setSender(std::optional<qint64> processId, std::optional<quint32> userId)

    Sets processId() to \a processId and userId() to \a userId.
*/

/*!
    \fn void InterprocessQt::SignalInfo::setValue(std::optional<int> value, std::optional<quintptr> pointerValue)

    Sets value() to \a value and pointerValue() to \a pointerValue.
*/

/*!
    \fn void InterprocessQt::SignalInfo::setChildStatus(std::optional<int> status)

    Sets childStatus() to \a status.
*/

/*!
    \fn bool InterprocessQt::SignalInfo::operator==(const InterprocessQt::SignalInfo &a, const InterprocessQt::SignalInfo &b)

    Returns true if \a a and \a b say the same.
*/

QString SignalInfo::name() const
{
    return SignalWatcher::signalName(m_number);
}

/*!
    \relates InterprocessQt::SignalInfo

    Writes \a info to \a debug: the name, and what else is known.
*/
QDebug operator<<(QDebug debug, const SignalInfo &info)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "SignalInfo(" << info.name() << ' ' << info.code();
    if (const auto pid = info.processId())
        debug << " pid " << *pid;
    if (const auto uid = info.userId())
        debug << " uid " << *uid;
    if (const auto value = info.value())
        debug << " value " << *value;
    if (const auto status = info.childStatus())
        debug << " status " << *status;
    return debug << ')';
}

} // namespace InterprocessQt
