// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef LOGCOLLECTOR_SAY_H
#define LOGCOLLECTOR_SAY_H

#include <QString>

#include <cstdio>

// A line on standard output in one go: several processes write to the same terminal.
inline void say(const QString &line = {})
{
    const QByteArray bytes = line.toLocal8Bit() + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

inline void complain(const QString &line)
{
    std::fprintf(stderr, "interprocessqt-logcollector: %s\n", qPrintable(line));
}

#endif
