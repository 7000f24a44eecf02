// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "duplex.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <limits>

#include <csignal>
#include <sys/ioctl.h>

using namespace InterprocessQt;

// The process at the other end is killed, at any moment, without a word.
class tst_stress_kill : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theWriterIsKilled_data();
    void theWriterIsKilled();
    void theReaderIsKilled_data();
    void theReaderIsKilled();
    void whatTheDeadHaveSentIsStillRead();
};

namespace
{
constexpr int Times = 13; // for each of the four ways: more than 50
constexpr qint64 Endless = std::numeric_limits<qint64>::max();

void addRows()
{
    QTest::addColumn<bool>("asServer");
    QTest::newRow("client") << false;
    QTest::newRow("server") << true;
}

// A connection to a process, which is the client or the server of the two.
struct Connection {
    QString make(bool asServer, const QString &verb, const QString &name)
    {
        if (asServer) {
            if (!peer.start("peer_stress", {"serve-" + verb, name}) || !peer.waitForLine("listening"))
                return "the peer does not listen: " + peer.errors();
            client.connectToServer(name);
            socket = &client;
        } else {
            if (!server.listen(name))
                return server.errorString();
            if (!peer.start("peer_stress", {verb, name}) || !waitUntil([&] {
                    return server.hasPendingConnections();
                }))
                return "the peer does not connect: " + peer.errors();
            socket = server.nextPendingConnection();
        }
        return {};
    }
    PeerProcess peer;
    LocalServer server;
    LocalSocket client;
    LocalSocket *socket = nullptr;
};
} // namespace

void tst_stress_kill::theWriterIsKilled_data()
{
    addRows();
}

void tst_stress_kill::theWriterIsKilled()
{
    QFETCH(bool, asServer);
    for (int i = 0; i < Times; ++i) {
        Connection connection;
        QCOMPARE(connection.make(asServer, "write", path()), QString());
        LocalSocket *const socket = connection.socket;
        QSignalSpy disconnected(socket, &LocalSocket::disconnected);
        QSignalSpy errors(socket, &LocalSocket::errorOccurred);
        Duplex duplex(socket, 0, Endless);
        // At a different point of the stream each time.
        QTRY_VERIFY(duplex.received() > i * 333'333);
        QCOMPARE(::kill(pid_t(connection.peer.pid()), SIGKILL), 0);
        QTRY_COMPARE(disconnected.size(), 1);
        QCOMPARE(errors.size(), 1);
        QCOMPARE(socket->error(), LocalSocket::PeerClosedError);
        QVERIFY(!socket->errorString().isEmpty());
        QVERIFY(duplex.isIntact());
        QCOMPARE(socket->bytesAvailable(), 0);
    }
}

void tst_stress_kill::theReaderIsKilled_data()
{
    addRows();
}

void tst_stress_kill::theReaderIsKilled()
{
    QFETCH(bool, asServer);
    for (int i = 0; i < Times; ++i) {
        Connection connection;
        QCOMPARE(connection.make(asServer, "read", path()), QString());
        LocalSocket *const socket = connection.socket;
        QSignalSpy disconnected(socket, &LocalSocket::disconnected);
        QSignalSpy errors(socket, &LocalSocket::errorOccurred);
        Duplex duplex(socket, Endless, 0);
        QTRY_VERIFY(duplex.sent() > i * 333'333);
        QCOMPARE(::kill(pid_t(connection.peer.pid()), SIGKILL), 0);
        QTRY_COMPARE(disconnected.size(), 1);
        QCOMPARE(errors.size(), 1);
        QCOMPARE(socket->error(), LocalSocket::PeerClosedError);
        QVERIFY(!socket->errorString().isEmpty());
        QCOMPARE(socket->bytesToWrite(), 0);
        QCOMPARE(socket->state(), LocalSocket::UnconnectedState);
        QCOMPARE(socket->write("more"), -1);
        QVERIFY(!socket->isCongested() || waitUntil([&] {
            return !socket->isCongested();
        }));
    }
}

void tst_stress_kill::whatTheDeadHaveSentIsStillRead()
{
    for (int i = 0; i < Times; ++i) {
        Connection connection;
        connection.server.setReadBufferSize(10'000); // so that much of it is still in the kernel
        QCOMPARE(connection.make(false, "write", path()), QString());
        LocalSocket *const socket = connection.socket;
        QTRY_COMPARE(socket->bytesAvailable(), 10'000);
        QVERIFY(connection.peer.waitForLine("writing"));
        connection.peer.kill();
        int inKernel = 0;
        QCOMPARE(::ioctl(int(socket->socketDescriptor()), FIONREAD, &inKernel), 0);
        const qint64 expected = socket->bytesAvailable() + inKernel;
        QVERIFY(inKernel > 0);
        QCOMPARE(socket->state(), LocalSocket::ConnectedState);

        QSignalSpy disconnected(socket, &LocalSocket::disconnected);
        Duplex duplex(socket, 0, Endless);
        duplex.receive(); // of the first bytes it has not been told
        QTRY_COMPARE(disconnected.size(), 1);
        QCOMPARE(duplex.received(), expected);
        QVERIFY(duplex.isIntact());
    }
}

QTEST_GUILESS_MAIN(tst_stress_kill)
#include "tst_stress_kill.moc"
