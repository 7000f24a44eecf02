// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signal/signalquit_p.h"
#include "signalchannel_p.h"
#include "signaltable_p.h"
#include "stream/error_p.h"
#include "syscalls_p.h"
#include "syscalls_signal_p.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <poll.h>
#include <thread>

// The thread of SignalTable: reads what the handler has written, and hands it out.
namespace InterprocessQt
{

namespace
{
constexpr size_t RecordsAtOnce = 512;
constexpr auto BlindDelay = std::chrono::milliseconds(10);
} // namespace

SignalWatcher::Result SignalTable::startReader()
{
    if (m_isReading)
        return {};
    if (const Result result = openChannel(SignalHandler::ReaderChannel); !result)
        return result;
    m_stop = false;
    const auto run = [](void *table) -> void * {
        static_cast<SignalTable *>(table)->readUntilStopped();
        return nullptr;
    };
    if (const int error = sys::startBlockedThread(&m_thread, run, this); error != 0) {
        static_cast<void>(SignalHandler::closeChannel(SignalHandler::ReaderChannel)); // nothing is written to it yet
        close(m_pipes[SignalHandler::ReaderChannel]);
        return {SignalWatcher::ResourceError, error, QStringLiteral("a thread for signals: %1").arg(nativeErrorText(error))};
    }
    m_isReading = true;
    return {};
}

void SignalTable::stopReader()
{
    if (!m_isReading)
        return;
    Pipe &pipe = m_pipes[SignalHandler::ReaderChannel];
    const bool isQuiet = SignalHandler::closeChannel(SignalHandler::ReaderChannel);
    m_stop = true;
    // No room for it means that the thread is awake. What else there may be passes, and without it the thread would never end.
    const SignalRecord look = {};
    for (int tries = 0; tries < 10 && sys::writeRecord(pipe.ends[1], &look, sizeof look) == -1; ++tries) { }
    sys::joinThread(m_thread);
    const QMutexLocker locker(&m_mutex);
    if (isQuiet)
        close(pipe);
    m_isReading = false;
}

void SignalTable::readUntilStopped()
{
    pollfd pipe = {m_pipes[SignalHandler::ReaderChannel].ends[0], POLLIN, 0};
    SignalQuit &quit = SignalQuit::instance();
    while (!m_stop) {
        int msecs = -1;
        {
            const QMutexLocker locker(&m_mutex);
            msecs = quit.msecsLeft();
        }
        const int ready = sys::poll(&pipe, 1, msecs);
        // No memory now (ENOMEM), or no waiting ever, in a process that has forbidden itself to open anything (EINVAL, poll(2)
        // and RLIMIT_NOFILE): signals still arrive, so it is looked for them by the clock.
        const bool isBlind = ready == -1 && errno != EINTR;
        if (isBlind)
            std::this_thread::sleep_for(BlindDelay);
        if (ready <= 0) {
            const QMutexLocker locker(&m_mutex);
            quit.timePasses();
            if (!isBlind)
                continue;
        }
        const QMutexLocker locker(&m_mutex);
        readOnce();
    }
}

void SignalTable::deliverNow()
{
    const QMutexLocker locker(&m_mutex);
    forgetParent();
    if (m_isReading)
        readOnce();
}

// Read under the lock, too: whoever has it next finds everything delivered that was written before.
void SignalTable::readOnce()
{
    SignalRecord records[RecordsAtOnce];
    const ssize_t size = sys::readRecords(m_pipes[SignalHandler::ReaderChannel].ends[0], records, sizeof records, sizeof(SignalRecord));
    for (size_t i = 0; i < size_t(std::max<ssize_t>(size, 0)) / sizeof(SignalRecord); ++i) {
        if (records[i].number != 0)
            dispatch(infoOf(records[i]));
    }
    if (SignalHandler::takeAnyNoted(SignalHandler::ReaderChannel))
        dispatchNoted();
}

void SignalTable::dispatch(const SignalInfo &info)
{
    Entry &entry = m_entries[size_t(info.number())];
    const auto removed = std::erase_if(entry.registrations, [&info](const Registration &registration) {
        return registration.sink && !registration.sink->signalArrived(info);
    });
    if (removed == 0)
        return;
    restoreIfUnused(entry, info.number());
    updateWant(entry, SignalHandler::ReaderChannel, info.number());
}

void SignalTable::dispatchNoted()
{
    for (int number = 1; number <= SignalHandler::Highest; ++number) {
        if (SignalHandler::takePending(SignalHandler::ReaderChannel, number))
            dispatch(SignalInfo(number));
        if (const quint32 lost = SignalHandler::takeLost(SignalHandler::ReaderChannel, number); lost > 0) {
            for (const Registration &registration : m_entries[size_t(number)].registrations) {
                if (registration.sink)
                    registration.sink->signalsLost(number, lost);
            }
        }
    }
}

} // namespace InterprocessQt
