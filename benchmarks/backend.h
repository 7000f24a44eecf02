// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_BACKEND_H
#define BENCH_BACKEND_H

#include "probe.h"
#include "script.h"

#include <QString>

#include <memory>
#include <vector>

namespace Bench
{

// One way to talk over a local socket, or through pipes.
class Backend
{
public:
    Backend() = default;
    virtual ~Backend() = default;
    Q_DISABLE_COPY_MOVE(Backend)

    // Listens at the path of the job and answers until the process is ended.
    virtual void serve(const Job &job, Probe &probe) = 0;
    // Before the client runs: which process is the other side, if that is not the one that serves.
    virtual pid_t otherProcess(const Job &job)
    {
        return job.serverPid;
    }
    // Connects, and does what the script says until that is finished.
    virtual void run(const Job &job, ClientScript &script) = 0;
};

struct BackendInfo {
    QString id;
    QString title;
    std::unique_ptr<Backend> (*make)();
};

// Those that this program was built with, InterprocessQt first.
const std::vector<BackendInfo> &backends();
std::unique_ptr<Backend> makeBackend(const QString &id);
[[nodiscard]] QString backendTitle(const QString &id);

// How a backend may be used where it offers a choice.
enum class Reading {
    Copy, // read() into the user's buffer
    View, // view() of the buffer of the library
};
enum class Writing {
    Gathered, // what one turn writes in one system call
    Single, // a system call for each write
    Tuned, // gathered; also a large send buffer, and reading until nothing is left
};

std::unique_ptr<Backend> makeEpollBackend(Writing writing);
std::unique_ptr<Backend> makeInterprocessQtBackend(Reading reading);
// With an EventDispatcher instead of Qt's event loop.
std::unique_ptr<Backend> makeOwnLoopBackend();
// Ways for signals to come to a slot, for Job::Kind::Signal alone
std::unique_ptr<Backend> makeSignalWatcherBackend();
std::unique_ptr<Backend> makeSelfPipeBackend();
std::unique_ptr<Backend> makeSignalFdBackend();
std::unique_ptr<Backend> makeQLocalSocketBackend();
std::unique_ptr<Backend> makeLibuvBackend();
std::unique_ptr<Backend> makeAsioBackend();
// These are for pipes, and talk with nobody else.
std::unique_ptr<Backend> makePipeBackend();
std::unique_ptr<Backend> makeRawPipeBackend();
std::unique_ptr<Backend> makeQProcessBackend();

} // namespace Bench

#endif
