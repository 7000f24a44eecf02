// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SYSCALLS_P_H
#define INTERPROCESSQT_SYSCALLS_P_H

#include <QtCore/qglobal.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <poll.h>

/*
 * Every system call of the library, in one place.
 *
 * Each returns what the call of the same name returns, with errno set, and differs from it only as said. What it opens
 * is closed on exec, atomically where the system can. A call that was interrupted before it did anything is made again,
 * but connect() and close(), for which that is wrong.
 */
namespace InterprocessQt::sys
{

// Sockets: non-blocking, no SIGPIPE.
int socket(int type);
int socketPair(int type, int descriptors[2]);
int bind(int fd, const sockaddr *address, socklen_t length);
int listen(int fd, int backlog);
int accept(int fd);
int connect(int fd, const sockaddr *address, socklen_t length);
int shutdownReading(int fd);
int shutdownWriting(int fd);
ssize_t receive(int fd, void *data, size_t size, int flags = 0);
ssize_t send(int fd, const void *data, size_t size);
ssize_t send(int fd, const iovec *pieces, int count);
ssize_t sendMessage(int fd, const msghdr &message, int flags = 0);
ssize_t receiveMessage(int fd, msghdr &message, int flags = 0); // descriptors that come with it are closed on exec
int socketOption(int fd, int level, int name, void *value, socklen_t *length);
int setSocketOption(int fd, int level, int name, int value);
int socketName(int fd, sockaddr *address, socklen_t *length);
int peerName(int fd, sockaddr *address, socklen_t *length);

// Descriptors
int close(int fd);
int duplicate(int fd, int minimum = 0); // the lowest free number from there on
int closeOnExec(int fd);
bool isClosedOnExec(int fd);
int prepare(int fd); // makes a descriptor from elsewhere non-blocking, closed on exec and free of SIGPIPE
int bytesReadable(int fd); // as the system counts them (FIONREAD)
int poll(pollfd *descriptors, nfds_t count, int msecs); // returns with EINTR
int fstat(int fd, struct stat *status);
int fchmod(int fd, mode_t mode);

// Pipes and whatever else is read and written
int pipe(int ends[2]); // non-blocking
ssize_t read(int fd, void *data, size_t size);
ssize_t writeNoSignal(int fd, const iovec *pieces, int count); // EPIPE, but no SIGPIPE
ssize_t writeSignalBlocked(int fd, const iovec *pieces, int count); // the same without the kernel's help, in four calls
// EAGAIN instead of waiting also if the descriptor is not non-blocking; says isUnsupported() where the system cannot do that
ssize_t readNoWait(int fd, void *data, size_t size);
ssize_t writeNoWait(int fd, const iovec *pieces, int count); // EPIPE, but no SIGPIPE
bool isUnsupported(int error);
int statusFlags(int fd); // of fcntl()
int reopenNonBlocking(int fd, int accessMode); // a descriptor of its own for the same file, where the system can
bool isTerminal(int fd);
bool isTerminalMaster(int fd); // the side of a pseudo-terminal that plays the terminal
bool isControllingTerminal(int fd); // that of this process: there is only one
bool isInBackgroundOf(int fd); // this process, so that it may not read from its controlling terminal
bool mayReadNothing(int fd); // a terminal in the mode in which read() returns 0 instead of waiting
qint64 pipeCapacity(int fd); // -1 where it is not known
int setPipeCapacity(int fd, qint64 size);

// FIFOs
int mkfifo(const char *path, mode_t mode);
int openFifo(const char *path, int accessMode); // non-blocking

// Files
int stat(const char *path, struct stat *status);
int lstat(const char *path, struct stat *status);
int chmodNoFollow(const char *path, const struct stat &expected, mode_t mode);
int unlink(const char *path);
int mkdir(const char *path, mode_t mode);
int openLockFile(const char *path);
int tryLock(int fd);

// Descriptors of a child: the first two for between vfork() and exec(), where nothing but such calls may be made
int keepOnExec(int fd);
void closeAllOnExec(); // from 3 on; where the system cannot do that, nothing happens
int makeBlocking(int fd);

// Changes in a child made by fork(): what is shared with the parent there must not be changed.
unsigned forkGeneration();

} // namespace InterprocessQt::sys

#endif
