// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef NATIVEERRORS_H
#define NATIVEERRORS_H

#include <QtGlobal>

#ifdef Q_OS_WIN
#include <qt_windows.h>
#else
#include <cerrno>
#endif

// What this system says where each has a code of its own for the same.
namespace NativeErrors
{
#ifdef Q_OS_WIN
inline constexpr int NotOpen = ERROR_INVALID_HANDLE;
inline constexpr int NotFound = ERROR_FILE_NOT_FOUND;
inline constexpr int NameInUse = ERROR_ACCESS_DENIED; // of the first instance of a pipe
inline constexpr int Refused = 0; // never: a pipe is gone with its server
#else
inline constexpr int NotOpen = EBADF;
inline constexpr int NotFound = ENOENT;
inline constexpr int NameInUse = EADDRINUSE;
inline constexpr int Refused = ECONNREFUSED;
#endif
} // namespace NativeErrors

#endif
