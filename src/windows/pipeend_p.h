// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEEND_P_H
#define INTERPROCESSQT_PIPEEND_P_H

#include <InterprocessQt/NativeHandle.h>

namespace InterprocessQt
{

// What is asked about a stream of a PipeReader or PipeWriter. It was found out when that was opened: while a call waits for a
// handle that was not opened for overlapped operations every question about it would wait, too.
class PipeEnd
{
public:
    // Leaves the event loop and hands the handle over; nothing but the end can come after that.
    [[nodiscard]] virtual NativeHandle release() = 0;

    bool isConsole = false;
    qint64 capacity = -1;

protected:
    ~PipeEnd() = default;
};

} // namespace InterprocessQt

#endif
