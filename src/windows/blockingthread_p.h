// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BLOCKINGTHREAD_P_H
#define INTERPROCESSQT_BLOCKINGTHREAD_P_H

#include "blockingdevice_p.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qobject.h>

#include <memory>
#include <mutex>

namespace InterprocessQt
{

/*
 * The calls of a BlockingDevice, made one after the other by a thread that is there from the first one on: what Overlapped is for
 * handles that can do better.
 *
 * Destroying it does not wait for a call that is under way. A read is cancelled. A write is given GraceTime, for most need only
 * to be made, and the destructor of QCoreApplication waits for such; then it is cancelled. The handle is closed by the thread after
 * that, since closing it would wait for the call, too.
 */
class BlockingThread
{
public:
    static constexpr DWORD BlockSize = 64 * 1024;
    enum class Purpose {
        Reading,
        Writing,
    };
    class Client
    {
    public:
        // The call has ended; called by the event loop, within a batch of the TurnQueue. May destroy the BlockingThread.
        virtual void callEnded() = 0;

    protected:
        ~Client() = default;
    };

    BlockingThread(std::unique_ptr<BlockingDevice> device, Purpose purpose, Client &client);
    ~BlockingThread();
    Q_DISABLE_COPY_MOVE(BlockingThread)

    // Of BlockSize bytes, and nobody's but the thread's while a call is under way.
    [[nodiscard]] char *buffer();
    void begin(DWORD size);
    [[nodiscard]] bool isBegun() const; // and its end has not been fetched yet
    [[nodiscard]] bool hasFinished() const;
    [[nodiscard]] DWORD result(DWORD &bytes) const; // of a call that has finished, or of which there was no thread to make it
    [[nodiscard]] const char *operation() const; // what that is the result of
    void finish();
    void cancel(); // and waits for that as long as a thread needs to notice

    // Whether the client is told of the end, once for each call and again after each setWatched(true).
    void setWatched(bool watched);
    [[nodiscard]] bool attach();
    void detach();
    [[nodiscard]] bool wait(QDeadlineTimer deadline) const; // for the end of a call, without an event loop

    [[nodiscard]] NativeHandle::Type handle() const;
    // Waits for a read to be cancelled. Nothing but the end can come after that.
    [[nodiscard]] NativeHandle release();

private:
    struct State;
    static void run(const std::shared_ptr<State> &state);
    static void tell(const std::shared_ptr<State> &state);
    static void cancelAndWait(const std::shared_ptr<State> &state, std::unique_lock<std::mutex> &lock);

    const std::shared_ptr<State> m_state;
    std::unique_ptr<QObject> m_context; // lives in the thread of whoever has the stream
};

} // namespace InterprocessQt

#endif
