// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_POLLER_P_H
#define INTERPROCESSQT_POLLER_P_H

#include "stream/streamio_p.h"

#include <array>
#include <memory>

namespace InterprocessQt
{

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

    virtual ~Poller() = default;

    [[nodiscard]] virtual int descriptor() const = 0;
    virtual bool add(int fd, quint64 key, IoReadiness interest) = 0;
    virtual bool change(int fd, quint64 key, IoReadiness interest) = 0;
    virtual void remove(int fd) = 0;
    // Those that are ready now; does not wait.
    virtual int take(Events &events) = 0;
};

} // namespace InterprocessQt

#endif
