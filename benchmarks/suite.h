// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_SUITE_H
#define BENCH_SUITE_H

#include "plan.h"
#include "runner.h"

#include <QMap>

namespace Bench
{

class Progress;

// Works off a plan, round by round and backend by backend, and collects the figures.
class Suite
{
public:
    struct Settings {
        Plan plan;
        QList<int> cpus;
        bool pollDispatcher = false;
        // Rates by the processor time of both processes instead of by the clock, where they share a CPU.
        bool byProcessorTime = false;
        bool repeatDisturbed = true;
    };

    explicit Suite(Settings settings);

    // False if anything could not be measured: it is told on standard error, and the rest goes on.
    bool run();
    [[nodiscard]] const Results &results() const
    {
        return m_results;
    }
    // How many system calls of which kind, by row and backend.
    [[nodiscard]] const QMap<QString, QMap<QString, QString>> &callDetails() const
    {
        return m_callDetails;
    }

private:
    void addRows();
    void measure(const Measurement &measurement, const QString &backend, int round, Progress &progress);
    void countCalls(const Measurement &measurement, const QString &backend, Progress &progress);
    [[nodiscard]] Outcome measureUndisturbed(const Measurement &measurement, const QString &backend, bool &disturbed);
    [[nodiscard]] bool failed(const Outcome &outcome, const Measurement &measurement, const QString &backend, Progress &progress);
    [[nodiscard]] Runner::Placement placement(bool split) const;

    const Settings m_settings;
    Runner m_runner;
    Results m_results;
    QMap<QString, QMap<QString, QString>> m_callDetails;
    int m_measured = 0;
    int m_disturbed = 0;
    bool m_ok = true;
};

} // namespace Bench

#endif
