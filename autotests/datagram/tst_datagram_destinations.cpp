// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

using namespace InterprocessQt;

// Who gets what is sent.
class tst_datagram_destinations : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void canBeCalledByName();
    void anUnnamedSenderHasNoAddress();
    void aSenderIsAnsweredByItsAddress_data();
    void aSenderIsAnsweredByItsAddress();
    void aConnectedSocketSendsWithoutAnAddress();
    void aConnectedSocketReceivesFromItsPeerAlone();
    void aConnectedSocketSendsToOthers();
    void afterDisconnectingThereIsNoDestination();
    void theDestinationIsReplaced();
    void aPairIsConnected();
    void sendingToNobodyIsRefused_data();
    void sendingToNobodyIsRefused();
    void connectingToNobodyKeepsTheOldDestination();
    void aPeerThatHasGoneIsNoDestinationAnyMore();
    void aPeerThatDiscardsWhatWasSentIsReported();
};

void tst_datagram_destinations::anUnnamedSenderHasNoAddress()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    QVERIFY(sender.sendTo("from nowhere", path()));
    const auto message = receiver.receive();
    QVERIFY(message);
    QVERIFY(!message->sender().isValid());
    QVERIFY(!sender.localAddress().isValid());
    QVERIFY(!receiver.sendTo("answer", message->sender()));
    QCOMPARE(receiver.error(), UnixDatagramSocket::ServerNotFoundError);
    QCOMPARE(receiver.nativeError(), 0);
}

void tst_datagram_destinations::aSenderIsAnsweredByItsAddress_data()
{
    QTest::addColumn<QByteArray>("name"); // as the kernel has it
    QTest::newRow("file") << QByteArray();
#ifdef Q_OS_LINUX
    QTest::newRow("abstract") << QByteArray("\0sender", 7);
    QTest::newRow("abstract, no text") << QByteArray("\0\xff\xfe\0odd\0", 8);
#endif
}

void tst_datagram_destinations::aSenderIsAnsweredByItsAddress()
{
    QFETCH(QByteArray, name);
    Raw::Name own = Raw::fileName(path("sender"));
    if (!name.isEmpty()) {
        name += QByteArray::number(QCoreApplication::applicationPid());
        std::memcpy(own.address.un.sun_path, name.constData(), size_t(name.size()));
        own.length = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(name.size()));
    }
    const Raw::NativeHandle sender = Raw::bound(own, SOCK_DGRAM);
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    QVERIFY(Raw::sendTo(sender, "question", path()));
    const auto message = receiver.receive();
    QVERIFY(message);
    QVERIFY(message->sender().isValid());
    QVERIFY2(receiver.sendTo("answer", message->sender()), qPrintable(receiver.errorString()));
    QCOMPARE(Raw::received(sender).value_or("nothing"), "answer");
}

void tst_datagram_destinations::aConnectedSocketSendsWithoutAnAddress()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    QVERIFY(!sender.send("too early"));
    QCOMPARE(sender.error(), UnixDatagramSocket::OperationError);
    QCOMPARE(sender.nativeError(), ENOTCONN);
    QVERIFY2(sender.connectTo(path()), qPrintable(sender.errorString()));
    QVERIFY(sender.isConnected());
    QCOMPARE(sender.peerAddress(), Address(path()));
    QSignalSpy sent(&sender, &UnixDatagramSocket::datagramsSent);
    QVERIFY(sender.send("one"));
    QVERIFY(sender.send("two"));
    QCOMPARE(sent.count(), 0); // not from inside the call
    QTRY_COMPARE(sent.count(), 1);
    QCOMPARE(sent.at(0).at(0).toInt(), 2);
    QCOMPARE(receiver.receive()->data(), "one");
    QCOMPARE(receiver.receive()->data(), "two");
    QVERIFY(!receiver.receive());
}

