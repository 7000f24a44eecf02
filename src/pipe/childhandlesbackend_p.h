// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CHILDHANDLESBACKEND_P_H
#define INTERPROCESSQT_CHILDHANDLESBACKEND_P_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qbytearray.h>

#include <memory>
#include <vector>

class QProcess;

/*
 * What ChildHandles needs of a platform. Each platform implements all of it.
 */
namespace InterprocessQt
{

// Handles that wait for a child to be started, under the numbers that they will have there.
struct ChildInheritance {
    std::vector<NativeHandle> handles;
    bool done = false; // the child has been started: the next one of the process has nothing of this
};

// A duplicate of the handle as the child will have it, or an invalid one with a native error.
[[nodiscard]] NativeHandle duplicateForChild(NativeHandle::Type handle, NativeHandle::Type number, int &nativeError);
// Makes the handle itself what the child will have; 0 or a native error.
[[nodiscard]] int prepareForChild(NativeHandle::Type handle);
// Has the next child of the process inherit them, and nothing else.
void inheritInChild(QProcess *process, const std::shared_ptr<ChildInheritance> &inheritance);
// Leaves nothing with the process of what is done.
void forgetInheritance(QProcess *process);

// Tells one open file from another, to find out in the child whether a number still stands for what it was given for.
[[nodiscard]] QByteArray handleIdentity(NativeHandle::Type handle); // empty: it is not open, or none that can be handed over
void keepFromChildren(NativeHandle::Type handle);

} // namespace InterprocessQt

#endif
