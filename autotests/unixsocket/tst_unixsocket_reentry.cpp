// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "files.h"

#include <InterprocessQt/UnixSocket>

#include <QEventLoop>
#include <QThread>
#include <QTimer>

#include <atomic>
#include <thread>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// Slots that do the worst, other threads, and no event loop at all, while descriptors are held and waiting.
class tst_unixsocket_reentry : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anySlotMayDestroyIt_data();
    void anySlotMayDestroyIt();
    void anySlotMayCloseIt_data();
    void anySlotMayCloseIt();
    void aNestedLoopSeesWhatComes();
    void theLossIsToldBeforeTheEnd();
    void theLossIsToldOnceAMessageOrMoreRarely();
    void movesToAnotherThreadWithAllItHas();
    void movesFromItsOwnSlots_data();
    void movesFromItsOwnSlots();
    void waitsDoWithoutAnEventLoop();
};

namespace
{

// Something of everything: descriptors that were taken in, and lost, and some that wait to be sent.
struct Busy {
    Busy()
    {
        std::tie(peer, socket) = UnixSocket::pair();
        socket->setMaximumDescriptors(3);
        peer->setReadBufferSize(1);
    }
    void begin()
    {
        peer->send("a", held.takeSent());
        peer->send(UnixMessage("b", Files::numbered(5))); // two are too many
        socket->write(QByteArray(1'500'000, 'x')); // congested
        socket->send("c", waiting.takeSent());
        QTimer::singleShot(50, peer.get(), [this] {
            peer->setReadBufferSize(0);
            peer->disconnectFromServer();
        });
    }

    Files::Witness held;
    Files::Witness waiting;
    std::unique_ptr<UnixSocket> peer;
    std::unique_ptr<UnixSocket> socket;
};

void addSignals()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name :
         {"readyRead", "bytesWritten", "congestedChanged", "descriptorsLost", "readChannelFinished", "errorOccurred", "stateChanged", "disconnected"})
        QTest::newRow(name) << QByteArray(name);
}

void whenItEmits(UnixSocket *socket, const QByteArray &name, const std::function<void()> &function)
{
    const auto once = [function] {
        function();
    };
    if (name == "readyRead")
        QObject::connect(socket, &UnixSocket::readyRead, socket, once);
    else if (name == "bytesWritten")
        QObject::connect(socket, &UnixSocket::bytesWritten, socket, once);
    else if (name == "congestedChanged")
        QObject::connect(socket, &UnixSocket::congestedChanged, socket, once);
    else if (name == "descriptorsLost")
        QObject::connect(socket, &UnixSocket::descriptorsLost, socket, once);
    else if (name == "readChannelFinished")
        QObject::connect(socket, &UnixSocket::readChannelFinished, socket, once);
    else if (name == "errorOccurred")
        QObject::connect(socket, &UnixSocket::errorOccurred, socket, once);
    else if (name == "stateChanged")
        QObject::connect(socket, &UnixSocket::stateChanged, socket, once);
    else
        QObject::connect(socket, &UnixSocket::disconnected, socket, once);
}

} // namespace

void tst_unixsocket_reentry::anySlotMayDestroyIt_data()
{
    addSignals();
}

void tst_unixsocket_reentry::anySlotMayDestroyIt()
{
    QFETCH(QByteArray, name);
    Busy busy;
    QByteArray taken;
    connect(busy.socket.get(), &UnixSocket::readyRead, this, [&, socket = busy.socket.get()] {
        if (busy.peer->readBufferSize() == 0)
            while (const auto message = socket->receive()) { } // lets the end come
    });
    whenItEmits(busy.socket.get(), name, [&] {
        delete busy.socket.release();
    });
    busy.begin();
    QTimer drain;
    connect(&drain, &QTimer::timeout, this, [&] {
        if (busy.socket && busy.peer->readBufferSize() == 0)
            static_cast<void>(busy.socket->takeDescriptor());
    });
    drain.start(20);
    QTRY_VERIFY(!busy.socket);
    QTRY_VERIFY(busy.held.allAreClosed());
    busy.peer.reset();
    QVERIFY(busy.waiting.allAreClosed());
}

void tst_unixsocket_reentry::anySlotMayCloseIt_data()
{
    addSignals();
}

