// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FULLTABLE_H
#define FULLTABLE_H

#include "ipctest.h"

#include "rawsocket.h"

#include <sys/resource.h>

#include <vector>

// Uses all descriptors that this process may have, until it is destroyed.
class FullTable
{
public:
    FullTable()
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        // Not the whole table, which may be huge.
        rlimit few = m_before;
        few.rlim_cur = rlim_t(IpcTest::openDescriptors().lastKey()) + 10;
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (;;) {
            Raw::NativeHandle filler = Raw::socket();
            if (!filler)
                break;
            m_fillers.push_back(std::move(filler));
        }
    }
    ~FullTable()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }
    Q_DISABLE_COPY_MOVE(FullTable)

private:
    rlimit m_before = {};
    std::vector<Raw::NativeHandle> m_fillers;
};

#endif
