// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/NativeHandle.h>

#include "syscalls_p.h"

#include <QtCore/qfile.h>

#include <fcntl.h>
#include <io.h>

namespace InterprocessQt
{

void NativeHandle::reset(Type handle) noexcept
{
    const Type old = std::exchange(m_handle, handle);
    if (old == Invalid || old == handle)
        return;
    const DWORD error = GetLastError(); // owners are often destroyed on the way to somebody who looks at it
    sys::close(old);
    SetLastError(error);
}

NativeHandle NativeHandle::duplicate(int *nativeError) const noexcept
{
    NativeHandle copy;
    // -1 is also the handle by which a process means itself: that would be duplicated.
    const DWORD error = m_handle == Invalid ? DWORD(ERROR_INVALID_HANDLE) : sys::duplicate(m_handle, copy);
    if (nativeError)
        *nativeError = int(error);
    return copy;
}

std::shared_ptr<NativeHandle> NativeHandle::share() &&
{
    return std::make_shared<NativeHandle>(std::move(*this));
}

bool NativeHandle::moveTo(QFile &file, QIODeviceBase::OpenMode openMode)
{
    if (file.isOpen() || !(openMode & QIODeviceBase::ReadWrite) || !sys::isOpen(m_handle))
        return false;
    // QFile knows the descriptors of the C library, which are kept by it for handles.
    const int flags = openMode & QIODeviceBase::WriteOnly ? (openMode & QIODeviceBase::Append ? _O_APPEND : 0) : _O_RDONLY;
    const int descriptor = _open_osfhandle(m_handle, flags | _O_BINARY | _O_NOINHERIT);
    if (descriptor == -1)
        return false;
    static_cast<void>(release()); // the descriptor has it from here on
    if (file.open(descriptor, openMode, QFileDevice::AutoCloseHandle))
        return true;
    NativeHandle back;
    sys::duplicate(_get_osfhandle(descriptor), back);
    _close(descriptor);
    *this = std::move(back);
    return false;
}

} // namespace InterprocessQt
