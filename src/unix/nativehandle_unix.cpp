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

/*!
    Opens \a file on the handle, in \a openMode, which closes it from then on; this object is no longer valid. Returns
    false, and stays what it was, if \a file is open already, the handle is not valid or not open, or the mode is none, or
    Append for what cannot be positioned (pipes, sockets).

    What \a openMode asks for beyond what the descriptor was opened for is noticed when it is used.
*/
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
