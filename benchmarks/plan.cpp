// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "plan.h"

#include "backend.h"

#include <algorithm>

namespace Bench
{

namespace
{

QString sizeText(int bytes)
{
    return bytes < 1024 ? QStringLiteral("%1 B").arg(bytes) : QStringLiteral("%1 KiB").arg(bytes / 1024);
}

// A process has some descriptors besides those of the connections.
constexpr int OtherDescriptors = 64;
// From here on QLocalSocket takes seconds for one measurement.
constexpr int SlowForQt = 5'000;

class Planner
{
public:
    explicit Planner(const Wishes &wishes)
        : m_wishes(wishes)
    {
        const bool smoke = wishes.extent == Extent::Smoke;
        const bool full = wishes.extent == Extent::Full;
        m_millis = wishes.millis > 0 ? wishes.millis : smoke ? 3 : full ? 200 : 60;
        m_plan.rounds = wishes.rounds > 0 ? wishes.rounds : smoke ? 1 : full ? 9 : 3;
    }

    Plan make()
    {
        for (const int size : {64, 4096, 65536})
            exchange(QStringLiteral("roundtrip"),
                     QStringLiteral("round trips, %1").arg(sizeText(size)),
                     size,
                     1,
                     Unit::PerSecond,
                     mainBackends() + QStringList{ownLoop});
        exchange(QStringLiteral("pipelined"),
                 QStringLiteral("64 B messages, 1,000 in flight"),
                 64,
                 1000,
                 Unit::MillionsPerSecond,
                 mainBackends() + QStringList{view, single});
        for (const int size : {65536, 1024})
            stream(size);
        pipes();
        idle();
        cycle();
        signal();
        calls();
        return std::move(m_plan);
    }

private:
    static inline const QString view = QStringLiteral("interprocessqt-view");
    static inline const QString ownLoop = QStringLiteral("interprocessqt-loop");
    static inline const QString tuned = QStringLiteral("epoll-tuned");
    static inline const QString single = QStringLiteral("epoll-single");
    static inline const QString qt = QStringLiteral("qlocalsocket");

    [[nodiscard]] static QStringList mainBackends()
    {
        return {QStringLiteral("interprocessqt"), qt, QStringLiteral("epoll"), QStringLiteral("libuv"), QStringLiteral("asio")};
    }

    [[nodiscard]] bool isWanted(const QString &group, const QString &id) const
    {
        if (m_wishes.only.isEmpty())
            return true;
        return std::any_of(m_wishes.only.begin(), m_wishes.only.end(), [&](const QString &wish) {
            return groupNames().contains(wish) ? wish == group : id.startsWith(wish);
        });
    }

    // Keeps the order in which the backends are known, and those that were built in and asked for.
    [[nodiscard]] QStringList available(const QStringList &candidates) const
    {
        QStringList result;
        for (const BackendInfo &backend : backends()) {
            if (candidates.contains(backend.id) && (m_wishes.backends.isEmpty() || m_wishes.backends.contains(backend.id)))
                result.append(backend.id);
        }
        return result;
    }

    void add(const QString &group, Measurement measurement, const QStringList &candidates)
    {
        if (!isWanted(group, measurement.row.id))
            return;
        measurement.backends = available(candidates);
        if (measurement.job.count == 0)
            measurement.job.millis = m_millis;
        m_plan.measurements.append(measurement);
    }

    // With both processes on one CPU, and with a CPU for each.
    void addBoth(const QString &group, Measurement measurement, const QStringList &candidates)
    {
        add(group, measurement, candidates);
        measurement.row.id += QStringLiteral("-split");
        measurement.row.split = true;
        if (m_wishes.extent == Extent::Smoke || !isWanted(group, measurement.row.id))
            return;
        if (m_wishes.cpus > 1)
            add(group, measurement, candidates);
        else if (!std::exchange(m_saidOneCpu, true))
            m_plan.notes.append(QStringLiteral("One CPU only: nothing is measured with a CPU for each process."));
    }

    void exchange(const QString &group, const QString &title, int size, int window, Unit unit, const QStringList &candidates)
    {
        Measurement measurement;
        measurement.row = {window > 1 ? group : QStringLiteral("%1-%2").arg(group).arg(size), title, unit};
        measurement.job.size = size;
        measurement.job.window = window;
        addBoth(group, measurement, candidates);
    }

    void stream(int size)
    {
        Measurement measurement;
        measurement.row = {QStringLiteral("stream-%1").arg(size), QStringLiteral("one way, %1 writes").arg(sizeText(size)), Unit::GigabytesPerSecond};
        measurement.job.kind = Job::Kind::Stream;
        measurement.job.size = size;
        QStringList candidates = mainBackends() + QStringList{view, tuned};
        if (size < 65536)
            candidates.append(single);
        addBoth(QStringLiteral("stream"), measurement, candidates);
    }

