// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "turnqueue_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qthreadstorage.h>

namespace InterprocessQt
{

namespace
{
// How often work that creates new work at once is done again before the event loop gets its turn.
constexpr int RoundsPerTurn = 8;

QEvent::Type turnEventType()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}
} // namespace

void TurnClient::scheduleTurnEnd()
{
    if (!m_queue)
        TurnQueue::ofThread().schedule(this);
}

void TurnClient::cancelTurnEnd() noexcept
{
    if (m_queue)
        m_queue->forget(this);
}

namespace
{
// What the storage below holds for this thread, at a fraction of the cost of asking it.
thread_local TurnQueue *queueOfThread = nullptr;
} // namespace

TurnQueue &TurnQueue::ofThread()
{
    if (queueOfThread)
        return *queueOfThread;
    // Qt's storage and not thread_local: what that holds is destroyed only after QThread::wait() has returned, at the same
    // time as another thread may destroy the clients. Never destroyed itself, as threads may end after the statics.
    static auto *const queues = new QThreadStorage<TurnQueue *>;
    if (!queues->hasLocalData())
        queues->setLocalData(new TurnQueue);
    queueOfThread = queues->localData();
    return *queueOfThread;
}

TurnQueue::~TurnQueue()
{
    queueOfThread = nullptr; // the storage destroys it in its own thread
    while (m_first)
        forget(m_first);
}

TurnQueue::Batch::Batch()
    : m_queue(TurnQueue::ofThread())
{
    if (m_queue.m_depth++ == 0)
        m_queue.watchDispatcher();
}

TurnQueue::Batch::~Batch()
{
    if (m_queue.m_first)
        m_queue.run();
    --m_queue.m_depth;
    if (m_queue.m_first)
        m_queue.post();
}

void TurnQueue::schedule(TurnClient *client)
{
    client->m_queue = this;
    client->m_previous = m_last;
    client->m_next = nullptr;
    if (m_last)
        m_last->m_next = client;
    else
        m_first = client;
    m_last = client;
    ++m_count;
    if (m_depth == 0)
        post();
}

void TurnQueue::forget(TurnClient *client) noexcept
{
    if (client->m_previous)
        client->m_previous->m_next = client->m_next;
    else
        m_first = client->m_next;
    if (client->m_next)
        client->m_next->m_previous = client->m_previous;
    else
        m_last = client->m_previous;
    client->m_previous = client->m_next = nullptr;
    client->m_queue = nullptr;
    --m_count;
}

void TurnQueue::run()
{
    // A slot called from here may schedule anew, or destroy whoever else is waiting: the list is always read afresh.
    for (int round = 0; round < RoundsPerTurn && m_first; ++round) {
        for (int left = m_count; left > 0 && m_first; --left) {
            TurnClient *client = m_first;
            forget(client);
            client->turnEnded();
        }
    }
}

void TurnQueue::post()
{
    if (m_posted)
        return;
    m_posted = true;
    QCoreApplication::postEvent(this, new QEvent(turnEventType()));
}

bool TurnQueue::event(QEvent *event)
{
    if (event->type() != turnEventType())
        return QObject::event(event);
    m_posted = false;
    Batch batch; // its end runs the queue
    return true;
}

void TurnQueue::watchDispatcher()
{
    QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    if (dispatcher == m_dispatcher)
        return;
    m_dispatcher = dispatcher;
    if (dispatcher) {
        // The one is emitted by a loop that may block, the other by one that only looks (GLib's emits either).
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &TurnQueue::runNested);
        connect(dispatcher, &QAbstractEventDispatcher::awake, this, &TurnQueue::runNested);
    }
}

void TurnQueue::runNested()
{
    if (m_depth > 0 && m_first)
        run();
}

} // namespace InterprocessQt
