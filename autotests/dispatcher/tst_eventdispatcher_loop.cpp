// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "dispatchertest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>

#include <deque>

using namespace InterprocessQt;

// The loop itself, and what of Qt and of ours stands on it.
class tst_eventdispatcher_loop : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void postedEventsAreSent();
    void nothingThatAnotherThreadPostsIsLeftLying();
    void anotherThreadEndsAWait();
    void itIsInterrupted();
    void whoWaitsIsToldThatItWill();
    void itSaysWhetherThereWasAnything();
    void loopsMayBeNested();
    void objectsAreDeletedLater();
    void threadsBeginAndEnd();
    void processesRun();
    void networkSocketsWork();
    void localSocketsAreInItsSet();
    void manyLocalSocketsAreServed();
    void localSocketsMoveBetweenKindsOfLoops();
    void withoutDescriptorsItIsNotValid();
};

void tst_eventdispatcher_loop::postedEventsAreSent()
{
    QList<int> order;
    for (int i = 0; i < 3; ++i) {
        QMetaObject::invokeMethod(
            this,
            [&order, i] {
                order.append(i);
            },
            Qt::QueuedConnection);
    }
    QVERIFY(order.isEmpty());
    QCoreApplication::processEvents();
    QCOMPARE(order, (QList<int>{0, 1, 2}));
}

void tst_eventdispatcher_loop::nothingThatAnotherThreadPostsIsLeftLying()
{
    // One after the other, each only when the one before has arrived: a wake-up that is lost is a test that stands still.
    constexpr int Count = 20'000;
    QObject there;
    QThread thread;
    thread.setEventDispatcher(new EventDispatcher);
    there.moveToThread(&thread);
    thread.start();
    int count = 0;
    QEventLoop loop;
    std::function<void()> ping = [&] {
        QMetaObject::invokeMethod(&there, [&] {
            QMetaObject::invokeMethod(this, [&] {
                if (++count < Count)
                    ping();
                else
                    loop.quit();
            });
        });
    };
    ping();
    QTimer::singleShot(50'000, &loop, &QEventLoop::quit);
    loop.exec();
    QCOMPARE(count, Count);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_eventdispatcher_loop::anotherThreadEndsAWait()
{
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    QCoreApplication::processEvents();
    for (int i = 0; i < 100; ++i) {
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            dispatcher->wakeUp();
        }));
        thread->start();
        dispatcher->processEvents(QEventLoop::WaitForMoreEvents);
        QVERIFY(thread->wait());
        QCoreApplication::processEvents();
    }
}

void tst_eventdispatcher_loop::itIsInterrupted()
{
    QEventLoop loop;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        QThread::msleep(10);
        loop.exit(7); // which calls interrupt()
    }));
    thread->start();
    QCOMPARE(loop.exec(), 7);
    QVERIFY(thread->wait());
}

void tst_eventdispatcher_loop::whoWaitsIsToldThatItWill()
{
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    QStringList told;
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [&] {
        told.append("aboutToBlock");
    });
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [&] {
        told.append("awake");
    });
    QCoreApplication::processEvents();
    QCOMPARE(told, QStringList("awake"));
    told.clear();
    QTimer::singleShot(5, this, [] {});
    dispatcher->processEvents(QEventLoop::WaitForMoreEvents);
    QCOMPARE(told, (QStringList{"awake", "aboutToBlock"}));
    // What a slot of that posts is not waited upon.
    bool invoked = false;
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [&] {
        QMetaObject::invokeMethod(
            this,
            [&] {
                invoked = true;
            },
            Qt::QueuedConnection);
    });
    dispatcher->processEvents(QEventLoop::WaitForMoreEvents);
    dispatcher->processEvents(QEventLoop::AllEvents);
    QVERIFY(invoked);
    disconnect(dispatcher, nullptr, this, nullptr);
}

void tst_eventdispatcher_loop::itSaysWhetherThereWasAnything()
{
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    while (dispatcher->processEvents(QEventLoop::AllEvents)) { }
    QVERIFY(!dispatcher->processEvents(QEventLoop::AllEvents));
    QTimer::singleShot(0, this, [] {});
    QVERIFY(dispatcher->processEvents(QEventLoop::AllEvents));
    while (dispatcher->processEvents(QEventLoop::AllEvents)) { }
    dispatcher->wakeUp();
    QVERIFY(dispatcher->processEvents(QEventLoop::AllEvents));
    QVERIFY(!dispatcher->processEvents(QEventLoop::AllEvents));
}

void tst_eventdispatcher_loop::loopsMayBeNested()
{
    int depth = 0;
    int deepest = 0;
    std::function<void()> nest = [&] {
        deepest = qMax(deepest, ++depth);
        if (depth < 5) {
            QEventLoop loop;
            QTimer::singleShot(0, &loop, nest);
            QTimer::singleShot(5, &loop, &QEventLoop::quit);
            loop.exec();
        }
        --depth;
    };
    QTimer::singleShot(0, this, nest);
    QTRY_COMPARE(deepest, 5);
    QTRY_COMPARE(depth, 0);
}

void tst_eventdispatcher_loop::objectsAreDeletedLater()
{
    QPointer<QObject> object(new QObject);
    QEventLoop loop;
    QTimer::singleShot(0, &loop, [&] {
        object->deleteLater();
        QCoreApplication::processEvents();
        QVERIFY(object); // not as deep as this
        QTimer::singleShot(5, &loop, &QEventLoop::quit);
    });
    loop.exec();
    QVERIFY(!object);
}

