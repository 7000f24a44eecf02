// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/NativeHandle>

#include <fcntl.h>
#include <sys/socket.h>

using namespace InterprocessQt;

// A descriptor that is not connected is refused at once, and stays with the caller.
class tst_localsocket_unconnected : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSocketWithoutPeerIsRefused();
    void aListeningSocketIsRefused();
    void aSocketWhosePeerHasGoneIsTakenForWhatItLeft();

private:
    void refuses(NativeHandle::Type handle);
};

void tst_localsocket_unconnected::refuses(NativeHandle::Type handle)
{
    LocalSocket socket;
    QVERIFY(!socket.setSocketDescriptor(handle));
    QCOMPARE(socket.error(), LocalSocket::UnsupportedSocketOperationError);
    QVERIFY2(socket.errorString().contains("not connected"), qPrintable(socket.errorString()));
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    QVERIFY(::fcntl(int(handle), F_GETFD) != -1);
}

void tst_localsocket_unconnected::aSocketWithoutPeerIsRefused()
{
    const NativeHandle handle(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    QVERIFY(handle.isValid());
    refuses(handle.get());
}

void tst_localsocket_unconnected::aListeningSocketIsRefused()
{
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    refuses(server.socketDescriptor());
}

void tst_localsocket_unconnected::aSocketWhosePeerHasGoneIsTakenForWhatItLeft()
{
    int pair[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    QCOMPARE(::send(pair[1], "last words", 10, 0), 10);
    NativeHandle(pair[1]).reset();

    LocalSocket socket;
    QVERIFY2(socket.setSocketDescriptor(pair[0]), qPrintable(socket.errorString()));
    QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
    QCOMPARE(socket.readAll(), "last words");
}

QTEST_GUILESS_MAIN(tst_localsocket_unconnected)
#include "tst_localsocket_unconnected.moc"
