// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frames.h"
#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>

#include <QBuffer>
#include <QEventLoop>
#include <QThread>
#include <QTimer>

using namespace InterprocessQt;
using Channel = MessageChannel;

// Ends, errors, and slots that do what they like.
class tst_messagechannel_ends : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theEndAfterAWholeMessageIsClean_data();
    void theEndAfterAWholeMessageIsClean();
    void theEndWithinAMessageIsAnError_data();
    void theEndWithinAMessageIsAnError();
    void aBrokenFrameEndsTheChannel_data();
    void aBrokenFrameEndsTheChannel();
    void theEndComesAfterWhatWaits();
    void theEndBeforeTheChannelIsSeen();
    void aDestroyedDeviceIsAnEnd_data();
    void aDestroyedDeviceIsAnEnd();
    void aClosedDeviceIsAnEnd();
    void whatIsLostWithTheDeviceIsTold_data();
    void whatIsLostWithTheDeviceIsTold();
    void withoutItsOnlyDeviceAChannelHasEnded_data();
    void withoutItsOnlyDeviceAChannelHasEnded();
    void theNextConnectionBeginsAnew();
    void slotsMayDestroyOrClose_data();
    void slotsMayDestroyOrClose();
    void aNestedLoopGetsTheNextByHand();
    void theEndWaitsForTheSlot();
    void theChannelMovesWithItsDevice();
    void connectionsOfOthersStay();
};

namespace
{
struct Record {
    explicit Record(Channel &channel)
    {
        QObject::connect(&channel, &Channel::messageReceived, &channel, [this](const QByteArray &message) {
            lines << "message " + message;
        });
        QObject::connect(&channel, &Channel::finished, &channel, [this] {
            lines << "finished";
        });
        QObject::connect(&channel, &Channel::errorOccurred, &channel, [this](Channel::Error error) {
            lines << "error " + QByteArray::number(error);
        });
        QObject::connect(&channel, &Channel::openChanged, &channel, [this](bool open) {
            lines << (open ? "open" : "closed");
        });
    }
    QList<QByteArray> lines;
};

QByteArray errorLine(Channel::Error error)
{
    return "error " + QByteArray::number(error);
}
} // namespace

void tst_messagechannel_ends::theEndAfterAWholeMessageIsClean_data()
{
    Frames::addFramings();
}

void tst_messagechannel_ends::theEndAfterAWholeMessageIsClean()
{
    QFETCH(Channel::Framing, framing);
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get(), framing);
    Record record(channel);
    peer->write(Frames::frames(framing, {"one", ""}));
    peer->disconnectFromServer();
    QTRY_COMPARE(record.lines, (QList<QByteArray>{"message one", "message ", "finished", "closed"}));
    QCOMPARE(channel.error(), Channel::NoError);
}

void tst_messagechannel_ends::theEndWithinAMessageIsAnError_data()
{
    Frames::addFramings();
}

void tst_messagechannel_ends::theEndWithinAMessageIsAnError()
{
    QFETCH(Channel::Framing, framing);
    const QByteArray frame = Frames::frame(framing, "message");
    for (qsizetype size = 1; size < frame.size(); ++size) {
        auto ends = LocalSocket::pair();
        auto &ours = ends.first;
        auto &peer = ends.second;
        Channel channel(ours.get(), framing);
        Record record(channel);
        peer->write(Frames::frame(framing, "whole") + frame.first(size));
        peer->disconnectFromServer();
        QTRY_COMPARE(record.lines, (QList<QByteArray>{"message whole", errorLine(Channel::TruncatedMessageError), "closed"}));
        QVERIFY2(channel.errorString().contains(QString("after %1 bytes").arg(size)), qPrintable(channel.errorString()));
        QCOMPARE(channel.nativeError(), 0);
        QVERIFY(!channel.send("more"));
    }
}

void tst_messagechannel_ends::aBrokenFrameEndsTheChannel_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Channel::Error>("error");
    QTest::newRow("hostile length") << Channel::LengthPrefix << QByteArray(4, '\xff') << Channel::MessageTooLargeError;
    QTest::newRow("endless line") << Channel::Lines << QByteArray(2000, 'x') << Channel::MessageTooLargeError;
    QTest::newRow("header") << Channel::ContentLength << QByteArray("hello\r\n") << Channel::BrokenFrameError;
}

