// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "console.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace console
{

namespace
{
// Whatever the language of the user is: the texts around the numbers are English.
QLocale locale()
{
    return QLocale(QLocale::English, QLocale::UnitedStates);
}

void write(std::FILE *file, const QString &line)
{
    const QByteArray bytes = line.toLocal8Bit() + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), file);
    std::fflush(file);
}

// Three digits are as much as a measurement is worth.
QString rounded(double value)
{
    if (value < 100)
        return locale().toString(value, 'f', value < 10 ? 2 : 1);
    const double unit = std::pow(10, std::floor(std::log10(value)) - 2);
    return locale().toString(std::round(value / unit) * unit, 'f', 0);
}

double seconds(Duration time)
{
    return std::max(1e-9, std::chrono::duration<double>(time).count());
}
} // namespace

void heading(const QString &text)
{
    write(stdout, '\n' + text);
}

void explain(const QString &text)
{
    write(stdout, text);
}

void say(const QString &who, const QString &text)
{
    write(stdout, who.leftJustified(9) + text);
}

void complain(const QString &text)
{
    write(stderr, "interprocessqt-tour: " + text);
}

QString number(quint64 value)
{
    return locale().toString(value);
}

QString size(quint64 bytes)
{
    return locale().formattedDataSize(qint64(bytes), 1);
}

QString duration(Duration time)
{
    const double value = seconds(time);
    if (value >= 1)
        return rounded(value) + " s";
    if (value >= 1e-3)
        return rounded(value * 1e3) + " ms";
    return rounded(value * 1e6) + " microseconds";
}

QString speed(quint64 bytes, Duration time)
{
    return rounded(double(bytes) / 1e6 / seconds(time)) + " MB/s";
}

QString perSecond(quint64 count, Duration time)
{
    return rounded(double(count) / seconds(time)) + " a second";
}

} // namespace console
