// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "reactor_p.h"

#include "stream/turnqueue_p.h"
#include "syscalls_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthreadstorage.h>

namespace InterprocessQt
{

namespace
{
// Up to so many notifiers are cheaper than an epoll set behind one (measured, see doc/): GLib's dispatcher pays more
// for each of them than the poll() one.
constexpr int DirectLimitGlib = 4;
constexpr int DirectLimitPoll = 8;
// A polled descriptor that was the only one ready so often running is the busy one, and gets a notifier of its own.
constexpr int PromotionStreak = 64;

// The two uppermost bits belong to whose set it is.
constexpr quint32 SerialMask = 0x3fff'ffff;

constexpr quint64 keyOf(quint32 entry, quint32 serial)
{
    return quint64(serial & SerialMask) << 32 | entry;
}
} // namespace

/*
 * Two notifiers for one descriptor after the other: making and deleting a notifier for each would cost a posted event.
 * They handle their event themselves, which saves the emission of a signal.
 */
class DirectSlot
{
public:
    explicit DirectSlot(Reactor &reactor)
        : m_reactor(reactor)
        , m_reader(*this, QSocketNotifier::Read)
    {
    }

    void take(Watch *newWatch)
    {
        watch = newWatch;
        watch->m_direct = this;
        m_reader.setSocket(watch->m_fd); // leaves it disabled
        if (m_writer)
            m_writer->setSocket(watch->m_fd);
        interestChanged();
    }

    void give()
    {
        m_reader.setEnabled(false);
        if (m_writer)
            m_writer->setEnabled(false);
        watch->m_direct = nullptr;
        watch = nullptr;
    }

    void interestChanged()
    {
        m_reader.setEnabled(watch->m_interest.readable);
        if (watch->m_interest.writable && !m_writer) {
            m_writer = std::make_unique<Notifier>(*this, QSocketNotifier::Write);
            m_writer->setSocket(watch->m_fd);
        }
        if (m_writer)
            m_writer->setEnabled(watch->m_interest.writable);
    }

    Watch *watch = nullptr;
    quint32 lastWake = 0;

private:
    class Notifier : public QSocketNotifier
    {
    public:
        Notifier(DirectSlot &slot, Type type)
            : QSocketNotifier(type)
            , m_slot(slot)
        {
        }
        bool event(QEvent *event) override
        {
            if (event->type() != QEvent::SockAct)
                return QSocketNotifier::event(event);
            if (m_slot.watch && isEnabled())
                m_slot.m_reactor.directReady(&m_slot, {type() == Read, type() == Write});
            return true;
        }

    private:
        DirectSlot &m_slot;
    };

    Reactor &m_reactor;
    Notifier m_reader;
    std::unique_ptr<Notifier> m_writer;
};

class Reactor::PollNotifier : public QSocketNotifier
{
public:
    PollNotifier(Reactor &reactor, int fd)
        : QSocketNotifier(fd, Read)
        , m_reactor(reactor)
    {
    }
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        m_reactor.pollReady();
        return true;
    }

private:
    Reactor &m_reactor;
};

// ---- Watch

bool Watch::start(int fd)
{
    if (m_reactor)
        return true;
    if (!QAbstractEventDispatcher::instance())
        return false;
    m_fd = fd;
    m_reactor = Reactor::ofThread();
    m_reactor->add(this);
    return true;
}

void Watch::stop()
{
    if (!m_reactor)
        return;
    m_reactor->remove(this);
    m_reactor.reset();
}

void Watch::setInterest(IoReadiness interest)
{
    if (interest.readable == m_interest.readable && interest.writable == m_interest.writable)
        return;
    m_interest = interest;
    if (m_reactor)
        m_reactor->interestChanged(this);
}

// ---- Reactor

