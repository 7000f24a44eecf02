// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "testpeers.h"

#include "ipctest.h"

#include <qt_windows.h>

int Surroundings::descriptors() const
{
    return int(IpcTest::openDescriptors().values().count(QStringLiteral("File")));
}

QString Surroundings::openDescriptors() const
{
    return IpcTest::openDescriptors().values().join(QStringLiteral(", "));
}

bool Surroundings::nameExists(const QString &path) const
{
    // That none of its instances is free within the millisecond says that there are some.
    const QString name = QStringLiteral("\\\\.\\pipe\\") + path;
    return WaitNamedPipeW(reinterpret_cast<const wchar_t *>(name.utf16()), 1) || GetLastError() == ERROR_SEM_TIMEOUT;
}
