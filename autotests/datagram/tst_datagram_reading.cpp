// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "../local/forkedchild.h"
#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

#include <QElapsedTimer>

#include <csignal>
#include <sys/time.h>
#include <thread>

using namespace InterprocessQt;

// When readyRead() comes, and how one waits without it.
class tst_datagram_reading : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itIsToldFromTheEventLoop();
    void whoDoesNotReadIsToldOnce();
    void whoReadsOneIsToldOfTheNext();
    void whatComesLaterIsTold();
    void theEndOfTheOtherSideIsNoDatagram();
    void aSocketThatIsShutDownCostsNoTime_data();
    void aSocketThatIsShutDownCostsNoTime();
    void whoFindsNothingIsToldOfTheNext();
    void waitingWorksWithoutAnEventLoop();
    void waitingKeepsItsDeadline();
    void waitingSendsMeanwhile();
    void aSharedSocketIsReadByWhoIsQuicker();
};

void tst_datagram_reading::itIsToldFromTheEventLoop()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    QSignalSpy ready(&receiver, &UnixDatagramSocket::readyRead);
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "hello", path()));
    QVERIFY(receiver.hasPendingDatagrams()); // asks the kernel
    QCOMPARE(ready.count(), 0);
    QTRY_COMPARE(ready.count(), 1);
    QCOMPARE(receiver.receive()->data(), "hello");
}

void tst_datagram_reading::whoDoesNotReadIsToldOnce()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QSignalSpy ready(second.get(), &UnixDatagramSocket::readyRead);
    QVERIFY(first->send("one"));
    QTRY_COMPARE(ready.count(), 1);
    const auto before = processorTime();
    QTest::qWait(500);
    QVERIFY2((processorTime() - before).count() < 250, "it is told again and again");
    QVERIFY(first->send("two"));
    runTurns();
    QCOMPARE(ready.count(), 1);
    QCOMPARE(second->receive()->data(), "one");
    QTRY_COMPARE(ready.count(), 2);
}

void tst_datagram_reading::whoReadsOneIsToldOfTheNext()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QList<QByteArray> got;
    connect(second.get(), &UnixDatagramSocket::readyRead, this, [&, &receiver = second] {
        got.append(receiver->receive()->data());
    });
    for (const char *text : {"one", "two", "three"})
        QVERIFY(first->send(text));
    QTRY_COMPARE(got, QList<QByteArray>({"one", "two", "three"}));
}

void tst_datagram_reading::whatComesLaterIsTold()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QSignalSpy ready(second.get(), &UnixDatagramSocket::readyRead);
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(first->send("x"));
        QTRY_COMPARE(ready.count(), i);
        while (second->receive()) { }
    }
}

void tst_datagram_reading::theEndOfTheOtherSideIsNoDatagram()
{
    auto [first, second] = UnixDatagramSocket::pair();
    QSignalSpy ready(second.get(), &UnixDatagramSocket::readyRead);
    QVERIFY(first->send("last words"));
    first.reset();
    QTRY_COMPARE(ready.count(), 1);
    QCOMPARE(second->receive()->data(), "last words");
    runTurns();
    QVERIFY(!second->receive());
    QCOMPARE(ready.count(), 1);
}

void tst_datagram_reading::aSocketThatIsShutDownCostsNoTime_data()
{
    QTest::addColumn<int>("directions");
    QTest::newRow("both directions") << int(SHUT_RDWR);
    QTest::newRow("for reading") << int(SHUT_RD);
}

void tst_datagram_reading::aSocketThatIsShutDownCostsNoTime()
{
    QFETCH(int, directions);
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    QSignalSpy ready(&socket, &UnixDatagramSocket::readyRead);
    QCOMPARE(::shutdown(int(socket.socketDescriptor()), directions), 0);
    const auto before = processorTime();
    QTest::qWait(400);
    QVERIFY2((processorTime() - before).count() < 200, "it is busy waiting");
    QCOMPARE(ready.count(), 0);
    QVERIFY(!socket.waitForReadyRead(10'000));
    QCOMPARE(socket.error(), UnixDatagramSocket::OperationError);
}

// As where several processes have one socket, and each asks before it reads.
void tst_datagram_reading::whoFindsNothingIsToldOfTheNext()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    bool othersAreQuicker = true;
    QByteArrayList all;
    connect(&receiver, &UnixDatagramSocket::readyRead, this, [&] {
        char byte = 0;
        if (std::exchange(othersAreQuicker, false))
            QCOMPARE(::recv(int(receiver.socketDescriptor()), &byte, 1, MSG_DONTWAIT), 1);
        while (receiver.hasPendingDatagrams())
            all.append(receiver.receive()->data());
    });
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "1", path()));
    QTRY_VERIFY(!othersAreQuicker);
    runTurns(); // turns in which nothing comes
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "2", path()));
    QTRY_COMPARE(all, QByteArrayList{"2"});
}

