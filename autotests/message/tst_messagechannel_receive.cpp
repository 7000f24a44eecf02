// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frames.h"
#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>

#include <QBuffer>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

using namespace InterprocessQt;
using Channel = MessageChannel;
using namespace std::chrono_literals;

// What arrives, by a signal or by hand.
class tst_messagechannel_receive : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void everyByteMayComeAlone_data();
    void everyByteMayComeAlone();
    void whatIsThereAlreadyIsDelivered();
    void nothingIsToldFromInsideSetDevice();
    void withoutAReceiverMessagesWait();
    void aLateReceiverGetsWhatHasWaited();
    void pendingIsToldAgainForWhatIsLeft();
    void onlyOneMessageIsTakenAhead();
    void aPauseInTheSlotHolds();
    void thePeerWaitsWhenNobodyReceives();
    void theFramingMayChangeAfterAMessage_data();
    void theFramingMayChangeAfterAMessage();
    void whatWasNotReceivedIsReadInTheNewFraming();
    void closeGivesTheRestBack_data();
    void closeGivesTheRestBack();
    void anotherChannelGoesOn();
    void aFileIsReadToItsEnd();
    void aFloodLetsOthersHaveTheirTurn();
    void aMessageOfTheLargestSizeArrives();
    void aDeviceOfQtWorksToo();
    void waitWorksWithoutAnEventLoop();
    void waitToldBySignal();
    void waitEndsInTime();
    void aSlotThatFailsAgainDoesNotKeepAWait();
    void aTcpSocketWorksToo();
};

namespace
{
struct Ends {
    std::unique_ptr<LocalSocket> peer;
    std::unique_ptr<LocalSocket> ours;
};

Ends makeEnds()
{
    auto ends = LocalSocket::pair();
    return {std::move(ends.first), std::move(ends.second)};
}

QList<QByteArray> messagesOf(const QSignalSpy &spy)
{
    QList<QByteArray> messages;
    for (const auto &arguments : spy)
        messages << arguments.first().toByteArray();
    return messages;
}
} // namespace

void tst_messagechannel_receive::everyByteMayComeAlone_data()
{
    Frames::addFramings();
}

void tst_messagechannel_receive::everyByteMayComeAlone()
{
    QFETCH(Channel::Framing, framing);
    const QList<QByteArray> messages{"one", "", "three", QByteArray(300, 'x')};
    Ends ends = makeEnds();
    Channel channel(ends.ours.get(), framing);
    QSignalSpy received(&channel, &Channel::messageReceived);
    QSignalSpy arrived(ends.ours.get(), &QIODevice::readyRead);
    for (const char byte : Frames::frames(framing, messages)) {
        const auto before = arrived.size();
        ends.peer->putChar(byte);
        QTRY_COMPARE(arrived.size(), before + 1);
    }
    QCOMPARE(messagesOf(received), messages);
    QCOMPARE(channel.error(), Channel::NoError);
}

void tst_messagechannel_receive::whatIsThereAlreadyIsDelivered()
{
    Ends ends = makeEnds();
    ends.peer->write(Frames::prefixed("early"));
    QTRY_COMPARE(ends.ours->bytesAvailable(), 9);
    Channel channel(ends.ours.get());
    QSignalSpy received(&channel, &Channel::messageReceived);
    QTRY_COMPARE(messagesOf(received), QList<QByteArray>{"early"});
}

void tst_messagechannel_receive::nothingIsToldFromInsideSetDevice()
{
    QByteArray bytes = Frames::prefixed("now") + QByteArray(4, '\xff');
    QBuffer buffer(&bytes);
    QVERIFY(buffer.open(QIODevice::ReadOnly));
    Channel channel;
    QSignalSpy received(&channel, &Channel::messageReceived);
    QSignalSpy failed(&channel, &Channel::errorOccurred);
    channel.setDevice(&buffer);
    QCOMPARE(received.size(), 0);
    QCOMPARE(failed.size(), 0);
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(received.size(), 1);
}

