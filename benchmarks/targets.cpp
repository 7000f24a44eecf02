// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "targets.h"

#include "plan.h"

namespace Bench
{

namespace
{

struct Target {
    const char *text;
    const char *row;
    const char *ours;
    const char *otherRow; // null: the same; "" : no other, the figure itself counts
    const char *theirs;
    double bound;
    bool atMost = false;
};

constexpr const char *Read = "interprocessqt";
constexpr const char *View = "interprocessqt-view";
constexpr const char *OwnLoop = "interprocessqt-loop";
constexpr const char *Epoll = "epoll";
constexpr const char *Tuned = "epoll-tuned";
constexpr const char *Qt = "qlocalsocket";
constexpr const char *Libuv = "libuv";
constexpr const char *Asio = "asio";

constexpr Target Targets[] = {
    {"round trip, 64 B: of epoll", "roundtrip-64", Read, nullptr, Epoll, 0.85},
    {"round trip, 64 B: of QLocalSocket", "roundtrip-64", Read, nullptr, Qt, 1.65},
    {"round trip, 4 KiB: of epoll", "roundtrip-4096", Read, nullptr, Epoll, 0.85},
    {"round trip, 64 KiB: of epoll", "roundtrip-65536", Read, nullptr, Epoll, 0.9},
    {"round trip, 64 B, EventDispatcher: of epoll", "roundtrip-64", OwnLoop, nullptr, Epoll, 0.95},
    {"round trip, 64 B, EventDispatcher: of libuv", "roundtrip-64", OwnLoop, nullptr, Libuv, 1},
    {"pipelined by read(): of QLocalSocket", "pipelined", Read, nullptr, Qt, 1.8},
    {"pipelined by view(): of QLocalSocket", "pipelined", View, nullptr, Qt, 2.4},
    {"pipelined by view(): of libuv", "pipelined", View, nullptr, Libuv, 1},
    {"pipelined by view(): of Asio", "pipelined", View, nullptr, Asio, 1},
    {"one way, 64 KiB, by view(): of epoll (not tuned)", "stream-65536", View, nullptr, Epoll, 1.05},
    {"one way, 64 KiB, by view(): of QLocalSocket", "stream-65536", View, nullptr, Qt, 1.7},
    {"one way, 64 KiB, split, by view(): of libuv", "stream-65536-split", View, nullptr, Libuv, 1},
    {"one way, 64 KiB, split, by view(): of QLocalSocket", "stream-65536-split", View, nullptr, Qt, 5},
    {"one way, 1 KiB, by view(): of tuned epoll", "stream-1024", View, nullptr, Tuned, 0.9},
    {"one way, 1 KiB, by view(): of QLocalSocket", "stream-1024", View, nullptr, Qt, 1.9},
    {"one way, 1 KiB, split, by view(): of QLocalSocket", "stream-1024-split", View, nullptr, Qt, 4.5},
    {"pipe, one way, 64 KiB, by view(): of read/write", "pipe-stream-65536", "pipe", nullptr, "pipe-raw", 0.95},
    {"round trip beside 10,000 idle: of that beside 1", "idle-10000", Read, "idle-1", Read, 0.9},
    {"setting up 10,000 connections: of epoll", "setup", Read, nullptr, Epoll, 0.9},
    {"heap for a connection, bytes", "heap", Read, "", nullptr, 1200, true},
    {"connect, a byte each way, close: of epoll", "cycle", Read, nullptr, Epoll, 0.8},
    {"connect, a byte each way, close: of QLocalSocket", "cycle", Read, nullptr, Qt, 1.4},
    {"signal to slot, time: of a self-pipe", "signal", "selfpipe", nullptr, "signalwatcher", 1.2, true},
    {"system calls of a round trip", "calls-roundtrip", Read, "", nullptr, 6, true},
    {"system calls of a round trip beside 100 idle", "calls-idle", Read, "", nullptr, 8, true},
    {"system calls of 1,000 messages in flight", "calls-pipelined", Read, "", nullptr, 8, true},
};

// What a few calls around a measurement, timers and signals among them, may add to a count.
constexpr double CallTolerance = 0.25;

} // namespace

QList<Verdict> judge(const Results &results)
{
    QList<Verdict> verdicts;
    for (const Target &target : Targets) {
        const QString row = QLatin1String(target.row);
        const QString ours = QLatin1String(target.ours);
        std::optional<double> value;
        double bound = target.bound;
        if (!target.theirs) {
            value = results.median(row, ours);
            if (row.startsWith(QLatin1String("calls")))
                bound += CallTolerance;
        } else {
            value = results.ratio(row, ours, target.otherRow ? QLatin1String(target.otherRow) : row, QLatin1String(target.theirs));
        }
        if (value)
            verdicts.append({QString::fromUtf8(target.text), *value, bound, target.atMost});
    }
    return verdicts;
}

} // namespace Bench
