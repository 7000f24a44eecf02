// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

using namespace Pipes;
using InterprocessQt::StreamDevice;

// Messages of any size arrive whole and in order, from and to whoever sends them.
class tst_namedpipe_messages : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void arriveWhole_data();
    void arriveWhole();
    void bothWaysAtOnce();
    void manyEmptyOnesArrive();
    void areToldBeforeTheEnd();
    void canBeReceivedAfterTheEnd();
    void waitForMessageNeedsNoEventLoop();
    void fromAndToAPeerWithSystemCallsOnly();
    void areNotTakenBeyondTheWriteLimit();
    void bytesToWriteCountsNoLengths();
    void aWriteIsAMessage();
    void readGoesAcrossBoundaries();
    void peekLeavesThemWhereTheyAre();
    void cannotBeSentWithoutAConnection();
    void receivingGoesOnInSlots();
};

void tst_namedpipe_messages::arriveWhole_data()
{
    QTest::addColumn<QList<int>>("sizes");
    QTest::newRow("small") << QList<int>{1, 2, 3};
    QTest::newRow("empty") << QList<int>{0};
    QTest::newRow("empty ones between") << QList<int>{0, 5, 0, 0, 7, 0};
    QTest::newRow("a block") << QList<int>{65535, 65536, 65537};
    QTest::newRow("larger than the pipe's buffer") << QList<int>{1024 * 1024, 1, 300000};
    QTest::newRow("4 MiB") << QList<int>{4 * 1024 * 1024};
}

void tst_namedpipe_messages::arriveWhole()
{
    QFETCH(QList<int>, sizes);
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    List sent;
    for (int i = 0; i < sizes.size(); ++i) {
        sent << message(sizes.at(i), quint32(i));
        QVERIFY2(ends.client.send(sent.last()), qPrintable(ends.client.errorString()));
    }
    const List received = receiveAll(*ends.accepted, sent.size());
    QCOMPARE(received.size(), sent.size());
    for (int i = 0; i < sent.size(); ++i)
        QVERIFY2(received.at(i) == sent.at(i), qPrintable(QString::number(i)));
    QVERIFY(waitUntil([&] {
        return ends.client.bytesToWrite() == 0;
    }));
    QVERIFY(!ends.accepted->hasPendingMessages());
    QVERIFY(!ends.accepted->receive());
}

void tst_namedpipe_messages::bothWaysAtOnce()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    List fromClient;
    List fromServer;
    for (quint32 i = 0; i < 200; ++i) {
        fromClient << message(qsizetype(i * 97 % 20000), i);
        fromServer << message(qsizetype(i * 131 % 20000), i + 1000);
        QVERIFY(ends.client.send(fromClient.last()));
        QVERIFY(ends.accepted->send(fromServer.last()));
    }
    List atServer;
    List atClient;
    QVERIFY(waitUntil([&] {
        while (auto message = ends.accepted->receive())
            atServer << *message;
        while (auto message = ends.client.receive())
            atClient << *message;
        return atServer.size() >= fromClient.size() && atClient.size() >= fromServer.size();
    }));
    QVERIFY(atServer == fromClient);
    QVERIFY(atClient == fromServer);
}

void tst_namedpipe_messages::manyEmptyOnesArrive()
{
    // More than are kept: the rest waits in the pipe.
    constexpr int Count = 5000;
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    for (int i = 0; i < Count; ++i)
        QVERIFY(ends.client.send({}));
    QVERIFY(ends.client.send("end"));
    const List received = receiveAll(*ends.accepted, Count + 1);
    QCOMPARE(received.size(), Count + 1);
    QCOMPARE(received.last(), "end");
}

void tst_namedpipe_messages::areToldBeforeTheEnd()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QStringList told;
    connect(ends.accepted.get(), &NamedPipe::messagesPending, this, [&] {
        told << "messages";
    });
    connect(ends.accepted.get(), &NamedPipe::disconnected, this, [&] {
        told << "disconnected";
    });
    QVERIFY(ends.client.send({})); // which brings no byte
    ends.client.disconnectFromServer();
    QVERIFY(waitUntil([&] {
        return told.contains("disconnected");
    }));
    QCOMPARE(told, (QStringList{"messages", "disconnected"}));
    QCOMPARE(ends.accepted->receive(), QByteArray());
}

