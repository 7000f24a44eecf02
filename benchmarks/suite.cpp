// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "suite.h"

#include "backend.h"
#include "progress.h"

namespace Bench
{

namespace
{

// Two processes on one CPU keep it busy. If they got less of it, somebody else got the rest.
constexpr double UndisturbedShare = 0.93;
constexpr int MostAttempts = 3;

double scaled(double perSecond, Unit unit)
{
    switch (unit) {
    case Unit::MillionsPerSecond:
        return perSecond / 1e6;
    case Unit::GigabytesPerSecond:
        return perSecond / 1e9;
    default:
        return perSecond;
    }
}

QString callText(const QMap<QString, double> &calls)
{
    QStringList parts;
    for (auto it = calls.begin(); it != calls.end(); ++it) {
        if (it.value() >= 0.05)
            parts.append(QStringLiteral("%1 %2").arg(it.value(), 0, 'f', it.value() < 10 ? 1 : 0).arg(it.key()));
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace

Suite::Suite(Settings settings)
    : m_settings(std::move(settings))
    , m_runner(m_settings.pollDispatcher)
{
    addRows();
    for (const QString &note : m_settings.plan.notes)
        m_results.addNote(note);
}

void Suite::addRows()
{
    for (const Measurement &measurement : m_settings.plan.measurements) {
        m_results.addRow(measurement.row);
        if (!measurement.reportsSetup)
            continue;
        const QString number = QStringLiteral("%L1").arg(measurement.job.idle);
        m_results.addRow({SetupRow, QStringLiteral("setting up %1 connections").arg(number), Unit::PerSecond});
        m_results.addRow({HeapRow, QStringLiteral("heap for each of %1").arg(number), Unit::Bytes});
        m_results.addRow({ResidentRow, QStringLiteral("resident memory for each"), Unit::Bytes});
    }
}

Runner::Placement Suite::placement(bool split) const
{
    // The last one: systems like to do their own work on the first.
    const int server = m_settings.cpus.isEmpty() ? -1 : m_settings.cpus.last();
    return {server, split && m_settings.cpus.size() > 1 ? m_settings.cpus[m_settings.cpus.size() - 2] : server};
}

bool Suite::run()
{
    int steps = 0;
    const auto isDue = [](const Measurement &measurement, const QString &backend, int round) {
        return round == 0 || !measurement.onceOnly.contains(backend);
    };
    for (int round = 0; round < m_settings.plan.rounds; ++round) {
        for (const Measurement &measurement : m_settings.plan.measurements) {
            for (const QString &backend : measurement.backends)
                steps += isDue(measurement, backend, round);
        }
    }
    Progress progress(steps);
    for (int round = 0; round < m_settings.plan.rounds; ++round) {
        for (const Measurement &measurement : m_settings.plan.measurements) {
            for (const QString &backend : measurement.backends) {
                if (!isDue(measurement, backend, round))
                    continue;
                progress.step(QStringLiteral("round %1, %2").arg(round + 1).arg(measurement.row.title), backendTitle(backend));
                if (measurement.fewer > 0)
                    countCalls(measurement, backend, progress);
                else
                    measure(measurement, backend, round, progress);
            }
        }
    }
    if (m_disturbed > 0) {
        m_results.addNote(QStringLiteral("The machine was busy: in %1 of %2 measurements other programs took more than a tenth of the CPU.")
                              .arg(m_disturbed)
                              .arg(m_measured));
    }
    return m_ok;
}

bool Suite::failed(const Outcome &outcome, const Measurement &measurement, const QString &backend, Progress &progress)
{
    if (outcome.error.isEmpty())
        return false;
    const QString text = QStringLiteral("%1, %2: %3").arg(backendTitle(backend), measurement.row.title, outcome.error);
    progress.say(text);
    m_results.addNote(text);
    m_ok = false;
    return true;
}

Outcome Suite::measureUndisturbed(const Measurement &measurement, const QString &backend, bool &disturbed)
{
    Outcome best;
    double bestShare = -1;
    for (int attempt = 0; attempt < MostAttempts; ++attempt) {
        Outcome outcome = m_runner.run(measurement.job, backend, placement(measurement.row.split));
        const double share = outcome.seconds > 0 ? outcome.processorSeconds / outcome.seconds : 0;
        if (!outcome.error.isEmpty())
            return outcome;
        if (share > bestShare) {
            best = outcome;
            bestShare = share;
        }
        // With a CPU each they wait for each other: that says nothing.
        if (measurement.row.split || bestShare >= UndisturbedShare)
            return best;
        if (!m_settings.repeatDisturbed || m_settings.byProcessorTime || measurement.onceOnly.contains(backend))
            break;
    }
    disturbed = true;
    return best;
}

void Suite::measure(const Measurement &measurement, const QString &backend, int round, Progress &progress)
{
    bool disturbed = false;
    const Outcome outcome = measureUndisturbed(measurement, backend, disturbed);
    if (failed(outcome, measurement, backend, progress))
        return;
    ++m_measured;
    m_disturbed += disturbed;
    const bool byProcessorTime = m_settings.byProcessorTime && !measurement.row.split;
    const double seconds = byProcessorTime ? outcome.processorSeconds : outcome.seconds;
    m_results.add(measurement.row.id, backend, round, scaled(outcome.operations / seconds, measurement.row.unit));
    if (measurement.reportsSetup) {
        const double setup = byProcessorTime ? outcome.setupProcessorSeconds : outcome.setupSeconds;
        m_results.add(SetupRow, backend, round, measurement.job.idle / setup);
        m_results.add(HeapRow, backend, round, outcome.heap);
        m_results.add(ResidentRow, backend, round, outcome.resident);
    }
}

void Suite::countCalls(const Measurement &measurement, const QString &backend, Progress &progress)
{
    Job fewer = measurement.job;
    fewer.count = measurement.fewer;
    const Outcome before = m_runner.runTraced(fewer, backend, placement(false));
    if (failed(before, measurement, backend, progress))
        return;
    const Outcome after = m_runner.runTraced(measurement.job, backend, placement(false));
    if (failed(after, measurement, backend, progress))
        return;
    QMap<QString, double> calls;
    double total = 0;
    for (auto it = after.calls.begin(); it != after.calls.end(); ++it) {
        const double each = (it.value() - before.calls.value(it.key())) / double(measurement.job.count - measurement.fewer);
        calls[it.key()] = each;
        total += each;
    }
    m_results.add(measurement.row.id, backend, 0, total);
    m_callDetails[measurement.row.id][backend] = callText(calls);
}

} // namespace Bench
