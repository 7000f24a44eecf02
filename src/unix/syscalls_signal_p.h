// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SYSCALLS_SIGNAL_P_H
#define INTERPROCESSQT_SYSCALLS_SIGNAL_P_H

#include <sys/types.h>

#include <csignal>
#include <pthread.h>

/*
 * The system calls that signals need, under the rules of syscalls_p.h.
 *
 * Those marked with (S) may be called in a signal handler: they are nothing but a call that signal-safety(7) lists.
 */
namespace InterprocessQt::sys
{

int signalAction(int number, const struct sigaction *action, struct sigaction *before); // (S)
int setDefaultAction(int number); // (S)
int raiseSignal(int number); // (S) in this thread; when it returns the signal may still be blocked
pid_t processId(); // (S)
ssize_t writeRecord(int fd, const void *data, size_t size); // (S)

int signalPipe(int ends[2]);
void enlargePipe(int fd); // to what the system lets it be
int replacePipe(int ends[2]); // (S) by a new one under the same numbers
ssize_t readRecords(int fd, void *data, size_t size, size_t recordSize); // whole ones
// The thread has all signals blocked but those of faults. Returns an error number, as pthread_create() does.
int startBlockedThread(pthread_t *thread, void *(*function)(void *), void *argument);
int joinThread(pthread_t thread);
int unblockSignal(int number); // in this thread
[[noreturn]] void exitNow(int code);
int atFork(void (*prepare)(), void (*parent)(), void (*child)());

int kill(pid_t process, int number);
int killGroup(pid_t group, int number);
int queueSignal(pid_t process, int number, int value); // ENOSYS where there is none
int sendToProcessHandle(int fd, int number); // ENOSYS where there is none

} // namespace InterprocessQt::sys

#endif