void tst_messagechannel_receive::withoutAReceiverMessagesWait()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QSignalSpy pending(&channel, &Channel::messagesPending);
    QVERIFY(!channel.hasPendingMessages());
    QVERIFY(!channel.receive());
    ends.peer->write(Frames::frames(Channel::LengthPrefix, {"", "two"}));
    QVERIFY(pending.wait());
    QVERIFY(channel.hasPendingMessages());
    const auto empty = channel.receive();
    QVERIFY(empty && empty->isEmpty() && !empty->isNull());
    QCOMPARE(channel.receive().value(), "two");
    QVERIFY(!channel.receive());
}

void tst_messagechannel_receive::aLateReceiverGetsWhatHasWaited()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QSignalSpy pending(&channel, &Channel::messagesPending);
    ends.peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two"}));
    QVERIFY(pending.wait());
    QSignalSpy received(&channel, &Channel::messageReceived);
    QTRY_COMPARE(messagesOf(received), (QList<QByteArray>{"one", "two"}));
    QCOMPARE(pending.size(), 1);
}

void tst_messagechannel_receive::pendingIsToldAgainForWhatIsLeft()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QList<QByteArray> messages;
    connect(&channel, &Channel::messagesPending, &channel, [&] {
        messages << channel.receive().value();
    });
    ends.peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two", "three"}));
    QTRY_COMPARE(messages, (QList<QByteArray>{"one", "two", "three"}));
}

void tst_messagechannel_receive::onlyOneMessageIsTakenAhead()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QSignalSpy pending(&channel, &Channel::messagesPending);
    const QByteArray rest = Frames::frames(Channel::LengthPrefix, {"two", "three"});
    ends.peer->write(Frames::prefixed("one") + rest);
    QVERIFY(pending.wait());
    runTurns(); // nothing is to happen
    QCOMPARE(pending.size(), 1);
    QCOMPARE(ends.ours->bytesAvailable(), rest.size());
}

void tst_messagechannel_receive::aPauseInTheSlotHolds()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QList<QByteArray> messages;
    connect(&channel, &Channel::messageReceived, &channel, [&](const QByteArray &message) {
        messages << message;
        channel.setAutomaticDelivery(messages.size() != 2);
    });
    QSignalSpy pending(&channel, &Channel::messagesPending);
    ends.peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two", "three", "four", "five"}));
    QVERIFY(pending.wait());
    QCOMPARE(messages, (QList<QByteArray>{"one", "two"}));
    QCOMPARE(channel.receive().value(), "three");
    channel.setAutomaticDelivery(true);
    QTRY_COMPARE(messages, (QList<QByteArray>{"one", "two", "four", "five"}));
}

void tst_messagechannel_receive::thePeerWaitsWhenNobodyReceives()
{
    Ends ends = makeEnds();
    ends.ours->setReadBufferSize(64 * 1024);
    Channel channel(ends.ours.get());
    QSignalSpy pending(&channel, &Channel::messagesPending);
    const QByteArray frame = Frames::prefixed(QByteArray(1000, 'x'));
    constexpr int count = 8000;
    for (int i = 0; i < count; ++i)
        ends.peer->write(frame);
    QVERIFY(pending.wait());
    runTurns(); // as much as fits has gone
    QVERIFY(ends.ours->bytesAvailable() <= 64 * 1024);
    QVERIFY(ends.peer->bytesToWrite() > 4'000'000);
    int received = 0;
    QVERIFY(waitUntil([&] {
        while (channel.receive())
            ++received;
        return received == count;
    }));
}

void tst_messagechannel_receive::theFramingMayChangeAfterAMessage_data()
{
    QTest::addColumn<bool>("byHand");
    QTest::newRow("in the slot") << false;
    QTest::newRow("by hand") << true;
}

void tst_messagechannel_receive::theFramingMayChangeAfterAMessage()
{
    QFETCH(bool, byHand);
    Ends ends = makeEnds();
    Channel channel(ends.ours.get(), Channel::Lines);
    QList<QByteArray> messages;
    const auto take = [&](const QByteArray &message) {
        messages << message;
        if (message == "binary")
            channel.setFraming(Channel::LengthPrefix);
    };
    if (byHand) {
        connect(&channel, &Channel::messagesPending, &channel, [&] {
            while (channel.hasPendingMessages())
                take(channel.receive().value());
        });
    } else {
        connect(&channel, &Channel::messageReceived, &channel, take);
    }
    ends.peer->write("hello\nbinary\n" + Frames::prefixed("a\nb") + Frames::prefixed("c"));
    QTRY_COMPARE(messages, (QList<QByteArray>{"hello", "binary", "a\nb", "c"}));
}

