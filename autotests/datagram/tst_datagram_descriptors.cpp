// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "../local/fulltable.h"
#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

using namespace InterprocessQt;

// Descriptors that travel with datagrams; the base class sees whether one is left open.
class tst_datagram_descriptors : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void asManyArriveAsWereSent_data();
    void asManyArriveAsWereSent();
    void tooManyAreRefused();
    void nobodyGetsThemUnasked();
    void thoseAboveTheLimitAreClosed_data();
    void thoseAboveTheLimitAreClosed();
    void anEmptyDatagramCarriesThem();
    void theyWaitInTheQueue();
    void thoseThatAreNeverReadAreClosed();
    void whereTheTableIsFullTheyAreLost();
    void oneThatIsNotOpenIsRefused();
    void lookingTakesNone();
};

namespace
{
std::vector<FileDescriptor> several(size_t count)
{
    std::vector<FileDescriptor> descriptors;
    const FileDescriptor original(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    for (size_t i = 0; i < count; ++i)
        descriptors.push_back(original.duplicate());
    return descriptors;
}
} // namespace

void tst_datagram_descriptors::asManyArriveAsWereSent_data()
{
    QTest::addColumn<int>("count");
    for (int count : {0, 1, 2, 3, 252, 253})
        QTest::addRow("%d", count) << count;
}

void tst_datagram_descriptors::asManyArriveAsWereSent()
{
    QFETCH(int, count);
    UnixDatagramSocket receiver;
    receiver.setMaximumDescriptors(count);
    QVERIFY(receiver.bind(path()));
    QSignalSpy lost(&receiver, &UnixDatagramSocket::descriptorsLost);
    UnixDatagramSocket sender;
    UnixMessage message("with descriptors", several(size_t(count)));
    QVERIFY2(sender.sendTo(std::move(message), path()), qPrintable(sender.errorString()));
    QVERIFY(message.descriptors().empty()); // NOLINT(bugprone-use-after-move)
    const auto received = receiver.receive();
    QVERIFY(received);
    QCOMPARE(received->data(), "with descriptors");
    QCOMPARE(int(received->descriptors().size()), count);
    QVERIFY(!received->descriptorsLost());
    for (const FileDescriptor &descriptor : received->descriptors()) {
        QVERIFY(::fcntl(int(descriptor.get()), F_GETFD) & FD_CLOEXEC);
        QCOMPARE(openDescriptors().value(int(descriptor.get())), "/dev/null");
    }
    runTurns();
    QCOMPARE(lost.count(), 0);
}

void tst_datagram_descriptors::tooManyAreRefused()
{
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    UnixMessage message("too many", several(254));
    QVERIFY(!sender.sendTo(std::move(message), path()));
    QCOMPARE(sender.error(), UnixDatagramSocket::OperationError);
    QCOMPARE(sender.nativeError(), EINVAL);
    QCOMPARE(sender.errorString(), "send: 254 descriptors; one datagram carries 253");
    QCOMPARE(message.descriptors().size(), size_t(254)); // NOLINT(bugprone-use-after-move)
    QVERIFY(!receiver.hasPendingDatagrams());
}

void tst_datagram_descriptors::nobodyGetsThemUnasked()
{
    UnixDatagramSocket receiver;
    QCOMPARE(receiver.maximumDescriptors(), 0);
    QVERIFY(receiver.bind(path()));
    QSignalSpy lost(&receiver, &UnixDatagramSocket::descriptorsLost);
    const int before = int(openDescriptors().size());
    UnixDatagramSocket sender;
    QVERIFY(sender.sendTo(UnixMessage("unasked", several(5)), path()));
    const auto message = receiver.receive();
    QCOMPARE(message->data(), "unasked");
    QVERIFY(message->descriptors().empty());
    QVERIFY(message->descriptorsLost());
    QCOMPARE(lost.count(), 0); // not from inside the call
    QTRY_COMPARE(lost.count(), 1);
    QCOMPARE(int(openDescriptors().size()), before + 1); // the sender
}

void tst_datagram_descriptors::thoseAboveTheLimitAreClosed_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("count");
    QTest::newRow("1 of 2") << 1 << 2; // the room for one is as large as that for two
    QTest::newRow("1 of 253") << 1 << 253;
    QTest::newRow("3 of 4") << 3 << 4;
    QTest::newRow("252 of 253") << 252 << 253;
}

