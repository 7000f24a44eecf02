// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backgroundcall_p.h"

#include "syscalls_pipe_p.h"

#include <QtCore/qpointer.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

namespace InterprocessQt
{

struct BackgroundCall::State {
    std::mutex mutex;
    std::optional<Result> result;
    NativeHandle thread; // while the call may be under way
    QPointer<QObject> context;
    std::function<void()> done;
    bool abandoned = false;
};

BackgroundCall::BackgroundCall(Work work, QObject *context, std::function<void()> done)
    : m_state(std::make_shared<State>())
{
    m_state->context = context;
    m_state->done = std::move(done);
    std::thread([state = m_state, work = std::move(work)] {
        {
            const std::lock_guard lock(state->mutex);
            if (state->abandoned)
                return;
            state->thread = sys::handleOfThread();
        }
        Result result = work();
        const std::lock_guard lock(state->mutex);
        state->thread.reset(); // from here on this thread must not be disturbed
        if (state->abandoned)
            return; // what it has made is closed
        state->result = std::move(result);
        // Called with the lock, so that the context is not destroyed meanwhile: its owner takes the lock before that.
        if (state->context && state->done)
            QMetaObject::invokeMethod(state->context, state->done, Qt::QueuedConnection);
    }).detach();
}

BackgroundCall::~BackgroundCall()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->abandoned = true;
    m_state->done = {};
    if (!m_state->thread || sys::cancelCallOfThread(m_state->thread))
        return;
    // It is just about to make the call, which might never return, or just back from it.
    std::thread([state = m_state] {
        auto pause = std::chrono::milliseconds(1);
        for (;;) {
            std::this_thread::sleep_for(pause);
            const std::lock_guard again(state->mutex);
            if (!state->thread || sys::cancelCallOfThread(state->thread))
                return;
            pause = std::min(pause * 2, std::chrono::milliseconds(1000));
        }
    }).detach();
}

std::optional<BackgroundCall::Result> BackgroundCall::takeResult()
{
    const std::lock_guard lock(m_state->mutex);
    return std::exchange(m_state->result, std::nullopt);
}

} // namespace InterprocessQt
