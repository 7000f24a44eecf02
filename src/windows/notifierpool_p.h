// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NOTIFIERPOOL_P_H
#define INTERPROCESSQT_NOTIFIERPOOL_P_H

#include <memory>
#include <qt_windows.h>
#include <vector>

class QWinEventNotifier;

namespace InterprocessQt
{

/*
 * The QWinEventNotifiers of a thread, which are used again, and go to other threads when it ends. None is ever deleted.
 *
 * Deleting is not safe everywhere: Wine may run the callback of a wait after SetThreadpoolWait() has taken that back
 * and WaitForThreadpoolWaitCallbacks() has returned (its thread that waits has seen the event before, and asks only whether the wait
 * has been closed), and then posts an event to a notifier that is gone, also that of a thread which ended a moment ago. One that
 * is left is off, or watches something else by then and tells of it once too often, which whoever uses it has to bear.
 */
class NotifierPool
{
public:
    static NotifierPool &ofThread();
    NotifierPool() = default;
    ~NotifierPool(); // in the thread itself: also those that are still used somewhere have to be switched off there
    NotifierPool(const NotifierPool &) = delete;
    NotifierPool &operator=(const NotifierPool &) = delete;

    // One for the event, switched off and connected to nothing. It is the pool's, as long as that is there.
    [[nodiscard]] QWinEventNotifier *take(HANDLE event);
    void giveBack(QWinEventNotifier *notifier);
    [[nodiscard]] std::weak_ptr<void> life() const
    {
        return m_life;
    }

private:
    std::shared_ptr<void> m_life = std::make_shared<char>();
    std::vector<QWinEventNotifier *> m_all;
    std::vector<QWinEventNotifier *> m_free;
};

} // namespace InterprocessQt

#endif
