// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_POLLER_P_H
#define INTERPROCESSQT_POLLER_P_H

#include "stream/streamio_p.h"

#include <array>
#include <memory>
#include <span>

class QAbstractEventDispatcher;

namespace InterprocessQt
{
class PollerClient;

// A set of descriptors that the kernel watches together; one descriptor tells that any of them is ready.
class Poller
{
public:
    struct Event {
        quint64 key;
        IoReadiness readiness;
    };
    using Events = std::array<Event, 64>;

    // Null where the system has no such thing, or has no more of them to give.
    static std::unique_ptr<Poller> create();
    // The set of the thread's event loop itself, if that is one of ours, which tells the client. Null if not.
    static std::unique_ptr<Poller> inDispatcher(QAbstractEventDispatcher *dispatcher, PollerClient &client);

    virtual ~Poller() = default;

    // -1: the client is told.
    [[nodiscard]] virtual int descriptor() const = 0;
    virtual bool add(int fd, quint64 key, IoReadiness interest) = 0;
    virtual bool change(int fd, quint64 key, IoReadiness interest) = 0;
    virtual void remove(int fd) = 0;
    // Those that are ready now; does not wait.
    virtual int take(Events &events) = 0;
};

// Whose descriptors are in a set that somebody else waits for.
class PollerClient
{
public:
    // Of keys only the lower 62 bits are given back.
    virtual void polled(std::span<const Poller::Event> events) = 0;
    // The set was lost. What was in it is to be added again.
    virtual void pollAnew() = 0;
    // A notifier wants the place of this descriptor in the set. The client goes on with notifiers of its own, for which
    // there is room beside that. False if it has no such descriptor in the set.
    virtual bool yield(int fd) = 0;

protected:
    ~PollerClient() = default;
};

} // namespace InterprocessQt

#endif
