// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/LocalServer>

using namespace InterprocessQt;

// listen(qintptr) of what is no server that waits for clients, which on Windows nothing is: it stays with the caller, as it is.
class tst_localserver_foreignhandle : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void isRefusedAndLeftAsItIs_data();
    void isRefusedAndLeftAsItIs();
};

void tst_localserver_foreignhandle::isRefusedAndLeftAsItIs_data()
{
    QTest::addColumn<QString>("kind");
    for (const QString kind : {"not listening", "connected", "something else", "closed", "-1"})
        QTest::newRow(qPrintable(kind)) << kind;
}

void tst_localserver_foreignhandle::isRefusedAndLeftAsItIs()
{
    QFETCH(QString, kind);
    RawPeer::Pair pair;
    NativeHandle handle;
    if (kind == "not listening") {
        handle = RawPeer::unconnected();
    } else if (kind == "connected") {
        pair = RawPeer::pair();
        handle = std::move(pair.ours);
    } else if (kind != "-1") {
        handle = RawPeer::anyHandle();
    }
    QCOMPARE(handle.isValid(), kind != "-1");
    const qintptr value = handle.get();
    if (kind == "closed")
        handle.reset();

    LocalServer server;
    QVERIFY(!server.listen(value));
    QVERIFY(!server.isListening());
    QCOMPARE(server.socketDescriptor(), -1);
    QVERIFY(server.serverError() == LocalServer::UnsupportedSocketOperationError || server.serverError() == LocalServer::OperationError);
    QVERIFY(!server.errorString().isEmpty());
    server.close();
    if (handle) {
        QVERIFY(RawPeer::isOpen(value));
        QVERIFY(!RawPeer::isInheritable(value));
    }
    if (kind == "connected") { // and still is
        QVERIFY(RawPeer::write(handle, "x"));
        QCOMPARE(RawPeer::read(pair.peer), "x");
    }
    // It can listen at a name all the same.
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
}

QTEST_GUILESS_MAIN(tst_localserver_foreignhandle)
#include "tst_localserver_foreignhandle.moc"
