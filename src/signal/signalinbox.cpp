// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalinbox_p.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>

namespace InterprocessQt
{

class SignalInbox::WakeEvent : public QEvent
{
public:
    explicit WakeEvent(std::shared_ptr<SignalInbox> inbox)
        : QEvent(SignalReceiver::wakeType())
        , m_inbox(std::move(inbox))
    {
    }
    ~WakeEvent() override
    {
        opened();
    }
    Q_DISABLE_COPY_MOVE(WakeEvent)

    void opened()
    {
        if (m_inbox)
            m_inbox->m_posted = false;
        m_inbox.reset();
    }

private:
    std::shared_ptr<SignalInbox> m_inbox;
};

QEvent::Type SignalReceiver::wakeType()
{
    static const auto type = QEvent::Type(QEvent::registerEventType());
    return type;
}

bool SignalInbox::isWakeEvent(const QEvent *event)
{
    return dynamic_cast<const WakeEvent *>(event) != nullptr;
}

void SignalInbox::opened(QEvent *event)
{
    static_cast<WakeEvent *>(event)->opened();
}

void SignalInbox::wake()
{
    if (m_receiver && !m_posted.exchange(true))
        QCoreApplication::postEvent(m_receiver, new WakeEvent(shared_from_this()));
}

bool SignalInbox::signalArrived(const SignalInfo &info)
{
    const QMutexLocker locker(&m_mutex);
    const auto state = m_accepted.find(info.number());
    if (state == m_accepted.end() || state->spent || !m_receiver)
        return true;
    if (m_waiting.size() >= Limit) {
        if (SignalPlatform::realTimeMinimum() > 0 && info.number() >= SignalPlatform::realTimeMinimum()) {
            ++state->lost;
            m_anyLost = true;
            return true;
        }
        if (state->waiting > 0)
            return true;
    }
    ++state->waiting;
    state->spent = state->oneShot;
    m_waiting.push_back(info);
    wake();
    return !state->spent;
}

void SignalInbox::signalsLost(int number, quint64 count)
{
    const QMutexLocker locker(&m_mutex);
    const auto state = m_accepted.find(number);
    if (state == m_accepted.end() || state->spent)
        return;
    state->lost += count;
    m_anyLost = true;
    wake();
}

void SignalInbox::applicationStarted()
{
    const QMutexLocker locker(&m_mutex);
    if (!m_waiting.empty() || m_anyLost)
        wake();
}

bool SignalInbox::take(Item &item, bool &isLast)
{
    const QMutexLocker locker(&m_mutex);
    if (!m_waiting.empty()) {
        item = {m_waiting.front()};
        m_waiting.pop_front();
        if (const auto state = m_accepted.find(item.info.number()); state != m_accepted.end())
            --state->waiting;
        isLast = m_waiting.empty() && !m_anyLost;
        return true;
    }
    for (auto state = m_accepted.begin(); m_anyLost && state != m_accepted.end(); ++state) {
        if (state->lost > 0) {
            item = {SignalInfo(state.key()), std::exchange(state->lost, 0)};
            isLast = false; // maybe
            return true;
        }
    }
    m_anyLost = false;
    return false;
}

void SignalInbox::accept(int number, bool oneShot)
{
    const QMutexLocker locker(&m_mutex);
    State &state = m_accepted[number];
    state.oneShot = oneShot;
    state.spent = false;
}

void SignalInbox::forget(int number)
{
    const QMutexLocker locker(&m_mutex);
    if (m_accepted.remove(number)) {
        m_waiting.erase(std::remove_if(m_waiting.begin(),
                                       m_waiting.end(),
                                       [number](const SignalInfo &info) {
                                           return info.number() == number;
                                       }),
                        m_waiting.end());
    }
}

void SignalInbox::close()
{
    const QMutexLocker locker(&m_mutex);
    m_receiver = nullptr;
    m_waiting.clear();
}

// ---- SignalInboxReceiver

SignalInboxReceiver::~SignalInboxReceiver()
{
    m_inbox->close();
    SignalPlatform::removeAll(m_inbox.get());
    SignalPlatform::tidyUp();
}

SignalWatcher::Result SignalInboxReceiver::watch(int number, SignalWatcher::Options options)
{
    // Before the first one can arrive
    const auto before = m_watched.constFind(number);
    if (before == m_watched.cend())
        m_inbox->forget(number);
    m_inbox->accept(number, options & SignalWatcher::OneShot);
    const SignalWatcher::Result result = SignalPlatform::add(m_inbox, number, options);
    if (result)
        m_watched.insert(number, options);
    else if (before != m_watched.cend())
        m_inbox->accept(number, *before & SignalWatcher::OneShot);
    else
        m_inbox->forget(number);
    SignalPlatform::tidyUp();
    return result;
}

void SignalInboxReceiver::unwatch(int number)
{
    m_watched.remove(number);
    SignalPlatform::remove(m_inbox.get(), number);
    SignalPlatform::tidyUp();
    m_inbox->forget(number);
}

void SignalInboxReceiver::unwatchAll()
{
    const auto watched = std::exchange(m_watched, {});
    SignalPlatform::removeAll(m_inbox.get());
    SignalPlatform::tidyUp();
    for (auto entry = watched.cbegin(); entry != watched.cend(); ++entry)
        m_inbox->forget(entry.key());
}

bool SignalInboxReceiver::take(Item &item, bool &isLast)
{
    return m_inbox->take(item, isLast);
}

void SignalInboxReceiver::woken(QEvent *event)
{
    SignalInbox::opened(event);
}

} // namespace InterprocessQt
