// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawsocket.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QLocalServer>
#include <QTcpServer>

using namespace InterprocessQt;

// listen(qintptr): a socket that somebody else has made and bound.
class tst_localserver_descriptor : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void isListenedOn();
    void isNamedAsByQLocalServer_data();
    void isNamedAsByQLocalServer();
    void isClosedWithTheServerButKeepsItsName();
    void anythingElseIsRefusedAndLeftAsItIs_data();
    void anythingElseIsRefusedAndLeftAsItIs();
    void nothingIsTakenWhileListening();
};

void tst_localserver_descriptor::isListenedOn()
{
    Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()));
    const Raw::NativeHandle early = Raw::connected(Raw::fileName(path()));
    LocalServer server;
    const qintptr descriptor = listener.get();
    QVERIFY2(server.listen(listener.release()), qPrintable(server.errorString()));
    QVERIFY(server.isListening());
    QCOMPARE(server.socketDescriptor(), descriptor);
    QVERIFY(::fcntl(int(descriptor), F_GETFL) & O_NONBLOCK);
    QSignalSpy arrived(&server, &LocalServer::newConnection);
    LocalSocket client;
    client.connectToServer(path());
    QTRY_COMPARE(arrived.count(), 2);
}

void tst_localserver_descriptor::isNamedAsByQLocalServer_data()
{
    QTest::addColumn<bool>("abstract");
    QTest::newRow("file") << false;
    QTest::newRow("abstract") << true;
}

void tst_localserver_descriptor::isNamedAsByQLocalServer()
{
    QFETCH(bool, abstract);
    if (abstract && !isSupported(Feature::AbstractNames))
        QSKIP("There are no abstract names on this system");
    const Raw::Name name = abstract ? Raw::abstractName(abstractName()) : Raw::fileName(path());
    Raw::NativeHandle listener = Raw::listening(name);
    Raw::NativeHandle same = listener.duplicate();
    QLocalServer reference;
    QVERIFY(reference.listen(listener.release()));
    LocalServer server;
    QVERIFY(server.listen(same.release()));
    QCOMPARE(server.serverName(), reference.serverName());
    QCOMPARE(server.fullServerName(), reference.fullServerName());
    QCOMPARE(int(server.socketOptions()), int(reference.socketOptions()));
    QCOMPARE(server.serverAddress().kind(), abstract ? Address::Kind::Namespaced : Address::Kind::FilePath);

    LocalSocket client;
    client.connectToServer(server.serverAddress());
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
}

void tst_localserver_descriptor::isClosedWithTheServerButKeepsItsName()
{
    Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()));
    const int descriptor = int(listener.get());
    LocalServer server;
    QVERIFY(server.listen(listener.release()));
    server.close();
    QCOMPARE(::fcntl(descriptor, F_GETFD), -1);
    QVERIFY(Raw::fileAt(path())); // it was not made here
}

void tst_localserver_descriptor::anythingElseIsRefusedAndLeftAsItIs_data()
{
    QTest::addColumn<QString>("kind");
    for (const QString kind : {"not listening", "connected", "datagram", "seqpacket", "TCP", "pipe", "file", "closed", "-1"})
        QTest::newRow(qPrintable(kind)) << kind;
}

void tst_localserver_descriptor::anythingElseIsRefusedAndLeftAsItIs()
{
    QFETCH(QString, kind);
    Raw::NativeHandle handle;
    Raw::NativeHandle other;
    QTcpServer tcp;
    if (kind == "not listening") {
        handle = Raw::bound(Raw::fileName(path()));
    } else if (kind == "connected") {
        other = Raw::listening(Raw::fileName(path()));
        handle = Raw::connected(Raw::fileName(path()));
    } else if (kind == "datagram") {
        handle = Raw::bound(Raw::fileName(path()), SOCK_DGRAM);
    } else if (kind == "seqpacket") {
        handle = Raw::bound(Raw::fileName(path()), SOCK_SEQPACKET);
        QCOMPARE(::listen(int(handle.get()), 5), 0);
    } else if (kind == "TCP") {
        handle = Raw::socket(SOCK_STREAM, AF_INET);
        QCOMPARE(::listen(int(handle.get()), 5), 0);
    } else if (kind == "pipe") {
        int ends[2];
        QCOMPARE(::pipe2(ends, O_CLOEXEC), 0);
        handle.reset(ends[0]);
        other.reset(ends[1]);
    } else if (kind == "file") {
        handle.reset(::open("/dev/null", O_RDONLY));
    }
    qintptr descriptor = handle.get();
    if (kind == "closed")
        descriptor = Raw::socket().get(); // closed again at once
    const int flags = ::fcntl(int(descriptor), F_GETFL);
    const int descriptorFlags = ::fcntl(int(descriptor), F_GETFD);

    LocalServer server;
    QVERIFY(!server.listen(descriptor));
    QVERIFY(!server.isListening());
    QCOMPARE(server.socketDescriptor(), -1);
    QVERIFY(server.serverError() == LocalServer::UnsupportedSocketOperationError || server.serverError() == LocalServer::OperationError);
    QVERIFY2(server.errorString().contains(QString::number(descriptor)), qPrintable(server.errorString()));
    server.close();
    QCOMPARE(::fcntl(int(descriptor), F_GETFL), flags);
    QCOMPARE(::fcntl(int(descriptor), F_GETFD), descriptorFlags);
}

void tst_localserver_descriptor::nothingIsTakenWhileListening()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const Raw::NativeHandle other = Raw::listening(Raw::fileName(path("other")));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("already listening"));
    QVERIFY(!server.listen(other.get()));
    QVERIFY(::fcntl(int(other.get()), F_GETFD) != -1);
    QVERIFY(server.isListening());
    QCOMPARE(server.fullServerName(), path());
}

QTEST_GUILESS_MAIN(tst_localserver_descriptor)
#include "tst_localserver_descriptor.moc"
