// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALTABLE_P_H
#define INTERPROCESSQT_SIGNALTABLE_P_H

#include "signal/signalrules_p.h"
#include "signalhandler_p.h"

#include <QtCore/qmutex.h>

#include <array>
#include <atomic>
#include <vector>

namespace InterprocessQt
{

/*
 * Who wants which signals, what was found for them, and the thread that is woken by the handlers and tells.
 *
 * Two locks: m_life is held while the thread is started or ended, m_mutex while the table is looked at. The thread itself takes
 * only the second.
 */
class SignalTable
{
public:
    using Result = SignalWatcher::Result;

    static SignalTable &instance();

    Result add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options);
    void remove(const SignalSink *sink, int number);
    void removeAll(const SignalSink *sink);
    void tidyUp();
    void applicationStarted();
    void deliverNow();

private:
    struct Registration {
        std::shared_ptr<SignalSink> sink;
        SignalWatcher::Options options;
    };
    struct Entry {
        std::vector<Registration> registrations;
        SignalMode mode = SignalMode::Unused;
        int layer = 0;
        sys::SignalFunction found = SIG_DFL;
        std::array<bool, SignalHandler::Layers> taken = {}; // by somebody who may still call them
    };

    SignalTable() = default;
    void leave(const SignalSink *sink, int place);
    [[nodiscard]] Result change(int place, SignalMode mode);
    [[nodiscard]] bool isStillInstalled(const Entry &entry, int place) const;
    [[nodiscard]] Result install(int place, SignalMode mode);
    void restore(int place);
    void updateHandler(int place);

    [[nodiscard]] Result listen();
    [[nodiscard]] Result startThread();
    void stopThread();
    [[nodiscard]] bool isThreadNeeded() const;
    void runUntilStopped();
    void dispatchArrived();
    void dispatch(int place, const SignalInfo &info);

    QMutex m_life;
    QMutex m_mutex;
    std::array<Entry, SignalNumbers::Count> m_entries;
    QList<int> m_replaced; // by somebody else's handler, and not told yet
    HANDLE m_wake = nullptr; // kept: a handler may be about to use it
    NativeHandle m_thread;
    std::atomic<bool> m_stop = false;
};

} // namespace InterprocessQt

#endif
