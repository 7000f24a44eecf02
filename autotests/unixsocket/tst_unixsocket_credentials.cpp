// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "files.h"

#include "../local/forkedchild.h"
#include "../local/rawsocket.h"

#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

using namespace InterprocessQt;

// Who has sent what: with each message, as long as it is asked for, or once.
class tst_unixsocket_credentials : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void noneComeUnlessAskedFor();
    void comeWithEachMessage();
    void whatWasSentBeforeHasNone();
    void messagesOfOneSenderAreOnePart();
    void onceMeansTheFirstThatAreValid();
    void onceLeavesContinuousOnesAlone();
    void onceBeforeTheConnection();
    void whatIsSetBeforeCountsForTheConnection();
    void aServerHasThemFromTheFirstByte();
    void aServerThatAsksLateHasThemForWhoeverIsAccepted();
    void aServerThatStopsAskingHasNone();
    void sendersAreKeptApart();
    void whatAnotherUserSendsSaysSo();
    void ownOnesCanBeSent();
    void incompleteOnesAreRefused();
    void thoseOfSomebodyElseAreRefused();
    void comeBesideDescriptors();
};

namespace
{
qint64 senderOf(const std::optional<UnixMessage> &message)
{
    return message && message->credentials() ? message->credentials()->processId().value_or(0) : -1;
}
} // namespace

void tst_unixsocket_credentials::initTestCase()
{
    UnixSocket socket;
    if (!socket.setCredentialsEnabled(true)) {
        QCOMPARE(socket.error(), UnixSocket::UnsupportedSocketOperationError);
        QVERIFY(!socket.isCredentialsEnabled());
        QVERIFY(!socket.requestCredentials());
        QSKIP("This system does not send credentials with each message");
    }
}

void tst_unixsocket_credentials::noneComeUnlessAskedFor()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->write("x");
    QTRY_COMPARE(receiver->bytesAvailable(), 1);
    QVERIFY(!receiver->receive()->credentials());
    QCOMPARE(receiver->peerCredentials().processId(), ::getpid());
}

void tst_unixsocket_credentials::comeWithEachMessage()
{
    const auto [sender, receiver] = UnixSocket::pair();
    QSignalSpy changed(receiver.get(), &UnixSocket::credentialsEnabledChanged);
    QVERIFY(receiver->setCredentialsEnabled(true));
    QVERIFY(receiver->isCredentialsEnabled());
    QVERIFY(receiver->setCredentialsEnabled(true));
    QCOMPARE(changed.size(), 1);
    for (int i = 0; i < 3; ++i) {
        sender->write("x");
        QTRY_COMPARE(receiver->bytesAvailable(), 1);
        const auto message = receiver->receive();
        QCOMPARE(senderOf(message), ::getpid());
        QCOMPARE(message->credentials()->userId(), ::getuid());
        QCOMPARE(message->credentials()->groupId(), ::getgid());
    }
    QVERIFY(receiver->setCredentialsEnabled(false));
    QVERIFY(!receiver->isCredentialsEnabled());
    QCOMPARE(changed.size(), 2);
    sender->write("x");
    QTRY_COMPARE(receiver->bytesAvailable(), 1);
    QCOMPARE(senderOf(receiver->receive()), -1);
}

void tst_unixsocket_credentials::whatWasSentBeforeHasNone()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->write("before");
    sender->flush();
    QVERIFY(receiver->setCredentialsEnabled(true));
    sender->write("after");
    sender->flush();
    QTRY_COMPARE(receiver->bytesAvailable(), 11);
    auto message = receiver->receive();
    QCOMPARE(message->data(), "before");
    QVERIFY(message->credentials());
    QVERIFY(!message->credentials()->isValid());
    message = receiver->receive();
    QCOMPARE(message->data(), "after");
    QCOMPARE(senderOf(message), ::getpid());
}

