// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "notifierset_p.h"

#include "epollset_p.h"
#include "interprocessqt_debug.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>

#include <cerrno>
#include <cstring>

namespace InterprocessQt
{

namespace
{
constexpr quint32 NotifierSerialMask = 0x3fff'ffff;

// What each type of notifier waits for, in the order of QSocketNotifier::Type; and what poll(2) would tell it besides.
constexpr std::array<quint32, 3> Waited = {EPOLLIN, EPOLLOUT, EPOLLPRI};
constexpr quint32 Unasked = EPOLLERR | EPOLLHUP;
} // namespace

quint32 NotifierSet::eventsOf(const Entry &entry)
{
    quint32 events = 0;
    for (size_t type = 0; type < Waited.size(); ++type)
        events |= entry.notifiers[type] ? Waited[type] : 0;
    return events;
}

quint64 NotifierSet::keyOf(quint32 index) const noexcept
{
    return Mark | quint64(m_entries[index].serial & NotifierSerialMask) << 32 | index;
}

void NotifierSet::add(QSocketNotifier *notifier)
{
    const int fd = int(notifier->socket());
    const auto type = size_t(notifier->type());
    const auto [it, isNew] = m_byDescriptor.try_emplace(fd, 0);
    if (isNew) {
        if (m_free.empty()) {
            it->second = quint32(m_entries.size());
            m_entries.emplace_back();
        } else {
            it->second = m_free.back();
            m_free.pop_back();
        }
        m_entries[it->second].fd = fd;
    }
    Entry &entry = m_entries[it->second];
    if (entry.notifiers[type]) {
        qCWarning(INTERPROCESSQT_LOG, "Multiple socket notifiers for the same descriptor %d and type %d", fd, int(type));
        entry.asked = 0; // the descriptor may be a new one of an old number, see update()
    }
    entry.notifiers[type] = notifier;
    update(it->second);
}

void NotifierSet::remove(QSocketNotifier *notifier)
{
    const auto found = m_byDescriptor.find(int(notifier->socket()));
    if (found == m_byDescriptor.end())
        return;
    const quint32 index = found->second;
    Entry &entry = m_entries[index];
    if (entry.notifiers[size_t(notifier->type())] != notifier)
        return; // another one took its place, of which was warned
    entry.notifiers[size_t(notifier->type())] = nullptr;
    update(index);
    if (eventsOf(entry) != 0)
        return;
    m_byDescriptor.erase(found);
    if (entry.isAlwaysReady)
        --m_alwaysReady;
    setRefused(entry, false);
    entry = {-1, entry.serial + 1};
    m_free.push_back(index);
}

void NotifierSet::update(quint32 index)
{
    Entry &entry = m_entries[index];
    const quint32 events = eventsOf(entry);
    if (entry.isAlwaysReady || events == entry.asked)
        return;
    if (events == 0) {
        m_set.remove(entry.fd);
        entry.asked = 0;
        return;
    }
    // The descriptor may be a new one of an old number, closed while a notifier was enabled: then epoll has forgotten it.
    int error = entry.asked != 0 ? m_set.change(entry.fd, keyOf(index), events) : ENOENT;
    if (error == ENOENT)
        error = m_set.add(entry.fd, keyOf(index), events);
    if (error == EEXIST) {
        if (m_yield(entry.fd))
            return update(index); // the other one's notifiers are in the same entry now
        error = m_set.change(entry.fd, keyOf(index), events);
    }
    // The user may have no more in such sets (ENOSPC), or the kernel has no memory (ENOMEM), epoll_ctl(2). Whatever else it may
    // come to say, poll(2) is asked before a notifier is left alone.
    const bool isRefused = error != 0 && error != EPERM && error != EBADF;
    if (isRefused && entry.asked != 0)
        m_set.remove(entry.fd); // or it would be told of what it was in there for, besides
    setRefused(entry, isRefused, error);
    entry.asked = error == 0 ? events : 0;
    if (isRefused)
        return;
    if (error == EPERM) {
        entry.isAlwaysReady = true;
        ++m_alwaysReady;
    } else if (error != 0) {
        qCWarning(INTERPROCESSQT_LOG, "A socket notifier for descriptor %d cannot be enabled: %s", entry.fd, std::strerror(error));
    }
}

void NotifierSet::setRefused(Entry &entry, bool refused, int error)
{
    if (refused == entry.isRefused)
        return;
    entry.isRefused = refused;
    m_refused += refused ? 1 : -1;
    if (refused && m_refused == 1)
        qCWarning(INTERPROCESSQT_LOG, "The set of epoll does not take descriptor %d (%s): poll() watches it, at more cost", entry.fd, std::strerror(error));
}

NotifierSet::Refused NotifierSet::refused()
{
    Refused all;
    for (quint32 index = 0; m_refused > 0 && index < m_entries.size(); ++index) {
        if (m_entries[index].isRefused)
            update(index);
        if (!m_entries[index].isRefused)
            continue;
        all.descriptors.push_back({m_entries[index].fd, short(eventsOf(m_entries[index])), 0});
        all.keys.push_back(keyOf(index));
    }
    return all;
}

void NotifierSet::addAllAnew()
{
    m_alwaysReady = 0;
    for (quint32 index = 0; index < m_entries.size(); ++index) {
        m_entries[index].asked = 0;
        m_entries[index].isAlwaysReady = false;
        setRefused(m_entries[index], false);
        if (m_entries[index].fd != -1)
            update(index);
    }
}

void NotifierSet::displaced(int fd)
{
    if (const auto found = m_byDescriptor.find(fd); found != m_byDescriptor.end())
        m_entries[found->second].asked = 0;
}

bool NotifierSet::knows(quint64 key) const noexcept
{
    const auto index = quint32(key);
    return index < m_entries.size() && m_entries[index].fd != -1 && key == keyOf(index);
}

int NotifierSet::tell(quint64 key, quint32 events, quint64 round)
{
    return knows(key) ? send(quint32(key), events, round) : 0;
}

int NotifierSet::tellAlwaysReady()
{
    int count = 0;
    for (quint32 index = 0; m_alwaysReady > 0 && index < m_entries.size(); ++index) {
        if (m_entries[index].isAlwaysReady)
            count += send(index, EPOLLIN | EPOLLOUT, m_round);
    }
    return count;
}

int NotifierSet::send(quint32 index, quint32 events, quint64 round)
{
    int count = 0;
    const quint64 key = keyOf(index);
    // Urgent data first, for that is what it is. A slot may remove the notifiers, and others may come into the place.
    for (const size_t type : {size_t(QSocketNotifier::Exception), size_t(QSocketNotifier::Read), size_t(QSocketNotifier::Write)}) {
        if (!(events & (Waited[type] | Unasked)) || key != keyOf(index) || !isLast(round))
            continue;
        if (QSocketNotifier *const notifier = m_entries[index].notifiers[type]) {
            QEvent event(QEvent::SockAct);
            QCoreApplication::sendEvent(notifier, &event);
            ++count;
        }
    }
    return count;
}

} // namespace InterprocessQt
