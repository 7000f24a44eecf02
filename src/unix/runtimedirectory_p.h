// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_RUNTIMEDIRECTORY_P_H
#define INTERPROCESSQT_RUNTIMEDIRECTORY_P_H

#include <QtCore/qstring.h>

namespace InterprocessQt
{

// The directory for names that only this user may use: $XDG_RUNTIME_DIR, or else one of our own, made when needed.
struct RuntimeDirectory {
    static RuntimeDirectory find();

    QString path; // empty if there is none that can be trusted
    QString error;
};

} // namespace InterprocessQt

#endif