void tst_unixsocket_credentials::messagesOfOneSenderAreOnePart()
{
    const auto [sender, receiver] = UnixSocket::pair();
    QVERIFY(receiver->setCredentialsEnabled(true));
    for (int i = 0; i < 5; ++i) {
        sender->write("x");
        QTRY_COMPARE(receiver->bytesAvailable(), i + 1);
    }
    QCOMPARE(receiver->read(2), "xx");
    const auto message = receiver->receive();
    QCOMPARE(message->data(), "xxx");
    QCOMPARE(senderOf(message), ::getpid());
}

void tst_unixsocket_credentials::onceMeansTheFirstThatAreValid()
{
    const auto [sender, receiver] = UnixSocket::pair();
    QSignalSpy changed(receiver.get(), &UnixSocket::credentialsEnabledChanged);
    sender->write("before");
    sender->flush();
    QVERIFY(receiver->requestCredentials());
    QVERIFY(!receiver->isCredentialsEnabled()); // that is another thing
    QTRY_COMPARE(receiver->bytesAvailable(), 6);
    QVERIFY(!receiver->receive()->credentials()->isValid());
    for (int i = 0; i < 2; ++i) {
        sender->write("x");
        QTRY_COMPARE(receiver->bytesAvailable(), 1);
        QCOMPARE(senderOf(receiver->receive()), ::getpid());
        sender->write("y");
        QTRY_COMPARE(receiver->bytesAvailable(), 1);
        QCOMPARE(senderOf(receiver->receive()), -1);
        QVERIFY(receiver->requestCredentials());
    }
    QVERIFY(changed.isEmpty());
}

void tst_unixsocket_credentials::onceLeavesContinuousOnesAlone()
{
    UnixServer server;
    QVERIFY(server.setCredentialsEnabled(true));
    QVERIFY(server.listen(path()));
    UnixSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QVERIFY(peer->isCredentialsEnabled());
    QVERIFY(peer->requestCredentials());
    for (int i = 0; i < 3; ++i) {
        client.write("x");
        QTRY_COMPARE(peer->bytesAvailable(), 1);
        QCOMPARE(senderOf(peer->receive()), ::getpid());
    }
    QVERIFY(peer->isCredentialsEnabled());
}

void tst_unixsocket_credentials::onceBeforeTheConnection()
{
    UnixServer server;
    QVERIFY(server.listen(path()));
    UnixSocket client;
    QVERIFY(client.requestCredentials());
    QVERIFY(!client.isCredentialsEnabled());
    client.connectToServer(path());
    QVERIFY(!client.isCredentialsEnabled());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    peer->write("x");
    QTRY_COMPARE(client.bytesAvailable(), 1);
    QCOMPARE(senderOf(client.receive()), ::getpid());
    peer->write("x");
    QTRY_COMPARE(client.bytesAvailable(), 1);
    QCOMPARE(senderOf(client.receive()), -1);
}

void tst_unixsocket_credentials::whatIsSetBeforeCountsForTheConnection()
{
    UnixServer server;
    QVERIFY(server.listen(path()));
    UnixSocket client;
    QVERIFY(client.setCredentialsEnabled(true));
    for (int i = 0; i < 2; ++i) {
        client.connectToServer(path());
        QVERIFY(client.isCredentialsEnabled());
        QVERIFY(!client.localAddress().isValid()); // no name was chosen by the kernel
        QTRY_VERIFY(server.hasPendingConnections());
        const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
        QTRY_VERIFY(client.isOpen());
        peer->write("x");
        QTRY_COMPARE(client.bytesAvailable(), 1);
        QCOMPARE(senderOf(client.receive()), ::getpid());
        client.abort();
        QVERIFY(client.isCredentialsEnabled());
    }
}

