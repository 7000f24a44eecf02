// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALHANDLER_P_H
#define INTERPROCESSQT_SIGNALHANDLER_P_H

#include <QtCore/qglobal.h>

#include <csignal>

namespace InterprocessQt
{

// What the handler writes, in one piece: less than PIPE_BUF, so it arrives in one piece, too.
struct SignalRecord {
    qint32 number; // 0: look at what is pending
    qint32 code;
    qint32 pid;
    quint32 uid;
    qint32 status;
    qint32 intValue;
    quint64 pointerValue;
};

/*
 * The signal handler, and all that it looks at.
 *
 * A handler that another library has replaced, remembered, and goes on to call must not be installed above that library's
 * once more: the two would call each other for ever. So there are several, called layers; one that may still be called by
 * somebody is not used again, and does in such calls what was found when it was installed.
 */
namespace SignalHandler
{
constexpr int Layers = 4;
constexpr int Highest = 128; // on any system

using Function = void (*)(int, siginfo_t *, void *);
[[nodiscard]] Function function(int layer);

// What a layer does with signals it is not, or not only, to report. Before it is installed.
void setFound(int layer, int number, const struct sigaction &found);
// From now on this layer reports the signal.
void activate(int layer, int number, bool queued, bool chained);
void setChained(int number, bool chained);
void deactivate(int number);

// Reports go there, from this process only.
void open(int writingEnd);
// They no longer do. True when no thread is in the midst of it, which a handler that was left with longjmp() is for ever.
[[nodiscard]] bool close();
// In a child made by fork(): only this thread is left.
void enteredChild();

// What there was no room for since the last time
[[nodiscard]] bool takePending(int number);
[[nodiscard]] quint32 takeLost(int number);
[[nodiscard]] bool takeAnyPending();

[[nodiscard]] bool isFault(int number);
// Whether the system says that the program itself has caused it.
[[nodiscard]] bool isOwnFault(int number, int code);
} // namespace SignalHandler

} // namespace InterprocessQt

#endif
