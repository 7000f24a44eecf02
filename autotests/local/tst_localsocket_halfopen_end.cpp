// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// A stream that may go on in one direction is over when that direction is gone, too, and says so.
class tst_localsocket_halfopen_end : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aWriteThatFailsAfterTheEndEndsTheConnection();
    void theEndAfterAWriteThatFailedEndsTheConnection();
};

void tst_localsocket_halfopen_end::aWriteThatFailsAfterTheEndEndsTheConnection()
{
    auto [near, far] = LocalSocket::pair();
    near->setHalfOpenAllowed(true);
    QSignalSpy finished(near.get(), &QIODevice::readChannelFinished);
    QSignalSpy errors(near.get(), &LocalSocket::errorOccurred);
    QSignalSpy disconnected(near.get(), &LocalSocket::disconnected);
    far.reset();
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(near->state(), LocalSocket::ConnectedState);

    near->write("an answer that nobody waits for");
    QVERIFY(disconnected.wait());
    QCOMPARE(near->state(), LocalSocket::UnconnectedState);
    QCOMPARE(near->error(), LocalSocket::PeerClosedError);
    QCOMPARE(near->nativeError(), EPIPE);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(finished.size(), 1);
}

void tst_localsocket_halfopen_end::theEndAfterAWriteThatFailedEndsTheConnection()
{
    auto [near, far] = LocalSocket::pair();
    near->setHalfOpenAllowed(true);
    near->setReadBufferSize(4); // what the peer sent hides its end until it has been read
    QSignalSpy disconnected(near.get(), &LocalSocket::disconnected);
    far->write("all that it had to say");
    far.reset();
    QTRY_COMPARE(near->bytesAvailable(), 4);
    near->write("an answer that nobody waits for");
    QTRY_VERIFY(!near->isWriteChannelOpen());

    QByteArray read;
    QTRY_VERIFY((read += near->readAll()).size() == 22 && near->state() == LocalSocket::UnconnectedState);
    QCOMPARE(read, "all that it had to say");
    QCOMPARE(near->error(), LocalSocket::PeerClosedError);
    QCOMPARE(disconnected.size(), 1);
}

QTEST_GUILESS_MAIN(tst_localsocket_halfopen_end)
#include "tst_localsocket_halfopen_end.moc"
