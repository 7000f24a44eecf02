// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef SPAWNED_H
#define SPAWNED_H

#include "peerprocess.h"

#include <InterprocessQt/NativeHandle>

#include <QTest>

#include <sys/wait.h>

#include <sys/ioctl.h>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>
#include <vector>

extern char **environ;

// What programs have three of.
using Stream = int;
inline constexpr Stream NoStream = -1;

// A program whose standard streams are any descriptors at all, which QProcess cannot do. -1: that one is closed.
class Spawned
{
public:
    Spawned(const QString &program, const QStringList &arguments, int input, int output, int error = 2)
    {
        std::vector<QByteArray> words{PeerProcess::find(program).toLocal8Bit()};
        for (const QString &argument : arguments)
            words.push_back(argument.toLocal8Bit());
        std::vector<char *> pointers;
        for (QByteArray &word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        const int wanted[] = {input, output, error};
        for (int i = 0; i < 3; ++i) {
            if (wanted[i] == -1)
                ::posix_spawn_file_actions_addclose(&actions, i);
            else
                ::posix_spawn_file_actions_adddup2(&actions, wanted[i], i);
        }
        if (::posix_spawn(&m_pid, pointers[0], &actions, nullptr, pointers.data(), environ) != 0)
            m_pid = -1;
        ::posix_spawn_file_actions_destroy(&actions);
    }
    ~Spawned()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
    }
    Q_DISABLE_COPY_MOVE(Spawned)

    [[nodiscard]] bool isStarted() const
    {
        return m_pid > 0;
    }
    [[nodiscard]] pid_t pid() const
    {
        return m_pid;
    }
    // The exit code, minus the signal that ended it, or -1000 if it does not end. The event loop runs meanwhile.
    [[nodiscard]] int waitForExit(int msecs = 20'000)
    {
        int status = 0;
        const bool ended = QTest::qWaitFor(
            [&] {
                return ::waitpid(m_pid, &status, WNOHANG) == m_pid;
            },
            msecs);
        if (!ended)
            return -1000;
        m_pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

protected:
    explicit Spawned(pid_t pid)
        : m_pid(pid)
    {
    }

private:
    pid_t m_pid = -1;
};

// A program that leads a session of its own, with a terminal to control it if wanted, and as another user if wanted.
class SessionLeader : public Spawned
{
public:
    static constexpr uid_t SameUser = uid_t(-1);
    enum Control {
        Controlled,
        NotControlled,
    };
    SessionLeader(const QString &program, const QStringList &arguments, int input, int output, int terminal, Control control, uid_t user = SameUser)
        : Spawned(start(program, arguments, input, output, terminal, control, user))
    {
    }

private:
    static pid_t start(const QString &program, const QStringList &arguments, int input, int output, int terminal, Control control, uid_t user)
    {
        std::vector<QByteArray> words{PeerProcess::find(program).toLocal8Bit()};
        for (const QString &argument : arguments)
            words.push_back(argument.toLocal8Bit());
        std::vector<char *> pointers;
        for (QByteArray &word : words)
            pointers.push_back(word.data());
        pointers.push_back(nullptr);
        const pid_t pid = ::fork();
        if (pid != 0)
            return pid;
        bool good = ::setsid() != -1 && (control == NotControlled || ::ioctl(terminal, TIOCSCTTY, 0) != -1);
        good = good && ::dup2(input, 0) != -1 && ::dup2(output, 1) != -1;
        if (user != SameUser)
            good = good && ::setgroups(0, nullptr) == 0 && ::setgid(user) == 0 && ::setuid(user) == 0;
        if (good)
            ::execv(pointers[0], pointers.data());
        ::_exit(99);
    }
};

// Two ends as programs usually have them: blocking, closed on exec.
struct BlockingPipe {
    BlockingPipe()
    {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) == 0) {
            reader.reset(ends[0]);
            writer.reset(ends[1]);
        }
    }
    [[nodiscard]] int in() const
    {
        return int(writer.get());
    }
    [[nodiscard]] int out() const
    {
        return int(reader.get());
    }
    InterprocessQt::NativeHandle reader;
    InterprocessQt::NativeHandle writer;
};

// As what a program gets.
inline int streamOf(const InterprocessQt::NativeHandle &handle)
{
    return int(handle.get());
}

// The device that swallows everything.
inline InterprocessQt::NativeHandle openNull()
{
    return InterprocessQt::NativeHandle(::open("/dev/null", O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

// A pseudo-terminal: what is written to the master is typed, what is read from it is shown.
struct Terminal {
    Terminal()
        : master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (!master || ::grantpt(int(master.get())) != 0 || ::unlockpt(int(master.get())) != 0)
            return;
        if (const char *name = ::ptsname(int(master.get())))
            slave.reset(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    }
    void type(const QByteArray &keys) const
    {
        QCOMPARE(::write(int(master.get()), keys.constData(), size_t(keys.size())), keys.size());
    }
    // What is shown, until it ends with the text or the time is over. The event loop runs meanwhile.
    [[nodiscard]] QByteArray shownUntil(const QByteArray &end, int msecs = 10'000) const
    {
        const int fd = int(master.get());
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
        QByteArray shown;
        static_cast<void>(QTest::qWaitFor(
            [&] {
                char buffer[4096];
                ssize_t got;
                while ((got = ::read(fd, buffer, sizeof buffer)) > 0)
                    shown.append(buffer, got);
                return shown.endsWith(end);
            },
            msecs));
        return shown;
    }
    InterprocessQt::NativeHandle master;
    InterprocessQt::NativeHandle slave;
};

// All that a descriptor gives until its end.
inline QByteArray readToEnd(int fd)
{
    QByteArray all;
    char buffer[65536];
    ssize_t got;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0)
        all.append(buffer, got);
    return all;
}

inline qint64 writeAll(int fd, const QByteArray &data)
{
    return ::write(fd, data.constData(), size_t(data.size()));
}

inline QByteArray readSome(int fd, int size)
{
    QByteArray some(size, Qt::Uninitialized);
    some.truncate(std::max<qsizetype>(0, ::read(fd, some.data(), size_t(size))));
    return some;
}

// To be read and written from its beginning, or written at its end.
inline InterprocessQt::NativeHandle openFile(const QString &path, bool append = false)
{
    return InterprocessQt::NativeHandle(::open(qPrintable(path), O_CREAT | O_CLOEXEC | (append ? O_WRONLY | O_APPEND : O_RDWR), 0600));
}

inline qint64 position(int fd)
{
    return ::lseek(fd, 0, SEEK_CUR);
}

inline void seek(int fd, qint64 position)
{
    ::lseek(fd, position, SEEK_SET);
}

inline bool isNonBlocking(int fd)
{
    return ::fcntl(fd, F_GETFL) & O_NONBLOCK;
}

#endif
