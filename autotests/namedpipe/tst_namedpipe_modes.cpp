// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

using namespace Pipes;
using InterprocessQt::LocalSocket;
using InterprocessQt::StreamDevice;

// Bytes and messages, for each direction and each end separately.
class tst_namedpipe_modes : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void eachDirectionHasItsOwn_data();
    void eachDirectionHasItsOwn();
    void bytesCanBeReadFromMessages();
    void messagesAreRefusedOnAPipeOfBytes_data();
    void messagesAreRefusedOnAPipeOfBytes();
    void bytesMayBeSentIntoAPipeOfMessages();
    void aModeIsKeptWhileConnected();
    void aLocalSocketIsAPeer();
};

void tst_namedpipe_modes::eachDirectionHasItsOwn_data()
{
    QTest::addColumn<Mode>("toServer");
    QTest::addColumn<Mode>("toClient");
    QTest::newRow("bytes") << Mode::Bytes << Mode::Bytes;
    QTest::newRow("messages") << Mode::Messages << Mode::Messages;
    QTest::newRow("messages to the server") << Mode::Messages << Mode::Bytes;
    QTest::newRow("messages to the client") << Mode::Bytes << Mode::Messages;
}

void tst_namedpipe_modes::eachDirectionHasItsOwn()
{
    QFETCH(Mode, toServer);
    QFETCH(Mode, toClient);
    Ends ends;
    setModes(ends.server, toServer, toClient);
    setModes(ends.client, toClient, toServer);
    QVERIFY(ends.connect(abstractName()));
    QCOMPARE(ends.accepted->receiveMode(), toServer);
    QCOMPARE(ends.accepted->sendMode(), toClient);
    const auto carry = [](NamedPipe &from, NamedPipe &to, Mode mode) {
        if (mode == Mode::Messages) {
            const List sent = {"one", "", message(200'000), "four"};
            for (const QByteArray &message : sent) {
                if (!from.send(message))
                    return false;
            }
            return receiveAll(to, sent.size()) == sent;
        }
        const QByteArray bytes = message(300'000);
        if (from.send("x") || from.write(bytes) != bytes.size())
            return false;
        QByteArray got;
        static_cast<void>(waitUntil([&] {
            got += to.readAll();
            return got.size() >= bytes.size();
        }));
        return got == bytes && !to.hasPendingMessages();
    };
    QVERIFY(carry(ends.client, *ends.accepted, toServer));
    QVERIFY(carry(*ends.accepted, ends.client, toClient));
}

void tst_namedpipe_modes::bytesCanBeReadFromMessages()
{
    Ends ends;
    ends.client.setReceiveMode(Mode::Bytes);
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.accepted->send("abc"));
    QVERIFY(ends.accepted->send({}));
    QVERIFY(ends.accepted->send(message(100'000)));
    QByteArray got;
    QVERIFY(waitUntil([&] {
        got += ends.client.readAll();
        return got.size() == 100'003;
    }));
    QVERIFY(got == "abc" + message(100'000));
    QVERIFY(!ends.client.receive());
    QCOMPARE(ends.client.state(), NamedPipe::ConnectedState); // the empty one was not taken for the end
}

void tst_namedpipe_modes::messagesAreRefusedOnAPipeOfBytes_data()
{
    QTest::addColumn<Mode>("receive");
    QTest::addColumn<Mode>("send");
    QTest::newRow("both") << Mode::Messages << Mode::Messages;
    QTest::newRow("receiving") << Mode::Messages << Mode::Bytes;
    QTest::newRow("sending") << Mode::Bytes << Mode::Messages;
}

void tst_namedpipe_modes::messagesAreRefusedOnAPipeOfBytes()
{
    QFETCH(Mode, receive);
    QFETCH(Mode, send);
    NamedPipeServer server;
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    NamedPipe client;
    setModes(client, receive, send);
    QSignalSpy errors(&client, &LocalSocket::errorOccurred);
    client.connectToServer(name);
    QVERIFY(errors.isEmpty()); // not from inside the call
    QVERIFY(waitUntil([&] {
        return errors.size() == 1;
    }));
    QCOMPARE(client.error(), StreamDevice::UnsupportedSocketOperationError);
    QVERIFY2(client.errorString().contains("bytes, not messages") && client.errorString().contains(name), qPrintable(client.errorString()));
    QCOMPARE(client.state(), NamedPipe::UnconnectedState);
}

void tst_namedpipe_modes::bytesMayBeSentIntoAPipeOfMessages()
{
    Ends ends;
    ends.client.setSendMode(Mode::Bytes);
    QVERIFY(ends.connect(abstractName()));
    QCOMPARE(ends.client.write("abc"), 3);
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"abc"});
}

void tst_namedpipe_modes::aModeIsKeptWhileConnected()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    QSignalSpy changed(&ends.client, &NamedPipe::sendModeChanged);
    ends.client.setSendMode(Mode::Bytes);
    ends.client.setReceiveMode(Mode::Bytes);
    QCOMPARE(ends.client.sendMode(), Mode::Messages);
    QCOMPARE(ends.client.receiveMode(), Mode::Messages);
    QVERIFY(changed.isEmpty());
    QVERIFY(ends.client.send("whole"));
    QCOMPARE(receiveAll(*ends.accepted, 1), List{"whole"});
    ends.client.abort();
    ends.client.setSendMode(Mode::Bytes);
    QCOMPARE(changed.size(), 1);
}

void tst_namedpipe_modes::aLocalSocketIsAPeer()
{
    NamedPipeServer server;
    const QString name = abstractName();
    QVERIFY(server.listen(name));
    LocalSocket client;
    client.connectToServer(name);
    QVERIFY(server.waitForNewConnection(5000));
    const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
    QVERIFY(accepted);
    client.write("hello");
    QVERIFY(accepted->waitForReadyRead(5000));
    QCOMPARE(accepted->readAll(), "hello");
    accepted->write("world");
    QVERIFY(client.waitForReadyRead(5000));
    QCOMPARE(client.readAll(), "world");
}

QTEST_GUILESS_MAIN(tst_namedpipe_modes)
#include "tst_namedpipe_modes.moc"
