// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// One direction ends before the other: a request whose end is its end of file, and the reply to it.
class tst_localsocket_halfclose : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theReplyComesAfterTheRequestHasEnded();
    void aPeerThatHasFinishedGetsItsReply();
    void withoutHalfOpenThePendingReplyIsStillDelivered();
    void withoutHalfOpenTheConnectionEnds();
    void closingTheChannelDeliversWhatIsWritten();
    void closingTheChannelWhileConnecting();
    void nothingIsWrittenAfterwards();
    void bothSidesFinishedIsTheEnd_data();
    void bothSidesFinishedIsTheEnd();
    void readChannelFinishedIsToldOnce();
    void anUnconnectedSocketHasNoChannelToClose();
};

namespace
{
struct Pair {
    Pair()
    {
        std::tie(first, second) = LocalSocket::pair();
    }
    std::unique_ptr<LocalSocket> first;
    std::unique_ptr<LocalSocket> second;
};
} // namespace

void tst_localsocket_halfclose::theReplyComesAfterTheRequestHasEnded()
{
    LocalServer server;
    server.setHalfOpenAllowed(true);
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    client.write("request");
    QVERIFY(client.closeWriteChannel());
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *peer = server.nextPendingConnection();
    QTRY_VERIFY(peer->isReadChannelFinished());
    QCOMPARE(peer->readAll(), "request");
    QCOMPARE(peer->state(), LocalSocket::ConnectedState);
    QVERIFY(peer->isWriteChannelOpen());

    runTurns(); // whoever has to think about it finds the connection still there
    peer->write("reply");
    QTRY_COMPARE(client.bytesAvailable(), 5);
    QCOMPARE(client.readAll(), "reply");
    QCOMPARE(client.state(), LocalSocket::ConnectedState);
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    peer->disconnectFromServer();
    QTRY_COMPARE(disconnected.count(), 1);
    QVERIFY(failed.isEmpty()); // both have said that they are done: nothing went wrong
}

void tst_localsocket_halfclose::aPeerThatHasFinishedGetsItsReply()
{
    LocalServer server;
    server.setHalfOpenAllowed(true);
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QCOMPARE(::write(int(client.get()), "request", 7), 7);
    QCOMPARE(::shutdown(int(client.get()), SHUT_WR), 0);
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *peer = server.nextPendingConnection();
    QTRY_VERIFY(peer->isReadChannelFinished());
    QCOMPARE(peer->write("reply"), 5);
    QVERIFY(peer->closeWriteChannel());
    QTRY_COMPARE(peer->state(), LocalSocket::UnconnectedState);
    char reply[10];
    QCOMPARE(::read(int(client.get()), reply, sizeof reply), 5);
    QCOMPARE(::read(int(client.get()), reply, sizeof reply), 0);
}

void tst_localsocket_halfclose::withoutHalfOpenThePendingReplyIsStillDelivered()
{
    Pair pair;
    LocalSocket &server = *pair.second;
    QVERIFY(!server.isHalfOpenAllowed()); // by default, as with QLocalSocket
    const QByteArray reply(3'000'000, 'r');
    connect(&server, &LocalSocket::readyRead, &server, [&] {
        if (server.readAll().endsWith("request"))
            server.write(reply);
    });
    pair.first->write("request");
    pair.first->closeWriteChannel();
    QTRY_COMPARE(pair.first->bytesAvailable(), reply.size());
    QTRY_COMPARE(server.state(), LocalSocket::UnconnectedState);
    QTRY_COMPARE(pair.first->state(), LocalSocket::UnconnectedState);
    QCOMPARE(pair.first->readAll(), reply);
}

void tst_localsocket_halfclose::withoutHalfOpenTheConnectionEnds()
{
    Pair pair;
    pair.first->write("request");
    QVERIFY(pair.first->closeWriteChannel());
    QTRY_COMPARE(pair.second->state(), LocalSocket::UnconnectedState);
    QCOMPARE(pair.second->readAll(), "request");
    QTRY_COMPARE(pair.first->state(), LocalSocket::UnconnectedState);
}

