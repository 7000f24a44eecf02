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
    // Not interrupted, as it does not wait. O_NOCTTY: should the name lead to a terminal by now.
    return ::open(path, accessMode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

int stat(const char *path, struct stat *status)
{
    return ::stat(path, status);
}

} // namespace InterprocessQt::sys
