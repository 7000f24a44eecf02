// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <sys/signalfd.h>
#include <unistd.h>

// Round trips by signals: kill(2) to the other process, whose slot sends one back to who has sent it.
namespace Bench
{

namespace
{

constexpr int Number = SIGUSR1;
using Slot = std::function<void(pid_t)>;

class Watcher
{
public:
    explicit Watcher(Slot slot)
        : m_watcher({Number})
    {
        if (m_watcher.error() != InterprocessQt::SignalWatcher::NoError)
            die(qPrintable(m_watcher.errorString()));
        QObject::connect(&m_watcher, &InterprocessQt::SignalWatcher::received, &m_watcher, [slot](const InterprocessQt::SignalInfo &info) {
            slot(pid_t(info.processId().value_or(0)));
        });
    }

private:
    InterprocessQt::SignalWatcher m_watcher;
};

// As written by hand in most programs, but that who has sent it travels through the pipe.
class SelfPipe
{
public:
    explicit SelfPipe(Slot slot)
    {
        if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == -1)
            dieErrno("pipe2");
        m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
        QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [slot] {
            pid_t sender = 0;
            if (read(ends[0], &sender, sizeof sender) == sizeof sender)
                slot(sender);
        });
        struct sigaction action = {};
        action.sa_sigaction = [](int, siginfo_t *info, void *) {
            const int savedErrno = errno;
            const pid_t sender = info->si_pid;
            [[maybe_unused]] const ssize_t written = write(ends[1], &sender, sizeof sender);
            errno = savedErrno;
        };
        action.sa_flags = SA_SIGINFO | SA_RESTART;
        sigaction(Number, &action, nullptr);
    }

private:
    static inline std::array<int, 2> ends;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

class SignalFd
{
public:
    explicit SignalFd(Slot slot)
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, Number);
        sigprocmask(SIG_BLOCK, &set, nullptr);
        const int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd == -1)
            dieErrno("signalfd");
        m_notifier = std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
        QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [slot, fd] {
            signalfd_siginfo info;
            if (read(fd, &info, sizeof info) == sizeof info)
                slot(pid_t(info.ssi_pid));
        });
    }

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

template<typename Way>
class SignalBackend : public Backend
{
public:
    void serve(const Job &, Probe &probe) override
    {
        QCoreApplication application(m_argumentCount, m_arguments.data());
        const Way way([](pid_t sender) {
            kill(sender, Number);
        });
        probe.listening();
        QCoreApplication::exec();
    }

    void run(const Job &job, ClientScript &script) override
    {
        QCoreApplication application(m_argumentCount, m_arguments.data());
        const Way way([&job, &script](pid_t) {
            script.answer(nullptr, [](const char *, size_t) {});
            if (script.isFinished())
                QCoreApplication::quit();
            else
                kill(job.serverPid, Number);
        });
        script.begin();
        kill(job.serverPid, Number);
        QCoreApplication::exec();
    }

private:
    int m_argumentCount = 1;
    char m_name[6] = "bench";
    std::array<char *, 2> m_arguments = {m_name, nullptr};
};

} // namespace

std::unique_ptr<Backend> makeSignalWatcherBackend()
{
    return std::make_unique<SignalBackend<Watcher>>();
}

std::unique_ptr<Backend> makeSelfPipeBackend()
{
    return std::make_unique<SignalBackend<SelfPipe>>();
}

std::unique_ptr<Backend> makeSignalFdBackend()
{
    return std::make_unique<SignalBackend<SignalFd>>();
}

} // namespace Bench
