// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipe/childhandlesbackend_p.h"

#include "syscalls_p.h"

namespace InterprocessQt
{

NativeHandle duplicateForChild(NativeHandle::Type, NativeHandle::Type, int &nativeError)
{
    nativeError = ERROR_NOT_SUPPORTED;
    return {};
}

int prepareForChild(NativeHandle::Type)
{
    return ERROR_NOT_SUPPORTED;
}

void inheritInChild(QProcess *, const std::shared_ptr<ChildInheritance> &)
{
    // There are none: the functions above give none out.
}

void forgetInheritance(QProcess *)
{
}

QByteArray handleIdentity(NativeHandle::Type)
{
    return {};
}

void keepFromChildren(NativeHandle::Type handle)
{
    static_cast<void>(sys::setInheritable(handle, false));
}

} // namespace InterprocessQt
