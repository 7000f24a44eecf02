// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALNUMBERS_P_H
#define INTERPROCESSQT_SIGNALNUMBERS_P_H

#include <InterprocessQt/SignalWatcher.h>

#include <qt_windows.h>

#include <csignal>
#include <iterator>

namespace InterprocessQt
{

/*
 * What there is on Windows: the signals of the C library, which are a matter of one process, and the events of the console.
 * Ctrl-C and Ctrl-Break are both: SIGINT and SIGBREAK to the C library.
 */
namespace SignalNumbers
{
inline constexpr DWORD NoEvent = 0xffffffff;

struct Entry {
    int number;
    const char *name;
    bool isOfC; // raise() and signal() know it
    bool isFault;
    DWORD event; // of the console
    const char *otherName = nullptr;
    const char *thirdName = nullptr;
};

inline constexpr Entry Entries[] = {
    {SIGINT, "SIGINT", true, false, CTRL_C_EVENT, "CTRL_C", "CTRL_C_EVENT"},
    {SIGILL, "SIGILL", true, true, NoEvent},
    {SIGFPE, "SIGFPE", true, true, NoEvent},
    {SignalWatcher::Kill, "SIGKILL", false, false, NoEvent},
    {SIGSEGV, "SIGSEGV", true, true, NoEvent},
    {SIGTERM, "SIGTERM", true, false, NoEvent},
    {SIGBREAK, "SIGBREAK", true, false, CTRL_BREAK_EVENT, "CTRL_BREAK", "CTRL_BREAK_EVENT"},
    {SIGABRT, "SIGABRT", true, true, NoEvent},
    {SignalWatcher::ConsoleClose, "CTRL_CLOSE_EVENT", false, false, CTRL_CLOSE_EVENT, "CTRL_CLOSE"},
    {SignalWatcher::ConsoleLogoff, "CTRL_LOGOFF_EVENT", false, false, CTRL_LOGOFF_EVENT, "CTRL_LOGOFF"},
    {SignalWatcher::ConsoleShutdown, "CTRL_SHUTDOWN_EVENT", false, false, CTRL_SHUTDOWN_EVENT, "CTRL_SHUTDOWN"},
};
inline constexpr int Count = int(std::size(Entries));

// The place in that table, or -1.
[[nodiscard]] constexpr int placeOf(int number) noexcept
{
    for (int place = 0; place < Count; ++place) {
        if (Entries[place].number == number)
            return place;
    }
    return -1;
}
[[nodiscard]] constexpr int placeOfEvent(DWORD event) noexcept
{
    for (int place = 0; place < Count; ++place) {
        if (Entries[place].event == event && event != NoEvent)
            return place;
    }
    return -1;
}

// The C library has handlers of these for each thread, and a real one comes again when a handler returns.
[[nodiscard]] constexpr bool isOfThread(int number) noexcept
{
    return number == SIGSEGV || number == SIGFPE || number == SIGILL;
}
} // namespace SignalNumbers

} // namespace InterprocessQt

#endif
