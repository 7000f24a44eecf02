// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_EVENTDISPATCHER_P_H
#define INTERPROCESSQT_EVENTDISPATCHER_P_H

#include "epollset_p.h"
#include "notifierset_p.h"
#include "poller_p.h"
#include "timerqueue_p.h"

#include <InterprocessQt/EventDispatcher.h>

#include <QtCore/qpointer.h>

#include <atomic>
#include <span>

namespace InterprocessQt
{

// Of what epoll reports.
[[nodiscard]] IoReadiness readinessOf(quint32 events);

class EventDispatcherPrivate
{
public:
    EventDispatcherPrivate();
    ~EventDispatcherPrivate();
    Q_DISABLE_COPY_MOVE(EventDispatcherPrivate)

    static EventDispatcherPrivate *get(const EventDispatcher *dispatcher)
    {
        return dispatcher->d.get();
    }

    // Our own descriptors are in the set without notifiers: their reactor is told at once.
    [[nodiscard]] EpollSet &set()
    {
        leaveParent();
        return m_set;
    }
    bool addOfClient(int fd, quint64 key, quint32 events);
    [[nodiscard]] PollerClient *client() const noexcept
    {
        return m_client;
    }
    void setClient(PollerClient *client) noexcept
    {
        m_client = client;
    }

private:
    friend class EventDispatcher;
    // Whether somebody who wants something has to end the wait.
    enum State {
        Running,
        Waiting,
        Woken,
    };

    [[nodiscard]] bool isValid() const noexcept;
    void open();
    void openAnew();
    // In a child made by fork() the set is still that of the parent: it must not be waited for, nor changed, from here.
    void leaveParent();
    void wakeUp() noexcept;
    [[nodiscard]] bool takeWakeUp() noexcept;
    // Waits once, if it may; sends the events of what is ready, and returns how many.
    int waitAndTell(QEventLoop::ProcessEventsFlags flags, bool mayWait);
    int tellDescriptors(std::span<const epoll_event> events, quint64 round);

    EpollSet m_set;
    NativeHandle m_wakeUp;
    NotifierSet m_notifiers{m_set, [this](int fd) {
                                return m_client && m_client->yield(fd);
                            }};
    TimerQueue m_timers;
    PollerClient *m_client = nullptr;
    unsigned m_forkGeneration;
    quint64 m_wakeUpsTaken = 0; // by this event loop and those inside of it
    std::atomic<State> m_state = Running;
    std::atomic<bool> m_interrupted = false;
};

} // namespace InterprocessQt

#endif
