// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FULLTABLE_H
#define FULLTABLE_H

#include "ipctest.h"

#include "rawsocket.h"

#include <sys/resource.h>

#ifdef FULLTABLE_SIMULATED
#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#endif

#include <vector>

#ifdef FULLTABLE_SIMULATED

/*
 * UndefinedBehaviorSanitizer opens a pipe to look at an object that it meets for the first time, and takes it for one of
 * a wrong type if it cannot. With it the table is not really full: the calls of the library that need a descriptor are
 * told so, here, where they arrive before the system's.
 */
class FullTable
{
public:
    FullTable()
    {
        isFull = true;
    }
    ~FullTable()
    {
        isFull = false;
    }
    Q_DISABLE_COPY_MOVE(FullTable)

    void refill()
    {
    }

    static inline bool isFull = false;
};

extern "C" Q_DECL_EXPORT int socket(int domain, int type, int protocol) noexcept
{
    static const auto original = reinterpret_cast<int (*)(int, int, int)>(::dlsym(RTLD_NEXT, "socket"));
    if (!FullTable::isFull)
        return original(domain, type, protocol);
    errno = EMFILE;
    return -1;
}

extern "C" Q_DECL_EXPORT int accept(int fd, sockaddr *address, socklen_t *length)
{
    static const auto original = reinterpret_cast<int (*)(int, sockaddr *, socklen_t *)>(::dlsym(RTLD_NEXT, "accept"));
    if (!FullTable::isFull)
        return original(fd, address, length);
    errno = EMFILE;
    return -1;
}

extern "C" Q_DECL_EXPORT int open(const char *path, int flags, ...)
{
    static const auto original = reinterpret_cast<int (*)(const char *, int, mode_t)>(::dlsym(RTLD_NEXT, "open"));
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (!FullTable::isFull)
        return original(path, flags, mode);
    errno = EMFILE;
    return -1;
}

#ifdef __linux__
extern "C" Q_DECL_EXPORT int pipe2(int *ends, int flags) noexcept
{
    static const auto original = reinterpret_cast<int (*)(int *, int)>(::dlsym(RTLD_NEXT, "pipe2"));
    if (!FullTable::isFull)
        return original(ends, flags);
    errno = EMFILE;
    return -1;
}

extern "C" Q_DECL_EXPORT int accept4(int fd, sockaddr *address, socklen_t *length, int flags)
{
    static const auto original = reinterpret_cast<int (*)(int, sockaddr *, socklen_t *, int)>(::dlsym(RTLD_NEXT, "accept4"));
    if (!FullTable::isFull)
        return original(fd, address, length, flags);
    errno = EMFILE;
    return -1;
}
#endif

#else

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
        refill();
    }
    ~FullTable()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }
    Q_DISABLE_COPY_MOVE(FullTable)

    // After something has been closed.
    void refill()
    {
        for (;;) {
            Raw::NativeHandle filler = Raw::socket();
            if (!filler)
                break;
            m_fillers.push_back(std::move(filler));
        }
    }

private:
    rlimit m_before = {};
    std::vector<Raw::NativeHandle> m_fillers;
};

#endif

#endif
