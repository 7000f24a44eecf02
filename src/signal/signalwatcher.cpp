// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher.h>

#include "signalquit_p.h"
#include "signalwatcher_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::SignalWatcher
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/SignalWatcher
    \brief The signals that this process is sent, as signals of Qt.
    \reentrant

    A SignalWatcher emits received() from the event loop of the thread it lives in whenever the process is sent one of the
    signals it watches:

    \snippet snippets/signals.cpp watch

    The handler that the system calls does next to nothing: it writes to a pipe that the event loop waits for. Everything may
    be done in a slot, also what signal-safety(7) forbids in a handler. What happens otherwise when the signal comes, such as
    the end of the process by SIGTERM, no longer happens while somebody watches it; when the last one stops, what was found
    is put back.

    To end an application in order one line in \c main() is enough, quitOn(), on every system:

    \snippet snippets/quit.cpp quit

    \section1 Several watchers, and others' handlers

    Any number of watchers in any threads may watch the same signal, and each is told. A handler that was found, such as that
    of QProcess for SIGCHLD or that of a crash reporter, is called as well, in the handler of the system, before any slot:
    see NoChaining. If it does not return neither does the handler of this class, and what it calls must be safe in a handler.
    One that was installed for one time only (SA_RESETHAND) is called once.

    Who installs a handler by sigaction(2) \e after the first watcher must call the one found, as everywhere. If that is not
    done, watchers are told nothing from then on, until somebody calls watch() again. Such a handler is not removed: the last
    watcher that leaves prints a warning instead.

    \section1 What is lost, and in which order signals come

    The system keeps one of each standard signal that is not delivered yet, and drops further ones. Nothing is lost beyond
    that: while the pipe is full, one of each kind is remembered, without its sender.

    Real-time signals (SIGRTMIN to SIGRTMAX) are queued by the system, as many as RLIMIT_SIGPENDING allows to its user, and
    bring a value. A thread takes them off the pipe, so that a program that is busy, or lets in many at once, keeps up to
    262,144 for each watcher. Only what is beyond that, or comes faster than the thread reads (43,690 in the pipe of 1 MiB
    that Linux gives), is dropped, and counted by overflowed().

    They come in the order in which they were sent if only one thread of the process lets them in, all others having them
    blocked by pthread_sigmask(3): otherwise the system may call the handler in several threads at once. There is no order
    between standard and real-time signals.

    \section1 Threads and children

    A signal is sent to the process, or to a thread by pthread_kill(3), and the handler runs in whichever thread lets it in,
    also in ones that were started before. Nothing needs to be blocked anywhere. A watcher that moves to another thread takes
    with it what was not delivered yet. While a thread has no event loop its signals wait.

    A program started by QProcess or exec(3) has nothing of all this: default actions, and what was ignored is ignored. A
    child made by fork(2) has the dispositions that were found, and the watchers of its parent, which are told nothing
    there; it may watch by itself. With Qt in it, a child should rather call exec(3).

    \section1 The faults of a program

    SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS and SIGABRT come from the instruction that is being executed, which
    would fail again when a handler returns: an event loop is not reached any more. watch() refuses them without
    UnsafeFaults. Crash reporters need a handler of their own.

    \section1 Windows

    There are signals of two kinds. Those of the C library are a matter of one process, which sends them to itself by
    \c raise(): SIGINT, SIGTERM, SIGBREAK, SIGABRT, SIGSEGV, SIGILL, SIGFPE. The events of the console come from outside, to all
    processes that share it: Ctrl-C, which is SIGINT, Ctrl-Break, which is SIGBREAK, and ConsoleClose, ConsoleLogoff and
    ConsoleShutdown. A program that has no console is sent none of these.

    After ConsoleClose and ConsoleShutdown the system ends the process, as soon as its handlers have returned or, after some
    seconds, without them: 5, and up to 20 in a service, if nothing else has been set (Microsoft, "HandlerRoutine callback
    function"). The handler of this class does not return if somebody watches the event: that is the time for an end in order,
    which quitOn() begins. A program that has been told and does not end is ended by the system. Of ConsoleLogoff only
    services are told, whoever has logged off, and go on: its handler returns after 20 seconds at the latest. Programs that
    use user32.dll are told neither of a log-off nor of a shut-down in this way, but by \c WM_QUERYENDSESSION, in Qt
    QGuiApplication::commitDataRequest().

    Handlers of the C library that were found are called and put back as described above. raise() sets the default before
    it calls a handler, which this class undoes at once: a second Ctrl-C never meets a gap, but of two threads that call
    raise() for the same signal at the same moment one may find the default, and end the process, as in any program.
    send() lets them take turns. The handlers are those of the C library that this one was built with; a program with
    another one in it has a second table. Handlers of SetConsoleCtrlHandler() cannot be asked for: those found are not
    called while an event is watched, and those installed after the first watcher are called first, and keep the event for
    themselves if they return TRUE. Ctrl-C does not come to a process in which it has been switched off by
    \c {SetConsoleCtrlHandler(nullptr, TRUE)}, or by its parent: the first one of a new process group.

    SIGSEGV, SIGILL and SIGFPE have a handler for each thread, in which watch() is to be called, and can be watched once: OneShot
    is always part of their options. SIGABRT arrives if it is raised; abort() ends the program with code 3 all the same.

    Nothing is interrupted by a signal, there is no SIGCHLD, and none is sent with a value. A signal of raise() has
    SignalInfo::SentToThread and this process as its sender, an event of the console SignalInfo::Kernel, with the number that the
    system has for it (\c CTRL_CLOSE_EVENT) as SignalInfo::nativeCode().

    \sa SignalInfo, {Signals}
*/

/*!
    \enum InterprocessQt::SignalWatcher::Option

    What is to be done with a signal. One disposition serves all watchers of a signal; where their options differ, the one
    that somebody may depend on is taken. On Windows InterruptCalls, NoStoppedChildren and NoDefer change nothing.

    \value NoOptions  received() is emitted, system calls that the signal interrupts go on (SA_RESTART), and a handler that
           was found is called.
    \value InterruptCalls  System calls that the signal interrupts fail with EINTR (no SA_RESTART), if one watcher asks for
           it.
    \value NoStoppedChildren  SIGCHLD comes for children that end, and not for those that stop or go on (SA_NOCLDSTOP), if
           all watchers ask for it.
    \value OneShot  Only the first one is told, and watched no more. The next one does what was found, for instance ends the
           process, also if it comes before the slot has been called.
    \value NoDefer  The signal is not blocked while its handler runs (SA_NODEFER), if one watcher asks for it. Of use only
           with a handler found that waits for it.
    \value NoChaining  The handler found is not called, if all watchers ask for it.
    \value UnsafeFaults  Allows to watch SIGSEGV and other faults of the program itself. Useful for those that another
           process sends. One that the program has caused is written to the pipe, then the handler found is called, or else
           the program ends by it: no slot is called.
    \value DefaultAction  The signal does what it does by default (SIG_DFL). Nothing is told. Not together with other
           watchers of it that want something else.
    \value Ignore  The signal is really ignored (SIG_IGN), which programs that are started inherit on Unix. Nothing is told. Not
           together with other watchers of it that want something else. ConsoleClose and ConsoleShutdown cannot be ignored.
*/

/*!
    \enum InterprocessQt::SignalWatcher::SystemSignal

    Numbers that <csignal> has no name for on every system.

    \value Kill  SIGKILL, to be sent only: it ends a process at once, and cannot be watched. On Windows by TerminateProcess(), with the
           exit code that QProcess::kill() uses and that QProcess takes for QProcess::CrashExit.
    \value ConsoleClose  The window of the console is closed, or the process ended in the task manager
           (\c CTRL_CLOSE_EVENT). Windows only, as the following; elsewhere InvalidSignalError.
    \value ConsoleLogoff  Somebody logs off (\c CTRL_LOGOFF_EVENT). Services only.
    \value ConsoleShutdown  The system is shut down (\c CTRL_SHUTDOWN_EVENT). Services only.
*/

/*!
    \enum InterprocessQt::SignalWatcher::Error

    What went wrong. In brackets what nativeError() is on Unix, and after it on Windows, where that differs.

    \value UnknownError  The system gives another reason: nativeError(), errorString().
    \value NoError  Nothing.
    \value InvalidSignalError  There is no signal of that number, or the C library keeps it for itself (EINVAL; ERROR_INVALID_PARAMETER).
    \value NotWatchableError  SIGKILL or SIGSTOP: the system lets no program watch them (EINVAL; ERROR_INVALID_PARAMETER). On Windows also
           ConsoleClose and ConsoleShutdown with Ignore.
    \value UnsafeSignalError  A fault of the program, without UnsafeFaults (EINVAL; ERROR_INVALID_PARAMETER).
    \value ConflictError  Another watcher wants something else done with the signal (EBUSY; ERROR_BUSY), both Ignore and DefaultAction
           were asked for (EINVAL; ERROR_INVALID_PARAMETER), or handlers of others were installed above that of this class more than three times and
           may still call it (EBUSY; ERROR_BUSY).
    \value ResourceError  No descriptor is left for a pipe (EMFILE, ENFILE), or no memory for a thread (EAGAIN, ENOMEM); in
           sendQueued(), the target has too many signals waiting (EAGAIN).
    \value ProcessNotFoundError  There is no such process or group (ESRCH; ERROR_INVALID_PARAMETER).
    \value PermissionError  It belongs to somebody else (EPERM; ERROR_ACCESS_DENIED).
    \value InvalidProcessError  The number cannot be that of a process (EINVAL; ERROR_INVALID_PARAMETER), or the handle is none of a
           process (EBADF; ERROR_INVALID_HANDLE).
    \value UnsupportedError  This system, kernel or build cannot do it (ENOSYS; ERROR_NOT_SUPPORTED), or on Windows this process has no
           console (ERROR_INVALID_HANDLE).
*/

/*!
    \struct InterprocessQt::SignalWatcher::Result
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/SignalWatcher
    \brief What became of something that was asked for: true in a condition if it was done.
*/

/*!
    \variable InterprocessQt::SignalWatcher::Result::error
    What went wrong, or NoError.
*/

/*!
    \variable InterprocessQt::SignalWatcher::Result::nativeError
    The number the system has for it (\c errno, GetLastError()), or 0.
*/

/*!
    \variable InterprocessQt::SignalWatcher::Result::errorString
    What was tried, with what, and the system's words, for people to read; empty without an error.
*/

/*!
    \fn InterprocessQt::SignalWatcher::Result::operator bool() const

    Returns true if there was no error.
*/

/*!
    \property InterprocessQt::SignalWatcher::watchedSignals
    \brief the numbers of the signals that this object watches, in ascending order.

    Those with Ignore and DefaultAction are among them.
*/

/*!
    \fn void InterprocessQt::SignalWatcher::received(const InterprocessQt::SignalInfo &info)

    Emitted once for each signal that has arrived, from the event loop. \a info is what the system says of it. The watcher may
    be deleted in a slot, and a slot may run an event loop: further signals are delivered in it.
*/

/*!
    \fn void InterprocessQt::SignalWatcher::overflowed(int signal, qint64 count)

    Emitted when \a count real-time signals of the number \a signal were dropped because there was no room for them any
    more, after the last of those that were kept before.
*/

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

/*!
    Reimplemented from QObject: signals may arrive by \a event. Call it if you reimplement it, too. Returns true if \a event was
    recognised.
*/
bool SignalWatcher::event(QEvent *event)
{
    if (event->type() != SignalReceiver::wakeType())
        return QObject::event(event);
    d->receiver->woken(event);
    d->signalsArrived();
    return true;
}

/*!
    Reimplemented from QObject: when many signals come, others have their turn in between, until \a event. Call it if you
    reimplement it, too.
*/
void SignalWatcher::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == d->more.timerId())
        d->signalsArrived();
    else
        QObject::timerEvent(event);
}

