// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FOREIGNTYPES_UNIX_H
#define INTERPROCESSQT_FOREIGNTYPES_UNIX_H

// See foreigntypes.h: what Unix alone has.

#include <InterprocessQt/FifoReader.h>
#include <InterprocessQt/FifoWriter.h>
#include <InterprocessQt/UnixDatagramSocket.h>

#include <QtQml/qqml.h>

namespace InterprocessQt
{

class FifoReaderForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::FifoReader)
    QML_ANONYMOUS
};

class FifoWriterForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::FifoWriter)
    QML_ANONYMOUS
};

class UnixDatagramSocketForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::UnixDatagramSocket)
    QML_ANONYMOUS
};

} // namespace InterprocessQt

#endif
