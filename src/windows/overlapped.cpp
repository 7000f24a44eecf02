// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "overlapped_p.h"

#include "notifierpool_p.h"
#include "stream/turnqueue_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qthread.h>

namespace InterprocessQt
{

namespace
{

// An event whose lowest bit is set keeps the end of the operation from being reported to the port of the handle
// (GetQueuedCompletionStatus()).
HANDLE withoutPort(HANDLE event) noexcept
{
    return reinterpret_cast<HANDLE>(reinterpret_cast<quintptr>(event) | 1);
}

} // namespace

Overlapped::Overlapped(Client &client)
    : m_client(client)
    , m_event(sys::createEvent())
{
    Q_CHECK_PTR(m_event);
}

Overlapped::~Overlapped()
{
    if (m_state == Begun) {
        cancel();
        DWORD bytes;
        finish(bytes);
    }
    dropNotifier(); // before the event that it watches is closed
    sys::close(sys::generic(m_event));
}

void Overlapped::setHandle(HANDLE handle) noexcept
{
    static const HANDLE port = sys::createCompletionPort();
    // One that belongs to a port already, by whoever made it, keeps that.
    sys::joinCompletionPort(handle, port);
}

OVERLAPPED *Overlapped::begin() noexcept
{
    Q_ASSERT(m_state == Idle);
    m_overlapped = {};
    m_overlapped.hEvent = withoutPort(m_event);
    return &m_overlapped;
}

void Overlapped::started(HANDLE handle, DWORD error) noexcept
{
    m_handle = handle;
    m_error = error;
    if (error == sys::NoError || error == ERROR_IO_PENDING || error == ERROR_MORE_DATA) {
        m_state = Begun;
    } else {
        m_state = Failed;
        sys::setEvent(m_event); // which the call has not touched: so all ends look the same
    }
    if (m_watched)
        arm();
}

bool Overlapped::hasFinished() const noexcept
{
    return m_state == Failed || (m_state == Begun && HasOverlappedIoCompleted(&m_overlapped));
}

DWORD Overlapped::result(DWORD &bytes) noexcept
{
    Q_ASSERT(m_state != Idle);
    bytes = 0;
    return m_state == Begun ? sys::overlappedResult(m_handle, m_event, m_overlapped, bytes) : m_error;
}

DWORD Overlapped::finish(DWORD &bytes) noexcept
{
    const DWORD error = result(bytes);
    m_state = Idle;
    sys::resetEvent(m_event);
    return error;
}

void Overlapped::cancel() noexcept
{
    if (m_state == Begun && !HasOverlappedIoCompleted(&m_overlapped))
        sys::cancel(m_handle, m_overlapped); // ERROR_NOT_FOUND: it has just ended
}

// ---- In an event loop

void Overlapped::setWatched(bool watched)
{
    m_watched = watched;
    if (watched)
        arm();
    else if (QWinEventNotifier *const off = notifier())
        off->setEnabled(false);
}

bool Overlapped::attach()
{
    if (!QAbstractEventDispatcher::instance())
        return false;
    m_attached = true;
    arm();
    return true;
}

void Overlapped::detach()
{
    m_attached = false;
    dropNotifier();
}

QWinEventNotifier *Overlapped::notifier() const
{
    return m_notifierLife.expired() ? nullptr : m_notifier;
}

void Overlapped::dropNotifier()
{
    QWinEventNotifier *const dropped = notifier();
    // Of another thread: that is about to end.
    if (dropped && dropped->thread() == QThread::currentThread())
        NotifierPool::ofThread().giveBack(dropped);
    else if (dropped)
        dropped->disconnect();
    m_notifier = nullptr;
}

void Overlapped::arm()
{
    if (!m_attached || !m_watched || m_state == Idle)
        return;
    if (!notifier()) {
        NotifierPool &pool = NotifierPool::ofThread();
        m_notifier = pool.take(m_event);
        m_notifierLife = pool.life();
        QObject::connect(m_notifier, &QWinEventNotifier::activated, m_notifier, [this] {
            activated();
        });
    }
    m_notifier->setEnabled(true);
}

void Overlapped::activated()
{
    // Off until the next operation, or until it is asked for again: an event loop within the client has to be told, too, and
    // QWinEventNotifier would not be on again before the client is back.
    m_notifier->setEnabled(false);
    if (!m_watched)
        return;
    if (!hasFinished()) { // what was posted was about an operation that has been dealt with meanwhile
        if (m_state == Begun)
            sys::resetEarlyEvent(m_event, m_overlapped); // or it would be told without end
        arm();
        return;
    }
    const TurnQueue::Batch batch;
    m_client.operationEnded(*this);
}

// ---- Without one

bool Overlapped::waitForAny(const std::vector<const Overlapped *> &operations, QDeadlineTimer deadline)
{
    HANDLE events[MAXIMUM_WAIT_OBJECTS] = {};
    const Overlapped *begun[MAXIMUM_WAIT_OBJECTS] = {};
    DWORD count = 0;
    for (const Overlapped *operation : operations) {
        if (!operation->isBegun())
            continue;
        begun[count] = operation;
        events[count++] = operation->m_event;
    }
    for (;;) {
        const DWORD ended = sys::waitForAny(events, count, deadline);
        if (ended >= count) // TimedOut, too
            return false;
        if (begun[ended]->hasFinished())
            return true;
        sys::resetEarlyEvent(events[ended], begun[ended]->m_overlapped);
    }
}

} // namespace InterprocessQt
