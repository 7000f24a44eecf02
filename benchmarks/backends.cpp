// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"

namespace Bench
{

const std::vector<BackendInfo> &backends()
{
    static const std::vector<BackendInfo> all = {
        {QStringLiteral("interprocessqt"),
         QStringLiteral("InterprocessQt"),
         [] {
             return makeInterprocessQtBackend(Reading::Copy);
         }},
        {QStringLiteral("interprocessqt-view"),
         QStringLiteral("… by view()"),
         [] {
             return makeInterprocessQtBackend(Reading::View);
         }},
        {QStringLiteral("interprocessqt-loop"), QStringLiteral("… own loop"), makeOwnLoopBackend},
        {QStringLiteral("qlocalsocket"), QStringLiteral("QLocalSocket"), makeQLocalSocketBackend},
        {QStringLiteral("epoll"),
         QStringLiteral("epoll"),
         [] {
             return makeEpollBackend(Writing::Gathered);
         }},
        {QStringLiteral("epoll-tuned"),
         QStringLiteral("… tuned"),
         [] {
             return makeEpollBackend(Writing::Tuned);
         }},
        {QStringLiteral("epoll-single"),
         QStringLiteral("… 1 by 1"),
         [] {
             return makeEpollBackend(Writing::Single);
         }},
#if BENCHMARK_LIBUV
        {QStringLiteral("libuv"), QStringLiteral("libuv"), makeLibuvBackend},
#endif
#if BENCHMARK_ASIO
        {QStringLiteral("asio"), QStringLiteral("Asio"), makeAsioBackend},
#endif
        {QStringLiteral("pipe"), QStringLiteral("InterprocessQt"), makePipeBackend},
        {QStringLiteral("pipe-raw"), QStringLiteral("read/write"), makeRawPipeBackend},
        {QStringLiteral("pipe-qprocess"), QStringLiteral("QProcess"), makeQProcessBackend},
#if BENCHMARK_SIGNALS
        {QStringLiteral("signalwatcher"), QStringLiteral("SignalWatcher"), makeSignalWatcherBackend},
        {QStringLiteral("selfpipe"), QStringLiteral("self-pipe"), makeSelfPipeBackend},
        {QStringLiteral("signalfd"), QStringLiteral("signalfd"), makeSignalFdBackend},
#endif
    };
    return all;
}

std::unique_ptr<Backend> makeBackend(const QString &id)
{
    for (const BackendInfo &backend : backends()) {
        if (backend.id == id)
            return backend.make();
    }
    return {};
}

QString backendTitle(const QString &id)
{
    for (const BackendInfo &backend : backends()) {
        if (backend.id == id)
            return backend.title;
    }
    return id;
}

} // namespace Bench
