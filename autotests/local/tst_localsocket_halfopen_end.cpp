// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpeer.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// A stream that may go on in one direction is over when that direction is gone, too, and says so.
class tst_localsocket_halfopen_end : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aWriteThatFailsAfterTheEndEndsTheConnection();
    void theEndAfterAWriteThatFailedEndsTheConnection();
    void oneDirectionIsNotClosedWhereThereIsNone();
};

void tst_localsocket_halfopen_end::aWriteThatFailsAfterTheEndEndsTheConnection()
{
    if (!isSupported(Feature::HalfClose))
        QSKIP("the end of one direction is that of both on this system");
    auto [ours, theirs] = LocalSocket::pair();
    ours->setHalfOpenAllowed(true);
    QSignalSpy finished(ours.get(), &QIODevice::readChannelFinished);
    QSignalSpy errors(ours.get(), &LocalSocket::errorOccurred);
    QSignalSpy disconnected(ours.get(), &LocalSocket::disconnected);
    theirs.reset();
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(ours->state(), LocalSocket::ConnectedState);

    ours->write("an answer that nobody waits for");
    QVERIFY(disconnected.wait());
    QCOMPARE(ours->state(), LocalSocket::UnconnectedState);
    QCOMPARE(ours->error(), LocalSocket::PeerClosedError);
    QCOMPARE(ours->nativeError(), RawPeer::WriteToNobody);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(finished.size(), 1);
}

void tst_localsocket_halfopen_end::theEndAfterAWriteThatFailedEndsTheConnection()
{
    auto [ours, theirs] = LocalSocket::pair();
    ours->setHalfOpenAllowed(true);
    ours->setReadBufferSize(4); // what the peer sent hides its end until it has been read
    QSignalSpy disconnected(ours.get(), &LocalSocket::disconnected);
    theirs->write("all that it had to say");
    theirs.reset();
    QTRY_COMPARE(ours->bytesAvailable(), 4);
    ours->write("an answer that nobody waits for");
    QTRY_VERIFY(!ours->isWriteChannelOpen());

    QByteArray read;
    QTRY_VERIFY((read += ours->readAll()).size() == 22 && ours->state() == LocalSocket::UnconnectedState);
    QCOMPARE(read, "all that it had to say");
    QCOMPARE(ours->error(), LocalSocket::PeerClosedError);
    QCOMPARE(disconnected.size(), 1);
}

void tst_localsocket_halfopen_end::oneDirectionIsNotClosedWhereThereIsNone()
{
    if (isSupported(Feature::HalfClose))
        QSKIP("this system can close one direction: see tst_localsocket_halfclose");
    auto [ours, theirs] = LocalSocket::pair();
    QSignalSpy errors(ours.get(), &LocalSocket::errorOccurred);
    ours->write("before");
    QVERIFY(!ours->closeWriteChannel());
    // Nothing has been done.
    QVERIFY(ours->isWriteChannelOpen());
    ours->write(", after");
    QTRY_COMPARE(theirs->bytesAvailable(), 13);
    QVERIFY(theirs->write("answer") == 6);
    QTRY_COMPARE(ours->bytesAvailable(), 6);
    QCOMPARE(ours->state(), LocalSocket::ConnectedState);
    QVERIFY(errors.isEmpty());
}

QTEST_GUILESS_MAIN(tst_localsocket_halfopen_end)
#include "tst_localsocket_halfopen_end.moc"
