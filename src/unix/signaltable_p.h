// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALTABLE_P_H
#define INTERPROCESSQT_SIGNALTABLE_P_H

#include "signal/signalrules_p.h"
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
 * Who wants which signals, what was found for them, the pipes that the handler writes to, and the thread that reads what
 * is not read by watchers themselves.
 *
 * Most watchers have a channel of their own (SignalChannel). A thread is for those who must be told whatever the other
 * threads do: that is what ends the application (SignalQuit); and for watchers that can have no channel, for the lack of an
 * event loop to read it in, or because there are too many. It runs while somebody needs it, and neither it nor its pipe
 * longer than that.
 *
 * Two locks. m_life is held while the thread is started or ended and while channels are opened or closed, m_mutex while the
 * table is looked at: the thread itself takes only the second. Both are taken around fork(), so that a child finds the
 * table in order, and then empty: what the parent watches is not the child's, which gets back what was found.
 */
class SignalTable
{
public:
    using Result = SignalWatcher::Result;

    static SignalTable &instance();

    // Told in the thread
    Result add(const std::shared_ptr<SignalSink> &sink, int number, SignalWatcher::Options options);
    void remove(const SignalSink *sink, int number);
    void removeAll(const SignalSink *sink);

    // Written to a pipe; -1 if all channels are in use. The pipe is there once something is watched.
    [[nodiscard]] int takeChannel(QObject *watcher);
    void closeChannel(int channel);
    [[nodiscard]] int readingEnd(int channel);
    Result addTo(int channel, int number, SignalWatcher::Options options);
    void removeFrom(int channel, int number);

    void tidyUp();
    void applicationStarted();
    void deliverNow();
    [[nodiscard]] bool isFoundIgnored(int number);

private:
    using Mode = SignalMode;
    struct Registration {
        std::shared_ptr<SignalSink> sink; // or none, and a channel
        int channel;
        SignalWatcher::Options options;
        [[nodiscard]] bool isOf(const SignalSink *other, int otherChannel) const
        {
            return sink.get() == other && channel == otherChannel;
        }
    };
    struct Pipe {
        int ends[2] = {-1, -1};
        QObject *watcher = nullptr;
        bool isTaken = false;
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
    Result add(const std::shared_ptr<SignalSink> &sink, int channel, int number, SignalWatcher::Options options);
    void leave(const SignalSink *sink, int channel, int number);
    void updateWant(const Entry &entry, int channel, int number);
    [[nodiscard]] Result change(Entry &entry, int number, Mode mode);
    [[nodiscard]] Result install(Entry &entry, int number, Mode mode);
    static void noteFound(Entry &entry, const struct sigaction &found);
    static void putBack(const Entry &entry, int number);
    void restore(Entry &entry, int number);
    void restoreIfUnused(Entry &entry, int number);
    void updateFlags(Entry &entry, int number);
    [[nodiscard]] static int flagsFor(const Entry &entry);
    [[nodiscard]] static bool isChained(const Entry &entry);
    [[nodiscard]] static bool isDefault(const struct sigaction &action);
    [[nodiscard]] static bool isOurs(const Entry &entry, const struct sigaction &current);
    [[nodiscard]] static struct sigaction actionFor(const Entry &entry, int flags);

    [[nodiscard]] Result openChannel(int channel);
    [[nodiscard]] Result startReader();
    void stopReader();
    [[nodiscard]] bool needsReader() const;
    static void close(Pipe &pipe);
    static void replaceInChild(Pipe &pipe);
    void readUntilStopped();
    void readOnce();
    void dispatch(const SignalInfo &info);
    void dispatchNoted();

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
    std::array<Pipe, SignalHandler::Channels> m_pipes;
};

} // namespace InterprocessQt

#endif
