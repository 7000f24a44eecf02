// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "timerqueue_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

#include <algorithm>
#include <bit>
#include <climits>

namespace InterprocessQt
{

namespace
{
using namespace std::chrono;
using namespace std::chrono_literals;

// Longer than any process runs, and far from what a clock can hold.
constexpr qint64 LongestInterval = qint64(1000) * 60 * 60 * 24 * 365 * 100;

// Timers that may be inexact are due at multiples of this, the same for all threads: a system that is woken anyway deals
// with as many as it can. Qt::CoarseTimer promises 5 per cent, which is half of a tenth; Qt::VeryCoarseTimer whole seconds.
nanoseconds gridOf(Qt::TimerType type, qint64 interval)
{
    switch (type) {
    case Qt::PreciseTimer:
        return 0ns;
    case Qt::VeryCoarseTimer:
        if (interval >= 1000)
            return 1s;
        [[fallthrough]];
    case Qt::CoarseTimer:
        break;
    }
    return interval < 20 ? nanoseconds(0) : nanoseconds(milliseconds(std::bit_floor(quint64(std::min<qint64>(interval, 20'000)) / 10)));
}
} // namespace

struct TimerQueue::Timer {
    int id;
    qint64 interval; // milliseconds
    Qt::TimerType type;
    QObject *object;
    Clock::time_point ideal; // without what it may be inexact by
    Clock::time_point deadline;
    quint64 order = 0; // of those that are due at the same time
    quint64 activation = 0; // when it was last told
    bool *isGone = nullptr; // while it is being told
    Timer *previous = nullptr; // of the same object
    Timer *next = nullptr;
};

bool TimerQueue::Earlier::operator()(const Timer *one, const Timer *other) const noexcept
{
    return one->deadline != other->deadline ? one->deadline < other->deadline : one->order < other->order;
}

TimerQueue::TimerQueue() = default;

TimerQueue::~TimerQueue()
{
    for (const auto &[id, timer] : m_timers) {
        if (timer->isGone)
            *timer->isGone = true;
    }
}

void TimerQueue::schedule(Timer &timer, Clock::time_point ideal)
{
    timer.ideal = timer.deadline = ideal;
    timer.order = ++m_order;
    const auto grid = gridOf(timer.type, timer.interval);
    if (grid > 0ns) {
        const auto past = ideal.time_since_epoch() % grid;
        timer.deadline += past < grid / 2 ? -past : grid - past;
    }
}

void TimerQueue::add(int id, qint64 interval, Qt::TimerType type, QObject *object)
{
    interval = std::clamp<qint64>(interval, 0, LongestInterval);
    remove(id);
    auto timer = std::make_unique<Timer>(Timer{id, interval, type, object, {}, {}});
    schedule(*timer, Clock::now() + milliseconds(interval));
    m_queue.insert(timer.get());
    Timer *&last = m_byObject[object];
    timer->previous = last;
    if (last)
        last->next = timer.get();
    last = timer.get();
    m_timers.emplace(id, std::move(timer));
}

void TimerQueue::leaveObject(const Timer &timer)
{
    if (timer.previous)
        timer.previous->next = timer.next;
    if (timer.next)
        timer.next->previous = timer.previous;
    else if (timer.previous)
        m_byObject[timer.object] = timer.previous;
    else
        m_byObject.erase(timer.object);
}

bool TimerQueue::remove(int id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return false;
    Timer &timer = *found->second;
    if (timer.isGone)
        *timer.isGone = true;
    else
        m_queue.erase(&timer);
    leaveObject(timer);
    m_timers.erase(found);
    return true;
}

bool TimerQueue::removeAll(const QObject *object)
{
    bool found = false;
    for (auto it = m_byObject.find(object); it != m_byObject.end(); it = m_byObject.find(object))
        found = remove(it->second->id);
    return found;
}

QList<TimerQueue::Info> TimerQueue::timersOf(const QObject *object) const
{
    QList<Info> infos;
    const auto found = m_byObject.find(object);
    for (const Timer *timer = found != m_byObject.end() ? found->second : nullptr; timer; timer = timer->previous)
        infos.append(Info(timer->id, int(std::min<qint64>(timer->interval, INT_MAX)), timer->type));
    return infos;
}

int TimerQueue::remaining(int id) const
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return -1;
    const auto left = ceil<milliseconds>(found->second->deadline - Clock::now()).count();
    return int(std::clamp<qint64>(left, 0, INT_MAX));
}

std::optional<nanoseconds> TimerQueue::untilNext() const
{
    if (m_queue.empty())
        return {};
    return std::max<nanoseconds>(0ns, (*m_queue.begin())->deadline - Clock::now());
}

int TimerQueue::activate()
{
    if (m_queue.empty())
        return 0;
    const Clock::time_point now = Clock::now();
    const quint64 activation = ++m_activations;
    int count = 0;
    // A slot may stop and start any timer, or run an event loop that comes here again.
    while (!m_queue.empty()) {
        const auto first = m_queue.begin();
        Timer *const timer = *first;
        if (timer->deadline > now || timer->activation == activation)
            break;
        auto node = m_queue.extract(first);
        timer->activation = activation;
        const auto next = timer->ideal + milliseconds(timer->interval);
        schedule(*timer, next > now ? next : now + milliseconds(timer->interval));
        bool isGone = false;
        timer->isGone = &isGone;
        ++count;
        QTimerEvent event(timer->id);
        QCoreApplication::sendEvent(timer->object, &event);
        if (isGone)
            continue;
        timer->isGone = nullptr;
        m_queue.insert(std::move(node));
    }
    return count;
}

} // namespace InterprocessQt