void tst_messagechannel_receive::whatWasNotReceivedIsReadInTheNewFraming()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get(), Channel::Lines);
    QSignalSpy pending(&channel, &Channel::messagesPending);
    const QByteArray wire = Frames::prefixed("x\ny") + Frames::prefixed("z");
    ends.peer->write(wire);
    QVERIFY(pending.wait()); // a line, taken ahead
    channel.setFraming(Channel::LengthPrefix);
    QCOMPARE(channel.receive().value(), "x\ny");
    QCOMPARE(channel.receive().value(), "z");
}

void tst_messagechannel_receive::closeGivesTheRestBack_data()
{
    QTest::addColumn<bool>("byHand");
    QTest::addColumn<bool>("ofQt");
    QTest::newRow("delivered") << false << false;
    QTest::newRow("one taken ahead") << true << false;
    QTest::newRow("delivered, a device of Qt") << false << true;
    QTest::newRow("one taken ahead, a device of Qt") << true << true;
}

void tst_messagechannel_receive::closeGivesTheRestBack()
{
    QFETCH(bool, byHand);
    QFETCH(bool, ofQt);
    Ends ends;
    QLocalServer server;
    QLocalSocket socket;
    std::unique_ptr<QLocalSocket> served;
    QIODevice *peer = nullptr;
    QIODevice *ours = nullptr;
    if (ofQt) {
        QVERIFY(server.listen(path()));
        socket.connectToServer(path());
        QTRY_VERIFY(server.hasPendingConnections());
        served.reset(server.nextPendingConnection());
        peer = served.get();
        ours = &socket;
    } else {
        ends = makeEnds();
        peer = ends.peer.get();
        ours = ends.ours.get();
    }

    Channel channel(ours, Channel::ContentLength);
    const QByteArray first = Frames::frame(Channel::ContentLength, "first");
    const QByteArray second = "X-Other: kept\r\n" + Frames::frame(Channel::ContentLength, "second");
    const QByteArray rest = second + "Content-Length: 5\r\n\r\nha"; // half a message
    if (byHand) {
        peer->write(first + rest);
        QTRY_VERIFY(channel.hasPendingMessages());
        QCOMPARE(channel.receive().value(), "first");
        QVERIFY(channel.hasPendingMessages()); // the second, which nobody takes
    } else {
        connect(&channel, &Channel::messageReceived, &channel, &Channel::close);
        QSignalSpy received(&channel, &Channel::messageReceived);
        peer->write(first + rest);
        QVERIFY(received.wait());
        QCOMPARE(received.size(), 1);
    }
    channel.close();
    QVERIFY(!channel.isOpen());
    QVERIFY(!channel.receive());
    QCOMPARE(ours->readAll(), rest);
    peer->write("raw");
    QTRY_COMPARE(ours->bytesAvailable(), 3); // and it is an ordinary device again
}

void tst_messagechannel_receive::anotherChannelGoesOn()
{
    Ends ends = makeEnds();
    auto first = std::make_unique<Channel>(ends.ours.get());
    connect(first.get(), &Channel::messageReceived, first.get(), [&] {
        first.reset();
    });
    const QByteArray rest = Frames::frames(Channel::LengthPrefix, {"two", "three"}).chopped(2);
    ends.peer->write(Frames::prefixed("one") + rest);
    QTRY_VERIFY(!first);
    Channel second(ends.ours.get());
    QSignalSpy received(&second, &Channel::messageReceived);
    QVERIFY(received.wait());
    QCOMPARE(messagesOf(received), QList<QByteArray>{"two"});
    second.close(); // in the middle of the third
    Channel third(ends.ours.get());
    QSignalSpy receivedThird(&third, &Channel::messageReceived);
    ends.peer->write("ee");
    QVERIFY(receivedThird.wait());
    QCOMPARE(messagesOf(receivedThird), QList<QByteArray>{"three"});
}

