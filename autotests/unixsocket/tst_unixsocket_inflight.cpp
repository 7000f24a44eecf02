// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

// More descriptors under way than the kernel allows a user (ETOOMANYREFS, unix(7)): that passes when some are received.
class tst_unixsocket_inflight : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsLost_data();
    void nothingIsLost();
};

void tst_unixsocket_inflight::nothingIsLost_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"unix", "packets", "stream", "datagram"})
        QTest::newRow(what) << QString(what);
}

void tst_unixsocket_inflight::nothingIsLost()
{
    QFETCH(QString, what);
    PeerProcess peer;
    QVERIFY(peer.start("peer_descriptorflood", {what}));
    const QString line = peer.readLine(25'000);
    if (line == "not refused")
        QSKIP("This kernel does not limit the descriptors under way, or not for this user");
    if (line == "not possible")
        QSKIP("The peer cannot become another user");
    QCOMPARE(line, QString("sent 160, received 160 with 160 descriptors, 160 in order, 0 errors"));
    QCOMPARE(peer.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_unixsocket_inflight)
#include "tst_unixsocket_inflight.moc"
