// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "signalchannel_p.h"

#include "signaltable_p.h"
#include "syscalls_signal_p.h"

#include <QtCore/qsocketnotifier.h>

namespace InterprocessQt
{

class SignalChannel::Notifier : public QSocketNotifier
{
public:
    Notifier(int fd, QObject *watcher, SignalChannel &channel)
        : QSocketNotifier(fd, Read, watcher)
        , m_channel(channel)
    {
    }
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        m_channel.ready(); // this notifier may be gone after it
        return true;
    }

private:
    SignalChannel &m_channel;
};

std::unique_ptr<SignalChannel> SignalChannel::create(QObject *watcher, Client &client)
{
    const int channel = SignalTable::instance().takeChannel(watcher);
    return std::unique_ptr<SignalChannel>(channel == -1 ? nullptr : new SignalChannel(watcher, client, channel));
}

SignalChannel::SignalChannel(QObject *watcher, Client &client, int channel)
    : m_watcher(watcher)
    , m_client(client)
    , m_channel(channel)
{
}

SignalChannel::~SignalChannel()
{
    delete m_notifier; // while its descriptor is open
    SignalTable::instance().closeChannel(m_channel);
    SignalTable::instance().tidyUp();
}

SignalWatcher::Result SignalChannel::watch(int number, SignalWatcher::Options options)
{
    if (SignalWatcher::isRealTime(number)) {
        if (!m_realTime)
            m_realTime = std::make_unique<SignalInboxReceiver>(m_watcher);
        return m_realTime->watch(number, options);
    }
    const SignalWatcher::Result result = SignalTable::instance().addTo(m_channel, number, options);
    if (!m_notifier)
        listen();
    SignalTable::instance().tidyUp();
    return result;
}

void SignalChannel::listen()
{
    const int fd = SignalTable::instance().readingEnd(m_channel);
    if (fd != -1)
        m_notifier = new Notifier(fd, m_watcher, *this);
}

void SignalChannel::unwatch(int number)
{
    if (m_realTime && SignalWatcher::isRealTime(number)) {
        m_realTime->unwatch(number);
        return;
    }
    SignalTable::instance().removeFrom(m_channel, number);
    SignalTable::instance().tidyUp();
}

void SignalChannel::unwatchAll()
{
    if (m_realTime)
        m_realTime->unwatchAll();
    for (int number = 1; number <= SignalHandler::Highest; ++number)
        SignalTable::instance().removeFrom(m_channel, number);
    SignalTable::instance().tidyUp();
}

bool SignalChannel::take(Item &item, bool &isLast)
{
    while (m_next < m_count) {
        const SignalRecord &record = m_records[m_next++];
        if (record.number == 0 || !SignalHandler::isCurrent(m_channel, record))
            continue;
        item = {infoOf(record)};
        isLast = isEmpty() && !m_realTime;
        return true;
    }
    if (!m_noted.empty()) {
        item = {SignalInfo(m_noted.front())};
        m_noted.pop_front();
        isLast = isEmpty() && !m_realTime;
        return true;
    }
    return m_realTime && m_realTime->take(item, isLast);
}

bool SignalChannel::isEmpty() const
{
    return m_next == m_count && m_noted.empty();
}

void SignalChannel::ready()
{
    // A slot that has been called for one of those that were read before may run this event loop.
    if (isEmpty())
        read();
    m_client.signalsArrived();
}

// Only what fits, at one go: if there is more the notifier says so again, after others have had their turn.
void SignalChannel::read()
{
    const ssize_t size = sys::readRecords(int(m_notifier->socket()), m_records.data(), sizeof m_records, sizeof(SignalRecord));
    m_next = 0;
    m_count = size > 0 ? size_t(size) / sizeof(SignalRecord) : 0;
    if (!SignalHandler::takeAnyNoted(m_channel))
        return;
    for (int number = 1; number <= SignalHandler::Highest; ++number) {
        if (SignalHandler::takePending(m_channel, number))
            m_noted.push_back(number);
    }
}

void SignalChannel::woken(QEvent *event)
{
    if (m_realTime && SignalInbox::isWakeEvent(event)) {
        m_realTime->woken(event);
        return;
    }
    // There is an application object again. The notifier was known to the dispatcher of the one before.
    delete std::exchange(m_notifier, nullptr);
    listen();
}

} // namespace InterprocessQt
