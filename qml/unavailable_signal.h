// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNAVAILABLE_SIGNAL_H
#define INTERPROCESSQT_UNAVAILABLE_SIGNAL_H

#include <QtQml/qqml.h>

namespace InterprocessQt
{

// In the place of elements that this build does not have: the module can be imported, and their use is an error that says why.

class SignalWatcherUnavailable
{
    Q_GADGET
    QML_UNAVAILABLE
    QML_NAMED_ELEMENT(SignalWatcher)
    QML_UNCREATABLE("SignalWatcher: this build of InterprocessQt has none, because INTERPROCESSQT_SIGNALS was off.")
};

} // namespace InterprocessQt

#endif
