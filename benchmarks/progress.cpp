// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "progress.h"

#include <cstdio>
#include <unistd.h>

namespace Bench
{

Progress::Progress(int steps)
    : m_steps(steps)
    , m_terminal(isatty(STDERR_FILENO))
{
}

Progress::~Progress()
{
    clear();
}

void Progress::step(const QString &what, const QString &detail)
{
    ++m_step;
    if (m_terminal) {
        const QString line = QStringLiteral("[%1/%2] %3: %4").arg(m_step).arg(m_steps).arg(what, detail).left(78);
        std::fprintf(stderr, "\r\033[K%s", qUtf8Printable(line));
    } else if (m_what != what) {
        std::fprintf(stderr, "[%d/%d] %s\n", m_step, m_steps, qUtf8Printable(what));
    }
    m_what = what;
}

void Progress::say(const QString &line)
{
    clear();
    std::fprintf(stderr, "%s\n", qUtf8Printable(line));
}

void Progress::clear()
{
    if (m_terminal && m_step > 0)
        std::fputs("\r\033[K", stderr);
}

} // namespace Bench
