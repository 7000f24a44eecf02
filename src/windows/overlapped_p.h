// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_OVERLAPPED_P_H
#define INTERPROCESSQT_OVERLAPPED_P_H

#include "syscalls_p.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qwineventnotifier.h>

#include <memory>
#include <vector>

namespace InterprocessQt
{

/*
 * One place for an overlapped operation (ReadFile, WriteFile, ConnectNamedPipe, …): its OVERLAPPED, its event, and the
 * watching of that event in an event loop. One operation at a time; whoever reads and writes at once has two of these.
 *
 *     DWORD error = sys::readFile(handle, buffer, size, read.begin());
 *     read.started(handle, error);
 *     if (read.hasFinished())              // at once, or when the client is told, or after a wait()
 *         error = read.finish(bytes);      // and the next operation can begin
 *
 * The system writes to the OVERLAPPED and to the buffer until the operation has ended, so both have to stay where they are
 * until then: a buffer belongs beside the Overlapped that uses it, and has to be declared before it. Destroying an Overlapped,
 * or cancel() and finish(), ends the operation and waits for that, which takes no longer than the system needs.
 *
 * The event alone is no sign of an end: the system writes to the OVERLAPPED first and sets the event after that. Where another thread
 * has seen the end in between, and has begun the next operation, the event is set while that is under way.
 *
 * setHandle() is to be called once for each file handle: see there.
 */
class Overlapped
{
public:
    class Client
    {
    public:
        // The operation has ended; called by the event loop, within a batch of the TurnQueue. May destroy the Overlapped.
        virtual void operationEnded(Overlapped &operation) = 0;

    protected:
        ~Client() = default;
    };

    explicit Overlapped(Client &client);
    ~Overlapped();
    Q_DISABLE_COPY_MOVE(Overlapped)

    // Makes a handle's operations outlive the thread that has begun them. Windows cancels those of a thread that ends, and of a
    // write nobody can tell then how much the peer has got, but not for handles that belong to a completion port (Microsoft,
    // Canceling Pending I/O Operations). Ours is a port that nobody reads: no operation reports to it, see begin().
    static void setHandle(HANDLE handle) noexcept;

    // What to give to the call.
    [[nodiscard]] OVERLAPPED *begin() noexcept;
    // What the call said: NoError and ERROR_IO_PENDING are an operation under way or already done, and so is ERROR_MORE_DATA, a read
    // that has brought a part of a message. Everything else is none.
    void started(HANDLE handle, DWORD error) noexcept;

    // One has been begun, and its end has not been fetched yet.
    [[nodiscard]] bool isBegun() const noexcept
    {
        return m_state != Idle;
    }
    [[nodiscard]] bool hasFinished() const noexcept; // isBegun(), and finish() does not wait
    // The error and the number of bytes of an operation, whose end is waited for.
    [[nodiscard]] DWORD result(DWORD &bytes) noexcept;
    // The same, and makes room for the next one. Until then the client is told of the end again whenever it asks to be.
    DWORD finish(DWORD &bytes) noexcept;
    // Asks for its early end. What it has achieved all the same is what finish() tells, which is to be called as ever.
    void cancel() noexcept;

    // Whether the client is told of the end, once for each operation and again after each setWatched(true), from the event loop
    // that was joined with attach(). Kept while there is none.
    void setWatched(bool watched);
    [[nodiscard]] bool attach(); // joins the event loop of this thread; false: it has none (yet)
    void detach();

    [[nodiscard]] HANDLE event() const noexcept
    {
        return m_event;
    }
    // Waits without an event loop until one of those that have been begun is finished. False: the deadline is over.
    [[nodiscard]] static bool waitForAny(const std::vector<const Overlapped *> &operations, QDeadlineTimer deadline); // at most 64

private:
    enum State {
        Idle,
        Begun,
        Failed, // the call itself: no operation
    };
    void arm();
    void activated();
    void dropNotifier();
    [[nodiscard]] QWinEventNotifier *notifier() const; // none if there is none any more

    Client &m_client;
    HANDLE m_event;
    HANDLE m_handle = nullptr;
    OVERLAPPED m_overlapped = {};
    DWORD m_error = 0;
    State m_state = Idle;
    bool m_watched = false;
    bool m_attached = false;
    // The pool's of the thread that it is used in, with whose end it becomes somebody else's.
    QWinEventNotifier *m_notifier = nullptr;
    std::weak_ptr<void> m_notifierLife;
};

} // namespace InterprocessQt

#endif
