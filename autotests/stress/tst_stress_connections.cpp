// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "descriptorlimit.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QTimer>

#include <vector>

using namespace InterprocessQt;

class tst_stress_connections : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void thousandsOfConnectionsTalk();
    void manyClientsTalkAtOnce_data();
    void manyClientsTalkAtOnce();
    void allGetThroughAFullBacklog();
};

namespace
{
// Sends back what comes, and counts who is there.
class EchoServer : public LocalServer
{
public:
    EchoServer()
    {
        connect(this, &LocalServer::newConnection, this, [this] {
            LocalSocket *socket = nextPendingConnection();
            most = qMax(most, ++present);
            connect(socket, &LocalSocket::readyRead, socket, [socket] {
                socket->write(socket->readAll());
            });
            connect(socket, &LocalSocket::disconnected, this, [this, socket] {
                --present;
                socket->deleteLater();
            });
        });
    }
    int present = 0;
    int most = 0;
};
} // namespace

void tst_stress_connections::thousandsOfConnectionsTalk()
{
    constexpr int Wanted = 5000;
    const int count = qMin(Wanted, raiseDescriptorLimit() - 200);
    if (count < Wanted)
        qWarning("Only %d connections: this process may not have more descriptors", count);
    if (count < 100)
        QSKIP("this process may have too few descriptors");
    EchoServer server;
    QVERIFY(server.listen(path()));
    PeerProcess clients;
    QVERIFY(clients.start("peer_stress", {"talk", path(), QString::number(count), "5"}));
    QVERIFY2(clients.waitForLine("connected", 120'000), qPrintable(clients.errors()));
    QVERIFY2(clients.waitForLine("finished", 120'000), qPrintable(clients.errors()));
    QCOMPARE(server.most, count);
    QCOMPARE(clients.waitForExit(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(server.present, 0, 30'000);
}

void tst_stress_connections::manyClientsTalkAtOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::newRow("20 processes") << 20;
    QTest::newRow("80 processes") << 80;
}

void tst_stress_connections::manyClientsTalkAtOnce()
{
    QFETCH(int, count);
    EchoServer server;
    QVERIFY(server.listen(path()));
    std::vector<std::unique_ptr<PeerProcess>> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<PeerProcess>());
        QVERIFY(clients.back()->start("peer_stress", {"talk", path(), "3", "100"}));
    }
    for (const auto &client : clients) {
        QVERIFY2(client->waitForLine("finished", 60'000), qPrintable(client->errors()));
        QCOMPARE(client->waitForExit(), 0);
    }
    QTRY_COMPARE(server.present, 0);
}

void tst_stress_connections::allGetThroughAFullBacklog()
{
    constexpr int Count = 200;
    LocalServer server;
    server.setListenBacklogSize(2);
    server.setMaxPendingConnections(1);
    QVERIFY(server.listen(path()));
    // Takes one at a time, when it has the time.
    int accepted = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        if (LocalSocket *socket = server.nextPendingConnection()) {
            ++accepted;
            socket->write("welcome");
        }
    });
    std::vector<std::unique_ptr<LocalSocket>> clients;
    int waited = 0;
    for (int i = 0; i < Count; ++i) {
        LocalSocket *client = clients.emplace_back(std::make_unique<LocalSocket>()).get();
        client->connectToServer(path());
        waited += client->state() == LocalSocket::ConnectingState;
    }
    QVERIFY(waited > Count / 2); // there was no room
    timer.start(1);
    QTRY_COMPARE_WITH_TIMEOUT(accepted, Count, 30'000);
    for (const auto &client : clients) {
        QTRY_COMPARE(client->bytesAvailable(), 7);
        QCOMPARE(client->state(), LocalSocket::ConnectedState);
    }
}

QTEST_GUILESS_MAIN(tst_stress_connections)
#include "tst_stress_connections.moc"
