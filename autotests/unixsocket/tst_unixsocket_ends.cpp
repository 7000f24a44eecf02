// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "files.h"

#include "../local/rawsocket.h"

#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

using namespace InterprocessQt;

// Whatever ends a connection, no descriptor of it stays open: neither here, nor at the peer, nor on the way.
class tst_unixsocket_ends : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSentBeforeTheConnectionArrives();
    void whatIsSentToNobodyIsClosed();
    void whatWaitsForAConnectionIsClosedWithIt_data();
    void whatWaitsForAConnectionIsClosedWithIt();
    void whatIsOnItsWayIsClosedWithThePeer();
    void whatIsLeftOfADeadPeerArrives();
    void unsentOnesAreClosed_data();
    void unsentOnesAreClosed();
    void unsentOnesAreSentBeforeAnOrderedEnd();
    void untakenOnesAreClosed_data();
    void untakenOnesAreClosed();
    void untakenOnesOutliveTheConnection();
    void aConnectionHasNothingOfTheOneBefore();
    void aBrokenConnectionClosesWhatIsQueued();
    void whoDoesNotReadClosesThem();
};

namespace
{
// Fills the kernel's buffer, so that what is sent now waits here.
void congest(UnixSocket &sender, UnixSocket &receiver)
{
    receiver.setReadBufferSize(1);
    sender.write(QByteArray(2'000'000, 'x'));
    QTRY_VERIFY(sender.bytesToWrite() > 0);
}
} // namespace

void tst_unixsocket_ends::whatIsSentBeforeTheConnectionArrives()
{
    UnixServer server;
    server.setMaximumDescriptors(10);
    UnixSocket client;
    QVERIFY(server.listen(path()));
    // In the slot in which the connection is being made, and right after it.
    connect(&client, &UnixSocket::stateChanged, &client, [&](UnixSocket::LocalSocketState state) {
        if (state == UnixSocket::ConnectingState)
            QCOMPARE(client.send(UnixMessage("one", Files::numbered(1))), 3);
    });
    client.connectToServer(path());
    QCOMPARE(client.send(UnixMessage("two", Files::numbered(2, 1))), 3);
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(peer->bytesAvailable(), 6);
    auto message = peer->receive();
    QCOMPARE(message->data(), "one");
    QCOMPARE(Files::textsOf(message->descriptors()), "0");
    message = peer->receive();
    QCOMPARE(message->data(), "two");
    QCOMPARE(Files::textsOf(message->descriptors()), "1 2");
}

void tst_unixsocket_ends::whatIsSentToNobodyIsClosed()
{
    UnixSocket client;
    Files::Witness witness;
    QSignalSpy errors(&client, &UnixSocket::errorOccurred);
    connect(&client, &UnixSocket::stateChanged, &client, [&](UnixSocket::LocalSocketState state) {
        if (state == UnixSocket::ConnectingState)
            QCOMPARE(client.send("x", witness.takeSent()), 1);
    });
    client.connectToServer(path("nobody"));
    QCOMPARE(client.state(), UnixSocket::UnconnectedState);
    QVERIFY(witness.allAreClosed());
    QTRY_COMPARE(errors.size(), 1);
}

void tst_unixsocket_ends::whatWaitsForAConnectionIsClosedWithIt_data()
{
    QTest::addColumn<QByteArray>("how");
    for (const char *how : {"abort", "close", "destruction", "time-out"})
        QTest::newRow(how) << QByteArray(how);
}

void tst_unixsocket_ends::whatWaitsForAConnectionIsClosedWithIt()
{
    QFETCH(QByteArray, how);
    // A server whose queue is full.
    const Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()), 1);
    const auto others = Raw::fillBacklog(Raw::fileName(path()));
    auto client = std::make_unique<UnixSocket>();
    client->connectToServer(path());
    QCOMPARE(client->state(), UnixSocket::ConnectingState);

    Files::Witness witness;
    QCOMPARE(client->send("x", witness.takeSent()), 1);
    QVERIFY(!witness.allAreClosed());
    if (how == "abort") {
        client->abort();
    } else if (how == "destruction") {
        client.reset();
    } else if (how == "close") {
        client->close();
        QTest::qWait(20);
        QVERIFY(!witness.allAreClosed()); // it still tries
        client->abort();
    } else {
        client->abort();
        client->setConnectTimeout(10);
        client->connectToServer(path());
        Files::Witness late;
        QCOMPARE(client->send("x", late.takeSent()), 1);
        QTRY_VERIFY(late.allAreClosed());
    }
    QVERIFY(witness.allAreClosed());
}

