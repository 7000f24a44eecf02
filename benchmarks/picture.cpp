// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "picture.h"

#include "backend.h"

#include <QXmlStreamWriter>

#include <algorithm>
#include <cmath>

namespace Bench
{

namespace
{

constexpr double Width = 1100;
constexpr double Margin = 60;
constexpr double BarsTop = 110;
constexpr double BarsHeight = 300;
constexpr double CurveTop = 540;
constexpr double CurveHeight = 300;
constexpr double Height = CurveTop + CurveHeight + 80;
// Higher bars are cut off and have their figure written on them.
constexpr double HighestRatio = 1.6;

struct Series {
    QString backend;
    const char *colour;
};

const Series AllSeries[] = {
    {QStringLiteral("interprocessqt"), "#1b6ca8"},
    {QStringLiteral("interprocessqt-view"), "#6db3e8"},
    {QStringLiteral("interprocessqt-loop"), "#0b3d63"},
    {QStringLiteral("qlocalsocket"), "#3f9b3f"},
    {QStringLiteral("epoll"), "#444444"},
    {QStringLiteral("libuv"), "#d9822b"},
    {QStringLiteral("asio"), "#a0488f"},
};

class Drawing
{
public:
    explicit Drawing(const Results &results)
        : m_results(results)
        , m_writer(&m_bytes)
    {
        m_writer.setAutoFormatting(true);
        m_writer.writeStartDocument();
        m_writer.writeStartElement(QStringLiteral("svg"));
        m_writer.writeDefaultNamespace(QStringLiteral("http://www.w3.org/2000/svg"));
        attribute("viewBox", QStringLiteral("0 0 %1 %2").arg(Width).arg(Height));
        attribute("font-family", QStringLiteral("sans-serif"));
        attribute("font-size", QStringLiteral("13"));
        rectangle(0, 0, Width, Height, "#ffffff");
    }

    QByteArray finish()
    {
        m_writer.writeEndDocument();
        return m_bytes;
    }

    void head(const QString &subtitle)
    {
        text(Margin, 32, QStringLiteral("InterprocessQt beside others"), "start", 20);
        text(Margin, 54, subtitle, "start");
        double x = Margin;
        for (const Series &series : AllSeries) {
            if (!isUsed(series.backend))
                continue;
            const QString title = series.backend == QLatin1String("interprocessqt-view") ? QStringLiteral("InterprocessQt by view()")
                : series.backend == QLatin1String("interprocessqt-loop")                 ? QStringLiteral("InterprocessQt, EventDispatcher")
                                                                                         : backendTitle(series.backend);
            rectangle(x, 68, 12, 12, series.colour);
            text(x + 18, 79, title, "start");
            x += 40 + 8.0 * double(title.size());
        }
    }

    void bars()
    {
        const QStringList wanted = {QStringLiteral("roundtrip-64"),
                                    QStringLiteral("roundtrip-4096"),
                                    QStringLiteral("roundtrip-65536"),
                                    QStringLiteral("pipelined"),
                                    QStringLiteral("stream-65536"),
                                    QStringLiteral("stream-1024"),
                                    QStringLiteral("cycle"),
                                    QStringLiteral("setup")};
        QList<Row> rows;
        for (const Row &row : m_results.rows()) {
            if (wanted.contains(row.id) && m_results.has(row.id, QStringLiteral("epoll")))
                rows.append(row);
        }
        if (rows.isEmpty())
            return;
        text(Margin, BarsTop - 8, QStringLiteral("Speed, plain epoll on raw descriptors = 1 (both processes on one CPU)"), "start", 14);
        const double bottom = BarsTop + BarsHeight;
        for (double ratio = 0; ratio <= HighestRatio; ratio += 0.25) {
            const double y = bottom - ratio / HighestRatio * BarsHeight;
            line(Margin, y, Width - Margin, y, ratio == 1 ? "#444444" : "#dddddd");
            text(Margin - 8, y + 4, QString::number(ratio), "end");
        }
        const double group = (Width - 2 * Margin) / double(rows.size());
        for (qsizetype i = 0; i < rows.size(); ++i)
            barGroup(rows[i], Margin + group * double(i), group, bottom);
    }

    void curve()
    {
        QList<std::pair<int, QString>> points;
        double highest = 0;
        double lowest = 1e12;
        for (const Row &row : m_results.rows()) {
            if (!row.id.startsWith(QLatin1String("idle-")))
                continue;
            points.append({row.id.mid(5).toInt(), row.id});
            for (const Series &series : AllSeries) {
                if (const auto value = m_results.median(row.id, series.backend)) {
                    highest = std::max(highest, *value);
                    lowest = std::min(lowest, *value);
                }
            }
        }
        if (points.isEmpty() || highest <= 0)
            return;
        text(Margin, CurveTop - 8, QStringLiteral("Round trips a second of one connection beside so many idle ones"), "start", 14);
        const Axis x(1, std::max(10, points.last().first), Margin + 30, Width - Margin);
        const Axis y(lowest, highest, CurveTop + CurveHeight, CurveTop + 10);
        grid(x, y);
        for (const Series &series : AllSeries)
            graph(series, points, x, y);
    }

private:
    // Logarithmic, from a power of ten to a power of ten.
    class Axis
    {
    public:
        Axis(double lowest, double highest, double from, double to)
            : first(int(std::floor(std::log10(std::max(lowest, 1.0)))))
            , last(std::max(first + 1, int(std::ceil(std::log10(highest)))))
            , m_from(from)
            , m_to(to)
        {
        }
        [[nodiscard]] double at(double value) const
        {
            return m_from + (std::log10(value) - first) / (last - first) * (m_to - m_from);
        }
        const int first;
        const int last;

