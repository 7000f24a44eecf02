// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "injector.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

namespace
{

constexpr int MostCalls = 64;

struct State {
    std::atomic<bool> active;
    std::atomic<bool> oneByte;
    std::atomic<int> call;
    std::atomic<int> from;
    std::atomic<int> to;
    std::atomic<int> error;
    std::atomic<bool> struck;
    std::atomic<int> total;
    std::array<std::atomic<int>, MostCalls> counts;
};

State *const state = static_cast<State *>(mmap(nullptr, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
// Not thread_local with a constructor: this is asked in signal handlers.
__thread int paused = 0;

// 0, or how the call is to fail. Nothing but atomics: also signal handlers come here.
int strike(int call)
{
    if (!state->active || paused > 0)
        return 0;
    ++state->total;
    const int number = ++state->counts[size_t(call)];
    if (state->oneByte)
        return Injector::OneByte;
    if (call != state->call || number < state->from || number > state->to)
        return 0;
    state->struck = true;
    return state->error;
}

} // namespace

namespace Injector
{

void disarm()
{
    state->active = false;
}

static void start(const Fault &fault, bool oneByte)
{
    state->active = false;
    state->oneByte = oneByte;
    state->call = fault.call;
    state->from = fault.nth;
    state->to = fault.nth + fault.times - 1;
    state->error = fault.error;
    state->struck = false;
    state->total = 0;
    for (auto &each : state->counts)
        each = 0;
    state->active = true;
}

void arm(const Fault &fault)
{
    start(fault, false);
}

void armOneByte()
{
    start({}, true);
}

int count(int call)
{
    return state->counts[size_t(call)];
}

int total()
{
    return state->total;
}

bool struck()
{
    return state->struck;
}

Pause::Pause()
{
    ++paused;
}

Pause::~Pause()
{
    --paused;
}

} // namespace Injector

// ---- The wrappers. Their numbers are the places in calls().

#define DECLARE(result, name, ...)                                                                                                                             \
    result __real_##name(__VA_ARGS__);                                                                                                                         \
    result __wrap_##name(__VA_ARGS__);

// A call that does nothing if it fails.
#define WRAP(number, result, name, parameters, arguments)                                                                                                      \
    result __real_##name parameters;                                                                                                                           \
    result __wrap_##name parameters;                                                                                                                           \
    result __wrap_##name parameters                                                                                                                            \
    {                                                                                                                                                          \
        if (const int error = strike(number); error > 0) {                                                                                                     \
            errno = error;                                                                                                                                     \
            return -1;                                                                                                                                         \
        }                                                                                                                                                      \
        return __real_##name arguments;                                                                                                                        \
    }

// One that transfers: from size bytes on.
#define WRAP_TRANSFER(number, name, parameters, arguments, less)                                                                                               \
    ssize_t __real_##name parameters;                                                                                                                          \
    ssize_t __wrap_##name parameters;                                                                                                                          \
    ssize_t __wrap_##name parameters                                                                                                                           \
    {                                                                                                                                                          \
        const int error = strike(number);                                                                                                                      \
        if (error > 0) {                                                                                                                                       \
            errno = error;                                                                                                                                     \
            return -1;                                                                                                                                         \
        }                                                                                                                                                      \
        if (error == Injector::OneByte) {                                                                                                                      \
            less                                                                                                                                               \
        }                                                                                                                                                      \
        return __real_##name arguments;                                                                                                                        \
    }

extern "C" {

WRAP(0, int, socket, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(1, int, socketpair, (int domain, int type, int protocol, int ends[2]), (domain, type, protocol, ends))
WRAP(2, int, bind, (int fd, const sockaddr *address, socklen_t length), (fd, address, length))
WRAP(3, int, listen, (int fd, int backlog), (fd, backlog))
WRAP(4, int, accept4, (int fd, sockaddr *address, socklen_t *length, int flags), (fd, address, length, flags))
WRAP(5, int, accept, (int fd, sockaddr *address, socklen_t *length), (fd, address, length))

// connect(2): after these the connection is made, without the caller.
DECLARE(int, connect, int fd, const sockaddr *address, socklen_t length)
int __wrap_connect(int fd, const sockaddr *address, socklen_t length)
{
    const int error = strike(6);
    if (error <= 0)
        return __real_connect(fd, address, length);
    if (error == EINTR || error == EINPROGRESS)
        static_cast<void>(__real_connect(fd, address, length));
    errno = error;
    return -1;
}

WRAP(7, int, shutdown, (int fd, int how), (fd, how))

// Messages are never cut: a stream alone may transfer less.
static bool isStream(int fd)
{
    int type = 0;
    socklen_t length = sizeof type;
    const Injector::Pause pause;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM;
}

WRAP_TRANSFER(8, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags), if (isStream(fd)) size = std::min<size_t>(size, 1);)

DECLARE(ssize_t, recvmsg, int fd, msghdr *message, int flags)
ssize_t __wrap_recvmsg(int fd, msghdr *message, int flags)
{
    const int error = strike(9);
    if (error > 0) {
        errno = error;
        return -1;
    }
    if (error == 0 || message->msg_iovlen == 0 || !isStream(fd))
        return __real_recvmsg(fd, message, flags);
    iovec piece = message->msg_iov[0];
    piece.iov_len = std::min<size_t>(piece.iov_len, 1);
    msghdr less = *message;
    less.msg_iov = &piece;
    less.msg_iovlen = 1;
    const ssize_t got = __real_recvmsg(fd, &less, flags);
    less.msg_iov = message->msg_iov;
    less.msg_iovlen = message->msg_iovlen;
    *message = less;
    return got;
}

WRAP_TRANSFER(10, send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags), if (isStream(fd)) size = std::min<size_t>(size, 1);)

DECLARE(ssize_t, sendmsg, int fd, const msghdr *message, int flags)
ssize_t __wrap_sendmsg(int fd, const msghdr *message, int flags)
{
    const int error = strike(11);
    if (error > 0) {
        errno = error;
        return -1;
    }
    if (error == 0 || message->msg_iovlen == 0 || !isStream(fd))
        return __real_sendmsg(fd, message, flags);
    iovec piece = message->msg_iov[0];
    piece.iov_len = std::min<size_t>(piece.iov_len, 1);
    msghdr less = *message;
    less.msg_iov = &piece;
    less.msg_iovlen = 1;
    return __real_sendmsg(fd, &less, flags);
}

WRAP(12, int, getsockopt, (int fd, int level, int name, void *value, socklen_t *length), (fd, level, name, value, length))
WRAP(13, int, setsockopt, (int fd, int level, int name, const void *value, socklen_t length), (fd, level, name, value, length))
WRAP(14, int, getsockname, (int fd, sockaddr *address, socklen_t *length), (fd, address, length))
WRAP(15, int, getpeername, (int fd, sockaddr *address, socklen_t *length), (fd, address, length))

// close(2): whatever it says, the descriptor is gone.
DECLARE(int, close, int fd)
int __wrap_close(int fd)
{
    const int error = strike(16);
    const int result = __real_close(fd);
    if (error <= 0)
        return result;
    errno = error;
    return -1;
}

// Of the commands of fcntl(2) those alone that make a descriptor find the table full. None of ioctl(2) does.
static bool canBe(unsigned long request, int error)
{
    return error != EMFILE || request == F_DUPFD || request == F_DUPFD_CLOEXEC;
}

// The third is an int or an address: both are passed on as they are.
#define WRAP_OPTIONAL(number, name, type)                                                                                                                      \
    int __real_##name(int fd, type request, ...);                                                                                                              \
    int __wrap_##name(int fd, type request, ...);                                                                                                              \
    int __wrap_##name(int fd, type request, ...)                                                                                                               \
    {                                                                                                                                                          \
        va_list list;                                                                                                                                          \
        va_start(list, request);                                                                                                                               \
        void *const argument = va_arg(list, void *);                                                                                                           \
        va_end(list);                                                                                                                                          \
        if (const int error = strike(number); error > 0 && canBe(static_cast<unsigned long>(request), error)) {                                                \
            errno = error;                                                                                                                                     \
            return -1;                                                                                                                                         \
        }                                                                                                                                                      \
        return __real_##name(fd, request, argument);                                                                                                           \
    }
WRAP_OPTIONAL(17, fcntl, int)
WRAP_OPTIONAL(18, ioctl, unsigned long)

WRAP(19, int, poll, (pollfd * descriptors, nfds_t count, int msecs), (descriptors, count, msecs))
WRAP(20, int, fstat, (int fd, struct stat *status), (fd, status))
WRAP(21, int, lstat, (const char *path, struct stat *status), (path, status))
WRAP(22, int, stat, (const char *path, struct stat *status), (path, status))
WRAP(23, int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(24, int, chmod, (const char *path, mode_t mode), (path, mode))
WRAP(25, int, unlink, (const char *path), (path))
WRAP(26, int, mkdir, (const char *path, mode_t mode), (path, mode))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    if (const int error = strike(27); error > 0) {
        errno = error;
        return -1;
    }
    return __real_open(path, flags, mode);
}

WRAP(28, int, flock, (int fd, int operation), (fd, operation))
WRAP(29, int, mkfifo, (const char *path, mode_t mode), (path, mode))
WRAP(30, int, pipe, (int ends[2]), (ends))
WRAP(31, int, pipe2, (int ends[2], int flags), (ends, flags))

WRAP_TRANSFER(32, read, (int fd, void *data, size_t size), (fd, data, size), size = std::min<size_t>(size, 1);)
WRAP_TRANSFER(33, write, (int fd, const void *data, size_t size), (fd, data, size), ) // up to PIPE_BUF all or nothing: pipe(7)
#define ONE_BYTE                                                                                                                                               \
    iovec piece = pieces[0];                                                                                                                                   \
    piece.iov_len = std::min<size_t>(piece.iov_len, 1);                                                                                                        \
    pieces = &piece;                                                                                                                                           \
    count = 1;
WRAP_TRANSFER(34, writev, (int fd, const iovec *pieces, int count), (fd, pieces, count), ONE_BYTE return __real_writev(fd, pieces, count);)
WRAP_TRANSFER(35,
              preadv2,
              (int fd, const iovec *pieces, int count, off_t offset, int flags),
              (fd, pieces, count, offset, flags),
              ONE_BYTE return __real_preadv2(fd, pieces, count, offset, flags);)
WRAP_TRANSFER(36,
              pwritev2,
              (int fd, const iovec *pieces, int count, off_t offset, int flags),
              (fd, pieces, count, offset, flags),
              ONE_BYTE return __real_pwritev2(fd, pieces, count, offset, flags);)

WRAP(37, int, dup2, (int from, int to), (from, to))

DECLARE(int, isatty, int fd)
int __wrap_isatty(int fd)
{
    const int error = strike(38);
    if (error <= 0)
        return __real_isatty(fd);
    errno = error;
    return 0;
}

WRAP(39, int, sigaction, (int number, const struct sigaction *action, struct sigaction *before), (number, action, before))

// These two return what went wrong.
DECLARE(int, pthread_create, pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    const int error = strike(40);
    return error > 0 ? error : __real_pthread_create(thread, attributes, function, argument);
}

DECLARE(int, pthread_sigmask, int how, const sigset_t *set, sigset_t *before)
int __wrap_pthread_sigmask(int how, const sigset_t *set, sigset_t *before)
{
    // What puts back a mask that an earlier call has handed out cannot be refused: its arguments are right. If it were, the
    // thread would have its signals blocked for ever, which shows where no other thread takes them, as with Qt Test since Qt 6.5.
    const int error = how == SIG_SETMASK && !before ? 0 : strike(41);
    return error > 0 ? error : __real_pthread_sigmask(how, set, before);
}

WRAP(42, int, kill, (pid_t process, int number), (process, number))
WRAP(43, int, killpg, (pid_t group, int number), (group, number))
WRAP(44, int, sigqueue, (pid_t process, int number, const union sigval value), (process, number, value))

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
    va_list list;
    va_start(list, number);
    long arguments[4];
    for (long &argument : arguments)
        argument = va_arg(list, long);
    va_end(list);
    if (const int error = strike(45); error > 0) {
        errno = error;
        return -1;
    }
    return __real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3]);
}

WRAP(46, int, epoll_create1, (int flags), (flags))
WRAP(47, int, epoll_ctl, (int fd, int operation, int descriptor, epoll_event *event), (fd, operation, descriptor, event))
WRAP(48, int, epoll_wait, (int fd, epoll_event *events, int most, int msecs), (fd, events, most, msecs))
WRAP(49, int, epoll_pwait2, (int fd, epoll_event *events, int most, const timespec *limit, const sigset_t *mask), (fd, events, most, limit, mask))
WRAP(50, int, eventfd, (unsigned int value, int flags), (value, flags))

} // extern "C"
