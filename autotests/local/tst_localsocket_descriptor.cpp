// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// Sockets that come from elsewhere, and pairs.
class tst_localsocket_descriptor : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aStreamSocketIsTaken();
    void whatWaitsInItIsDelivered();
    void whatIsLeftOfAPeerThatHasGoneIsDelivered();
    void isTakenForReadingOnly();
    void anythingElseIsRefusedAndLeftAsItIs_data();
    void anythingElseIsRefusedAndLeftAsItIs();
    void onlyConnectedOnesAreTaken();
    void nothingIsTakenWhileConnected();
    void oneObjectTakesOneAfterTheOther();
    void aPairIsConnected();
    void aPairEndsTogether();
};

void tst_localsocket_descriptor::aStreamSocketIsTaken()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0); // neither non-blocking nor closed on exec
    const Raw::NativeHandle peer(ends[1]);
    LocalSocket socket;
    QVERIFY2(socket.setSocketDescriptor(ends[0]), qPrintable(socket.errorString()));
    QCOMPARE(socket.socketDescriptor(), ends[0]);
    QCOMPARE(socket.state(), LocalSocket::ConnectedState);
    QVERIFY(socket.isOpen() && socket.isReadable() && socket.isWritable() && socket.isValid());
    QVERIFY(::fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    QVERIFY(::fcntl(ends[0], F_GETFD) & FD_CLOEXEC);

    QCOMPARE(::write(int(peer.get()), "ping", 4), 4);
    QTRY_COMPARE(socket.bytesAvailable(), 4);
    QCOMPARE(socket.readAll(), "ping");
    socket.write("pong");
    char data[10];
    QCOMPARE(::read(int(peer.get()), data, sizeof data), 4);
    socket.abort();
    QCOMPARE(::fcntl(ends[0], F_GETFD), -1); // it was ours
}

void tst_localsocket_descriptor::whatWaitsInItIsDelivered()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const Raw::NativeHandle peer(ends[1]);
    QCOMPARE(::write(int(peer.get()), "early", 5), 5);
    LocalSocket socket;
    QSignalSpy ready(&socket, &LocalSocket::readyRead);
    QVERIFY(socket.setSocketDescriptor(ends[0]));
    QVERIFY(ready.isEmpty());
    QVERIFY(ready.wait());
    QCOMPARE(socket.readAll(), "early");
}

void tst_localsocket_descriptor::whatIsLeftOfAPeerThatHasGoneIsDelivered()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    QCOMPARE(::write(ends[1], "bye", 3), 3);
    ::close(ends[1]);
    LocalSocket socket;
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QVERIFY2(socket.setSocketDescriptor(ends[0]), qPrintable(socket.errorString()));
    QVERIFY(disconnected.wait());
    QCOMPARE(socket.readAll(), "bye");
}

void tst_localsocket_descriptor::isTakenForReadingOnly()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const Raw::NativeHandle peer(ends[1]);
    LocalSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends[0], LocalSocket::ConnectedState, QIODevice::ReadOnly));
    QVERIFY(socket.isReadable() && !socket.isWritable());
    QVERIFY(!socket.isWriteChannelOpen());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("ReadOnly"));
    QCOMPARE(socket.write("x"), -1);
}

void tst_localsocket_descriptor::anythingElseIsRefusedAndLeftAsItIs_data()
{
    QTest::addColumn<QString>("kind");
    for (const QString kind : {"datagram", "seqpacket", "TCP", "pipe", "file", "listening", "unconnected", "closed", "-1"})
        QTest::newRow(qPrintable(kind)) << kind;
}

