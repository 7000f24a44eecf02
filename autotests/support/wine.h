// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef WINE_H
#define WINE_H

#include <qt_windows.h>

// Whether the test runs under Wine and not on Windows: for what only Windows can show.
inline bool isWine()
{
    return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

#endif
