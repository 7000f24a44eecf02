// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frames.h"
#include "ipctest.h"

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>

#include <QBuffer>

using namespace InterprocessQt;
using Channel = MessageChannel;

// The last line of a stream, which may have no end.
class tst_messagechannel_lastline : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itIsNotAllowedByDefault();
    void itIsAMessageWhereAllowed_data();
    void itIsAMessageWhereAllowed();
    void itIsAsLargeAsOthers();
    void itIsReceivedByHand();
    void itGoesBackToTheDevice();
    void itIsNothingOfAConnectionThatWasCutHere_data();
    void itIsNothingOfAConnectionThatWasCutHere();
    void otherFramingsKnowNoSuchThing_data();
    void otherFramingsKnowNoSuchThing();
};

namespace
{
struct Ends {
    Ends()
    {
        auto pair = LocalSocket::pair();
        ours = std::move(pair.first);
        peer = std::move(pair.second);
    }
    void sendAll(const QByteArray &bytes)
    {
        peer->write(bytes);
        peer->disconnectFromServer();
        if (peer->state() != LocalSocket::UnconnectedState) // in a test without an event loop
            peer->waitForDisconnected();
    }
    std::unique_ptr<LocalSocket> ours;
    std::unique_ptr<LocalSocket> peer;
};

struct Record {
    explicit Record(Channel &channel)
    {
        QObject::connect(&channel, &Channel::messageReceived, &channel, [this](const QByteArray &message) {
            messages << message;
        });
        QObject::connect(&channel, &Channel::finished, &channel, [this] {
            finished = true;
        });
    }
    QList<QByteArray> messages;
    bool finished = false;
};
} // namespace

void tst_messagechannel_lastline::itIsNotAllowedByDefault()
{
    Channel channel;
    QVERIFY(!channel.isUnterminatedLineAllowed());
    QSignalSpy changed(&channel, &Channel::unterminatedLineAllowedChanged);
    channel.setUnterminatedLineAllowed(true);
    channel.setUnterminatedLineAllowed(true);
    QVERIFY(channel.property("unterminatedLineAllowed").toBool());
    QCOMPARE(changed.size(), 1);
}

void tst_messagechannel_lastline::itIsAMessageWhereAllowed_data()
{
    QTest::addColumn<Channel::LineEnding>("lineEnding");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<QByteArray>>("messages");
    QTest::newRow("nothing") << Channel::LineFeed << QByteArray() << QList<QByteArray>{};
    QTest::newRow("ended") << Channel::LineFeed << QByteArray("one\n") << QList<QByteArray>{"one"};
    QTest::newRow("open") << Channel::LineFeed << QByteArray("one\ntwo") << QList<QByteArray>{"one", "two"};
    QTest::newRow("alone") << Channel::AnyLineEnding << QByteArray("x") << QList<QByteArray>{"x"};
    QTest::newRow("return is text") << Channel::LineFeed << QByteArray("one\r") << QList<QByteArray>{"one\r"};
    QTest::newRow("return is half an end") << Channel::AnyLineEnding << QByteArray("one\r\ntwo\r") << QList<QByteArray>{"one", "two"};
    QTest::newRow("only half an end") << Channel::CarriageReturnLineFeed << QByteArray("\r") << QList<QByteArray>{""};
}

void tst_messagechannel_lastline::itIsAMessageWhereAllowed()
{
    QFETCH(Channel::LineEnding, lineEnding);
    QFETCH(QByteArray, bytes);
    QFETCH(QList<QByteArray>, messages);
    for (const bool ofSocket : {true, false}) {
        Ends ends;
        QBuffer buffer(&bytes);
        QVERIFY(buffer.open(QIODevice::ReadOnly));
        Channel channel(ofSocket ? static_cast<QIODevice *>(ends.ours.get()) : &buffer, Channel::Lines);
        channel.setLineEnding(lineEnding);
        channel.setUnterminatedLineAllowed(true);
        Record record(channel);
        ends.sendAll(bytes);
        QTRY_VERIFY(record.finished);
        QCOMPARE(record.messages, messages);
        QCOMPARE(channel.error(), Channel::NoError);
        QVERIFY(!channel.isOpen());
    }
}

