// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include <QByteArray>
#include <QStringList>

#include <optional>

#include <sys/types.h>

namespace Bench
{

// One measurement, as both processes are told of it.
struct Job {
    enum class Kind {
        Exchange, // a window of messages there, each answered by itself; then the next window. A window of one: round trips
        Stream, // one way, a byte back for each block
        Cycle, // connect, a byte each way, close
        Signal, // a signal there, one back; no socket
    };
    static constexpr qint64 Block = 8 * 1024 * 1024;
    static constexpr int Backlog = 128;

    Kind kind = Kind::Exchange;
    int size = 64; // bytes of a message, or of a write
    int window = 1;
    int idle = 0; // connections that are set up first and never speak again
    int millis = 100; // how long it takes …
    qint64 count = 0; // … or, if not 0, how many windows, blocks or connections
    QByteArray path; // of the socket
    pid_t serverPid = 0;
    int cpu = -1;

    [[nodiscard]] QStringList toArguments() const;
    static std::optional<Job> fromArguments(const QStringList &arguments);
};

} // namespace Bench

#endif