void tst_unixsocket_ends::whatIsOnItsWayIsClosedWithThePeer()
{
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    Files::Witness witness;
    sender->send("x", witness.takeSent());
    QVERIFY(!witness.allAreClosed());
    receiver.reset(); // has not read it
    QTRY_VERIFY(witness.allAreClosed());
    // And with the socket itself on its way, which holds others that are on theirs.
    auto [outer, other] = UnixSocket::pair();
    auto [inner, innerOther] = UnixSocket::pair();
    Files::Witness deep;
    inner->send("x", deep.takeSent());
    outer->send("x", innerOther->releaseSocketDescriptor());
    QVERIFY(!deep.allAreClosed());
    inner.reset();
    other.reset();
    QTRY_VERIFY(deep.allAreClosed());
}

void tst_unixsocket_ends::whatIsLeftOfADeadPeerArrives()
{
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(10);
    sender->send(UnixMessage("last", Files::numbered(3)));
    sender.reset();
    QSignalSpy disconnected(receiver.get(), &UnixSocket::disconnected);
    QTRY_COMPARE(disconnected.size(), 1);
    const auto message = receiver->receive();
    QVERIFY(message);
    QCOMPARE(message->data(), "last");
    QCOMPARE(Files::textsOf(message->descriptors()), "0 1 2");
}

void tst_unixsocket_ends::unsentOnesAreClosed_data()
{
    QTest::addColumn<QByteArray>("how");
    for (const char *how : {"abort", "destruction", "end of the peer"})
        QTest::newRow(how) << QByteArray(how);
}

void tst_unixsocket_ends::unsentOnesAreClosed()
{
    QFETCH(QByteArray, how);
    auto [sender, receiver] = UnixSocket::pair();
    congest(*sender, *receiver);
    Files::Witness witness;
    QCOMPARE(sender->send("x", witness.takeSent()), 1);
    QTest::qWait(0);
    QVERIFY(!witness.allAreClosed());
    if (how == "abort")
        sender->abort();
    else if (how == "destruction")
        sender.reset();
    else
        receiver.reset();
    QTRY_VERIFY(witness.allAreClosed());
}

void tst_unixsocket_ends::unsentOnesAreSentBeforeAnOrderedEnd()
{
    for (const bool byClosing : {false, true}) {
        const auto [sender, receiver] = UnixSocket::pair();
        receiver->setMaximumDescriptors(2); // the end stands behind as many
        congest(*sender, *receiver);
        QCOMPARE(sender->send("!", Files::withText("text")), 1);
        if (byClosing)
            sender->close();
        else
            sender->disconnectFromServer();
        QVERIFY(!receiver->isReadChannelFinished());
        receiver->setReadBufferSize(0);
        QTRY_COMPARE(receiver->bytesAvailable(), 2'000'001);
        QTRY_COMPARE(receiver->state(), UnixSocket::UnconnectedState);
        QVERIFY(receiver->readAll().endsWith('!'));
        QCOMPARE(Files::textOf(receiver->takeDescriptor()), "text");
    }
}

void tst_unixsocket_ends::untakenOnesAreClosed_data()
{
    QTest::addColumn<QByteArray>("how");
    for (const char *how : {"abort", "close", "destruction", "next connection"})
        QTest::newRow(how) << QByteArray(how);
}

void tst_unixsocket_ends::untakenOnesAreClosed()
{
    QFETCH(QByteArray, how);
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(2);
    Files::Witness witness;
    sender->send("x", witness.takeSent());
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    if (how == "abort") {
        receiver->abort();
    } else if (how == "close") {
        receiver->close();
    } else if (how == "destruction") {
        receiver.reset();
    } else {
        sender.reset();
        QTRY_COMPARE(receiver->state(), UnixSocket::UnconnectedState);
        QVERIFY(!witness.allAreClosed());
        receiver->connectToServer(path("nobody"));
    }
    QVERIFY(witness.allAreClosed());
    if (receiver) {
        QCOMPARE(receiver->descriptorsAvailable(), 0);
        QVERIFY(!receiver->takeDescriptor().isValid());
    }
}

