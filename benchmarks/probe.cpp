// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "probe.h"

#include <cstdio>
#include <malloc.h>
#include <unistd.h>

namespace Bench
{

void Probe::listening()
{
    m_before = memory();
    std::printf("ready %d\n", int(getpid()));
    std::fflush(stdout);
}

Probe::Memory Probe::memory()
{
    const struct mallinfo2 heap = mallinfo2();
    long resident = 0;
    if (FILE *file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%*d %ld", &resident) != 1)
            resident = 0;
        std::fclose(file);
    }
    return {qint64(heap.uordblks + heap.hblkhd), qint64(resident) * sysconf(_SC_PAGESIZE)};
}

void Probe::reportMemory() const
{
    const Memory now = memory();
    std::printf("memory %.1f %.1f\n", double(now.heap - m_before.heap) / m_expected, double(now.resident - m_before.resident) / m_expected);
    std::fflush(stdout);
}

} // namespace Bench
