// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALQUIT_P_H
#define INTERPROCESSQT_SIGNALQUIT_P_H

#include "signalsink_p.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qmutex.h>

namespace InterprocessQt
{

/*
 * Ends the application when a signal asks for it: in order first, by force if it asks again or the time is over.
 *
 * It lives as long as the process. Whether and when to use force is decided in the platform's thread, where nothing of
 * what the application does or hangs in is waited for.
 */
class SignalQuit : public SignalSink
{
public:
    static SignalQuit &instance();

    SignalWatcher::Result quitOn(const QList<int> &numbers, std::chrono::milliseconds timeout);
    [[nodiscard]] int arrived() const;

    bool signalArrived(const SignalInfo &info) override;
    void signalsLost(int, quint64) override
    {
    }
    // In the thread of the application
    void applicationStarted() override;

    // For the platform's thread: milliseconds until it has to call timePasses(), -1 for never.
    [[nodiscard]] int msecsLeft() const;
    void timePasses();

private:
    class Quitter;
    SignalQuit();
    void makeQuitter();

    mutable QMutex m_mutex;
    Quitter *m_quitter = nullptr;
    QList<int> m_numbers;
    std::chrono::milliseconds m_timeout{0};
    int m_arrived = 0; // the first
    bool m_done = false; // the application has been asked to quit
    QElapsedTimer m_since;
    QDeadlineTimer m_deadline{QDeadlineTimer::Forever};
};

} // namespace InterprocessQt

#endif
