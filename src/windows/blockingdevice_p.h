// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BLOCKINGDEVICE_P_H
#define INTERPROCESSQT_BLOCKINGDEVICE_P_H

#include <InterprocessQt/NativeHandle.h>

#include <qt_windows.h>

#include <memory>

namespace InterprocessQt
{

/*
 * What is read from or written to by calls that wait: a handle that was not opened for overlapped operations.
 *
 * Its calls are made by one thread, which is not the one that stop() comes from.
 */
class BlockingDevice
{
public:
    explicit BlockingDevice(NativeHandle handle)
        : m_handle(std::move(handle))
    {
    }
    virtual ~BlockingDevice() = default;
    Q_DISABLE_COPY_MOVE(BlockingDevice)

    // Reads up to `size` bytes, or writes all of them. 0 or a native error; the end of what can be read is one of those of pipes,
    // or ERROR_HANDLE_EOF.
    [[nodiscard]] virtual DWORD transfer(char *data, DWORD size, DWORD &bytes) = 0;
    // Ends a transfer early, from any thread. False: it may be in a call that has to be cancelled for that.
    [[nodiscard]] virtual bool stop()
    {
        return false;
    }

    [[nodiscard]] NativeHandle::Type handle() const noexcept
    {
        return m_handle.get();
    }
    [[nodiscard]] NativeHandle release() noexcept
    {
        return std::move(m_handle);
    }

private:
    NativeHandle m_handle;
};

[[nodiscard]] std::unique_ptr<BlockingDevice> makePipeReadDevice(NativeHandle handle);
[[nodiscard]] std::unique_ptr<BlockingDevice> makeFileReadDevice(NativeHandle handle); // or NUL, …: nothing at all is the end
[[nodiscard]] std::unique_ptr<BlockingDevice> makeWriteDevice(NativeHandle handle);
// What is typed as UTF-8, and what is written in it shown as such, whatever the code pages of the console are. Ctrl-Z at the
// beginning of a line is the end.
[[nodiscard]] std::unique_ptr<BlockingDevice> makeConsoleReadDevice(NativeHandle handle);
[[nodiscard]] std::unique_ptr<BlockingDevice> makeConsoleWriteDevice(NativeHandle handle);

} // namespace InterprocessQt

#endif
