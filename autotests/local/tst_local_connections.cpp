// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"
#include "processortime.h"
#include "rawpeer.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QThread>

#include <memory>
#include <vector>

using namespace InterprocessQt;

// Many connections, short ones, large ones, and how they end. The same on every system.
class tst_local_connections : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void eightyClientsComeOneAfterAnother();
    void sixClientsComeAtOnce();
    void moreThanSixtyFourConnectionsAreServedAtOnce();
    void aClientThatHasLeftBeforeItIsAcceptedIsHeard();
    void clientsThatLeaveAtOnceDoNotKeepOthersOut();
    void largeAmountsTravelBothWaysAtOnce();
    void dataThatNobodyHasReadIsReadAfterTheEnd();
    void bothSidesCloseWithUnreadData();
    void whatWasWrittenOutlivesTheThreadThatWroteIt();
    void aKilledPeerEndsTheConnection();
    void aSecondServerOfTheNameIsRefused();
    void aServerOfAnotherProcessIsLeftAlone();
    void aServerListensAgainWhileItsConnectionsGoOn();
    void openDescriptorsDoNotGrowWithConnections();
};

namespace
{

// Answers with what it is sent.
class Echo : public LocalServer
{
public:
    Echo()
    {
        connect(this, &LocalServer::newConnection, this, [this] {
            while (LocalSocket *socket = nextPendingConnection()) {
                ++accepted;
                connect(socket, &LocalSocket::disconnected, socket, &QObject::deleteLater);
                connect(socket, &LocalSocket::readyRead, socket, [socket] {
                    socket->write(socket->readAll());
                });
            }
        });
    }
    int accepted = 0;
};

bool isAnswered(LocalSocket &client, const QByteArray &text)
{
    client.write(text);
    return waitUntil([&] {
               return client.bytesAvailable() >= text.size();
           })
        && client.readAll() == text;
}

} // namespace

void tst_local_connections::eightyClientsComeOneAfterAnother()
{
    Echo server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    for (int i = 0; i < 80; ++i) {
        LocalSocket client;
        client.connectToServer(path());
        QTRY_COMPARE(client.state(), LocalSocket::ConnectedState);
        QVERIFY(isAnswered(client, "client " + QByteArray::number(i)));
    }
    QCOMPARE(server.accepted, 80);
    QTRY_VERIFY(server.findChildren<LocalSocket *>().isEmpty());
}

