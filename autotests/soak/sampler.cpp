// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "sampler.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <sys/resource.h>
#include <unistd.h>

namespace
{

double processorTime()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMiB()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * double(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

double descriptors()
{
    return double(QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size());
}

double middle(QList<double> values)
{
    if (values.isEmpty())
        return 0;
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
}

} // namespace

Sampler::Sampler()
    : m_lastProcessorTime(processorTime())
{
    m_time.start();
}

const Sampler::Sample &Sampler::take()
{
    const double now = double(m_time.elapsed()) / 1000;
    const double used = processorTime();
    const double passed = std::max(0.001, now - m_lastSeconds);
    m_samples.append({now, residentMiB(), descriptors(), 100 * (used - m_lastProcessorTime) / passed});
    m_lastProcessorTime = used;
    m_lastSeconds = now;
    return m_samples.last();
}

QList<Sampler::Line> Sampler::lines() const
{
    const qsizetype third = m_samples.size() / 3;
    const auto line = [&](const char *name, const char *unit, double Sample::*value, double share, double slack) {
        QList<double> before;
        QList<double> after;
        for (qsizetype i = third; i < m_samples.size(); ++i)
            (i < 2 * third ? before : after).append(m_samples[i].*value);
        Line result{QString::fromLatin1(name), QString::fromLatin1(unit), middle(before), middle(after)};
        result.isFlat = result.after <= result.before * (1 + share) + slack;
        return result;
    };
    // What grows by less than this in a third of the time is noise of an allocator, of chance and of the machine.
    return {line("memory", "MiB", &Sample::memory, 0.02, 0.5),
            line("descriptors", "", &Sample::descriptors, 0.1, 3),
            line("processor", "%", &Sample::processor, 0.25, 3)};
}
