// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include "job.h"
#include "results.h"

#include <QList>
#include <QSet>
#include <QString>

namespace Bench
{

enum class Extent {
    Smoke, // that everything runs; the figures mean nothing
    Quick,
    Full,
};

struct Wishes {
    Extent extent = Extent::Quick;
    QStringList only; // groups of tests, or parts of their names; all if empty
    QStringList backends; // all if empty
    int rounds = 0; // 0: what the extent says
    int millis = 0;
    qint64 descriptors = 0; // how many a process may have
    int cpus = 1;
    bool canTrace = false;
};

// What is to be measured under one title, for several backends.
struct Measurement {
    Row row;
    Job job;
    QStringList backends;
    // Slow ones are measured in the first round only.
    QSet<QString> onceOnly;
    // The idle connections are a figure of their own here: rows named after these are filled too.
    bool reportsSetup = false;
    // Counts system calls: the difference between so many and job.count, divided by what is between.
    qint64 fewer = 0;
};

struct Plan {
    QList<Measurement> measurements;
    QStringList notes; // what is left out, and why
    int rounds = 1;
};

// Of the one that sets up the most connections.
inline const QString SetupRow = QStringLiteral("setup");
inline const QString HeapRow = QStringLiteral("heap");
inline const QString ResidentRow = QStringLiteral("resident");

[[nodiscard]] Plan makePlan(const Wishes &wishes);
[[nodiscard]] QStringList groupNames();

} // namespace Bench

#endif
