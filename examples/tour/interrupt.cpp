// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "interrupt.h"

#include <InterprocessQt/LocalSocket>

#include <QCoreApplication>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <tuple>
#include <unistd.h>

using namespace InterprocessQt;

namespace
{
constexpr int Signals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<int> caughtSignal = 0;
std::atomic<int> wakeUpDescriptor = -1;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");
} // namespace

// Next to nothing may be called in a signal handler, and nothing of Qt. Writing a byte is allowed: it arrives at the
// other end of a pair of sockets, where the event loop finds it as it finds everything else.
extern "C" {
static void handleSignal(int number)
{
    const int savedErrno = errno;
    caughtSignal = number;
    const char byte = 0;
    [[maybe_unused]] const auto written = write(wakeUpDescriptor, &byte, 1);
    errno = savedErrno;
}
}

InterruptWatch::InterruptWatch()
{
    std::tie(m_handlersEnd, m_ourEnd) = LocalSocket::pair();
    wakeUpDescriptor = int(m_handlersEnd->socketDescriptor());
    QObject::connect(m_ourEnd.get(), &LocalSocket::readyRead, qApp, [] {
        QCoreApplication::exit(128 + caughtSignal);
    });
    for (const int number : Signals)
        std::signal(number, handleSignal);
}

InterruptWatch::~InterruptWatch()
{
    for (const int number : Signals)
        std::signal(number, SIG_DFL);
    wakeUpDescriptor = -1;
}

bool InterruptWatch::isInterrupted()
{
    return caughtSignal != 0;
}
