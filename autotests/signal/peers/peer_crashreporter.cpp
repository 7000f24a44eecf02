// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QProcess>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unistd.h>

using namespace InterprocessQt;

/*
 * A program with a crash reporter of the usual kind, such as Breakpad's: handlers of all faults with SA_SIGINFO and
 * SA_ONSTACK, which report, put back what they have found, and let the fault happen again.
 *
 * Arguments: "before" or "after", which is when the reporter is installed; "faults" or "others", which is what is watched; and
 * what goes wrong.
 */
namespace
{
constexpr int Faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
constexpr size_t StackSize = 256 * 1024;

std::array<struct sigaction, 65> found;
char *alternateStack = nullptr;
int *const nowhere = reinterpret_cast<int *>(0x10);

void say(const char *line)
{
    [[maybe_unused]] const ssize_t written = write(STDOUT_FILENO, line, std::strlen(line));
}

void report(int number, siginfo_t *info, void *context)
{
    const char *here = static_cast<const char *>(__builtin_frame_address(0)); // variables may be elsewhere with AddressSanitizer
    const bool isOnStack = here >= alternateStack && here < alternateStack + StackSize;
    char line[128];
    std::snprintf(line,
                  sizeof line,
                  "report: signal %d, code %d, %s, %s\n",
                  number,
                  info->si_code,
                  number == SIGSEGV && info->si_addr == nowhere ? "address" : "-",
                  isOnStack && context ? "own stack" : "wrong stack");
    say(line);
    for (const int fault : Faults)
        sigaction(fault, &found[size_t(fault)], nullptr);
    if (info->si_code <= 0) // by somebody, and does not happen again by itself
        raise(number);
}

void installReporter()
{
    alternateStack = static_cast<char *>(std::malloc(StackSize));
    stack_t stack = {};
    stack.ss_sp = alternateStack;
    stack.ss_size = StackSize;
    sigaltstack(&stack, nullptr);
    struct sigaction action = {};
    action.sa_sigaction = report;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (const int fault : Faults)
        sigaddset(&action.sa_mask, fault);
    for (const int fault : Faults)
        sigaction(fault, &action, &found[size_t(fault)]);
}

bool isReporterInstalled()
{
    constexpr int Flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER; // the C library has one of its own
    for (const int fault : Faults) {
        struct sigaction current;
        sigaction(fault, nullptr, &current);
        if (current.sa_sigaction != report || (current.sa_flags & Flags) != (SA_SIGINFO | SA_ONSTACK) || !sigismember(&current.sa_mask, SIGBUS))
            return false;
    }
    return true;
}

int recurse(int depth)
{
    volatile char room[4096];
    room[0] = char(depth);
    return depth < 0 ? 0 : recurse(depth + 1) + room[0]; // not a tail call
}

void goWrong(const QByteArray &how)
{
    if (how == "segv") {
        *static_cast<volatile int *>(nowhere) = 1;
    } else if (how == "overflow") {
        recurse(0);
    } else if (how == "abort") {
        std::abort();
    } else if (how == "sent") {
        kill(getpid(), SIGBUS);
    }
}
} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QByteArray when(argv[1]);
    const QByteArray what(argv[2]);
    const QByteArray how(argv[3]);
    for (const int fault : Faults)
        std::signal(fault, SIG_DFL); // sanitizers have handlers
    if (when == "before")
        installReporter();

    auto watcher = std::make_unique<SignalWatcher>(QList<int>{SIGTERM, SIGUSR1, SIGCHLD, SIGWINCH, SIGPIPE});
    if (what == "faults") {
        for (const int fault : Faults) {
            if (!watcher->watch(fault, SignalWatcher::UnsafeFaults))
                return 99;
        }
    }
    if (when == "after")
        installReporter();

    // Whatever there is, children are told of and waited for.
    QProcess process;
    process.start("sh", {"-c", "exit 7"});
    if (!process.waitForFinished() || process.exitCode() != 7)
        return 98;
    say("running\n");
    if (how == "leave") {
        watcher.reset();
        say(isReporterInstalled() ? "the reporter is installed\n" : "the reporter has gone\n");
        goWrong("segv");
    }
    goWrong(how);
    return 0;
}
