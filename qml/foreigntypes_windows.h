// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FOREIGNTYPES_WINDOWS_H
#define INTERPROCESSQT_FOREIGNTYPES_WINDOWS_H

// See foreigntypes.h: what Windows alone has.

#include <InterprocessQt/NamedPipe.h>
#include <InterprocessQt/NamedPipeServer.h>

#include <QtQml/qqml.h>

namespace InterprocessQt
{

class NamedPipeForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::NamedPipe)
    QML_ANONYMOUS
};

class NamedPipeServerForeign
{
    Q_GADGET
    QML_FOREIGN(InterprocessQt::NamedPipeServer)
    QML_ANONYMOUS
};

} // namespace InterprocessQt

#endif
