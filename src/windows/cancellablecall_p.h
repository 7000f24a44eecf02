// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_CANCELLABLECALL_P_H
#define INTERPROCESSQT_CANCELLABLECALL_P_H

#include <InterprocessQt/NativeHandle.h>

#include <memory>
#include <mutex>

namespace InterprocessQt
{

// A call that blocks the thread which makes it, for others to end it early.
struct CancellableCall {
    std::mutex mutex;
    NativeHandle thread; // while the call may be under way: set and reset with the mutex, by that thread
};

// With the mutex held: has the system give the call up (CancelSynchronousIo()). A thread that is just about to make it, or just
// back, has none to be cancelled: then that is tried again until it is over, in the background.
void cancelCall(const std::shared_ptr<CancellableCall> &call);

} // namespace InterprocessQt

#endif