void tst_namedpipe_messages::canBeReceivedAfterTheEnd()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.client.send("one"));
    QVERIFY(ends.client.send("two"));
    ends.client.disconnectFromServer();
    QVERIFY(waitUntil([&] {
        return ends.accepted->state() == NamedPipe::UnconnectedState;
    }));
    QCOMPARE(ends.accepted->receive(), "one");
    QCOMPARE(ends.accepted->receive(), "two");
    QVERIFY(!ends.accepted->receive());
    QCOMPARE(ends.accepted->error(), StreamDevice::PeerClosedError);
}

void tst_namedpipe_messages::waitForMessageNeedsNoEventLoop()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(!ends.accepted->waitForMessage(1));
    QCOMPARE(ends.accepted->error(), StreamDevice::SocketTimeoutError);
    QVERIFY(ends.client.send({}));
    QVERIFY2(ends.accepted->waitForMessage(5000), qPrintable(ends.accepted->errorString()));
    QCOMPARE(ends.accepted->receive(), QByteArray());
    QVERIFY(ends.accepted->send("answer"));
    QVERIFY(ends.accepted->waitForBytesWritten(5000) || ends.accepted->bytesToWrite() == 0);
    QVERIFY(ends.client.waitForMessage(5000));
    QCOMPARE(ends.client.receive(), "answer");
    ends.client.abort();
    QVERIFY(!ends.accepted->waitForMessage(5000));
    QVERIFY(!ends.client.waitForMessage(5000));
}

void tst_namedpipe_messages::fromAndToAPeerWithSystemCallsOnly()
{
    NamedPipeServer server;
    setModes(server, Mode::Messages, Mode::Messages);
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    const NativeHandle client = rawClient(name);
    QVERIFY(client);
    DWORD mode = PIPE_READMODE_MESSAGE;
    QVERIFY(SetNamedPipeHandleState(native(client), &mode, nullptr, nullptr));
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QVERIFY(accepted);
    QVERIFY(rawWrite(client, "one"));
    QVERIFY(rawWrite(client, {}));
    QVERIFY(rawWrite(client, "three"));
    QCOMPARE(receiveAll(*accepted, 3), (List{"one", "", "three"}));
    QVERIFY(accepted->send("a"));
    QVERIFY(accepted->send({}));
    QVERIFY(accepted->send("ccc"));
    accepted->flush();
    QVERIFY(waitUntil([&] {
        return accepted->bytesToWrite() == 0;
    }));
    QCOMPARE(rawRead(client), "a");
    QCOMPARE(rawRead(client), "");
    QCOMPARE(rawRead(client), "ccc");
}

void tst_namedpipe_messages::areNotTakenBeyondTheWriteLimit()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    ends.accepted->setReadBufferSize(1); // does not read for ever
    ends.client.setWriteBufferLimit(100000);
    const QByteArray block = message(60000);
    int taken = 0;
    while (taken < 1000 && ends.client.send(block)) {
        ++taken;
        QCoreApplication::processEvents();
    }
    QVERIFY(taken < 1000);
    QCOMPARE(ends.client.error(), StreamDevice::SocketResourceError);
    QVERIFY(!ends.client.errorString().isEmpty());
    QVERIFY(ends.client.isCongested());
    QSignalSpy congested(&ends.client, &NamedPipe::congestedChanged);
    ends.accepted->setReadBufferSize(0);
    const List received = receiveAll(*ends.accepted, taken);
    QCOMPARE(received.size(), taken);
    QVERIFY(waitUntil([&] {
        return !ends.client.isCongested();
    }));
    QVERIFY(ends.client.send(block));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{block});
}

