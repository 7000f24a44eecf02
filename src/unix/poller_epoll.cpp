// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "epollset_p.h"
#include "eventdispatcher_p.h"
#include "poller_p.h"

namespace InterprocessQt
{

namespace
{

quint32 eventsOf(IoReadiness interest)
{
    return (interest.readable ? quint32(EPOLLIN) : 0) | (interest.writable ? quint32(EPOLLOUT) : 0);
}

class EpollPoller : public Poller
{
public:
    [[nodiscard]] bool isValid() const
    {
        return m_set.isValid();
    }

    int descriptor() const override
    {
        return m_set.descriptor();
    }

    bool add(int fd, quint64 key, IoReadiness interest) override
    {
        return m_set.add(fd, key, eventsOf(interest)) == 0;
    }

    bool change(int fd, quint64 key, IoReadiness interest) override
    {
        return m_set.change(fd, key, eventsOf(interest)) == 0;
    }

    void remove(int fd) override
    {
        m_set.remove(fd);
    }

    int take(Events &events) override
    {
        using namespace std::chrono_literals;
        std::array<epoll_event, std::tuple_size_v<Events>> room;
        int count = 0;
        for (const epoll_event &event : m_set.wait(room, 0ns))
            events[size_t(count++)] = {event.data.u64, readinessOf(event.events)};
        return count;
    }

private:
    EpollSet m_set;
};

// In the set that the dispatcher waits for anyway.
class DispatcherPoller : public Poller
{
public:
    DispatcherPoller(EventDispatcher &dispatcher, PollerClient &client)
        : m_dispatcher(&dispatcher)
        , m_client(client)
    {
        d()->setClient(&client);
    }
    ~DispatcherPoller() override
    {
        if (m_dispatcher && d()->client() == &m_client)
            d()->setClient(nullptr);
    }
    Q_DISABLE_COPY_MOVE(DispatcherPoller)

    int descriptor() const override
    {
        return -1;
    }

    bool add(int fd, quint64 key, IoReadiness interest) override
    {
        return m_dispatcher && d()->addOfClient(fd, key, eventsOf(interest));
    }

    bool change(int fd, quint64 key, IoReadiness interest) override
    {
        return m_dispatcher && d()->set().change(fd, key, eventsOf(interest)) == 0;
    }

    void remove(int fd) override
    {
        if (m_dispatcher)
            d()->set().remove(fd);
    }

    int take(Events &) override
    {
        return 0;
    }

private:
    [[nodiscard]] EventDispatcherPrivate *d() const
    {
        return EventDispatcherPrivate::get(m_dispatcher);
    }

    QPointer<EventDispatcher> m_dispatcher;
    PollerClient &m_client;
};

} // namespace

IoReadiness readinessOf(quint32 events)
{
    // Errors and hang-ups are found by the read or write that follows.
    const bool gone = events & (EPOLLERR | EPOLLHUP);
    return {gone || (events & EPOLLIN), gone || (events & EPOLLOUT)};
}

std::unique_ptr<Poller> Poller::create()
{
    auto poller = std::make_unique<EpollPoller>();
    return poller->isValid() ? std::move(poller) : nullptr;
}

std::unique_ptr<Poller> Poller::inDispatcher(QAbstractEventDispatcher *dispatcher, PollerClient &client)
{
    auto *const ours = qobject_cast<EventDispatcher *>(dispatcher);
    return ours ? std::make_unique<DispatcherPoller>(*ours, client) : nullptr;
}

} // namespace InterprocessQt