void tst_local_connections::sixClientsComeAtOnce()
{
    Echo server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    const QString name = path();
    std::vector<std::unique_ptr<QThread>> threads;
    QAtomicInt answered = 0;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back(QThread::create([&answered, name, i] {
            LocalSocket client;
            client.connectToServer(name);
            const QByteArray text = "thread " + QByteArray::number(i);
            client.write(text);
            while (client.bytesAvailable() < text.size()) {
                if (!client.waitForReadyRead(20'000))
                    return;
            }
            if (client.readAll() == text)
                answered.fetchAndAddRelaxed(1);
        }));
        threads.back()->start();
    }
    QTRY_COMPARE_WITH_TIMEOUT(answered.loadRelaxed(), 6, 30'000);
    for (const auto &thread : threads)
        QVERIFY(thread->wait());
    QTRY_VERIFY(server.findChildren<LocalSocket *>().isEmpty());
}

void tst_local_connections::moreThanSixtyFourConnectionsAreServedAtOnce()
{
    Echo server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    std::vector<std::unique_ptr<LocalSocket>> clients;
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<LocalSocket>());
        clients.back()->connectToServer(path());
    }
    for (const auto &client : clients)
        QTRY_COMPARE_WITH_TIMEOUT(client->state(), LocalSocket::ConnectedState, 20'000);
    for (size_t i = 0; i < clients.size(); ++i)
        clients[i]->write("client " + QByteArray::number(int(i)));
    for (size_t i = 0; i < clients.size(); ++i) {
        const QByteArray text = "client " + QByteArray::number(int(i));
        QTRY_COMPARE_WITH_TIMEOUT(clients[i]->bytesAvailable(), text.size(), 20'000);
        QCOMPARE(clients[i]->readAll(), text);
    }
    clients.clear();
    QTRY_VERIFY_WITH_TIMEOUT(server.findChildren<LocalSocket *>().isEmpty(), 20'000);
}

void tst_local_connections::aClientThatHasLeftBeforeItIsAcceptedIsHeard()
{
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    {
        LocalSocket client;
        client.connectToServer(path());
        QVERIFY(client.waitForConnected());
        client.write("last words");
        QVERIFY(client.waitForBytesWritten());
    }
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
    QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
    QCOMPARE(socket->readAll(), "last words");
    // And the server goes on.
    LocalSocket next;
    next.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    server.close();
    QTRY_COMPARE(next.state(), LocalSocket::UnconnectedState);
}

void tst_local_connections::clientsThatLeaveAtOnceDoNotKeepOthersOut()
{
    // Without a word, before the server has looked, in the turn of an event loop or without one, and while it waits for nobody.
    Echo server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    int came = 0;
    for (int i = 0; i < 40; ++i) {
        if (RawPeer::connectTo(path()))
            ++came;
        if (i % 3 == 0)
            QCoreApplication::processEvents();
        else if (i % 10 == 0)
            static_cast<void>(server.waitForNewConnection(0));
    }
    QVERIFY(came > 0);
    LocalSocket client;
    client.connectToServer(path());
    QVERIFY(isAnswered(client, "served all the same"));
    QTRY_COMPARE(server.accepted, came + 1);
    client.abort();
    QTRY_VERIFY(server.findChildren<LocalSocket *>().isEmpty());
    // And it waits again, instead of hearing of them again and again.
    const auto before = processorTime();
    QTest::qWait(300);
    QVERIFY(processorTime() - before < std::chrono::milliseconds(150));
}

void tst_local_connections::largeAmountsTravelBothWaysAtOnce()
{
    constexpr int Size = 4 * 1024 * 1024;
    QByteArray sent(Size, Qt::Uninitialized);
    for (int i = 0; i < Size; ++i)
        sent[i] = char(i * 7 + i / 251);
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
    // Neither reads before it has written: both buffers between them are full.
    QCOMPARE(client.write(sent), Size);
    QCOMPARE(socket->write(sent), Size);
    QByteArray atServer;
    QByteArray atClient;
    connect(socket.get(), &LocalSocket::readyRead, this, [&] {
        atServer += socket->readAll();
    });
    connect(&client, &LocalSocket::readyRead, this, [&] {
        atClient += client.readAll();
    });
    QTRY_VERIFY_WITH_TIMEOUT(atServer.size() == Size && atClient.size() == Size, 60'000);
    QVERIFY(atServer == sent);
    QVERIFY(atClient == sent);
    QTRY_COMPARE(client.bytesToWrite(), 0);
    QTRY_COMPARE(socket->bytesToWrite(), 0);
}

void tst_local_connections::dataThatNobodyHasReadIsReadAfterTheEnd()
{
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    LocalSocket client;
    client.setReadBufferSize(100); // most of it stays with the system
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
    const QByteArray sent(40'000, 'd');
    socket->write(sent);
    QTRY_COMPARE(socket->bytesToWrite(), 0);
    socket.reset();
    QByteArray read = client.readAll();
    connect(&client, &LocalSocket::readyRead, this, [&] {
        read += client.readAll();
    });
    QTRY_COMPARE_WITH_TIMEOUT(read.size(), sent.size(), 20'000);
    QVERIFY(read == sent);
    QTRY_COMPARE(client.state(), LocalSocket::UnconnectedState);
}

void tst_local_connections::bothSidesCloseWithUnreadData()
{
    auto [one, other] = LocalSocket::pair();
    QVERIFY(one->isValid());
    one->write(QByteArray(30'000, '1'));
    other->write(QByteArray(30'000, '2'));
    QTRY_VERIFY(one->bytesToWrite() == 0 && other->bytesToWrite() == 0);
    one->disconnectFromServer();
    other->disconnectFromServer();
    QTRY_COMPARE(one->state(), LocalSocket::UnconnectedState);
    QTRY_COMPARE(other->state(), LocalSocket::UnconnectedState);
}

void tst_local_connections::whatWasWrittenOutlivesTheThreadThatWroteIt()
{
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    if (isWine())
        QSKIP("Wine cancels what a thread has begun when that ends, also for handles of a completion port; Windows does not");
    constexpr int Size = 3 * 1024 * 1024; // more than the system keeps: some of it is on its way when the thread ends
    std::unique_ptr<LocalSocket> client;
    const std::unique_ptr<QThread> thread(QThread::create([&, target = QThread::currentThread()] {
        client = std::make_unique<LocalSocket>();
        client->connectToServer(path());
        if (client->waitForConnected())
            client->write(QByteArray(Size, 'w'));
        client->moveToThread(target);
    }));
    thread->start();
    QVERIFY(thread->wait());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
    QTRY_COMPARE_WITH_TIMEOUT(socket->bytesAvailable(), Size, 30'000);
    QCOMPARE(socket->readAll().count('w'), Size);
    socket->write("answer");
    QTRY_COMPARE(client->bytesAvailable(), 6);
}

void tst_local_connections::aKilledPeerEndsTheConnection()
{
    PeerProcess peer;
    QVERIFY2(peer.start("peer_localserver"), qPrintable(peer.process().errorString()));
    peer.writeLine("listen " + path());
    QVERIFY(peer.waitForLine("listening"));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(client.canReadLine());
    QCOMPARE(client.readLine().trimmed().toLongLong(), peer.pid());
    if (isSupported(Feature::PeerProcessId))
        QCOMPARE(client.peerCredentials().processId(), peer.pid());
    QVERIFY(client.peerCredentials().isSameUser());
    QSignalSpy disconnected(&client, &LocalSocket::disconnected);
    peer.kill();
    QTRY_COMPARE(disconnected.count(), 1);
    QCOMPARE(client.error(), LocalSocket::PeerClosedError);
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
}

void tst_local_connections::aSecondServerOfTheNameIsRefused()
{
    LocalServer first;
    QVERIFY2(first.listen(path()), qPrintable(first.errorString()));
    LocalServer second;
    QVERIFY(!second.listen(path()));
    QCOMPARE(second.serverError(), LocalServer::AddressInUseError);
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(first.hasPendingConnections());
    // Once it is free it can be had.
    client.abort();
    first.close();
    QVERIFY2(second.listen(path()), qPrintable(second.errorString()));
}

void tst_local_connections::aServerOfAnotherProcessIsLeftAlone()
{
    PeerProcess peer;
    QVERIFY2(peer.start("peer_localserver"), qPrintable(peer.process().errorString()));
    peer.writeLine("listen " + path());
    QVERIFY(peer.waitForLine("listening"));
    LocalServer server;
    QVERIFY(!server.listen(path()));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
    QVERIFY2(server.errorString().contains("a server is listening there"), qPrintable(server.errorString()));
    peer.kill();
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
}

void tst_local_connections::aServerListensAgainWhileItsConnectionsGoOn()
{
    LocalServer server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
    server.close();
    LocalSocket late;
    late.connectToServer(path());
    QVERIFY(!late.waitForConnected(100));
    late.abort();
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    LocalSocket next;
    next.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    socket->write("still here");
    QTRY_COMPARE(client.bytesAvailable(), 10);
}

void tst_local_connections::openDescriptorsDoNotGrowWithConnections()
{
    Echo server;
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    const auto converse = [&](int count) {
        for (int i = 0; i < count; ++i) {
            LocalSocket client;
            client.connectToServer(path());
            if (!isAnswered(client, "text"))
                return false;
        }
        return waitUntil([&] {
            return server.findChildren<LocalSocket *>().isEmpty();
        });
    };
    QVERIFY(converse(5));
    const qsizetype before = openDescriptors().size();
    QVERIFY(converse(40));
    // Not exactly the same: a thread of the system's pool may have come or gone meanwhile.
    QTRY_VERIFY2(openDescriptors().size() < before + 20, qPrintable(QString::number(openDescriptors().size() - before)));
}

QTEST_GUILESS_MAIN(tst_local_connections)
#include "tst_local_connections.moc"
