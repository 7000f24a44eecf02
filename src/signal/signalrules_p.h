// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALRULES_P_H
#define INTERPROCESSQT_SIGNALRULES_P_H

#include "signalsink_p.h"

namespace InterprocessQt
{

// What is being done with a signal.
enum class SignalMode { Unused, Watched, Ignored, Default };

// What may be asked for, in the same words on every platform.
namespace SignalRules
{
[[nodiscard]] SignalMode modeOf(SignalWatcher::Options options);
[[nodiscard]] SignalWatcher::Result check(int number, SignalWatcher::Options options);
[[nodiscard]] SignalWatcher::Result otherWish(int number);
[[nodiscard]] SignalWatcher::Result tooManyLayers(int number);
[[nodiscard]] SignalWatcher::Result notSignal(int number);
// Somebody has installed handlers meanwhile. Not under a lock: the program may have a message handler of its own.
void warnOfReplaced(const QList<int> &numbers);
} // namespace SignalRules

} // namespace InterprocessQt

#endif
