// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef FORKEDCHILD_H
#define FORKEDCHILD_H

#include "processortime.h"

#include <InterprocessQt/NativeHandle>

#include <QByteArray>
#include <QFileInfo>
#include <QTest>

#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <grp.h>
#include <unistd.h>

/*
 * Runs a function in a child made by fork(), if wanted as another user, and brings back what it returns.
 *
 * The child shares nothing with the test but the program: it ends without destructors of the test's objects.
 */
class ForkedChild
{
public:
    using Function = std::function<QByteArray()>;

    static constexpr uid_t SameUser = uid_t(-1);

    // One that nobody else is likely to use at this moment, since parallel runs have other process ids.
    static uid_t someOtherUser()
    {
        return 20'000 + uid_t(::getpid()) % 40'000;
    }

    static bool canChangeUser()
    {
        return ::geteuid() == 0;
    }

    // Not where the build folder is below one that lets nobody through, as the home of root.
    static bool othersCanRun(const QString &program)
    {
        for (QFileInfo file(program);; file.setFile(file.path())) {
            if (!file.permission(QFile::ExeOther))
                return false;
            if (file.isRoot())
                return true;
        }
    }

    explicit ForkedChild(const Function &function, uid_t user = SameUser)
    {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1)
            return;
        m_output.reset(ends[0]);
        const InterprocessQt::NativeHandle writing(ends[1]);
        m_pid = ::fork();
        if (m_pid != 0)
            return;
        if (user != SameUser && (::setgroups(0, nullptr) == -1 || ::setgid(user) == -1 || ::setuid(user) == -1))
            ::_exit(99);
        const QByteArray result = function();
        const bool written = ::write(int(writing.get()), result.constData(), size_t(result.size())) == result.size();
        ::_exit(written ? 0 : 98);
    }

    ~ForkedChild()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
    }
    Q_DISABLE_COPY_MOVE(ForkedChild)

    [[nodiscard]] pid_t pid() const
    {
        return m_pid;
    }

    // Runs the event loop until the child has ended; what it returned, or what went wrong with it.
    [[nodiscard]] QByteArray result()
    {
        int status = 0;
        const bool ended = QTest::qWaitFor(
            [&] {
                return ::waitpid(m_pid, &status, WNOHANG) == m_pid;
            },
            20'000);
        if (!ended)
            return "the child does not end";
        m_pid = -1;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return "the child failed with status " + QByteArray::number(status);
        char buffer[4096];
        const ssize_t size = ::read(int(m_output.get()), buffer, sizeof buffer);
        return QByteArray(buffer, qMax<qsizetype>(0, size));
    }

private:
    InterprocessQt::NativeHandle m_output;
    pid_t m_pid = -1;
};

#endif