void tst_namedpipe_messages::bytesToWriteCountsNoLengths()
{
    Ends ends;
    QSignalSpy written(&ends.client, &NamedPipe::bytesWritten);
    QVERIFY(ends.connect(abstractName()));
    ends.accepted->setReadBufferSize(1);
    qint64 sent = 0;
    while (ends.client.bytesToWrite() == 0 && sent < 100'000'000) {
        QVERIFY(ends.client.send(message(50000)));
        sent += 50000;
    }
    QCOMPARE(ends.client.bytesToWrite() % 50000, 0);
    ends.accepted->setReadBufferSize(0);
    QVERIFY(waitUntil([&] {
        return ends.client.bytesToWrite() == 0;
    }));
    QVERIFY(waitUntil([&] {
        qint64 told = 0;
        for (const auto &arguments : written)
            told += arguments.first().toLongLong();
        return told == sent;
    }));
}

void tst_namedpipe_messages::aWriteIsAMessage()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QCOMPARE(ends.client.write("one"), 3);
    QCOMPARE(ends.client.write("two", 3), 3);
    QIODevice &device = ends.client;
    QCOMPARE(device.write("three"), 5);
    QCOMPARE(receiveAll(*ends.accepted, 3), (List{"one", "two", "three"}));
}

void tst_namedpipe_messages::readGoesAcrossBoundaries()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    for (const char *text : {"abc", "", "defg", "hi", "last"})
        QVERIFY(ends.client.send(text));
    QVERIFY(waitUntil([&] {
        return ends.accepted->bytesAvailable() == 13;
    }));
    QCOMPARE(ends.accepted->read(5), "abcde"); // all of one, an empty one, and a part
    QCOMPARE(ends.accepted->pendingMessageSize(), 2);
    QCOMPARE(ends.accepted->receive(), "fg"); // the rest
    QCOMPARE(ends.accepted->peek(4), "hila");
    QCOMPARE(ends.accepted->receive(), "hi");
    QCOMPARE(ends.accepted->readAll(), "last");
    QVERIFY(!ends.accepted->receive());
    QVERIFY(ends.client.send("next"));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"next"});
}

void tst_namedpipe_messages::peekLeavesThemWhereTheyAre()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(!ends.accepted->peekMessage());
    QVERIFY(!ends.accepted->pendingMessageSize());
    QVERIFY(ends.client.send("first"));
    QVERIFY(ends.client.send("second"));
    QVERIFY(waitUntil([&] {
        return ends.accepted->bytesAvailable() == 11;
    }));
    QCOMPARE(ends.accepted->pendingMessageSize(), 5);
    QCOMPARE(ends.accepted->peekMessage(), "first");
    QCOMPARE(ends.accepted->peekMessage(), "first");
    QCOMPARE(receiveAll(*ends.accepted, 2), (List{"first", "second"}));
}

void tst_namedpipe_messages::cannotBeSentWithoutAConnection()
{
    NamedPipe pipe;
    QVERIFY(!pipe.send("x"));
    QCOMPARE(pipe.error(), StreamDevice::OperationError);
    QVERIFY2(pipe.errorString().contains("setSendMode"), qPrintable(pipe.errorString()));
    pipe.setSendMode(Mode::Messages);
    QVERIFY(!pipe.send("x"));
    QCOMPARE(pipe.error(), StreamDevice::OperationError);
    QVERIFY(!pipe.receive());
    QVERIFY(!pipe.hasPendingMessages());
    QVERIFY(!pipe.waitForMessage(0));
}

void tst_namedpipe_messages::receivingGoesOnInSlots()
{
    // Each message is answered from the slot that receives it, until one side destroys its end within one.
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    bool ended = false;
    connect(ends.accepted.get(), &NamedPipe::messagesPending, this, [&] {
        while (auto message = ends.accepted->receive()) {
            if (message->size() == 50) {
                ends.accepted.reset();
                return;
            }
            QVERIFY(ends.accepted->send(*message + 'x'));
        }
    });
    connect(&ends.client, &NamedPipe::messagesPending, this, [&] {
        while (auto message = ends.client.receive())
            QVERIFY(ends.client.send(*message));
    });
    connect(&ends.client, &NamedPipe::disconnected, this, [&] {
        ended = true;
    });
    QVERIFY(ends.client.send("x"));
    QVERIFY(waitUntil([&] {
        return ended;
    }));
    QVERIFY(!ends.accepted);
}

QTEST_GUILESS_MAIN(tst_namedpipe_messages)
#include "tst_namedpipe_messages.moc"
