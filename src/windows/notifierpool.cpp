// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "notifierpool_p.h"

#include <QtCore/qthreadstorage.h>
#include <QtCore/qwineventnotifier.h>

namespace InterprocessQt
{

NotifierPool &NotifierPool::ofThread()
{
    // Never destroyed itself, as threads may end after the statics.
    static auto *const pools = new QThreadStorage<NotifierPool *>;
    if (!pools->hasLocalData())
        pools->setLocalData(new NotifierPool);
    return *pools->localData();
}

NotifierPool::~NotifierPool()
{
    qDeleteAll(m_all);
}

QWinEventNotifier *NotifierPool::take(HANDLE event)
{
    if (m_free.empty()) {
        m_all.push_back(new QWinEventNotifier);
        m_free.push_back(m_all.back());
    }
    QWinEventNotifier *const notifier = m_free.back();
    m_free.pop_back();
    notifier->setHandle(event);
    return notifier;
}

void NotifierPool::giveBack(QWinEventNotifier *notifier)
{
    notifier->setEnabled(false);
    notifier->disconnect();
    m_free.push_back(notifier);
}

} // namespace InterprocessQt
