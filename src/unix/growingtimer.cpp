// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "growingtimer_p.h"

#include "pollwait_p.h"
#include "stream/turnqueue_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qtimer.h>

#include <algorithm>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
// Rare enough to cost nothing that can be measured, often enough for a human.
constexpr std::chrono::milliseconds LongestStep = 100ms;
} // namespace

void GrowingTimer::reset(QDeadlineTimer until)
{
    m_until = until;
    m_step = 1ms;
}

std::chrono::milliseconds GrowingTimer::next()
{
    const auto step = std::exchange(m_step, std::min(m_step * 2, LongestStep));
    // Rounded up, so that the last look comes when the time is over.
    return m_until.isForever() ? step : std::min(step, std::chrono::milliseconds(m_until.remainingTime() + 1));
}

bool GrowingTimer::start()
{
    if (m_timer)
        return true;
    if (!QAbstractEventDispatcher::instance())
        return false;
    m_timer = new QTimer;
    m_timer->setSingleShot(true);
    m_timer->setTimerType(Qt::PreciseTimer); // at first it is about milliseconds
    QObject::connect(m_timer, &QTimer::timeout, m_timer, [this] {
        const Guard guard(*this);
        m_looking = true;
        {
            const TurnQueue::Batch batch; // at its end slots are called
            m_client.lookAgain();
        }
        if (!guard.isAlive())
            return; // destroyed or stopped; it may have been started again, even in another thread
        m_looking = false;
        m_timer->start(next());
    });
    m_timer->start(next());
    return true;
}

void GrowingTimer::stop()
{
    QTimer *const timer = std::exchange(m_timer, nullptr);
    if (!timer)
        return;
    timer->stop();
    if (std::exchange(m_looking, false)) {
        timer->deleteLater(); // it is emitting its signal
        cutGuards();
    } else {
        delete timer;
    }
}

void GrowingTimer::sleep(QDeadlineTimer deadline)
{
    static_cast<void>(pollWait(-1, {}, std::min(deadline, QDeadlineTimer(next(), Qt::PreciseTimer))));
}

} // namespace InterprocessQt
