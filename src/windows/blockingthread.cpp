// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "blockingthread_p.h"

#include "backgroundthread_p.h"
#include "cancellablecall_p.h"
#include "stream/turnqueue_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

#include <chrono>
#include <condition_variable>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{

// What a write that is under way gets when nobody waits for it any more. It is over in no time, or nobody reads.
constexpr auto GraceTime = 250ms;
// A call that has been cancelled ends as soon as its thread runs.
constexpr auto CancelTime = 100ms;

// Writes that go on without their stream.
struct Leftovers {
    std::mutex mutex;
    std::condition_variable changed;
    int count = 0;
    bool isWaitedFor = false;

    static Leftovers &instance()
    {
        static auto *const leftovers = new Leftovers; // threads may end after the statics
        return *leftovers;
    }
    void add()
    {
        const std::lock_guard lock(mutex);
        ++count;
        // The process would take them along.
        if (!std::exchange(isWaitedFor, QCoreApplication::instance() != nullptr) && isWaitedFor)
            qAddPostRoutine([] {
                instance().waitForAll();
            });
    }
    void remove()
    {
        const std::lock_guard lock(mutex);
        --count;
        changed.notify_all();
    }
    void waitForAll()
    {
        std::unique_lock lock(mutex);
        isWaitedFor = false;
        changed.wait_for(lock, GraceTime + CancelTime, [this] {
            return count == 0;
        });
    }
};

} // namespace

struct BlockingThread::State : CancellableCall {
    std::condition_variable changed;
    std::unique_ptr<BlockingDevice> device;
    Purpose purpose = Purpose::Reading;
    std::unique_ptr<char[]> buffer;
    enum {
        Idle,
        Begun,
        Ended,
    } phase = Idle;
    DWORD size = 0;
    DWORD bytes = 0;
    DWORD error = 0;
    bool started = false; // the thread
    bool abandoned = false;
    bool leftOver = false; // abandoned with a write under way

    // In the event loop
    Client *client = nullptr;
    QObject *context = nullptr;
    bool watched = false;
    bool posted = false;
};

BlockingThread::BlockingThread(std::unique_ptr<BlockingDevice> device, Purpose purpose, Client &client)
    : m_state(std::make_shared<State>())
{
    m_state->device = std::move(device);
    m_state->purpose = purpose;
    m_state->client = &client;
}

BlockingThread::~BlockingThread()
{
    detach();
    std::unique_lock lock(m_state->mutex);
    m_state->abandoned = true;
    m_state->changed.notify_all();
    if (m_state->phase != State::Begun) {
        m_state->device.reset();
        return;
    }
    if (m_state->purpose == Purpose::Reading) {
        cancelAndWait(m_state, lock); // so that whoever has closed a stream finds it closed
        return;
    }
    m_state->leftOver = true;
    Leftovers::instance().add();
    // If there is no thread to be had nobody gives the write up: it ends when somebody reads.
    static_cast<void>(runInBackground([state = m_state] {
        std::unique_lock again(state->mutex);
        const bool done = state->changed.wait_for(again, GraceTime, [&state] {
            return state->phase != State::Begun;
        });
        if (!done)
            cancelCall(state);
    }));
}

// ---- The thread

void BlockingThread::run(const std::shared_ptr<State> &state)
{
    std::unique_lock lock(state->mutex);
    for (;;) {
        state->changed.wait(lock, [&state] {
            return state->phase == State::Begun || state->abandoned;
        });
        if (state->phase != State::Begun)
            return;
        if (!state->abandoned || state->leftOver) {
            state->thread = sys::handleOfThread();
            lock.unlock();
            DWORD bytes = 0;
            const DWORD error = state->device->transfer(state->buffer.get(), state->size, bytes);
            lock.lock();
            state->thread.reset(); // from here on this thread must not be disturbed
            state->bytes = bytes;
            state->error = error;
        }
        state->phase = State::Ended;
        if (state->abandoned)
            state->device.reset();
        state->changed.notify_all();
        if (state->leftOver)
            Leftovers::instance().remove();
        if (state->abandoned)
            return;
        tell(state);
    }
}

