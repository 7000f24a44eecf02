// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TURNS_H
#define TURNS_H

#include <QCoreApplication>

// Lets the event loop do what is due, and what comes of that, to show that nothing else happens: what the kernel has to tell
// is told in the first of these turns. No good where a timer is running.
inline void runTurns(int count = 20)
{
    for (int turn = 0; turn < count; ++turn)
        QCoreApplication::processEvents();
}

#endif
