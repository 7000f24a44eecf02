// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <atomic>
#include <thread>

using namespace InterprocessQt;

// How a connection ends, and the next one begins, where slots and waits are in the middle of it.
class tst_localsocket_ends : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aClosedSocketReadsOnForAPeerThatWritesFirst();
    void aDescriptorIsAdoptedAfterAFailureNotYetTold();
    void thatThePeerHasGoneIsToldToWhoReadsNoMore();
    void reconnectingFromTwoSignalsConnectsAsOftenAsAsked();
    void connectingAndWaitingInASlotOfTheErrorWorks();
};

namespace
{

// One end for the socket, the other for the system calls.
RawPeer::NativeHandle adoptOneEnd(LocalSocket &socket)
{
    RawPeer::Pair ends = RawPeer::pair();
    if (!ends.ours || !socket.setSocketDescriptor(ends.ours.get()))
        return {};
    static_cast<void>(ends.ours.release());
    return std::move(ends.peer);
}

// What has come so far, without waiting for more.
QByteArray received(const RawPeer::NativeHandle &peer)
{
    QByteArray bytes;
    for (;;) {
        const auto part = RawPeer::readNow(peer);
        if (!part || part->isEmpty())
            return bytes;
        bytes += *part;
    }
}

} // namespace

void tst_localsocket_ends::aClosedSocketReadsOnForAPeerThatWritesFirst()
{
    LocalSocket socket;
    socket.setReadBufferSize(4096);
    const RawPeer::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    const QByteArray bytes(4 << 20, 'x');
    qint64 got = 0;
    std::atomic<bool> ended = false;
    std::thread thread([&] {
        if (RawPeer::write(peer, bytes))
            got = RawPeer::readFully(peer, std::numeric_limits<int>::max()).size();
        ended = true;
    });
    const bool full = waitUntil([&] {
        return socket.bytesAvailable() == 4096;
    });
    socket.write(bytes);
    socket.close();
    const bool complete = waitUntil([&] {
        return ended.load();
    });
    socket.abort(); // whatever has happened, the thread ends
    thread.join();
    QVERIFY(full);
    QVERIFY(complete);
    QCOMPARE(got, bytes.size());
}

void tst_localsocket_ends::aDescriptorIsAdoptedAfterAFailureNotYetTold()
{
    LocalSocket socket;
    socket.connectToServer(path("nobody"));
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    const RawPeer::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    QCOMPARE(socket.write("hello"), 5);
    QByteArray got;
    QTRY_COMPARE((got += received(peer)), "hello");
    runTurns();
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
    QVERIFY(RawPeer::write(peer, "answer"));
    QTRY_COMPARE(socket.bytesAvailable(), 6);
    QCOMPARE(received(peer), ""); // nothing came twice
}

// Of an echo that reads only when there is room for the answer, say: it would have kept the connection for ever.
void tst_localsocket_ends::thatThePeerHasGoneIsToldToWhoReadsNoMore()
{
    LocalSocket socket;
    socket.setReadBufferSize(1000);
    socket.setWriteBufferLimit(100'000);
    RawPeer::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    QSignalSpy errors(&socket, &LocalSocket::errorOccurred);
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QVERIFY(RawPeer::write(peer, QByteArray(5000, 'x')));
    QTRY_COMPARE(socket.bytesAvailable(), 1000);
    while (!socket.isCongested()) {
        socket.write(QByteArray(10'000, 'y'));
        QCoreApplication::processEvents();
    }
    peer.reset();
    QTRY_COMPARE(errors.count(), 1);
    QCOMPARE(socket.error(), LocalSocket::PeerClosedError);
    QVERIFY2(socket.errorString().startsWith("write to"), qPrintable(socket.errorString()));
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);

    // What it sent before can still be read, and then the connection ends, without being told again why.
    QByteArray bytes;
    QTRY_COMPARE((bytes += socket.readAll()).size(), 5000);
    QTRY_COMPARE(disconnected.count(), 1);
    QCOMPARE(errors.count(), 1);
}

void tst_localsocket_ends::reconnectingFromTwoSignalsConnectsAsOftenAsAsked()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QList<LocalSocket *> peers;
    connect(&server, &LocalServer::newConnection, &server, [&] {
        while (LocalSocket *peer = server.nextPendingConnection())
            peers.append(peer);
    });
    LocalSocket socket;
    bool wanted = true;
    const auto again = [&] {
        if (wanted)
            socket.connectToServer(path());
    };
    connect(&socket, &LocalSocket::errorOccurred, &socket, again);
    connect(&socket, &LocalSocket::disconnected, &socket, again);
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    socket.connectToServer(path());
    QTRY_COMPARE(peers.size(), 1);

    peers.first()->disconnectFromServer();
    QTRY_COMPARE(peers.size(), 2);
    QTRY_COMPARE(socket.state(), LocalSocket::ConnectedState);
    runTurns();
    QCOMPARE(peers.size(), 2);

    wanted = false;
    peers.last()->disconnectFromServer();
    QTRY_COMPARE(disconnected.count(), 2);
    runTurns();
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    QCOMPARE(peers.size(), 2);
}

void tst_localsocket_ends::connectingAndWaitingInASlotOfTheErrorWorks()
{
    LocalServer server;
    LocalSocket socket;
    int errors = 0;
    bool connectedInSlot = false;
    connect(&socket, &LocalSocket::errorOccurred, &socket, [&] {
        if (errors++ > 0)
            return;
        QVERIFY(server.listen(path()));
        socket.connectToServer(path());
        connectedInSlot = socket.waitForConnected(5'000);
        QCOMPARE(socket.state(), LocalSocket::ConnectedState);
    });
    socket.connectToServer(path());
    QTRY_VERIFY(errors > 0);
    QVERIFY(connectedInSlot);
    QTRY_VERIFY(server.hasPendingConnections());
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
    QCOMPARE(errors, 1);
}

QTEST_GUILESS_MAIN(tst_localsocket_ends)
#include "tst_localsocket_ends.moc"