    void pipes()
    {
        const QString group = QStringLiteral("pipe");
        const QStringList candidates{group, QStringLiteral("pipe-raw"), QStringLiteral("pipe-qprocess")};
        Measurement roundTrip;
        roundTrip.row = {QStringLiteral("pipe-roundtrip-64"), QStringLiteral("round trips, 64 B"), Unit::PerSecond};
        addBoth(group, roundTrip, candidates);
        for (const int size : {65536, 1024}) {
            Measurement measurement;
            measurement.row = {QStringLiteral("pipe-stream-%1").arg(size), QStringLiteral("one way, %1 writes").arg(sizeText(size)), Unit::GigabytesPerSecond};
            measurement.job.kind = Job::Kind::Stream;
            measurement.job.size = size;
            addBoth(group, measurement, candidates);
        }
    }

    void idle()
    {
        const QList<int> counts = m_wishes.extent == Extent::Smoke ? QList<int>{1, 20} : QList<int>{1, 10, 100, 1'000, 10'000};
        for (const int count : counts) {
            if (count + OtherDescriptors > m_wishes.descriptors) {
                m_plan.notes.append(
                    QStringLiteral("A process may have %1 descriptors here: %2 connections are left out (ulimit -n).").arg(m_wishes.descriptors).arg(count));
                continue;
            }
            Measurement measurement;
            measurement.row = {QStringLiteral("idle-%1").arg(count), QStringLiteral("round trips beside %L1 idle").arg(count), Unit::PerSecond};
            measurement.job.idle = count;
            if (count >= SlowForQt && m_wishes.extent != Extent::Full)
                measurement.onceOnly.insert(qt);
            add(QStringLiteral("idle"), measurement, mainBackends() + QStringList{ownLoop});
        }
        // The largest also tells what so many connections cost.
        auto &all = m_plan.measurements;
        if (!all.isEmpty() && all.last().job.idle > 0)
            all.last().reportsSetup = true;
    }

    void cycle()
    {
        Measurement measurement;
        measurement.row = {QStringLiteral("cycle"), QStringLiteral("connect, a byte each way, close"), Unit::PerSecond};
        measurement.job.kind = Job::Kind::Cycle;
        add(QStringLiteral("cycle"), measurement, mainBackends() + QStringList{ownLoop});
    }

    // What takes time is the same for all of them: kill(2), and an event loop that wakes up.
    void signal()
    {
        const QStringList ways = {QStringLiteral("signalwatcher"), QStringLiteral("selfpipe"), QStringLiteral("signalfd")};
        if (available(ways).isEmpty())
            return;
        Measurement measurement;
        measurement.row = {QStringLiteral("signal"), QStringLiteral("a signal there, one back")};
        measurement.job.kind = Job::Kind::Signal;
        addBoth(QStringLiteral("signal"), measurement, ways);
    }

    void calls()
    {
        const QString group = QStringLiteral("calls");
        if (m_wishes.extent == Extent::Smoke || !isWanted(group, group))
            return;
        if (!m_wishes.canTrace) {
            m_plan.notes.append(QStringLiteral("strace is not installed: system calls are not counted."));
            return;
        }
        addCalls(QStringLiteral("calls-roundtrip"), QStringLiteral("system calls, a round trip"), 1, 0, 100, 500);
        addCalls(QStringLiteral("calls-idle"), QStringLiteral("… beside 100 idle"), 1, 100, 200, 500);
        addCalls(QStringLiteral("calls-pipelined"), QStringLiteral("… 1,000 messages in flight"), 1000, 0, 4, 12);
        addCalls(QStringLiteral("calls-cycle"), QStringLiteral("… connect, a byte each way, close"), 1, 0, 50, 150, Job::Kind::Cycle);
    }

    void addCalls(const QString &id, const QString &title, int window, int idle, qint64 fewer, qint64 more, Job::Kind kind = Job::Kind::Exchange)
    {
        Measurement measurement;
        measurement.row = {id, title, Unit::Calls};
        measurement.job.kind = kind;
        measurement.job.window = window;
        measurement.job.idle = idle;
        measurement.job.count = more;
        measurement.fewer = fewer;
        QStringList candidates = mainBackends();
        if (window > 1)
            candidates += QStringList{view, single};
        measurement.onceOnly = QSet<QString>(candidates.begin(), candidates.end());
        add(QStringLiteral("calls"), measurement, candidates);
    }

    const Wishes &m_wishes;
    Plan m_plan;
    int m_millis;
    bool m_saidOneCpu = false;
};

} // namespace

QStringList groupNames()
{
    return {QStringLiteral("roundtrip"),
            QStringLiteral("pipelined"),
            QStringLiteral("stream"),
            QStringLiteral("pipe"),
            QStringLiteral("idle"),
            QStringLiteral("cycle"),
            QStringLiteral("signal"),
            QStringLiteral("calls")};
}

Plan makePlan(const Wishes &wishes)
{
    return Planner(wishes).make();
}

} // namespace Bench
