// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FOREIGNTYPES_H
#define INTERPROCESSQT_FOREIGNTYPES_H

// The classes of the library that elements are derived from, as QML knows them.

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/LocalSocket.h>
#include <InterprocessQt/MessageServer.h>
#include <InterprocessQt/MessageSocket.h>
#include <InterprocessQt/PipeReader.h>
#include <InterprocessQt/PipeWriter.h>
#include <InterprocessQt/StreamDevice.h>

#include <QtQml/qqml.h>

namespace InterprocessQt
{

class LocalServerForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::LocalServer)
    QML_ANONYMOUS
};

class LocalSocketForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::LocalSocket)
    QML_ANONYMOUS
};

class MessageServerForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::MessageServer)
    QML_ANONYMOUS
};

class MessageSocketForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::MessageSocket)
    QML_ANONYMOUS
};

class PipeReaderForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::PipeReader)
    QML_ANONYMOUS
};

class PipeWriterForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::PipeWriter)
    QML_ANONYMOUS
};

class StreamDeviceForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::StreamDevice)
    QML_NAMED_ELEMENT(StreamDevice)
    QML_UNCREATABLE("StreamDevice is what all streams have in common: use LocalSocket, PipeReader or another one.")
};

} // namespace InterprocessQt

#endif
