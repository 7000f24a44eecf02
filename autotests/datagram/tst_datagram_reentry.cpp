// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

#include <QEventLoop>
#include <QThread>

#include <thread>

using namespace InterprocessQt;

// What slots may do, and threads.
class tst_datagram_reentry : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itMayBeDeletedInASlot_data();
    void itMayBeDeletedInASlot();
    void itMayBeClosedInReadyRead();
    void aNestedLoopGoesOn();
    void itMovesToAnotherThreadWhileOpen();
    void whatWaitsToBeSentMovesAlong();
    void itMovesFromItsOwnSlot();
    void itIsMadeBeforeThereIsAnEventLoop();
};

void tst_datagram_reentry::itMayBeDeletedInASlot_data()
{
    QTest::addColumn<QString>("which");
    for (const char *which : {"readyRead", "datagramsSent", "errorOccurred", "datagramsDropped", "congestedChanged", "descriptorsLost"})
        QTest::newRow(which) << which;
}

void tst_datagram_reentry::itMayBeDeletedInASlot()
{
    QFETCH(QString, which);
    auto *socket = new UnixDatagramSocket;
    QVERIFY(socket->bind(path()));
    socket->setSendQueueLimit(2);
    Raw::NativeHandle receiver = Raw::receiver(path("receiver"));
    QPointer<UnixDatagramSocket> alive = socket;
    const auto remove = [&] {
        delete socket;
    };
    // What happens all at once is enough for each of them.
    if (which == "readyRead")
        connect(socket, &UnixDatagramSocket::readyRead, this, remove);
    else if (which == "datagramsSent")
        connect(socket, &UnixDatagramSocket::datagramsSent, this, remove);
    else if (which == "errorOccurred")
        connect(socket, &UnixDatagramSocket::errorOccurred, this, remove);
    else if (which == "datagramsDropped")
        connect(socket, &UnixDatagramSocket::datagramsDropped, this, remove);
    else if (which == "congestedChanged")
        connect(socket, &UnixDatagramSocket::congestedChanged, this, remove);
    else
        connect(socket, &UnixDatagramSocket::descriptorsLost, this, remove);
    QVERIFY(socket->sendTo(UnixMessage("with one",
                                       [] {
                                           std::vector<FileDescriptor> one;
                                           one.push_back(Raw::socket());
                                           return one;
                                       }()),
                           path()));
    QVERIFY(socket->receive()->descriptorsLost());
    QVERIFY(socket->sendTo("to myself", path()));
    Raw::fill(path("receiver"));
    QVERIFY(socket->sendTo("1", path("receiver")));
    QVERIFY(socket->sendTo("2", path("receiver")));
    if (which == "errorOccurred" || which == "datagramsDropped")
        receiver.reset();
    else if (which != "readyRead" && which != "datagramsSent")
        QVERIFY(socket->isCongested());
    if (which == "congestedChanged" || which == "descriptorsLost" || which == "readyRead" || which == "datagramsSent")
        QTest::ignoreMessage(QtWarningMsg, "UnixDatagramSocket: 2 datagrams that waited to be sent were dropped");
    QTRY_VERIFY(!alive);
}

void tst_datagram_reentry::itMayBeClosedInReadyRead()
{
    UnixDatagramSocket socket;
    connect(&socket, &UnixDatagramSocket::readyRead, &socket, &UnixDatagramSocket::close);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(socket.bind(path()));
        QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "x", path()));
        QTRY_VERIFY(!socket.isOpen());
        QVERIFY(!socket.receive());
        QVERIFY(!socket.hasPendingDatagrams());
        QCOMPARE(socket.pendingDatagramSize(), -1);
    }
}

void tst_datagram_reentry::aNestedLoopGoesOn()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QList<QByteArray> got;
    QEventLoop loop;
    connect(second.get(), &UnixDatagramSocket::readyRead, this, [&, &receiver = second, &sender = first] {
        got.append(receiver->receive()->data());
        if (got.size() == 1) {
            sender->send("two");
            loop.exec(); // ended by the second
        } else {
            loop.quit();
        }
    });
    QVERIFY(first->send("one"));
    QTRY_COMPARE(got, QList<QByteArray>({"one", "two"}));
    QVERIFY(!loop.isRunning());

    // In a slot about what was sent: signals of others, and its own next ones, come in the nested loop.
    int told = 0;
    connect(first.get(), &UnixDatagramSocket::datagramsSent, this, [&, &sender = first](int count) {
        told += count;
        if (told == 1) {
            sender->send("three");
            QTRY_COMPARE(told, 2);
        }
    });
    QVERIFY(first->send("more"));
    QTRY_COMPARE(told, 2);
}

