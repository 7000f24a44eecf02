// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef BENCH_APPLICATION_H
#define BENCH_APPLICATION_H

#include <QCoreApplication>

#include <array>

namespace Bench
{

// The event loop of a worker.
class Application
{
    int m_argc = 1;
    char m_name[5] = "peer";
    std::array<char *, 2> m_argv = {m_name, nullptr};
    QCoreApplication m_app{m_argc, m_argv.data()};
};

} // namespace Bench

#endif
