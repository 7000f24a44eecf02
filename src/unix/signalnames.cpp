// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signal/signalsink_p.h"
#include "signalhandler_p.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

// Which signals this system has. Names as in signal(7), each with all of its numbers' other names after the usual one.
namespace InterprocessQt::SignalPlatform
{

namespace
{
struct Name {
    const char *name;
    int number;
};

constexpr Name Names[] = {
    {"HUP", SIGHUP},       {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ILL", SIGILL},       {"TRAP", SIGTRAP},   {"ABRT", SIGABRT},
    {"BUS", SIGBUS},       {"FPE", SIGFPE},   {"KILL", SIGKILL}, {"USR1", SIGUSR1},     {"SEGV", SIGSEGV},   {"USR2", SIGUSR2},
    {"PIPE", SIGPIPE},     {"ALRM", SIGALRM}, {"TERM", SIGTERM}, {"CHLD", SIGCHLD},     {"CONT", SIGCONT},   {"STOP", SIGSTOP},
    {"TSTP", SIGTSTP},     {"TTIN", SIGTTIN}, {"TTOU", SIGTTOU}, {"URG", SIGURG},       {"XCPU", SIGXCPU},   {"XFSZ", SIGXFSZ},
    {"PROF", SIGPROF},     {"SYS", SIGSYS},   {"IOT", SIGABRT},  {"VTALRM", SIGVTALRM}, {"WINCH", SIGWINCH},
#if defined(SIGIO)
    {"IO", SIGIO},
#endif
#if defined(SIGPOLL)
    {"POLL", SIGPOLL},
#endif
#if defined(SIGPWR)
    {"PWR", SIGPWR},
#endif
#if defined(SIGSTKFLT)
    {"STKFLT", SIGSTKFLT},
#endif
#if defined(SIGEMT)
    {"EMT", SIGEMT},
#endif
#if defined(SIGINFO)
    {"INFO", SIGINFO},
#endif
#if defined(SIGLOST)
    {"LOST", SIGLOST},
#endif
    {"CLD", SIGCHLD},
};
} // namespace

QString nameOf(int number)
{
    for (const Name &entry : Names) {
        if (entry.number == number)
            return QString(QLatin1String("SIG") + QLatin1String(entry.name));
    }
    return {};
}

int numberOf(const QString &upperCaseName)
{
    const QStringView wanted = QStringView(upperCaseName).mid(upperCaseName.startsWith(QLatin1String("SIG")) ? 3 : 0);
    for (const Name &entry : Names) {
        if (wanted == QLatin1String(entry.name))
            return entry.number;
    }
    return -1;
}

// The C library keeps some of the kernel's for itself: what is left is known at run time only (signal(7)).
int realTimeMinimum()
{
#if defined(SIGRTMIN)
    return SIGRTMIN;
#else
    return -1;
#endif
}

int realTimeMaximum()
{
#if defined(SIGRTMAX)
    return std::min(SIGRTMAX, SignalHandler::Highest);
#else
    return -1;
#endif
}

int highest()
{
    int number = realTimeMaximum();
    for (const Name &entry : Names)
        number = std::max(number, entry.number);
    return number;
}

bool isValid(int number)
{
    if (realTimeMinimum() > 0 && number >= realTimeMinimum() && number <= realTimeMaximum())
        return true;
    return std::any_of(std::begin(Names), std::end(Names), [number](const Name &entry) {
        return entry.number == number;
    });
}

bool isFault(int number)
{
    return SignalHandler::isFault(number);
}

bool mayBeWatched(int number, bool)
{
    return number != SIGKILL && number != SIGSTOP;
}

SignalWatcher::Options optionsFor(int, SignalWatcher::Options asked)
{
    return asked;
}

QList<int> terminationSignals()
{
    return {SIGHUP, SIGINT, SIGTERM};
}

bool isHangUp(int number)
{
    return number == SIGHUP;
}

bool staysIgnored(int number)
{
    return number == SIGHUP || number == SIGINT || number == SIGQUIT;
}

int invalidCode()
{
    return EINVAL;
}

int busyCode()
{
    return EBUSY;
}

} // namespace InterprocessQt::SignalPlatform