    private:
        const double m_from;
        const double m_to;
    };

    [[nodiscard]] bool isUsed(const QString &backend) const
    {
        return m_results.usedBackends().contains(backend);
    }

    void barGroup(const Row &row, double left, double width, double bottom)
    {
        text(left + width / 2, bottom + 18, row.title.section(QLatin1String(", "), 0, 0), "middle", 11);
        text(left + width / 2, bottom + 33, row.title.section(QLatin1String(", "), 1), "middle", 11);
        const double bar = width * 0.84 / double(std::size(AllSeries));
        double x = left + width * 0.08;
        for (const Series &series : AllSeries) {
            const auto ratio = m_results.ratio(row.id, series.backend, row.id, QStringLiteral("epoll"));
            if (!ratio)
                continue;
            const double height = std::min(*ratio, HighestRatio) / HighestRatio * BarsHeight;
            rectangle(x, bottom - height, bar - 2, height, series.colour);
            text(x + bar / 2 - 1, bottom - height - 3, QString::number(*ratio, 'f', 2), "middle", 8);
            x += bar;
        }
    }

    void grid(const Axis &x, const Axis &y)
    {
        for (int power = x.first; power <= x.last; ++power) {
            const double at = x.at(std::pow(10, power));
            line(at, CurveTop + 10, at, CurveTop + CurveHeight, "#dddddd");
            text(at, CurveTop + CurveHeight + 18, QStringLiteral("%L1").arg(qint64(std::pow(10, power))), "middle");
        }
        for (int power = y.first; power <= y.last; ++power) {
            const double at = y.at(std::pow(10, power));
            line(Margin + 30, at, Width - Margin, at, "#dddddd");
            text(Margin + 22, at + 4, QStringLiteral("%L1").arg(qint64(std::pow(10, power))), "end");
        }
    }

    void graph(const Series &series, const QList<std::pair<int, QString>> &points, const Axis &x, const Axis &y)
    {
        QStringList coordinates;
        for (const auto &[count, row] : points) {
            const auto value = m_results.median(row, series.backend);
            if (!value || *value <= 0)
                continue;
            coordinates.append(QStringLiteral("%1,%2").arg(x.at(count), 0, 'f', 1).arg(y.at(*value), 0, 'f', 1));
            m_writer.writeEmptyElement(QStringLiteral("circle"));
            attribute("cx", x.at(count));
            attribute("cy", y.at(*value));
            attribute("r", 3);
            attribute("fill", QLatin1String(series.colour));
        }
        if (coordinates.isEmpty())
            return;
        m_writer.writeEmptyElement(QStringLiteral("polyline"));
        attribute("points", coordinates.join(QLatin1Char(' ')));
        attribute("fill", QStringLiteral("none"));
        attribute("stroke", QLatin1String(series.colour));
        attribute("stroke-width", 2);
    }

    void attribute(const char *name, const QString &value)
    {
        m_writer.writeAttribute(QLatin1String(name), value);
    }
    void attribute(const char *name, double value)
    {
        attribute(name, QString::number(value, 'f', 1));
    }

    void rectangle(double x, double y, double width, double height, const char *colour)
    {
        m_writer.writeEmptyElement(QStringLiteral("rect"));
        attribute("x", x);
        attribute("y", y);
        attribute("width", width);
        attribute("height", height);
        attribute("fill", QLatin1String(colour));
    }

    void line(double x1, double y1, double x2, double y2, const char *colour)
    {
        m_writer.writeEmptyElement(QStringLiteral("line"));
        attribute("x1", x1);
        attribute("y1", y1);
        attribute("x2", x2);
        attribute("y2", y2);
        attribute("stroke", QLatin1String(colour));
    }

    void text(double x, double y, const QString &string, const char *anchor, int size = 12)
    {
        m_writer.writeStartElement(QStringLiteral("text"));
        attribute("x", x);
        attribute("y", y);
        attribute("text-anchor", QLatin1String(anchor));
        attribute("font-size", QString::number(size));
        m_writer.writeCharacters(string);
        m_writer.writeEndElement();
    }

    const Results &m_results;
    QByteArray m_bytes;
    QXmlStreamWriter m_writer;
};

} // namespace

QByteArray drawPicture(const Results &results, const QString &subtitle)
{
    Drawing drawing(results);
    drawing.head(subtitle);
    drawing.bars();
    drawing.curve();
    return drawing.finish();
}

} // namespace Bench
