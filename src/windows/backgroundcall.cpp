// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backgroundcall_p.h"

#include "backgroundthread_p.h"
#include "cancellablecall_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qpointer.h>

namespace InterprocessQt
{

struct BackgroundCall::State : CancellableCall {
    std::optional<Result> result;
    QPointer<QObject> context;
    std::function<void()> done;
    bool abandoned = false;
};

BackgroundCall::BackgroundCall(Work work, QObject *context, std::function<void()> done)
    : m_state(std::make_shared<State>())
{
    m_state->context = context;
    m_state->done = std::move(done);
    const DWORD error = runInBackground([state = m_state, work = std::move(work)] {
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
    });
    if (error == sys::NoError)
        return;
    m_state->result = Result{error, {}};
    if (context && m_state->done)
        QMetaObject::invokeMethod(context, m_state->done, Qt::QueuedConnection);
}

BackgroundCall::~BackgroundCall()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->abandoned = true;
    m_state->done = {};
    cancelCall(m_state);
}

std::optional<BackgroundCall::Result> BackgroundCall::takeResult()
{
    const std::lock_guard lock(m_state->mutex);
    return std::exchange(m_state->result, std::nullopt);
}

} // namespace InterprocessQt
