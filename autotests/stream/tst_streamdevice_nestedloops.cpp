// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "rawpair.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QAbstractEventDispatcher>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <functional>

using namespace InterprocessQt;

// A slot that runs an event loop of its own (a dialogue, a progress bar) keeps nothing waiting.
class tst_streamdevice_nestedloops : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatASlotWritesArrivesInItsNestedLoop_data();
    void whatASlotWritesArrivesInItsNestedLoop();
    void allThatASlotWritesIsSentThoughNothingElseHappens_data();
    void allThatASlotWritesIsSentThoughNothingElseHappens();
    void whatATimerWritesArrivesInItsNestedLoop_data();
    void whatATimerWritesArrivesInItsNestedLoop();
    void whatIsWrittenInsideTheNestedLoopArrives_data();
    void whatIsWrittenInsideTheNestedLoopArrives();
    void whatAServersSlotWritesArrivesInItsNestedLoop_data();
    void whatAServersSlotWritesArrivesInItsNestedLoop();
    void readyReadIsNotNestedAndNothingIsForgotten();
    void bytesWrittenIsNotNestedAndCountsEverything();
    void whatArrivesInANestedLoopIsForEverybodyElse();
    void theEndInsideANestedLoopOfReadyRead();
};

namespace
{
void addLoops()
{
    QTest::addColumn<bool>("waiting");
    QTest::newRow("exec()") << true;
    QTest::newRow("processEvents()") << false;
}

// As a slot would wait for something: in a loop that blocks, or by looking now and then.
bool runNested(bool waiting, const std::function<bool()> &done)
{
    if (!waiting) {
        QElapsedTimer timer;
        timer.start();
        while (!done() && timer.elapsed() < 5000)
            QCoreApplication::processEvents();
        return done();
    }
    // Nothing but the sockets wakes this loop, and an emergency that is none of what is expected: it must not depend on other events.
    QEventLoop loop;
    bool late = false;
    QTimer::singleShot(5000, &loop, [&] {
        late = true;
        loop.quit();
    });
    QObject::connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, &loop, [&] {
        if (done())
            loop.quit();
    });
    loop.exec();
    return !late && done();
}
} // namespace

void tst_streamdevice_nestedloops::whatASlotWritesArrivesInItsNestedLoop_data()
{
    QTest::addColumn<bool>("waiting");
    QTest::addColumn<QString>("slot");
    for (const bool waiting : {true, false}) {
        for (const char *slot : {"readyRead", "bytesWritten", "connected", "stateChanged", "congestedChanged", "readChannelFinished"})
            QTest::addRow("%s, %s", slot, waiting ? "exec()" : "processEvents()") << waiting << QString(slot);
    }
}

void tst_streamdevice_nestedloops::whatASlotWritesArrivesInItsNestedLoop()
{
    QFETCH(bool, waiting);
    QFETCH(QString, slot);
    if (slot == "readChannelFinished" && !isSupported(Feature::HalfClose))
        QSKIP("The end of the peer is that of both directions on this system");

    LocalServer server;
    server.setHalfOpenAllowed(true);
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.setHalfOpenAllowed(true);
    std::unique_ptr<LocalSocket> peer;
    QByteArray received;
    connect(&server, &LocalServer::newConnection, this, [&] {
        peer.reset(server.nextPendingConnection());
        connect(peer.get(), &LocalSocket::readyRead, this, [&] {
            received += peer->readAll();
        });
    });

    bool called = false;
    bool arrived = false;
    const auto work = [&] {
        if (std::exchange(called, true))
            return;
        // The first goes out at once; it is the others that are gathered and could be kept waiting.
        client.write("one");
        client.write("two");
        client.write("three");
        arrived = runNested(waiting, [&] {
            return received.endsWith("onetwothree");
        });
    };
    if (slot == "readyRead")
        connect(&client, &LocalSocket::readyRead, this, work);
    else if (slot == "bytesWritten")
        connect(&client, &LocalSocket::bytesWritten, this, work);
    else if (slot == "connected")
        connect(&client, &LocalSocket::connected, this, work);
    else if (slot == "stateChanged")
        connect(&client, &LocalSocket::stateChanged, this, [&](LocalSocket::LocalSocketState state) {
            if (state == LocalSocket::ConnectedState)
                work();
        });
    else if (slot == "congestedChanged")
        connect(&client, &LocalSocket::congestedChanged, this, work);
    else
        connect(&client, &LocalSocket::readChannelFinished, this, work);

    client.connectToServer(path());
    if (!slot.startsWith("connected") && !slot.startsWith("state")) {
        QTRY_VERIFY(peer);
        if (slot == "readyRead")
            peer->write("start");
        else if (slot == "bytesWritten")
            client.write("start");
        else if (slot == "congestedChanged")
            client.write(QByteArray(3 * 1024 * 1024, 'c'));
        else
            peer->closeWriteChannel();
    }
    QTRY_VERIFY(called);
    QVERIFY(arrived);
}

