// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "results.h"

#include "backend.h"

#include <QJsonArray>

#include <algorithm>

namespace Bench
{

namespace
{
double medianOf(QList<double> values)
{
    std::sort(values.begin(), values.end());
    const qsizetype middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}
} // namespace

QString unitName(Unit unit)
{
    switch (unit) {
    case Unit::PerSecond:
        return QStringLiteral("/s");
    case Unit::MillionsPerSecond:
        return QStringLiteral("M/s");
    case Unit::GigabytesPerSecond:
        return QStringLiteral("GB/s");
    case Unit::Bytes:
        return QStringLiteral("bytes");
    case Unit::Calls:
        return QStringLiteral("calls");
    }
    return {};
}

void Results::addRow(const Row &row)
{
    m_rows.append(row);
}

void Results::add(const QString &row, const QString &backend, int round, double value)
{
    m_samples[row][backend][round] = value;
}

void Results::addNote(const QString &note)
{
    m_notes.append(note);
}

Results::Samples Results::samples(const QString &row, const QString &backend) const
{
    return m_samples.value(row).value(backend);
}

bool Results::has(const QString &row, const QString &backend) const
{
    return !samples(row, backend).isEmpty();
}

QStringList Results::usedBackends() const
{
    QStringList used;
    for (const BackendInfo &backend : backends()) {
        for (const Row &row : m_rows) {
            if (has(row.id, backend.id)) {
                used.append(backend.id);
                break;
            }
        }
    }
    return used;
}

std::optional<double> Results::median(const QString &row, const QString &backend) const
{
    const Samples values = samples(row, backend);
    if (values.isEmpty())
        return {};
    return medianOf(values.values());
}

std::optional<double> Results::ratio(const QString &row, const QString &backend, const QString &otherRow, const QString &otherBackend) const
{
    const Samples ours = samples(row, backend);
    const Samples theirs = samples(otherRow, otherBackend);
    QList<double> ratios;
    for (auto it = ours.begin(); it != ours.end(); ++it) {
        if (theirs.value(it.key()) > 0)
            ratios.append(it.value() / theirs.value(it.key()));
    }
    if (ratios.isEmpty())
        return {};
    return medianOf(ratios);
}

QJsonObject Results::toJson() const
{
    QJsonArray rows;
    for (const Row &row : m_rows) {
        QJsonObject figures;
        const auto byBackend = m_samples.value(row.id);
        for (auto it = byBackend.begin(); it != byBackend.end(); ++it) {
            QJsonArray rounds;
            for (const double value : it.value())
                rounds.append(value);
            figures.insert(it.key(), QJsonObject{{QStringLiteral("median"), *median(row.id, it.key())}, {QStringLiteral("rounds"), rounds}});
        }
        rows.append(QJsonObject{{QStringLiteral("id"), row.id},
                                {QStringLiteral("title"), row.title},
                                {QStringLiteral("unit"), unitName(row.unit)},
                                {QStringLiteral("placement"), row.split ? QStringLiteral("split") : QStringLiteral("same")},
                                {QStringLiteral("figures"), figures}});
    }
    return {{QStringLiteral("rows"), rows}, {QStringLiteral("notes"), QJsonArray::fromStringList(m_notes)}};
}

} // namespace Bench
