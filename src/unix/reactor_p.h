// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_REACTOR_P_H
#define INTERPROCESSQT_REACTOR_P_H

#include "poller_p.h"
#include "stream/streamio_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <memory>
#include <vector>

namespace InterprocessQt
{
class DirectSlot;
class Reactor;

/*
 * A descriptor in the event loop of a thread.
 *
 * Level-triggered: the client is told as long as what it is interested in goes on. It may do anything in the call,
 * including to destroy the watch.
 */
class Watch
{
public:
    explicit Watch(StreamIoClient &client)
        : m_client(client)
    {
    }
    ~Watch()
    {
        stop();
    }
    Q_DISABLE_COPY_MOVE(Watch)

    // Joins the event loop of the current thread; false if it has none (yet).
    bool start(int fd);
    void stop();
    [[nodiscard]] bool isStarted() const noexcept
    {
        return m_reactor != nullptr;
    }
    // Kept while the watch is stopped.
    void setInterest(IoReadiness interest);

private:
    friend class DirectSlot;
    friend class Reactor;
    [[nodiscard]] bool isIdle() const noexcept
    {
        return !m_interest.readable && !m_interest.writable;
    }

    StreamIoClient &m_client;
    std::shared_ptr<Reactor> m_reactor;
    DirectSlot *m_direct = nullptr;
    int m_fd = -1;
    quint32 m_entry = 0; // in the reactor's table
    IoReadiness m_interest;
    bool m_polled = false; // is in the poller's set
};

/*
 * Watches descriptors for one thread, in the way that is cheapest for their number.
 *
 * Qt's dispatchers look at every QSocketNotifier each time they wake up. So only a few descriptors have notifiers
 * ("direct"); all others are in an epoll set, which is watched by a single notifier and costs the same however many
 * they are. One that turns out to be the only busy one becomes direct, and those that were direct and idle meanwhile
 * go to the others. Where there is no epoll, all are direct; where the event loop is an EventDispatcher, none: they are in
 * its set.
 */
class Reactor : public QObject, public PollerClient, public std::enable_shared_from_this<Reactor>
{
public:
    static std::shared_ptr<Reactor> ofThread();
    Reactor();
    ~Reactor() override;

    void add(Watch *watch);
    void remove(Watch *watch);
    void interestChanged(Watch *watch);

    void polled(std::span<const Poller::Event> events) override;
    void pollAnew() override;
    bool yield(int fd) override;

    // For tests
    [[nodiscard]] int directCount() const noexcept
    {
        return m_directCount;
    }
    [[nodiscard]] bool usesPoller() const noexcept
    {
        return m_poller != nullptr;
    }

private:
    friend class DirectSlot;
    class PollNotifier;
    struct Entry {
        Watch *watch;
        quint32 serial;
    };

    void pollReady();
    void tell(std::span<const Poller::Event> events);
    void directReady(DirectSlot *slot, IoReadiness readiness);
    void considerPromotion(quint32 entry);
    void makeDirect(Watch *watch, DirectSlot *slot);
    bool makePolled(Watch *watch);
    void leave(Watch *watch);
    bool changePolled(const Watch *watch);
    [[nodiscard]] DirectSlot *unusedSlot();
    [[nodiscard]] quint32 newEntry(Watch *watch);
    [[nodiscard]] bool ensurePoller();

    std::vector<std::unique_ptr<DirectSlot>> m_slots;
    std::vector<Entry> m_entries;
    std::vector<quint32> m_freeEntries;
    std::unique_ptr<Poller> m_poller;
    std::unique_ptr<PollNotifier> m_pollNotifier;
    QPointer<QAbstractEventDispatcher> m_dispatcher;
    unsigned m_forkGeneration;
    int m_directLimit;
    int m_directCount = 0;
    quint32 m_wakes = 0; // counts what became ready, to tell who has been idle
    quint32 m_lastBusy = 0; // the entry that was the only one ready last time,
    int m_busyStreak = 0; // and how often running
};

} // namespace InterprocessQt

#endif
