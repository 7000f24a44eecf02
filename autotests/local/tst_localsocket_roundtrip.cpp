// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// The simplest thing there is, in each direction, with every kind of name.
class tst_localsocket_roundtrip : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void bytesTravelBothWays_data();
    void bytesTravelBothWays();
    void whatIsWrittenWhileConnectingArrives();
};

void tst_localsocket_roundtrip::bytesTravelBothWays_data()
{
    QTest::addColumn<bool>("abstract");
    QTest::newRow("file") << false;
    QTest::newRow("abstract") << true;
}

void tst_localsocket_roundtrip::bytesTravelBothWays()
{
    QFETCH(bool, abstract);
    const Address address = abstract ? Address::namespaced(abstractName()) : Address::filePath(path());

    LocalServer server;
    QVERIFY2(server.listen(address), qPrintable(server.errorString()));
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    client.connectToServer(address);
    QVERIFY(connected.isEmpty()); // never from inside the call
    QVERIFY(connected.wait());
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());

    QCOMPARE(client.write("question"), 8);
    QTRY_COMPARE(peer->bytesAvailable(), 8);
    QCOMPARE(peer->readAll(), "question");
    QCOMPARE(peer->write("answer"), 6);
    QTRY_COMPARE(client.bytesAvailable(), 6);
    QCOMPARE(client.readAll(), "answer");
}

void tst_localsocket_roundtrip::whatIsWrittenWhileConnectingArrives()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    client.write("early ");
    client.write("bird");
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(peer->bytesAvailable(), 10);
    QCOMPARE(peer->readAll(), "early bird");
}

QTEST_GUILESS_MAIN(tst_localsocket_roundtrip)
#include "tst_localsocket_roundtrip.moc"