void tst_streamdevice_nestedloops::allThatASlotWritesIsSentThoughNothingElseHappens_data()
{
    addLoops();
}

void tst_streamdevice_nestedloops::allThatASlotWritesIsSentThoughNothingElseHappens()
{
    QFETCH(bool, waiting);
    // The other end is not in this event loop: its reading must not be what moves things on.
    RawPeer::Pair ends = RawPeer::pair();
    LocalSocket socket;
    QVERIFY(socket.setSocketDescriptor(ends.ours.release()));
    QByteArray received;
    bool called = false;
    connect(&socket, &LocalSocket::readyRead, this, [&] {
        socket.write("one");
        socket.write("two");
        socket.write("three");
        if (waiting) {
            QEventLoop loop;
            QTimer::singleShot(50, &loop, &QEventLoop::quit);
            loop.exec();
        } else {
            QCoreApplication::processEvents();
        }
        received += RawPeer::readNow(ends.peer).value_or(QByteArray());
        called = true;
    });
    QVERIFY(RawPeer::write(ends.peer, "start"));
    QTRY_VERIFY(called);
    QCOMPARE(received, "onetwothree");
}

void tst_streamdevice_nestedloops::whatATimerWritesArrivesInItsNestedLoop_data()
{
    addLoops();
}

void tst_streamdevice_nestedloops::whatATimerWritesArrivesInItsNestedLoop()
{
    QFETCH(bool, waiting);
    auto [first, second] = LocalSocket::pair();
    bool arrived = false;
    QTimer::singleShot(0, this, [&, from = first.get(), to = second.get()] {
        from->write("one");
        from->write("two");
        arrived = runNested(waiting, [&] {
            return to->bytesAvailable() == 6;
        });
    });
    QTRY_VERIFY(arrived);
}

void tst_streamdevice_nestedloops::whatIsWrittenInsideTheNestedLoopArrives_data()
{
    addLoops();
}

void tst_streamdevice_nestedloops::whatIsWrittenInsideTheNestedLoopArrives()
{
    QFETCH(bool, waiting);
    auto outer = LocalSocket::pair();
    auto inner = LocalSocket::pair();
    bool arrived = false;
    // In the nested loop other slots run, and write on the same socket and on others.
    connect(outer.second.get(), &LocalSocket::readyRead, this, [&] {
        outer.second->readAll();
        QTimer::singleShot(0, this, [&] {
            outer.second->write("an");
            outer.second->write("swer");
            inner.first->write("to ");
            inner.first->write("others");
        });
        arrived = runNested(waiting, [&] {
            return outer.first->bytesAvailable() == 6 && inner.second->bytesAvailable() == 9;
        });
    });
    outer.first->write("question");
    QTRY_VERIFY(arrived);
    QCOMPARE(outer.first->readAll(), "answer");
    QCOMPARE(inner.second->readAll(), "to others");
}

void tst_streamdevice_nestedloops::whatAServersSlotWritesArrivesInItsNestedLoop_data()
{
    addLoops();
}