void tst_datagram_reading::waitingWorksWithoutAnEventLoop()
{
    UnixDatagramSocket receiver;
    QVERIFY(!receiver.waitForReadyRead(10));
    QCOMPARE(receiver.error(), UnixDatagramSocket::OperationError);
    QVERIFY(receiver.bind(path()));
    QSignalSpy ready(&receiver, &UnixDatagramSocket::readyRead);
    ForkedChild child([this]() -> QByteArray {
        ::usleep(50'000); // the parent waits by then; that it does is nothing anybody tells
        return Raw::sendTo(Raw::socket(SOCK_DGRAM), QByteArray(), path()) ? "sent" : "not sent";
    });
    QVERIFY2(receiver.waitForReadyRead(std::chrono::seconds(20)), qPrintable(receiver.errorString()));
    QCOMPARE(ready.count(), 1);
    QCOMPARE(receiver.pendingDatagramSize(), 0);
    QVERIFY(receiver.waitForReadyRead(0)); // still there
    QCOMPARE(ready.count(), 1);
    QVERIFY(receiver.receive());
    QVERIFY(!receiver.waitForReadyRead(0));
    QCOMPARE(receiver.error(), UnixDatagramSocket::SocketTimeoutError);
    QCOMPARE(child.result(), "sent");
}

void tst_datagram_reading::waitingKeepsItsDeadline()
{
    // Signals interrupt each call of poll() many times.
    struct sigaction ignore = {};
    ignore.sa_handler = [](int) {};
    struct sigaction before = {};
    QCOMPARE(::sigaction(SIGALRM, &ignore, &before), 0);
    itimerval often = {{0, 5'000}, {0, 5'000}};
    QCOMPARE(::setitimer(ITIMER_REAL, &often, nullptr), 0);
    UnixDatagramSocket receiver;
    const bool bound = receiver.bind(path());
    QElapsedTimer timer;
    timer.start();
    const bool ready = receiver.waitForReadyRead(200);
    const qint64 elapsed = timer.elapsed();
    itimerval never = {};
    ::setitimer(ITIMER_REAL, &never, nullptr);
    ::sigaction(SIGALRM, &before, nullptr);
    QVERIFY(bound);
    QVERIFY(!ready);
    QVERIFY2(elapsed >= 199, qPrintable(QString::number(elapsed)));
}

void tst_datagram_reading::waitingSendsMeanwhile()
{
    // Two that ask and wait for the answer, while what they ask has to wait itself.
    UnixDatagramSocket server;
    QVERIFY(server.bind(path("server")));
    Raw::fill(path("server"));
    UnixDatagramSocket client;
    QVERIFY(client.bind(path("client")));
    QVERIFY(client.sendTo("question", path("server")));
    QCOMPARE(client.datagramsToSend(), 1);
    std::thread thread([&] {
        UnixDatagramSocket answering;
        for (;;) {
            if (!server.waitForReadyRead(20'000))
                return;
            const auto message = server.receive();
            if (message && message->data() == "question") {
                server.sendTo("answer", message->sender());
                return;
            }
        }
    });
    const bool ready = client.waitForReadyRead(20'000);
    thread.join();
    QVERIFY(ready);
    QCOMPARE(client.receive()->data(), "answer");
}

void tst_datagram_reading::aSharedSocketIsReadByWhoIsQuicker()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket other;
    QVERIFY(other.setSocketDescriptor(::fcntl(int(receiver.socketDescriptor()), F_DUPFD_CLOEXEC, 0)));
    connect(&receiver, &UnixDatagramSocket::readyRead, this, [&] {
        while (receiver.receive()) { }
    });
    connect(&other, &UnixDatagramSocket::readyRead, this, [&] {
        while (other.receive()) { }
    });
    QSignalSpy errors(&receiver, &UnixDatagramSocket::errorOccurred);
    for (int i = 0; i < 20; ++i) {
        QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "x", path()));
        QTRY_VERIFY(!receiver.hasPendingDatagrams());
    }
    QCOMPARE(errors.count(), 0);
}

QTEST_GUILESS_MAIN(tst_datagram_reading)
#include "tst_datagram_reading.moc"
