// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_UNAVAILABLE_UNIX_H
#define INTERPROCESSQT_UNAVAILABLE_UNIX_H

#include <QtQml/qqml.h>

namespace InterprocessQt
{

// In the place of elements that this build does not have: the module can be imported, and their use is an error that says why.

class FifoReaderUnavailable
{
    Q_GADGET
    QML_UNAVAILABLE
    QML_NAMED_ELEMENT(FifoReader)
    QML_UNCREATABLE("FifoReader: there are none on this system, only on Unix.")
};

class FifoWriterUnavailable
{
    Q_GADGET
    QML_UNAVAILABLE
    QML_NAMED_ELEMENT(FifoWriter)
    QML_UNCREATABLE("FifoWriter: there are none on this system, only on Unix.")
};

class UnixDatagramSocketUnavailable
{
    Q_GADGET
    QML_UNAVAILABLE
    QML_NAMED_ELEMENT(UnixDatagramSocket)
    QML_UNCREATABLE("UnixDatagramSocket: there are none on this system, only on Unix.")
};

} // namespace InterprocessQt

#endif
