// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include "results.h"
#include "targets.h"

namespace Bench
{

// The figures as text, a line for each thing that was measured and a column for each backend.
[[nodiscard]] QString figureTable(const Results &results);
// The targets, and where each stands.
[[nodiscard]] QString targetTable(const QList<Verdict> &verdicts);

} // namespace Bench

#endif
