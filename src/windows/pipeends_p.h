// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEENDS_P_H
#define INTERPROCESSQT_PIPEENDS_P_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qstring.h>

/*
 * What NamedPipe asks about names and ends of pipes, without the types of Windows.
 */
namespace InterprocessQt
{

// What the length in front of a message takes while it waits to be written.
inline constexpr qint64 MessageHeadSize = 4;

struct PipeEndName {
    bool isFull = false; // \\computer\pipe\name
    QString host; // empty: this computer
    QString localName; // as it would be on this computer
};
[[nodiscard]] PipeEndName splitPipeName(const QString &name);

// 0 or a native error.
[[nodiscard]] quint32 processOfPipeEnd(NativeHandle::Type pipe, bool server, quint32 &pid);
[[nodiscard]] quint32 sessionOfPipeEnd(NativeHandle::Type pipe, bool server, quint32 &session);
[[nodiscard]] quint32 impersonateClientOf(NativeHandle::Type pipe);
[[nodiscard]] quint32 revertImpersonation();
[[nodiscard]] quint32 idOfThisThread();

} // namespace InterprocessQt

#endif
