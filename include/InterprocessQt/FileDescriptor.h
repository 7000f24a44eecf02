// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FILEDESCRIPTOR_H
#define INTERPROCESSQT_FILEDESCRIPTOR_H

#include <InterprocessQt/NativeHandle.h>

namespace InterprocessQt
{

using FileDescriptor = NativeHandle;

} // namespace InterprocessQt

#endif
