// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "meter.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace Bench
{

void die(const char *what)
{
    std::fprintf(stderr, "interprocessqt-bench: %s\n", what);
    std::exit(1);
}

void dieErrno(const char *what)
{
    std::fprintf(stderr, "interprocessqt-bench: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

double processorTime(pid_t other)
{
    const auto seconds = [](clockid_t id) {
        timespec time = {};
        clock_gettime(id, &time);
        return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
    };
    double total = seconds(CLOCK_PROCESS_CPUTIME_ID);
    clockid_t clock;
    if (other > 0 && clock_getcpuclockid(other, &clock) == 0)
        total += seconds(clock);
    return total;
}

Meter::Meter(const Job &job)
    : m_duration(job.millis)
    , m_count(job.count)
    , m_serverPid(job.serverPid)
{
}

void Meter::begin()
{
    m_warming = m_count == 0;
    restart(Clock::now());
    if (m_warming)
        m_next = m_start + m_duration / 10;
}

bool Meter::tick(qint64 operations)
{
    m_operations += operations;
    if (m_count > 0) {
        if (++m_ticks < m_count)
            return false;
        finish(Clock::now());
        return true;
    }
    const auto now = Clock::now();
    if (now < m_next)
        return false;
    if (m_warming) {
        m_warming = false;
        restart(now);
        return false;
    }
    finish(now);
    return true;
}

void Meter::restart(Clock::time_point now)
{
    m_start = now;
    m_next = now + m_duration;
    m_operations = 0;
    m_processorStart = processorTime(m_serverPid);
}

void Meter::finish(Clock::time_point now)
{
    m_seconds = std::chrono::duration<double>(now - m_start).count();
    m_processorSeconds = processorTime(m_serverPid) - m_processorStart;
}

} // namespace Bench
