// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

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
    QVERIFY(RawPeer::isOpen(handle));
}

void tst_localsocket_unconnected::aSocketWithoutPeerIsRefused()
{
    const NativeHandle handle = RawPeer::unconnected();
    QVERIFY(handle.isValid());
    refuses(handle.get());
}

void tst_localsocket_unconnected::aListeningSocketIsRefused()
{
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    if (server.socketDescriptor() == NativeHandle::Invalid)
        QSKIP("No handle stands for a server on this system");
    refuses(server.socketDescriptor());
}

void tst_localsocket_unconnected::aSocketWhosePeerHasGoneIsTakenForWhatItLeft()
{
    RawPeer::Pair ends = RawPeer::pair();
    QVERIFY(RawPeer::write(ends.peer, "last words"));
    ends.peer.reset();

    LocalSocket socket;
    QVERIFY2(socket.setSocketDescriptor(ends.ours.release()), qPrintable(socket.errorString()));
    QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
    QCOMPARE(socket.readAll(), "last words");
}

QTEST_GUILESS_MAIN(tst_localsocket_unconnected)
#include "tst_localsocket_unconnected.moc"
