// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_PROGRESS_H
#define TOUR_PROGRESS_H

#include <QElapsedTimer>
#include <QString>

/*
 * Shows how far something has come.
 *
 * On a terminal it is a bar, redrawn in its place and gone at the end; elsewhere (a file, a pipe) a line from time to
 * time. What is over soon shows neither.
 */
class Progress
{
public:
    explicit Progress(quint64 total);
    ~Progress();
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;

    void update(quint64 done);

private:
    void draw(const QString &text, double part, int room);

    const quint64 m_total;
    QElapsedTimer m_sinceStart;
    QElapsedTimer m_sinceShown;
    bool m_drawn = false;
};

#endif
