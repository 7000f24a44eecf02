// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BACKGROUNDCALL_P_H
#define INTERPROCESSQT_BACKGROUNDCALL_P_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qobject.h>

#include <functional>
#include <memory>
#include <optional>

namespace InterprocessQt
{

/*
 * A call of Windows that blocks and has no other form (CreateFileW() on another computer, WaitNamedPipeW(),
 * FlushFileBuffers()), in a thread of its own. Destroying it asks the system to give the call up (CancelSynchronousIo()) and
 * does not wait for that. If there is no thread to be had that is the result.
 */
class BackgroundCall
{
public:
    struct Result {
        quint32 error = 0;
        NativeHandle handle; // what the call has made
    };
    using Work = std::function<Result()>;

    // `done` is called in the thread of the context, from its event loop, unless one of both is gone by then.
    BackgroundCall(Work work, QObject *context = nullptr, std::function<void()> done = {});
    ~BackgroundCall();
    Q_DISABLE_COPY_MOVE(BackgroundCall)

    [[nodiscard]] std::optional<Result> takeResult(); // nothing: it is not done

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace InterprocessQt

#endif
