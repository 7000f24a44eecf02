// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "files.h"

#include <InterprocessQt/UnixSocket>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// Descriptors are not piled up: who asked for them and does not take them stops the peer. Nor are other traces of them.
class tst_unixsocket_pausing : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void readingStopsWhenEnoughAreHeld();
    void takingOneIsEnoughToGoOn();
    void receivingGoesOn();
    void raisingTheMaximumGoesOn();
    void loweringTheMaximumStops();
    void theEndStandsBehindThem();
    void aPeerThatHasDiedIsNoticedAfterThem();
    void whatIsWrittenGoesOutMeanwhile();
    void waitingDoesNotHangMeanwhile();
    void closingEndsThePause();
    void aMessageForWhichThereIsNoRoomDoesNotSpin();
};

namespace
{
// One byte with a descriptor each, in a turn of its own each.
void sendEach(UnixSocket &sender, int count)
{
    for (int i = 0; i < count; ++i) {
        sender.send("x", Files::withText(QByteArray::number(i)));
        sender.flush();
    }
}
} // namespace

void tst_unixsocket_pausing::readingStopsWhenEnoughAreHeld()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(3);
    sendEach(*sender, 10);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 3);
    runTurns();
    QCOMPARE(receiver->descriptorsAvailable(), 3);
    QCOMPARE(receiver->bytesAvailable(), 3);
    QCOMPARE(receiver->readAll(), "xxx"); // the bytes are not what is too much
    runTurns();
    QCOMPARE(receiver->bytesAvailable(), 0);
    for (int i = 0; i < 10; ++i) {
        QTRY_VERIFY(receiver->descriptorsAvailable() > 0);
        QVERIFY(receiver->descriptorsAvailable() <= 3);
        QCOMPARE(Files::textOf(receiver->takeDescriptor()), QByteArray::number(i));
    }
    QCOMPARE(receiver->readAll(), "xxxxxxx");
}

void tst_unixsocket_pausing::takingOneIsEnoughToGoOn()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(2);
    QSignalSpy readyRead(receiver.get(), &UnixSocket::readyRead);
    sender->send(UnixMessage("a", Files::numbered(2)));
    sender->flush();
    sender->send(UnixMessage("b", Files::numbered(2, 2)));
    QTRY_COMPARE(receiver->descriptorsAvailable(), 2);
    QVERIFY(receiver->takeDescriptor().isValid());
    QTRY_COMPARE(receiver->descriptorsAvailable(), 3); // less than twice as many
    QCOMPARE(receiver->readAll(), "ab");
    QCOMPARE(readyRead.size(), 2);
}

void tst_unixsocket_pausing::receivingGoesOn()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    QByteArray texts;
    connect(receiver.get(), &UnixSocket::readyRead, this, [&, socket = receiver.get()] {
        while (const auto message = socket->receive())
            texts += Files::textsOf(message->descriptors());
    });
    sendEach(*sender, 10);
    QTRY_COMPARE(texts, "0123456789");
}

void tst_unixsocket_pausing::raisingTheMaximumGoesOn()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    sendEach(*sender, 5);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    receiver->setMaximumDescriptors(4);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 4);
    receiver->setMaximumDescriptors(0); // none are asked for any more: nothing to wait for
    QSignalSpy lost(receiver.get(), &UnixSocket::descriptorsLost);
    QTRY_COMPARE(receiver->bytesAvailable(), 5);
    QTRY_COMPARE(lost.size(), 1);
    QCOMPARE(receiver->descriptorsAvailable(), 4);
}

void tst_unixsocket_pausing::loweringTheMaximumStops()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(10);
    sendEach(*sender, 3);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 3);
    receiver->setMaximumDescriptors(2);
    sendEach(*sender, 1);
    runTurns();
    QCOMPARE(receiver->bytesAvailable(), 3);
    QVERIFY(receiver->takeDescriptor().isValid());
    runTurns();
    QCOMPARE(receiver->bytesAvailable(), 3);
    QVERIFY(receiver->takeDescriptor().isValid());
    QTRY_COMPARE(receiver->bytesAvailable(), 4);
}

