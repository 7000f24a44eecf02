// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "configuration.h"

#include <QFile>

std::optional<Configuration> Configuration::fromFile(const QString &path, QString &error)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        error = QString("%1: %2").arg(path, file.errorString());
        return {};
    }
    Configuration configuration;
    for (int number = 1; !file.atEnd(); ++number) {
        const QString line = QString::fromUtf8(file.readLine()).trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        const QString key = line.section('=', 0, 0).trimmed();
        bool isNumber = false;
        const int value = line.section('=', 1).trimmed().toInt(&isNumber);
        if (isNumber && value > 0 && key == "interval") {
            configuration.interval = std::chrono::milliseconds(value);
        } else if (isNumber && value > 0 && key == "batch") {
            configuration.batch = value;
        } else {
            error = QString("%1:%2: \"%3\" is neither \"interval = <milliseconds>\" nor \"batch = <number>\"").arg(path).arg(number).arg(line);
            return {};
        }
    }
    return configuration;
}
