// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

using namespace Pipes;
using Direction = NamedPipeServer::Direction;
using InterprocessQt::LocalSocket;
using InterprocessQt::StreamDevice;

// Pipes that go one way.
class tst_namedpipe_direction : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void inbound_data();
    void inbound();
    void outbound_data();
    void outbound();
    void theWrongDirectionIsRefused_data();
    void theWrongDirectionIsRefused();
    void nameWithoutAFile_data();
    void nameWithoutAFile();
    void theNextWriteTellsOfTheEnd();
    void aClientMayUseLessThanThereIs();

private:
    static void addModes();
};

void tst_namedpipe_direction::addModes()
{
    QTest::addColumn<Mode>("mode");
    QTest::newRow("bytes") << Mode::Bytes;
    QTest::newRow("messages") << Mode::Messages;
}

void tst_namedpipe_direction::inbound_data()
{
    addModes();
}

void tst_namedpipe_direction::inbound()
{
    QFETCH(Mode, mode);
    Ends ends(mode);
    ends.server.setDirection(Direction::Inbound);
    ends.client.setReceiveMode(Mode::Bytes);
    ends.server.setSendMode(Mode::Bytes);
    QVERIFY(ends.connect(abstractName(), QIODevice::WriteOnly));
    QCOMPARE(ends.accepted->openMode() & QIODevice::ReadWrite, QIODevice::ReadOnly);
    QCOMPARE(ends.client.write("hello"), 5);
    QVERIFY(ends.accepted->waitForReadyRead(5000));
    if (mode == Mode::Messages)
        QCOMPARE(ends.accepted->receive(), "hello");
    else
        QCOMPARE(ends.accepted->readAll(), "hello");
    QCOMPARE(ends.accepted->write("x"), -1);
    QVERIFY(!ends.accepted->send("x"));
    ends.client.disconnectFromServer();
    QVERIFY(waitUntil([&] {
        return ends.accepted->state() == NamedPipe::UnconnectedState;
    }));
}

void tst_namedpipe_direction::outbound_data()
{
    addModes();
}

void tst_namedpipe_direction::outbound()
{
    QFETCH(Mode, mode);
    Ends ends(mode);
    ends.server.setDirection(Direction::Outbound);
    ends.client.setSendMode(Mode::Bytes);
    ends.server.setReceiveMode(Mode::Bytes);
    QVERIFY(ends.connect(abstractName(), QIODevice::ReadOnly));
    QCOMPARE(ends.accepted->openMode() & QIODevice::ReadWrite, QIODevice::WriteOnly);
    const QByteArray large = message(1'000'000);
    QCOMPARE(ends.accepted->write(large), large.size());
    QByteArray got;
    QVERIFY(waitUntil([&] {
        if (mode == Mode::Messages)
            got = ends.client.receive().value_or(got);
        else
            got += ends.client.readAll();
        return got.size() == large.size();
    }));
    QVERIFY(got == large);
    ends.accepted->disconnectFromServer();
    QVERIFY(waitUntil([&] {
        return ends.client.state() == NamedPipe::UnconnectedState;
    }));
    QCOMPARE(ends.client.error(), StreamDevice::PeerClosedError);
}

void tst_namedpipe_direction::theWrongDirectionIsRefused_data()
{
    QTest::addColumn<Direction>("direction");
    QTest::addColumn<QIODevice::OpenMode>("openMode");
    QTest::newRow("read from an inbound one") << Direction::Inbound << QIODevice::OpenMode(QIODevice::ReadOnly);
    QTest::newRow("both ways of an inbound one") << Direction::Inbound << QIODevice::OpenMode(QIODevice::ReadWrite);
    QTest::newRow("write to an outbound one") << Direction::Outbound << QIODevice::OpenMode(QIODevice::WriteOnly);
    QTest::newRow("both ways of an outbound one") << Direction::Outbound << QIODevice::OpenMode(QIODevice::ReadWrite);
}

void tst_namedpipe_direction::theWrongDirectionIsRefused()
{
    QFETCH(Direction, direction);
    QFETCH(QIODevice::OpenMode, openMode);
    if (isWine() && direction == Direction::Outbound)
        QSKIP("Wine looks at GENERIC_WRITE only, which includes the right to make instances and is not asked for");
    NamedPipeServer server;
    server.setDirection(direction);
    QCOMPARE(server.direction(), direction);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    NamedPipe client;
    client.connectToServer(name, openMode);
    QVERIFY(!client.waitForConnected(5000));
    QCOMPARE(client.error(), StreamDevice::SocketAccessError);
    QCOMPARE(client.nativeError(), ERROR_ACCESS_DENIED);
    QVERIFY2(client.errorString().contains(name), qPrintable(client.errorString()));
}

void tst_namedpipe_direction::nameWithoutAFile_data()
{
    QTest::addColumn<Direction>("direction");
    QTest::addColumn<QIODevice::OpenMode>("openMode");
    QTest::newRow("inbound") << Direction::Inbound << QIODevice::OpenMode(QIODevice::WriteOnly);
    QTest::newRow("outbound") << Direction::Outbound << QIODevice::OpenMode(QIODevice::ReadOnly);
    QTest::newRow("duplex") << Direction::Duplex << QIODevice::OpenMode(QIODevice::ReadWrite);
}

// With these it is the server who asks whether it is the same user, where it can.
void tst_namedpipe_direction::nameWithoutAFile()
{
    QFETCH(Direction, direction);
    QFETCH(QIODevice::OpenMode, openMode);
    Ends ends(Mode::Bytes);
    ends.server.setDirection(direction);
    QVERIFY(ends.connect(u'@' + abstractName(), openMode));
    QVERIFY(ends.accepted->isServerEnd());
    QVERIFY(!ends.client.isServerEnd());
    QCOMPARE(ends.accepted->peerCredentials().processId(), QCoreApplication::applicationPid());
}

void tst_namedpipe_direction::theNextWriteTellsOfTheEnd()
{
    Ends ends(Mode::Bytes);
    ends.server.setDirection(Direction::Outbound);
    QVERIFY(ends.connect(abstractName(), QIODevice::ReadOnly));
    ends.client.abort();
    QSignalSpy errors(ends.accepted.get(), &LocalSocket::errorOccurred);
    ends.accepted->write("into the void");
    QVERIFY(waitUntil([&] {
        return !errors.isEmpty();
    }));
    QCOMPARE(ends.accepted->error(), StreamDevice::PeerClosedError);
    QVERIFY(waitUntil([&] {
        return ends.accepted->state() == NamedPipe::UnconnectedState;
    }));
}

void tst_namedpipe_direction::aClientMayUseLessThanThereIs()
{
    Ends ends(Mode::Bytes);
    QVERIFY(ends.connect(abstractName(), QIODevice::ReadOnly));
    QCOMPARE(ends.client.write("x"), -1);
    ends.accepted->write("hello");
    QVERIFY(ends.client.waitForReadyRead(5000));
    QCOMPARE(ends.client.readAll(), "hello");
}

QTEST_GUILESS_MAIN(tst_namedpipe_direction)
#include "tst_namedpipe_direction.moc"
