// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_EPOLLSET_P_H
#define INTERPROCESSQT_EPOLLSET_P_H

#include <InterprocessQt/NativeHandle.h>

#include <sys/epoll.h>

#include <chrono>
#include <optional>
#include <span>

namespace InterprocessQt
{

// The system calls of epoll(7). What fails returns errno.
class EpollSet
{
public:
    // With no descriptor if the system has no more of them to give.
    EpollSet();
    void close() noexcept
    {
        m_descriptor.reset();
    }

    [[nodiscard]] bool isValid() const noexcept
    {
        return m_descriptor.isValid();
    }
    [[nodiscard]] int descriptor() const noexcept
    {
        return int(m_descriptor.get());
    }

    [[nodiscard]] int add(int fd, quint64 key, quint32 events) noexcept;
    [[nodiscard]] int change(int fd, quint64 key, quint32 events) noexcept;
    void remove(int fd) noexcept;
    // Those that are ready, after waiting for the first of them so long, or for ever. None, too, when a signal has come.
    [[nodiscard]] std::span<epoll_event> wait(std::span<epoll_event> room, std::optional<std::chrono::nanoseconds> timeout) noexcept;

private:
    NativeHandle m_descriptor;
};

namespace sys
{

// eventfd(2): a descriptor with which another thread ends a wait. -1 if there is none.
int eventDescriptor();
void signalEvent(int fd); // async-signal-safe
void drainEvent(int fd);

} // namespace sys

} // namespace InterprocessQt

#endif