void tst_unixsocket_reentry::anySlotMayCloseIt()
{
    QFETCH(QByteArray, name);
    for (const bool abort : {false, true}) {
        Busy busy;
        bool closed = false;
        whenItEmits(busy.socket.get(), name, [&] {
            if (std::exchange(closed, true))
                return;
            if (abort)
                busy.socket->abort();
            else
                busy.socket->close();
            QCOMPARE(busy.socket->descriptorsAvailable(), 0);
        });
        busy.begin();
        QTimer drain;
        connect(&drain, &QTimer::timeout, this, [&] {
            if (busy.peer->readBufferSize() == 0)
                static_cast<void>(busy.socket->takeDescriptor());
        });
        drain.start(20);
        QTRY_VERIFY(closed);
        QTRY_COMPARE(busy.socket->state(), UnixSocket::UnconnectedState);
        QVERIFY(busy.held.allAreClosed());
        busy.peer.reset();
        QVERIFY(busy.waiting.allAreClosed());
    }
}

void tst_unixsocket_reentry::aNestedLoopSeesWhatComes()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    QByteArray texts;
    int depth = 0;
    int deepest = 0;
    connect(receiver.get(), &UnixSocket::descriptorsLost, this, [&, from = sender.get(), to = receiver.get()] {
        deepest = qMax(deepest, ++depth);
        if (deepest == depth && depth < 3) {
            from->send(UnixMessage("x", Files::numbered(2, depth * 10)));
            QTRY_VERIFY(deepest > depth || texts.size() > 6);
        }
        --depth;
    });
    connect(receiver.get(), &UnixSocket::readyRead, this, [&, to = receiver.get()] {
        while (const auto message = to->receive())
            texts += Files::textsOf(message->descriptors()) + ' ';
    });
    sender->send(UnixMessage("x", Files::numbered(2)));
    QTRY_COMPARE(texts, "0 10 20 ");
    QTRY_COMPARE(depth, 0);
    QCOMPARE(deepest, 3);
}

void tst_unixsocket_reentry::theLossIsToldBeforeTheEnd()
{
    auto [sender, receiver] = UnixSocket::pair();
    QStringList order;
    connect(receiver.get(), &UnixSocket::readyRead, this, [&] {
        order += "readyRead";
    });
    connect(receiver.get(), &UnixSocket::descriptorsLost, this, [&] {
        order += "lost";
    });
    connect(receiver.get(), &UnixSocket::errorOccurred, this, [&] {
        order += "error";
    });
    connect(receiver.get(), &UnixSocket::disconnected, this, [&] {
        order += "disconnected";
    });
    sender->send("x", Files::withText("x"));
    sender.reset();
    QTRY_VERIFY(order.contains("disconnected"));
    QCOMPARE(order, (QStringList{"readyRead", "lost", "error", "disconnected"}));
}

void tst_unixsocket_reentry::theLossIsToldOnceAMessageOrMoreRarely()
{
    const auto [sender, receiver] = UnixSocket::pair();
    QSignalSpy lost(receiver.get(), &UnixSocket::descriptorsLost);
    for (int i = 0; i < 10; ++i)
        sender->send("x", Files::withText("x"));
    QTRY_COMPARE(receiver->bytesAvailable(), 10);
    QTest::qWait(0);
    QVERIFY(lost.size() >= 1 && lost.size() <= 10);
    int messages = 0;
    while (const auto message = receiver->receive())
        messages += message->descriptorsLost();
    QCOMPARE(messages, 10);
}

