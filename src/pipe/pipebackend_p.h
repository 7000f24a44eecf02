// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEBACKEND_P_H
#define INTERPROCESSQT_PIPEBACKEND_P_H

#include "stream/error_p.h"
#include "stream/streamio_p.h"

#include <InterprocessQt/Pipe.h>

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

// 0 or a native error. The capacity is a wish.
[[nodiscard]] int makePipe(const Pipe::Options &options, NativeHandle &reader, NativeHandle &writer);
[[nodiscard]] qint64 pipeCapacity(const StreamIo &io); // -1: not known
[[nodiscard]] int setPipeCapacity(StreamIo &io, qint64 size);
[[nodiscard]] bool isTerminal(const StreamIo &io);
// Takes it out of a stream, which then cannot be used any more.
[[nodiscard]] NativeHandle releasePipeHandle(StreamIo &io);

} // namespace InterprocessQt

#endif