std::shared_ptr<Reactor> Reactor::ofThread()
{
    // Ends with the thread's event dispatcher (see TurnQueue::ofThread()), unless somebody still has a watch in it.
    static auto *const reactors = new QThreadStorage<std::shared_ptr<Reactor>>;
    std::shared_ptr<Reactor> &reactor = reactors->localData();
    // In a child made by fork() the epoll set is still that of the parent: it must not be changed from here.
    // And an application object that was replaced has taken its dispatcher with it.
    if (!reactor || reactor->m_forkGeneration != sys::forkGeneration() || reactor->m_dispatcher != QAbstractEventDispatcher::instance())
        reactor = std::make_shared<Reactor>();
    return reactor;
}

Reactor::Reactor()
    : m_dispatcher(QAbstractEventDispatcher::instance())
    , m_forkGeneration(sys::forkGeneration())
    , m_directLimit(m_dispatcher && m_dispatcher->inherits("QEventDispatcherGlib") ? DirectLimitGlib : DirectLimitPoll)
{
    m_poller = Poller::inDispatcher(m_dispatcher, *this);
    if (m_poller)
        m_directLimit = 0;
}

Reactor::~Reactor() = default;

void Reactor::add(Watch *watch)
{
    watch->m_entry = newEntry(watch);
    // Is direct without a slot, or polled without being in the set, while nothing is to be watched for.
    if (!watch->isIdle())
        interestChanged(watch);
}

void Reactor::remove(Watch *watch)
{
    leave(watch);
    Entry &entry = m_entries[watch->m_entry];
    entry.watch = nullptr;
    ++entry.serial; // events already taken from the kernel for it are stale
    m_freeEntries.push_back(watch->m_entry);
}

quint32 Reactor::newEntry(Watch *watch)
{
    if (m_freeEntries.empty()) {
        m_entries.push_back({watch, 0});
        return quint32(m_entries.size() - 1);
    }
    const quint32 entry = m_freeEntries.back();
    m_freeEntries.pop_back();
    m_entries[entry].watch = watch;
    return entry;
}

void Reactor::interestChanged(Watch *watch)
{
    if (watch->m_direct) {
        watch->m_direct->interestChanged();
        return;
    }
    if (watch->isIdle()) {
        // Not a change of interest to nothing: epoll would go on to report a hang-up, for ever.
        leave(watch);
        return;
    }
    if (watch->m_polled) {
        if (m_forkGeneration != sys::forkGeneration() || changePolled(watch))
            return;
        // No memory for it (ENOMEM, epoll_ctl(2)): a notifier waits for what the set would not.
        leave(watch);
        makeDirect(watch, unusedSlot());
        return;
    }
    // More notifiers than the limit are there for what the set does not take.
    if (m_directCount >= m_directLimit && ensurePoller() && makePolled(watch))
        return;
    makeDirect(watch, unusedSlot());
}

void Reactor::leave(Watch *watch)
{
    if (watch->m_direct) {
        watch->m_direct->give();
        --m_directCount;
    } else if (watch->m_polled) {
        watch->m_polled = false;
        if (m_forkGeneration == sys::forkGeneration())
            m_poller->remove(watch->m_fd);
    }
}

DirectSlot *Reactor::unusedSlot()
{
    if (m_directCount < int(m_slots.size())) {
        for (const auto &slot : m_slots) {
            if (!slot->watch)
                return slot.get();
        }
    }
    return m_slots.emplace_back(std::make_unique<DirectSlot>(*this)).get();
}

void Reactor::makeDirect(Watch *watch, DirectSlot *slot)
{
    slot->take(watch);
    slot->lastWake = m_wakes;
    ++m_directCount;
}

bool Reactor::makePolled(Watch *watch)
{
    // Fails for what epoll does not take (EPERM), and when the user may have no more in it (ENOSPC).
    watch->m_polled = m_poller->add(watch->m_fd, keyOf(watch->m_entry, m_entries[watch->m_entry].serial), watch->m_interest);
    return watch->m_polled;
}

bool Reactor::changePolled(const Watch *watch)
{
    return m_poller->change(watch->m_fd, keyOf(watch->m_entry, m_entries[watch->m_entry].serial), watch->m_interest);
}

