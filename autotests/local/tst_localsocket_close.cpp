// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "processortime.h"
#include "rawpair.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <thread>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// The end of a connection: what was written arrives, what has arrived can be read, and everybody is told once.
class tst_localsocket_close : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatArrivedIsReadableInAndAfterDisconnected();
    void whatArrivedBeforeAResetIsDelivered();
    void closingDeliversWhatIsWritten_data();
    void closingDeliversWhatIsWritten();
    void destroyingSendsWhatWasWrittenInTheSameTurn();
    void aPeerThatNeverReadsKeepsItClosing();
    void aPeerThatGoesEndsTheClosing();
    void waitForDisconnectedFlushes();
    void theEndIsToldOnceAndInOrder();
};

namespace
{

// A socket of ours with a raw peer.
struct Connection {
    Connection()
    {
        RawPeer::Pair ends = RawPeer::pair();
        peer = std::move(ends.peer);
        if (socket.setSocketDescriptor(ends.ours.get()))
            static_cast<void>(ends.ours.release());
    }
    // Runs the event loop until the end, or until so much is there.
    QByteArray readFromPeer(qsizetype size = std::numeric_limits<qsizetype>::max())
    {
        QByteArray data;
        const bool done = waitUntil([&] {
            while (const auto part = RawPeer::readNow(peer)) {
                if (part->isEmpty())
                    return true;
                data += *part;
            }
            return data.size() >= size;
        });
        return done ? data : QByteArray("no end");
    }
    LocalSocket socket;
    RawPeer::NativeHandle peer;
};

// Such that a part that is missing or misplaced is noticed.
QByteArray pattern(qsizetype size)
{
    QByteArray data(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        data[i] = char(i * 31 + (i >> 8) + (i >> 16));
    return data;
}

} // namespace

void tst_localsocket_close::whatArrivedIsReadableInAndAfterDisconnected()
{
    for (const bool inside : {true, false}) {
        LocalServer server;
        QVERIFY(server.listen(path()));
        LocalSocket client;
        QByteArray read;
        QSignalSpy disconnected(&client, &LocalSocket::disconnected);
        connect(&client, &LocalSocket::disconnected, &client, [&] {
            if (inside)
                read = client.readAll();
        });
        client.connectToServer(path());
        QTRY_VERIFY(server.hasPendingConnections());
        const QByteArray data = pattern(500'000);
        LocalSocket *peer = server.nextPendingConnection();
        peer->write(data);
        peer->disconnectFromServer();
        QVERIFY(disconnected.wait());
        if (!inside) {
            runTurns();
            QCOMPARE(client.bytesAvailable(), data.size());
            read = client.readAll();
        }
        QCOMPARE(read, data);
        QVERIFY(client.atEnd());
        QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    }
}

void tst_localsocket_close::whatArrivedBeforeAResetIsDelivered()
{
    // A peer that closes without having read everything: the kernel reports a reset, but only behind its data.
    Connection connection;
    LocalSocket &socket = connection.socket;
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QSignalSpy failed(&socket, &LocalSocket::errorOccurred);
    socket.write("never read");
    QTRY_COMPARE(socket.bytesToWrite(), 0);
    QVERIFY(RawPeer::write(connection.peer, "bye"));
    connection.peer.reset();
    QVERIFY(disconnected.wait());
    QCOMPARE(socket.readAll(), "bye");
    QCOMPARE(failed.count(), 1);
    QCOMPARE(socket.error(), LocalSocket::PeerClosedError);
}

void tst_localsocket_close::closingDeliversWhatIsWritten_data()
{
    QTest::addColumn<QString>("by");
    QTest::addColumn<int>("size");
    for (const QString by : {"disconnectFromServer", "close"}) {
        for (int size : {1, 100'000, 10'000'000})
            QTest::addRow("%s, %d", qPrintable(by), size) << by << size;
    }
}

void tst_localsocket_close::closingDeliversWhatIsWritten()
{
    QFETCH(QString, by);
    QFETCH(int, size);
    Connection connection;
    LocalSocket &socket = connection.socket;
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QSignalSpy failed(&socket, &LocalSocket::errorOccurred);
    const QByteArray data = pattern(size);
    QCOMPARE(socket.write(data), size);
    if (by == "close") {
        socket.close();
        QVERIFY(!socket.isOpen());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("device not open"));
    } else {
        socket.disconnectFromServer();
    }
    QCOMPARE(socket.write("too late"), -1);
    QCOMPARE(connection.readFromPeer(), data);
    QTRY_COMPARE(disconnected.count(), 1);
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    QVERIFY(failed.isEmpty());
}

void tst_localsocket_close::destroyingSendsWhatWasWrittenInTheSameTurn()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    {
        LocalSocket client;
        client.connectToServer(path());
        client.write("one ");
        client.write("two ");
        client.write(QByteArray(10'000, '3'));
    }
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *peer = server.nextPendingConnection();
    QTRY_COMPARE(peer->state(), LocalSocket::UnconnectedState);
    QCOMPARE(peer->readAll(), "one two " + QByteArray(10'000, '3'));
}

void tst_localsocket_close::aPeerThatNeverReadsKeepsItClosing()
{
    Connection connection;
    LocalSocket &socket = connection.socket;
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    socket.write(pattern(10'000'000));
    socket.disconnectFromServer();
    QCOMPARE(socket.state(), LocalSocket::ClosingState);
    const auto before = processorTime();
    QTest::qWait(600);
    QVERIFY(processorTime() - before < 300ms); // it waits, and does not ask again and again
    QCOMPARE(socket.state(), LocalSocket::ClosingState);
    QVERIFY(!socket.waitForDisconnected(20));
    QVERIFY(disconnected.isEmpty());
    // Whoever has waited long enough, ends it, and that takes no time. So would destroying it.
    socket.abort();
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    QCOMPARE(disconnected.count(), 1);
}

void tst_localsocket_close::aPeerThatGoesEndsTheClosing()
{
    Connection connection;
    LocalSocket &socket = connection.socket;
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QSignalSpy failed(&socket, &LocalSocket::errorOccurred);
    socket.write(pattern(10'000'000));
    socket.disconnectFromServer();
    runTurns();
    QCOMPARE(socket.state(), LocalSocket::ClosingState);
    connection.peer.reset();
    QTRY_COMPARE(disconnected.count(), 1);
    QCOMPARE(failed.count(), 1); // not all of it has arrived, and that is told
    QCOMPARE(socket.error(), LocalSocket::PeerClosedError);
}

void tst_localsocket_close::waitForDisconnectedFlushes()
{
    const QByteArray data = pattern(3'000'000);
    LocalServer server;
    QVERIFY(server.listen(path()));
    // A thread with the system calls alone, as here there is no event loop meanwhile.
    QByteArray received;
    std::thread reader([&received, name = path()] {
        received = RawPeer::readFully(RawPeer::connectTo(name), std::numeric_limits<int>::max());
    });
    bool ended = false;
    LocalSocket::LocalSocketState state = LocalSocket::ConnectedState;
    if (server.waitForNewConnection(10'000)) {
        const std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
        peer->write(data);
        peer->disconnectFromServer();
        ended = peer->waitForDisconnected();
        state = peer->state();
    }
    server.close();
    reader.join();
    QVERIFY(ended);
    QCOMPARE(state, LocalSocket::UnconnectedState);
    QCOMPARE(received, data);
}

void tst_localsocket_close::theEndIsToldOnceAndInOrder()
{
    Connection connection;
    LocalSocket &socket = connection.socket;
    QStringList told;
    QObject context;
    connect(&socket, &LocalSocket::readyRead, &context, [&] {
        told.append("readyRead");
    });
    connect(&socket, &LocalSocket::errorOccurred, &context, [&](LocalSocket::LocalSocketError error) {
        told.append(QVariant::fromValue(error).toString());
    });
    connect(&socket, &LocalSocket::stateChanged, &context, [&](LocalSocket::LocalSocketState state) {
        told.append(QVariant::fromValue(state).toString());
    });
    connect(&socket, &LocalSocket::readChannelFinished, &context, [&] {
        told.append("readChannelFinished");
    });
    connect(&socket, &LocalSocket::disconnected, &context, [&] {
        told.append("disconnected");
    });
    QVERIFY(RawPeer::write(connection.peer, "bye"));
    connection.peer.reset();
    const QStringList expected{"readyRead", "PeerClosedError", "UnconnectedState", "readChannelFinished", "disconnected"};
    QTRY_COMPARE(told, expected);
    runTurns();
    QCOMPARE(told, expected);
    QVERIFY(socket.isReadChannelFinished());
}

QTEST_GUILESS_MAIN(tst_localsocket_close)
#include "tst_localsocket_close.moc"
