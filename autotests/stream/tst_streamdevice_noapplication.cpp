// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <memory>

using namespace InterprocessQt;

namespace
{
// What main() made before there was an application object, and with it an event loop.
struct Early {
    std::unique_ptr<QTemporaryDir> directory;
    std::unique_ptr<LocalServer> server;
    std::unique_ptr<LocalSocket> client;
    std::unique_ptr<LocalSocket> unconnected;
    std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>> pair;
    QByteArray waitedFor; // a whole conversation without any event loop
    bool listening = false;
};
Early early;

void beginWithoutApplication()
{
    early.directory = std::make_unique<QTemporaryDir>();
    const QString name = early.directory->filePath("socket");

    LocalServer server;
    LocalSocket client;
    if (server.listen(name)) {
        client.connectToServer(name);
        client.write("hello");
        if (server.waitForNewConnection(5000)) {
            LocalSocket *peer = server.nextPendingConnection();
            if (client.waitForConnected(5000) && peer->waitForReadyRead(5000))
                peer->write("re: " + peer->readAll());
            peer->waitForBytesWritten(5000);
            if (client.waitForReadyRead(5000))
                early.waitedFor = client.readAll();
        }
    }
    server.close();

    early.server = std::make_unique<LocalServer>();
    early.listening = early.server->listen(name);
    early.client = std::make_unique<LocalSocket>();
    early.client->connectToServer(name);
    early.client->write("early ");
    early.client->write("bird");
    early.unconnected = std::make_unique<LocalSocket>();
    early.unconnected->connectToServer(name + "-missing");
    early.pair = LocalSocket::pair();
    early.pair.first->write("in ");
    early.pair.first->write("the queue");
}
} // namespace

// Sockets may be made, and used with the waits, before QCoreApplication; the event loop takes over when it is there.
class tst_streamdevice_noapplication : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theWaitsNeedNoApplication();
    void aPairMadeBeforeTheApplicationWorks();
    void aServerMadeBeforeTheApplicationAccepts();
    void aFailureFromBeforeIsTold();
};

void tst_streamdevice_noapplication::theWaitsNeedNoApplication()
{
    QCOMPARE(early.waitedFor, "re: hello");
}

void tst_streamdevice_noapplication::aPairMadeBeforeTheApplicationWorks()
{
    keepDescriptors(); // the event loop, which runs for the first time, also accepts the connection of the next test
    keepDescriptors(); // the early server accepts its client meanwhile
    QTRY_COMPARE(early.pair.second->bytesAvailable(), 12);
    QCOMPARE(early.pair.second->readAll(), "in the queue");
    early.pair.second->write("answer");
    QTRY_COMPARE(early.pair.first->bytesAvailable(), 6);
}

void tst_streamdevice_noapplication::aServerMadeBeforeTheApplicationAccepts()
{
    QVERIFY(early.listening);
    QTRY_VERIFY(early.server->hasPendingConnections());
    LocalSocket *peer = early.server->nextPendingConnection();
    QTRY_COMPARE(peer->bytesAvailable(), 10);
    QCOMPARE(peer->readAll(), "early bird");
    peer->write("worm");
    QTRY_COMPARE(early.client->bytesAvailable(), 4);
    delete peer;
    QTRY_COMPARE(early.client->state(), LocalSocket::UnconnectedState);
}

void tst_streamdevice_noapplication::aFailureFromBeforeIsTold()
{
    // The signal has come already, with the first turn of the event loop; or comes now.
    QCOMPARE(early.unconnected->state(), LocalSocket::UnconnectedState);
    QCOMPARE(early.unconnected->error(), LocalSocket::ServerNotFoundError);
}

int main(int argc, char **argv)
{
    beginWithoutApplication();
    int result;
    {
        QCoreApplication application(argc, argv);
        tst_streamdevice_noapplication test;
        result = QTest::qExec(&test, argc, argv);
    }
    // Without an application again: nothing may need it in order to end.
    early = Early();
    return result;
}

#include "tst_streamdevice_noapplication.moc"
