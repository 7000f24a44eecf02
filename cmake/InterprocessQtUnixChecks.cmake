# SPDX-FileCopyrightText: 2026 InterprocessQt contributors
# SPDX-License-Identifier: MIT OR Apache-2.0

# Asks the system headers what there is, for cmake/interprocessqt_config.h.in.
#
# What is found goes into the cache as INTERPROCESSQT_FOUND_X; what is used is HAVE_X, which INTERPROCESSQT_PORTABLE_UNIX
# can switch off again. They are two variables so that the option can be changed in an existing build folder.

include(CheckCXXSourceCompiles)
include(CheckCXXSymbolExists)

check_cxx_symbol_exists(accept4 "sys/socket.h" INTERPROCESSQT_FOUND_ACCEPT4)
check_cxx_symbol_exists(pipe2 "fcntl.h;unistd.h" INTERPROCESSQT_FOUND_PIPE2)
check_cxx_symbol_exists(pwritev2 "sys/uio.h" INTERPROCESSQT_FOUND_PWRITEV2)
check_cxx_symbol_exists(epoll_create1 "sys/epoll.h" INTERPROCESSQT_FOUND_EPOLL)
check_cxx_symbol_exists(epoll_pwait2 "sys/epoll.h" INTERPROCESSQT_FOUND_EPOLL_PWAIT2)
check_cxx_symbol_exists(getpeereid "sys/types.h;sys/socket.h;unistd.h" INTERPROCESSQT_FOUND_GETPEEREID)
check_cxx_symbol_exists(MSG_CMSG_CLOEXEC "sys/socket.h" INTERPROCESSQT_FOUND_MSG_CMSG_CLOEXEC)
check_cxx_symbol_exists(MSG_NOSIGNAL "sys/socket.h" INTERPROCESSQT_FOUND_MSG_NOSIGNAL)
check_cxx_symbol_exists(SO_NOSIGPIPE "sys/socket.h" INTERPROCESSQT_FOUND_SO_NOSIGPIPE)
check_cxx_symbol_exists(SOCK_CLOEXEC "sys/socket.h" INTERPROCESSQT_FOUND_SOCK_CLOEXEC)
check_cxx_symbol_exists(sigqueue "signal.h" INTERPROCESSQT_FOUND_SIGQUEUE)
check_cxx_symbol_exists(SYS_pidfd_send_signal "sys/syscall.h" INTERPROCESSQT_FOUND_PIDFD_SEND_SIGNAL)
check_cxx_symbol_exists(SO_PEERGROUPS "sys/socket.h" INTERPROCESSQT_FOUND_SO_PEERGROUPS)
# The name alone does not tell: OpenBSD has it with another structure.
check_cxx_source_compiles("
#include <sys/socket.h>
int main()
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(0, SOL_SOCKET, SO_PEERCRED, &peer, &size) + static_cast<int>(peer.pid + peer.uid + peer.gid);
}
" INTERPROCESSQT_FOUND_SO_PEERCRED)
check_cxx_source_compiles("
#include <sys/socket.h>
int main()
{
    struct ucred sender = {};
    return SO_PASSCRED + SCM_CREDENTIALS + static_cast<int>(sender.pid + sender.uid + sender.gid);
}
" INTERPROCESSQT_FOUND_SCM_CREDENTIALS)

set(interprocessqt_checks
    ACCEPT4 PIPE2 PWRITEV2 EPOLL EPOLL_PWAIT2 GETPEEREID MSG_CMSG_CLOEXEC MSG_NOSIGNAL SO_NOSIGPIPE SOCK_CLOEXEC SO_PEERGROUPS SO_PEERCRED
    SCM_CREDENTIALS SIGQUEUE PIDFD_SEND_SIGNAL)
foreach(check IN LISTS interprocessqt_checks)
    set(HAVE_${check} ${INTERPROCESSQT_FOUND_${check}})
endforeach()

# Names without a file behind them are a property of the kernel that no header shows.
set(HAVE_LINUX_ABSTRACT OFF)
# So are names that the kernel chooses (unix(7), "autobind"), and recv() that tells the true size of a datagram.
set(HAVE_LINUX_AUTOBIND OFF)
set(HAVE_RECV_TRUE_SIZE OFF)
if(CMAKE_SYSTEM_NAME MATCHES "^(Linux|Android)$")
    set(HAVE_LINUX_ABSTRACT ON)
    set(HAVE_LINUX_AUTOBIND ON)
    set(HAVE_RECV_TRUE_SIZE ON)
endif()

if(INTERPROCESSQT_PORTABLE_UNIX)
    foreach(check IN ITEMS
        ACCEPT4 PIPE2 PWRITEV2 EPOLL EPOLL_PWAIT2 LINUX_AUTOBIND MSG_CMSG_CLOEXEC PIDFD_SEND_SIGNAL RECV_TRUE_SIZE SCM_CREDENTIALS SO_PEERGROUPS SOCK_CLOEXEC)
        set(HAVE_${check} OFF)
    endforeach()
    # Without it a Linux system could not name the peer at all.
    if(HAVE_GETPEEREID)
        set(HAVE_SO_PEERCRED OFF)
    endif()
endif()
