// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALWATCHER_P_H
#define INTERPROCESSQT_SIGNALWATCHER_P_H

#include "signalreceiver_p.h"
#include "signalsink_p.h"
#include "stream/lifeguard_p.h"

#include <QtCore/qbasictimer.h>
#include <QtCore/qmap.h>

namespace InterprocessQt
{

class SignalWatcherPrivate final : public Life, public SignalReceiver::Client
{
public:
    // So many signals are delivered before others in the event loop have their turn.
    static constexpr int Batch = 64;

    explicit SignalWatcherPrivate(SignalWatcher *watcher)
        : q(watcher)
    {
    }

    bool fail(const SignalWatcher::Result &failure);
    void signalsArrived() override;
    void deliverOne(const SignalReceiver::Item &item);

    SignalWatcher *const q;
    std::unique_ptr<SignalReceiver> receiver; // from the first watch() on
    QMap<int, SignalWatcher::Options> watched;
    QBasicTimer more;
    SignalWatcher::Result last;
};

} // namespace InterprocessQt

#endif
