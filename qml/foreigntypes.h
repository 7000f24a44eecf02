// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FOREIGNTYPES_H
#define INTERPROCESSQT_FOREIGNTYPES_H

// The classes of the library that QML gets as they are: bases of the elements.

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/LocalSocket.h>
#include <InterprocessQt/StreamDevice.h>

#include <QtQml/qqml.h>

namespace InterprocessQt
{

class StreamDeviceForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::StreamDevice)
    QML_NAMED_ELEMENT(StreamDevice)
    QML_UNCREATABLE("StreamDevice is what all streams have in common: use LocalSocket, PipeReader or another one.")
};

class LocalSocketForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::LocalSocket)
    QML_ANONYMOUS
};

class LocalServerForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::LocalServer)
    QML_ANONYMOUS
};

} // namespace InterprocessQt

#endif
