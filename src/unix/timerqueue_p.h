// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_TIMERQUEUE_P_H
#define INTERPROCESSQT_TIMERQUEUE_P_H

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qglobal.h>

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

namespace InterprocessQt
{

/*
 * The timers of one thread, in the order in which they are due.
 *
 * A timer is due again when its slots are back, however long they take, and those that were missed are left out: as with
 * Qt's own dispatchers.
 */
class TimerQueue
{
public:
    using Clock = std::chrono::steady_clock;
    using Info = QAbstractEventDispatcher::TimerInfo;

    TimerQueue();
    ~TimerQueue();
    Q_DISABLE_COPY_MOVE(TimerQueue)

    void add(int id, qint64 interval, Qt::TimerType type, QObject *object);
    bool remove(int id);
    bool removeAll(const QObject *object);
    [[nodiscard]] QList<Info> timersOf(const QObject *object) const;
    // In milliseconds, 0 if it is overdue, -1 if there is no such timer.
    [[nodiscard]] int remaining(int id) const;
    // Until the next is due; nothing if there is none.
    [[nodiscard]] std::optional<std::chrono::nanoseconds> untilNext() const;
    // Sends the events of those that are due, once each; returns how many.
    int activate();

private:
    struct Timer;
    struct Earlier {
        bool operator()(const Timer *one, const Timer *other) const noexcept;
    };
    void schedule(Timer &timer, Clock::time_point ideal);
    void leaveObject(const Timer &timer);

    std::unordered_map<int, std::unique_ptr<Timer>> m_timers;
    // The last one of each object, which knows the others. An object that ends asks for its own: looking through those of
    // everybody would take the longer, the more there are.
    std::unordered_map<const QObject *, Timer *> m_byObject;
    std::set<Timer *, Earlier> m_queue; // but those whose event is being sent
    quint64 m_order = 0;
    quint64 m_activations = 0;
};

} // namespace InterprocessQt

#endif
