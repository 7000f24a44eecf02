// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALTABLE_P_H
#define INTERPROCESSQT_SIGNALTABLE_P_H

#include "signal/signalsink_p.h"
#include "signalhandler_p.h"

#include <QtCore/qmutex.h>

#include <array>
#include <atomic>
#include <csignal>
#include <pthread.h>
#include <vector>

namespace InterprocessQt
{

/*
 * Who wants which signals, what was found for them, and the thread that brings what the handler has written.
 *
 * A thread of its own, because there may be no event loop: not yet, not in that thread, or not one that turns. It runs
 * while somebody watches, and neither it nor its pipe longer than that.
 *
 * Two locks. m_life is held while the thread is started or ended, m_mutex while the table is looked at: the thread itself
 * takes only the second. Both are taken around fork(), so that a child finds the table in order, and then empty: what the
 * parent watches is not the child's, which gets back what was found.
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
    [[nodiscard]] bool isFoundIgnored(int number);

private:
    enum class Mode { Unused, Watched, Ignored, Default };
    struct Registration {
        std::shared_ptr<SignalSink> sink;
        SignalWatcher::Options options;
    };
    struct Entry {
        std::vector<Registration> registrations;
        Mode mode = Mode::Unused;
        int layer = 0;
        struct sigaction found = {};
        int flags = 0;
        std::array<bool, SignalHandler::Layers> taken = {}; // by somebody who may still call them
    };

    SignalTable();
    void leave(const SignalSink *sink, int number);
    static Mode modeOf(SignalWatcher::Options options);
    [[nodiscard]] Result change(Entry &entry, int number, Mode mode);
    [[nodiscard]] Result install(Entry &entry, int number, Mode mode);
    void restore(Entry &entry, int number);
    void restoreIfUnused(Entry &entry, int number);
    void updateFlags(Entry &entry, int number);
    [[nodiscard]] static int flagsFor(const Entry &entry);
    [[nodiscard]] static bool isChained(const Entry &entry);
    [[nodiscard]] static bool isOurs(const Entry &entry, const struct sigaction &current);
    [[nodiscard]] static struct sigaction actionFor(const Entry &entry, int flags);

    [[nodiscard]] Result startReader();
    void stopReader();
    void closePipe();
    void readUntilStopped();
    void dispatch(const SignalInfo &info);
    void dispatchPending();

    static void beforeFork();
    static void afterForkInParent();
    static void afterForkInChild();
    void forgetParent();

    QMutex m_life;
    QMutex m_mutex;
    std::array<Entry, SignalHandler::Highest + 1> m_entries;
    QList<int> m_replaced; // by somebody else's handler, and not told yet
    std::atomic<bool> m_stop = false;
    bool m_isReading = false;
    bool m_isChild = false; // and nothing has been done about it yet
    pthread_t m_thread = {};
    int m_pipe[2] = {-1, -1};
};

} // namespace InterprocessQt

#endif
