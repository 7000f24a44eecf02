// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPE_H
#define INTERPROCESSQT_PIPE_H

#include <InterprocessQt/PipeReader.h>
#include <InterprocessQt/PipeWriter.h>

#include <memory>

namespace InterprocessQt
{

// An unnamed pipe: what is written at one end is read at the other.
class INTERPROCESSQT_EXPORT Pipe
{
public:
    struct Options {
        qint64 capacity = 0; // bytes that the kernel keeps; 0: what it likes
        // For a program or thread that uses the handle by itself, and whose calls are to wait.
        bool blockingReader = false;
        bool blockingWriter = false;
    };

    // The two ends, as objects.
    [[nodiscard]] static Pipe create(const Options &options);
    [[nodiscard]] static Pipe create();
    // The two ends, as handles: for a thread, or a child process.
    struct Handles {
        NativeHandle reader;
        NativeHandle writer;
        int nativeError = 0;
    };
    [[nodiscard]] static Handles createHandles(const Options &options);
    [[nodiscard]] static Handles createHandles();

    std::unique_ptr<PipeReader> reader;
    std::unique_ptr<PipeWriter> writer;
};

} // namespace InterprocessQt

#endif
