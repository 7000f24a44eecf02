// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "files.h"

#include "unix/unixsocket_p.h"

using namespace InterprocessQt;

// What is remembered of ancillary data takes no more than what is held, whatever a peer sends.
class tst_ancillaryinput : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void lossesOfBytesThatWereReadAreNotPiledUp();
    void neitherAreThoseBehindDescriptorsThatNobodyTakes();
    void whatWasNotReadIsKept();
    void whatATransactionMayGiveBackIsKept();
    void whatComesBackIsNeverSomebodyElses();
};

void tst_ancillaryinput::lossesOfBytesThatWereReadAreNotPiledUp()
{
    // A server that takes no descriptors and only reads, and a client that sends one with each byte.
    const auto [sender, receiver] = UnixSocket::pair();
    const AncillaryInput &arrivals = UnixSocketPrivate::get(receiver.get())->arrivals;
    for (int i = 0; i < 100; ++i) {
        sender->send("x", Files::withText("x"));
        QTRY_COMPARE(receiver->bytesAvailable(), 1);
        QCOMPARE(receiver->readAll(), "x");
        QVERIFY(arrivals.parts() <= 2);
    }
}

void tst_ancillaryinput::neitherAreThoseBehindDescriptorsThatNobodyTakes()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(10);
    const AncillaryInput &arrivals = UnixSocketPrivate::get(receiver.get())->arrivals;
    for (int round = 0; round < 3; ++round) {
        sender->send("x", Files::withText(QByteArray::number(round)));
        QTRY_COMPARE(receiver->descriptorsAvailable(), round + 1);
        QCOMPARE(receiver->readAll(), "x");
        for (int i = 0; i < 20; ++i) {
            sender->send(UnixMessage("y", Files::numbered(11)));
            QTRY_COMPARE(receiver->bytesAvailable(), 1);
            QCOMPARE(receiver->receive()->descriptors().size(), 10U); // and one is lost
            QVERIFY(arrivals.parts() <= size_t(2 * (round + 2)));
        }
    }
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "0");
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "1");
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "2");
    QVERIFY(!receiver->takeDescriptor().isValid());
}

void tst_ancillaryinput::whatWasNotReadIsKept()
{
    const auto [sender, receiver] = UnixSocket::pair();
    for (int i = 0; i < 10; ++i) {
        sender->send(UnixMessage("x", Files::numbered(1)));
        QTRY_COMPARE(receiver->bytesAvailable(), i + 1);
    }
    for (int i = 0; i < 10; ++i) {
        const auto message = receiver->receive();
        QCOMPARE(message->data(), "x");
        QVERIFY(message->descriptorsLost());
    }
}

void tst_ancillaryinput::whatATransactionMayGiveBackIsKept()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->send(UnixMessage("x", Files::numbered(1)));
    QTRY_COMPARE(receiver->bytesAvailable(), 1);
    receiver->peek(1);
    receiver->startTransaction();
    QCOMPARE(receiver->read(1), "x");
    for (int i = 0; i < 3; ++i) {
        sender->send(UnixMessage("y", Files::numbered(1)));
        QTRY_COMPARE(receiver->bytesAvailable(), i + 1);
    }
    receiver->rollbackTransaction();
    for (const char *data : {"x", "y", "y", "y"}) {
        const auto message = receiver->receive();
        QCOMPARE(message->data(), data);
        QVERIFY(message->descriptorsLost());
    }
}

void tst_ancillaryinput::whatComesBackIsNeverSomebodyElses()
{
    const auto from = [](int process) {
        Ancillary ancillary;
        ancillary.credentials.emplace();
        ancillary.credentials->setProcessId(process);
        return ancillary;
    };
    // Two senders, who have nothing else in common than the socket, and a reader that gives back what it has read, as a
    // MessageChannel does that is taken off a socket.
    AncillaryInput arrivals;
    arrivals.arrived(10, from(1));
    arrivals.arrived(10, from(2));
    arrivals.arrived(10, from(2));
    arrivals.compact(0);
    QCOMPARE(arrivals.parts(), 1U);

    Ancillary ancillary;
    const qint64 first = arrivals.nextPart(30, &ancillary);
    QVERIFY(first <= 10 || !ancillary.credentials);
    QVERIFY(!ancillary.credentials || ancillary.credentials->processId() == 1);
    // What is known of the last is still there for who only reads.
    QCOMPARE(arrivals.takeUpTo(0).credentials.value_or(PeerCredentials()).processId().value_or(0), 2);
}

QTEST_GUILESS_MAIN(tst_ancillaryinput)
#include "tst_ancillaryinput.moc"
