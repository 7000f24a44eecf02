// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef SAMPLER_H
#define SAMPLER_H

#include <QElapsedTimer>
#include <QList>
#include <QString>

// What this process uses, second by second.
class Sampler
{
public:
    struct Sample {
        double seconds = 0;
        double memory = 0; // MiB
        double descriptors = 0;
        double processor = 0; // per cent of one
    };

    Sampler();
    const Sample &take();
    [[nodiscard]] const QList<Sample> &samples() const
    {
        return m_samples;
    }

    struct Line {
        QString name;
        QString unit;
        double before = 0; // the middle value of the third in the middle
        double after = 0; // that of the last third
        bool isFlat = false;
    };
    // The first third does not count: caches are filled, pools get as large as they have to.
    [[nodiscard]] QList<Line> lines() const;

private:
    QList<Sample> m_samples;
    QElapsedTimer m_time;
    double m_lastProcessorTime = 0;
    double m_lastSeconds = 0;
};

#endif
