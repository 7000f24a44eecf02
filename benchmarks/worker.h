// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <QStringList>

namespace Bench
{

// The program as one of the two processes of a measurement: `--worker server|client <backend> <key=value>...`.
int runWorker(const QStringList &arguments);

// Processors this process may use.
[[nodiscard]] QList<int> usableCpus();
// Asks for as many descriptors as are allowed; returns how many that are.
qint64 raiseDescriptorLimit();

} // namespace Bench

#endif
