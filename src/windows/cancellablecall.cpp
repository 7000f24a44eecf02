// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "cancellablecall_p.h"

#include "backgroundthread_p.h"
#include "syscalls_pipe_p.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace InterprocessQt
{

void cancelCall(const std::shared_ptr<CancellableCall> &call)
{
    if (!call->thread || sys::cancelCallOfThread(call->thread))
        return;
    // If there is no thread to be had the call ends when it is done, and not before.
    static_cast<void>(runInBackground([call] {
        auto pause = std::chrono::milliseconds(1);
        for (;;) {
            std::this_thread::sleep_for(pause);
            const std::lock_guard lock(call->mutex);
            if (!call->thread || sys::cancelCallOfThread(call->thread))
                return;
            pause = std::min(pause * 2, std::chrono::milliseconds(1000));
        }
    }));
}

} // namespace InterprocessQt