void tst_unixsocket_credentials::aServerHasThemFromTheFirstByte()
{
    for (const bool first : {true, false}) {
        UnixServer server;
        QSignalSpy changed(&server, &UnixServer::credentialsEnabledChanged);
        if (first)
            QVERIFY(server.setCredentialsEnabled(true));
        QVERIFY(server.listen(path()));
        if (!first)
            QVERIFY(server.setCredentialsEnabled(true));
        QVERIFY(server.setCredentialsEnabled(true));
        QCOMPARE(changed.size(), 1);
        QVERIFY(server.isCredentialsEnabled());
        // The event loop does not run before it has written: nobody has accepted it.
        const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
        QCOMPARE(::write(int(client.get()), "early", 5), 5);
        QTRY_VERIFY(server.hasPendingConnections());
        const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
        QVERIFY(peer->isCredentialsEnabled());
        QTRY_COMPARE(peer->bytesAvailable(), 5);
        QCOMPARE(senderOf(peer->receive()), ::getpid());
    }
}

void tst_unixsocket_credentials::aServerThatAsksLateHasThemForWhoeverIsAccepted()
{
    UnixServer server;
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path())); // waits to be accepted
    QCOMPARE(::write(int(client.get()), "early", 5), 5);
    QVERIFY(server.setCredentialsEnabled(true));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QVERIFY(peer->isCredentialsEnabled());
    QTRY_COMPARE(peer->bytesAvailable(), 5);
    QVERIFY(peer->receive()->credentials()); // valid where the kernel notes who writes to a socket that is not accepted yet
    QCOMPARE(::write(int(client.get()), "late", 4), 4);
    QTRY_COMPARE(peer->bytesAvailable(), 4);
    QCOMPARE(senderOf(peer->receive()), ::getpid());
}

void tst_unixsocket_credentials::aServerThatStopsAskingHasNone()
{
    UnixServer server;
    QVERIFY(server.setCredentialsEnabled(true));
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QVERIFY(server.setCredentialsEnabled(false));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QVERIFY(!peer->isCredentialsEnabled());
    QCOMPARE(::write(int(client.get()), "x", 1), 1);
    QTRY_COMPARE(peer->bytesAvailable(), 1);
    QCOMPARE(senderOf(peer->receive()), -1);
}

void tst_unixsocket_credentials::sendersAreKeptApart()
{
    const auto [sender, receiver] = UnixSocket::pair();
    QVERIFY(receiver->setCredentialsEnabled(true));
    const int fd = int(sender->socketDescriptor());
    // All of it waits in the kernel before anything is read.
    QCOMPARE(::send(fd, "parent ", 7, 0), 7);
    qint64 pid = 0;
    {
        ForkedChild child([fd] {
            return ::send(fd, "child ", 6, 0) == 6 && ::send(fd, "again ", 6, 0) == 6 ? "sent" : "failed";
        });
        pid = child.pid();
        int status = 0;
        QCOMPARE(::waitpid(child.pid(), &status, 0), child.pid());
        QCOMPARE(status, 0);
    }
    QCOMPARE(::send(fd, "parent", 6, 0), 6);
    QTRY_COMPARE(receiver->bytesAvailable(), 25);
    auto message = receiver->receive();
    QCOMPARE(message->data(), "parent ");
    QCOMPARE(senderOf(message), ::getpid());
    message = receiver->receive();
    QCOMPARE(message->data(), "child again ");
    QCOMPARE(senderOf(message), pid); // though it is gone
    message = receiver->receive();
    QCOMPARE(message->data(), "parent");
    QCOMPARE(senderOf(message), ::getpid());
    // Who made the connection is another question.
    QCOMPARE(receiver->peerCredentials().processId(), ::getpid());
}

void tst_unixsocket_credentials::whatAnotherUserSendsSaysSo()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can be somebody else");
    const auto [sender, receiver] = UnixSocket::pair();
    QVERIFY(receiver->setCredentialsEnabled(true));
    const int fd = int(sender->socketDescriptor());
    const uid_t other = ForkedChild::someOtherUser();
    ForkedChild child(
        [fd] {
            return ::send(fd, "x", 1, 0) == 1 ? "sent" : "failed";
        },
        other);
    QCOMPARE(child.result(), "sent");
    QTRY_COMPARE(receiver->bytesAvailable(), 1);
    const auto message = receiver->receive();
    QCOMPARE(message->credentials()->userId(), other);
    QCOMPARE(message->credentials()->groupId(), other);
    QVERIFY(!message->credentials()->isSameUser());
}

