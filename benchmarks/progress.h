// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_PROGRESS_H
#define BENCH_PROGRESS_H

#include <QString>

namespace Bench
{

// Where a run has got to, on standard error: one line that changes on a terminal, else a line for each thing begun.
class Progress
{
public:
    explicit Progress(int steps);
    ~Progress();
    Q_DISABLE_COPY_MOVE(Progress)

    void step(const QString &what, const QString &detail);
    void say(const QString &line);

private:
    void clear();

    const int m_steps;
    const bool m_terminal;
    int m_step = 0;
    QString m_what;
};

} // namespace Bench

#endif
