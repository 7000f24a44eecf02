// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "dispatchertest.h"

#include <InterprocessQt/NativeHandle>

#include <QLoggingCategory>
#include <QRegularExpression>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace InterprocessQt;

class tst_eventdispatcher_notifiers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void readingAndWritingAreTold();
    void itIsToldAsLongAsItGoesOn();
    void theEndIsTold();
    void urgentDataIsTold();
    void aDisabledOneIsSilentAndCostsNothing();
    void aRegularFileIsAlwaysReady();
    void aSlotMayDeleteItAndOthers();
    void aSlotMayPutAnotherInItsPlace();
    void theyCanBeLeftOut();
    void aDescriptorThatWasClosedTooEarlyDoesNotSpin();
    void aNumberThatIsUsedAgainIsWatchedAgain();
    void twoOfAKindAreWarnedOf();
    void aBadDescriptorIsWarnedOf();
    void theyMoveToAnotherThread();
    void aChildGoesOnByItself();
    void manyAreServed();
};

void tst_eventdispatcher_notifiers::readingAndWritingAreTold()
{
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSocketNotifier writer(ends.fd(), QSocketNotifier::Write);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    QSignalSpy writable(&writer, &QSocketNotifier::activated);
    turns(1);
    QCOMPARE(readable.count(), 0);
    QCOMPARE(writable.count(), 1);
    writer.setEnabled(false);
    ends.send();
    turns(1);
    QCOMPARE(readable.count(), 1);
    QCOMPARE(writable.count(), 1);
    QCOMPARE(int(readable[0][0].value<QSocketDescriptor>()), ends.fd());
}

void tst_eventdispatcher_notifiers::itIsToldAsLongAsItGoesOn()
{
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    ends.send();
    turns(3);
    QCOMPARE(readable.count(), 3);
    QVERIFY(ends.take());
    turns(3);
    QCOMPARE(readable.count(), 3);
}

void tst_eventdispatcher_notifiers::theEndIsTold()
{
    Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    ends.other.reset();
    turns(1);
    QCOMPARE(readable.count(), 1);
}

void tst_eventdispatcher_notifiers::urgentDataIsTold()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket socket;
    socket.connectToHost(server.serverAddress(), server.serverPort());
    QVERIFY(socket.waitForConnected());
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<QTcpSocket> peer(server.nextPendingConnection());
    QSocketNotifier urgent(socket.socketDescriptor(), QSocketNotifier::Exception);
    int told = 0;
    connect(&urgent, &QSocketNotifier::activated, this, [&] {
        ++told;
        urgent.setEnabled(false);
    });
    peer->write("ordinary");
    QTRY_COMPARE(socket.bytesAvailable(), 8);
    QCOMPARE(told, 0);
    QCOMPARE(::send(int(peer->socketDescriptor()), "!", 1, MSG_OOB), 1);
    QTRY_COMPARE(told, 1);
}

void tst_eventdispatcher_notifiers::aDisabledOneIsSilentAndCostsNothing()
{
    // A hang-up is reported by epoll whether somebody waits for it or not.
    Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    reader.setEnabled(false);
    ends.other.reset();
    const int idle = turnsWhileIdle();
    QCOMPARE(readable.count(), 0);
    QVERIFY2(idle < FewTurns, qPrintable(QString::number(idle)));
    reader.setEnabled(true);
    turns(1);
    QCOMPARE(readable.count(), 1);
}

