// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_GROWINGTIMER_P_H
#define INTERPROCESSQT_GROWINGTIMER_P_H

#include "stream/lifeguard_p.h"

#include <QtCore/qdeadlinetimer.h>

#include <chrono>

class QTimer;

namespace InterprocessQt
{

/*
 * For what the system does not tell of: looks after it soon at first, and then less and less often.
 *
 * In the event loop of the thread in which it is started, or in sleep() without one.
 */
class GrowingTimer : public Life
{
public:
    class Client
    {
    public:
        // May destroy the timer.
        virtual void lookAgain() = 0;

    protected:
        ~Client() = default;
    };
    explicit GrowingTimer(Client &client)
        : m_client(client)
    {
    }
    ~GrowingTimer()
    {
        stop();
    }
    Q_DISABLE_COPY_MOVE(GrowingTimer)

    void reset(QDeadlineTimer until = QDeadlineTimer(QDeadlineTimer::Forever)); // soon again
    bool start(); // false: the thread has no event loop (yet)
    void stop();
    // Sleeps until it is time to look again, or the deadline is over.
    void sleep(QDeadlineTimer deadline);
    [[nodiscard]] bool hasExpired() const
    {
        return m_until.hasExpired();
    }

private:
    [[nodiscard]] std::chrono::milliseconds next();

    Client &m_client;
    QTimer *m_timer = nullptr;
    QDeadlineTimer m_until = QDeadlineTimer(QDeadlineTimer::Forever);
    std::chrono::milliseconds m_step{1};
    bool m_looking = false;
};

} // namespace InterprocessQt

#endif
