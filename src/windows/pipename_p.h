// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPENAME_P_H
#define INTERPROCESSQT_PIPENAME_P_H

#include <QtCore/qstring.h>

#include <string>

namespace InterprocessQt
{

class Address;

// Where the pipes of this computer are. Windows does not distinguish upper and lower case in it.
inline constexpr QLatin1String PipePrefix{"\\\\.\\pipe\\"};
// "The entire pipe name string can be up to 256 characters long" (Microsoft, Pipe Names).
inline constexpr qsizetype MaximumPipeName = 256;

[[nodiscard]] bool isPipePath(const QString &path);
// The name of a valid address as CreateNamedPipeW() and CreateFileW() take it.
[[nodiscard]] std::wstring pipeNameOf(const Address &address);

} // namespace InterprocessQt

#endif