void tst_messagechannel_receive::aFileIsReadToItsEnd()
{
    QFile file(path("lines"));
    QVERIFY(file.open(QIODevice::WriteOnly)); // as text, Windows would end its lines in another way
    QByteArray lines;
    for (int i = 0; i < 50'000; ++i)
        lines += QByteArray::number(i) + '\n';
    file.write(lines);
    file.close();
    QVERIFY(file.open(QIODevice::ReadOnly | QIODevice::Text));
    Channel channel;
    channel.setFraming(Channel::Lines);
    channel.setReadDevice(&file);
    QSignalSpy received(&channel, &Channel::messageReceived);
    QSignalSpy finished(&channel, &Channel::finished);
    QSignalSpy open(&channel, &Channel::openChanged);
    QVERIFY(channel.isOpen());
    QVERIFY(finished.wait());
    QCOMPARE(received.size(), 50'000);
    QCOMPARE(received.last().first().toByteArray(), "49999");
    QCOMPARE(finished.size(), 1);
    QCOMPARE(open.size(), 1);
    QVERIFY(!channel.isOpen());
    QCOMPARE(channel.error(), Channel::NoError);

    // A part of it, and then by hand from where that ended.
    file.seek(0);
    Channel part;
    part.setFraming(Channel::Lines);
    part.setReadDevice(&file);
    QCOMPARE(part.receive().value(), "0");
    part.close();
    QCOMPARE(file.pos(), 2);
    QCOMPARE(file.readLine(), "1\n");
}

void tst_messagechannel_receive::aFloodLetsOthersHaveTheirTurn()
{
    Ends ends = makeEnds();
    QByteArray bytes(4'000'000, '\n'); // as many messages
    QBuffer flood(&bytes);
    QVERIFY(flood.open(QIODevice::ReadOnly));
    Channel channel(&flood, Channel::Lines);
    qint64 count = 0;
    qint64 atTurn = -1;
    connect(&channel, &Channel::messageReceived, &channel, [&] {
        ++count;
    });
    QSignalSpy finished(&channel, &Channel::finished);
    QTimer::singleShot(0, this, [&] {
        atTurn = count;
    });
    QVERIFY(finished.wait(30000));
    QCOMPARE(count, 4'000'000);
    QVERIFY(atTurn >= 0);
    QVERIFY2(atTurn < 2'000'000, qPrintable(QString::number(atTurn)));
}

void tst_messagechannel_receive::aMessageOfTheLargestSizeArrives()
{
    Ends ends = makeEnds();
    Channel sender(ends.peer.get());
    Channel channel(ends.ours.get());
    ends.ours->setReadBufferSize(10'000); // far less than the message
    QSignalSpy received(&channel, &Channel::messageReceived);
    QByteArray message(int(Channel::DefaultMaximumMessageSize), 'a');
    message[message.size() / 2] = 'b';
    QVERIFY(sender.send(message));
    QVERIFY(received.wait(30000));
    QVERIFY(received.first().first().toByteArray() == message);
}

void tst_messagechannel_receive::aDeviceOfQtWorksToo()
{
    QLocalServer server;
    QVERIFY(server.listen(path()));
    QLocalSocket socket;
    Channel channel(&socket); // before it is connected
    QSignalSpy received(&channel, &Channel::messageReceived);
    QSignalSpy finished(&channel, &Channel::finished);
    socket.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<QLocalSocket> peer(server.nextPendingConnection());
    Channel answering(peer.get());
    connect(&answering, &Channel::messageReceived, &answering, [&](const QByteArray &message) {
        answering.send("re: " + message);
    });
    QVERIFY(channel.send("question"));
    QTRY_COMPARE(messagesOf(received), QList<QByteArray>{"re: question"});
    const QByteArray large(500'000, 'x');
    for (int i = 0; i < 4; ++i)
        QVERIFY(answering.send(large));
    for (int i = 0; i < 100; ++i)
        QVERIFY(answering.send(""));
    peer->disconnectFromServer();
    QVERIFY(finished.wait());
    QCOMPARE(received.size(), 105);
    QVERIFY(received.at(4).first().toByteArray() == large);
}

void tst_messagechannel_receive::waitWorksWithoutAnEventLoop()
{
    Ends ends = makeEnds();
    Channel sender(ends.peer.get());
    Channel channel(ends.ours.get());
    for (int i = 0; i < 3; ++i)
        QVERIFY(sender.send(QByteArray::number(i)));
    ends.peer->flush();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(channel.waitForMessage(5s));
        QCOMPARE(channel.receive().value(), QByteArray::number(i));
    }
    ends.peer->abort();
    QVERIFY(!channel.waitForMessage(5s));
    QVERIFY(!channel.isOpen());
    QCOMPARE(channel.error(), Channel::NoError);
}

void tst_messagechannel_receive::waitToldBySignal()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QList<QByteArray> messages;
    connect(&channel, &Channel::messageReceived, &channel, [&](const QByteArray &message) {
        messages << message;
        if (message == "two") {
            // In the slot the next one is taken by hand.
            QVERIFY(channel.waitForMessage(5s));
            messages << "by hand " + channel.receive().value();
        }
    });
    ends.peer->write(Frames::prefixed("one"));
    ends.peer->flush();
    QVERIFY(channel.waitForMessage(5s));
    QCOMPARE(messages, QList<QByteArray>{"one"});
    ends.peer->write(Frames::frames(Channel::LengthPrefix, {"two", "three", "four"}));
    ends.peer->flush();
    QVERIFY(channel.waitForMessage(5s));
    QCOMPARE(messages, (QList<QByteArray>{"one", "two", "by hand three", "four"}));
}

void tst_messagechannel_receive::waitEndsInTime()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    QVERIFY(!channel.waitForMessage(0));
    QVERIFY(!channel.waitForMessage(10ms));
    ends.peer->write(Frames::prefixed("half").chopped(1));
    ends.peer->flush();
    QVERIFY(!channel.waitForMessage(10ms));
    QVERIFY(channel.isOpen());
    QCOMPARE(channel.error(), Channel::NoError);
    Channel none;
    QVERIFY(!none.waitForMessage(-1));
}

// It brings about its own next call.
void tst_messagechannel_receive::aSlotThatFailsAgainDoesNotKeepAWait()
{
    Ends ends = makeEnds();
    Channel channel(ends.ours.get());
    channel.setMaximumMessageSize(5);
    connect(&channel, &Channel::errorOccurred, &channel, [&] {
        channel.send("too large");
    });
    QVERIFY(!channel.send("too large"));
    QVERIFY(!channel.waitForMessage(50ms));
    QSignalSpy received(&channel, &Channel::messageReceived);
    ends.peer->write(Frames::prefixed("here"));
    ends.peer->flush();
    QVERIFY(channel.waitForMessage(10s));
    QCOMPARE(messagesOf(received), QList<QByteArray>{"here"});
}

void tst_messagechannel_receive::aTcpSocketWorksToo()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost))
        QSKIP("there is no loopback interface");
    QTcpSocket socket;
    Channel channel(&socket); // before it is connected
    socket.connectToHost(QHostAddress::LocalHost, server.serverPort());
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<QTcpSocket> peer(server.nextPendingConnection());
    peer->setReadBufferSize(100); // smaller than a message
    Channel answering(peer.get());
    connect(&answering, &Channel::messageReceived, &answering, [&](const QByteArray &message) {
        answering.send(message);
    });
    QList<QByteArray> messages;
    for (int i = 0; i < 100; ++i)
        messages.append(QByteArray(i * 321, char(i)));
    QSignalSpy received(&channel, &Channel::messageReceived);
    QSignalSpy finished(&channel, &Channel::finished);
    for (const QByteArray &message : messages)
        QVERIFY(channel.send(message));
    QTRY_VERIFY(received.count() == messages.size());
    QVERIFY(messagesOf(received) == messages);

    // What is not received is there when the channel has left.
    channel.setAutomaticDelivery(false);
    const QByteArray large(300'000, 'x');
    QVERIFY(answering.send("one"));
    peer->flush();
    QVERIFY(channel.waitForMessage(10s));
    QVERIFY(answering.send(large));
    channel.close();
    QTRY_VERIFY(socket.bytesAvailable() == large.size() + 11);
    QVERIFY(socket.peek(11) == Frames::prefixed("one") + Frames::prefixed(large).first(4));
    channel.setDevice(&socket);
    peer->disconnectFromHost();
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(channel.receive(), "one");
    QVERIFY(channel.receive() == large);
    QVERIFY(finished.wait());
}

QTEST_GUILESS_MAIN(tst_messagechannel_receive)
#include "tst_messagechannel_receive.moc"
