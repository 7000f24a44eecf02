// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "notifierpool_p.h"

#include <QtCore/qmutex.h>
#include <QtCore/qthread.h>
#include <QtCore/qthreadstorage.h>
#include <QtCore/qwineventnotifier.h>

namespace InterprocessQt
{

namespace
{

// Those of threads that have ended. Neither is destroyed: threads may end after the statics.
QMutex &mutexOfHeirless()
{
    static auto *const mutex = new QMutex;
    return *mutex;
}
std::vector<QWinEventNotifier *> &heirless()
{
    static auto *const notifiers = new std::vector<QWinEventNotifier *>;
    return *notifiers;
}

QWinEventNotifier *adopt()
{
    const QMutexLocker lock(&mutexOfHeirless());
    if (heirless().empty())
        return nullptr;
    QWinEventNotifier *const notifier = heirless().back();
    heirless().pop_back();
    notifier->moveToThread(QThread::currentThread()); // allowed, as it belongs to none
    return notifier;
}

} // namespace

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
    m_life.reset();
    const QMutexLocker lock(&mutexOfHeirless());
    for (QWinEventNotifier *const notifier : m_all) {
        notifier->disconnect();
        // Of a thread that Qt has not started another one tells the end, in which there is no more to be done.
        if (notifier->thread() != QThread::currentThread())
            continue;
        notifier->setEnabled(false);
        notifier->moveToThread(nullptr);
        heirless().push_back(notifier);
    }
}

QWinEventNotifier *NotifierPool::take(HANDLE event)
{
    if (m_free.empty()) {
        QWinEventNotifier *const adopted = adopt();
        m_all.push_back(adopted ? adopted : new QWinEventNotifier);
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
