// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DISPATCHERTEST_H
#define DISPATCHERTEST_H

#include "ipctest.h"

#include <InterprocessQt/EventDispatcher>
#include <InterprocessQt/NativeHandle>

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include <sys/socket.h>
#include <unistd.h>

// Two sockets that are connected with each other.
struct Ends {
    Ends()
    {
        int fds[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0) {
            one = InterprocessQt::NativeHandle(fds[0]);
            other = InterprocessQt::NativeHandle(fds[1]);
        }
    }
    [[nodiscard]] int fd() const
    {
        return int(one.get());
    }
    void send(char c = 'x') const
    {
        QCOMPARE(::write(int(other.get()), &c, 1), 1);
    }
    [[nodiscard]] bool take() const
    {
        char c;
        return ::read(fd(), &c, 1) == 1;
    }
    InterprocessQt::NativeHandle one;
    InterprocessQt::NativeHandle other;
};

inline void turns(int count)
{
    for (int i = 0; i < count; ++i)
        QCoreApplication::processEvents();
}

// How often the event loop of this thread goes round in a short time in which it should wait. Without end, if it is told of
// what nobody deals with. (QTest::qWait() does not wait in the event loop.)
inline int turnsWhileIdle()
{
    int turns = 0;
    QEventLoop loop;
    QObject::connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &loop, [&turns] {
        ++turns;
    });
    QTimer::singleShot(50, &loop, &QEventLoop::quit);
    loop.exec();
    return turns;
}
constexpr int FewTurns = 20;

// As QTEST_GUILESS_MAIN, with our event loop in the main thread.
#define DISPATCHERTEST_MAIN(Test)                                                                                                                              \
    int main(int argc, char **argv)                                                                                                                            \
    {                                                                                                                                                          \
        QCoreApplication::setEventDispatcher(new InterprocessQt::EventDispatcher);                                                                             \
        QCoreApplication application(argc, argv);                                                                                                              \
        Test test;                                                                                                                                             \
        return QTest::qExec(&test, argc, argv);                                                                                                                \
    }

#endif