void tst_localsocket_descriptor::anythingElseIsRefusedAndLeftAsItIs()
{
    QFETCH(QString, kind);
    int ends[2] = {-1, -1};
    Raw::NativeHandle handle;
    if (kind == "datagram")
        QCOMPARE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
    else if (kind == "seqpacket")
        QCOMPARE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    else if (kind == "pipe")
        QCOMPARE(::pipe2(ends, O_CLOEXEC), 0);
    else if (kind == "TCP")
        handle = Raw::socket(SOCK_STREAM, AF_INET);
    else if (kind == "file")
        handle.reset(::open("/dev/null", O_RDWR));
    else if (kind == "listening")
        handle = Raw::listening(Raw::fileName(path()));
    else if (kind == "unconnected")
        handle = Raw::socket();
    const Raw::NativeHandle other(ends[1]);
    if (ends[0] != -1)
        handle.reset(ends[0]);
    qintptr descriptor = handle.get();
    if (kind == "closed")
        descriptor = Raw::socket().get(); // closed again at once
    const int flags = ::fcntl(int(descriptor), F_GETFL);
    const int descriptorFlags = ::fcntl(int(descriptor), F_GETFD);

    {
        LocalSocket socket;
        QVERIFY(!socket.setSocketDescriptor(descriptor));
        QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
        QVERIFY(!socket.isOpen());
        QCOMPARE(socket.socketDescriptor(), -1);
        QVERIFY(socket.error() == LocalSocket::UnsupportedSocketOperationError || socket.error() == LocalSocket::OperationError
                || socket.error() == LocalSocket::PeerClosedError);
        QVERIFY2(socket.errorString().contains(QString::number(descriptor)), qPrintable(socket.errorString()));
    }
    QCOMPARE(::fcntl(int(descriptor), F_GETFL), flags);
    QCOMPARE(::fcntl(int(descriptor), F_GETFD), descriptorFlags);
}

void tst_localsocket_descriptor::onlyConnectedOnesAreTaken()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const Raw::NativeHandle first(ends[0]);
    const Raw::NativeHandle second(ends[1]);
    LocalSocket socket;
    for (const auto state : {LocalSocket::UnconnectedState, LocalSocket::ConnectingState, LocalSocket::ClosingState}) {
        QVERIFY(!socket.setSocketDescriptor(first.get(), state));
        QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    }
    QCOMPARE(::write(int(first.get()), "x", 1), 1);
}

void tst_localsocket_descriptor::nothingIsTakenWhileConnected()
{
    auto [socket, peer] = LocalSocket::pair();
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const Raw::NativeHandle first(ends[0]);
    const Raw::NativeHandle second(ends[1]);
    QVERIFY(!socket->setSocketDescriptor(first.get()));
    QCOMPARE(socket->state(), LocalSocket::ConnectedState);
    socket->write("still");
    QTRY_COMPARE(peer->bytesAvailable(), 5);
}

void tst_localsocket_descriptor::oneObjectTakesOneAfterTheOther()
{
    LocalSocket socket;
    for (int i = 0; i < 5; ++i) {
        int ends[2];
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        Raw::NativeHandle peer(ends[1]);
        QVERIFY(socket.setSocketDescriptor(ends[0]));
        QCOMPARE(::write(int(peer.get()), "x", 1), 1);
        QTRY_COMPARE(socket.bytesAvailable(), 1);
        if (i % 2 == 0)
            socket.abort();
        peer.reset();
        QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
    }
}

void tst_localsocket_descriptor::aPairIsConnected()
{
    auto [first, second] = LocalSocket::pair();
    QVERIFY(first && second);
    for (LocalSocket *socket : {first.get(), second.get()}) {
        QCOMPARE(socket->state(), LocalSocket::ConnectedState);
        QVERIFY(socket->isReadable() && socket->isWritable());
    }
    first->write("ping");
    second->write("pong");
    QTRY_COMPARE(first->bytesAvailable(), 4);
    QTRY_COMPARE(second->bytesAvailable(), 4);
    QCOMPARE(first->readAll(), "pong");
    QCOMPARE(second->readAll(), "ping");
}

void tst_localsocket_descriptor::aPairEndsTogether()
{
    auto [first, second] = LocalSocket::pair();
    QSignalSpy disconnected(second.get(), &LocalSocket::disconnected);
    first->write("bye");
    first.reset();
    QVERIFY(disconnected.wait());
    QCOMPARE(second->readAll(), "bye");
}

QTEST_GUILESS_MAIN(tst_localsocket_descriptor)
#include "tst_localsocket_descriptor.moc"
