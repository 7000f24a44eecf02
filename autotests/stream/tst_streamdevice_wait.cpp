// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QElapsedTimer>
#include <QPointer>

#include <chrono>
#include <csignal>
#include <ctime>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/time.h>

using namespace InterprocessQt;
using namespace std::chrono_literals;

class tst_streamdevice_wait : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void deadlinesHoldThroughAStormOfSignals_data();
    void deadlinesHoldThroughAStormOfSignals();
    void dataArrivesThroughAStormOfSignals();
    void waitingUsesNoProcessorTime();
    void nothingToWaitForReturnsAtOnce();
    void aWaitForDataEndsWithTheConnection();
    void aWaitForEverEndsWithTheData();
    void whatCameBeforeTheWaitCounts();
    void allThatIsToBeWrittenIsWritten();
    void aWriterThatWaitsGoesOnReading();
    void aClosingSocketIsFlushedByTheWait();
    void waitsWorkInsideSlots_data();
    void waitsWorkInsideSlots();
    void aSlotMayEndTheSocketThatWaits_data();
    void aSlotMayEndTheSocketThatWaits();
};

namespace
{
void ignoreSignal(int)
{
}

// A signal every 100 microseconds, each of which interrupts what the process is waiting in.
class Storm
{
public:
    Storm()
    {
        struct sigaction action = {};
        action.sa_handler = ignoreSignal; // without SA_RESTART
        ::sigaction(SIGALRM, &action, &m_before);
        const itimerval often = {{0, 100}, {0, 100}};
        ::setitimer(ITIMER_REAL, &often, nullptr);
    }
    ~Storm()
    {
        const itimerval never = {};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &m_before, nullptr);
    }
    Q_DISABLE_COPY_MOVE(Storm)

private:
    struct sigaction m_before = {};
};

std::chrono::nanoseconds processorTime()
{
    timespec time = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

NativeHandle copyOfDescriptor(const LocalSocket &socket)
{
    NativeHandle borrowed(socket.socketDescriptor());
    NativeHandle copy = borrowed.duplicate();
    (void)borrowed.release();
    return copy;
}

constexpr int Much = 4 * 1024 * 1024;
} // namespace

void tst_streamdevice_wait::deadlinesHoldThroughAStormOfSignals_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"ReadyRead", "BytesWritten", "Disconnected", "Connected", "NewConnection"})
        QTest::newRow(what) << QString(what);
}

