// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace Bench
{

enum class Unit {
    PerSecond,
    MillionsPerSecond,
    GigabytesPerSecond,
    Bytes,
    Calls,
};

// A line of the table: one thing that was measured, for every backend.
struct Row {
    QString id;
    QString title;
    Unit unit = Unit::PerSecond;
    bool split = false; // each process on a CPU of its own
};

/*
 * All figures of a run. They come in rounds, in each of which every backend has its turn: what the machine does
 * meanwhile concerns all of them alike. A ratio is therefore that of one round, and of these the median is taken.
 */
class Results
{
public:
    void addRow(const Row &row);
    void add(const QString &row, const QString &backend, int round, double value);
    void addNote(const QString &note);

    [[nodiscard]] const QList<Row> &rows() const
    {
        return m_rows;
    }
    [[nodiscard]] const QStringList &notes() const
    {
        return m_notes;
    }
    // In the order in which they are known, those that have a figure anywhere.
    [[nodiscard]] QStringList usedBackends() const;
    [[nodiscard]] bool has(const QString &row, const QString &backend) const;
    [[nodiscard]] std::optional<double> median(const QString &row, const QString &backend) const;
    [[nodiscard]] std::optional<double> ratio(const QString &row, const QString &backend, const QString &otherRow, const QString &otherBackend) const;
    [[nodiscard]] QJsonObject toJson() const;

private:
    using Samples = QMap<int, double>; // by round
    [[nodiscard]] Samples samples(const QString &row, const QString &backend) const;

    QList<Row> m_rows;
    QStringList m_notes;
    QMap<QString, QMap<QString, Samples>> m_samples;
};

[[nodiscard]] QString unitName(Unit unit);

} // namespace Bench

#endif
