// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "poller_p.h"

#include <InterprocessQt/NativeHandle.h>

#include <sys/epoll.h>

#include <cerrno>

namespace InterprocessQt
{

namespace
{

class EpollPoller : public Poller
{
public:
    explicit EpollPoller(int fd)
        : m_fd(fd)
    {
    }

    int descriptor() const override
    {
        return int(m_fd.get());
    }

    bool add(int fd, quint64 key, IoReadiness interest) override
    {
        return control(EPOLL_CTL_ADD, fd, key, interest);
    }

    bool change(int fd, quint64 key, IoReadiness interest) override
    {
        return control(EPOLL_CTL_MOD, fd, key, interest);
    }

    void remove(int fd) override
    {
        epoll_event unused = {}; // kernels before 2.6.9 wanted one (epoll_ctl(2), BUGS)
        ::epoll_ctl(descriptor(), EPOLL_CTL_DEL, fd, &unused);
    }

    int take(Events &events) override
    {
        std::array<epoll_event, std::tuple_size_v<Events>> found;
        int count;
        do
            count = ::epoll_wait(descriptor(), found.data(), int(found.size()), 0);
        while (count == -1 && errno == EINTR);
        for (int i = 0; i < count; ++i) {
            const epoll_event &event = found[size_t(i)];
            // Errors and hang-ups are found by the read or write that follows.
            const bool gone = event.events & (EPOLLERR | EPOLLHUP);
            events[size_t(i)] = {event.data.u64, {gone || (event.events & EPOLLIN), gone || (event.events & EPOLLOUT)}};
        }
        return qMax(0, count);
    }

private:
    bool control(int operation, int fd, quint64 key, IoReadiness interest)
    {
        epoll_event event = {};
        event.events = (interest.readable ? EPOLLIN : 0u) | (interest.writable ? EPOLLOUT : 0u);
        event.data.u64 = key;
        return ::epoll_ctl(descriptor(), operation, fd, &event) == 0;
    }

    NativeHandle m_fd;
};

} // namespace

std::unique_ptr<Poller> Poller::create()
{
    const int fd = ::epoll_create1(EPOLL_CLOEXEC);
    return fd == -1 ? nullptr : std::make_unique<EpollPoller>(fd);
}

} // namespace InterprocessQt
