// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SignalWatcher>

#include <QCoreApplication>
#include <QThread>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unistd.h>

using namespace InterprocessQt;

// Queues as many signals to itself as the argument says, as fast as the system takes them, and says what became of them.
//
// A program of its own, for only one of its threads takes them: Qt Test has another one, and between two there is no order.
int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const int count = std::atoi(argv[1]);
    SignalWatcher watcher({SIGRTMIN});
    int delivered = 0;
    int disorder = 0;
    int last = -1;
    qint64 lost = 0;
    const auto endIfComplete = [&] {
        if (delivered + lost == count)
            QCoreApplication::quit();
    };
    QObject::connect(&watcher, &SignalWatcher::received, &app, [&](const SignalInfo &info) {
        ++delivered;
        disorder += info.value().value_or(-1) <= last;
        last = info.value().value_or(-1);
        endIfComplete();
    });
    QObject::connect(&watcher, &SignalWatcher::overflowed, &app, [&](int, qint64 more) {
        lost += more;
        endIfComplete();
    });

    const std::unique_ptr<QThread> sender(QThread::create([count] {
        for (int i = 0; i < count; ++i) {
            // RLIMIT_SIGPENDING bounds how many may wait (sigqueue(3)).
            while (SignalWatcher::sendQueued(getpid(), SIGRTMIN, i).nativeError == EAGAIN)
                QThread::yieldCurrentThread();
        }
    }));
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMIN);
    pthread_sigmask(SIG_BLOCK, &blocked, &before); // the sender inherits it
    sender->start();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    const int code = QCoreApplication::exec();
    sender->wait();
    std::printf("delivered %d\nlost %lld\nout of order %d\n", delivered, static_cast<long long>(lost), disorder);
    return code;
}
