// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_p.h"

#include <sys/syscall.h>

#include <fcntl.h>
#include <unistd.h>

namespace InterprocessQt::sys
{

int keepOnExec(int fd)
{
    const int flags = ::fcntl(fd, F_GETFD);
    return flags == -1 ? -1 : ::fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

void closeAllOnExec()
{
#if defined(__linux__) && defined(SYS_close_range)
    // Not the function of the C library, which glibc has since 2.34 only. The flag is there since Linux 5.11 and part of the
    // kernel's interface (uapi/linux/close_range.h); an older kernel refuses, and changes nothing.
    constexpr unsigned CloseOnExec = 1U << 2;
    ::syscall(SYS_close_range, 3U, ~0U, CloseOnExec);
#endif
}

bool isClosedOnExec(int fd)
{
    const int flags = ::fcntl(fd, F_GETFD);
    return flags != -1 && (flags & FD_CLOEXEC);
}

int makeBlocking(int fd)
{
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags == -1)
        return -1;
    return (flags & O_NONBLOCK) ? ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) : 0;
}

} // namespace InterprocessQt::sys
