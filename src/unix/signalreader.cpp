// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signal/signalquit_p.h"
#include "signaltable_p.h"
#include "stream/error_p.h"
#include "syscalls_p.h"
#include "syscalls_signal_p.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

// The thread of SignalTable: reads what the handler has written, and hands it out.
namespace InterprocessQt
{

namespace
{
constexpr size_t RecordsAtOnce = 512;

SignalInfo::Code codeOf(int number, int code)
{
    if (number == SIGCHLD) {
        switch (code) {
        case CLD_EXITED:
            return SignalInfo::Code::ChildExited;
        case CLD_KILLED:
            return SignalInfo::Code::ChildKilled;
        case CLD_DUMPED:
            return SignalInfo::Code::ChildDumpedCore;
        case CLD_TRAPPED:
            return SignalInfo::Code::ChildTrapped;
        case CLD_STOPPED:
            return SignalInfo::Code::ChildStopped;
        case CLD_CONTINUED:
            return SignalInfo::Code::ChildContinued;
        default:
            break;
        }
    }
    switch (code) {
    case SI_USER:
        return SignalInfo::Code::Sent;
    case SI_QUEUE:
        return SignalInfo::Code::Queued;
    case SI_TIMER:
        return SignalInfo::Code::Timer;
    case SI_MESGQ:
        return SignalInfo::Code::MessageQueue;
    case SI_ASYNCIO:
        return SignalInfo::Code::AsynchronousIo;
#if defined(SI_TKILL)
    case SI_TKILL:
        return SignalInfo::Code::SentToThread;
#endif
#if defined(SI_KERNEL)
    case SI_KERNEL:
        return SignalInfo::Code::Kernel;
#endif
    default:
        return SignalHandler::isOwnFault(number, code) ? SignalInfo::Code::Fault : SignalInfo::Code::Unknown;
    }
}

// Which of the members mean something depends on the code: they share their place (sigaction(2), "The siginfo_t argument").
SignalInfo infoOf(const SignalRecord &record)
{
    SignalInfo info(record.number);
    const SignalInfo::Code code = codeOf(record.number, record.code);
    info.setCode(code, record.code);
    switch (code) {
    case SignalInfo::Code::ChildExited:
    case SignalInfo::Code::ChildKilled:
    case SignalInfo::Code::ChildDumpedCore:
    case SignalInfo::Code::ChildTrapped:
    case SignalInfo::Code::ChildStopped:
    case SignalInfo::Code::ChildContinued:
        info.setChildStatus(record.status);
        info.setSender(record.pid, record.uid);
        break;
    case SignalInfo::Code::Queued:
    case SignalInfo::Code::MessageQueue:
        info.setValue(record.intValue, quintptr(record.pointerValue));
        info.setSender(record.pid, record.uid);
        break;
    case SignalInfo::Code::Sent:
    case SignalInfo::Code::SentToThread:
        info.setSender(record.pid, record.uid);
        break;
    case SignalInfo::Code::Timer:
    case SignalInfo::Code::AsynchronousIo:
        info.setValue(record.intValue, quintptr(record.pointerValue));
        break;
    case SignalInfo::Code::Unknown:
    case SignalInfo::Code::Kernel:
    case SignalInfo::Code::Fault:
        break;
    }
    return info;
}
} // namespace

SignalWatcher::Result SignalTable::startReader()
{
    if (m_isReading)
        return {};
    const auto failure = [](const QString &what, int error) {
        return Result{SignalWatcher::ResourceError, error, QStringLiteral("%1: %2").arg(what, nativeErrorText(error))};
    };
    if (sys::signalPipe(m_pipe) == -1)
        return failure(QStringLiteral("a pipe for signals"), errno);
    m_stop = false;
    const auto run = [](void *table) -> void * {
        static_cast<SignalTable *>(table)->readUntilStopped();
        return nullptr;
    };
    if (const int error = sys::startBlockedThread(&m_thread, run, this); error != 0) {
        closePipe();
        return failure(QStringLiteral("a thread for signals"), error);
    }
    m_isReading = true;
    SignalHandler::open(m_pipe[1]);
    return {};
}

void SignalTable::stopReader()
{
    if (!m_isReading)
        return;
    const bool isQuiet = SignalHandler::close();
    m_stop = true;
    const SignalRecord look = {}; // no room for it means that the thread is awake
    [[maybe_unused]] const ssize_t written = sys::writeRecord(m_pipe[1], &look, sizeof look);
    sys::joinThread(m_thread);
    if (!isQuiet)
        m_pipe[1] = -1; // somebody may still write: better a descriptor too many than a write into another file
    closePipe();
    m_isReading = false;
}

void SignalTable::closePipe()
{
    for (int &end : m_pipe) {
        if (end != -1)
            sys::close(end);
        end = -1;
    }
}

void SignalTable::readUntilStopped()
{
    SignalRecord records[RecordsAtOnce];
    pollfd pipe = {m_pipe[0], POLLIN, 0};
    SignalQuit &quit = SignalQuit::instance();
    while (!m_stop) {
        int msecs = -1;
        {
            const QMutexLocker locker(&m_mutex);
            msecs = quit.msecsLeft();
        }
        const int ready = sys::poll(&pipe, 1, msecs);
        if (ready == -1 && errno != EINTR)
            return;
        if (ready <= 0) {
            const QMutexLocker locker(&m_mutex);
            quit.timePasses();
            continue;
        }
        const ssize_t size = sys::readRecords(pipe.fd, records, sizeof records);
        const QMutexLocker locker(&m_mutex);
        for (size_t i = 0; i < size_t(std::max<ssize_t>(size, 0)) / sizeof(SignalRecord); ++i) {
            if (records[i].number != 0)
                dispatch(infoOf(records[i]));
        }
        if (SignalHandler::takeAnyPending())
            dispatchPending();
    }
}

void SignalTable::dispatch(const SignalInfo &info)
{
    Entry &entry = m_entries[size_t(info.number())];
    const auto removed = std::erase_if(entry.registrations, [&info](const Registration &registration) {
        return !registration.sink->signalArrived(info);
    });
    if (removed > 0)
        restoreIfUnused(entry, info.number());
}

void SignalTable::dispatchPending()
{
    for (int number = 1; number <= SignalHandler::Highest; ++number) {
        if (SignalHandler::takePending(number))
            dispatch(SignalInfo(number));
        if (const quint32 lost = SignalHandler::takeLost(number); lost > 0) {
            for (const Registration &registration : m_entries[size_t(number)].registrations)
                registration.sink->signalsLost(number, lost);
        }
    }
}

} // namespace InterprocessQt
