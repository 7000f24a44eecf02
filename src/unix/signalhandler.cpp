// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalhandler_p.h"

#include "syscalls_p.h"
#include "syscalls_signal_p.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

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
    std::atomic<bool> isForOnce; // SA_RESETHAND, and it has not been called yet
};

struct State {
    std::atomic<int> activeLayer; // counted from 1
    std::atomic<bool> queued;
    std::atomic<bool> chained;
};

// What one channel wants of one signal, and what there was no room for.
struct Want {
    std::atomic<quint32> state; // Wanted, OneShot, and the epoch above these
    std::atomic<quint32> lost;
    std::atomic<bool> pending;
};
constexpr quint32 Wanted = 1;
constexpr quint32 OneShot = 2;
constexpr int EpochShift = 16;
constexpr quint32 NextEpoch = 1U << EpochShift;

struct Channel {
    std::atomic<int> writingEnd = -1;
    std::atomic<int> writers; // handlers that may be about to write
    std::atomic<bool> anyNoted;
};

std::array<std::array<Found, Highest + 1>, Layers> foundActions;
std::array<State, Highest + 1> states;
std::array<std::array<Want, Channels>, Highest + 1> wants;
std::array<Channel, Channels> channels;
std::atomic<int> channelsInUse; // all that are lie below
std::atomic<pid_t> owner; // who may write

// Which of the members mean something depends on the code: they share their place (sigaction(2), "The siginfo_t argument").
void fill(SignalRecord &record, int number, const siginfo_t *info)
{
    record.number = quint16(number);
    if (!info)
        return;
    record.code = info->si_code;
    record.pid = info->si_pid;
    record.uid = info->si_uid;
    static_assert(sizeof info->si_value <= sizeof record.value);
    if (number == SIGCHLD && info->si_code > 0)
        record.value = quint64(info->si_status);
    else
        std::memcpy(&record.value, &info->si_value, sizeof info->si_value);
}

// True if it may be told: it is wanted, and if once only, this is the time.
bool claim(Want &want, quint32 &state)
{
    state = want.state;
    while (state & Wanted) {
        if (!(state & OneShot) || want.state.compare_exchange_weak(state, state & ~Wanted))
            return true;
    }
    return false;
}

void writeTo(Channel &channel, Want &want, const SignalRecord &record)
{
    const int fd = channel.writingEnd;
    if (fd == -1 || sys::writeRecord(fd, &record, sizeof record) != -1)
        return;
    // Full. What cannot be written is noted, and who reads, having much to read then, looks at the notes after that. If
    // all has been read in the meantime there is room for a record that wakes the reader again.
    if (states[record.number].queued)
        ++want.lost;
    else
        want.pending = true;
    channel.anyNoted = true;
    const SignalRecord look = {};
    [[maybe_unused]] const ssize_t written = sys::writeRecord(fd, &look, sizeof look);
}

// False if there is nobody (any more) to report to.
bool report(int number, const siginfo_t *info)
{
    bool isWanted = false;
    SignalRecord record = {};
    auto &wantsOfNumber = wants[size_t(number)];
    const int count = channelsInUse;
    for (int i = 0; i < count; ++i) {
        quint32 state = 0;
        if (!claim(wantsOfNumber[size_t(i)], state))
            continue;
        if (!isWanted)
            fill(record, number, info);
        isWanted = true;
        record.epoch = quint16(state >> EpochShift);
        Channel &channel = channels[size_t(i)];
        ++channel.writers;
        writeTo(channel, wantsOfNumber[size_t(i)], record);
        --channel.writers;
    }
    return isWanted;
}

// True if there was a handler.
bool callFound(int layer, int number, siginfo_t *info, void *context)
{
    Found &found = foundActions[size_t(layer)][size_t(number)];
    const Function informed = found.informed;
    const FoundFunction plain = found.plain;
    if (!informed && (plain == SIG_DFL || plain == SIG_IGN))
        return false;
    // As the system does, before it is called: such a handler may count on the default when it raises the signal again.
    if (found.isForOnce.exchange(false)) {
        found.plain = SIG_DFL;
        found.informed = nullptr;
    }
    if (informed)
        informed(number, info, context);
    else
        plain(number);
    return true;
}