void tst_messagechannel_lastline::itIsAsLargeAsOthers()
{
    for (const qsizetype size : {300'000, 300'001}) {
        Ends ends;
        Channel channel(ends.ours.get(), Channel::Lines);
        channel.setMaximumMessageSize(300'000);
        channel.setUnterminatedLineAllowed(true);
        Record record(channel);
        // More than every system keeps for somebody who does not read: the event loop does.
        ends.peer->write(QByteArray(size, 'x'));
        ends.peer->disconnectFromServer();
        QTRY_VERIFY(!channel.isOpen());
        if (size == 300'000)
            QCOMPARE(record.messages, QList<QByteArray>{QByteArray(size, 'x')});
        else
            QCOMPARE(channel.error(), Channel::MessageTooLargeError);
    }
}

void tst_messagechannel_lastline::itIsReceivedByHand()
{
    Ends ends;
    Channel channel(ends.ours.get(), Channel::Lines);
    channel.setUnterminatedLineAllowed(true);
    ends.sendAll("one\ntwo");
    QVERIFY(channel.waitForMessage());
    QCOMPARE(channel.receive().value_or("nothing"), "one");
    QVERIFY(channel.waitForMessage());
    QVERIFY(channel.hasPendingMessages());
    QCOMPARE(channel.receive().value_or("nothing"), "two");
    QVERIFY(!channel.waitForMessage(0));
    QVERIFY(!channel.isOpen());
    QCOMPARE(channel.error(), Channel::NoError);
}

void tst_messagechannel_lastline::itGoesBackToTheDevice()
{
    Ends ends;
    Channel channel(ends.ours.get(), Channel::Lines);
    channel.setLineEnding(Channel::AnyLineEnding);
    channel.setAutomaticDelivery(false);
    channel.setUnterminatedLineAllowed(true);
    ends.sendAll("rest\r");
    QTRY_VERIFY(channel.hasPendingMessages());
    channel.close();
    QCOMPARE(ends.ours->readAll(), "rest\r");
}

void tst_messagechannel_lastline::itIsNothingOfAConnectionThatWasCutHere_data()
{
    QTest::addColumn<bool>("destroyed");
    QTest::newRow("closed") << false;
    QTest::newRow("destroyed") << true;
}

// Nobody knows what would have come.
void tst_messagechannel_lastline::itIsNothingOfAConnectionThatWasCutHere()
{
    QFETCH(bool, destroyed);
    Ends ends;
    Channel channel(ends.ours.get(), Channel::Lines);
    channel.setUnterminatedLineAllowed(true);
    Record record(channel);
    ends.peer->write("one\ntw");
    QTRY_COMPARE(record.messages, QList<QByteArray>{"one"});
    if (destroyed)
        ends.ours.reset();
    else
        ends.ours->close();
    QTRY_VERIFY(!channel.isOpen());
    QCOMPARE(channel.error(), Channel::TruncatedMessageError);
    QCOMPARE(record.messages.size(), 1);
}

void tst_messagechannel_lastline::otherFramingsKnowNoSuchThing_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::newRow("length") << Channel::LengthPrefix;
    QTest::newRow("header") << Channel::ContentLength;
}

void tst_messagechannel_lastline::otherFramingsKnowNoSuchThing()
{
    QFETCH(Channel::Framing, framing);
    Ends ends;
    Channel channel(ends.ours.get(), framing);
    channel.setUnterminatedLineAllowed(true);
    Record record(channel);
    QByteArray frame = Frames::frame(framing, "message");
    frame.chop(1);
    ends.sendAll(frame);
    QTRY_VERIFY(!channel.isOpen());
    QCOMPARE(channel.error(), Channel::TruncatedMessageError);
    QVERIFY(record.messages.isEmpty());
}

QTEST_GUILESS_MAIN(tst_messagechannel_lastline)

#include "tst_messagechannel_lastline.moc"
