// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_p.h"

#include <cerrno>
#include <fcntl.h>

namespace InterprocessQt::sys
{

int mkfifo(const char *path, mode_t mode)
{
    return ::mkfifo(path, mode);
}

int openFifo(const char *path, int accessMode)
{
    // It does not wait, but file systems of the network and of other processes may. O_NOCTTY: should the name lead to a
    // terminal by now.
    int fd;
    do
        fd = ::open(path, accessMode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    while (fd == -1 && errno == EINTR);
    return fd;
}

int stat(const char *path, struct stat *status)
{
    return ::stat(path, status);
}

} // namespace InterprocessQt::sys
