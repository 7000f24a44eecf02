// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_SYSTEM_H
#define TOUR_SYSTEM_H

#include <QString>

namespace InterprocessQt
{
class PeerCredentials;
}

// What the tour asks the operating system for itself.

// "process 4711 (player), user alice (1000)": as much of it as the system tells.
[[nodiscard]] QString describe(const InterprocessQt::PeerCredentials &peer);

// The most memory this process has needed so far, in bytes.
[[nodiscard]] quint64 peakMemory();

// How many characters fit on a line of standard output; 0 if it is not a terminal on which one can move back.
[[nodiscard]] int terminalWidth();

#endif