void tst_streamdevice_nestedloops::whatAServersSlotWritesArrivesInItsNestedLoop()
{
    QFETCH(bool, waiting);
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    bool arrived = false;
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *peer = server.nextPendingConnection();
        peer->write("wel");
        peer->write("come");
        arrived = runNested(waiting, [&] {
            return client.bytesAvailable() == 7;
        });
    });
    client.connectToServer(path());
    QTRY_VERIFY(arrived);
    QCOMPARE(client.readAll(), "welcome");
}

void tst_streamdevice_nestedloops::readyReadIsNotNestedAndNothingIsForgotten()
{
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const reader = first.get();
    LocalSocket *const writer = second.get();
    int depth = 0;
    int deepest = 0;
    int calls = 0;
    bool sawInside = false;
    QByteArray received;
    connect(reader, &LocalSocket::readyRead, this, [&] {
        deepest = qMax(deepest, ++depth);
        if (++calls == 1) {
            received += reader->readAll();
            writer->write("second");
            sawInside = runNested(true, [&] {
                return reader->bytesAvailable() == 6; // it arrives, though nobody is told yet
            });
        } else {
            received += reader->readAll();
        }
        --depth;
    });
    writer->write("first ");
    QTRY_COMPARE(received, "first second"); // told of what came meanwhile
    QVERIFY(sawInside);
    QCOMPARE(deepest, 1);
    QCOMPARE(calls, 2);
}

void tst_streamdevice_nestedloops::bytesWrittenIsNotNestedAndCountsEverything()
{
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const writer = first.get();
    LocalSocket *const reader = second.get();
    int depth = 0;
    int deepest = 0;
    int calls = 0;
    qint64 told = 0;
    connect(writer, &LocalSocket::bytesWritten, this, [&](qint64 bytes) {
        deepest = qMax(deepest, ++depth);
        told += bytes;
        if (++calls == 1) {
            writer->write("more and ");
            writer->write("more");
            runNested(true, [&] {
                return reader->bytesAvailable() == 18;
            });
        }
        --depth;
    });
    writer->write("first");
    QTRY_COMPARE(told, 18);
    QCOMPARE(deepest, 1);
    QCOMPARE(reader->readAll(), "firstmore and more");
}

void tst_streamdevice_nestedloops::whatArrivesInANestedLoopIsForEverybodyElse()
{
    // More sockets than have a notifier each, so that batches are interrupted too.
    std::vector<std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>>> pairs;
    int answered = 0;
    int depth = 0;
    for (int i = 0; i < 30; ++i) {
        pairs.push_back(LocalSocket::pair());
        LocalSocket *const server = pairs.back().second.get();
        connect(server, &LocalSocket::readyRead, this, [&, server] {
            server->write(server->readAll());
            if (++depth < 10)
                QCoreApplication::processEvents();
            --depth;
        });
        LocalSocket *const client = pairs.back().first.get();
        connect(client, &LocalSocket::readyRead, this, [&, client] {
            if (client->bytesAvailable() == 4)
                ++answered;
        });
    }
    for (const auto &[client, server] : pairs)
        client->write("ping");
    QTRY_COMPARE(answered, 30);
}

void tst_streamdevice_nestedloops::theEndInsideANestedLoopOfReadyRead()
{
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const reader = first.get();
    LocalSocket *const writer = second.get();
    QByteArray atTheEnd;
    bool sawTheEnd = false;
    connect(reader, &LocalSocket::disconnected, this, [&] {
        atTheEnd = reader->readAll();
    });
    bool called = false;
    connect(reader, &LocalSocket::readyRead, this, [&] {
        if (std::exchange(called, true))
            return;
        QCOMPARE(reader->read(5), "first");
        writer->write("last");
        writer->close();
        sawTheEnd = runNested(true, [&] {
            return reader->state() == LocalSocket::UnconnectedState;
        });
    });
    writer->write("first");
    QTRY_VERIFY(called);
    QVERIFY(sawTheEnd);
    QCOMPARE(atTheEnd, "last");
}

QTEST_GUILESS_MAIN(tst_streamdevice_nestedloops)
#include "tst_streamdevice_nestedloops.moc"
