// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_PROBE_H
#define BENCH_PROBE_H

#include <QtGlobal>

namespace Bench
{

// What a server tells the process that has started it: that it is ready, and what its connections take in memory.
class Probe
{
public:
    explicit Probe(int expected)
        : m_expected(expected)
    {
    }

    void listening();
    void accepted()
    {
        if (++m_accepted == m_expected)
            reportMemory();
    }

private:
    struct Memory {
        qint64 heap;
        qint64 resident;
    };
    static Memory memory();
    void reportMemory() const;

    const int m_expected;
    int m_accepted = 0;
    Memory m_before = {};
};

} // namespace Bench

#endif
