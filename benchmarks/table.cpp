// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "table.h"

#include "backend.h"

#include <QLocale>

#include <algorithm>
#include <iterator>

namespace Bench
{

namespace
{

constexpr int TitleWidth = 38;
constexpr int RatioWidth = 9;

QString figure(std::optional<double> value, Unit unit)
{
    if (!value)
        return QStringLiteral("·");
    const QLocale locale = QLocale::c();
    switch (unit) {
    case Unit::PerSecond:
    case Unit::Bytes:
        return QLocale(QLocale::English).toString(qint64(*value + 0.5));
    case Unit::MillionsPerSecond:
    case Unit::GigabytesPerSecond:
        return locale.toString(*value, 'f', 2);
    case Unit::Calls:
        return locale.toString(*value, 'f', *value < 100 ? 1 : 0);
    }
    return {};
}

QString ratioText(std::optional<double> value)
{
    return value ? QString::number(*value, 'f', *value < 10 ? 2 : 1) : QStringLiteral("·");
}

int columnWidth(const QString &backend)
{
    return std::max(10, int(backendTitle(backend).size()) + 2);
}

// Sockets, pipes and signals have tables of their own: what they are compared with is not the same.
struct Family {
    const char *title;
    const char *prefix; // of the rows
    const char *ours;
    const char *firstRatio;
    const char *firstPeer;
    const char *secondRatio;
    const char *secondPeer;
};

constexpr Family Families[] = {
    {"", "", "interprocessqt", "/epoll", "epoll", "/QLocal", "qlocalsocket"},
    {"Pipes. ", "pipe-", "pipe", "/raw", "pipe-raw", "/QProc", "pipe-qprocess"},
    {"Signals. ", "signal", "signalwatcher", "/pipe", "selfpipe", "/sigfd", "signalfd"},
};

bool belongsTo(const Row &row, const Family &family)
{
    // The last one that fits: the prefix of the first one is that of every row.
    const auto found = std::find_if(std::rbegin(Families), std::rend(Families), [&row](const Family &candidate) {
        return row.id.startsWith(QLatin1String(candidate.prefix));
    });
    return &*found == &family;
}

QString headline(const QString &title, const Family &family, const QStringList &columns)
{
    QString line = title.leftJustified(TitleWidth);
    for (const QString &backend : columns)
        line += backendTitle(backend).rightJustified(columnWidth(backend));
    for (const char *ratio : {family.firstRatio, family.secondRatio})
        line += QString::fromLatin1(ratio).rightJustified(RatioWidth);
    return line + QLatin1Char('\n');
}

QString familyTable(const Results &results, const Family &family, bool split)
{
    QList<Row> rows;
    QStringList columns;
    for (const Row &row : results.rows()) {
        if (row.split == split && belongsTo(row, family))
            rows.append(row);
    }
    for (const QString &backend : results.usedBackends()) {
        const bool isUsed = std::any_of(rows.begin(), rows.end(), [&](const Row &row) {
            return results.has(row.id, backend);
        });
        if (isUsed)
            columns.append(backend);
    }
    QString text;
    for (const Row &row : std::as_const(rows)) {
        const bool isEmpty = std::none_of(columns.begin(), columns.end(), [&](const QString &backend) {
            return results.has(row.id, backend);
        });
        if (isEmpty)
            continue;
        const QString unit = row.unit == Unit::Calls ? QString() : QStringLiteral(", ") + unitName(row.unit);
        text += QString(row.title + unit).leftJustified(TitleWidth);
        for (const QString &backend : std::as_const(columns))
            text += figure(results.median(row.id, backend), row.unit).rightJustified(columnWidth(backend));
        for (const char *peer : {family.firstPeer, family.secondPeer})
            text += ratioText(results.ratio(row.id, QLatin1String(family.ours), row.id, QLatin1String(peer))).rightJustified(RatioWidth);
        text += QLatin1Char('\n');
    }
    if (text.isEmpty())
        return text;
    const QString placement = split ? QStringLiteral("A CPU for each process") : QStringLiteral("Both processes on one CPU");
    return QLatin1Char('\n') + headline(QLatin1String(family.title) + placement, family, columns) + text;
}

} // namespace

QString figureTable(const Results &results)
{
    QString text;
    for (const Family &family : Families) {
        for (const bool split : {false, true})
            text += familyTable(results, family, split);
    }
    return text;
}

QString targetTable(const QList<Verdict> &verdicts)
{
    QString text;
    for (const Verdict &verdict : verdicts) {
        const bool large = verdict.bound >= 100;
        text += QStringLiteral("%1  %2 %3  (%4 %5)\n")
                    .arg(verdict.isMet() ? QStringLiteral("ok    ") : QStringLiteral("MISSED"),
                         verdict.text.leftJustified(54),
                         QString::number(verdict.value, 'f', large ? 0 : 2).rightJustified(7),
                         verdict.atMost ? QStringLiteral("≤") : QStringLiteral("≥"),
                         QString::number(verdict.bound));
    }
    return text.isEmpty() ? text : QStringLiteral("\nTargets\n") + text;
}

} // namespace Bench
