// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frames.h"
#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>

#include <QBuffer>

#include <functional>
#include <utility>

using namespace InterprocessQt;
using Channel = MessageChannel;

namespace
{
// Takes at most so many bytes of each write, and nothing when it is full.
class NarrowDevice : public QIODevice
{
public:
    explicit NarrowDevice(qint64 size)
        : room(size)
    {
        open(ReadWrite | Unbuffered);
    }
    [[nodiscard]] bool isSequential() const override
    {
        return true;
    }
    void makeRoom(qint64 size)
    {
        room += size;
        emit bytesWritten(size);
    }

    qint64 room;
    bool broken = false;
    std::function<void()> inWrite; // once
    int writes = 0;
    QByteArray taken;

protected:
    qint64 readData(char *, qint64) override
    {
        return 0;
    }
    qint64 writeData(const char *data, qint64 size) override
    {
        ++writes;
        if (broken)
            return -1;
        if (inWrite)
            std::exchange(inWrite, {})();
        size = qMin(size, room);
        room -= size;
        taken.append(data, size);
        return size;
    }
};
} // namespace

// What is sent goes out whole, in order, or not at all.
class tst_messagechannel_send : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theWireIsWhatTheFramingSays_data();
    void theWireIsWhatTheFramingSays();
    void aSmallMessageIsOneWrite();
    void aShortWriteIsCompletedLater_data();
    void aShortWriteIsCompletedLater();
    void aCongestedChannelRefuses();
    void whoSendsFromInsideTheDeviceIsToldWhenToGoOn();
    void aStreamWithALimitTakesAllInTheEnd();
    void closingLeavesNoHalfFrame_data();
    void closingLeavesNoHalfFrame();
    void afterHalfAFrameNothingFollows();
    void aDeviceThatIsClosedInWriteIsAnError();
    void aSlotInWriteMayExchangeTheDevice_data();
    void aSlotInWriteMayExchangeTheDevice();
    void theRestIsNotForTheNextConnection();
    void refusalsAreToldAndTheChannelGoesOn();
    void whoCannotBeWrittenTo();
    void aPairOfDevices();
    void theLimitCountsForSending();
};

void tst_messagechannel_send::theWireIsWhatTheFramingSays_data()
{
    Frames::addFramings();
}

