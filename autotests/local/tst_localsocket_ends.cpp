// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QEventLoop>
#include <QTimer>

#include <atomic>
#include <thread>

using namespace InterprocessQt;

// How a connection ends, and the next one begins, where slots and waits are in the middle of it.
class tst_localsocket_ends : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEndSeenByAWaitInASlotIsNoError();
    void anEndSeenByAnEventLoopInASlotLosesNothing();
    void aClosedSocketReadsOnForAPeerThatWritesFirst();
    void aDescriptorIsAdoptedAfterAFailureNotYetTold();
    void aWaitThatTimesOutKeepsTheReasonOfTheWriteError();
    void aPeerThatStopsReadingAndGoesIsOneError();
    void thatThePeerHasGoneIsToldToWhoReadsNoMore();
    void reconnectingFromTwoSignalsConnectsAsOftenAsAsked();
    void connectingAndWaitingInASlotOfTheErrorWorks();
};

namespace
{

// One end for the socket, the other for the system calls.
Raw::NativeHandle adoptOneEnd(LocalSocket &socket)
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
        return {};
    Raw::NativeHandle peer(ends[1]);
    if (!socket.setSocketDescriptor(ends[0])) {
        ::close(ends[0]);
        return {};
    }
    return peer;
}

bool send(const Raw::NativeHandle &peer, const QByteArray &bytes)
{
    return ::send(int(peer.get()), bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL) == bytes.size();
}

// What has come so far, without waiting for more.
QByteArray received(const Raw::NativeHandle &peer)
{
    QByteArray bytes;
    char buffer[65536];
    ssize_t size;
    while ((size = ::recv(int(peer.get()), buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
        bytes.append(buffer, qsizetype(size));
    return bytes;
}

} // namespace

void tst_localsocket_ends::anEndSeenByAWaitInASlotIsNoError()
{
    LocalSocket socket;
    socket.setHalfOpenAllowed(true);
    const Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    QSignalSpy errors(&socket, &LocalSocket::errorOccurred);
    QSignalSpy finished(&socket, &QIODevice::readChannelFinished);
    QByteArray request;
    connect(&socket, &QIODevice::readyRead, &socket, [&] {
        if (!request.isEmpty())
            return;
        ::shutdown(int(peer.get()), SHUT_WR);
        while (socket.waitForReadyRead(10'000)) { }
        request += socket.readAll();
        socket.write("reply");
    });
    QVERIFY(send(peer, "request"));

    QByteArray reply;
    QTRY_COMPARE((reply += received(peer)), "reply");
    QCOMPARE(request, "request");
    QTRY_COMPARE(finished.count(), 1);
    QCoreApplication::processEvents();
    QCOMPARE(errors.count(), 0);
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
}

void tst_localsocket_ends::anEndSeenByAnEventLoopInASlotLosesNothing()
{
    LocalSocket socket;
    const Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    const QByteArray reply(4 << 20, 'x'); // far more than the system takes at once
    bool answered = false;
    connect(&socket, &QIODevice::readyRead, &socket, [&] {
        if (std::exchange(answered, true))
            return;
        socket.readAll();
        socket.write(reply);
        ::shutdown(int(peer.get()), SHUT_WR);
        // The loop runs well beyond the turn in which the end is seen.
        QEventLoop loop;
        QTimer::singleShot(100, &loop, &QEventLoop::quit);
        loop.exec();
    });
    QVERIFY(send(peer, "request"));
    QByteArray got;
    QTRY_VERIFY((got += received(peer)).size() == reply.size());
    QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
}

void tst_localsocket_ends::aClosedSocketReadsOnForAPeerThatWritesFirst()
{
    LocalSocket socket;
    socket.setReadBufferSize(4096);
    const Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    const QByteArray bytes(4 << 20, 'x');
    qint64 got = 0;
    std::atomic<bool> ended = false;
    std::thread thread([&, fd = int(peer.get())] {
        for (qsizetype done = 0; done < bytes.size();) {
            const ssize_t part = ::send(fd, bytes.constData() + done, size_t(bytes.size() - done), MSG_NOSIGNAL);
            if (part <= 0)
                break;
            done += part;
        }
        char buffer[65536];
        ssize_t size;
        while ((size = ::read(fd, buffer, sizeof buffer)) > 0)
            got += size;
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
    const Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    QCOMPARE(socket.write("hello"), 5);
    QByteArray got;
    QTRY_COMPARE((got += received(peer)), "hello");
    runTurns();
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
    QVERIFY(send(peer, "answer"));
    QTRY_COMPARE(socket.bytesAvailable(), 6);
    QCOMPARE(received(peer), ""); // nothing came twice
}

void tst_localsocket_ends::aWaitThatTimesOutKeepsTheReasonOfTheWriteError()
{
    LocalSocket socket;
    const Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    int reason = 0;
    connect(&socket, &LocalSocket::errorOccurred, &socket, [&] {
        reason = socket.nativeError();
    });
    // The peer takes no more, but may still send: what has failed is told when that is over.
    ::shutdown(int(peer.get()), SHUT_RD);
    socket.write("x");
    runTurns();
    QVERIFY(!socket.waitForReadyRead(1));
    socket.disconnectFromServer();
    QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
    QTRY_COMPARE(reason, EPIPE);
}

void tst_localsocket_ends::aPeerThatStopsReadingAndGoesIsOneError()
{
    // As a process that is killed does, with a moment in between that is longer here.
    LocalSocket socket;
    Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    QSignalSpy errors(&socket, &LocalSocket::errorOccurred);
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    ::shutdown(int(peer.get()), SHUT_RD);
    socket.write("x");
    QTRY_COMPARE(errors.size(), 1);
    peer.reset();
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(socket.error(), LocalSocket::PeerClosedError);
}

// Of an echo that reads only when there is room for the answer, say: it would have kept the connection for ever.
void tst_localsocket_ends::thatThePeerHasGoneIsToldToWhoReadsNoMore()
{
    LocalSocket socket;
    socket.setReadBufferSize(1000);
    socket.setWriteBufferLimit(100'000);
    Raw::NativeHandle peer = adoptOneEnd(socket);
    QVERIFY(peer);
    QSignalSpy errors(&socket, &LocalSocket::errorOccurred);
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QVERIFY(send(peer, QByteArray(5000, 'x')));
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
