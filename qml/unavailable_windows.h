// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNAVAILABLE_WINDOWS_H
#define INTERPROCESSQT_UNAVAILABLE_WINDOWS_H

#include <QtQml/qqml.h>

namespace InterprocessQt
{

// In the place of elements that this build does not have: the module can be imported, and their use is an error that says why.

class NamedPipeUnavailable
{
    Q_GADGET
    QML_UNAVAILABLE
    QML_NAMED_ELEMENT(NamedPipe)
    QML_UNCREATABLE("NamedPipe: there are none on this system, only on Windows. LocalSocket and MessageSocket are on every system.")
};

class NamedPipeServerUnavailable
{
    Q_GADGET
    QML_UNAVAILABLE
    QML_NAMED_ELEMENT(NamedPipeServer)
    QML_UNCREATABLE("NamedPipeServer: there are none on this system, only on Windows. LocalServer and MessageServer are on every system.")
};

} // namespace InterprocessQt

#endif
