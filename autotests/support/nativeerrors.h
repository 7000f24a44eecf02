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
#else
inline constexpr int NotOpen = EBADF;
#endif
} // namespace NativeErrors

#endif
