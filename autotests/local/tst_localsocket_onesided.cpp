// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "rawsocket.h"

#include <InterprocessQt/LocalSocket>

#include <QEventLoop>
#include <QTimer>

using namespace InterprocessQt;

// How a connection ends whose peer has closed one direction only, where slots and waits are in the middle of it.
class tst_localsocket_onesided : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEndSeenByAWaitInASlotIsNoError();
    void anEndSeenByAnEventLoopInASlotLosesNothing();
    void aWaitThatTimesOutKeepsTheReasonOfTheWriteError();
    void aPeerThatStopsReadingAndGoesIsOneError();
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

void tst_localsocket_onesided::anEndSeenByAWaitInASlotIsNoError()
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

void tst_localsocket_onesided::anEndSeenByAnEventLoopInASlotLosesNothing()
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

void tst_localsocket_onesided::aWaitThatTimesOutKeepsTheReasonOfTheWriteError()
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

void tst_localsocket_onesided::aPeerThatStopsReadingAndGoesIsOneError()
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

QTEST_GUILESS_MAIN(tst_localsocket_onesided)
#include "tst_localsocket_onesided.moc"