bool Reactor::ensurePoller()
{
    if (m_poller)
        return true;
    m_poller = Poller::create();
    if (!m_poller)
        return false;
    m_pollNotifier = std::make_unique<PollNotifier>(*this, m_poller->descriptor());
    return true;
}

// ---- What became ready

void Reactor::directReady(DirectSlot *slot, IoReadiness readiness)
{
    const auto keepAlive = shared_from_this();
    slot->lastWake = ++m_wakes;
    const TurnQueue::Batch batch;
    slot->watch->m_client.ioReady(readiness);
}

void Reactor::pollReady()
{
    if (m_forkGeneration != sys::forkGeneration())
        return;
    const auto keepAlive = shared_from_this();
    ++m_wakes;
    Poller::Events events;
    const int count = m_poller->take(events);
    if (count == 1)
        considerPromotion(quint32(events[0].key));
    else
        m_busyStreak = 0;
    tell(std::span(events).first(size_t(count)));
}

void Reactor::polled(std::span<const Poller::Event> events)
{
    if (m_forkGeneration != sys::forkGeneration())
        return;
    const auto keepAlive = shared_from_this();
    tell(events);
}

void Reactor::pollAnew()
{
    // In a child these are streams of the parent, and nobody here would deal with what is told of them.
    if (m_forkGeneration != sys::forkGeneration())
        return;
    for (quint32 i = 0; i < m_entries.size(); ++i) {
        Watch *const watch = m_entries[i].watch;
        if (watch && watch->m_polled && !makePolled(watch))
            makeDirect(watch, m_slots.emplace_back(std::make_unique<DirectSlot>(*this)).get());
    }
}

bool Reactor::yield(int fd)
{
    for (const Entry &entry : m_entries) {
        Watch *const watch = entry.watch;
        if (!watch || !watch->m_polled || watch->m_fd != fd)
            continue;
        leave(watch);
        makeDirect(watch, unusedSlot());
        return true;
    }
    return false;
}

void Reactor::tell(std::span<const Poller::Event> events)
{
    // A slot may stop any watch, start others in its place, or run an event loop that comes here again.
    const TurnQueue::Batch batch;
    for (const auto &[key, readiness] : events) {
        const Entry &entry = m_entries[quint32(key)];
        if (!entry.watch || (entry.serial & SerialMask) != (quint32(key >> 32) & SerialMask))
            continue;
        if (!entry.watch->m_polled) { // it should have left the set, and would be reported for ever
            m_poller->remove(entry.watch->m_fd);
            continue;
        }
        const IoReadiness interest = entry.watch->m_interest;
        const IoReadiness wanted{readiness.readable && interest.readable, readiness.writable && interest.writable};
        if (wanted.readable || wanted.writable)
            entry.watch->m_client.ioReady(wanted);
    }
}

void Reactor::considerPromotion(quint32 entry)
{
    if (entry != m_lastBusy) {
        m_lastBusy = entry;
        m_busyStreak = 0;
    }
    if (++m_busyStreak < PromotionStreak)
        return;
    m_busyStreak = 0;
    Watch *busy = m_entries[entry].watch;
    if (!busy || !busy->m_polled)
        return;

    // Who has been idle as long gives up its place. All of them do: a notifier costs something at each wake-up, in the
    // poller an idle one costs nothing. With more busy ones than slots nobody moves.
    DirectSlot *slot = nullptr;
    for (const auto &candidate : m_slots) {
        Watch *idle = candidate->watch;
        if (idle && m_wakes - candidate->lastWake > quint32(PromotionStreak)) {
            leave(idle);
            if (!idle->isIdle() && !makePolled(idle))
                makeDirect(idle, candidate.get());
        }
        if (!candidate->watch)
            slot = candidate.get();
    }
    if (!slot)
        return;
    leave(busy);
    makeDirect(busy, slot);
}

} // namespace InterprocessQt
