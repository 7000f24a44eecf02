// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ERROR_P_H
#define INTERPROCESSQT_ERROR_P_H

#include <InterprocessQt/StreamDevice.h>

#include <QtCore/qstring.h>

namespace InterprocessQt
{

// What went wrong, in the three forms that every class reports.
struct ErrorInfo {
    StreamDevice::Error code = StreamDevice::UnknownSocketError;
    int native = 0; // errno or GetLastError(); 0 where the system was not asked
    QString text;
};

// Implemented once per platform.
[[nodiscard]] QString nativeErrorText(int native);
[[nodiscard]] StreamDevice::Error errorFromNative(int native);

// "connect to /run/player: Connection refused"
[[nodiscard]] inline ErrorInfo systemError(int native, const QString &operation)
{
    return {errorFromNative(native), native, operation + QLatin1String(": ") + nativeErrorText(native)};
}

} // namespace InterprocessQt

#endif
