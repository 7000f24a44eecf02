// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "injector.h"

#include <cerrno>

namespace Injector
{

/*
 * From the ERRORS of the man pages of Linux (man-pages 6.03), and of unix(7) for sockets. In the order of the wrappers'
 * numbers, see wrappers.cpp.
 */
const std::vector<Call> &calls()
{
    static const std::vector<Call> table = {
        {"socket", "socket(2)", {EMFILE, EACCES, ENOBUFS, EAFNOSUPPORT, EINVAL, ENFILE, ENOMEM, EPROTONOSUPPORT}},
        {"socketpair", "socketpair(2)", {EMFILE, EOPNOTSUPP, ENFILE, EAFNOSUPPORT, EFAULT, EPROTONOSUPPORT}},
        {"bind", "bind(2)", {EADDRINUSE, EACCES, ENOENT, ENOMEM, EROFS, EBADF, EINVAL, ENOTSOCK, EADDRNOTAVAIL, EFAULT, ELOOP, ENAMETOOLONG, ENOTDIR}},
        {"listen", "listen(2)", {EADDRINUSE, EOPNOTSUPP, EBADF, ENOTSOCK}},
        {"accept4", "accept4(2)", {EMFILE, ECONNABORTED, EINTR, ENOMEM, EPERM, EAGAIN, EBADF, EFAULT, EINVAL, ENFILE, ENOBUFS, ENOTSOCK, EOPNOTSUPP, EPROTO}},
        {"accept", "accept(2)", {EMFILE, ECONNABORTED, EINTR, ENOMEM, EPERM, EAGAIN, EBADF, EFAULT, EINVAL, ENFILE, ENOBUFS, ENOTSOCK, EOPNOTSUPP, EPROTO}},
        {"connect",
         "connect(2)",
         {ECONNREFUSED,
          EAGAIN,
          EINTR,
          EACCES,
          EINPROGRESS,
          EPERM,
          EADDRINUSE,
          EADDRNOTAVAIL,
          EAFNOSUPPORT,
          EALREADY,
          EBADF,
          EFAULT,
          EISCONN,
          ENETUNREACH,
          ENOTSOCK,
          EPROTOTYPE,
          ETIMEDOUT}},
        {"shutdown", "shutdown(2)", {ENOTCONN, EBADF, EINVAL, ENOTSOCK}},
        {"recv", "recv(2)", {ENOMEM, ECONNRESET, EINTR, EAGAIN, EBADF, ECONNREFUSED, EFAULT, EINVAL, ENOTCONN, ENOTSOCK}, true},
        {"recvmsg", "recvmsg(2)", {ENOMEM, ECONNRESET, EINTR, EAGAIN, EBADF, ECONNREFUSED, EFAULT, EINVAL, ENOTCONN, ENOTSOCK}, true},
        {"send",
         "send(2)",
         {EPIPE,
          ENOBUFS,
          EINTR,
          ENOMEM,
          EAGAIN,
          EACCES,
          EALREADY,
          EBADF,
          ECONNRESET,
          EDESTADDRREQ,
          EFAULT,
          EINVAL,
          EISCONN,
          EMSGSIZE,
          ENOTCONN,
          ENOTSOCK,
          EOPNOTSUPP},
         true},
        {"sendmsg",
         "sendmsg(2), unix(7)",
         {EPIPE,  ENOBUFS, EINTR,   ENOMEM,   ETOOMANYREFS, EAGAIN,   EACCES,     EALREADY,     EBADF,  ECONNRESET, EDESTADDRREQ,
          EFAULT, EINVAL,  EISCONN, EMSGSIZE, ENOTCONN,     ENOTSOCK, EOPNOTSUPP, ECONNREFUSED, ENOENT, EPERM},
         true},
        {"getsockopt", "getsockopt(2)", {ENOPROTOOPT, EINVAL, EBADF, EFAULT, ENOTSOCK}},
        {"setsockopt", "setsockopt(2), socket(7)", {ENOPROTOOPT, EINVAL, EPERM, EBADF, EFAULT, ENOTSOCK}},
        {"getsockname", "getsockname(2)", {ENOBUFS, EBADF, EFAULT, EINVAL, ENOTSOCK}},
        {"getpeername", "getpeername(2)", {ENOTCONN, ENOBUFS, EBADF, EFAULT, EINVAL, ENOTSOCK}},
        {"close", "close(2)", {EINTR, EIO, EBADF, ENOSPC, EDQUOT}},
        // But what concerns locks alone, EINTR too.
        {"fcntl", "fcntl(2)", {EMFILE, EINVAL, EPERM, EBUSY, EBADF, EFAULT}},
        {"ioctl", "ioctl(2)", {ENOTTY, EINVAL, EBADF, EFAULT}},
        {"poll", "poll(2)", {EINTR, ENOMEM, EFAULT, EINVAL}},
        {"fstat", "fstat(2)", {ENOMEM, EOVERFLOW, EACCES, EBADF, EFAULT}},
        {"lstat", "lstat(2)", {ENOENT, EACCES, ENOMEM, EBADF, EFAULT, ELOOP, ENAMETOOLONG, ENOTDIR, EOVERFLOW}},
        {"stat", "stat(2)", {ENOENT, EACCES, ENOMEM, EBADF, EFAULT, ELOOP, ENAMETOOLONG, ENOTDIR, EOVERFLOW}},
        {"fchmod", "fchmod(2)", {EPERM, EIO, EROFS, EBADF, EACCES}},
        {"chmod", "chmod(2)", {EPERM, ENOENT, EROFS, EACCES, EFAULT, EIO, ELOOP, ENAMETOOLONG, ENOMEM, ENOTDIR}},
        {"unlink", "unlink(2)", {EACCES, ENOENT, EROFS, EBUSY, EFAULT, EIO, EISDIR, ELOOP, ENAMETOOLONG, ENOMEM, ENOTDIR, EPERM}},
        {"mkdir", "mkdir(2)", {EACCES, ENOSPC, EEXIST, EROFS, EDQUOT, EFAULT, EINVAL, ELOOP, EMLINK, ENAMETOOLONG, ENOENT, ENOMEM, ENOTDIR, EPERM}},
        {"open", "open(2)", {EMFILE, EACCES, EINTR,  ENOENT, ENXIO,        ENFILE, ENOMEM,  ENOSPC,     EROFS,     EBUSY, EDQUOT,  EEXIST,     EFAULT,
                             EFBIG,  EINVAL, EISDIR, ELOOP,  ENAMETOOLONG, ENODEV, ENOTDIR, EOPNOTSUPP, EOVERFLOW, EPERM, ETXTBSY, EWOULDBLOCK}},
        {"flock", "flock(2)", {EWOULDBLOCK, ENOLCK, EINTR, EBADF, EINVAL}},
        {"mkfifo", "mkfifo(3)", {EEXIST, EACCES, ENOSPC, EDQUOT, ENAMETOOLONG, ENOENT, ENOTDIR, EROFS}},
        {"pipe", "pipe(2)", {EMFILE, ENFILE, EFAULT}},
        {"pipe2", "pipe2(2)", {EMFILE, ENFILE, EFAULT, EINVAL}},
        {"read", "read(2)", {EIO, EINTR, EAGAIN, EISDIR, EBADF, EFAULT, EINVAL}, true},
        {"write", "write(2)", {EPIPE, EINTR, EAGAIN, EIO, ENOSPC, EBADF, EDESTADDRREQ, EDQUOT, EFAULT, EFBIG, EINVAL, EPERM}, true},
        {"writev", "writev(2)", {EPIPE, EINTR, EAGAIN, EIO, ENOSPC, EBADF, EDESTADDRREQ, EDQUOT, EFAULT, EFBIG, EINVAL, EPERM}, true},
        {"preadv2", "preadv2(2), read(2)", {EIO, EINTR, EAGAIN, EISDIR, EBADF, EFAULT, ENXIO, EOVERFLOW, EOPNOTSUPP, EINVAL, ESPIPE}, true},
        {"pwritev2",
         "pwritev2(2), write(2)",
         {EPIPE, EINTR, EAGAIN, EIO, ENOSPC, EBADF, EDESTADDRREQ, EDQUOT, EFAULT, EFBIG, EPERM, ENXIO, EOVERFLOW, EOPNOTSUPP, EINVAL, ESPIPE},
         true},
        {"dup2", "dup2(2)", {EMFILE, EBUSY, EINTR, EBADF}},
        {"isatty", "isatty(3)", {ENOTTY, EBADF}},
        {"sigaction", "sigaction(2)", {EINVAL, EFAULT}},
        {"pthread_create", "pthread_create(3)", {EAGAIN, EPERM, EINVAL}},
        {"pthread_sigmask", "pthread_sigmask(3)", {EINVAL, EFAULT}},
        {"kill", "kill(2)", {EPERM, ESRCH, EINVAL}},
        {"killpg", "killpg(3)", {EPERM, ESRCH, EINVAL}},
        {"sigqueue", "sigqueue(3)", {EAGAIN, EPERM, ESRCH, EINVAL}},
        {"syscall", "close_range(2), pidfd_send_signal(2)", {ENOSYS, EINVAL, EMFILE, ENOMEM, EPERM, ESRCH, EBADF}},
        {"epoll_create1", "epoll_create1(2)", {EMFILE, ENFILE, ENOMEM, EINVAL}},
        {"epoll_ctl", "epoll_ctl(2)", {ENOMEM, ENOSPC, EPERM, EBADF, EEXIST, EINVAL, ELOOP, ENOENT}},
        {"epoll_wait", "epoll_wait(2)", {EINTR, EINVAL, EBADF, EFAULT}},
        {"epoll_pwait2", "epoll_pwait2(2)", {EINTR, ENOSYS, EINVAL, EBADF, EFAULT}},
        {"eventfd", "eventfd(2)", {EMFILE, ENFILE, ENODEV, ENOMEM, EINVAL}},
    };
    return table;
}

} // namespace Injector