// With the lock, so that the context is not destroyed meanwhile.
void BlockingThread::tell(const std::shared_ptr<State> &state)
{
    if (!state->context || !state->watched || state->phase != State::Ended || std::exchange(state->posted, true))
        return;
    QMetaObject::invokeMethod(
        state->context,
        [state] {
            {
                const std::lock_guard lock(state->mutex);
                state->posted = false;
                if (!state->watched || state->phase != State::Ended)
                    return; // it has been dealt with meanwhile
            }
            const TurnQueue::Batch batch;
            state->client->callEnded();
        },
        Qt::QueuedConnection);
}

// ---- Calls

char *BlockingThread::buffer()
{
    if (!m_state->buffer)
        m_state->buffer.reset(new char[BlockSize]);
    return m_state->buffer.get();
}

void BlockingThread::begin(DWORD size)
{
    static_cast<void>(buffer());
    const std::lock_guard lock(m_state->mutex);
    Q_ASSERT(m_state->phase == State::Idle && m_state->device);
    m_state->size = size;
    m_state->phase = State::Begun;
    if (m_state->started) {
        m_state->changed.notify_all();
        return;
    }
    const DWORD error = runInBackground([state = m_state] {
        run(state);
    });
    m_state->started = error == sys::NoError;
    if (m_state->started)
        return;
    m_state->bytes = 0;
    m_state->error = error;
    m_state->phase = State::Ended;
    tell(m_state);
}

const char *BlockingThread::operation() const
{
    const std::lock_guard lock(m_state->mutex);
    if (!m_state->started)
        return "_beginthreadex";
    return m_state->purpose == Purpose::Reading ? "ReadFile" : "WriteFile";
}

bool BlockingThread::isBegun() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->phase != State::Idle;
}

bool BlockingThread::hasFinished() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->phase == State::Ended;
}

DWORD BlockingThread::result(DWORD &bytes) const
{
    const std::lock_guard lock(m_state->mutex);
    Q_ASSERT(m_state->phase == State::Ended);
    bytes = m_state->bytes;
    return m_state->error;
}

void BlockingThread::finish()
{
    const std::lock_guard lock(m_state->mutex);
    Q_ASSERT(m_state->phase == State::Ended);
    m_state->phase = State::Idle;
}

void BlockingThread::cancel()
{
    std::unique_lock lock(m_state->mutex);
    cancelAndWait(m_state, lock);
}

void BlockingThread::cancelAndWait(const std::shared_ptr<State> &state, std::unique_lock<std::mutex> &lock)
{
    if (state->phase != State::Begun)
        return;
    if (!state->device->stop())
        cancelCall(state);
    // Nobody waits for a device that does not let go.
    state->changed.wait_for(lock, CancelTime, [&state] {
        return state->phase != State::Begun;
    });
}

// ---- Being told

void BlockingThread::setWatched(bool watched)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->watched = watched;
    tell(m_state);
}

bool BlockingThread::attach()
{
    if (!QAbstractEventDispatcher::instance())
        return false;
    auto context = std::make_unique<QObject>();
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->context = context.get();
        m_state->posted = false;
        tell(m_state);
    }
    m_context.swap(context);
    return true;
}

void BlockingThread::detach()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->context = nullptr;
        m_state->posted = false;
    }
    m_context.reset(); // and what was posted to it
}

bool BlockingThread::wait(QDeadlineTimer deadline) const
{
    std::unique_lock lock(m_state->mutex);
    const auto isOver = [this] {
        return m_state->phase != State::Begun;
    };
    if (deadline.isForever()) {
        m_state->changed.wait(lock, isOver);
        return true;
    }
    return m_state->changed.wait_for(lock, std::chrono::nanoseconds(deadline.remainingTimeNSecs()), isOver);
}

// ---- The handle

NativeHandle::Type BlockingThread::handle() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->device ? m_state->device->handle() : NativeHandle::Invalid;
}

NativeHandle BlockingThread::release()
{
    detach();
    std::unique_lock lock(m_state->mutex);
    if (!m_state->device)
        return {};
    cancelAndWait(m_state, lock);
    if (m_state->phase != State::Begun)
        return m_state->device->release();
    // A device that does not let go: a duplicate is as good, and the thread closes the other one some day.
    NativeHandle copy;
    static_cast<void>(sys::duplicate(m_state->device->handle(), copy));
    return copy;
}

} // namespace InterprocessQt