void tst_datagram_reentry::itMovesToAnotherThreadWhileOpen()
{
    UnixDatagramSocket sender;
    auto *receiver = new UnixDatagramSocket;
    QVERIFY(receiver->bind(path()));
    std::atomic<int> count = 0;
    std::atomic<bool> right = true;
    QThread thread;
    connect(receiver, &UnixDatagramSocket::readyRead, receiver, [&] {
        right = right && QThread::currentThread() == &thread;
        while (receiver->receive())
            ++count;
    });
    QVERIFY(sender.sendTo("before", path())); // not told yet
    receiver->moveToThread(&thread);
    QVERIFY(sender.sendTo("between", path()));
    connect(&thread, &QThread::finished, receiver, &QObject::deleteLater);
    thread.start();
    QTRY_COMPARE(count.load(), 2);
    QVERIFY(sender.sendTo("after", path()));
    QTRY_COMPARE(count.load(), 3);
    QVERIFY(right);
    thread.quit();
    QVERIFY(thread.wait(20'000));
    QVERIFY(!Raw::fileAt(path()));
}

void tst_datagram_reentry::whatWaitsToBeSentMovesAlong()
{
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    auto *socket = new UnixDatagramSocket;
    for (int i = 0; i < 5; ++i)
        QVERIFY(socket->sendTo("moved", path()));
    QTest::qWait(5); // its timer is running
    std::atomic<int> told = 0;
    connect(
        socket,
        &UnixDatagramSocket::datagramsSent,
        socket,
        [&](int count) {
            told += count;
        },
        Qt::DirectConnection);
    QThread thread;
    socket->moveToThread(&thread);
    connect(&thread, &QThread::finished, socket, &QObject::deleteLater);
    thread.start();
    int got = 0;
    QVERIFY(waitUntil([&] {
        while (const auto data = Raw::received(receiver))
            got += *data == "moved";
        return got == 5;
    }));
    QTRY_COMPARE(told.load(), 5);
    thread.quit();
    QVERIFY(thread.wait(20'000));
}

void tst_datagram_reentry::itMovesFromItsOwnSlot()
{
    QThread thread;
    thread.start();
    auto *receiver = new UnixDatagramSocket;
    QVERIFY(receiver->bind(path()));
    std::atomic<int> here = 0;
    std::atomic<int> there = 0;
    connect(
        receiver,
        &UnixDatagramSocket::readyRead,
        receiver,
        [&] {
            static_cast<void>(receiver->receive());
            if (QThread::currentThread() == &thread) {
                ++there;
            } else {
                ++here;
                receiver->moveToThread(&thread);
            }
        },
        Qt::DirectConnection);
    connect(&thread, &QThread::finished, receiver, &QObject::deleteLater);
    UnixDatagramSocket sender;
    for (int i = 0; i < 5; ++i)
        QVERIFY(sender.sendTo("x", path()));
    QTRY_COMPARE(there.load(), 4);
    QCOMPARE(here.load(), 1);
    thread.quit();
    QVERIFY(thread.wait(20'000));
}

void tst_datagram_reentry::itIsMadeBeforeThereIsAnEventLoop()
{
    // A thread of the standard library has no event loop until somebody makes one.
    bool got = false;
    std::thread thread([&] {
        UnixDatagramSocket receiver;
        UnixDatagramSocket sender;
        if (!receiver.bind(path()) || !sender.sendTo("early", path()))
            return;
        QEventLoop loop;
        connect(&receiver, &UnixDatagramSocket::readyRead, &loop, [&] {
            got = receiver.receive().has_value();
            loop.quit();
        });
        loop.exec();
    });
    thread.join();
    QVERIFY(got);
}

QTEST_GUILESS_MAIN(tst_datagram_reentry)
#include "tst_datagram_reentry.moc"