void tst_eventdispatcher_notifiers::aRegularFileIsAlwaysReady()
{
    const NativeHandle file(::open(qPrintable(path("file")), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    QVERIFY(file.isValid());
    QSocketNotifier reader(file.get(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    turns(3);
    QCOMPARE(readable.count(), 3);
    QVERIFY(QAbstractEventDispatcher::instance()->processEvents(QEventLoop::WaitForMoreEvents)); // and does not wait
    reader.setEnabled(false);
    const auto before = readable.count();
    turns(3);
    QCOMPARE(readable.count(), before);
}

void tst_eventdispatcher_notifiers::aSlotMayDeleteItAndOthers()
{
    std::vector<Ends> ends(10);
    std::vector<std::unique_ptr<QSocketNotifier>> readers;
    int told = 0;
    for (const Ends &pair : ends) {
        readers.push_back(std::make_unique<QSocketNotifier>(pair.fd(), QSocketNotifier::Read));
        connect(readers.back().get(), &QSocketNotifier::activated, this, [&] {
            ++told;
            readers.clear();
        });
        pair.send();
    }
    turns(3);
    QCOMPARE(told, 1);
}

void tst_eventdispatcher_notifiers::aSlotMayPutAnotherInItsPlace()
{
    // Of the same number: what was reported was about the one before.
    std::vector<Ends> ends(2);
    std::vector<std::unique_ptr<QSocketNotifier>> readers;
    std::unique_ptr<QSocketNotifier> newcomer;
    Ends fresh;
    int told = 0;
    int newcomersTold = 0;
    for (const Ends &pair : ends) {
        readers.push_back(std::make_unique<QSocketNotifier>(pair.fd(), QSocketNotifier::Read));
        connect(readers.back().get(), &QSocketNotifier::activated, this, [&] {
            if (++told > 1)
                return;
            readers.clear();
            for (Ends &old : ends) {
                QVERIFY(::dup2(fresh.fd(), old.fd()) != -1);
                newcomer = std::make_unique<QSocketNotifier>(old.fd(), QSocketNotifier::Read);
                connect(newcomer.get(), &QSocketNotifier::activated, this, [&] {
                    ++newcomersTold;
                });
            }
        });
        pair.send();
    }
    turns(3);
    QCOMPARE(told, 1);
    QCOMPARE(newcomersTold, 0);
    fresh.send();
    turns(1);
    QCOMPARE(newcomersTold, 1);
}

void tst_eventdispatcher_notifiers::theyCanBeLeftOut()
{
    const Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    ends.send();
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    dispatcher->processEvents(QEventLoop::ExcludeSocketNotifiers);
    QCOMPARE(readable.count(), 0);
    // And they do not end a wait: a timer and a thread do.
    for (int round = 0; round < 3; ++round) {
        bool due = false;
        QTimer::singleShot(10, this, [&] {
            due = true;
        });
        int rounds = 0;
        while (!due) {
            dispatcher->processEvents(QEventLoop::ExcludeSocketNotifiers | QEventLoop::WaitForMoreEvents);
            ++rounds;
        }
        QVERIFY2(rounds < 10, qPrintable(QString::number(rounds)));
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            QMetaObject::invokeMethod(this, [&] {
                due = false;
            });
        }));
        thread->start();
        while (due)
            dispatcher->processEvents(QEventLoop::ExcludeSocketNotifiers | QEventLoop::WaitForMoreEvents);
        QVERIFY(thread->wait());
    }
    QCOMPARE(readable.count(), 0);
    dispatcher->processEvents(QEventLoop::AllEvents);
    QCOMPARE(readable.count(), 1);
}

void tst_eventdispatcher_notifiers::aDescriptorThatWasClosedTooEarlyDoesNotSpin()
{
    // Whoever has it, too, keeps it in the set of epoll, and nobody can take it out.
    Ends ends;
    const NativeHandle another(::fcntl(ends.fd(), F_DUPFD_CLOEXEC, 0));
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    Ends bystander;
    QSocketNotifier other(bystander.fd(), QSocketNotifier::Read);
    QSignalSpy othersReadable(&other, &QSocketNotifier::activated);
    ends.one.reset();
    reader.setEnabled(false);
    ends.send();
    const int idle = turnsWhileIdle();
    QVERIFY2(idle < FewTurns, qPrintable(QString::number(idle)));
    QCOMPARE(readable.count(), 0);
    // The others are in the new set.
    bystander.send();
    turns(1);
    QCOMPARE(othersReadable.count(), 1);
}

void tst_eventdispatcher_notifiers::aNumberThatIsUsedAgainIsWatchedAgain()
{
    Ends ends;
    const int fd = ends.fd();
    QSocketNotifier forgotten(fd, QSocketNotifier::Write);
    turns(1);
    ends.one.reset(); // with the notifier enabled
    const Ends next;
    const NativeHandle again(::dup2(next.fd(), fd));
    QSocketNotifier reader(fd, QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    next.send();
    turns(1);
    QCOMPARE(readable.count(), 1);
    forgotten.setEnabled(false);
    reader.setEnabled(false);
}

void tst_eventdispatcher_notifiers::twoOfAKindAreWarnedOf()
{
    const Ends ends;
    QSocketNotifier one(ends.fd(), QSocketNotifier::Read);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("Multiple socket notifiers for the same descriptor"));
    QSocketNotifier two(ends.fd(), QSocketNotifier::Read);
    QSignalSpy ofTwo(&two, &QSocketNotifier::activated);
    ends.send();
    turns(1);
    QCOMPARE(ofTwo.count(), 1);
    one.setEnabled(false); // takes nothing away from the other
    turns(1);
    QCOMPARE(ofTwo.count(), 2);
}

void tst_eventdispatcher_notifiers::aBadDescriptorIsWarnedOf()
{
    int fd = -1;
    {
        const Ends ends;
        fd = ends.fd();
    }
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("A socket notifier for descriptor \\d+ cannot be enabled: Bad file descriptor"));
    QSocketNotifier reader(fd, QSocketNotifier::Read);
    turns(2);
    reader.setEnabled(false);
}