void tst_messagechannel_ends::aBrokenFrameEndsTheChannel()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(QByteArray, bytes);
    QFETCH(Channel::Error, error);
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get(), framing);
    channel.setMaximumMessageSize(1000);
    Record record(channel);
    const QByteArray after = Frames::frame(framing, "good again");
    peer->write(Frames::frame(framing, "good") + bytes + after);
    const QList<QByteArray> expected{"message good", errorLine(error), "closed"};
    QTRY_COMPARE(record.lines, expected);
    const qint64 unread = ours->bytesAvailable();
    peer->write(after);
    QTRY_COMPARE(ours->bytesAvailable(), unread + after.size()); // nothing more is read
    QCOMPARE(record.lines, expected);
    QVERIFY(!channel.send("x"));
    QCOMPARE(channel.error(), error);
    QVERIFY(!channel.hasPendingMessages());
}

void tst_messagechannel_ends::theEndComesAfterWhatWaits()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get());
    QSignalSpy finished(&channel, &Channel::finished);
    QSignalSpy ended(ours.get(), &QIODevice::readChannelFinished);
    peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two"}));
    peer->disconnectFromServer();
    QVERIFY(ended.wait());
    runTurns();
    QVERIFY(channel.isOpen());
    QCOMPARE(channel.receive().value(), "one");
    QCOMPARE(channel.receive().value(), "two");
    QVERIFY(!channel.receive());
    QVERIFY(!channel.isOpen()); // at once
    QVERIFY(finished.isEmpty()); // but told later
    QVERIFY(finished.wait());
}

void tst_messagechannel_ends::theEndBeforeTheChannelIsSeen()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    peer->write(Frames::prefixed("one"));
    peer->disconnectFromServer();
    QTRY_VERIFY(ours->isReadChannelFinished());
    Channel channel(ours.get());
    Record record(channel);
    QTRY_COMPARE(record.lines, (QList<QByteArray>{"message one", "finished", "closed"}));
}

void tst_messagechannel_ends::aDestroyedDeviceIsAnEnd_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<QByteArray>>("lines");
    QTest::newRow("between") << Frames::prefixed("one") << QList<QByteArray>{"message one", "finished", "closed"};
    QTest::newRow("within") << Frames::prefixed("one") + "\1" << QList<QByteArray>{"message one", errorLine(Channel::TruncatedMessageError), "closed"};
}

void tst_messagechannel_ends::aDestroyedDeviceIsAnEnd()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QList<QByteArray>, lines);
    for (const bool ofOurs : {true, false}) {
        auto ends = LocalSocket::pair();
        auto &ours = ends.first;
        auto &peer = ends.second;
        std::unique_ptr<QIODevice> device = std::move(ours);
        if (!ofOurs) {
            auto buffer = std::make_unique<QBuffer>();
            buffer->setData(bytes);
            buffer->open(QIODevice::ReadOnly);
            device = std::move(buffer);
        }
        Channel channel(device.get());
        Record record(channel);
        QSignalSpy devices(&channel, &Channel::devicesChanged);
        if (ofOurs)
            peer->write(bytes);
        QTRY_VERIFY(!record.lines.isEmpty());
        device.reset();
        QCOMPARE(channel.device(), nullptr);
        QVERIFY(!channel.send("x"));
        if (ofOurs) // a refused message is told, too
            QTRY_COMPARE(devices.size(), 1);
        QTRY_COMPARE(record.lines.last(), "closed");
        record.lines.removeAll(errorLine(Channel::DeviceError));
        QCOMPARE(record.lines, lines);
    }
}

void tst_messagechannel_ends::aClosedDeviceIsAnEnd()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get());
    Record record(channel);
    peer->write(Frames::prefixed("one"));
    QTRY_COMPARE(record.lines.size(), 1);
    ours->close();
    QCOMPARE(record.lines.size(), 1);
    QTRY_COMPARE(record.lines, (QList<QByteArray>{"message one", "finished", "closed"}));
}