void tst_messagechannel_send::theWireIsWhatTheFramingSays()
{
    QFETCH(Channel::Framing, framing);
    // On both sides of what is copied to be one write.
    const QList<QByteArray> messages{"one", "", QByteArray(8191, 'a'), QByteArray(8192, 'b'), QByteArray(8193, 'c'), QByteArray(200'000, 'd')};
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    Channel channel(&buffer, framing);
    for (const QByteArray &message : messages)
        QVERIFY(channel.send(message));
    QVERIFY(channel.send("literal"));
    QVERIFY(channel.send(QByteArrayView("a view of more").first(6)));
    QVERIFY(buffer.data() == Frames::frames(framing, messages + QList<QByteArray>{"literal", "a view"}));
    QVERIFY(!channel.isCongested());
}

void tst_messagechannel_send::aSmallMessageIsOneWrite()
{
    NarrowDevice device(1'000'000);
    Channel channel(&device);
    QVERIFY(channel.send("small"));
    QCOMPARE(device.writes, 1);
    QVERIFY(channel.send(QByteArray(100'000, 'x')));
    QVERIFY(device.writes <= 3);
}

void tst_messagechannel_send::aShortWriteIsCompletedLater_data()
{
    Frames::addFramings();
}

void tst_messagechannel_send::aShortWriteIsCompletedLater()
{
    QFETCH(Channel::Framing, framing);
    for (const QByteArray &message : {QByteArray("message"), QByteArray(9000, 'x')}) {
        const QByteArray frame = Frames::frame(framing, message);
        for (qsizetype room = 0; room < frame.size(); room += room < 50 || room > 8150 ? 1 : 50) {
            NarrowDevice device(room);
            Channel channel(&device, framing);
            QVERIFY(channel.send(message));
            QVERIFY(channel.isCongested());
            QCOMPARE(channel.bytesToWrite(), frame.size() - room);
            device.makeRoom(1);
            QCOMPARE(channel.bytesToWrite(), frame.size() - room - 1);
            device.makeRoom(1'000'000);
            QVERIFY(!channel.isCongested());
            QVERIFY(channel.send("after"));
            QVERIFY(device.taken == frame + Frames::frame(framing, "after"));
        }
    }
}

void tst_messagechannel_send::aCongestedChannelRefuses()
{
    NarrowDevice device(6);
    Channel channel(&device);
    QSignalSpy congested(&channel, &Channel::congestedChanged);
    QSignalSpy failed(&channel, &Channel::errorOccurred);
    QVERIFY(channel.send("one"));
    QCOMPARE(channel.bytesToWrite(), 1);
    QVERIFY(congested.isEmpty()); // not from inside
    QVERIFY(!channel.send("two"));
    QVERIFY(!channel.send("two"));
    QCOMPARE(channel.error(), Channel::CongestedError);
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(congested.size(), 1);
    QVERIFY(congested.first().first().toBool());
    QVERIFY(channel.isOpen());
    device.room = 1'000; // without telling
    QVERIFY(channel.send("three"));
    QTRY_COMPARE(congested.size(), 2);
    QCOMPARE(device.taken, Frames::frames(Channel::LengthPrefix, {"one", "three"}));
}

void tst_messagechannel_send::whoSendsFromInsideTheDeviceIsToldWhenToGoOn()
{
    NarrowDevice device(1'000);
    Channel channel(&device, Channel::Lines);
    QSignalSpy congested(&channel, &Channel::congestedChanged);
    connect(&channel, &Channel::congestedChanged, &channel, [&](bool now) {
        if (!now)
            channel.send("two");
    });
    bool refused = false;
    device.inWrite = [&] {
        refused = channel.isCongested() && !channel.send("two");
    };
    QVERIFY(channel.send("one"));
    QVERIFY(refused);
    QCOMPARE(channel.error(), Channel::CongestedError);
    QVERIFY(!channel.isCongested());
    QTRY_COMPARE(device.taken, "one\ntwo\n");
    QCOMPARE(congested.size(), 2);
    QCOMPARE(congested.at(0).at(0).toBool(), true);
    QCOMPARE(congested.at(1).at(0).toBool(), false);
}

void tst_messagechannel_send::aStreamWithALimitTakesAllInTheEnd()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    ours->setWriteBufferLimit(20'000);
    Channel sender(ours.get());
    Channel receiver(peer.get());
    QList<qsizetype> sizes;
    connect(&receiver, &Channel::messageReceived, &receiver, [&](const QByteArray &message) {
        sizes << message.size();
    });
    QList<qsizetype> sent;
    const auto sendMore = [&] {
        while (sent.size() < 300) {
            const qsizetype size = (sent.size() * 7919) % 50'000;
            if (!sender.send(QByteArray(size, 'x')))
                break;
            sent << size;
        }
    };
    connect(&sender, &Channel::congestedChanged, &sender, [&](bool congested) {
        if (!congested)
            sendMore();
    });
    sendMore();
    QVERIFY(sent.size() < 300); // the limit has been felt
    QTRY_COMPARE(sizes.size(), 300);
    QCOMPARE(sizes, sent);
}

void tst_messagechannel_send::closingLeavesNoHalfFrame_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("close") << "close";
    QTest::newRow("destroy") << "destroy";
    QTest::newRow("another device") << "another device";
}

void tst_messagechannel_send::closingLeavesNoHalfFrame()
{
    QFETCH(QString, how);
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    LocalSocket *const device = ours.get();
    device->setWriteBufferLimit(1000);
    auto sender = std::make_unique<Channel>(device);
    Channel receiver(peer.get());
    QSignalSpy received(&receiver, &Channel::messageReceived);
    const QByteArray message(5'000'000, 'x');
    QVERIFY(sender->send(message));
    QVERIFY(sender->isCongested());
    if (how == "close")
        sender->close();
    else if (how == "destroy")
        sender.reset();
    else
        sender->setDevice(nullptr);
    QCOMPARE(device->writeBufferLimit(), 1000);
    QTRY_COMPARE(received.size(), 1);
    QVERIFY(received.first().first().toByteArray() == message);
    Channel next(device);
    QVERIFY(next.send("next"));
    QTRY_COMPARE(received.size(), 2);
    QCOMPARE(received.last().first().toByteArray(), "next");
}

void tst_messagechannel_send::afterHalfAFrameNothingFollows()
{
    NarrowDevice device(6);
    Channel channel(&device);
    QSignalSpy failed(&channel, &Channel::errorOccurred);
    QSignalSpy congested(&channel, &Channel::congestedChanged);
    QVERIFY(channel.send("one"));
    device.broken = true;
    device.makeRoom(1);
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(failed.first().first().value<Channel::Error>(), Channel::DeviceError);
    QVERIFY(!channel.isCongested());
    device.broken = false;
    QVERIFY(!channel.send("two"));
    QCOMPARE(channel.error(), Channel::DeviceError);
    QCOMPARE(device.taken, Frames::prefixed("one").chopped(1));
    // Until somebody says that this is another stream.
    channel.setDevice(&device);
    device.room = 100;
    QVERIFY(channel.send("two"));
}

void tst_messagechannel_send::aDeviceThatIsClosedInWriteIsAnError()
{
    NarrowDevice device(10);
    Channel channel(&device);
    QSignalSpy congested(&channel, &Channel::congestedChanged);
    QVERIFY(channel.send("longer than ten bytes")); // the rest waits
    QVERIFY(channel.isCongested());
    device.inWrite = [&] {
        device.close();
    };
    device.makeRoom(5);
    QCOMPARE(channel.error(), Channel::DeviceError);
    QCOMPARE(channel.bytesToWrite(), 0);
    QVERIFY(!channel.isCongested());

    // In the first write of a message.
    QVERIFY(device.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
    device.room = 10;
    channel.setDevice(&device);
    device.inWrite = [&] {
        device.close();
    };
    QVERIFY(!channel.send("longer than ten bytes"));
    QCOMPARE(channel.error(), Channel::DeviceError);
    QVERIFY(!channel.isCongested());
}

void tst_messagechannel_send::aSlotInWriteMayExchangeTheDevice_data()
{
    QTest::addColumn<bool>("waiting");
    QTest::newRow("first write") << false;
    QTest::newRow("rest of a message") << true;
}

void tst_messagechannel_send::aSlotInWriteMayExchangeTheDevice()
{
    QFETCH(bool, waiting);
    NarrowDevice device(waiting ? 10 : 1'000'000);
    NarrowDevice other(1'000'000);
    Channel channel(&device);
    const auto exchange = [&] {
        channel.setDevice(&other);
    };
    const QByteArray message(20'000, 'x'); // in more than one write
    if (waiting) {
        QVERIFY(channel.send(message));
        device.inWrite = exchange;
        device.makeRoom(1'000'000);
    } else {
        device.inWrite = exchange;
        channel.send(message);
    }
    QVERIFY(Frames::prefixed(message).startsWith(device.taken)); // nothing twice
    QCOMPARE(other.taken, ""); // no half frame
    QVERIFY(channel.send("next"));
    QCOMPARE(other.taken, Frames::prefixed("next"));
}

void tst_messagechannel_send::theRestIsNotForTheNextConnection()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket socket;
    socket.setWriteBufferLimit(1000);
    socket.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    Channel channel(&socket);
    QVERIFY(channel.send(QByteArray(5'000'000, 'x')));
    QVERIFY(channel.isCongested());
    QSignalSpy failed(&channel, &Channel::errorOccurred);
    peer.reset();
    QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);

    socket.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    peer.reset(server.nextPendingConnection());
    QSignalSpy written(&socket, &QIODevice::bytesWritten);
    socket.write("raw");
    QVERIFY(written.wait());
    QVERIFY(!channel.send("more")); // the channel has not been told that this is another stream
    QTRY_VERIFY(!failed.isEmpty());
    QVERIFY(!channel.isCongested());
    QTRY_COMPARE(peer->bytesAvailable(), 3);
    QCOMPARE(peer->readAll(), "raw");
}

void tst_messagechannel_send::refusalsAreToldAndTheChannelGoesOn()
{
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    Channel channel(&buffer, Channel::Lines);
    QSignalSpy failed(&channel, &Channel::errorOccurred);
    QVERIFY(!channel.send("two\nlines"));
    QCOMPARE(channel.error(), Channel::InvalidMessageError);
    QCOMPARE(channel.nativeError(), 0);
    QVERIFY2(channel.errorString().contains("line feed"), qPrintable(channel.errorString()));
    QVERIFY(failed.isEmpty());
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(channel.isOpen());
    QVERIFY(channel.send("a line"));
    QCOMPARE(buffer.data(), "a line\n");
}

void tst_messagechannel_send::whoCannotBeWrittenTo()
{
    Channel none;
    QVERIFY(!none.send("x"));
    QCOMPARE(none.error(), Channel::DeviceError);
    QBuffer closed;
    Channel channel(&closed);
    QVERIFY(!channel.send("x"));
    QCOMPARE(channel.error(), Channel::DeviceError);
    LocalSocket socket;
    channel.setDevice(&socket);
    QCOMPARE(channel.error(), Channel::NoError);
    QVERIFY(!channel.send("x"));
    NarrowDevice broken(100);
    broken.broken = true;
    channel.setDevice(&broken);
    QVERIFY(!channel.send("x"));
    QVERIFY(!channel.isCongested());
    broken.broken = false; // nothing was begun: it may be tried again
    QVERIFY(channel.send("x"));
}

void tst_messagechannel_send::aPairOfDevices()
{
    QByteArray in = Frames::prefixed("in");
    QBuffer input(&in);
    QVERIFY(input.open(QIODevice::ReadOnly));
    QBuffer output;
    QVERIFY(output.open(QIODevice::WriteOnly));
    Channel channel;
    channel.setDevices(&input, &output);
    QCOMPARE(channel.device(), nullptr);
    QCOMPARE(channel.readDevice(), &input);
    QCOMPARE(channel.writeDevice(), &output);
    connect(&channel, &Channel::messageReceived, &channel, [&](const QByteArray &message) {
        channel.send("out " + message);
    });
    QSignalSpy finished(&channel, &Channel::finished);
    QVERIFY(finished.wait());
    QCOMPARE(output.data(), Frames::prefixed("out in"));
    QVERIFY(channel.send("after the end")); // of the input only
    QCOMPARE(output.data(), Frames::frames(Channel::LengthPrefix, {"out in", "after the end"}));
}

void tst_messagechannel_send::theLimitCountsForSending()
{
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    Channel channel(&buffer);
    channel.setMaximumMessageSize(100);
    QVERIFY(channel.send(QByteArray(100, 'x')));
    QVERIFY(!channel.send(QByteArray(101, 'x')));
    QCOMPARE(channel.error(), Channel::MessageTooLargeError);
    QVERIFY2(channel.errorString().contains("101 bytes, the limit is 100"), qPrintable(channel.errorString()));
    QCOMPARE(buffer.size(), 104);
    channel.setMaximumMessageSize(-5);
    QCOMPARE(channel.maximumMessageSize(), 0);
    QVERIFY(channel.send(""));
    QVERIFY(!channel.send("x"));
}

QTEST_GUILESS_MAIN(tst_messagechannel_send)
#include "tst_messagechannel_send.moc"
