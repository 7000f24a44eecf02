// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_RUNNER_H
#define BENCH_RUNNER_H

#include "job.h"

#include <QMap>
#include <QString>
#include <QTemporaryDir>

class QProcess;

namespace Bench
{

// What one measurement has brought.
struct Outcome {
    QString error; // empty if all went well
    double operations = 0; // messages, bytes of a stream, or connections
    double seconds = 0;
    double processorSeconds = 0; // of both processes
    double setupSeconds = 0; // of the idle connections
    double setupProcessorSeconds = 0;
    double heap = 0; // bytes of the server's memory for each of them
    double resident = 0;
    QMap<QString, double> calls; // system calls of both, if they were counted
};

// Runs measurements, each in two fresh processes of this program.
class Runner
{
public:
    struct Placement {
        int serverCpu;
        int clientCpu;
    };

    explicit Runner(bool pollDispatcher);

    Outcome run(Job job, const QString &backend, Placement placement);
    // The same with the system calls counted, which needs strace.
    Outcome runTraced(Job job, const QString &backend, Placement placement);
    [[nodiscard]] static bool canTrace();

private:
    Outcome run(Job job, const QString &backend, Placement placement, bool traced);
    void start(QProcess &process, const QString &role, const QString &backend, const Job &job, bool traced) const;
    [[nodiscard]] QString traceFile(const QString &role) const;

    QTemporaryDir m_directory;
    const bool m_pollDispatcher;
};

} // namespace Bench

#endif
