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
    quint16 number; // 0: look at what there was no room for
    quint16 epoch; // which of several times of watching this signal it belongs to
    qint32 code;
    qint32 pid;
    quint32 uid;
    quint64 value; // the status of a child, or the bytes of a union sigval
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
// Whether it was a handler for one time only (SA_RESETHAND), and has been called: the system has the default then.
bool isFoundUsedUp(int layer, int number, const struct sigaction &found);
// From now on this layer reports the signal.
void activate(int layer, int number, bool queued, bool chained);
void setChained(int number, bool chained);
void deactivate(int number);

/*
 * Channels: pipes that reports go to. One is that of the platform's thread, the others belong to a watcher each and are
 * read in its thread, without a way round. There is a fixed number, for the handler goes through them without a lock.
 */
constexpr int Channels = 32;
constexpr int ReaderChannel = 0;

// Reports are written to it, by this process only, as soon as it wants any.
void openChannel(int channel, int writingEnd);
// No more. True when no thread is in the midst of writing, which a handler that was left with longjmp() is for ever.
[[nodiscard]] bool closeChannel(int channel);
// With oneShot: only one, whatever comes.
void want(int channel, int number, bool oneShot);
void unwant(int channel, int number);
// Whether it was reported since the channel wants it again.
[[nodiscard]] bool isCurrent(int channel, const SignalRecord &record);

// In a child made by fork(): only this thread is left, and nobody wants anything.
void enteredChild();

// What there was no room for since the last time
[[nodiscard]] bool takeAnyNoted(int channel);
[[nodiscard]] bool takePending(int channel, int number);
[[nodiscard]] quint32 takeLost(int channel, int number);

[[nodiscard]] bool isFault(int number);
// Whether the system says that the program itself has caused it.
[[nodiscard]] bool isOwnFault(int number, int code);
// What the system does with it by default is nothing.
[[nodiscard]] bool isHarmless(int number);
} // namespace SignalHandler

} // namespace InterprocessQt

#endif
