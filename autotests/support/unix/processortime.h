// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef PROCESSORTIME_H
#define PROCESSORTIME_H

#include <sys/resource.h>

#include <chrono>

// What this process has used of the processors: whoever waits uses none.
inline std::chrono::milliseconds processorTime()
{
    using namespace std::chrono;
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval &time) {
        return seconds(time.tv_sec) + microseconds(time.tv_usec);
    };
    return duration_cast<milliseconds>(of(usage.ru_utime) + of(usage.ru_stime));
}

#endif
