// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "local/localbackend_p.h"

#include <QtCore/qcoreapplication.h>

namespace InterprocessQt
{

// The service manager of Windows starts services, and passes them no pipes.
ActivationResult takeActivatedHandle(const QString &name)
{
    const QString text = QCoreApplication::translate("InterprocessQt::LocalServer", "Windows passes no sockets to the services that it starts");
    return {NativeHandle::Invalid, name, {StreamDevice::UnsupportedSocketOperationError, 0, text}};
}

void returnActivatedHandle(NativeHandle::Type, const QString &)
{
}

} // namespace InterprocessQt