void tst_unixsocket_credentials::ownOnesCanBeSent()
{
    const auto [sender, receiver] = UnixSocket::pair();
    UnixMessage message("first");
    message.setCredentials(PeerCredentials::ofThisProcess());
    QCOMPARE(sender->send(std::move(message)), 5);
    QTRY_COMPARE(receiver->bytesAvailable(), 5);
    QVERIFY(!receiver->receive()->credentials()); // not asked for
    QVERIFY(receiver->setCredentialsEnabled(true));
    UnixMessage second("second");
    second.setCredentials(PeerCredentials::ofThisProcess());
    QCOMPARE(sender->send(std::move(second)), 6);
    QTRY_COMPARE(receiver->bytesAvailable(), 6);
    QCOMPARE(senderOf(receiver->receive()), ::getpid());
}

void tst_unixsocket_credentials::incompleteOnesAreRefused()
{
    const auto [sender, receiver] = UnixSocket::pair();
    UnixMessage message("x", Files::numbered(1));
    PeerCredentials half;
    half.setProcessId(::getpid());
    message.setCredentials(half);
    QCOMPARE(sender->send(std::move(message)), -1);
    QCOMPARE(sender->error(), UnixSocket::OperationError);
    QCOMPARE(sender->nativeError(), EINVAL);
    QCOMPARE(message.descriptors().size(), 1U);
    message.setData({});
    message.setCredentials(PeerCredentials::ofThisProcess());
    QCOMPARE(sender->send(std::move(message)), -1); // nothing to travel with
}

void tst_unixsocket_credentials::thoseOfSomebodyElseAreRefused()
{
    const auto attempt = [] {
        const auto [sender, receiver] = UnixSocket::pair();
        UnixMessage message("x", Files::numbered(1));
        PeerCredentials wrong = PeerCredentials::ofThisProcess();
        wrong.setUserId(*wrong.userId() + 1);
        message.setCredentials(wrong);
        QByteArray result;
        result += sender->send(std::move(message)) == -1 ? "refused" : "sent";
        result += sender->error() == UnixSocket::SocketAccessError ? " access" : " another error";
        result += sender->nativeError() == EPERM ? " EPERM" : " another code";
        result += message.descriptors().size() == 1 ? " kept" : " lost";
        result += sender->write("goes on") == 7 && sender->bytesToWrite() == 0 ? " on" : " broken";
        char buffer[10];
        result += ::recv(int(receiver->socketDescriptor()), buffer, sizeof buffer, 0) == 7 ? " 7" : " nothing";
        return result;
    };
    if (ForkedChild::canChangeUser())
        QCOMPARE(ForkedChild(attempt, ForkedChild::someOtherUser()).result(), "refused access EPERM kept on 7");
    else
        QCOMPARE(attempt(), "refused access EPERM kept on 7");
}

void tst_unixsocket_credentials::comeBesideDescriptors()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(253);
    QVERIFY(receiver->setCredentialsEnabled(true));
    UnixMessage message("all", Files::numbered(253));
    message.setCredentials(PeerCredentials::ofThisProcess());
    QCOMPARE(sender->send(std::move(message)), 3);
    sender->write("plain");
    QTRY_COMPARE(receiver->bytesAvailable(), 3);
    auto received = receiver->receive();
    QCOMPARE(received->data(), "all");
    QCOMPARE(received->descriptors().size(), 253U);
    QVERIFY(!received->descriptorsLost());
    QCOMPARE(senderOf(received), ::getpid());
    QTRY_COMPARE(receiver->bytesAvailable(), 5);
    received = receiver->receive();
    QCOMPARE(received->data(), "plain");
    QCOMPARE(senderOf(received), ::getpid());
}

QTEST_GUILESS_MAIN(tst_unixsocket_credentials)
#include "tst_unixsocket_credentials.moc"
