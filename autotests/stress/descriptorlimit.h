// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DESCRIPTORLIMIT_H
#define DESCRIPTORLIMIT_H

#include <QtGlobal>

#include <sys/resource.h>

// Asks for as many descriptors as the system allows this process; returns how many it may have.
inline int raiseDescriptorLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return int(qMin<quint64>(limit.rlim_cur, 1'000'000));
}

#endif
