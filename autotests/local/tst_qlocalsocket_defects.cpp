// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "forkedchild.h"
#include "fulltable.h"
#include "rawsocket.h"

#ifdef TEST_QLOCALSOCKET
#include <QLocalServer>
#include <QLocalSocket>
using Server = QLocalServer;
using Socket = QLocalSocket;
using DescriptorSocket = QLocalSocket;
#else
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/UnixSocket>
using Server = InterprocessQt::LocalServer;
using Socket = InterprocessQt::LocalSocket;
using DescriptorSocket = InterprocessQt::UnixSocket;
#endif

using namespace std::chrono_literals;

/*
 * Where QLocalSocket and QLocalServer fail, and ours must not: the letters are those of the guide to porting.
 *
 * Written once for both. qlocalsocket_defects_of_qt, which is built but not run, is the same with Qt's classes: each of
 * these functions fails there, which shows that it would notice.
 */
class tst_qlocalsocket_defects : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void emfileDoesNotStopTheServer(); // A
    void aSecondServerDoesNotStealTheName(); // B
    void closingTheOlderServerLeavesTheNameOfTheNewer(); // C
    void aFullBacklogUsesNoProcessor(); // D
    void errorsAreNotToldFromInsideTheCall(); // E
    void aPeerThatNeverReadsDoesNotFillTheMemory(); // F
    void removeServerLeavesARegularFile(); // H
    void aPeerThatHasFinishedWritingGetsItsReply(); // I
    void receivedDescriptorsDoNotVanishSilently(); // J
    void aSeqpacketDescriptorIsRefused(); // K
};

namespace
{

// What only one of the two has.
template<typename AnySocket>
void limitWriteBuffer(AnySocket &socket, qint64 size)
{
    if constexpr (requires { socket.setWriteBufferLimit(size); })
        socket.setWriteBufferLimit(size);
}

template<typename AnySocket>
void takeDescriptors(AnySocket &socket, int count)
{
    if constexpr (requires { socket.setMaximumDescriptors(count); })
        socket.setMaximumDescriptors(count);
}

template<typename AnySocket>
int descriptorsOf(const AnySocket &socket)
{
    if constexpr (requires { socket.descriptorsAvailable(); })
        return socket.descriptorsAvailable();
    else
        return 0;
}

template<typename AnySocket>
void whenDescriptorsAreLost(AnySocket &socket, const std::function<void()> &function)
{
    if constexpr (requires { socket.descriptorsLost(); })
        QObject::connect(&socket, &AnySocket::descriptorsLost, &socket, function);
}

template<typename AnySocket>
void allowHalfOpen(AnySocket &socket)
{
    if constexpr (requires { socket.setHalfOpenAllowed(true); })
        socket.setHalfOpenAllowed(true);
}

} // namespace

void tst_qlocalsocket_defects::emfileDoesNotStopTheServer()
{
    Server server;
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    {
        const FullTable full;
        QTest::qWait(200);
    }
    QVERIFY(server.isListening());
    QVERIFY(Raw::fileAt(path()));
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_qlocalsocket_defects::aSecondServerDoesNotStealTheName()
{
    Server first;
    QVERIFY(first.listen(path()));
    Server second;
    second.setSocketOptions(Server::UserAccessOption);
    QVERIFY(!second.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QTRY_VERIFY(first.hasPendingConnections());
}

void tst_qlocalsocket_defects::closingTheOlderServerLeavesTheNameOfTheNewer()
{
    Server older;
    QVERIFY(older.listen(path()));
    QVERIFY(Server::removeServer(path()));
    Server newer;
    QVERIFY(newer.listen(path()));
    older.close();
    QVERIFY(Raw::fileAt(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QTRY_VERIFY(newer.hasPendingConnections());
}

void tst_qlocalsocket_defects::aFullBacklogUsesNoProcessor()
{
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
    Socket client;
    client.connectToServer(path());
    QCOMPARE(client.state(), Socket::ConnectingState);
    const auto before = processorTime();
    QTest::qWait(1000);
    const auto used = processorTime() - before;
    QVERIFY2(used < 300ms, qPrintable(QString::number(used.count())));
    client.abort();
}

void tst_qlocalsocket_defects::errorsAreNotToldFromInsideTheCall()
{
    Socket client;
    QSignalSpy failed(&client, &Socket::errorOccurred);
    client.connectToServer(path("missing"));
    QCOMPARE(failed.count(), 0);
    QTRY_COMPARE(failed.count(), 1);
}

void tst_qlocalsocket_defects::aPeerThatNeverReadsDoesNotFillTheMemory()
{
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()));
    Socket client;
    limitWriteBuffer(client, 2 * 1024 * 1024);
    client.connectToServer(path());
    QVERIFY(client.waitForConnected());
    const QByteArray chunk(1024 * 1024, 'x');
    qint64 accepted = 0;
    for (int i = 0; i < 20; ++i) {
        accepted += qMax<qint64>(0, client.write(chunk));
        QTest::qWait(1);
    }
    QVERIFY2(client.bytesToWrite() <= 2 * 1024 * 1024, qPrintable(QString::number(client.bytesToWrite())));
    QVERIFY(accepted < 20 * chunk.size()); // and whoever writes is told
    client.abort();
}

void tst_qlocalsocket_defects::removeServerLeavesARegularFile()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!Server::removeServer(path()));
    QVERIFY(file.exists());
}

void tst_qlocalsocket_defects::aPeerThatHasFinishedWritingGetsItsReply()
{
    Server server;
    allowHalfOpen(server);
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path()));
    QCOMPARE(::write(int(client.get()), "request", 7), 7);
    QCOMPARE(::shutdown(int(client.get()), SHUT_WR), 0);
    QTRY_VERIFY(server.hasPendingConnections());
    Socket *peer = server.nextPendingConnection();
    QTRY_COMPARE(peer->bytesAvailable(), 7);
    QTest::qWait(20); // the end of the request has been seen too
    QCOMPARE(peer->write("reply"), 5);
    char reply[10];
    QTRY_COMPARE(::recv(int(client.get()), reply, sizeof reply, MSG_DONTWAIT | MSG_PEEK), 5);
}

void tst_qlocalsocket_defects::receivedDescriptorsDoNotVanishSilently()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const Raw::NativeHandle peer(ends[1]);
    DescriptorSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends[0]));
    bool lost = false;
    whenDescriptorsAreLost(socket, [&lost] {
        lost = true;
    });

    const auto send = [&peer] {
        char byte = 'x';
        iovec piece = {&byte, 1};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message = {};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        const int fd = 0;
        std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
        return ::sendmsg(int(peer.get()), &message, 0);
    };
    // Who does not want any is told that there was one.
    QCOMPARE(send(), 1);
    QTRY_COMPARE(socket.bytesAvailable(), 1);
    QTRY_VERIFY(lost);
    // Who wants one gets it.
    takeDescriptors(socket, 1);
    QCOMPARE(send(), 1);
    QTRY_COMPARE(socket.bytesAvailable(), 2);
    QCOMPARE(descriptorsOf(socket), 1);
}

void tst_qlocalsocket_defects::aSeqpacketDescriptorIsRefused()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    Raw::NativeHandle first(ends[0]);
    const Raw::NativeHandle second(ends[1]);
    Socket socket;
    const bool taken = socket.setSocketDescriptor(first.get());
    if (taken)
        static_cast<void>(first.release());
    QVERIFY(!taken);
}

QTEST_GUILESS_MAIN(tst_qlocalsocket_defects)
#include "tst_qlocalsocket_defects.moc"
