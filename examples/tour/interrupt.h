// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_INTERRUPT_H
#define TOUR_INTERRUPT_H

// Ctrl-C, a request to terminate and a closed terminal end the event loop in order: destructors run, and no name of a
// socket is left behind.
namespace interrupt
{
// From now on. False if that cannot be had; it has said why.
bool watch();
// Whether it has happened.
[[nodiscard]] bool hasCome();
[[nodiscard]] bool wasToTerminate();
// What the event loop has returned, or, if it was interrupted, what shells expect: 128 and the number of the signal.
[[nodiscard]] int exitCode(int code);
}

#endif