void tst_eventdispatcher_notifiers::theyMoveToAnotherThread()
{
    const Ends ends;
    QThread thread;
    thread.setEventDispatcher(new EventDispatcher);
    auto *const reader = new QSocketNotifier(ends.fd(), QSocketNotifier::Read);
    QAtomicPointer<QThread> where;
    connect(
        reader,
        &QSocketNotifier::activated,
        reader,
        [&] {
            where.storeRelease(QThread::currentThread());
            (void)ends.take();
        },
        Qt::DirectConnection);
    reader->moveToThread(&thread);
    connect(&thread, &QThread::finished, reader, &QObject::deleteLater);
    ends.send();
    turns(2);
    QVERIFY(!where.loadAcquire());
    thread.start();
    QTRY_COMPARE(where.loadAcquire(), &thread);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_eventdispatcher_notifiers::aChildGoesOnByItself()
{
    Ends ends;
    QSocketNotifier reader(ends.fd(), QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    turns(1);
    const pid_t child = ::fork();
    if (child == 0) {
        // What it does with its notifiers is nothing to the parent.
        ::alarm(20);
        const Ends own;
        QSocketNotifier ownReader(own.fd(), QSocketNotifier::Read);
        QSignalSpy ownReadable(&ownReader, &QSocketNotifier::activated);
        own.send();
        turns(1);
        const bool works = ownReadable.count() == 1;
        reader.setEnabled(false);
        turns(1);
        ::_exit(works ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    ends.send();
    turns(1);
    QCOMPARE(readable.count(), 1);
}

void tst_eventdispatcher_notifiers::manyAreServed()
{
    // More than one wait reports at once.
    std::vector<Ends> ends(200);
    std::vector<std::unique_ptr<QSocketNotifier>> readers;
    QSet<int> told;
    for (const Ends &pair : ends) {
        readers.push_back(std::make_unique<QSocketNotifier>(pair.fd(), QSocketNotifier::Read));
        connect(readers.back().get(), &QSocketNotifier::activated, this, [&told, &pair] {
            QVERIFY(pair.take());
            QVERIFY(!told.contains(pair.fd()));
            told.insert(pair.fd());
        });
        pair.send();
    }
    turns(8);
    QCOMPARE(told.size(), 200);
}

DISPATCHERTEST_MAIN(tst_eventdispatcher_notifiers)
#include "tst_eventdispatcher_notifiers.moc"
