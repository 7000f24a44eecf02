// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include "local/localsocket_p.h"

#include <thread>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// Closing waits for a peer that reads, however slowly, and not for one that does not. 30 s, here less.
class tst_localsocket_linger : public IpcTest
{
    Q_OBJECT

public:
    tst_localsocket_linger();

private Q_SLOTS:
    void itIs30Seconds();
    void aPeerThatDoesNotReadIsGivenUp_data();
    void aPeerThatDoesNotReadIsGivenUp();
    void aSlowReaderGetsEverything_data();
    void aSlowReaderGetsEverything();

private:
    const std::chrono::milliseconds m_normal = LocalSocketPrivate::lingerTime;
};

namespace
{
void addWays()
{
    QTest::addColumn<bool>("waits");
    QTest::newRow("by the event loop") << false;
    QTest::newRow("by waitForDisconnected()") << true;
}

struct Connection {
    Connection()
    {
        RawPeer::Pair ends = RawPeer::pair();
        peer = std::move(ends.peer);
        if (socket.setSocketDescriptor(ends.ours.get()))
            static_cast<void>(ends.ours.release());
        socket.write(QByteArray(Size, 'x'));
        socket.disconnectFromServer();
    }
    bool end(bool waits)
    {
        return waits ? socket.waitForDisconnected(-1) : waitUntil([this] {
            return socket.state() == LocalSocket::UnconnectedState;
        });
    }

    static constexpr qint64 Size = 4'000'000;
    RawPeer::NativeHandle peer;
    LocalSocket socket;
};
} // namespace

tst_localsocket_linger::tst_localsocket_linger()
{
    LocalSocketPrivate::lingerTime = 300ms;
}

void tst_localsocket_linger::itIs30Seconds()
{
    QCOMPARE(m_normal.count(), 30'000);
}

void tst_localsocket_linger::aPeerThatDoesNotReadIsGivenUp_data()
{
    addWays();
}

void tst_localsocket_linger::aPeerThatDoesNotReadIsGivenUp()
{
    QFETCH(bool, waits);
    Connection connection;
    QCOMPARE(connection.socket.state(), LocalSocket::ClosingState);
    QSignalSpy errors(&connection.socket, &LocalSocket::errorOccurred);
    QSignalSpy disconnected(&connection.socket, &LocalSocket::disconnected);
    QVERIFY(connection.end(waits));
    QCOMPARE(errors.size(), 1);
    QCOMPARE(connection.socket.error(), LocalSocket::SocketTimeoutError);
    QVERIFY2(connection.socket.errorString().contains("did not read"), qPrintable(connection.socket.errorString()));
    QCOMPARE(disconnected.size(), 1);
}

void tst_localsocket_linger::aSlowReaderGetsEverything_data()
{
    addWays();
}

void tst_localsocket_linger::aSlowReaderGetsEverything()
{
    QFETCH(bool, waits);
    Connection connection;
    QSignalSpy errors(&connection.socket, &LocalSocket::errorOccurred);
    qint64 got = 0;
    // Takes longer than the time for all together, and much less for each part.
    std::thread reader([&] {
        for (;;) {
            const qsizetype size = RawPeer::readFully(connection.peer, 1'000'000).size();
            if (size == 0)
                return;
            got += size;
            std::this_thread::sleep_for(100ms);
        }
    });
    const bool ended = connection.end(waits);
    connection.socket.abort();
    reader.join();
    QVERIFY(ended);
    QCOMPARE(errors.size(), 0);
    QCOMPARE(got, Connection::Size);
}

QTEST_GUILESS_MAIN(tst_localsocket_linger)
#include "tst_localsocket_linger.moc"
