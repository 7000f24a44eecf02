// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/EventDispatcher>

#include <QtCore/qcoreapplication.h>

namespace
{
const bool isSet = [] {
    QCoreApplication::setEventDispatcher(new InterprocessQt::EventDispatcher);
    return true;
}();
} // namespace
