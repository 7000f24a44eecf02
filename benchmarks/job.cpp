// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "job.h"

namespace Bench
{

QStringList Job::toArguments() const
{
    return {
        QStringLiteral("kind=%1").arg(int(kind)),
        QStringLiteral("size=%1").arg(size),
        QStringLiteral("window=%1").arg(window),
        QStringLiteral("idle=%1").arg(idle),
        QStringLiteral("millis=%1").arg(millis),
        QStringLiteral("count=%1").arg(count),
        QStringLiteral("path=%1").arg(QString::fromLocal8Bit(path)),
        QStringLiteral("server=%1").arg(serverPid),
        QStringLiteral("cpu=%1").arg(cpu),
    };
}

std::optional<Job> Job::fromArguments(const QStringList &arguments)
{
    Job job;
    for (const QString &argument : arguments) {
        const QString key = argument.section(QLatin1Char('='), 0, 0);
        const QString value = argument.section(QLatin1Char('='), 1);
        bool ok = true;
        if (key == QLatin1String("kind"))
            job.kind = Kind(value.toInt(&ok));
        else if (key == QLatin1String("size"))
            job.size = value.toInt(&ok);
        else if (key == QLatin1String("window"))
            job.window = value.toInt(&ok);
        else if (key == QLatin1String("idle"))
            job.idle = value.toInt(&ok);
        else if (key == QLatin1String("millis"))
            job.millis = value.toInt(&ok);
        else if (key == QLatin1String("count"))
            job.count = value.toLongLong(&ok);
        else if (key == QLatin1String("path"))
            job.path = value.toLocal8Bit();
        else if (key == QLatin1String("server"))
            job.serverPid = value.toInt(&ok);
        else if (key == QLatin1String("cpu"))
            job.cpu = value.toInt(&ok);
        else
            ok = false;
        if (!ok)
            return {};
    }
    if (job.path.isEmpty() || job.size < 1 || job.window < 1)
        return {};
    return job;
}

} // namespace Bench
