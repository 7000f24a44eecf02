// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef CONFIGURATION_H
#define CONFIGURATION_H

#include <QString>

#include <chrono>
#include <optional>

// What the file says: lines such as "interval = 200".
struct Configuration {
    std::chrono::milliseconds interval{500}; // from one job to the next
    int batch = 1; // how many at a time

    static std::optional<Configuration> fromFile(const QString &path, QString &error);
};

#endif
