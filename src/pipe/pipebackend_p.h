// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEBACKEND_P_H
#define INTERPROCESSQT_PIPEBACKEND_P_H

#include "stream/error_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/NativeHandle.h>

#include <memory>
#include <optional>

/*
 * What pipes need of a platform. Each platform implements all of it.
 */
namespace InterprocessQt
{

enum class PipeDirection {
    Reading,
    Writing,
};

enum class StandardStream {
    Input,
    Output,
    Error,
};

// A stream for whatever the handle is, or why there can be none: then the handle stays the caller's.
struct PipeStream {
    std::unique_ptr<StreamIo> io;
    ErrorInfo error;
};
[[nodiscard]] PipeStream openPipeStream(NativeHandle &handle, PipeDirection direction, StreamIoClient &client);
// One that does not change what others see of the same terminal, pipe or file, and does not close it.
[[nodiscard]] PipeStream openStandardStream(StandardStream stream, StreamIoClient &client);

// 0 or a native error.
[[nodiscard]] int makePipe(NativeHandle &reader, NativeHandle &writer);
[[nodiscard]] qint64 pipeCapacity(NativeHandle::Type handle); // -1: not known
[[nodiscard]] int setPipeCapacity(NativeHandle::Type handle, qint64 size);
[[nodiscard]] bool isTerminalHandle(NativeHandle::Type handle);
// Takes it out of a stream, which then cannot be used any more.
[[nodiscard]] NativeHandle releasePipeHandle(StreamIo &io);

} // namespace InterprocessQt

#endif
