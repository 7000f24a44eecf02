// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALHANDLER_P_H
#define INTERPROCESSQT_SIGNALHANDLER_P_H

#include "signalnumbers_p.h"
#include "syscalls_signal_p.h"

namespace InterprocessQt
{

/*
 * The handlers that the C library and the console call, and all that they look at. A place is one of SignalNumbers.
 *
 * They count, and wake the platform's thread. As on Unix there are several of the C library's, called layers: one that another
 * library has replaced, remembered and goes on to call must not be installed above that library's once more.
 */
namespace SignalHandler
{
constexpr int Layers = 4;

[[nodiscard]] sys::SignalFunction function(int layer);

// The console's: installed once, and never taken away. The system holds a lock while handlers run, and ours may be waiting for
// the program's end while the program, coming to it, would wait for that lock. Wanting nothing, it is as good as not there.
DWORD listenToConsole();
// What wakes the platform's thread. Before anything is activated.
void setWakeEvent(HANDLE event);

// From now on this layer reports the signal.
void activate(int layer, int place);
void setFound(int layer, int place, sys::SignalFunction found);
void deactivate(int place);
void setChained(int place, bool chained);
void want(int place, bool oneShot); // with oneShot: only one, whatever comes
void unwant(int place);
void setIgnored(int place, bool ignored); // an event of the console

// How many have come since the last time
struct Arrived {
    quint32 raised = 0;
    quint32 console = 0;
};
[[nodiscard]] Arrived take(int place);
} // namespace SignalHandler

} // namespace InterprocessQt

#endif
