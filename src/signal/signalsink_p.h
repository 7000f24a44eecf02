// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALSINK_P_H
#define INTERPROCESSQT_SIGNALSINK_P_H

#include <InterprocessQt/SignalWatcher.h>

#include <memory>

namespace InterprocessQt
{

// Where signals go to that have arrived. Called in a thread of the platform's, or by deliverNow(), one call after the other;
// it must neither block nor call back.
class SignalSink
{
public:
    SignalSink() = default;
    virtual ~SignalSink() = default;
    Q_DISABLE_COPY_MOVE(SignalSink)

    // False if it wants no more of this signal.
    [[nodiscard]] virtual bool signalArrived(const SignalInfo &info) = 0;
    // So many real-time signals have found no room on their way.
    virtual void signalsLost(int number, quint64 count) = 0;
    // There is an application object (again): what was posted for the one before is gone.
    virtual void applicationStarted()
    {
    }
};

/*
 * The signals of the process, implemented once per platform. All functions may be called in any thread, but not by a sink.
 *
 * The platform remembers what it has found for a signal when the first sink comes, and puts it back when the last one
 * leaves.
 */
namespace SignalPlatform
{
using Result = SignalWatcher::Result;

// Adds the sink for this signal, or changes its options.
Result add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options);
void remove(const SignalSink *sink, int number);
void removeAll(const SignalSink *sink);
void applicationStarted();
// Tells the sinks of what has arrived, now and in this thread.
void deliverNow();
// Puts back and closes what is not needed any more, after a one-shot signal.
void tidyUp();
// Whether a signal is ignored by this process, not counting what a watcher has changed.
[[nodiscard]] bool isFoundIgnored(int number);
// Ends the process as though nothing had ever been done about the signal.
[[noreturn]] void endProcess(int number);

[[nodiscard]] bool isValid(int number);
[[nodiscard]] QString nameOf(int number); // empty if there is none
[[nodiscard]] int numberOf(const QString &upperCaseName); // with or without SIG; -1 if there is none
[[nodiscard]] int realTimeMinimum(); // -1 where there are no real-time signals
[[nodiscard]] int realTimeMaximum();
[[nodiscard]] int highest();
[[nodiscard]] bool isFault(int number); // of the program itself
[[nodiscard]] bool mayBeWatched(int number, bool ignored);
// What comes of the options that a watcher asks for.
[[nodiscard]] SignalWatcher::Options optionsFor(int number, SignalWatcher::Options asked);
[[nodiscard]] QList<int> terminationSignals();
[[nodiscard]] bool isHangUp(int number); // a terminal that closes sends it more than once
// Found ignored, it is meant to stay so: whoever started the program has taken care of it (nohup, a job in the background).
[[nodiscard]] bool staysIgnored(int number);

// In errors that are found without asking the system: what it says to nonsense, and to what is in use.
[[nodiscard]] int invalidCode();
[[nodiscard]] int busyCode();

Result send(qint64 processId, int number);
Result sendQueued(qint64 processId, int number, int value);
Result sendToGroup(qint64 processGroup, int number);
Result sendTo(const NativeHandle &process, int number);
} // namespace SignalPlatform

} // namespace InterprocessQt

#endif
