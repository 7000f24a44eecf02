// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// A server that does not come to accept anybody is a server all the same.
class tst_localserver_fullqueue : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyElseGetsItsName_data();
    void nobodyElseGetsItsName();
};

void tst_localserver_fullqueue::nobodyElseGetsItsName_data()
{
    QTest::addColumn<bool>("again");
    QTest::newRow("the first one there") << false;
    QTest::newRow("after another one") << true;
}

void tst_localserver_fullqueue::nobodyElseGetsItsName()
{
    QFETCH(bool, again);
    const Address name = Address::filePath(path());
    if (again) {
        LocalServer before;
        QVERIFY(before.listen(name));
    }
    LocalServer server;
    server.setListenBacklogSize(1);
    QVERIFY2(server.listen(name), qPrintable(server.errorString()));
    // Without the event loop nobody is accepted.
    std::vector<std::unique_ptr<LocalSocket>> clients;
    do {
        clients.push_back(std::make_unique<LocalSocket>());
        clients.back()->connectToServer(name);
    } while (clients.back()->state() == LocalSocket::ConnectedState && clients.size() < 100);
    QCOMPARE(clients.back()->state(), LocalSocket::ConnectingState);

    LocalServer second;
    QVERIFY(!second.listen(name));
    QCOMPARE(second.serverError(), LocalServer::AddressInUseError);
    // And it goes on.
    QTRY_VERIFY(std::all_of(clients.begin(), clients.end(), [](const auto &client) {
        return client->state() == LocalSocket::ConnectedState;
    }));
    QVERIFY(server.hasPendingConnections());
}

QTEST_GUILESS_MAIN(tst_localserver_fullqueue)
#include "tst_localserver_fullqueue.moc"
