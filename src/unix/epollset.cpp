// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "epollset_p.h"

#include "interprocessqt_config.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <sys/eventfd.h>
#include <unistd.h>

namespace InterprocessQt
{

namespace
{

int control(int set, int operation, int fd, quint64 key, quint32 events) noexcept
{
    epoll_event event = {};
    event.events = events;
    event.data.u64 = key;
    return ::epoll_ctl(set, operation, fd, &event) == 0 ? 0 : errno;
}

// In milliseconds, and rather too late than too early, when whoever waits would find that there is nothing to do yet.
int roundedUp(std::optional<std::chrono::nanoseconds> timeout) noexcept
{
    if (!timeout)
        return -1;
    const auto msecs = std::chrono::ceil<std::chrono::milliseconds>(*timeout).count();
    return int(std::clamp<decltype(msecs + 0)>(msecs, 0, INT_MAX));
}

int waitFor(int set, std::span<epoll_event> room, std::optional<std::chrono::nanoseconds> timeout) noexcept
{
#if HAVE_EPOLL_PWAIT2
    // Tells nanoseconds apart. Newer than some kernels that this may run on (5.11), and than some sandboxes' lists of what is
    // allowed: both say ENOSYS or EPERM.
    static std::atomic<bool> isThere = true;
    if (isThere.load(std::memory_order_relaxed) && timeout && timeout->count() > 0) {
        using namespace std::chrono;
        const auto whole = duration_cast<seconds>(*timeout);
        const timespec limit = {time_t(whole.count()), long((*timeout - whole).count())};
        const int count = ::epoll_pwait2(set, room.data(), int(room.size()), &limit, nullptr);
        if (count != -1 || (errno != ENOSYS && errno != EPERM))
            return count;
        isThere.store(false, std::memory_order_relaxed);
    }
#endif
    return ::epoll_wait(set, room.data(), int(room.size()), roundedUp(timeout));
}

} // namespace

EpollSet::EpollSet()
    : m_descriptor(::epoll_create1(EPOLL_CLOEXEC))
{
}

int EpollSet::add(int fd, quint64 key, quint32 events) noexcept
{
    return control(descriptor(), EPOLL_CTL_ADD, fd, key, events);
}

int EpollSet::change(int fd, quint64 key, quint32 events) noexcept
{
    return control(descriptor(), EPOLL_CTL_MOD, fd, key, events);
}

void EpollSet::remove(int fd) noexcept
{
    (void)control(descriptor(), EPOLL_CTL_DEL, fd, 0, 0);
}

std::span<epoll_event> EpollSet::wait(std::span<epoll_event> room, std::optional<std::chrono::nanoseconds> timeout) noexcept
{
    return room.first(size_t(std::max(0, waitFor(descriptor(), room, timeout))));
}

int sys::eventDescriptor()
{
    return ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void sys::signalEvent(int fd)
{
    const quint64 one = 1;
    // Can only fail when the counter is full, and then whoever waits has been told.
    while (::write(fd, &one, sizeof one) == -1 && errno == EINTR) { }
}

void sys::drainEvent(int fd)
{
    quint64 count = 0;
    while (::read(fd, &count, sizeof count) == -1 && errno == EINTR) { }
}

} // namespace InterprocessQt
