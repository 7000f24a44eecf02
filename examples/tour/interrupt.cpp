// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "interrupt.h"

#include "console.h"

#include <InterprocessQt/SignalWatcher>

#include <csignal>

using namespace InterprocessQt;

bool interrupt::watch()
{
    const auto result = SignalWatcher::quitOn({SIGINT, SIGTERM, SIGHUP});
    if (!result)
        console::complain(result.errorString);
    return bool(result);
}

bool interrupt::hasCome()
{
    return SignalWatcher::quitSignal() != 0;
}

bool interrupt::wasToTerminate()
{
    return SignalWatcher::quitSignal() == SIGTERM;
}

int interrupt::exitCode(int code)
{
    return hasCome() ? 128 + SignalWatcher::quitSignal() : code;
}
