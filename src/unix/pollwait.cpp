// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pollwait_p.h"

#include "syscalls_p.h"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace InterprocessQt
{

IoReadiness pollWait(int fd, IoReadiness what, QDeadlineTimer deadline)
{
    pollfd descriptor = {};
    // A hang-up is reported whether or not it was asked for: with nothing to do about it, poll() would return at once.
    descriptor.fd = what.readable || what.writable ? fd : -1;
    descriptor.events = short((what.readable ? POLLIN : 0) | (what.writable ? POLLOUT : 0));
    for (;;) {
        // Rounded up: a wait of half a millisecond must not become a loop of waits of none.
        const qint64 left = deadline.isForever() ? -1 : (deadline.remainingTimeNSecs() + 999'999) / 1'000'000;
        const int msecs = int(std::min<qint64>(left, std::numeric_limits<int>::max()));
        const int ready = sys::poll(&descriptor, 1, msecs);
        if (ready > 0)
            break;
        if (ready == -1 && errno != EINTR && errno != EAGAIN)
            return {}; // EINVAL, ENOMEM: nothing that waiting longer would mend
        if (deadline.hasExpired())
            return {};
    }
    const bool gone = descriptor.revents & (POLLERR | POLLHUP | POLLNVAL);
    return {what.readable && (gone || (descriptor.revents & POLLIN)), what.writable && (gone || (descriptor.revents & POLLOUT))};
}

} // namespace InterprocessQt
