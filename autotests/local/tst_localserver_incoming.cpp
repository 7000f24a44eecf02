// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QLocalServer>
#include <QLocalSocket>
#include <QPointer>

using namespace InterprocessQt;

// Servers that reimplement incomingConnection(): the descriptor is theirs, and they do with it what they like.
class tst_localserver_incoming : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void mayKeepTheDescriptor();
    void waitingCountsWhatIsKept();
    void mayDropIt();
    void mayMakeASocketOfItsOwnKind();
    void mayCallTheBase();
    void newConnectionIsAboutPendingOnes();
    void mayBeHandedToAnotherSocketClass();
    void mayDestroyTheServer();
    void mayCloseTheServer();
    void whatIsNoSocketIsRefusedByTheBase();
};

namespace
{

class Server : public LocalServer
{
public:
    using LocalServer::addPendingConnection;

    std::function<void(Server &, quintptr)> handler;

    void incomingConnection(quintptr descriptor) override
    {
        const auto copy = handler; // it may destroy us, and its original with us
        copy(*this, descriptor);
    }
    void base(quintptr descriptor)
    {
        LocalServer::incomingConnection(descriptor);
    }
};

class OwnSocket : public LocalSocket
{
public:
    using LocalSocket::LocalSocket;
    int number = 42;
};

bool isAtEnd(const NativeHandle &client)
{
    const auto read = RawPeer::readNow(client);
    return read && read->isEmpty();
}

} // namespace

void tst_localserver_incoming::mayKeepTheDescriptor()
{
    Server server;
    NativeHandle kept;
    server.handler = [&kept](Server &, quintptr descriptor) {
        kept.reset(qintptr(descriptor));
    };
    QVERIFY(server.listen(path()));
    const NativeHandle client = RawPeer::connectTo(path());
    QTRY_VERIFY(kept.isValid());
    QVERIFY(!server.hasPendingConnections());
    server.close();
    QVERIFY(RawPeer::write(kept, "x")); // still open: it is not the server's
    QCOMPARE(RawPeer::read(client), "x");
    QVERIFY(!RawPeer::isInheritable(kept.get()));
}

