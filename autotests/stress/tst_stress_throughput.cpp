// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "duplex.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QEventLoop>
#include <QTimer>

using namespace InterprocessQt;

class tst_stress_throughput : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aGigabyteEachWayAtOnce();
};

void tst_stress_throughput::aGigabyteEachWayAtOnce()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr qint64 Size = 128 * 1024 * 1024; // every access is watched: an eighth takes as long
#else
    constexpr qint64 Size = 1024 * 1024 * 1024;
#endif
    LocalServer server;
    QVERIFY(server.listen(path()));
    PeerProcess peer;
    QVERIFY(peer.start("peer_stress", {"pour", path(), QString::number(Size)}));
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *const socket = server.nextPendingConnection();
    Duplex duplex(socket, Size, Size, true);

    // An event loop of its own: QTest::qWaitFor() sleeps a while each time nothing is to be done at the moment.
    QEventLoop loop;
    const auto quitWhenFinished = [&] {
        if ((duplex.isFinished() && socket->bytesToWrite() == 0) || socket->state() != LocalSocket::ConnectedState)
            loop.quit();
    };
    connect(socket, &LocalSocket::readyRead, &loop, quitWhenFinished);
    connect(socket, &LocalSocket::bytesWritten, &loop, quitWhenFinished);
    connect(socket, &LocalSocket::disconnected, &loop, quitWhenFinished);
    QTimer::singleShot(100'000, &loop, &QEventLoop::quit);
    loop.exec();

    QCOMPARE(duplex.sent(), Size);
    QCOMPARE(duplex.received(), Size);
    QVERIFY(duplex.isIntact());
    // What we have sent is what they have received, and the other way round.
    QCOMPARE(peer.readLine(), QString("intact " + duplex.sumOfReceived() + ' ' + duplex.sumOfSent()));
    QCOMPARE(peer.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_stress_throughput)
#include "tst_stress_throughput.moc"
