// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef CURRENTHANDLER_H
#define CURRENTHANDLER_H

#include <QtGlobal>

#include <csignal>

using PlainHandler = void (*)(int);

// What is installed for a signal, left as it is.
inline PlainHandler currentHandler(int number)
{
#if defined(Q_OS_WIN)
    // Told only when something else is installed.
    const PlainHandler handler = std::signal(number, SIG_IGN);
    std::signal(number, handler);
    return handler;
#else
    struct sigaction action;
    sigaction(number, nullptr, &action);
    return action.sa_flags & SA_SIGINFO ? reinterpret_cast<PlainHandler>(reinterpret_cast<void *>(action.sa_sigaction)) : action.sa_handler;
#endif
}

#endif
