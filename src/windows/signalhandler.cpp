// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalhandler_p.h"

#include <array>
#include <atomic>

/*
 * The C library's handler runs in the thread that calls raise() or abort(), or that has failed, and so perhaps within malloc();
 * that of the console in a thread of its own (Microsoft, "signal", "HandlerRoutine callback function"). Both touch nothing but
 * atomic variables, an event and the C library's table.
 */
namespace InterprocessQt::SignalHandler
{

using namespace SignalNumbers;

namespace
{
// A service that does not end because somebody logs off goes on after this, the longest that the system waits for one.
constexpr DWORD LogoffTime = 20'000; // milliseconds

static_assert(std::atomic<sys::SignalFunction>::is_always_lock_free && std::atomic<HANDLE>::is_always_lock_free && std::atomic<quint32>::is_always_lock_free,
              "a handler of a fault must not wait for a lock");

constexpr quint32 Wanted = 1;
constexpr quint32 OneShot = 2;

struct State {
    std::atomic<int> layer; // that is installed and reports, counted from 1
    std::atomic<quint32> want;
    std::atomic<bool> chained;
    std::atomic<bool> ignored;
    std::atomic<quint32> raised;
    std::atomic<quint32> console;
};

std::array<State, Count> states;
std::array<std::array<std::atomic<sys::SignalFunction>, Count>, Layers> foundFunctions; // SIG_DFL is 0
std::atomic<HANDLE> wakeEvent;

bool isFunction(sys::SignalFunction handler)
{
    return handler != SIG_DFL && handler != SIG_IGN;
}

// True if it may be told: it is wanted, and if once only, this is the time.
bool claim(State &state)
{
    quint32 want = state.want;
    while (want & Wanted) {
        if (!(want & OneShot) || state.want.compare_exchange_weak(want, 0))
            return true;
    }
    return false;
}

void report(std::atomic<quint32> &count)
{
    ++count;
    sys::setEvent(wakeEvent);
}

// The C library has set the default before it called the handler, and the handler found may have installed itself again, as it is
// the custom.
void rearm(int layer, int place)
{
    const int number = Entries[place].number;
    const sys::SignalFunction ours = function(layer);
    const sys::SignalFunction current = sys::setSignalHandler(number, ours);
    const bool isUnused = states[size_t(place)].layer != layer + 1; // the last watcher has left meanwhile, and had put back what was found
    const bool isAbove = isFunction(current) && current != ours && current != foundFunctions[size_t(layer)][size_t(place)];
    if (isUnused || isAbove) // of somebody who remembers ours, and has called it
        sys::setSignalHandler(number, current);
}

void callFound(int layer, int place)
{
    const sys::SignalFunction found = foundFunctions[size_t(layer)][size_t(place)];
    if (!isFunction(found))
        return;
    found(Entries[place].number);
    rearm(layer, place);
}

// As though this handler had never been installed.
void behaveAsFound(int layer, int place)
{
    const int number = Entries[place].number;
    const sys::SignalFunction found = foundFunctions[size_t(layer)][size_t(place)];
    if (states[size_t(place)].layer == layer + 1) {
        sys::setSignalHandler(number, found);
        sys::raiseSignal(number);
    } else if (isFunction(found)) {
        found(number); // somebody has put a handler above this one, remembers it, and has just called it
    }
}

void handle(int layer, int place)
{
    State &state = states[size_t(place)];
    if (state.layer != layer + 1 || !claim(state)) {
        behaveAsFound(layer, place);
        return;
    }
    const int number = Entries[place].number;
    if (!isOfThread(number)) {
        rearm(layer, place); // at once: another thread may raise it
        report(state.raised);
        if (state.chained)
            callFound(layer, place);
        return;
    }
    // It is this thread that has our handler, so it is this one that has to put back what was found.
    report(state.raised);
    const sys::SignalFunction found = foundFunctions[size_t(layer)][size_t(place)];
    if (!state.chained || !isFunction(found))
        sys::setSignalHandler(number, found);
    else
        found(number);
}

template<int Layer>
void __cdecl handler(int number)
{
    if (const int place = placeOf(number); place != -1)
        handle(Layer, place);
}

// False: the next handler is asked, and in the end the system ends the process.
BOOL WINAPI consoleHandler(DWORD event)
{
    const int place = placeOfEvent(event);
    if (place == -1)
        return FALSE;
    State &state = states[size_t(place)];
    const int layer = state.layer - 1;
    if (state.ignored || layer == -1)
        return state.ignored;
    if (!claim(state)) {
        // The C library's is the next one, which has our handler in its table.
        if (Entries[place].isOfC)
            sys::setSignalHandler(Entries[place].number, foundFunctions[size_t(layer)][size_t(place)]);
        return FALSE;
    }
    report(state.console);
    if (state.chained && Entries[place].isOfC)
        callFound(layer, place);
    switch (event) {
    case CTRL_CLOSE_EVENT:
    case CTRL_SHUTDOWN_EVENT:
        // The process is ended when this returns. If it does not end by itself the system ends it after a while.
        sys::pauseThread(INFINITE);
        break;
    case CTRL_LOGOFF_EVENT:
        sys::pauseThread(LogoffTime);
        break;
    default:
        break;
    }
    return TRUE;
}
} // namespace

sys::SignalFunction function(int layer)
{
    static constexpr sys::SignalFunction functions[Layers] = {handler<0>, handler<1>, handler<2>, handler<3>};
    return functions[layer];
}

DWORD listenToConsole()
{
    sys::keepLoaded(consoleHandler);
    return sys::addConsoleHandler(consoleHandler);
}

void setWakeEvent(HANDLE event)
{
    wakeEvent = event;
}

void activate(int layer, int place)
{
    foundFunctions[size_t(layer)][size_t(place)] = SIG_DFL;
    states[size_t(place)].layer = layer + 1;
}

void setFound(int layer, int place, sys::SignalFunction found)
{
    foundFunctions[size_t(layer)][size_t(place)] = found;
}

void deactivate(int place)
{
    states[size_t(place)].layer = 0;
}

void setChained(int place, bool chained)
{
    states[size_t(place)].chained = chained;
}

void want(int place, bool oneShot)
{
    states[size_t(place)].want = Wanted | (oneShot ? OneShot : 0);
}

void unwant(int place)
{
    states[size_t(place)].want = 0;
}

void setIgnored(int place, bool ignored)
{
    states[size_t(place)].ignored = ignored;
}

Arrived take(int place)
{
    State &state = states[size_t(place)];
    return {state.raised.exchange(0), state.console.exchange(0)};
}

} // namespace InterprocessQt::SignalHandler