void tst_eventdispatcher_loop::threadsBeginAndEnd()
{
    for (int i = 0; i < 50; ++i) {
        QThread thread;
        thread.setEventDispatcher(new EventDispatcher);
        QObject there;
        there.moveToThread(&thread);
        QAtomicInt count;
        for (int j = 0; j < 10; ++j) {
            QMetaObject::invokeMethod(&there, [&] {
                count.ref();
            });
        }
        QMetaObject::invokeMethod(&there, [&] {
            QThread::currentThread()->quit();
        });
        thread.start();
        QVERIFY(thread.wait(10'000));
        QCOMPARE(count.loadAcquire(), 10);
    }
}

void tst_eventdispatcher_loop::processesRun()
{
    QProcess process;
    process.start("cat", QStringList());
    QByteArray answer;
    connect(&process, &QProcess::readyReadStandardOutput, this, [&] {
        answer += process.readAllStandardOutput();
    });
    QSignalSpy finished(&process, &QProcess::finished);
    const QByteArray question(1'000'000, 'x');
    process.write(question);
    process.closeWriteChannel();
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(answer.size(), question.size());
}

void tst_eventdispatcher_loop::networkSocketsWork()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *const peer = server.nextPendingConnection();
        connect(peer, &QTcpSocket::readyRead, peer, [peer] {
            peer->write(peer->readAll());
        });
    });
    QTcpSocket socket;
    socket.connectToHost(server.serverAddress(), server.serverPort());
    const QByteArray question(1'000'000, 'y');
    socket.write(question);
    QTRY_COMPARE(socket.bytesAvailable(), question.size());
    QVERIFY(socket.readAll() == question);
}

void tst_eventdispatcher_loop::localSocketsAreInItsSet()
{
    // No epoll set of their own behind a notifier, and no notifiers: what there is was opened by the sockets.
    const auto before = openDescriptors().size();
    std::deque<std::pair<std::unique_ptr<LocalSocket>, std::unique_ptr<LocalSocket>>> pairs;
    int told = 0;
    for (int i = 0; i < 20; ++i) {
        pairs.push_back(LocalSocket::pair());
        LocalSocket *const socket = pairs.back().first.get();
        connect(socket, &QIODevice::readyRead, socket, [&told, socket] {
            told += int(socket->readAll().size());
        });
        pairs.back().second->write("x");
    }
    QTRY_COMPARE(told, 20);
    QCOMPARE(openDescriptors().size(), before + 40);
}

void tst_eventdispatcher_loop::manyLocalSocketsAreServed()
{
    LocalServer server;
    server.setListenBacklogSize(500);
    server.setMaxPendingConnections(500);
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, this, [&] {
        while (LocalSocket *const peer = server.nextPendingConnection()) {
            connect(peer, &QIODevice::readyRead, peer, [peer] {
                peer->write(peer->readAll());
            });
            connect(peer, &LocalSocket::disconnected, peer, &QObject::deleteLater);
        }
    });
    constexpr int Count = 300;
    std::deque<LocalSocket> clients(Count);
    int done = 0;
    for (LocalSocket &client : clients) {
        connect(&client, &LocalSocket::connected, this, [&client] {
            client.write("question\n");
        });
        connect(&client, &QIODevice::readyRead, this, [&client, &done] {
            if (client.canReadLine()) {
                done += client.readLine() == "question\n" ? 1 : 0;
                client.disconnectFromServer();
            }
        });
        client.connectToServer(path());
    }
    QTRY_COMPARE(done, Count);
    QTRY_VERIFY(std::all_of(clients.begin(), clients.end(), [](const LocalSocket &client) {
        return client.state() == LocalSocket::UnconnectedState;
    }));
}

void tst_eventdispatcher_loop::localSocketsMoveBetweenKindsOfLoops()
{
    // From ours into one of Qt's, and back.
    auto [socket, peer] = LocalSocket::pair();
    QThread *const main = QThread::currentThread();
    QThread thread;
    thread.start();
    connect(
        socket.get(),
        &QIODevice::readyRead,
        socket.get(),
        [socket = socket.get()] {
            socket->write(socket->readAll() + (qobject_cast<EventDispatcher *>(QAbstractEventDispatcher::instance()) ? "ours" : "theirs"));
        },
        Qt::DirectConnection);
    peer->write("1");
    QTRY_COMPARE(peer->bytesAvailable(), 5);
    QCOMPARE(peer->readAll(), "1ours");
    socket->moveToThread(&thread);
    peer->write("2");
    QTRY_COMPARE(peer->bytesAvailable(), 7);
    QCOMPARE(peer->readAll(), "2theirs");
    QMetaObject::invokeMethod(
        socket.get(),
        [&, &moved = socket] {
            moved->moveToThread(main);
        },
        Qt::BlockingQueuedConnection);
    peer->write("3");
    QTRY_COMPARE(peer->bytesAvailable(), 5);
    QCOMPARE(peer->readAll(), "3ours");
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_eventdispatcher_loop::withoutDescriptorsItIsNotValid()
{
    std::vector<NativeHandle> all;
    for (;;) {
        NativeHandle one(::dup(0));
        if (!one.isValid())
            break;
        all.push_back(std::move(one));
        if (all.size() > 100'000)
            QSKIP("There is no end of descriptors here");
    }
    const EventDispatcher none;
    const bool isValid = none.isValid();
    all.pop_back();
    const EventDispatcher half;
    const bool isHalfValid = half.isValid();
    all.clear();
    QVERIFY(!isValid);
    QVERIFY(!isHalfValid);
    QVERIFY(EventDispatcher().isValid());
}

DISPATCHERTEST_MAIN(tst_eventdispatcher_loop)
#include "tst_eventdispatcher_loop.moc"
