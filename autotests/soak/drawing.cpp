// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "drawing.h"

#include <algorithm>

namespace
{

constexpr int Width = 900;
constexpr int Height = 180;
constexpr int Left = 90;
constexpr int Gap = 50;

QString number(double value)
{
    return QString::number(value, 'f', value < 100 ? 1 : 0);
}

QString panel(const QList<Sampler::Sample> &samples, int index, const Sampler::Line &line, double Sampler::Sample::*value)
{
    double highest = 0;
    for (const Sampler::Sample &sample : samples)
        highest = std::max(highest, sample.*value);
    highest = std::max(1.0, highest * 1.1);
    const double seconds = std::max(1.0, samples.last().seconds);
    const int top = Gap + index * (Height + Gap);
    const auto x = [&](double at) {
        return Left + at / seconds * Width;
    };
    const auto y = [&](double at) {
        return top + Height - at / highest * Height;
    };

    QString points;
    for (const Sampler::Sample &sample : samples)
        points += QStringLiteral("%1,%2 ").arg(x(sample.seconds), 0, 'f', 1).arg(y(sample.*value), 0, 'f', 1);
    QString svg = QStringLiteral("<text x='%1' y='%2' class='title'>%3: %4 %6, then %5 %6, %7</text>\n")
                      .arg(Left)
                      .arg(top - 12)
                      .arg(line.name, number(line.before), number(line.after), line.unit, line.isFlat ? QStringLiteral("flat") : QStringLiteral("not flat"));
    svg += QStringLiteral("<rect x='%1' y='%2' width='%3' height='%4' class='frame'/>\n").arg(Left).arg(top).arg(Width).arg(Height);
    for (const double share : {0.0, 0.5, 1.0}) {
        svg += QStringLiteral("<text x='%1' y='%2' class='scale' text-anchor='end'>%3</text>\n")
                   .arg(Left - 8)
                   .arg(y(share * highest) + 4)
                   .arg(number(share * highest));
        svg += QStringLiteral("<text x='%1' y='%2' class='scale' text-anchor='middle'>%3 s</text>\n")
                   .arg(x(share * seconds))
                   .arg(top + Height + 16)
                   .arg(qRound(share * seconds));
    }
    // What is compared: the third in the middle and the last one.
    for (const double share : {1.0 / 3, 2.0 / 3})
        svg += QStringLiteral("<line x1='%1' x2='%1' y1='%2' y2='%3' class='third'/>\n").arg(x(share * seconds)).arg(top).arg(top + Height);
    svg += QStringLiteral("<polyline points='%1' class='curve'/>\n").arg(points);
    return svg;
}

} // namespace

QString drawn(const Sampler &sampler)
{
    const QList<Sampler::Sample> &samples = sampler.samples();
    if (samples.isEmpty())
        return {};
    const QList<Sampler::Line> lines = sampler.lines();
    QString svg = QStringLiteral(
                      "<svg xmlns='http://www.w3.org/2000/svg' width='%1' height='%2' font-family='sans-serif'>\n"
                      "<style>.title{font-size:15px}.scale{font-size:11px;fill:#666}.frame{fill:#fafafa;stroke:#ccc}"
                      ".third{stroke:#bbb;stroke-dasharray:4 4}.curve{fill:none;stroke:#1a6fb0;stroke-width:1.3}</style>\n"
                      "<rect width='100%' height='100%' fill='white'/>\n")
                      .arg(Left + Width + 40)
                      .arg(Gap + 3 * (Height + Gap));
    constexpr double Sampler::Sample::*values[] = {&Sampler::Sample::memory, &Sampler::Sample::descriptors, &Sampler::Sample::processor};
    for (int i = 0; i < 3; ++i)
        svg += panel(samples, i, lines[i], values[i]);
    return svg + QStringLiteral("</svg>\n");
}
