// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_INTERRUPT_H
#define TOUR_INTERRUPT_H

#include <memory>

namespace InterprocessQt
{
class LocalSocket;
}

// As long as it lives, Ctrl-C, a request to terminate and a closed terminal end the event loop in order: destructors run,
// and no name of a socket is left behind. The exit code is what shells expect: 128 and the number of the signal.
class InterruptWatch
{
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch &) = delete;
    InterruptWatch &operator=(const InterruptWatch &) = delete;

    // Whether it has happened.
    [[nodiscard]] static bool isInterrupted();

private:
    std::unique_ptr<InterprocessQt::LocalSocket> m_handlersEnd;
    std::unique_ptr<InterprocessQt::LocalSocket> m_ourEnd;
};

#endif
