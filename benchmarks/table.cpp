// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "table.h"

#include "backend.h"

#include <QLocale>

#include <algorithm>

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

QString headline(const QString &title, const QStringList &columns)
{
    QString line = title.leftJustified(TitleWidth);
    for (const QString &backend : columns)
        line += backendTitle(backend).rightJustified(columnWidth(backend));
    return line + QStringLiteral("/epoll").rightJustified(RatioWidth) + QStringLiteral("/QLocal").rightJustified(RatioWidth) + QLatin1Char('\n');
}

} // namespace

QString figureTable(const Results &results)
{
    const QStringList columns = results.usedBackends();
    const QString ours = QStringLiteral("interprocessqt");
    QString text;
    for (const bool split : {false, true}) {
        QString part;
        for (const Row &row : results.rows()) {
            const bool isEmpty = std::none_of(columns.begin(), columns.end(), [&](const QString &backend) {
                return results.has(row.id, backend);
            });
            if (row.split != split || isEmpty)
                continue;
            const QString unit = row.unit == Unit::Calls ? QString() : QStringLiteral(", ") + unitName(row.unit);
            part += QString(row.title + unit).leftJustified(TitleWidth);
            for (const QString &backend : columns)
                part += figure(results.median(row.id, backend), row.unit).rightJustified(columnWidth(backend));
            part += ratioText(results.ratio(row.id, ours, row.id, QStringLiteral("epoll"))).rightJustified(RatioWidth);
            part += ratioText(results.ratio(row.id, ours, row.id, QStringLiteral("qlocalsocket"))).rightJustified(RatioWidth);
            part += QLatin1Char('\n');
        }
        if (part.isEmpty())
            continue;
        const QString title = split ? QStringLiteral("A CPU for each process") : QStringLiteral("Both processes on one CPU");
        text += QLatin1Char('\n') + headline(title, columns) + part;
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
