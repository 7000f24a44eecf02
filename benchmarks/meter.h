// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_METER_H
#define BENCH_METER_H

#include "job.h"

#include <chrono>

namespace Bench
{

// Ends the process with one line on standard error.
[[noreturn]] void die(const char *what);
[[noreturn]] void dieErrno(const char *what);

// What this process and the other have used so far, in seconds.
[[nodiscard]] double processorTime(pid_t other);

/*
 * When a measurement begins and ends, and what has come of it. The first tenth warms up and is not counted.
 *
 * Besides the time by the clock it takes the processor time of both processes: with both on one CPU that is the same
 * on a quiet machine, and does not count what others do on a busy one.
 */
class Meter
{
public:
    explicit Meter(const Job &job);

    void begin();
    // So much more has been done. Returns whether it is enough.
    bool tick(qint64 operations);

    [[nodiscard]] qint64 operations() const
    {
        return m_operations;
    }
    [[nodiscard]] double seconds() const
    {
        return m_seconds;
    }
    [[nodiscard]] double processorSeconds() const
    {
        return m_processorSeconds;
    }

private:
    using Clock = std::chrono::steady_clock;
    void restart(Clock::time_point now);
    void finish(Clock::time_point now);

    const std::chrono::milliseconds m_duration;
    const qint64 m_count;
    const pid_t m_serverPid;
    Clock::time_point m_start;
    Clock::time_point m_next;
    bool m_warming = false;
    qint64 m_ticks = 0;
    qint64 m_operations = 0;
    double m_processorStart = 0;
    double m_seconds = 0;
    double m_processorSeconds = 0;
};

} // namespace Bench

#endif