void tst_messagechannel_ends::whatIsLostWithTheDeviceIsTold_data()
{
    QTest::addColumn<bool>("ofOurs");
    QTest::addColumn<bool>("destroyed");
    QTest::newRow("a closed stream") << true << false;
    QTest::newRow("a destroyed stream") << true << true;
    QTest::newRow("a closed buffer") << false << false;
}

void tst_messagechannel_ends::whatIsLostWithTheDeviceIsTold()
{
    QFETCH(bool, ofOurs);
    QFETCH(bool, destroyed);
    // More than is taken from a device at once.
    const QByteArray bytes = Frames::frames(Channel::Lines, {"one", "two", QByteArray(200'000, 'x'), "three"});
    auto ends = LocalSocket::pair();
    std::unique_ptr<QIODevice> device = std::move(ends.first);
    QIODevice *const socket = device.get();
    if (!ofOurs) {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(bytes);
        buffer->open(QIODevice::ReadOnly);
        device = std::move(buffer);
    }
    Channel channel(device.get(), Channel::Lines);
    channel.setAutomaticDelivery(false);
    Record record(channel);
    if (ofOurs) {
        ends.second->write(bytes);
        QTRY_COMPARE(socket->bytesAvailable(), bytes.size() - 4); // one is with the channel
    }
    QTRY_VERIFY(channel.hasPendingMessages());
    if (destroyed)
        device.reset();
    else
        device->close();
    QCOMPARE(channel.receive().value_or("nothing"), "one");
    while (channel.receive()) { }
    QTRY_COMPARE(record.lines, (QList<QByteArray>{errorLine(Channel::TruncatedMessageError), "closed"}));
}

void tst_messagechannel_ends::withoutItsOnlyDeviceAChannelHasEnded_data()
{
    QTest::addColumn<bool>("destroyed");
    QTest::newRow("closed") << false;
    QTest::newRow("destroyed") << true;
}

void tst_messagechannel_ends::withoutItsOnlyDeviceAChannelHasEnded()
{
    QFETCH(bool, destroyed);
    auto device = std::make_unique<QBuffer>();
    QVERIFY(device->open(QIODevice::WriteOnly));
    Channel channel;
    channel.setWriteDevice(device.get());
    Record record(channel);
    QVERIFY(channel.isOpen());
    QVERIFY(channel.send("one"));
    if (destroyed)
        device.reset();
    else
        device->close();
    QTRY_COMPARE(record.lines, (QList<QByteArray>{"finished", "closed"}));
    QVERIFY(!channel.isOpen());
}

void tst_messagechannel_ends::theNextConnectionBeginsAnew()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket socket;
    Channel channel;
    Record record(channel);
    connect(&socket, &LocalSocket::connected, &channel, [&] {
        channel.setDevice(&socket);
    });
    for (int i = 0; i < 2; ++i) {
        record.lines.clear();
        socket.connectToServer(path());
        QTRY_VERIFY(server.hasPendingConnections());
        std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
        peer->write(Frames::prefixed("whole") + "\1"); // and a piece that must not be taken for a part of what comes next
        peer->disconnectFromServer();
        QTRY_COMPARE(record.lines, (QList<QByteArray>{"open", "message whole", errorLine(Channel::TruncatedMessageError), "closed"}));
    }
}

void tst_messagechannel_ends::slotsMayDestroyOrClose_data()
{
    QTest::addColumn<QString>("deed");
    QTest::addColumn<QString>("when");
    for (const char *when : {"message", "pending", "error", "finished", "closed"}) {
        for (const char *deed : {"delete channel", "delete device", "delete both", "close channel", "close device", "abort device", "start anew"})
            QTest::addRow("%s: %s", when, deed) << deed << when;
    }
}

void tst_messagechannel_ends::slotsMayDestroyOrClose()
{
    QFETCH(QString, deed);
    QFETCH(QString, when);
    auto ends = LocalSocket::pair();
    auto &first = ends.first;
    auto &second = ends.second;
    auto ours = std::move(first);
    auto peer = std::move(second);
    auto channel = std::make_unique<Channel>(ours.get());
    bool done = false;
    const auto act = [&] {
        if (std::exchange(done, true))
            return;
        if (deed == "delete channel" || deed == "delete both")
            channel.reset();
        if (deed == "delete device" || deed == "delete both")
            ours.reset();
        if (deed == "close channel")
            channel->close();
        if (deed == "close device")
            ours->close();
        if (deed == "abort device")
            ours->abort();
        if (deed == "start anew")
            channel->setDevice(ours.get());
    };
    if (when == "message")
        connect(channel.get(), &Channel::messageReceived, this, act);
    else if (when == "pending")
        connect(channel.get(), &Channel::messagesPending, this, act);
    else if (when == "error")
        connect(channel.get(), &Channel::errorOccurred, this, act);
    else if (when == "finished")
        connect(channel.get(), &Channel::finished, this, act);
    else
        connect(channel.get(), &Channel::openChanged, this, act);

    peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two", "three"}));
    if (when == "error")
        peer->write(QByteArray(10, '\xff'));
    if (when != "message" && when != "pending")
        connect(channel.get(), &Channel::messagesPending, channel.get(), [&] {
            while (channel->receive())
                ;
        });
    peer->disconnectFromServer();
    QTRY_VERIFY(done);
    runTurns(); // whatever was still due
}

void tst_messagechannel_ends::aNestedLoopGetsTheNextByHand()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get());
    QList<QByteArray> messages;
    int depth = 0;
    connect(&channel, &Channel::messageReceived, &channel, [&](const QByteArray &message) {
        QCOMPARE(++depth, 1);
        messages << message;
        if (message == "one") {
            QEventLoop loop;
            QTimer::singleShot(30, &loop, &QEventLoop::quit);
            peer->write(Frames::prefixed("three"));
            loop.exec();
            messages << "by hand " + channel.receive().value();
        }
        --depth;
    });
    peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two"}));
    QTRY_COMPARE(messages, (QList<QByteArray>{"one", "by hand two", "three"}));
}

