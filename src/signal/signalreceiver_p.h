// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALRECEIVER_P_H
#define INTERPROCESSQT_SIGNALRECEIVER_P_H

#include <InterprocessQt/SignalWatcher.h>

#include <QtCore/qcoreevent.h>

#include <memory>

namespace InterprocessQt
{

/*
 * What arrives for one watcher, on its way into the watcher's thread.
 *
 * A platform has one that is as short as that way can be, and SignalInbox for where that one cannot be used.
 */
class SignalReceiver
{
public:
    struct Item {
        SignalInfo info;
        quint64 lost = 0; // not a signal, but so many that are missing
    };

    // Who is told in its thread that there is something to take.
    class Client
    {
    public:
        virtual void signalsArrived() = 0;

    protected:
        Client() = default;
        ~Client() = default;
        Q_DISABLE_COPY_MOVE(Client)
    };

    SignalReceiver() = default;
    virtual ~SignalReceiver() = default;
    Q_DISABLE_COPY_MOVE(SignalReceiver)

    // Adds the signal, or changes its options.
    virtual SignalWatcher::Result watch(int number, SignalWatcher::Options options) = 0;
    // Nothing that arrived before is taken after these.
    virtual void unwatch(int number) = 0;
    virtual void unwatchAll() = 0;

    // False if there is nothing. If it is the last one, the client is told when there is something again.
    [[nodiscard]] virtual bool take(Item &item, bool &isLast) = 0;

    // The watcher has been sent an event of this type: it takes what there is.
    static QEvent::Type wakeType();
    virtual void woken(QEvent *event) = 0;
};

namespace SignalPlatform
{
// The watcher is posted events of wakeType(), in its thread.
[[nodiscard]] std::unique_ptr<SignalReceiver> makeReceiver(QObject *watcher, SignalReceiver::Client &client);
} // namespace SignalPlatform

} // namespace InterprocessQt

#endif
