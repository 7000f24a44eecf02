// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_CONSOLE_H
#define TOUR_CONSOLE_H

#include <QString>

#include <chrono>

// What the tour shows to people, and how it writes numbers.
namespace console
{

using Duration = std::chrono::nanoseconds;

void heading(const QString &text);
// A line of text, as it is.
void explain(const QString &text = {});
// What one of the two processes has to say. Both write to the same terminal, so each line is written in one go.
void say(const QString &who, const QString &text);
// One line on standard error.
void complain(const QString &text);

// "1,234,567"
[[nodiscard]] QString number(quint64 value);
// "1.2 MiB"
[[nodiscard]] QString size(quint64 bytes);
// "1.2 s", "3.4 ms", "5.6 microseconds"
[[nodiscard]] QString duration(Duration time);
// "123 MB/s"
[[nodiscard]] QString speed(quint64 bytes, Duration time);
// "12,300 a second"
[[nodiscard]] QString perSecond(quint64 count, Duration time);

} // namespace console

#endif
