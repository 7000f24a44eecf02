// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalchannel_p.h"

#include <csignal>
#include <cstring>

// What the handler has written, as users see it.
namespace InterprocessQt
{

namespace
{
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

} // namespace

SignalInfo infoOf(const SignalRecord &record)
{
    SignalInfo info(record.number);
    union sigval value = {};
    std::memcpy(&value, &record.value, sizeof value);
    const SignalInfo::Code code = codeOf(record.number, record.code);
    info.setCode(code, record.code);
    switch (code) {
    case SignalInfo::Code::ChildExited:
    case SignalInfo::Code::ChildKilled:
    case SignalInfo::Code::ChildDumpedCore:
    case SignalInfo::Code::ChildTrapped:
    case SignalInfo::Code::ChildStopped:
    case SignalInfo::Code::ChildContinued:
        info.setChildStatus(int(record.value));
        info.setSender(record.pid, record.uid);
        break;
    case SignalInfo::Code::Queued:
    case SignalInfo::Code::MessageQueue:
        info.setValue(value.sival_int, reinterpret_cast<quintptr>(value.sival_ptr));
        info.setSender(record.pid, record.uid);
        break;
    case SignalInfo::Code::Sent:
    case SignalInfo::Code::SentToThread:
        info.setSender(record.pid, record.uid);
        break;
    case SignalInfo::Code::Timer:
    case SignalInfo::Code::AsynchronousIo:
        info.setValue(value.sival_int, reinterpret_cast<quintptr>(value.sival_ptr));
        break;
    case SignalInfo::Code::Unknown:
    case SignalInfo::Code::Kernel:
    case SignalInfo::Code::Fault:
        break;
    }
    return info;
}

} // namespace InterprocessQt
