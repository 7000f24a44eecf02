// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "forkedchild.h"
#include "fulltable.h"
#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QPointer>

using namespace InterprocessQt;

// With the table of descriptors full a server waits until there is room again: it neither ends nor keeps a processor busy.
class tst_localserver_resources : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aFullTableIsReportedOnceAndOutlived();
    void allWhoWaitedAreAccepted();
    void isReportedAgainWhenItHappensAgain();
    void theLastDescriptorIsNoError();
    void waitingWithoutAnEventLoopEnds();
    void closingMeanwhileRemovesTheName();
    void destroyingItInTheReportIsSafe();
    void listeningWithoutDescriptorsFailsCleanly();
    void connectingWithoutDescriptorsFailsAndCanBeRepeated();
};

namespace
{

std::vector<Raw::NativeHandle> connectMany(const QString &path, size_t count)
{
    std::vector<Raw::NativeHandle> clients;
    while (clients.size() < count)
        clients.push_back(Raw::connected(Raw::fileName(path)));
    return clients;
}

} // namespace

void tst_localserver_resources::aFullTableIsReportedOnceAndOutlived()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QSignalSpy failed(&server, &LocalServer::errorOccurred);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const auto clients = connectMany(path(), 1); // not accepted yet: the event loop has not run
    {
        const FullTable full;
        QVERIFY(failed.wait());
        QCOMPARE(failed.first().first().value<LocalServer::ServerError>(), LocalServer::SocketResourceError);
        QCOMPARE(server.serverError(), LocalServer::SocketResourceError);
        QCOMPARE(server.nativeError(), EMFILE);
        QVERIFY2(server.errorString().contains("Too many open files"), qPrintable(server.errorString()));

        // The one that waits makes the socket readable all the time.
        const auto before = processorTime();
        QTest::qWait(1500);
        const auto used = processorTime() - before;
        QVERIFY2(used < std::chrono::milliseconds(500), qPrintable(QString::number(used.count())));
        QCOMPARE(failed.count(), 1);
        QVERIFY(server.isListening());
        QVERIFY(Raw::fileAt(path()));
        QVERIFY(arrived.isEmpty());
    }
    QTRY_VERIFY(server.hasPendingConnections());
    QCOMPARE(arrived.count(), 1);
    // And it goes on as ever.
    delete server.nextPendingConnection();
    const auto more = connectMany(path(), 1);
    QTRY_VERIFY(server.hasPendingConnections());
    QCOMPARE(failed.count(), 1);
}

void tst_localserver_resources::allWhoWaitedAreAccepted()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QSignalSpy failed(&server, &LocalServer::errorOccurred);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const auto clients = connectMany(path(), 10);
    {
        const FullTable full;
        QVERIFY(failed.wait());
    }
    QTRY_COMPARE(arrived.count(), 10);
}

void tst_localserver_resources::isReportedAgainWhenItHappensAgain()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QSignalSpy failed(&server, &LocalServer::errorOccurred);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    for (int round = 1; round <= 3; ++round) {
        const auto clients = connectMany(path(), 1);
        {
            const FullTable full;
            QTRY_COMPARE(failed.count(), round);
        }
        QTRY_COMPARE(arrived.count(), round);
        delete server.nextPendingConnection(); // or its end makes room in the table of the next round
    }
}

void tst_localserver_resources::theLastDescriptorIsNoError()
{
#ifdef FULLTABLE_SIMULATED
    QSKIP("With this sanitizer the table is not really full");
#else
    // The next accept() says EMFILE, though nobody waits.
    LocalServer server;
    QVERIFY(server.listen(path()));
    QSignalSpy failed(&server, &LocalServer::errorOccurred);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    Raw::NativeHandle last = Raw::socket();
    const auto clients = connectMany(path(), 1);
    const FullTable full;
    last.reset();
    QVERIFY(arrived.wait());
    QVERIFY(failed.isEmpty());
#endif
}

void tst_localserver_resources::waitingWithoutAnEventLoopEnds()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const auto clients = connectMany(path(), 1);
    {
        const FullTable full;
        QVERIFY(!server.waitForNewConnection(100));
        QCOMPARE(server.serverError(), LocalServer::SocketResourceError);
    }
    QVERIFY(server.waitForNewConnection(10'000));
    QVERIFY(server.hasPendingConnections());
}

void tst_localserver_resources::closingMeanwhileRemovesTheName()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QSignalSpy failed(&server, &LocalServer::errorOccurred);
    const auto clients = connectMany(path(), 1);
    {
        const FullTable full;
        QVERIFY(failed.wait());
        server.close();
        QVERIFY(!Raw::fileAt(path()));
    }
    QVERIFY(server.listen(path())); // what the first one has left to do is not the second one's
    QVERIFY(server.isListening());
}

void tst_localserver_resources::destroyingItInTheReportIsSafe()
{
    QPointer<LocalServer> server = new LocalServer(this);
    QVERIFY(server->listen(path()));
    connect(server, &LocalServer::errorOccurred, this, [server] {
        delete server.data();
    });
    const auto clients = connectMany(path(), 1);
    const FullTable full;
    QTRY_VERIFY(!server);
    QVERIFY(!Raw::fileAt(path()));
}

void tst_localserver_resources::listeningWithoutDescriptorsFailsCleanly()
{
    LocalServer server;
    {
        const FullTable full;
        QVERIFY(!server.listen(path()));
        QCOMPARE(server.serverError(), LocalServer::SocketResourceError);
        QCOMPARE(server.nativeError(), EMFILE);
        QVERIFY(!Raw::fileAt(path()));
    }
    QVERIFY(server.listen(path()));
}

void tst_localserver_resources::connectingWithoutDescriptorsFailsAndCanBeRepeated()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    {
        const FullTable full;
        client.connectToServer(path());
        QVERIFY(failed.wait());
        QCOMPARE(client.error(), LocalSocket::SocketResourceError);
        QCOMPARE(client.nativeError(), EMFILE);
        QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    }
    client.connectToServer(path());
    QTRY_COMPARE(client.state(), LocalSocket::ConnectedState);
    QTRY_VERIFY(server.hasPendingConnections());
}

QTEST_GUILESS_MAIN(tst_localserver_resources)
#include "tst_localserver_resources.moc"