// ---- Watching

/*!
    Makes an object that watches nothing yet, with the parent \a parent.
*/
SignalWatcher::SignalWatcher(QObject *parent)
    : QObject(parent)
    , d(new SignalWatcherPrivate(this))
{
}

/*!
    Makes an object that watches the signals \a signalNumbers, with the parent \a parent. If one of them cannot be watched
    error() is the first error, and the others are watched nevertheless: see watchedSignals().
*/
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

/*!
    Stops watching. What has arrived and was not delivered yet is dropped.
*/
SignalWatcher::~SignalWatcher() = default;

/*!
    Watches \a signal from now on, with \a options; if it is watched already, the options change.

    Returns false, with error() and errorString(), if it cannot be done: InvalidSignalError, NotWatchableError,
    UnsafeSignalError, ConflictError, ResourceError. What was watched before is watched then as before. If SIGCHLD was
    ignored, ended children go on to disappear without having been waited for.

    The first watcher of a signal installs a handler, see sigaction(2), with SA_RESTART and SA_ONSTACK. On Unix a watcher has a pipe of
    its own, two descriptors, from the first call on; those beyond the first 31, and those in a thread that has no event loop
    yet (before there is a QCoreApplication, for example), share one and a thread. On Windows all share an event and a thread.
*/
bool SignalWatcher::watch(int signal, Options options)
{
    options = SignalPlatform::optionsFor(signal, options);
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

/*!
    Stops watching \a signal. None is told any more, not even one that has arrived already. Returns false if it was not
    watched.
*/
bool SignalWatcher::unwatch(int signal)
{
    if (!d->watched.remove(signal))
        return false;
    d->receiver->unwatch(signal);
    Q_EMIT watchedSignalsChanged();
    return true;
}

/*!
    Stops watching all signals, as unwatch() does.
*/
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

/*!
    Returns true if this object watches \a signal.
*/
bool SignalWatcher::isWatching(int signal) const
{
    return d->watched.contains(signal);
}

/*!
    Returns what went wrong in the last call of watch() or the constructor, or NoError.
*/
SignalWatcher::Error SignalWatcher::error() const
{
    return d->last.error;
}

/*!
    Returns the number the system has for error(), or 0.
*/
int SignalWatcher::nativeError() const
{
    return d->last.nativeError;
}

/*!
    Returns a text about error(), or an empty one.
*/
QString SignalWatcher::errorString() const
{
    return d->last.errorString;
}

// ---- The end of the application

/*!
    Ends the application in order when the process is sent one of the signals \a signalNumbers, if nothing else is given each of
    terminationSignals(): by QCoreApplication::quit(), in the thread of the application, so that \c exec() returns and objects are destroyed.

    To be called at the beginning of \c main(), also before there is an application object. A signal that comes before
    \c exec() is remembered, and ends it as soon as it begins; in an event loop that runs before it, nothing happens.

    If the application does not come to its end, a second signal ends it by force, as does the first \a timeout
    milliseconds later, unless that is 0: the process ends as if the signal had never been watched, so that its parent sees by
    which one, and without destructors. That works in any state of the application, hanging included. SIGHUP twice within a
    second, which terminals send, counts once. An application that refuses to quit (QEvent::Quit ignored, because of a window
    with unsaved work) goes on, and a later signal ends it by force.

    SIGHUP, SIGINT and SIGQUIT that were found ignored stay so: who started the program wanted it (nohup(1), a job in the
    background).

    On Windows an end by force is that of TerminateProcess(), with the code that the system gives a process ended by Ctrl-C
    (0xC000013A, STATUS_CONTROL_C_EXIT), or 3, that of the C library, for signals of raise() only. What comes with a limit of the
    system's, such as ConsoleClose, leaves the application until then.

    A further call replaces signals and time-out, and forgets what has arrived; with an empty list nothing ends the application
    any more. Fails as watch() does, with nothing watched then, and is thread-safe. Other watchers of the same signals are told,
    too.

    \sa quitSignal()
*/
SignalWatcher::Result SignalWatcher::quitOn(const QList<int> &signalNumbers, std::chrono::milliseconds timeout)
{
    return SignalQuit::instance().quitOn(signalNumbers, timeout);
}

/*!
    Returns the signal by which quitOn() has ended or is going to end the application, or 0. Thread-safe. What \c main()
    returns is up to the program: some return 128 + this number, as a shell shows it.
*/
int SignalWatcher::quitSignal()
{
    return SignalQuit::instance().arrived();
}

} // namespace InterprocessQt
