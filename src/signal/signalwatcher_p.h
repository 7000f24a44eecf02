// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALWATCHER_P_H
#define INTERPROCESSQT_SIGNALWATCHER_P_H

#include "signalinbox_p.h"
#include "stream/lifeguard_p.h"

#include <QtCore/qbasictimer.h>
#include <QtCore/qmap.h>

namespace InterprocessQt
{

class SignalWatcherPrivate : public Life
{
public:
    // So many signals are delivered before others in the event loop have their turn.
    static constexpr int Batch = 64;

    explicit SignalWatcherPrivate(SignalWatcher *watcher)
        : q(watcher)
        , inbox(std::make_shared<SignalInbox>(watcher))
    {
    }

    bool fail(const SignalWatcher::Result &failure);
    void deliver();
    void deliverOne(const SignalInbox::Item &item);

    SignalWatcher *const q;
    const std::shared_ptr<SignalInbox> inbox;
    QMap<int, SignalWatcher::Options> watched;
    QBasicTimer more;
    SignalWatcher::Result last;
};

} // namespace InterprocessQt

#endif