void tst_localsocket_halfclose::closingTheChannelDeliversWhatIsWritten()
{
    Pair pair;
    pair.second->setHalfOpenAllowed(true);
    const QByteArray data(5'000'000, 'd');
    QSignalSpy finished(pair.second.get(), &LocalSocket::readChannelFinished);
    pair.first->write(data);
    QVERIFY(pair.first->closeWriteChannel());
    QVERIFY(finished.wait());
    QCOMPARE(pair.second->readAll(), data);
    QCOMPARE(pair.first->bytesToWrite(), 0);
}

void tst_localsocket_halfclose::closingTheChannelWhileConnecting()
{
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
    LocalSocket client;
    client.connectToServer(path());
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    client.write("request");
    QVERIFY(client.closeWriteChannel());
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(Raw::accepted(server).isValid());
    QTRY_COMPARE(client.state(), LocalSocket::ConnectedState);
    QTRY_COMPARE(client.bytesToWrite(), 0);
    const Raw::NativeHandle peer = Raw::accepted(server);
    QByteArray data;
    char buffer[100];
    QTRY_VERIFY([&] {
        const ssize_t got = ::recv(int(peer.get()), buffer, sizeof buffer, MSG_DONTWAIT);
        if (got > 0)
            data.append(buffer, got);
        return got == 0;
    }());
    QCOMPARE(data, "request");
}

void tst_localsocket_halfclose::nothingIsWrittenAfterwards()
{
    Pair pair;
    pair.second->setHalfOpenAllowed(true);
    LocalSocket &socket = *pair.first;
    QVERIFY(socket.isWriteChannelOpen());
    socket.write("all");
    QVERIFY(socket.closeWriteChannel());
    QVERIFY(!socket.isWriteChannelOpen());
    QCOMPARE(socket.write("more"), -1);
    QVERIFY(!socket.errorString().isEmpty());
    QVERIFY(socket.closeWriteChannel()); // it is
    QTRY_VERIFY(pair.second->isReadChannelFinished());
    QCOMPARE(pair.second->readAll(), "all");
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
}

void tst_localsocket_halfclose::bothSidesFinishedIsTheEnd_data()
{
    QTest::addColumn<bool>("halfOpen");
    QTest::newRow("half-open allowed") << true;
    QTest::newRow("not allowed") << false;
}

void tst_localsocket_halfclose::bothSidesFinishedIsTheEnd()
{
    QFETCH(bool, halfOpen);
    Pair pair;
    for (LocalSocket *socket : {pair.first.get(), pair.second.get()}) {
        socket->setHalfOpenAllowed(halfOpen);
        socket->write("last words");
        QVERIFY(socket->closeWriteChannel());
    }
    QSignalSpy failed(pair.first.get(), &LocalSocket::errorOccurred);
    QTRY_COMPARE(pair.first->state(), LocalSocket::UnconnectedState);
    QTRY_COMPARE(pair.second->state(), LocalSocket::UnconnectedState);
    QCOMPARE(pair.first->readAll(), "last words");
    QCOMPARE(pair.second->readAll(), "last words");
    QVERIFY(failed.isEmpty());
}

void tst_localsocket_halfclose::readChannelFinishedIsToldOnce()
{
    Pair pair;
    pair.second->setHalfOpenAllowed(true);
    QSignalSpy finished(pair.second.get(), &LocalSocket::readChannelFinished);
    QSignalSpy disconnected(pair.second.get(), &LocalSocket::disconnected);
    pair.first->closeWriteChannel();
    QTRY_COMPARE(finished.count(), 1);
    pair.second->write("still here");
    QTRY_COMPARE(pair.first->bytesAvailable(), 10);
    pair.second->disconnectFromServer();
    QTRY_COMPARE(disconnected.count(), 1);
    QCOMPARE(finished.count(), 1);
}

void tst_localsocket_halfclose::anUnconnectedSocketHasNoChannelToClose()
{
    LocalSocket socket;
    QVERIFY(!socket.closeWriteChannel());
    QVERIFY(!socket.isWriteChannelOpen());
}

QTEST_GUILESS_MAIN(tst_localsocket_halfclose)
#include "tst_localsocket_halfclose.moc"