void tst_unixsocket_pausing::theEndStandsBehindThem()
{
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    QSignalSpy disconnected(receiver.get(), &UnixSocket::disconnected);
    sendEach(*sender, 2);
    sender.reset();
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    runTurns();
    QVERIFY(disconnected.isEmpty());
    QVERIFY(receiver->takeDescriptor().isValid());
    QTRY_COMPARE(receiver->bytesAvailable(), 2);
    QVERIFY(disconnected.isEmpty());
    QVERIFY(receiver->takeDescriptor().isValid());
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(receiver->readAll(), "xx");
}

void tst_unixsocket_pausing::aPeerThatHasDiedIsNoticedAfterThem()
{
    // With something unread at its side, which the kernel tells as ECONNRESET.
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    sendEach(*sender, 2);
    receiver->write("unread");
    receiver->flush();
    sender->abort();
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    // What this side writes fails, and that is no reason to forget what came.
    receiver->write("into the void");
    runTurns();
    QCOMPARE(receiver->descriptorsAvailable(), 1);
    QSignalSpy disconnected(receiver.get(), &UnixSocket::disconnected);
    QVERIFY(disconnected.isEmpty());
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "0");
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "1");
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(receiver->readAll(), "xx");
}

void tst_unixsocket_pausing::whatIsWrittenGoesOutMeanwhile()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    sendEach(*sender, 2);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    const QByteArray much(1'000'000, 'x');
    receiver->write(much);
    QTRY_COMPARE(sender->bytesAvailable(), much.size());
    QSignalSpy disconnected(receiver.get(), &UnixSocket::disconnected);
    receiver->disconnectFromServer();
    QTRY_COMPARE(disconnected.size(), 1);
}

void tst_unixsocket_pausing::waitingDoesNotHangMeanwhile()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    sendEach(*sender, 2);
    QVERIFY(receiver->waitForReadyRead(10s));
    QCOMPARE(receiver->descriptorsAvailable(), 1);
    QVERIFY(!receiver->waitForReadyRead(-1)); // at once, as with a full buffer
    QVERIFY(!receiver->waitForDisconnected(-1));
    QVERIFY(receiver->takeDescriptor().isValid());
    QVERIFY(receiver->waitForReadyRead(10s));
    QCOMPARE(receiver->readAll(), "xx");
}

void tst_unixsocket_pausing::closingEndsThePause()
{
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    Files::Witness witness;
    sendEach(*sender, 3);
    sender->send("x", witness.takeSent());
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
    QSignalSpy ended(sender.get(), &UnixSocket::errorOccurred);
    receiver->write("last words");
    receiver->close();
    QCOMPARE(receiver->descriptorsAvailable(), 0);
    QTRY_COMPARE(ended.size(), 1);
    QCOMPARE(sender->readAll(), "last words");
    QVERIFY(witness.allAreClosed());

    // It is as new.
    auto [other, another] = UnixSocket::pair();
    QVERIFY(receiver->setSocketDescriptor(another->releaseSocketDescriptor()));
    other->send("x", Files::withText("y"));
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
}

void tst_unixsocket_pausing::aMessageForWhichThereIsNoRoomDoesNotSpin()
{
    // Half of the limit is free, and the message is larger: a producer that tries again whenever it is told must not be
    // told at every turn.
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setReadBufferSize(1);
    sender->setWriteBufferLimit(40'000);
    while (sender->write(QByteArray(400'000, 'x')) > 0) { }
    QCOMPARE(sender->bytesToWrite(), 40'000);
    sender->setWriteBufferLimit(100'000);
    QTRY_VERIFY(!sender->isCongested());

    const QByteArray message(80'000, 'y');
    int attempts = 0;
    bool sent = false;
    const auto attempt = [&, socket = sender.get()] {
        if (sent)
            return;
        ++attempts;
        sent = socket->send(UnixMessage(message, Files::numbered(1))) > 0;
    };
    connect(sender.get(), &UnixSocket::congestedChanged, this, [&](bool congested) {
        if (!congested)
            attempt();
    });
    attempt();
    QVERIFY(!sent);
    runTurns();
    QVERIFY2(attempts < 4, qPrintable(QString::number(attempts)));
    receiver->setReadBufferSize(0);
    receiver->setMaximumDescriptors(1);
    QTRY_VERIFY(sent);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
}

QTEST_GUILESS_MAIN(tst_unixsocket_pausing)
#include "tst_unixsocket_pausing.moc"
