// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "dispatchertest.h"

#include <InterprocessQt/LocalSocket>

#include <QRegularExpression>
#include <QSocketNotifier>
#include <QThread>

#include <sys/epoll.h>

#include <cerrno>
#include <dlfcn.h>
#include <fcntl.h>

using namespace InterprocessQt;

namespace
{
int refusedWith = 0;
} // namespace

// Instead of the system's, which the library means.
extern "C" Q_DECL_EXPORT int epoll_ctl(int set, int operation, int fd, epoll_event *event) noexcept
{
    static const auto original = reinterpret_cast<int (*)(int, int, int, epoll_event *)>(::dlsym(RTLD_NEXT, "epoll_ctl"));
    // The system looks first whether there is such a descriptor.
    if (operation != EPOLL_CTL_DEL && refusedWith != 0 && ::fcntl(fd, F_GETFD) != -1) {
        errno = refusedWith;
        return -1;
    }
    return original(set, operation, fd, event);
}

namespace
{
struct Refusing {
    explicit Refusing(int error = ENOSPC)
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("The set of epoll does not take descriptor \\d+"));
        refusedWith = error;
    }
    ~Refusing()
    {
        refusedWith = 0;
    }
    Q_DISABLE_COPY_MOVE(Refusing)
};
} // namespace

// The user has as many descriptors in sets of epoll as allowed (ENOSPC), or the kernel has no memory (ENOMEM).
class tst_eventdispatcher_refused : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void notifiersAreToldAllTheSame_data();
    void notifiersAreToldAllTheSame();
    void aChangeIsMadeAllTheSame();
    void nobodyGoesRound();
    void timersAndThreadsEndTheWait();
    void localSocketsTalk();
    void whenThereIsRoomAgainTheSetIsUsed();
    void aDescriptorThatWasClosedIsLeftOut();
};

void tst_eventdispatcher_refused::initTestCase()
{
    turns(1);
}

void tst_eventdispatcher_refused::notifiersAreToldAllTheSame_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("ENOSPC") << ENOSPC;
    QTest::newRow("ENOMEM") << ENOMEM;
    QTest::newRow("another, which nobody knows yet") << ELOOP;
}

void tst_eventdispatcher_refused::notifiersAreToldAllTheSame()
{
    QFETCH(int, error);
    const Refusing refusing(error);
    const Ends one;
    const Ends two;
    QSocketNotifier first(one.fd(), QSocketNotifier::Read);
    QSocketNotifier second(two.fd(), QSocketNotifier::Read);
    QSocketNotifier writer(two.fd(), QSocketNotifier::Write);
    QSignalSpy ofFirst(&first, &QSocketNotifier::activated);
    QSignalSpy ofSecond(&second, &QSocketNotifier::activated);
    QSignalSpy ofWriter(&writer, &QSocketNotifier::activated);
    one.send();
    turns(2);
    QCOMPARE(ofFirst.count(), 2);
    QCOMPARE(ofSecond.count(), 0);
    QCOMPARE(ofWriter.count(), 2);
    first.setEnabled(false);
    writer.setEnabled(false);
    two.send();
    turns(1);
    QCOMPARE(ofFirst.count(), 2);
    QCOMPARE(ofSecond.count(), 1);
    QCOMPARE(ofWriter.count(), 2);
    // By a slot that reads all of them none is told in vain.
    first.setEnabled(true);
    connect(&first, &QSocketNotifier::activated, this, [&] {
        QVERIFY(one.take());
        QVERIFY(two.take());
        second.setEnabled(false);
        second.setEnabled(true);
    });
    turns(2);
    QCOMPARE(ofFirst.count(), 3);
}

void tst_eventdispatcher_refused::aChangeIsMadeAllTheSame()
{
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    const Refusing refusing(ENOMEM);
    QSocketNotifier writer(ends.fd(), QSocketNotifier::Write);
    QSignalSpy writable(&writer, &QSocketNotifier::activated);
    ends.send();
    turns(1);
    QCOMPARE(readable.count(), 1); // once
    QCOMPARE(writable.count(), 1);
}

void tst_eventdispatcher_refused::nobodyGoesRound()
{
    const Refusing refusing;
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    const int idle = turnsWhileIdle();
    QVERIFY2(idle < FewTurns, qPrintable(QString::number(idle)));
}

void tst_eventdispatcher_refused::timersAndThreadsEndTheWait()
{
    const Refusing refusing;
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QEventLoop loop;
    for (int i = 0; i < 100; ++i) {
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            loop.exit(i);
        }));
        QTimer::singleShot(i % 2, &loop, [&] {
            thread->start();
        });
        QCOMPARE(loop.exec(), i);
        QVERIFY(thread->wait());
    }
}

void tst_eventdispatcher_refused::localSocketsTalk()
{
    const Refusing refusing;
    auto [socket, peer] = LocalSocket::pair();
    const QByteArray much(4'000'000, 'x');
    socket->write(much);
    qint64 arrived = 0;
    connect(peer.get(), &QIODevice::readyRead, this, [&, peer = peer.get()] {
        arrived += peer->readAll().size();
    });
    QTRY_COMPARE(arrived, much.size());
    peer->close();
    QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
}

void tst_eventdispatcher_refused::whenThereIsRoomAgainTheSetIsUsed()
{
    const Refusing refusing;
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    turns(1);
    refusedWith = 0;
    turns(1);
    epoll_event event = {};
    bool isInASet = false;
    for (int set = 0; set < 100; ++set)
        isInASet = isInASet || ::epoll_ctl(set, EPOLL_CTL_DEL, ends.fd(), &event) == 0;
    QVERIFY(isInASet);
    reader.setEnabled(false);
    reader.setEnabled(true);
    ends.send();
    turns(1);
    QCOMPARE(readable.count(), 1);
}

void tst_eventdispatcher_refused::aDescriptorThatWasClosedIsLeftOut()
{
    const Refusing refusing;
    Ends ends;
    QSocketNotifier forgotten(ends.fd(), QSocketNotifier::Read);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("A socket notifier for descriptor \\d+ cannot be enabled: Bad file descriptor"));
    ends.one.reset();
    const int idle = turnsWhileIdle();
    QVERIFY2(idle < FewTurns, qPrintable(QString::number(idle)));
    forgotten.setEnabled(false);
}

DISPATCHERTEST_MAIN(tst_eventdispatcher_refused)
#include "tst_eventdispatcher_refused.moc"