void tst_datagram_descriptors::thoseAboveTheLimitAreClosed()
{
    QFETCH(int, limit);
    QFETCH(int, count);
    const auto [first, second] = UnixDatagramSocket::pair();
    second->setMaximumDescriptors(limit);
    QVERIFY(second->setCredentialsEnabled(true) || second->nativeError() == EOPNOTSUPP); // which need room of their own
    QVERIFY(first->send(UnixMessage("many", several(size_t(count)))));
    const auto message = second->receive();
    QCOMPARE(int(message->descriptors().size()), limit);
    QVERIFY(message->descriptorsLost());
    QCOMPARE(message->credentials().has_value(), second->isCredentialsEnabled());
}

void tst_datagram_descriptors::anEmptyDatagramCarriesThem()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    second->setMaximumDescriptors(10);
    QVERIFY(first->send(UnixMessage({}, several(2))));
    const auto message = second->receive();
    QVERIFY(message);
    QCOMPARE(message->data().size(), 0);
    QCOMPARE(message->descriptors().size(), size_t(2));
}

void tst_datagram_descriptors::theyWaitInTheQueue()
{
    const Raw::NativeHandle receiver = Raw::receiver(path());
    Raw::fill(path());
    UnixDatagramSocket adopted;
    adopted.setMaximumDescriptors(3);
    QVERIFY(adopted.setSocketDescriptor(receiver.duplicate().release()));
    UnixDatagramSocket sender;
    QVERIFY(sender.sendTo(UnixMessage("waits", several(3)), path()));
    QCOMPARE(sender.datagramsToSend(), 1);
    std::optional<UnixMessage> last;
    QVERIFY(waitUntil([&] {
        while (auto message = adopted.receive())
            last = std::move(message);
        return last && last->data() == "waits";
    }));
    QCOMPARE(last->descriptors().size(), size_t(3));

    // Of one that is dropped nothing is left.
    Raw::fill(path());
    QVERIFY(sender.sendTo(UnixMessage("dropped", several(3)), path()));
    sender.close();
}

void tst_datagram_descriptors::thoseThatAreNeverReadAreClosed()
{
    auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(first->send(UnixMessage("never read", several(100))));
    first.reset();
    second.reset();
    // Where they are on their way they are nobody's; the base class looks.
}

void tst_datagram_descriptors::whereTheTableIsFullTheyAreLost()
{
#ifdef FULLTABLE_SIMULATED
    QSKIP("With this sanitizer the table is not really full");
#else
    const auto [first, second] = UnixDatagramSocket::pair();
    second->setMaximumDescriptors(253);
    QSignalSpy lost(second.get(), &UnixDatagramSocket::descriptorsLost);
    QVERIFY(first->send(UnixMessage("no room for these", several(8))));
    {
        const FullTable full;
        const auto message = second->receive();
        QVERIFY(message);
        QCOMPARE(message->data(), "no room for these"); // the bytes are not lost
        QVERIFY(message->descriptorsLost());
        QVERIFY(message->descriptors().empty());
    }
    QTRY_COMPARE(lost.count(), 1);
    QVERIFY(first->send(UnixMessage("and now", several(8))));
    const auto message = second->receive();
    QCOMPARE(message->descriptors().size(), size_t(8));
#endif
}

void tst_datagram_descriptors::oneThatIsNotOpenIsRefused()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    UnixMessage message("x");
    message.addDescriptor(FileDescriptor());
    QVERIFY(!first->send(std::move(message)));
    QCOMPARE(first->error(), UnixDatagramSocket::OperationError);
    QCOMPARE(first->nativeError(), EBADF);
    QVERIFY(!second->hasPendingDatagrams());
}

void tst_datagram_descriptors::lookingTakesNone()
{
    const auto [first, second] = UnixDatagramSocket::pair();
    second->setMaximumDescriptors(2);
    QVERIFY(first->send(UnixMessage("x", several(2))));
    const auto before = openDescriptors();
    for (int i = 0; i < 3; ++i)
        QCOMPARE(second->pendingDatagramSize(), 1);
    QCOMPARE(openDescriptors(), before);
    QCOMPARE(second->receive()->descriptors().size(), size_t(2));
}

QTEST_GUILESS_MAIN(tst_datagram_descriptors)
#include "tst_datagram_descriptors.moc"
