// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "eventdispatcher_p.h"

#include "syscalls_p.h"

#include <algorithm>
#include <array>

namespace InterprocessQt
{

namespace
{
// What is dealt with before posted events and timers get their turn.
constexpr size_t EventsPerTurn = 64;

// The two uppermost bits of a key say whose it is: of the reactor, of a notifier, or that of the descriptor that wakes.
constexpr quint64 WhoseMask = quint64(3) << 62;
constexpr quint64 WakeUpKey = quint64(2) << 62;

void pollFor(std::span<pollfd> descriptors, std::optional<std::chrono::nanoseconds> timeout)
{
    const auto msecs = timeout ? std::chrono::ceil<std::chrono::milliseconds>(*timeout).count() : -1;
    sys::poll(descriptors.data(), nfds_t(descriptors.size()), int(std::min<decltype(msecs + 0)>(msecs, 24 * 60 * 60 * 1000)));
}
} // namespace

EventDispatcherPrivate::EventDispatcherPrivate()
    : m_forkGeneration(sys::forkGeneration())
{
    open();
}

EventDispatcherPrivate::~EventDispatcherPrivate()
{
    // Comes after what the last wakeUp() of another thread has read.
    (void)m_state.load();
}

bool EventDispatcherPrivate::isValid() const noexcept
{
    return m_set.isValid() && m_wakeUp.isValid();
}

void EventDispatcherPrivate::open()
{
    if (!m_wakeUp.isValid())
        m_wakeUp = NativeHandle(sys::eventDescriptor());
    // Edge-triggered: each write is told once, and nobody has to read.
    if (isValid() && m_set.add(int(m_wakeUp.get()), WakeUpKey, EPOLLIN | EPOLLET) != 0)
        m_wakeUp.reset();
}

void EventDispatcherPrivate::openAnew()
{
    EpollSet fresh;
    if (!fresh.isValid())
        return; // better the old one than none
    m_set = std::move(fresh);
    open();
    m_notifiers.addAllAnew();
    if (m_client)
        m_client->pollAnew();
}

void EventDispatcherPrivate::leaveParent()
{
    if (m_forkGeneration == sys::forkGeneration())
        return;
    m_forkGeneration = sys::forkGeneration();
    m_set.close();
    m_wakeUp.reset();
    openAnew();
}

bool EventDispatcherPrivate::addOfClient(int fd, quint64 key, quint32 events)
{
    if (set().add(fd, key, events) != 0)
        return false;
    m_notifiers.displaced(fd);
    return true;
}

void EventDispatcherPrivate::wakeUp() noexcept
{
    // Who is not waiting looks at the state before it does, without a system call. The descriptor is read before: whoever sees
    // the new state may end the dispatcher.
    const int descriptor = int(m_wakeUp.get());
    if (m_state.exchange(Woken) == Waiting)
        sys::signalEvent(descriptor);
}

bool EventDispatcherPrivate::takeWakeUp() noexcept
{
    const bool wasWoken = m_state.exchange(Running) == Woken;
    m_wakeUpsTaken += wasWoken ? 1 : 0;
    return wasWoken;
}

int EventDispatcherPrivate::waitAndTell(QEventLoop::ProcessEventsFlags flags, bool mayWait)
{
    using namespace std::chrono_literals;
    const bool withTimers = !(flags & QEventLoop::X11ExcludeTimers);
    const bool withDescriptors = !(flags & QEventLoop::ExcludeSocketNotifiers);

    std::optional<std::chrono::nanoseconds> timeout = withTimers ? m_timers.untilNext() : std::nullopt;
    if (!mayWait || (withDescriptors && m_notifiers.hasAlwaysReady()))
        timeout = 0ns;
    leaveParent();
    if (!isValid())
        qFatal("InterprocessQt::EventDispatcher: no descriptor was left to wait with");

    std::array<epoll_event, EventsPerTurn> room;
    std::span<epoll_event> events;
    // Without the set the descriptor is asked itself, and what was written in an earlier wait would end this one. To be read
    // before anybody writes for this one.
    if (!withDescriptors)
        sys::drainEvent(int(m_wakeUp.get()));
    if (State before = Running; timeout != 0ns && !m_state.compare_exchange_strong(before, Waiting))
        timeout = 0ns;
    NotifierSet::Refused refused;
    if (withDescriptors && m_notifiers.hasRefused()) {
        refused = m_notifiers.refused();
        refused.descriptors.push_back({m_set.descriptor(), POLLIN, 0});
        pollFor(refused.descriptors, timeout);
        timeout = 0ns;
    } else if (!withDescriptors && timeout != 0ns) {
        pollfd wakeUp = {int(m_wakeUp.get()), POLLIN, 0};
        pollFor(std::span(&wakeUp, 1), timeout);
    }
    if (withDescriptors)
        events = m_set.wait(room, timeout);
    // Woken stays: what that was for is done in the next call, which then does not wait.
    State expected = Waiting;
    m_state.compare_exchange_strong(expected, Running);
    int count = expected == Woken ? 1 : 0;

    const quint64 round = events.empty() && refused.keys.empty() ? 0 : m_notifiers.beginRound();
    count += tellDescriptors(events, round);
    for (size_t i = 0; i < refused.keys.size(); ++i)
        count += m_notifiers.tell(refused.keys[i], quint32(refused.descriptors[i].revents), round);
    if (withDescriptors)
        count += m_notifiers.tellAlwaysReady();
    if (withTimers)
        count += m_timers.activate();
    return count;
}

int EventDispatcherPrivate::tellDescriptors(std::span<const epoll_event> events, quint64 round)
{
    std::array<Poller::Event, EventsPerTurn> ours;
    size_t count = 0;
    bool hasOthers = false;
    bool isStale = false;
    for (const epoll_event &event : events) {
        const quint64 key = event.data.u64;
        if ((key & WhoseMask) == 0) {
            ours[count++] = {key, readinessOf(event.events)};
        } else if ((key & WhoseMask) == NotifierSet::Mark) {
            hasOthers = true;
            isStale = isStale || !m_notifiers.knows(key);
        }
    }
    if (isStale)
        openAnew();

    int told = 0;
    if (hasOthers) {
        for (const epoll_event &event : events) {
            if ((event.data.u64 & WhoseMask) == NotifierSet::Mark)
                told += m_notifiers.tell(event.data.u64, event.events, round);
        }
    }
    if (count > 0 && m_client && m_notifiers.isLast(round)) {
        told += int(count);
        m_client->polled(std::span(ours).first(count));
    }
    return told;
}

} // namespace InterprocessQt
