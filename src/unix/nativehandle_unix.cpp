// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/NativeHandle.h>

#include "syscalls_p.h"

#include <QtCore/qfile.h>

#include <cerrno>

namespace InterprocessQt
{

void NativeHandle::reset(Type handle) noexcept
{
    const Type old = std::exchange(m_handle, handle);
    if (old == Invalid || old == handle)
        return;
    const int error = errno; // owners are often destroyed on the way to somebody who looks at it
    sys::close(int(old));
    errno = error;
}

NativeHandle NativeHandle::duplicate(int *nativeError) const noexcept
{
    const int fd = sys::duplicate(int(m_handle));
    if (nativeError)
        *nativeError = fd == -1 ? errno : 0;
    return NativeHandle(fd);
}

std::shared_ptr<NativeHandle> NativeHandle::share() &&
{
    return std::make_shared<NativeHandle>(std::move(*this));
}

bool NativeHandle::moveTo(QFile &file, QIODeviceBase::OpenMode openMode)
{
    struct stat status;
    if (file.isOpen() || !(openMode & QIODeviceBase::ReadWrite) || sys::fstat(int(m_handle), &status) == -1)
        return false;
    if (!file.open(int(m_handle), openMode, QFileDevice::AutoCloseHandle))
        return false;
    static_cast<void>(release());
    return true;
}

} // namespace InterprocessQt