void tst_datagram_destinations::aConnectedSocketReceivesFromItsPeerAlone()
{
    UnixDatagramSocket peer;
    QVERIFY(peer.bind(path("peer")));
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    QVERIFY(socket.connectTo(path("peer")));
    QVERIFY(peer.sendTo("from the peer", path()));
    UnixDatagramSocket stranger;
    QVERIFY(!stranger.sendTo("from a stranger", path()));
    QCOMPARE(stranger.error(), UnixDatagramSocket::SocketAccessError);
    QCOMPARE(stranger.nativeError(), EPERM);
    QVERIFY2(stranger.errorString().endsWith("(it receives from another socket only)"), qPrintable(stranger.errorString()));
    QCOMPARE(socket.receive()->data(), "from the peer");
    QVERIFY(!socket.receive());
}

void tst_datagram_destinations::aConnectedSocketSendsToOthers()
{
#ifndef Q_OS_LINUX
    QSKIP("Only Linux lets it");
#endif
    UnixDatagramSocket peer;
    QVERIFY(peer.bind(path("peer")));
    UnixDatagramSocket other;
    QVERIFY(other.bind(path("other")));
    UnixDatagramSocket socket;
    QVERIFY(socket.connectTo(path("peer")));
    QVERIFY2(socket.sendTo("to another one", path("other")), qPrintable(socket.errorString()));
    QVERIFY(socket.send("to the peer"));
    QCOMPARE(other.receive()->data(), "to another one");
    QCOMPARE(peer.receive()->data(), "to the peer");
}

void tst_datagram_destinations::afterDisconnectingThereIsNoDestination()
{
    UnixDatagramSocket peer;
    QVERIFY(peer.bind(path("peer")));
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    QVERIFY(socket.connectTo(path("peer")));
    socket.disconnectFromPeer();
    QVERIFY(!socket.isConnected());
    QVERIFY(!socket.peerAddress().isValid());
    QVERIFY(!socket.send("nowhere"));
    UnixDatagramSocket stranger;
    QVERIFY(stranger.sendTo("now I may", path()));
    QCOMPARE(socket.receive()->data(), "now I may");
    QCOMPARE(socket.localAddress(), Address(path())); // the name stays
}

void tst_datagram_destinations::theDestinationIsReplaced()
{
    UnixDatagramSocket first;
    QVERIFY(first.bind(path("first")));
    UnixDatagramSocket second;
    QVERIFY(second.bind(path("second")));
    UnixDatagramSocket socket;
    QVERIFY(socket.connectTo(path("first")));
    QVERIFY(socket.send("one"));
    QVERIFY(socket.connectTo(path("second")));
    QVERIFY(socket.send("two"));
    QCOMPARE(first.receive()->data(), "one");
    QCOMPARE(second.receive()->data(), "two");
    QVERIFY(!first.hasPendingDatagrams());
}

void tst_datagram_destinations::aPairIsConnected()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(first->isConnected() && second->isConnected());
    QVERIFY(!first->peerAddress().isValid());
    QVERIFY(first->send("ping"));
    QCOMPARE(second->receive()->data(), "ping");
    QVERIFY(second->send("pong"));
    QCOMPARE(first->receive()->data(), "pong");
}

void tst_datagram_destinations::sendingToNobodyIsRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<UnixDatagramSocket::Error>("error");
    QTest::addColumn<int>("native");
    QTest::newRow("nothing") << "nothing" << UnixDatagramSocket::ServerNotFoundError << ENOENT;
    QTest::newRow("stale") << "stale" << UnixDatagramSocket::ConnectionRefusedError << ECONNREFUSED;
    QTest::newRow("stream") << "stream" << UnixDatagramSocket::UnsupportedSocketOperationError << EPROTOTYPE;
}

void tst_datagram_destinations::sendingToNobodyIsRefused()
{
    QFETCH(QString, kind);
    QFETCH(UnixDatagramSocket::Error, error);
    QFETCH(int, native);
    Raw::NativeHandle stream;
    if (kind == "stale")
        QVERIFY(Raw::receiver(path()).isValid());
    if (kind == "stream")
        stream = Raw::listening(Raw::fileName(path()));
    UnixDatagramSocket socket;
    QSignalSpy errors(&socket, &UnixDatagramSocket::errorOccurred);
    const NativeHandle file = Raw::socket();
    UnixMessage message("important", {});
    message.addDescriptor(file.duplicate());
    QVERIFY(!socket.sendTo(std::move(message), path()));
    QCOMPARE(socket.error(), error);
    QCOMPARE(socket.nativeError(), native);
    QVERIFY2(socket.errorString().startsWith(QString("send to %1: ").arg(path())), qPrintable(socket.errorString()));
    // It is still ours, with everything.
    QCOMPARE(message.data(), "important"); // NOLINT(bugprone-use-after-move)
    QCOMPARE(message.descriptors().size(), size_t(1));
    QCOMPARE(socket.datagramsToSend(), 0);
    QVERIFY(!socket.connectTo(path()));
    QCOMPARE(socket.error(), error);
    QCOMPARE(socket.nativeError(), native);
    runTurns();
    QCOMPARE(errors.count(), 0);
}

