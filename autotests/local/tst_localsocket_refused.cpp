// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "forkedchild.h"
#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// What can be where a server is meant to be, or in the way to it, and what is told then.
class tst_localsocket_refused : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoServerIsToldFor_data();
    void whatIsNoServerIsToldFor();
    void permissionDeniedIsAnAccessError();
};

void tst_localsocket_refused::whatIsNoServerIsToldFor_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<LocalSocket::LocalSocketError>("error");
    QTest::newRow("missing directory") << "missing directory" << LocalSocket::ServerNotFoundError;
    QTest::newRow("stale") << "stale" << LocalSocket::ConnectionRefusedError;
    QTest::newRow("file") << "file" << LocalSocket::ConnectionRefusedError;
    QTest::newRow("datagram socket") << "datagram" << LocalSocket::UnsupportedSocketOperationError;
    QTest::newRow("abstract") << "abstract" << LocalSocket::ConnectionRefusedError;
}

void tst_localsocket_refused::whatIsNoServerIsToldFor()
{
    QFETCH(QString, kind);
    QFETCH(LocalSocket::LocalSocketError, error);
    QString name = path();
    Raw::NativeHandle datagram;
    if (kind == "missing directory") {
        name = path("missing/socket");
    } else if (kind == "stale") {
        QVERIFY(Raw::leaveStaleSocket(name));
    } else if (kind == "file") {
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (kind == "datagram") {
        datagram = Raw::bound(Raw::fileName(name), SOCK_DGRAM);
    } else if (kind == "abstract") {
        name = "@" + abstractName();
    }

    LocalSocket client;
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(name);
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    QVERIFY(failed.isEmpty()); // not from inside the call
    QVERIFY(failed.wait());
    QCOMPARE(failed.count(), 1);
    QCOMPARE(client.error(), error);
    QVERIFY2(client.errorString().contains(name), qPrintable(client.errorString()));
}

void tst_localsocket_refused::permissionDeniedIsAnAccessError()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const auto tryToConnect = [this]() -> QByteArray {
        LocalSocket client;
        client.connectToServer(path());
        return QByteArray::number(client.error()) + ' ' + QByteArray::number(client.nativeError());
    };
    QByteArray answer;
    if (ForkedChild::canChangeUser()) {
        ForkedChild child(tryToConnect, ForkedChild::someOtherUser());
        answer = child.result();
    } else {
        QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0), 0);
        answer = tryToConnect();
    }
    QCOMPARE(answer, QByteArray::number(LocalSocket::SocketAccessError) + ' ' + QByteArray::number(EACCES));
}

QTEST_GUILESS_MAIN(tst_localsocket_refused)
#include "tst_localsocket_refused.moc"
