// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "eventdispatcher_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::EventDispatcher
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/EventDispatcher
    \brief The EventDispatcher class is an event loop for services on Linux, on epoll.

    Qt's own event loops ask the kernel about every single QSocketNotifier each time they wake up. The sockets of this
    library avoid that with any event loop (see \l Architecture); this class does the same for every QSocketNotifier, whoever
    uses it, and saves the sockets of this library what is left of it: descriptors, timers, posted events and wake-ups from
    other threads are all in one wait.

    It is for programs and threads without a graphical interface. Those with one need the event loop of their platform, which
    QGuiApplication makes itself, and so do libraries that hang on GLib's main loop: with this one its sources are not served.

    For the main thread, before the application object is made, which then owns it:
    \snippet snippets/eventdispatcher.cpp main

    For another thread, before it is started:
    \snippet snippets/eventdispatcher.cpp thread

    Whatever Qt does with an event loop works: nested event loops, QTimer, QSocketNotifier, QProcess, QTcpSocket,
    QMetaObject::invokeMethod(), QObject::deleteLater().

    \section1 Timers

    Qt::PreciseTimer is exact to what the kernel's clock is (milliseconds before Linux 5.11). Qt::CoarseTimer is due within 5 per
    cent of its interval, and Qt::VeryCoarseTimer, from a second on, within half a second, each at times that all threads have in common,
    so that the CPU is woken less often. A timer is not due while its own slot runs, in an event loop of that slot's own; times that
    were missed are left out. Those are the rules of Qt's event loops.

    \section1 Notifiers

    Disable or delete a QSocketNotifier before its descriptor is closed. If that is forgotten, nothing is told any more; where
    another process or descriptor holds the same open file, which makes epoll(7) go on to report it, the dispatcher builds its
    set anew. A regular file is always ready, as with poll(2). Of two enabled notifiers of the same type for one descriptor the
    last one counts, with a warning.

    What an event loop in a slot has dealt with is not told again when the slot is back.

    A user may have a limited number of descriptors in sets of epoll (\c {/proc/sys/fs/epoll/max_user_watches}, epoll(7)). What the set
    has no room for is asked by poll(2) beside it, with a warning, until there is room.

    \section1 Processes

    A child made by fork() without exec may go on with the dispatcher: it gets an epoll set of its own, without
    the streams of this library, which belong to the parent. The parent is told of nothing that the child does with its notifiers.

    The class exists on Linux only, and not in a build with \c INTERPROCESSQT_PORTABLE_UNIX. Including its header elsewhere is an
    error that says so.

    \sa {Performance}
*/

/*!
    Makes a dispatcher with the given \a parent, which needs two descriptors. If there are none left it is not valid.

    Give it to QCoreApplication::setEventDispatcher() or QThread::setEventDispatcher(), which take it over: then it has no parent.
*/
EventDispatcher::EventDispatcher(QObject *parent)
    : QAbstractEventDispatcher(parent)
    , d(new EventDispatcherPrivate)
{
}

/*!
    Ends the dispatcher. The thread must not run its event loop any more.
*/
EventDispatcher::~EventDispatcher() = default;

/*!
    Returns false if no descriptors were left when it was made. An event loop with such a dispatcher ends the program with a message,
    as those of Qt do.
*/
bool EventDispatcher::isValid() const
{
    return d->isValid();
}

/*!
    Deals with what is there, and, with QEventLoop::WaitForMoreEvents in \a flags, waits for something if nothing is. Returns
    true if there was anything.
*/
bool EventDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    d->m_interrupted.store(false, std::memory_order_relaxed);
    const bool wasWoken = d->takeWakeUp();
    const quint64 wakeUpsTaken = d->m_wakeUpsTaken;
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();

    const auto isInterrupted = [this] {
        return d->m_interrupted.load(std::memory_order_relaxed);
    };
    // What was posted meanwhile has woken us. And what was sent just now may be what the caller waits for. An event loop inside of a
    // slot may have taken a wake-up that was for us: that our loop is to end, say.
    const auto mayStillWait = [&] {
        return !wasWoken && wakeUpsTaken == d->m_wakeUpsTaken && d->m_state.load() == EventDispatcherPrivate::Running;
    };
    bool mayWait = flags.testFlag(QEventLoop::WaitForMoreEvents) && !isInterrupted() && mayStillWait();
    if (mayWait) {
        Q_EMIT aboutToBlock();
        mayWait = mayStillWait();
    }
    if (isInterrupted())
        return false;
    const int count = d->waitAndTell(flags, mayWait);
    return wasWoken || count > 0;
}

/*! \internal */
void EventDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    d->leaveParent();
    d->m_notifiers.add(notifier);
}

/*! \internal */
void EventDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    d->leaveParent();
    d->m_notifiers.remove(notifier);
}

/*! \internal */
void EventDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject *object)
{
    d->m_timers.add(timerId, interval, timerType, object);
}

/*! \internal */
bool EventDispatcher::unregisterTimer(int timerId)
{
    return d->m_timers.remove(timerId);
}

/*! \internal */
bool EventDispatcher::unregisterTimers(QObject *object)
{
    return d->m_timers.removeAll(object);
}

/*!
    Returns the timers of \a object.
*/
QList<QAbstractEventDispatcher::TimerInfo> EventDispatcher::registeredTimers(QObject *object) const
{
    return d->m_timers.timersOf(object);
}

/*!
    Returns how many milliseconds are left until the timer \a timerId is due, 0 if it is overdue, or -1 if there is no such
    timer.
*/
int EventDispatcher::remainingTime(int timerId)
{
    return d->m_timers.remaining(timerId);
}

/*!
    Ends a wait of the event loop. May be called from any thread.
*/
void EventDispatcher::wakeUp()
{
    d->wakeUp();
}

/*!
    Makes the event loop return as soon as possible. May be called from any thread.
*/
void EventDispatcher::interrupt()
{
    d->m_interrupted.store(true, std::memory_order_relaxed);
    d->wakeUp();
}

} // namespace InterprocessQt
