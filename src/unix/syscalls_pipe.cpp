// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_p.h"

#include "interprocessqt_config.h"

#include <sys/ioctl.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <pthread.h>
#include <termios.h>
#include <unistd.h>

// In Linux's headers since 6.18; the number is part of the kernel's interface (uapi/linux/fs.h).
#if defined(__linux__) && HAVE_PWRITEV2 && !defined(RWF_NOSIGNAL)
#define RWF_NOSIGNAL 0x00000100
#endif

namespace InterprocessQt::sys
{

namespace
{

template<typename Call>
auto retried(Call call)
{
    decltype(call()) result;
    do
        result = call();
    while (result == -1 && errno == EINTR);
    return result;
}

/*
 * Keeps SIGPIPE from this thread, and takes away the one that a write has caused. What the application does about the
 * signal is not touched, and one that was there before stays.
 */
class NoPipeSignal
{
public:
    NoPipeSignal()
    {
        sigemptyset(&m_pipe);
        sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        sigemptyset(&pending);
        ::sigpending(&pending);
        // If one is pending it is blocked already, and a second one is the same.
        if (sigismember(&pending, SIGPIPE) != 1)
            m_isBlocking = ::pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before) == 0;
    }
    ~NoPipeSignal()
    {
        if (!m_isBlocking)
            return;
        const int error = errno;
        if (m_broken)
            takeAway();
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
        errno = error;
    }
    NoPipeSignal(const NoPipeSignal &) = delete;
    NoPipeSignal &operator=(const NoPipeSignal &) = delete;

    void broken()
    {
        m_broken = true;
    }

private:
    void takeAway() const
    {
        sigset_t pending;
        sigemptyset(&pending);
        ::sigpending(&pending);
        if (sigismember(&pending, SIGPIPE) == 1) {
            int signal = 0;
            ::sigwait(&m_pipe, &signal);
        }
    }

    sigset_t m_pipe;
    sigset_t m_before;
    bool m_isBlocking = false;
    bool m_broken = false;
};

} // namespace

int pipe(int ends[2])
{
#if HAVE_PIPE2
    return ::pipe2(ends, O_CLOEXEC | O_NONBLOCK);
#else
    if (::pipe(ends) == -1)
        return -1;
    if (prepare(ends[0]) == 0 && prepare(ends[1]) == 0)
        return 0;
    const int error = errno;
    close(ends[0]);
    close(ends[1]);
    errno = error;
    return -1;
#endif
}

ssize_t read(int fd, void *data, size_t size)
{
    return retried([&] {
        return ::read(fd, data, size);
    });
}

ssize_t writeNoSignal(int fd, const iovec *pieces, int count)
{
#if defined(RWF_NOSIGNAL)
    // One call instead of four, where the kernel knows it (Linux 6.18).
    static std::atomic<bool> known = true;
    if (known.load(std::memory_order_relaxed)) {
        const ssize_t written = retried([&] {
            return ::pwritev2(fd, pieces, count, -1, RWF_NOSIGNAL);
        });
        // ESPIPE: what has no position, in kernels that look at that first
        if (written != -1 || !isUnsupported(errno))
            return written;
        known.store(false, std::memory_order_relaxed);
    }
#endif
    return writeSignalBlocked(fd, pieces, count);
}

ssize_t writeSignalBlocked(int fd, const iovec *pieces, int count)
{
    NoPipeSignal guard;
    const ssize_t written = retried([&] {
        return ::writev(fd, pieces, count);
    });
    if (written == -1 && errno == EPIPE)
        guard.broken();
    return written;
}

bool isUnsupported(int error)
{
    // Flags that are not known to the kernel, or not to what the descriptor refers to (preadv2(2))
    return error == EOPNOTSUPP || error == EINVAL || error == ENOSYS || error == ESPIPE;
}

ssize_t readNoWait(int fd, void *data, size_t size)
{
#if HAVE_PWRITEV2 && defined(RWF_NOWAIT)
    const iovec piece = {data, size};
    return retried([&] {
        return ::preadv2(fd, &piece, 1, -1, RWF_NOWAIT);
    });
#else
    static_cast<void>(fd);
    static_cast<void>(data);
    static_cast<void>(size);
    errno = ENOSYS;
    return -1;
#endif
}

ssize_t writeNoWait(int fd, const iovec *pieces, int count)
{
#if HAVE_PWRITEV2 && defined(RWF_NOWAIT)
    NoPipeSignal guard; // pipes of Linux have known this flag for longer than RWF_NOSIGNAL
    const ssize_t written = retried([&] {
        return ::pwritev2(fd, pieces, count, -1, RWF_NOWAIT);
    });
    if (written == -1 && errno == EPIPE)
        guard.broken();
    return written;
#else
    static_cast<void>(fd);
    static_cast<void>(pieces);
    static_cast<void>(count);
    errno = ENOSYS;
    return -1;
#endif
}

int statusFlags(int fd)
{
    return ::fcntl(fd, F_GETFL);
}

int reopenNonBlocking(int fd, int accessMode)
{
    const int flags = accessMode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    if (isTerminal(fd)) {
        char name[256];
        int own = -1;
        if (const int error = ::ttyname_r(fd, name, sizeof name); error == 0)
            own = ::open(name, flags);
        else
            errno = error;
        // After su or sudo it belongs to somebody else. But whoever a terminal controls may open it by this name (tty(4)).
        return own == -1 && isControllingTerminal(fd) ? ::open("/dev/tty", flags) : own;
    }
#if defined(__linux__)
    // Elsewhere such a name stands for the same open file, and the flags would be everybody's.
    char name[32];
    std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    return ::open(name, flags);
#else
    errno = ENOTSUP;
    return -1;
#endif
}

bool isTerminal(int fd)
{
    return ::isatty(fd) == 1;
}

bool isTerminalMaster(int fd)
{
#if defined(TIOCGPTN)
    unsigned int number = 0;
    return ::ioctl(fd, TIOCGPTN, &number) == 0;
#else
    return ::ptsname(fd) != nullptr; // it has another side
#endif
}

bool isControllingTerminal(int fd)
{
    const pid_t session = ::tcgetsid(fd);
    return session != -1 && session == ::getsid(0);
}

bool isInBackgroundOf(int fd)
{
    if (!isControllingTerminal(fd))
        return false;
    const pid_t foreground = ::tcgetpgrp(fd);
    return foreground != -1 && foreground != ::getpgrp();
}

bool mayReadNothing(int fd)
{
    termios mode = {};
    return ::tcgetattr(fd, &mode) == 0 && !(mode.c_lflag & ICANON) && mode.c_cc[VMIN] == 0;
}

qint64 pipeCapacity(int fd)
{
#if defined(F_GETPIPE_SZ)
    return ::fcntl(fd, F_GETPIPE_SZ);
#else
    static_cast<void>(fd);
    return -1;
#endif
}

int setPipeCapacity(int fd, qint64 size)
{
#if defined(F_SETPIPE_SZ)
    if (size <= 0 || size > std::numeric_limits<int>::max()) {
        errno = EINVAL;
        return -1;
    }
    return ::fcntl(fd, F_SETPIPE_SZ, int(size)) == -1 ? -1 : 0;
#else
    static_cast<void>(fd);
    static_cast<void>(size);
    errno = ENOTSUP;
    return -1;
#endif
}

} // namespace InterprocessQt::sys
