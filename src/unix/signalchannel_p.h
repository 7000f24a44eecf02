// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALCHANNEL_P_H
#define INTERPROCESSQT_SIGNALCHANNEL_P_H

#include "signal/signalinbox_p.h"
#include "signalhandler_p.h"

#include <array>
#include <deque>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace InterprocessQt
{

[[nodiscard]] SignalInfo infoOf(const SignalRecord &record);

/*
 * The shortest way: the handler writes to a pipe that the event loop of the watcher's own thread waits for.
 *
 * Less than half of what it costs to hand signals over from a thread that waits for them all. The notifier is a child of
 * the watcher, and moves between threads with it.
 *
 * For standard signals only. None of these is lost in a pipe that is full, since the system itself keeps no more than one
 * of a kind. Real-time signals go by way of the thread, which takes them off its pipe at once: a thread that lets thousands
 * of them in does not come to its event loop meanwhile.
 */
class SignalChannel : public SignalReceiver
{
public:
    // Null if all are in use.
    [[nodiscard]] static std::unique_ptr<SignalChannel> create(QObject *watcher, Client &client);
    ~SignalChannel() override;
    Q_DISABLE_COPY_MOVE(SignalChannel)

    SignalWatcher::Result watch(int number, SignalWatcher::Options options) override;
    void unwatch(int number) override;
    void unwatchAll() override;
    bool take(Item &item, bool &isLast) override;
    void woken(QEvent *event) override;

private:
    static constexpr size_t RecordsAtOnce = 64;
    class Notifier;

    SignalChannel(QObject *watcher, Client &client, int channel);
    void listen();
    void ready();
    [[nodiscard]] bool isEmpty() const;
    void read();

    QObject *const m_watcher;
    Client &m_client;
    const int m_channel;
    Notifier *m_notifier = nullptr;
    std::array<SignalRecord, RecordsAtOnce> m_records;
    size_t m_next = 0;
    size_t m_count = 0;
    std::deque<int> m_noted;
    std::unique_ptr<SignalInboxReceiver> m_realTime; // from the first one on
};

} // namespace InterprocessQt

#endif
