// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_signal_p.h"

#include "interprocessqt_config.h"
#include "syscalls_p.h"

#include <sys/syscall.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace InterprocessQt::sys
{

int signalAction(int number, const struct sigaction *action, struct sigaction *before)
{
    return ::sigaction(number, action, before);
}

int setDefaultAction(int number)
{
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    return ::sigaction(number, &action, nullptr);
}

int raiseSignal(int number)
{
    return ::raise(number);
}

pid_t processId()
{
    return ::getpid();
}

ssize_t writeRecord(int fd, const void *data, size_t size)
{
    ssize_t result;
    do
        result = ::write(fd, data, size);
    while (result == -1 && errno == EINTR);
    return result;
}

int signalPipe(int ends[2])
{
#if HAVE_PIPE2
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1)
        return -1;
#else
    if (::pipe(ends) == -1)
        return -1;
    if (prepare(ends[0]) == -1 || prepare(ends[1]) == -1) {
        const int error = errno;
        close(ends[0]);
        close(ends[1]);
        ends[0] = ends[1] = -1; // or they would be taken for open
        errno = error;
        return -1;
    }
#endif
    return 0;
}

void enlargePipe(int fd)
{
#if defined(F_SETPIPE_SZ)
    // The most that a process without privileges may ask for by default (pipe(7), pipe-max-size). With less it works, too.
    const int before = ::fcntl(fd, F_GETPIPE_SZ);
    for (int size = 1024 * 1024; before > 0 && size > before && ::fcntl(fd, F_SETPIPE_SZ, size) == -1;)
        size /= 2;
#else
    static_cast<void>(fd);
#endif
}

int replacePipe(int ends[2])
{
    int fresh[2];
    if (::pipe(fresh) == -1)
        return -1;
    bool isReplaced = true;
    for (int i = 0; i < 2; ++i) {
        // A descriptor's own flags are not copied; those of what it refers to are.
        isReplaced =
            isReplaced && ::dup2(fresh[i], ends[i]) != -1 && ::fcntl(ends[i], F_SETFD, FD_CLOEXEC) != -1 && ::fcntl(ends[i], F_SETFL, O_NONBLOCK) != -1;
        ::close(fresh[i]);
    }
    return isReplaced ? 0 : -1;
}

ssize_t readRecords(int fd, void *data, size_t size, size_t recordSize)
{
    ssize_t result;
    do
        result = ::read(fd, data, size);
    while (result == -1 && errno == EINTR);
    // Each was written at once (pipe(7), PIPE_BUF), so the rest of one is there. Half a one would shift all that follow.
    while (result > 0 && size_t(result) % recordSize != 0) {
        const ssize_t more = ::read(fd, static_cast<char *>(data) + result, recordSize - size_t(result) % recordSize);
        if (more > 0)
            result += more;
        else if (more == 0 || errno != EINTR)
            break;
    }
    return result;
}

int startBlockedThread(pthread_t *thread, void *(*function)(void *), void *argument)
{
    sigset_t blocked;
    ::sigfillset(&blocked);
    // POSIX leaves open what happens when these come from a fault while they are blocked; Linux kills without calling
    // the handler of a crash reporter.
    for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS})
        ::sigdelset(&blocked, fault);
    sigset_t before;
    const int error = ::pthread_sigmask(SIG_SETMASK, &blocked, &before);
    if (error != 0)
        return error;
    const int result = ::pthread_create(thread, nullptr, function, argument);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return result;
}

int joinThread(pthread_t thread)
{
    return ::pthread_join(thread, nullptr);
}

int unblockSignal(int number)
{
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, number);
    return ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

void exitNow(int code)
{
    ::_exit(code);
}

int atFork(void (*prepare)(), void (*parent)(), void (*child)())
{
    return ::pthread_atfork(prepare, parent, child);
}

int kill(pid_t process, int number)
{
    return ::kill(process, number);
}

int killGroup(pid_t group, int number)
{
    return ::killpg(group, number);
}

int queueSignal(pid_t process, int number, int value)
{
#if HAVE_SIGQUEUE
    union sigval queued;
    queued.sival_ptr = nullptr; // all of it, the value need not fill it
    queued.sival_int = value;
    return ::sigqueue(process, number, queued);
#else
    static_cast<void>(process);
    static_cast<void>(number);
    static_cast<void>(value);
    errno = ENOSYS;
    return -1;
#endif
}

int sendToProcessHandle(int fd, int number)
{
#if HAVE_PIDFD_SEND_SIGNAL
    return int(::syscall(SYS_pidfd_send_signal, fd, number, nullptr, 0));
#else
    static_cast<void>(fd);
    static_cast<void>(number);
    errno = ENOSYS;
    return -1;
#endif
}

} // namespace InterprocessQt::sys
