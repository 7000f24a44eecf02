// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "syscalls_p.h"

#include "interprocessqt_config.h"

#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

namespace InterprocessQt::sys
{

namespace
{

#if HAVE_MSG_NOSIGNAL
constexpr int SendFlags = MSG_NOSIGNAL;
#else
constexpr int SendFlags = 0; // SO_NOSIGPIPE is set on the socket instead
#endif

template<typename Call>
auto retried(Call call)
{
    decltype(call()) result;
    do
        result = call();
    while (result == -1 && errno == EINTR);
    return result;
}

int setFlag(int fd, int getCommand, int setCommand, int flag)
{
    const int flags = ::fcntl(fd, getCommand);
    if (flags == -1)
        return -1;
    return (flags & flag) ? 0 : ::fcntl(fd, setCommand, flags | flag);
}

// For the systems that cannot do it in the call that opens.
[[maybe_unused]] int prepared(int fd)
{
    if (fd != -1 && prepare(fd) == -1) {
        const int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

unsigned generation = 0;
void enteredChild()
{
    ++generation;
}
[[maybe_unused]] const int forkHandler = ::pthread_atfork(nullptr, nullptr, enteredChild);

} // namespace

// ---- Sockets

int socket(int type)
{
#if HAVE_SOCK_CLOEXEC
    return ::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
    return prepared(::socket(AF_UNIX, type, 0));
#endif
}

int socketPair(int type, int descriptors[2])
{
#if HAVE_SOCK_CLOEXEC
    return ::socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, descriptors);
#else
    if (::socketpair(AF_UNIX, type, 0, descriptors) == -1)
        return -1;
    if (prepare(descriptors[0]) == 0 && prepare(descriptors[1]) == 0)
        return 0;
    const int error = errno;
    close(descriptors[0]);
    close(descriptors[1]);
    errno = error;
    return -1;
#endif
}

int bind(int fd, const sockaddr *address, socklen_t length)
{
    return retried([&] {
        return ::bind(fd, address, length);
    });
}

int listen(int fd, int backlog)
{
    return ::listen(fd, backlog);
}

int accept(int fd)
{
#if HAVE_ACCEPT4
    return retried([&] {
        return ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    });
#else
    return prepared(retried([&] {
        return ::accept(fd, nullptr, nullptr);
    }));
#endif
}

int connect(int fd, const sockaddr *address, socklen_t length)
{
    return ::connect(fd, address, length);
}

int shutdownReading(int fd)
{
    return ::shutdown(fd, SHUT_RD);
}

int shutdownWriting(int fd)
{
    return ::shutdown(fd, SHUT_WR);
}

ssize_t receive(int fd, void *data, size_t size, int flags)
{
    return retried([&] {
        return ::recv(fd, data, size, flags);
    });
}

ssize_t send(int fd, const void *data, size_t size)
{
    return retried([&] {
        return ::send(fd, data, size, SendFlags);
    });
}

ssize_t send(int fd, const iovec *pieces, int count)
{
    msghdr message = {};
    message.msg_iov = const_cast<iovec *>(pieces);
    message.msg_iovlen = decltype(message.msg_iovlen)(count);
    return retried([&] {
        return ::sendmsg(fd, &message, SendFlags);
    });
}

ssize_t sendMessage(int fd, const msghdr &message, int flags)
{
    return retried([&] {
        return ::sendmsg(fd, &message, SendFlags | flags);
    });
}

ssize_t receiveMessage(int fd, msghdr &message, int flags)
{
#if HAVE_MSG_CMSG_CLOEXEC
    flags |= MSG_CMSG_CLOEXEC;
#endif
    // An interrupted call has changed nothing of it.
    return retried([&] {
        return ::recvmsg(fd, &message, flags);
    });
}

int socketOption(int fd, int level, int name, void *value, socklen_t *length)
{
    return ::getsockopt(fd, level, name, value, length);
}

int setSocketOption(int fd, int level, int name, int value)
{
    return ::setsockopt(fd, level, name, &value, sizeof value);
}

int socketName(int fd, sockaddr *address, socklen_t *length)
{
    return ::getsockname(fd, address, length);
}

int peerName(int fd, sockaddr *address, socklen_t *length)
{
    return ::getpeername(fd, address, length);
}

// ---- Descriptors

int close(int fd)
{
    // close(2): on Linux the descriptor is gone even if the call says EINTR; closing again would hit somebody else's.
    return ::close(fd);
}

int duplicate(int fd, int minimum)
{
    return ::fcntl(fd, F_DUPFD_CLOEXEC, minimum);
}

int closeOnExec(int fd)
{
    return setFlag(fd, F_GETFD, F_SETFD, FD_CLOEXEC);
}

int prepare(int fd)
{
    if (closeOnExec(fd) == -1 || setFlag(fd, F_GETFL, F_SETFL, O_NONBLOCK) == -1)
        return -1;
#if HAVE_SO_NOSIGPIPE && !HAVE_MSG_NOSIGNAL
    if (setSocketOption(fd, SOL_SOCKET, SO_NOSIGPIPE, 1) == -1 && errno != ENOTSOCK)
        return -1;
#endif
    return 0;
}

int bytesReadable(int fd)
{
    int bytes = 0;
    return ::ioctl(fd, FIONREAD, &bytes) == -1 ? -1 : bytes;
}

int poll(pollfd *descriptors, nfds_t count, int msecs)
{
    return ::poll(descriptors, count, msecs);
}

int fstat(int fd, struct stat *status)
{
    return ::fstat(fd, status);
}

int fchmod(int fd, mode_t mode)
{
    return ::fchmod(fd, mode);
}

// ---- Files

int lstat(const char *path, struct stat *status)
{
    return ::lstat(path, status);
}

int chmodNoFollow(const char *path, const struct stat &expected, mode_t mode)
{
#if defined(O_PATH)
    // Whoever may write to the directory could put something else there between a look and a chmod(): the file is held
    // while it is looked at. fchmod() refuses such a descriptor (open(2), O_PATH); its name in /proc does not.
    const int fd = retried([&] {
        return ::open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    });
    if (fd == -1)
        return -1;
    struct stat found;
    int result = ::fstat(fd, &found);
    if (result == 0 && (found.st_dev != expected.st_dev || found.st_ino != expected.st_ino)) {
        errno = ENOENT;
        result = -1;
    }
    if (result == 0) {
        char name[32];
        std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        result = ::chmod(name, mode);
#if defined(SYS_fchmodat2)
        constexpr long changeMode = SYS_fchmodat2;
#else
        constexpr long changeMode = 452; // the same on all architectures; since Linux 6.6
#endif
        if (result == -1 && errno == ENOENT) // no /proc here
            result = int(::syscall(changeMode, fd, "", mode, AT_EMPTY_PATH));
    }
    const int error = errno;
    ::close(fd);
    errno = error;
    return result;
#else
    static_cast<void>(expected);
    return ::fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW);
#endif
}

int unlink(const char *path)
{
    return ::unlink(path);
}

int mkdir(const char *path, mode_t mode)
{
    return ::mkdir(path, mode);
}

int openLockFile(const char *path)
{
    return retried([&] {
        return ::open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    });
}

int tryLock(int fd)
{
    return retried([&] {
        return ::flock(fd, LOCK_EX | LOCK_NB);
    });
}

unsigned forkGeneration()
{
    return generation;
}

} // namespace InterprocessQt::sys