void tst_datagram_destinations::connectingToNobodyKeepsTheOldDestination()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket socket;
    QVERIFY(socket.connectTo(path()));
    QVERIFY(!socket.connectTo(path("missing")));
    QCOMPARE(socket.peerAddress(), Address(path()));
    QVERIFY(socket.send("still"));
    QCOMPARE(receiver.receive()->data(), "still");
}

void tst_datagram_destinations::aPeerThatHasGoneIsNoDestinationAnyMore()
{
    UnixDatagramSocket socket;
    {
        UnixDatagramSocket receiver;
        QVERIFY(receiver.bind(path()));
        QVERIFY(socket.connectTo(path()));
    }
    QVERIFY(socket.isConnected()); // nobody has told
    QVERIFY(!socket.send("lost"));
    QCOMPARE(socket.error(), UnixDatagramSocket::ConnectionRefusedError);
    QVERIFY(!socket.isConnected());
    QVERIFY(!socket.send("lost, too"));
    QCOMPARE(socket.error(), UnixDatagramSocket::OperationError);
}

void tst_datagram_destinations::aPeerThatDiscardsWhatWasSentIsReported()
{
    // What the peer has not read when it turns to somebody else is gone; Linux says so with ECONNRESET, which must
    // neither be taken for a failure of the next datagram nor get lost.
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    UnixDatagramSocket other;
    QVERIFY(other.bind(path("other")));
    UnixDatagramSocket peer;
    QVERIFY(peer.bind(path("peer")));
    QVERIFY(peer.connectTo(path()));
    QVERIFY(socket.connectTo(path("peer")));
    QVERIFY(socket.send("never read"));
    QVERIFY(peer.connectTo(path("other")));
    QSignalSpy errors(&socket, &UnixDatagramSocket::errorOccurred);
    QTRY_COMPARE(errors.count(), 1);
    QCOMPARE(errors.at(0).at(0).value<UnixDatagramSocket::Error>(), UnixDatagramSocket::PeerClosedError);
    QCOMPARE(socket.nativeError(), ECONNRESET);
}

void tst_datagram_destinations::canBeCalledByName()
{
    // As QML and QMetaObject::invokeMethod() do.
    UnixDatagramSocket receiver;
    UnixDatagramSocket sender;
    bool done = false;
    const Address address = Address::filePath(path());
    QVERIFY(QMetaObject::invokeMethod(&receiver, "bind", Q_RETURN_ARG(bool, done), Q_ARG(InterprocessQt::Address, address)));
    QVERIFY(done);
    QVERIFY(QMetaObject::invokeMethod(&sender, "sendTo", Q_RETURN_ARG(bool, done), Q_ARG(QByteArray, "one"), Q_ARG(InterprocessQt::Address, address)));
    QVERIFY(done);
    QVERIFY(QMetaObject::invokeMethod(&sender, "connectTo", Q_RETURN_ARG(bool, done), Q_ARG(InterprocessQt::Address, address)));
    QVERIFY(done);
    QVERIFY(QMetaObject::invokeMethod(&sender, "send", Q_RETURN_ARG(bool, done), Q_ARG(QByteArray, "three")));
    QVERIFY(done);
    qint64 size = -1;
    QVERIFY(QMetaObject::invokeMethod(&receiver, "pendingDatagramSize", Q_RETURN_ARG(qint64, size)));
    QCOMPARE(size, 3);
    QVERIFY(QMetaObject::invokeMethod(&receiver, "close"));
    QVERIFY(!receiver.isOpen());
}

QTEST_GUILESS_MAIN(tst_datagram_destinations)
#include "tst_datagram_destinations.moc"