void tst_localserver_incoming::waitingCountsWhatIsKept()
{
    // A server that hands each client to a thread of its own tells a client from the end of the time by this.
    Server server;
    std::vector<NativeHandle> kept;
    server.handler = [&kept](Server &, quintptr descriptor) {
        kept.emplace_back(qintptr(descriptor));
    };
    QVERIFY(server.listen(path()));
    bool timedOut = true;
    LocalSocket client;
    client.connectToServer(path());
    QVERIFY(server.waitForNewConnection(10'000, &timedOut));
    QVERIFY(!timedOut);
    QCOMPARE(kept.size(), size_t(1));
    QVERIFY(!server.hasPendingConnections());
    QVERIFY(!server.waitForNewConnection(1, &timedOut));
    QVERIFY(timedOut);
}

void tst_localserver_incoming::mayDropIt()
{
    Server server;
    int dropped = 0;
    server.handler = [&dropped](Server &, quintptr descriptor) {
        NativeHandle(qintptr(descriptor)).reset();
        ++dropped;
    };
    QVERIFY(server.listen(path()));
    for (int i = 1; i <= 3; ++i) {
        const NativeHandle client = RawPeer::connectTo(path());
        QTRY_COMPARE(dropped, i);
        QVERIFY(isAtEnd(client));
    }
    QVERIFY(server.isListening());
}

void tst_localserver_incoming::mayMakeASocketOfItsOwnKind()
{
    Server server;
    server.handler = [](Server &self, quintptr descriptor) {
        auto *socket = new OwnSocket(&self);
        QVERIFY(socket->setSocketDescriptor(qintptr(descriptor)));
        self.addPendingConnection(socket);
    };
    QVERIFY(server.listen(path()));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    LocalSocket client;
    client.connectToServer(path());
    QVERIFY(arrived.wait());
    auto *socket = dynamic_cast<OwnSocket *>(server.nextPendingConnection());
    QVERIFY(socket);
    QCOMPARE(socket->number, 42);
    client.write("hello");
    QTRY_COMPARE(socket->bytesAvailable(), 5);
}

void tst_localserver_incoming::mayCallTheBase()
{
    Server server;
    server.setReadBufferSize(1234);
    QList<quintptr> seen;
    server.handler = [&seen](Server &self, quintptr descriptor) {
        seen.append(descriptor);
        self.base(descriptor);
    };
    QVERIFY(server.listen(path()));
    const NativeHandle client = RawPeer::connectTo(path());
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *socket = server.nextPendingConnection();
    QCOMPARE(seen, QList<quintptr>{quintptr(socket->socketDescriptor())});
    QCOMPARE(socket->readBufferSize(), 1234);
}

void tst_localserver_incoming::newConnectionIsAboutPendingOnes()
{
    // Programs ask for the next connection in the slot, and rely on getting one.
    class QtServer : public QLocalServer
    {
    public:
        NativeHandle kept;
        void incomingConnection(quintptr descriptor) override
        {
            kept.reset(qintptr(descriptor));
        }
    };
    QtServer reference;
    QVERIFY(reference.listen(path("reference")));
    QSignalSpy referenceArrived(&reference, &QLocalServer::newConnection);
    const NativeHandle toReference = RawPeer::connectTo(path("reference"));
    QTRY_VERIFY(reference.kept.isValid());
    QCOMPARE(referenceArrived.count(), 0);

    Server server;
    NativeHandle kept;
    server.handler = [&kept](Server &, quintptr descriptor) {
        kept.reset(qintptr(descriptor));
    };
    QVERIFY(server.listen(path()));
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    const NativeHandle client = RawPeer::connectTo(path());
    QTRY_VERIFY(kept.isValid());
    QCOMPARE(arrived.count(), 0);
}

void tst_localserver_incoming::mayBeHandedToAnotherSocketClass()
{
    Server server;
    QLocalSocket socket;
    server.handler = [&socket](Server &, quintptr descriptor) {
        QVERIFY(socket.setSocketDescriptor(qintptr(descriptor)));
    };
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    client.write("hello");
    QTRY_COMPARE(socket.bytesAvailable(), 5);
}

void tst_localserver_incoming::mayDestroyTheServer()
{
    QPointer<Server> server = new Server;
    server->setParent(this);
    server->handler = [](Server &self, quintptr descriptor) {
        NativeHandle(qintptr(descriptor)).reset();
        // Only the object is destroyed here, not this function: it is called through a copy.
        QMetaObject::invokeMethod(
            &self,
            [] {},
            Qt::QueuedConnection);
        delete &self;
    };
    QVERIFY(server->listen(path()));
    const NativeHandle clients[] = {RawPeer::connectTo(path()), RawPeer::connectTo(path())};
    QTRY_VERIFY(!server);
}

void tst_localserver_incoming::mayCloseTheServer()
{
    Server server;
    server.handler = [](Server &self, quintptr descriptor) {
        self.close();
        NativeHandle(qintptr(descriptor)).reset();
    };
    QVERIFY(server.listen(path()));
    const NativeHandle clients[] = {RawPeer::connectTo(path()), RawPeer::connectTo(path())};
    QTRY_VERIFY(!server.isListening());
    QVERIFY(isAtEnd(clients[0]));
    QVERIFY(server.listen(path()));
}

void tst_localserver_incoming::whatIsNoSocketIsRefusedByTheBase()
{
    Server server;
    const NativeHandle file = RawPeer::anyHandle();
    NativeHandle kept;
    server.handler = [&](Server &self, quintptr descriptor) {
        kept.reset(qintptr(descriptor));
        self.base(quintptr(file.get()));
    };
    QVERIFY(server.listen(path()));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("incomingConnection"));
    const NativeHandle client = RawPeer::connectTo(path());
    QTRY_VERIFY(kept.isValid());
    QVERIFY(!server.hasPendingConnections());
    QVERIFY(RawPeer::isOpen(file.get()));
}

QTEST_GUILESS_MAIN(tst_localserver_incoming)
#include "tst_localserver_incoming.moc"
