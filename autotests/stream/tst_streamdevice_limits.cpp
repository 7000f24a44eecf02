// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QAbstractEventDispatcher>
#include <QEventLoop>
#include <QTimer>

using namespace InterprocessQt;

// A limited read buffer, where bytes are looked at, or taken back, rather than read.
class tst_streamdevice_limits : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void lookingBeyondWhatHasComeKeepsReading_data();
    void lookingBeyondWhatHasComeKeepsReading();
    void bytesPutBackIntoAFullBufferMakeNoWork_data();
    void bytesPutBackIntoAFullBufferMakeNoWork();
    void aTransactionEndsWithItsConnection();
};

namespace
{

enum class Look {
    Peek,
    Transaction,
};

enum class Return {
    UngetChar,
    Rollback,
    RollbackOfManyReads,
};

} // namespace

Q_DECLARE_METATYPE(Look)
Q_DECLARE_METATYPE(Return)

void tst_streamdevice_limits::lookingBeyondWhatHasComeKeepsReading_data()
{
    QTest::addColumn<Look>("look");
    QTest::addColumn<int>("size");
    QTest::newRow("peek, as much as the limit") << Look::Peek << 1024;
    QTest::newRow("peek, more than the limit") << Look::Peek << 4096;
    QTest::newRow("transaction, as much as the limit") << Look::Transaction << 1024;
    QTest::newRow("transaction, more than the limit") << Look::Transaction << 4096;
}

void tst_streamdevice_limits::lookingBeyondWhatHasComeKeepsReading()
{
    QFETCH(Look, look);
    QFETCH(int, size);
    auto [socket, peer] = LocalSocket::pair();
    QVERIFY(socket && peer);
    LocalSocket *const reader = socket.get();
    reader->setReadBufferSize(1024);
    QByteArray line;
    int looks = 0;
    connect(reader, &QIODevice::readyRead, reader, [&] {
        ++looks;
        if (look == Look::Peek) {
            if (reader->peek(size).contains('\n'))
                line = reader->readLine();
            return;
        }
        reader->startTransaction();
        const QByteArray bytes = reader->read(size);
        if (bytes.endsWith('\n')) {
            reader->commitTransaction();
            line = bytes;
        } else {
            reader->rollbackTransaction();
        }
    });
    QCOMPARE(peer->write("hello "), 6);
    QTRY_VERIFY(looks > 0);
    QCOMPARE(peer->write("world\n"), 6);
    QTRY_COMPARE(line, "hello world\n");
}

void tst_streamdevice_limits::bytesPutBackIntoAFullBufferMakeNoWork_data()
{
    QTest::addColumn<Return>("way");
    QTest::newRow("ungetChar") << Return::UngetChar;
    QTest::newRow("rollback of one read") << Return::Rollback;
    QTest::newRow("rollback of many reads") << Return::RollbackOfManyReads;
}

void tst_streamdevice_limits::bytesPutBackIntoAFullBufferMakeNoWork()
{
    QFETCH(Return, way);
    auto [socket, peer] = LocalSocket::pair();
    QVERIFY(socket && peer);
    LocalSocket *const reader = socket.get();
    reader->setReadBufferSize(1024);
    int slotCalls = 0;
    const auto putBack = connect(reader, &QIODevice::readyRead, reader, [&] {
        ++slotCalls;
        char c = 0;
        switch (way) {
        case Return::UngetChar:
            if (reader->getChar(&c))
                reader->ungetChar(c);
            break;
        case Return::Rollback:
            reader->startTransaction();
            (void)reader->read(1024);
            reader->rollbackTransaction();
            break;
        case Return::RollbackOfManyReads:
            reader->startTransaction();
            for (int i = 0; i < 10; ++i)
                (void)reader->read(100);
            reader->rollbackTransaction();
            break;
        }
    });
    const QByteArray bytes(65536, 'x'); // more waits in the system all the time
    QCOMPARE(peer->write(bytes), bytes.size());
    QTRY_VERIFY(slotCalls > 0);

    // A device that spins turns the loop ten thousands of times meanwhile; a few are what timers and the like take.
    int turns = 0;
    const int slotCallsBefore = slotCalls;
    QEventLoop loop;
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &loop, [&] {
        ++turns;
    });
    QTimer::singleShot(300, &loop, &QEventLoop::quit);
    loop.exec();
    QVERIFY2(turns < 300, qPrintable(QString::number(turns)));
    QVERIFY2(slotCalls - slotCallsBefore < 100, qPrintable(QString::number(slotCalls - slotCallsBefore)));

    disconnect(putBack);
    QByteArray got = reader->readAll(); // and with that there is room for more
    connect(reader, &QIODevice::readyRead, reader, [&] {
        got += reader->readAll();
    });
    QTRY_VERIFY(got.size() >= bytes.size());
    QCOMPARE(got, bytes);
}

void tst_streamdevice_limits::aTransactionEndsWithItsConnection()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, &server, [&] {
        LocalSocket *peer = server.nextPendingConnection();
        peer->write("ABCDEF");
        peer->disconnectFromServer();
    });
    LocalSocket socket;
    QSignalSpy connected(&socket, &LocalSocket::connected);
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QByteArray second;
    connect(&socket, &QIODevice::readyRead, &socket, [&] {
        if (connected.count() > 1) {
            second += socket.read(100);
        } else if (!socket.isTransactionStarted()) {
            socket.startTransaction();
            QCOMPARE(socket.read(4), "ABCD");
        }
    });
    socket.connectToServer(path());
    QTRY_COMPARE(disconnected.count(), 1);
    QVERIFY(socket.isTransactionStarted());

    socket.connectToServer(path());
    QTRY_COMPARE(disconnected.count(), 2);
    QCOMPARE(second + socket.readAll(), "ABCDEF");
}

QTEST_GUILESS_MAIN(tst_streamdevice_limits)
#include "tst_streamdevice_limits.moc"
