// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BACKGROUNDTHREAD_P_H
#define INTERPROCESSQT_BACKGROUNDTHREAD_P_H

#include "syscalls_p.h"

#include <functional>
#include <memory>

namespace InterprocessQt
{

// Runs the function in a thread of its own, which nobody waits for. What keeps that from starting is returned, which std::thread would
// end the process for, as this library is built without exceptions.
[[nodiscard]] inline DWORD runInBackground(std::function<void()> function)
{
    auto argument = std::make_unique<std::function<void()>>(std::move(function));
    NativeHandle thread;
    const DWORD error = sys::startThread(
        [](void *started) -> unsigned {
            const std::unique_ptr<std::function<void()>> work(static_cast<std::function<void()> *>(started));
            (*work)();
            return 0;
        },
        argument.get(),
        thread);
    if (error == sys::NoError)
        static_cast<void>(argument.release()); // the thread's
    return error;
}

} // namespace InterprocessQt

#endif
