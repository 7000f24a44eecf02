// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

using namespace InterprocessQt;

// Descriptors from elsewhere, and for elsewhere.
class tst_datagram_handover : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anAdoptedSocketIsComplete();
    void anAdoptedConnectionGoesOn();
    void anotherKindOfDescriptorIsRefused_data();
    void anotherKindOfDescriptorIsRefused();
    void aSecondDescriptorIsRefused();
    void aReleasedDescriptorIsTheCallers();
};

void tst_datagram_handover::anAdoptedSocketIsComplete()
{
    Raw::NativeHandle bound = Raw::receiver(path());
    const int fd = int(bound.get());
    ::fcntl(fd, F_SETFD, 0);
    {
        UnixDatagramSocket socket;
        QVERIFY2(socket.setSocketDescriptor(bound.release()), qPrintable(socket.errorString()));
        QCOMPARE(socket.socketDescriptor(), fd);
        QCOMPARE(socket.localAddress(), Address(path()));
        QVERIFY(!socket.isConnected());
        QVERIFY(::fcntl(fd, F_GETFD) & FD_CLOEXEC);
        QVERIFY(::fcntl(fd, F_GETFL) & O_NONBLOCK);
        QSignalSpy ready(&socket, &UnixDatagramSocket::readyRead);
        QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "hello", path()));
        QTRY_COMPARE(ready.count(), 1);
        QCOMPARE(socket.receive()->data(), "hello");
    }
    QVERIFY(Raw::fileAt(path())); // whoever made the name removes it
    QCOMPARE(::fcntl(fd, F_GETFD), -1);
}

void tst_datagram_handover::anAdoptedConnectionGoesOn()
{
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::NativeHandle connected = Raw::connected(Raw::fileName(path()), SOCK_DGRAM);
    UnixDatagramSocket socket;
    QVERIFY(socket.setSocketDescriptor(connected.release()));
    QVERIFY(socket.isConnected());
    QCOMPARE(socket.peerAddress(), Address(path()));
    QVERIFY(socket.send("hello"));
    QCOMPARE(Raw::received(receiver).value_or("nothing"), "hello");
}

void tst_datagram_handover::anotherKindOfDescriptorIsRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<UnixDatagramSocket::Error>("error");
    QTest::addColumn<int>("native");
    QTest::newRow("stream") << "stream" << UnixDatagramSocket::UnsupportedSocketOperationError << 0;
    QTest::newRow("internet") << "internet" << UnixDatagramSocket::UnsupportedSocketOperationError << 0;
    QTest::newRow("file") << "file" << UnixDatagramSocket::UnsupportedSocketOperationError << ENOTSOCK;
    QTest::newRow("closed") << "closed" << UnixDatagramSocket::OperationError << EBADF;
}

void tst_datagram_handover::anotherKindOfDescriptorIsRefused()
{
    QFETCH(QString, kind);
    QFETCH(UnixDatagramSocket::Error, error);
    QFETCH(int, native);
    Raw::NativeHandle handle;
    if (kind == "stream")
        handle = Raw::socket();
    else if (kind == "internet")
        handle = Raw::socket(SOCK_DGRAM, AF_INET);
    else if (kind == "file")
        handle.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    UnixDatagramSocket socket;
    QVERIFY(!socket.setSocketDescriptor(kind == "closed" ? 99'999 : handle.get()));
    QCOMPARE(socket.error(), error);
    QCOMPARE(socket.nativeError(), native);
    QVERIFY(!socket.isOpen());
    if (handle)
        QVERIFY(::fcntl(int(handle.get()), F_GETFD) != -1); // still the caller's
}

void tst_datagram_handover::aSecondDescriptorIsRefused()
{
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    const Raw::NativeHandle second = Raw::socket(SOCK_DGRAM);
    QVERIFY(!socket.setSocketDescriptor(second.get()));
    QCOMPARE(socket.error(), UnixDatagramSocket::OperationError);
    QCOMPARE(socket.localAddress(), Address(path()));
}

void tst_datagram_handover::aReleasedDescriptorIsTheCallers()
{
    UnixDatagramSocket socket;
    QVERIFY(!socket.releaseSocketDescriptor());
    QVERIFY(socket.bind(path()));
    const Raw::NativeHandle sender = Raw::socket(SOCK_DGRAM);
    QVERIFY(Raw::sendTo(sender, "before", path()));
    {
        const FileDescriptor released = socket.releaseSocketDescriptor();
        QVERIFY(released);
        QVERIFY(!socket.isOpen());
        QCOMPARE(socket.socketDescriptor(), -1);
        QVERIFY(Raw::fileAt(path())); // the name goes with it
        QVERIFY(Raw::sendTo(sender, "after", path()));
        QCOMPARE(Raw::received(released).value_or("nothing"), "before");
        QCOMPARE(Raw::received(released).value_or("nothing"), "after");
    }
    QVERIFY(Raw::fileAt(path()));
    QVERIFY(socket.bind(path())); // what the other owner has left
}

QTEST_GUILESS_MAIN(tst_datagram_handover)
#include "tst_datagram_handover.moc"
