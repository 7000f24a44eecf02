// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// A producer that asks isCongested() before each write, without coming back to the event loop in between.
class tst_streamdevice_congestion : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aLoopThatAsksBeforeEachWriteEnds();
    void congestionThatIsOverAtTheEndOfTheTurnIsStillTold();
    void closingEndsIt();
};

void tst_streamdevice_congestion::aLoopThatAsksBeforeEachWriteEnds()
{
    const auto [producer, consumer] = LocalSocket::pair();
    const QByteArray chunk(1024, 'x');
    qint64 written = 0;
    QList<bool> told;
    connect(producer.get(), &LocalSocket::congestedChanged, this, [&, &sender = producer](bool congested) {
        told += congested;
        QCOMPARE(sender->isCongested(), congested);
    });

    while (!producer->isCongested() && written < 64 * 1024 * 1024)
        written += producer->write(chunk);
    QVERIFY(producer->isCongested());
    QVERIFY(written < 4 * 1024 * 1024);
    QVERIFY(told.isEmpty()); // never from inside the call

    QTRY_COMPARE(consumer->bytesAvailable(), written);
    QTRY_COMPARE(told, QList<bool>({true, false}));
    QVERIFY(!producer->isCongested());
}

void tst_streamdevice_congestion::congestionThatIsOverAtTheEndOfTheTurnIsStillTold()
{
    const auto [producer, consumer] = LocalSocket::pair();
    producer->setWriteBufferLimit(100);
    QSignalSpy changed(producer.get(), &LocalSocket::congestedChanged);
    producer->write("a"); // the first of a turn goes out at once, what follows waits for the end of the turn
    producer->write(QByteArray(100, 'b'));
    QVERIFY(producer->isCongested()); // whoever sees this pauses, and has to be told when to go on
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(changed.at(0).at(0).toBool(), true);
    QCOMPARE(changed.at(1).at(0).toBool(), false);
    QVERIFY(!producer->isCongested());
    QTRY_COMPARE(consumer->bytesAvailable(), 101);
}

void tst_streamdevice_congestion::closingEndsIt()
{
    const auto [producer, consumer] = LocalSocket::pair();
    producer->setWriteBufferLimit(100);
    producer->write("a");
    producer->write(QByteArray(100, 'b'));
    QVERIFY(producer->isCongested());
    QSignalSpy changed(producer.get(), &LocalSocket::congestedChanged);
    producer->abort();
    QTRY_VERIFY(!producer->isCongested());
    QCOMPARE(changed.last().at(0).toBool(), false);
}

QTEST_GUILESS_MAIN(tst_streamdevice_congestion)
#include "tst_streamdevice_congestion.moc"
