// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NOTIFIERSET_P_H
#define INTERPROCESSQT_NOTIFIERSET_P_H

#include <QtCore/qglobal.h>
#include <QtCore/qsocketnotifier.h>

#include <array>
#include <functional>
#include <unordered_map>
#include <vector>

#include <poll.h>

namespace InterprocessQt
{
class EpollSet;

/*
 * The socket notifiers of one thread, in an epoll set that others use, too.
 *
 * A set of epoll belongs to open files and not to descriptors: one that is closed while a notifier for it is enabled, against
 * the rules, goes on to be reported if another process or descriptor has the file as well, and cannot be taken out any more:
 * knows() says no, and only a new set helps.
 */
class NotifierSet
{
public:
    // Asks who else has descriptors in the set to leave the place of one to the notifiers; false if nobody has it.
    using Yield = std::function<bool(int fd)>;

    NotifierSet(EpollSet &set, Yield yield)
        : m_set(set)
        , m_yield(std::move(yield))
    {
    }
    Q_DISABLE_COPY_MOVE(NotifierSet)

    void add(QSocketNotifier *notifier);
    void remove(QSocketNotifier *notifier);
    // Puts all of them into a new set.
    void addAllAnew();
    // Somebody else has put another file of this number into the set: what was in it for notifiers is no more.
    void displaced(int fd);

    // Asked as long as no slot has run since epoll has told it.
    [[nodiscard]] bool knows(quint64 key) const noexcept;
    // What epoll has said is told up to the next round, that of an event loop in a slot: by then it may have been dealt with,
    // and whoever reads from a blocking descriptor would wait for ever. What has not been is said again.
    [[nodiscard]] quint64 beginRound() noexcept
    {
        return ++m_round;
    }
    [[nodiscard]] bool isLast(quint64 round) const noexcept
    {
        return round == m_round;
    }
    // Sends the events for what epoll has said of a key; returns how many.
    int tell(quint64 key, quint32 events, quint64 round);
    // Sends those of descriptors that are always ready, as regular files are; epoll does not take them.
    int tellAlwaysReady();
    [[nodiscard]] bool hasAlwaysReady() const noexcept
    {
        return m_alwaysReady > 0;
    }
    // What epoll has no room for, to be asked by poll(2) beside the set.
    struct Refused {
        std::vector<pollfd> descriptors;
        std::vector<quint64> keys;
    };
    [[nodiscard]] bool hasRefused() const noexcept
    {
        return m_refused > 0;
    }
    // Of those for which there is none still.
    [[nodiscard]] Refused refused();

    // The uppermost two bits of each key.
    static constexpr quint64 Mark = quint64(1) << 62;

private:
    struct Entry {
        int fd = -1;
        quint32 serial = 0;
        quint32 asked = 0; // events that it is in the set with
        bool isAlwaysReady = false;
        bool isRefused = false;
        std::array<QSocketNotifier *, 3> notifiers = {}; // by type
    };
    [[nodiscard]] static quint32 eventsOf(const Entry &entry);
    [[nodiscard]] quint64 keyOf(quint32 index) const noexcept;
    void update(quint32 index);
    void setRefused(Entry &entry, bool refused, int error = 0);
    int send(quint32 index, quint32 events, quint64 round);

    EpollSet &m_set;
    const Yield m_yield;
    std::vector<Entry> m_entries;
    std::vector<quint32> m_free;
    std::unordered_map<int, quint32> m_byDescriptor;
    int m_alwaysReady = 0;
    int m_refused = 0;
    quint64 m_round = 0;
};

} // namespace InterprocessQt

#endif
