// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FOREIGNTYPES_SIGNAL_H
#define INTERPROCESSQT_FOREIGNTYPES_SIGNAL_H

// See foreigntypes.h: what there is with INTERPROCESSQT_SIGNALS.

#include <InterprocessQt/SignalWatcher.h>

#include <QtQml/qqml.h>

namespace InterprocessQt
{

class SignalWatcherForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::SignalWatcher)
    QML_ANONYMOUS
};

} // namespace InterprocessQt

#endif