void tst_unixsocket_ends::untakenOnesOutliveTheConnection()
{
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(3);
    sender->send(UnixMessage("xy", Files::numbered(2)));
    sender.reset();
    QTRY_COMPARE(receiver->state(), UnixSocket::UnconnectedState);
    QCOMPARE(receiver->descriptorsAvailable(), 2);
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "0");
    QCOMPARE(Files::textsOf(receiver->receive()->descriptors()), "1");
}

void tst_unixsocket_ends::aConnectionHasNothingOfTheOneBefore()
{
    UnixServer server;
    server.setMaximumDescriptors(2);
    QVERIFY(server.listen(path()));
    UnixSocket client;
    client.setMaximumDescriptors(2);
    client.setReconnectEnabled(true);
    client.setReconnectDelays(std::chrono::milliseconds(1), std::chrono::milliseconds(1));
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<UnixSocket> first(server.nextPendingConnection());
    Files::Witness untaken;
    first->send("unread", untaken.takeSent());
    QTRY_COMPARE(client.descriptorsAvailable(), 1);
    // Queued for the first, never for the second.
    first->setReadBufferSize(1);
    client.write(QByteArray(2'000'000, 'x'));
    Files::Witness unsent;
    QCOMPARE(client.send("x", unsent.takeSent()), 1);
    QSignalSpy scheduled(&client, &UnixSocket::reconnectScheduled);
    first.reset();
    QTRY_COMPARE(scheduled.size(), 1);
    QTRY_VERIFY(server.hasPendingConnections());
    QVERIFY(untaken.allAreClosed());
    QVERIFY(unsent.allAreClosed());

    const std::unique_ptr<UnixSocket> second(server.nextPendingConnection());
    QTRY_COMPARE(client.state(), UnixSocket::ConnectedState);
    QCOMPARE(client.send("new", Files::withText("new")), 3);
    second->send("newer", Files::withText("newer"));
    QTRY_COMPARE(second->bytesAvailable(), 3);
    QCOMPARE(Files::textsOf(second->receive()->descriptors()), "new");
    QTRY_COMPARE(client.bytesAvailable(), 5);
    QCOMPARE(Files::textsOf(client.receive()->descriptors()), "newer");
}

void tst_unixsocket_ends::aBrokenConnectionClosesWhatIsQueued()
{
    auto [sender, receiver] = UnixSocket::pair();
    QSignalSpy errors(sender.get(), &UnixSocket::errorOccurred);
    receiver.reset();
    Files::Witness witness;
    QCOMPARE(sender->send("x", witness.takeSent()), 1); // nobody has told yet
    QTRY_COMPARE(errors.size(), 1);
    QCOMPARE(sender->error(), UnixSocket::PeerClosedError);
    QVERIFY(witness.allAreClosed());
    Files::Witness late;
    FileDescriptor file = late.takeSent();
    QCOMPARE(sender->send("x", std::move(file)), -1);
    QVERIFY(file.isValid());
}

void tst_unixsocket_ends::whoDoesNotReadClosesThem()
{
    // Open for writing only: what comes is dropped.
    auto [sender, other] = UnixSocket::pair();
    UnixSocket receiver;
    receiver.setMaximumDescriptors(1);
    QVERIFY(receiver.setSocketDescriptor(other->releaseSocketDescriptor(), UnixSocket::ConnectedState, QIODevice::WriteOnly));
    for (int i = 0; i < 5; ++i) {
        Files::Witness witness;
        sender->send("x", witness.takeSent());
        QTRY_VERIFY(witness.allAreClosed());
    }
    QCOMPARE(receiver.descriptorsAvailable(), 0);
}

QTEST_GUILESS_MAIN(tst_unixsocket_ends)
#include "tst_unixsocket_ends.moc"
