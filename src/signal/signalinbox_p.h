// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALINBOX_P_H
#define INTERPROCESSQT_SIGNALINBOX_P_H

#include "signalreceiver_p.h"
#include "signalsink_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qmutex.h>

#include <atomic>
#include <deque>

namespace InterprocessQt
{

/*
 * What has arrived for one watcher by way of the platform's thread, until the watcher's own thread gets round to it.
 *
 * The watcher is woken by a posted event. One that is thrown away instead of delivered (the application object has gone)
 * does not count as posted any more.
 */
class SignalInbox : public SignalSink, public std::enable_shared_from_this<SignalInbox>
{
public:
    using Item = SignalReceiver::Item;

    // Real-time signals beyond it are counted and dropped. Standard signals are merged then, as the system itself does.
    static constexpr size_t Limit = 262'144;

    explicit SignalInbox(QObject *receiver)
        : m_receiver(receiver)
    {
    }

    // Not one that the platform has sent.
    [[nodiscard]] static bool isWakeEvent(const QEvent *event);
    // The receiver has its event, and looks.
    static void opened(QEvent *event);

    // False if there is nothing.
    [[nodiscard]] bool take(Item &item, bool &isLast);
    void accept(int number, bool oneShot);
    void forget(int number);
    // The receiver is about to go.
    void close();

    bool signalArrived(const SignalInfo &info) override;
    void signalsLost(int number, quint64 count) override;
    void applicationStarted() override;

private:
    class WakeEvent;
    struct State {
        bool oneShot = false;
        bool spent = false;
        int waiting = 0;
        quint64 lost = 0;
    };

    void wake();

    QMutex m_mutex;
    QObject *m_receiver;
    QHash<int, State> m_accepted;
    std::deque<SignalInfo> m_waiting;
    bool m_anyLost = false;
    std::atomic<bool> m_posted = false;
};

// The end of it in the watcher's thread.
class SignalInboxReceiver : public SignalReceiver
{
public:
    explicit SignalInboxReceiver(QObject *watcher)
        : m_inbox(std::make_shared<SignalInbox>(watcher))
    {
    }
    ~SignalInboxReceiver() override;
    Q_DISABLE_COPY_MOVE(SignalInboxReceiver)

    SignalWatcher::Result watch(int number, SignalWatcher::Options options) override;
    void unwatch(int number) override;
    void unwatchAll() override;
    bool take(Item &item, bool &isLast) override;
    void woken(QEvent *event) override;

private:
    const std::shared_ptr<SignalInbox> m_inbox;
    QHash<int, SignalWatcher::Options> m_watched;
};

} // namespace InterprocessQt

#endif
