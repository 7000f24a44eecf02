// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalhandler_p.h"

#include "syscalls_p.h"
#include "syscalls_signal_p.h"

#include <array>
#include <atomic>
#include <cerrno>

/*
 * What runs in the handler is everything above the line "not in the handler". It calls write(), getpid(), sigaction() and
 * raise(), which signal-safety(7) allows, reads and writes atomic variables that are free of locks, and keeps errno. It
 * allocates nothing, waits for nobody, and touches nothing of Qt.
 */
namespace InterprocessQt::SignalHandler
{

namespace
{
using FoundFunction = void (*)(int);

static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free && std::atomic<FoundFunction>::is_always_lock_free
                  && std::atomic<Function>::is_always_lock_free && std::atomic<quint32>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free,
              "a signal handler must not wait for a lock");

// What was there before a layer was installed: one of the two, sigaction(2).
struct Found {
    std::atomic<FoundFunction> plain; // or SIG_DFL, SIG_IGN
    std::atomic<Function> informed;
};

struct State {
    std::atomic<int> activeLayer; // counted from 1
    std::atomic<bool> queued;
    std::atomic<bool> chained;
    std::atomic<bool> pending;
    std::atomic<quint32> lost;
};

std::array<std::array<Found, Highest + 1>, Layers> foundActions;
std::array<State, Highest + 1> states;
std::atomic<bool> anyPending;
std::atomic<int> pipeEnd = -1;
std::atomic<int> writers; // handlers that may be about to write
std::atomic<pid_t> owner; // 0 while nothing is to be written

// False if there is nobody (any more) to report to.
bool report(int number, const siginfo_t *info)
{
    SignalRecord record = {};
    record.number = number;
    if (info) {
        record.code = info->si_code;
        record.pid = info->si_pid;
        record.uid = info->si_uid;
        record.status = info->si_status;
        record.intValue = info->si_value.sival_int;
        record.pointerValue = reinterpret_cast<quintptr>(info->si_value.sival_ptr);
    }

    ++writers;
    const int fd = pipeEnd;
    const bool isOpen = fd != -1;
    if (isOpen && sys::writeRecord(fd, &record, sizeof record) == -1) {
        // Full. What cannot be written is noted, and the reader, which has much to read then, looks at the notes after
        // that. If it has read everything in the meantime there is room for a record that wakes it again.
        if (states[size_t(number)].queued)
            ++states[size_t(number)].lost;
        else
            states[size_t(number)].pending = true;
        anyPending = true;
        const SignalRecord look = {};
        [[maybe_unused]] const ssize_t written = sys::writeRecord(fd, &look, sizeof look);
    }
    --writers;
    return isOpen;
}

// True if there was a handler.
bool callFound(int layer, int number, siginfo_t *info, void *context)
{
    const Found &found = foundActions[size_t(layer)][size_t(number)];
    if (const Function informed = found.informed) {
        informed(number, info, context);
        return true;
    }
    const FoundFunction plain = found.plain;
    if (plain == SIG_DFL || plain == SIG_IGN)
        return false;
    plain(number);
    return true;
}

// As though this handler had never been installed.
void behaveAsFound(int layer, int number, siginfo_t *info, void *context)
{
    if (callFound(layer, number, info, context))
        return;
    if (foundActions[size_t(layer)][size_t(number)].plain == SIG_IGN)
        return;
    struct sigaction current;
    if (sys::signalAction(number, nullptr, &current) == -1)
        return;
    const bool isInstalled = (current.sa_flags & SA_SIGINFO) && current.sa_sigaction == function(layer);
    const bool isDefault = !(current.sa_flags & SA_SIGINFO) && current.sa_handler == SIG_DFL;
    // Otherwise somebody has put a handler above this one, and has done what they do.
    if (isInstalled)
        sys::setDefaultAction(number);
    if (isInstalled || isDefault)
        sys::raiseSignal(number); // when this handler returns
}

void handle(int layer, int number, siginfo_t *info, void *context)
{
    const int savedErrno = errno;
    State &state = states[size_t(number)];
    // Whether this is a child is asked each time: one made by clone() or vfork() runs no handler of pthread_atfork().
    if (state.activeLayer != layer + 1 || sys::processId() != owner || !report(number, info)) {
        behaveAsFound(layer, number, info, context);
    } else {
        const bool hadHandler = state.chained && callFound(layer, number, info, context);
        // A fault would occur again, for ever, as soon as this returns.
        if (!hadHandler && info && isOwnFault(number, info->si_code)) {
            sys::setDefaultAction(number);
            if (number == SIGTRAP || number == SIGSYS) // which do not occur again
                sys::raiseSignal(number);
        }
    }
    errno = savedErrno;
}

template<int Layer>
void handler(int number, siginfo_t *info, void *context)
{
    handle(Layer, number, info, context);
}
} // namespace

Function function(int layer)
{
    static constexpr Function functions[Layers] = {handler<0>, handler<1>, handler<2>, handler<3>};
    return functions[layer];
}

bool isFault(int number)
{
    switch (number) {
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGTRAP:
    case SIGABRT:
    case SIGSYS:
        return true;
    default:
        return false;
    }
}

bool isOwnFault(int number, int code)
{
    return isFault(number) && number != SIGABRT && code > 0 && code != SI_USER;
}

// ---- Not in the handler

void setFound(int layer, int number, const struct sigaction &found)
{
    Found &place = foundActions[size_t(layer)][size_t(number)];
    const bool isInformed = found.sa_flags & SA_SIGINFO;
    place.informed = isInformed ? found.sa_sigaction : nullptr;
    place.plain = isInformed ? SIG_DFL : found.sa_handler;
}

void activate(int layer, int number, bool queued, bool chained)
{
    State &state = states[size_t(number)];
    state.queued = queued;
    state.chained = chained;
    state.pending = false;
    state.lost = 0;
    state.activeLayer = layer + 1;
}

void setChained(int number, bool chained)
{
    states[size_t(number)].chained = chained;
}

void deactivate(int number)
{
    states[size_t(number)].activeLayer = 0;
}

void open(int writingEnd)
{
    pipeEnd = writingEnd;
    owner = sys::processId();
}

bool close()
{
    owner = 0;
    pipeEnd = -1;
    // Who has seen the descriptor before that is counted. Its number may soon be that of something else.
    for (int i = 0; i < 1000 && writers != 0; ++i)
        sys::poll(nullptr, 0, i < 10 ? 0 : 1);
    return writers == 0;
}

void enteredChild()
{
    owner = 0;
    pipeEnd = -1;
    writers = 0; // those of the parent
    anyPending = false;
}

bool takePending(int number)
{
    return states[size_t(number)].pending.exchange(false);
}

quint32 takeLost(int number)
{
    return states[size_t(number)].lost.exchange(0);
}

bool takeAnyPending()
{
    return anyPending.exchange(false);
}

} // namespace InterprocessQt::SignalHandler