void tst_unixsocket_reentry::movesToAnotherThreadWithAllItHas()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->setMaximumDescriptors(3);
    receiver->setMaximumDescriptors(3);
    receiver->setReadBufferSize(1);
    receiver->send("held", Files::withText("held"));
    QTRY_COMPARE(sender->descriptorsAvailable(), 1);
    sender->write(QByteArray(2'000'000, 'x'));
    sender->send("!", Files::withText("waiting"));
    QVERIFY(sender->bytesToWrite() > 0);

    QThread thread;
    QByteArray text;
    std::atomic_bool back = false; // orders, also for a sanitizer that does not look into Qt
    connect(
        &thread,
        &QThread::finished,
        sender.get(),
        [&, socket = sender.get(), home = QThread::currentThread()] {
            text = Files::textOf(socket->takeDescriptor());
            socket->moveToThread(home);
            back = true;
        },
        Qt::DirectConnection);
    sender->moveToThread(&thread);
    thread.start();
    receiver->setReadBufferSize(0);
    QTRY_COMPARE(receiver->bytesAvailable(), 2'000'001);
    QCOMPARE(Files::textOf(receiver->takeDescriptor()), "waiting");
    thread.quit();
    QVERIFY(thread.wait(10'000));
    QVERIFY(back);
    QCOMPARE(text, "held");
    QCOMPARE(sender->read(4), "held");
    // And back: it goes on here.
    sender->send("again", Files::withText("again"));
    QTRY_COMPARE(receiver->descriptorsAvailable(), 1);
}

void tst_unixsocket_reentry::movesFromItsOwnSlots_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"readyRead", "descriptorsLost", "bytesWritten"})
        QTest::newRow(name) << QByteArray(name);
}

void tst_unixsocket_reentry::movesFromItsOwnSlots()
{
    QFETCH(QByteArray, name);
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(2);
    sender->setMaximumDescriptors(2);
    QThread thread;
    std::atomic_bool moved = false; // what the slot sends is told in the other thread
    whenItEmits(receiver.get(), name, [&, socket = receiver.get()] {
        if (moved.exchange(true))
            return;
        socket->send("from the slot", Files::withText("from the slot"));
        socket->moveToThread(&thread);
        thread.start();
    });
    sender->send(UnixMessage("x", Files::numbered(3)));
    receiver->write("x");
    QTRY_VERIFY(moved);
    QTRY_COMPARE(sender->bytesAvailable(), 14);
    QCOMPARE(Files::textOf(sender->takeDescriptor()), "from the slot");
    // It lives in that thread until the thread ends.
    std::atomic_bool back = false;
    QMetaObject::invokeMethod(
        receiver.get(),
        [&back, socket = receiver.get(), home = this->thread()] {
            socket->moveToThread(home);
            back = true;
            QThread::currentThread()->quit();
        },
        Qt::QueuedConnection);
    QVERIFY(thread.wait(10'000));
    QVERIFY(back);
    QTRY_COMPARE(receiver->descriptorsAvailable(), 2); // there or here
    sender->send(UnixMessage("y", Files::numbered(1)));
    QVERIFY(receiver->takeDescriptor().isValid());
    QTRY_COMPARE(receiver->bytesAvailable(), 2);
}

void tst_unixsocket_reentry::waitsDoWithoutAnEventLoop()
{
    // Two threads that have none.
    auto [sender, receiver] = UnixSocket::pair();
    sender->moveToThread(nullptr);
    receiver->moveToThread(nullptr);
    QByteArray texts;
    int lost = 0;
    std::thread reading([&, socket = std::move(receiver)]() mutable {
        socket->moveToThread(QThread::currentThread());
        QObject::connect(socket.get(), &UnixSocket::descriptorsLost, socket.get(), [&] {
            ++lost;
        });
        socket->setMaximumDescriptors(2);
        while (socket->state() == UnixSocket::ConnectedState || socket->bytesAvailable() > 0) {
            while (const auto message = socket->receive())
                texts += Files::textsOf(message->descriptors()) + ' ';
            if (socket->state() == UnixSocket::ConnectedState)
                socket->waitForReadyRead(10s);
        }
        socket.reset();
    });
    std::thread writing([socket = std::move(sender)]() mutable {
        socket->moveToThread(QThread::currentThread());
        socket->send(UnixMessage("one", Files::numbered(1)));
        socket->send(UnixMessage("three", Files::numbered(3, 1)));
        socket->send(UnixMessage("two", Files::numbered(2, 4)));
        while (socket->bytesToWrite() > 0 && socket->waitForBytesWritten(10s)) { }
        socket->disconnectFromServer();
        if (socket->state() != UnixSocket::UnconnectedState)
            socket->waitForDisconnected(10s);
        socket.reset();
    });
    writing.join();
    reading.join();
    QCOMPARE(texts, "0 1 2 4 5 ");
    QCOMPARE(lost, 1);
}

QTEST_GUILESS_MAIN(tst_unixsocket_reentry)
#include "tst_unixsocket_reentry.moc"
