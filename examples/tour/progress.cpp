// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "progress.h"

#include "console.h"
#include "system.h"

#include <algorithm>
#include <cstdio>

namespace
{
constexpr qint64 BarInterval = 100; // milliseconds
constexpr qint64 LineInterval = 5000;
constexpr int LongestBar = 32;
constexpr int ShortestBar = 5;
} // namespace

Progress::Progress(quint64 total)
    : m_total(total)
{
    m_sinceStart.start();
    m_sinceShown.start();
}

Progress::~Progress()
{
    if (!m_drawn)
        return;
    std::fputs("\r\033[K", stdout); // to the start of the line, and delete what is there
    std::fflush(stdout);
}

void Progress::update(quint64 done)
{
    if (!m_sinceShown.hasExpired(BarInterval))
        return;
    const int width = terminalWidth(); // asked for each time: windows can be resized
    if (width == 0 && !m_sinceShown.hasExpired(LineInterval))
        return;
    m_sinceShown.start();

    // A file may have grown since its size was asked for.
    const double part = m_total == 0 ? 0 : std::min(1.0, double(done) / double(m_total));
    const auto elapsed = std::chrono::nanoseconds(m_sinceStart.nsecsElapsed());
    const QString text = QString("%1 %  %2 of %3  %4").arg(int(part * 100), 3).arg(console::size(done), console::size(m_total), console::speed(done, elapsed));
    if (width == 0)
        console::say("client", text);
    else
        draw(text, part, width - 1); // some terminals begin a new line after the last column
}

void Progress::draw(const QString &text, double part, int room)
{
    QString line = QString("client").leftJustified(9);
    if (const int bar = std::min(LongestBar, room - int(line.size() + text.size()) - 3); bar >= ShortestBar)
        line += '[' + QString(int(part * bar), '#').leftJustified(bar) + ']';
    line += text;
    const QByteArray bytes = '\r' + line.left(room).toLocal8Bit() + "\033[K";
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
    m_drawn = true;
}