// As though this handler had never been installed.
void behaveAsFound(int layer, int number, siginfo_t *info, void *context)
{
    if (callFound(layer, number, info, context))
        return;
    if (foundActions[size_t(layer)][size_t(number)].plain == SIG_IGN || isHarmless(number))
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

bool isHarmless(int number)
{
    switch (number) {
    case SIGCHLD:
    case SIGCONT: // has let the process go on already
    case SIGURG:
    case SIGWINCH:
#if defined(SIGINFO)
    case SIGINFO:
#endif
        return true;
    default:
        return false;
    }
}

// ---- Not in the handler

void setFound(int layer, int number, const struct sigaction &found)
{
    Found &place = foundActions[size_t(layer)][size_t(number)];
    const bool isInformed = found.sa_flags & SA_SIGINFO;
    place.informed = isInformed ? found.sa_sigaction : nullptr;
    place.plain = isInformed ? SIG_DFL : found.sa_handler;
    place.isForOnce = bool(found.sa_flags & int(SA_RESETHAND));
}

bool isFoundUsedUp(int layer, int number, const struct sigaction &found)
{
    return (found.sa_flags & int(SA_RESETHAND)) && !foundActions[size_t(layer)][size_t(number)].isForOnce;
}

void activate(int layer, int number, bool queued, bool chained)
{
    State &state = states[size_t(number)];
    state.queued = queued;
    state.chained = chained;
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

void openChannel(int channel, int writingEnd)
{
    channels[size_t(channel)].anyNoted = false;
    channels[size_t(channel)].writingEnd = writingEnd;
    if (channelsInUse <= channel)
        channelsInUse = channel + 1;
}

bool closeChannel(int channel)
{
    for (int number = 1; number <= Highest; ++number)
        unwant(channel, number);
    Channel &closed = channels[size_t(channel)];
    closed.writingEnd = -1;
    // Who has seen the descriptor before that is counted. Its number may soon be that of something else.
    for (int i = 0; i < 1000 && closed.writers != 0; ++i)
        sys::poll(nullptr, 0, i < 10 ? 0 : 1);
    return closed.writers == 0;
}

void want(int channel, int number, bool oneShot)
{
    owner = sys::processId();
    Want &want = wants[size_t(number)][size_t(channel)];
    quint32 before = want.state;
    if (!(before & Wanted)) {
        want.pending = false;
        want.lost = 0;
    }
    // A handler may just use up what was wanted once.
    while (!want.state.compare_exchange_weak(before, (before & ~OneShot) | Wanted | (oneShot ? OneShot : 0))) { }
}

void unwant(int channel, int number)
{
    Want &want = wants[size_t(number)][size_t(channel)];
    quint32 before = want.state;
    while ((before & (Wanted | OneShot)) && !want.state.compare_exchange_weak(before, (before & ~(Wanted | OneShot)) + NextEpoch)) { }
}

bool isCurrent(int channel, const SignalRecord &record)
{
    return record.epoch == quint16(wants[record.number][size_t(channel)].state >> EpochShift);
}

void enteredChild()
{
    owner = 0;
    for (int channel = 0; channel < channelsInUse; ++channel) {
        channels[size_t(channel)].writers = 0; // those of the parent
        for (int number = 1; number <= Highest; ++number)
            unwant(channel, number);
    }
}

bool takeAnyNoted(int channel)
{
    return channels[size_t(channel)].anyNoted.exchange(false);
}

bool takePending(int channel, int number)
{
    return wants[size_t(number)][size_t(channel)].pending.exchange(false);
}

quint32 takeLost(int channel, int number)
{
    return wants[size_t(number)][size_t(channel)].lost.exchange(0);
}

} // namespace InterprocessQt::SignalHandler
