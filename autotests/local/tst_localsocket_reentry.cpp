// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QThread>

#include <atomic>
#include <thread>

using namespace InterprocessQt;

// Calls from the socket's own slots that change what the caller of the slot was about to do.
class tst_localsocket_reentry : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void waitingInTheSlotOfConnectingConnectsOnce_data();
    void waitingInTheSlotOfConnectingConnectsOnce();
    void movedByItsOwnSlotOfReadyReadItTellsTheRestThere();
    void movedByItsOwnSlotOfConnectedItTellsTheRestThere();
};

namespace
{

// Ends before what runs in it goes out of scope, whatever the test returns from.
class WorkingThread : public QThread
{
public:
    WorkingThread()
    {
        start();
    }
    ~WorkingThread() override
    {
        quit();
        wait();
    }
};

void destroyInItsThread(LocalSocket *socket)
{
    const auto type = socket->thread() == QThread::currentThread() ? Qt::DirectConnection : Qt::BlockingQueuedConnection;
    QMetaObject::invokeMethod(
        socket,
        [socket] {
            delete socket;
        },
        type);
}

} // namespace

void tst_localsocket_reentry::waitingInTheSlotOfConnectingConnectsOnce_data()
{
    QTest::addColumn<int>("backlog");
    QTest::newRow("room for many") << 50;
    QTest::newRow("room for one") << 0; // a second attempt waits for room
}

void tst_localsocket_reentry::waitingInTheSlotOfConnectingConnectsOnce()
{
    QFETCH(int, backlog);
    LocalServer server;
    server.setListenBacklogSize(backlog);
    QVERIFY(server.listen(path()));
    QList<LocalSocket *> peers;
    connect(&server, &LocalServer::newConnection, &server, [&] {
        while (LocalSocket *peer = server.nextPendingConnection())
            peers.append(peer);
    });
    LocalSocket socket;
    QSignalSpy connected(&socket, &LocalSocket::connected);
    connect(&socket, &LocalSocket::stateChanged, &socket, [&](LocalSocket::LocalSocketState state) {
        if (state != LocalSocket::ConnectingState)
            return;
        socket.waitForConnected(1'000);
        socket.write("early");
    });
    socket.connectToServer(path());
    QTRY_COMPARE(peers.size(), 1);
    QTRY_COMPARE(connected.count(), 1);
    runTurns();
    QCOMPARE(peers.size(), 1);
    QCOMPARE(connected.count(), 1);
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
    QTRY_COMPARE(peers.first()->bytesAvailable(), 5);
    QCOMPARE(peers.first()->readAll(), "early");
}

void tst_localsocket_reentry::movedByItsOwnSlotOfReadyReadItTellsTheRestThere()
{
    // Which of the socket's turns is interrupted by the move depends on the moment: many times.
    for (int round = 0; round < 50; ++round) {
        RawPeer::Pair ends = RawPeer::pair();
        WorkingThread thread;
        auto *socket = new LocalSocket;
        QVERIFY(socket->setSocketDescriptor(ends.ours.release()));
        std::atomic<int> elsewhere = 0;
        std::atomic<qint64> got = 0;
        std::atomic<bool> ended = false;
        connect(
            socket,
            &QIODevice::readyRead,
            socket,
            [&, socket] {
                if (socket->thread() != &thread) {
                    got += socket->read(100).size();
                    socket->moveToThread(&thread);
                    return;
                }
                elsewhere += QThread::currentThread() != &thread;
                got += socket->readAll().size();
            },
            Qt::DirectConnection);
        connect(
            socket,
            &LocalSocket::disconnected,
            socket,
            [&, socket] {
                elsewhere += QThread::currentThread() != &thread;
                got += socket->readAll().size();
                ended = true;
            },
            Qt::DirectConnection);
        const QByteArray bytes(65536, 'x');
        std::thread writer([&] {
            for (int i = 0; i < 20 && RawPeer::write(ends.peer, bytes); ++i) { }
            ends.peer.reset();
        });
        const bool complete = waitUntil([&] {
            return ended.load();
        });
        destroyInItsThread(socket); // ends the writer if it still writes
        writer.join();
        QVERIFY(complete);
        QCOMPARE(elsewhere, 0);
        QCOMPARE(got, 20 * bytes.size());
    }
}

void tst_localsocket_reentry::movedByItsOwnSlotOfConnectedItTellsTheRestThere()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, &server, [&] {
        while (LocalSocket *peer = server.nextPendingConnection()) {
            connect(peer, &QIODevice::readyRead, peer, [peer] {
                peer->write(peer->readAll());
            });
        }
    });
    const qint64 size = 3'000'000; // more than is written at once: something is left when it is moved
    for (int round = 0; round < 20; ++round) {
        WorkingThread thread;
        auto *socket = new LocalSocket;
        std::atomic<int> elsewhere = 0;
        std::atomic<qint64> got = 0;
        connect(
            socket,
            &LocalSocket::connected,
            socket,
            [&, socket] {
                socket->write(QByteArray(size, 'x'));
                socket->moveToThread(&thread);
            },
            Qt::DirectConnection);
        const auto check = [&] {
            elsewhere += QThread::currentThread() != &thread;
        };
        connect(socket, &QIODevice::bytesWritten, socket, check, Qt::DirectConnection);
        connect(
            socket,
            &QIODevice::readyRead,
            socket,
            [&, socket] {
                check();
                got += socket->readAll().size();
            },
            Qt::DirectConnection);
        socket->connectToServer(path());
        const bool complete = waitUntil([&] {
            return got == size;
        });
        destroyInItsThread(socket);
        QVERIFY(complete);
        QCOMPARE(elsewhere, 0);
    }
}

QTEST_GUILESS_MAIN(tst_localsocket_reentry)
#include "tst_localsocket_reentry.moc"
