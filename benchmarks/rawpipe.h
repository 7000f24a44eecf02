// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_RAWPIPE_H
#define BENCH_RAWPIPE_H

#include "job.h"
#include "script.h"

// Pipes without a library. Whatever fails ends the process: there is nothing to measure then.
namespace Bench
{

// One pipe in each direction, blocking. Two processes that do not know each other meet by FIFOs, which are pipes with names.
struct PipeEnds {
    int in = -1;
    int out = -1;
};
void makePipes(const Job &job); // by the server, before it says that it is ready
[[nodiscard]] PipeEnds openServerPipes(const Job &job);
[[nodiscard]] PipeEnds openClientPipes(const Job &job);

// Answers with blocking calls, until its input ends.
void serveRawPipes(const Job &job, PipeEnds ends);

} // namespace Bench

#endif