void tst_messagechannel_ends::theEndWaitsForTheSlot()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get());
    Record record(channel);
    connect(&channel, &Channel::messageReceived, &channel, [&](const QByteArray &message) {
        if (message == "one") {
            peer->disconnectFromServer();
            QTest::qWait(30);
            record.lines << "slot is back";
        }
    });
    peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two"}));
    QTRY_COMPARE(record.lines, (QList<QByteArray>{"message one", "slot is back", "message two", "finished", "closed"}));
}

void tst_messagechannel_ends::theChannelMovesWithItsDevice()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    QThread thread;
    auto *const channel = new Channel(ours.get());
    channel->setParent(ours.get());
    QThread *const home = QThread::currentThread();
    std::atomic<int> there = 0;
    connect(
        channel,
        &Channel::messageReceived,
        channel,
        [&, device = ours.get()](const QByteArray &message) {
            if (QThread::currentThread() == home)
                device->moveToThread(&thread);
            else if (message == "two" || message == "three")
                ++there;
        },
        Qt::DirectConnection);
    thread.start();
    peer->write(Frames::frames(Channel::LengthPrefix, {"one", "two"}));
    QTRY_COMPARE(there.load(), 1); // what was left in the device
    peer->write(Frames::prefixed("three"));
    QTRY_COMPARE(there.load(), 2);
    std::atomic<bool> gone = false;
    connect(
        ours.get(),
        &QObject::destroyed,
        this,
        [&gone] {
            gone = true;
        },
        Qt::DirectConnection);
    QMetaObject::invokeMethod(ours.release(), &QObject::deleteLater);
    QTRY_VERIFY(gone);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_messagechannel_ends::connectionsOfOthersStay()
{
    auto ends = LocalSocket::pair();
    auto &ours = ends.first;
    auto &peer = ends.second;
    Channel channel(ours.get());
    int called = 0;
    connect(ours.get(), &QIODevice::readyRead, &channel, [&] {
        ++called;
    });
    channel.close();
    peer->write("x");
    QTRY_COMPARE(called, 1);
}

QTEST_GUILESS_MAIN(tst_messagechannel_ends)
#include "tst_messagechannel_ends.moc"
