// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "blockingdevice_p.h"

#include "syscalls_handle_p.h"

namespace InterprocessQt
{

namespace
{

class PipeReadDevice final : public BlockingDevice
{
public:
    using BlockingDevice::BlockingDevice;
    DWORD transfer(char *data, DWORD size, DWORD &bytes) override
    {
        // Also of nothing at all: somebody has written that, which is nothing to a stream.
        return sys::readNow(sys::native(handle()), data, size, bytes);
    }
};

class FileReadDevice final : public BlockingDevice
{
public:
    using BlockingDevice::BlockingDevice;
    DWORD transfer(char *data, DWORD size, DWORD &bytes) override
    {
        const DWORD error = sys::readNow(sys::native(handle()), data, size, bytes);
        return error == sys::NoError && bytes == 0 ? ERROR_HANDLE_EOF : error;
    }
};

class WriteDevice final : public BlockingDevice
{
public:
    using BlockingDevice::BlockingDevice;
    DWORD transfer(char *data, DWORD size, DWORD &bytes) override
    {
        DWORD error = sys::NoError;
        // A pipe of the PIPE_NOWAIT kind takes a part, or nothing: the latter is an error, for there is nothing to wait for.
        while (bytes < size && error == sys::NoError) {
            DWORD written = 0;
            error = sys::writeNow(sys::native(handle()), data + bytes, size - bytes, written);
            bytes += written;
            if (error == sys::NoError && written == 0)
                error = ERROR_WRITE_FAULT;
        }
        return error;
    }
};

} // namespace

std::unique_ptr<BlockingDevice> makePipeReadDevice(NativeHandle handle)
{
    return std::make_unique<PipeReadDevice>(std::move(handle));
}

std::unique_ptr<BlockingDevice> makeFileReadDevice(NativeHandle handle)
{
    return std::make_unique<FileReadDevice>(std::move(handle));
}

std::unique_ptr<BlockingDevice> makeWriteDevice(NativeHandle handle)
{
    return std::make_unique<WriteDevice>(std::move(handle));
}

} // namespace InterprocessQt