void tst_streamdevice_wait::deadlinesHoldThroughAStormOfSignals()
{
    QFETCH(QString, what);
    auto [socket, peer] = LocalSocket::pair();
    LocalServer server;
    server.setListenBacklogSize(1);
    QVERIFY(server.listen(path()));
    std::vector<std::unique_ptr<LocalSocket>> clients;
    if (what == "BytesWritten") {
        // One that does not read: sooner or later nothing more can be written.
        socket->write(QByteArray(Much, 'x'));
        while (socket->waitForBytesWritten(10)) { }
    } else if (what == "Connected") {
        // A server that does not accept, and has no room left for another one to wait.
        do {
            clients.push_back(std::make_unique<LocalSocket>());
            clients.back()->connectToServer(path());
        } while (clients.back()->state() == LocalSocket::ConnectedState && clients.size() < 100);
        QCOMPARE(clients.back()->state(), LocalSocket::ConnectingState);
    }

    const auto wait = [&, &waiting = socket](std::chrono::milliseconds time) {
        if (what == "ReadyRead")
            return waiting->waitForReadyRead(time);
        if (what == "BytesWritten")
            return waiting->waitForBytesWritten(time);
        if (what == "Disconnected")
            return waiting->waitForDisconnected(time);
        if (what == "Connected")
            return clients.back()->waitForConnected(time);
        return server.waitForNewConnection(time);
    };
    const Storm storm;
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!wait(300ms));
    QVERIFY(timer.elapsed() >= 300); // a signal is not the end of the time
    QVERIFY(timer.elapsed() < 20'000); // and does not start it anew
    timer.start();
    QVERIFY(!wait(0ms));
    QVERIFY(timer.elapsed() < 20'000);
}

void tst_streamdevice_wait::dataArrivesThroughAStormOfSignals()
{
    auto [socket, peer] = LocalSocket::pair();
    NativeHandle descriptor = copyOfDescriptor(*peer);
    peer.reset();
    QByteArray answered;
    std::thread other([&] {
        LocalSocket echo;
        if (!echo.setSocketDescriptor(descriptor.release()))
            return;
        while (answered.size() < Much && echo.waitForReadyRead(10'000)) {
            const QByteArray bytes = echo.readAll();
            answered += bytes;
            echo.write(bytes);
        }
        while (echo.bytesToWrite() > 0 && echo.waitForBytesWritten(10'000)) { }
    });
    QByteArray received;
    {
        const Storm storm;
        socket->write(QByteArray(Much, 's'));
        while (received.size() < Much && socket->waitForReadyRead(10'000))
            received += socket->readAll();
    }
    other.join();
    QCOMPARE(answered.size(), Much);
    QCOMPARE(received.size(), Much);
}

void tst_streamdevice_wait::waitingUsesNoProcessorTime()
{
    auto [socket, peer] = LocalSocket::pair();
    // What could make a poll() return at once: data that there is no room for, and a queue that nobody drains.
    socket->setReadBufferSize(10);
    peer->write(QByteArray(100, 'x'));
    peer->flush();
    QVERIFY(socket->waitForReadyRead());
    socket->write(QByteArray(Much, 'x'));
    while (socket->waitForBytesWritten(10)) { }

    const auto before = processorTime();
    QVERIFY(!socket->waitForBytesWritten(300));
    QVERIFY(!socket->waitForDisconnected(300));
    socket->abort();
    auto idle = LocalSocket::pair();
    QVERIFY(!idle.first->waitForReadyRead(300));
    QVERIFY(processorTime() - before < 200ms); // of 900
}

void tst_streamdevice_wait::nothingToWaitForReturnsAtOnce()
{
    LocalSocket unconnected;
    QVERIFY(!unconnected.waitForReadyRead(-1));
    QVERIFY(!unconnected.waitForBytesWritten(-1));
    QVERIFY(!unconnected.waitForConnected(-1));
    QTest::ignoreMessage(QtWarningMsg, "LocalSocket::waitForDisconnected() is not allowed in UnconnectedState");
    QVERIFY(!unconnected.waitForDisconnected(-1));
    auto [socket, peer] = LocalSocket::pair();
    QVERIFY(!socket->waitForBytesWritten(-1)); // nothing is to be written
    QVERIFY(socket->waitForConnected(-1));
}

void tst_streamdevice_wait::aWaitForDataEndsWithTheConnection()
{
    auto [socket, peer] = LocalSocket::pair();
    QSignalSpy disconnected(socket.get(), &LocalSocket::disconnected);
    peer->write("last words");
    peer.reset();
    QVERIFY(socket->waitForReadyRead(-1));
    QCOMPARE(socket->readAll(), "last words");
    QVERIFY(!socket->waitForReadyRead(-1));
    QCOMPARE(socket->state(), LocalSocket::UnconnectedState);
    QCOMPARE(socket->error(), LocalSocket::PeerClosedError);
    QCOMPARE(disconnected.size(), 1);
}

void tst_streamdevice_wait::aWaitForEverEndsWithTheData()
{
    auto [socket, peer] = LocalSocket::pair();
    NativeHandle descriptor = copyOfDescriptor(*peer);
    peer.reset();
    std::thread writer([&] {
        // Nothing tells that somebody blocks; if this comes too early the test passes all the same.
        std::this_thread::sleep_for(50ms);
        (void)!::send(int(descriptor.get()), "at last", 7, MSG_NOSIGNAL);
        descriptor.reset();
    });
    const bool arrived = socket->waitForReadyRead(-1);
    writer.join();
    QVERIFY(arrived);
    QCOMPARE(socket->readAll(), "at last");
    QVERIFY(socket->state() == LocalSocket::UnconnectedState || socket->waitForDisconnected(-1));
}

void tst_streamdevice_wait::whatCameBeforeTheWaitCounts()
{
    auto [socket, peer] = LocalSocket::pair();
    peer->write("here");
    peer->flush(); // in the kernel, but not read
    QVERIFY(socket->waitForReadyRead(0ms));
    QCOMPARE(socket->bytesAvailable(), 4);
    QVERIFY(!socket->waitForReadyRead(0ms)); // only what is new
    QCOMPARE(socket->readAll(), "here");
}

void tst_streamdevice_wait::allThatIsToBeWrittenIsWritten()
{
    auto [socket, peer] = LocalSocket::pair();
    QSignalSpy written(socket.get(), &LocalSocket::bytesWritten);
    socket->write("one");
    socket->write("two");
    QVERIFY(socket->waitForBytesWritten(0));
    QCOMPARE(socket->bytesToWrite(), 0);
    QVERIFY(!written.isEmpty());
    QVERIFY(peer->waitForReadyRead(0ms));
    QCOMPARE(peer->readAll(), "onetwo");
}

void tst_streamdevice_wait::aWriterThatWaitsGoesOnReading()
{
    // Both write more than fits before either reads; without reading meanwhile both would wait for ever.
    auto [first, second] = LocalSocket::pair();
    first->write(QByteArray(Much, '1'));
    second->write(QByteArray(Much, '2'));
    while (first->bytesToWrite() > 0 || second->bytesToWrite() > 0) {
        const bool progress = (first->bytesToWrite() > 0 && first->waitForBytesWritten(1)) || (second->bytesToWrite() > 0 && second->waitForBytesWritten(1))
            || first->waitForReadyRead(1) || second->waitForReadyRead(1);
        QVERIFY(progress);
    }
    while (first->bytesAvailable() < Much)
        QVERIFY(first->waitForReadyRead());
    while (second->bytesAvailable() < Much)
        QVERIFY(second->waitForReadyRead());
}

void tst_streamdevice_wait::aClosingSocketIsFlushedByTheWait()
{
    auto [closing, peer] = LocalSocket::pair();
    NativeHandle descriptor = copyOfDescriptor(*peer);
    peer.reset();
    qint64 received = 0;
    std::thread reader([&] {
        LocalSocket socket;
        if (!socket.setSocketDescriptor(descriptor.release()))
            return;
        while (socket.waitForReadyRead(10'000))
            received += socket.readAll().size();
    });
    closing->write(QByteArray(Much, 'c'));
    closing->disconnectFromServer();
    QCOMPARE(closing->state(), LocalSocket::ClosingState);
    QVERIFY(closing->waitForDisconnected(20'000));
    QCOMPARE(closing->state(), LocalSocket::UnconnectedState);
    reader.join();
    QCOMPARE(received, Much);
}

void tst_streamdevice_wait::waitsWorkInsideSlots_data()
{
    QTest::addColumn<QString>("slot");
    for (const char *slot : {"readyRead", "bytesWritten", "connected"})
        QTest::newRow(slot) << QString(slot);
}

void tst_streamdevice_wait::waitsWorkInsideSlots()
{
    QFETCH(QString, slot);
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket socket;
    LocalSocket *peer = nullptr;
    bool called = false;
    QByteArray received;
    QStringList problems;
    const auto converse = [&] {
        if (std::exchange(called, true))
            return;
        if (!peer && server.waitForNewConnection(5000))
            peer = server.nextPendingConnection();
        socket.readAll();
        socket.write("ques");
        socket.write("tion");
        if (!socket.waitForBytesWritten(5000) && socket.bytesToWrite() > 0)
            problems += "waitForBytesWritten";
        if (!peer->waitForReadyRead(5000))
            problems += "peer's waitForReadyRead";
        peer->write("answer");
        peer->waitForBytesWritten(5000);
        if (!socket.waitForReadyRead(5000))
            problems += "waitForReadyRead";
        received = socket.readAll();
        peer->disconnectFromServer();
        if (socket.state() != LocalSocket::UnconnectedState && !socket.waitForDisconnected(5000))
            problems += "waitForDisconnected";
    };
    if (slot == "readyRead")
        connect(&socket, &LocalSocket::readyRead, this, converse);
    else if (slot == "bytesWritten")
        connect(&socket, &LocalSocket::bytesWritten, this, converse);
    else
        connect(&socket, &LocalSocket::connected, this, converse);
    socket.connectToServer(path());
    if (slot != "connected") {
        QTRY_VERIFY(server.hasPendingConnections());
        peer = server.nextPendingConnection();
        if (slot == "readyRead")
            peer->write("start");
        else
            socket.write("start");
    }
    QTRY_VERIFY(called);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(", ")));
    QCOMPARE(received, "answer");
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
}

void tst_streamdevice_wait::aSlotMayEndTheSocketThatWaits_data()
{
    QTest::addColumn<QString>("slot");
    QTest::addColumn<QString>("action");
    for (const char *slot : {"readyRead", "bytesWritten", "disconnected", "connected", "errorOccurred"}) {
        for (const char *action : {"delete", "abort", "close"})
            QTest::addRow("%s in %s", action, slot) << QString(slot) << QString(action);
    }
}

void tst_streamdevice_wait::aSlotMayEndTheSocketThatWaits()
{
    QFETCH(QString, slot);
    QFETCH(QString, action);
    LocalServer server;
    QVERIFY(server.listen(path()));
    QPointer<LocalSocket> socket(new LocalSocket);
    bool called = false;
    const auto end = [&] {
        if (std::exchange(called, true))
            return;
        if (action == "delete")
            delete socket.data();
        else if (action == "abort")
            socket->abort();
        else
            socket->close();
    };
    if (slot == "readyRead")
        connect(socket, &LocalSocket::readyRead, this, end);
    else if (slot == "bytesWritten")
        connect(socket, &LocalSocket::bytesWritten, this, end);
    else if (slot == "disconnected")
        connect(socket, &LocalSocket::disconnected, this, end);
    else if (slot == "connected")
        connect(socket, &LocalSocket::connected, this, end);
    else
        connect(socket, &LocalSocket::errorOccurred, this, end);

    socket->connectToServer(path());
    QVERIFY(server.waitForNewConnection(5000));
    std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    if (slot == "connected") {
        socket->waitForConnected(5000);
    } else if (slot == "bytesWritten") {
        socket->write("x");
        socket->waitForBytesWritten(5000);
    } else {
        peer->write("last");
        peer->flush();
        if (slot != "readyRead")
            peer.reset();
        socket->waitForReadyRead(5000);
        if (!called)
            socket->waitForDisconnected(5000);
    }
    QVERIFY(called);
    QCOMPARE(socket.isNull(), action == "delete");
    if (socket && action != "close")
        QCOMPARE(socket->state(), LocalSocket::UnconnectedState);
    delete socket.data();
}

QTEST_GUILESS_MAIN(tst_streamdevice_wait)
#include "tst_streamdevice_wait.moc"
