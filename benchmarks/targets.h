// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_TARGETS_H
#define BENCH_TARGETS_H

#include "results.h"

namespace Bench
{

// What we have set ourselves, and where it stands.
struct Verdict {
    QString text; // what, and how much is wanted
    double value = 0;
    double bound = 0;
    bool atMost = false;
    [[nodiscard]] bool isMet() const
    {
        return atMost ? value <= bound : value >= bound;
    }
};

// Those that the figures at hand allow to judge.
[[nodiscard]] QList<Verdict> judge(const Results &results);

} // namespace Bench

#endif
