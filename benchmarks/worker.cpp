// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "worker.h"

#include "backend.h"
#include "rawpipe.h"
#include "rawsocket.h"

#include <cstdio>
#include <sched.h>
#include <sys/resource.h>

namespace Bench
{

namespace
{

void pinTo(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(size_t(cpu), &set);
    if (sched_setaffinity(0, sizeof set, &set) == -1)
        dieErrno("sched_setaffinity");
}

void runClient(Backend &backend, Job job)
{
    job.serverPid = backend.otherProcess(job);
    const IdleConnections idle(job.path, job.idle, job.size, job.serverPid);
    ClientScript script(job);
    backend.run(job, script);
    const Meter &meter = script.meter();
    std::printf("result %lld %.9f %.9f %.9f %.9f\n",
                static_cast<long long>(meter.operations()),
                meter.seconds(),
                meter.processorSeconds(),
                idle.seconds(),
                idle.processorSeconds());
    std::fflush(stdout);
}

} // namespace

QList<int> usableCpus()
{
    QList<int> cpus;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
            if (CPU_ISSET(size_t(cpu), &set))
                cpus.append(cpu);
        }
    }
    return cpus;
}

qint64 raiseDescriptorLimit()
{
    rlimit limit = {};
    if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return 0;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? qint64(limit.rlim_cur) : 0;
}

int runWorker(const QStringList &arguments)
{
    const auto job = Job::fromArguments(arguments.mid(2));
    const auto backend = makeBackend(arguments.value(1));
    if (!job || !backend) {
        std::fputs("interprocessqt-bench: --worker is for the program itself\n", stderr);
        return 2;
    }
    raiseDescriptorLimit();
    if (job->cpu >= 0)
        pinTo(job->cpu);
    if (arguments.first() == QLatin1String("child")) {
        serveRawPipes(*job, {0, 1});
    } else if (arguments.first() == QLatin1String("server")) {
        Probe probe(job->idle);
        backend->serve(*job, probe);
    } else {
        runClient(*backend, *job);
    }
    return 0;
}

} // namespace Bench
