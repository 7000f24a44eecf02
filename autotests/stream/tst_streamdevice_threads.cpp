// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QMutex>
#include <QSemaphore>
#include <QThread>

#include <atomic>
#include <thread>

using namespace InterprocessQt;

class tst_streamdevice_threads : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSocketMovesWithDataOnTheWayBothWays();
    void aServerMovesAndGoesOnAccepting();
    void asMuchArrivesWhicheverThreadItIsMovedTo();
    void whatIsDueMovesAlong();
    void aSlotOfItsOwnMovesTheSocket_data();
    void aSlotOfItsOwnMovesTheSocket();
    void aSlotOfItsOwnMovesTheServer();
    void aThreadWithoutEventLoopUsesTheWaits();
    void aConnectionIsWaitedForInTheThreadItWasMovedTo();
    void aServerAndItsClientInThreadsWithoutEventLoops();
    void aThreadEndsBeforeItsSockets();
    void aThreadWithAnEventLoopEndsBeforeItsSockets();
    void manyThreadsEachWithItsOwnSockets();
};

namespace
{
constexpr int Much = 4 * 1024 * 1024;

// Runs something in the thread of an object and waits for the end of it.
template<typename Work>
void runIn(QObject *object, Work work)
{
    QMetaObject::invokeMethod(object, work, Qt::BlockingQueuedConnection);
}

// The same, also if that is this one.
template<typename Work>
void runWith(QObject *object, Work work)
{
    if (object->thread() == QThread::currentThread())
        work();
    else
        runIn(object, work);
}

// A thread with an event loop that ends with it.
class LoopThread : public QThread
{
public:
    LoopThread()
    {
        m_anchor.moveToThread(this);
        start();
    }
    ~LoopThread() override
    {
        quit();
        wait();
    }
    template<typename Work>
    void run(Work work)
    {
        runIn(&m_anchor, work);
    }
    using QThread::run;

private:
    QObject m_anchor;
};
} // namespace

void tst_streamdevice_threads::aSocketMovesWithDataOnTheWayBothWays()
{
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const here = first.get();
    LocalSocket *const mover = second.release();
    std::atomic<qint64> received = 0;
    std::atomic<qint64> receivedElsewhere = 0;
    LoopThread thread;
    connect(
        mover,
        &LocalSocket::readyRead,
        mover,
        [&, mover] {
            const qint64 size = mover->readAll().size();
            received += size;
            if (QThread::currentThread() == &thread)
                receivedElsewhere += size;
        },
        Qt::DirectConnection);
    here->write(QByteArray(Much, 'h'));
    mover->write(QByteArray(Much, 'm'));
    QTRY_VERIFY(received > 0); // a part is there, a part in the kernel, a part not yet written; the same the other way
    QVERIFY(received < Much);
    QVERIFY(mover->bytesToWrite() > 0);

    mover->moveToThread(&thread);
    QTRY_COMPARE(received, Much);
    QVERIFY(receivedElsewhere > 0);
    QTRY_COMPARE(here->bytesAvailable(), Much);
    thread.run([mover] {
        delete mover;
    });
    QTRY_COMPARE(here->state(), LocalSocket::UnconnectedState);
}

void tst_streamdevice_threads::aServerMovesAndGoesOnAccepting()
{
    auto *server = new LocalServer;
    QVERIFY(server->listen(path()));
    LoopThread thread;
    std::atomic<int> accepted = 0;
    connect(
        server,
        &LocalServer::newConnection,
        server,
        [&, server] {
            LocalSocket *socket = server->nextPendingConnection();
            if (QThread::currentThread() != server->thread())
                return;
            ++accepted;
            socket->write("hello");
        },
        Qt::DirectConnection);
    LocalSocket before;
    before.connectToServer(path()); // not accepted yet when the server moves
    server->moveToThread(&thread);
    LocalSocket after;
    after.connectToServer(path());
    QTRY_COMPARE(before.bytesAvailable(), 5);
    QTRY_COMPARE(after.bytesAvailable(), 5);
    QCOMPARE(accepted, 2);

    // And back; its children, the sockets, come along.
    QThread *const home = QThread::currentThread();
    thread.run([server, home] {
        server->moveToThread(home);
    });
    LocalSocket last;
    last.connectToServer(path());
    QTRY_COMPARE(last.bytesAvailable(), 5);
    QCOMPARE(accepted, 3);
    delete server;
    QTRY_COMPARE(before.state(), LocalSocket::UnconnectedState);
}

void tst_streamdevice_threads::asMuchArrivesWhicheverThreadItIsMovedTo()
{
    LoopThread threads[3];
    auto [first, second] = LocalSocket::pair();
    LocalSocket *const sender = first.get();
    LocalSocket *const mover = second.release();
    QByteArray received; // by one thread after the other
    QSemaphore complete;
    std::atomic<int> moves = 0; // a last move may still be under way when everything has arrived
    connect(
        mover,
        &LocalSocket::readyRead,
        mover,
        [&, mover] {
            received += mover->readAll();
            if (received.size() == Much) {
                complete.release();
                return;
            }
            // From the thread that it is in by then, when the slot is back.
            QMetaObject::invokeMethod(
                mover,
                [&, mover] {
                    mover->moveToThread(&threads[++moves % 3]);
                },
                Qt::QueuedConnection);
        },
        Qt::DirectConnection);
    QByteArray sent(Much, Qt::Uninitialized);
    for (int i = 0; i < Much; ++i)
        sent[i] = char(i / 1000);
    sender->write(sent);
    QTRY_VERIFY2(complete.available(),
                 qPrintable(QString("%1 received, %2 to write, %3 moves").arg(received.size()).arg(sender->bytesToWrite()).arg(moves.load())));
    QVERIFY(received == sent);
    QVERIFY(moves > 3);
    runIn(mover, [mover] {
        delete mover;
    });
}

void tst_streamdevice_threads::whatIsDueMovesAlong()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LoopThread thread;
    auto *socket = new LocalSocket;
    auto *failing = new LocalSocket;
    std::atomic<int> connected = 0;
    std::atomic<int> failed = 0;
    std::atomic<qint64> written = 0;
    connect(
        socket,
        &LocalSocket::connected,
        socket,
        [&] {
            connected += QThread::currentThread() == &thread ? 1 : 100;
        },
        Qt::DirectConnection);
    connect(
        socket,
        &LocalSocket::bytesWritten,
        socket,
        [&](qint64 bytes) {
            written += bytes;
        },
        Qt::DirectConnection);
    connect(
        failing,
        &LocalSocket::errorOccurred,
        failing,
        [&] {
            failed += QThread::currentThread() == &thread ? 1 : 100;
        },
        Qt::DirectConnection);
    // All of these are told from the event loop: of the thread that the object is in by then.
    socket->connectToServer(path());
    socket->write("one");
    socket->write("two");
    failing->connectToServer(path("nobody"));
    socket->moveToThread(&thread);
    failing->moveToThread(&thread);
    QTRY_COMPARE(connected, 1);
    QTRY_COMPARE(failed, 1);
    QTRY_COMPARE(written, 6);
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *peer = server.nextPendingConnection();
    QTRY_COMPARE(peer->bytesAvailable(), 6);
    QCOMPARE(peer->readAll(), "onetwo");
    thread.run([=] {
        delete socket;
        delete failing;
    });
}

namespace
{
// What a socket tells, each with whether it comes from the thread that the socket is in.
class Diary
{
public:
    explicit Diary(LocalSocket &socket)
        : m_socket(socket)
    {
        const auto note = [this](const QByteArray &what) {
            return [this, what] {
                add(what);
            };
        };
        QObject::connect(&socket, &LocalSocket::connected, &socket, note("connected"), Qt::DirectConnection);
        QObject::connect(&socket, &LocalSocket::disconnected, &socket, note("disconnected"), Qt::DirectConnection);
        QObject::connect(&socket, &LocalSocket::readChannelFinished, &socket, note("end"), Qt::DirectConnection);
        QObject::connect(&socket, &LocalSocket::reconnectScheduled, &socket, note("reconnect"), Qt::DirectConnection);
        QObject::connect(&socket, &LocalSocket::errorOccurred, &socket, note("error"), Qt::DirectConnection);
        QObject::connect(&socket, &StreamDevice::errorOccurred, &socket, note("stream error"), Qt::DirectConnection);
        QObject::connect(
            &socket,
            &LocalSocket::stateChanged,
            &socket,
            [this](LocalSocket::LocalSocketState state) {
                add("state " + QByteArray::number(state));
            },
            Qt::DirectConnection);
    }
    // The slot of this event moves the socket there.
    void moveAt(const QByteArray &event, QThread *thread)
    {
        m_event = event;
        m_thread = thread;
    }
    QList<QByteArray> lines()
    {
        const QMutexLocker lock(&m_mutex);
        return m_lines;
    }

private:
    void add(const QByteArray &what)
    {
        {
            const QMutexLocker lock(&m_mutex);
            m_lines << (m_socket.thread() == QThread::currentThread() ? what : what + " from the wrong thread");
        }
        if (what == m_event && m_thread)
            m_socket.moveToThread(std::exchange(m_thread, nullptr));
    }

    LocalSocket &m_socket;
    QMutex m_mutex;
    QList<QByteArray> m_lines;
    QByteArray m_event;
    QThread *m_thread = nullptr;
};
} // namespace

void tst_streamdevice_threads::aSlotOfItsOwnMovesTheSocket_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("what");
    for (const char *event : {"state 2", "state 3", "connected", "stream error", "error", "state 0", "end", "disconnected"})
        QTest::addRow("the peer ends it, %s", event) << QByteArray(event) << QByteArray("peer");
    for (const char *event : {"state 6", "state 0", "end", "disconnected"})
        QTest::addRow("we end it, %s", event) << QByteArray(event) << QByteArray("we");
    for (const char *event : {"end", "state 6", "stream error", "error", "state 0", "disconnected"})
        QTest::addRow("the peer ends it with data to write, %s", event) << QByteArray(event) << QByteArray("writing");
    for (const char *event : {"state 2", "stream error", "error", "state 0"})
        QTest::addRow("nobody listens, %s", event) << QByteArray(event) << QByteArray("nobody");
}

void tst_streamdevice_threads::aSlotOfItsOwnMovesTheSocket()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, what);
    if (what == "writing" && !isSupported(Feature::HalfClose))
        QSKIP("No peer can say that it sends no more, and go on reading");
    LoopThread thread;
    auto *socket = new LocalSocket;
    socket->setReconnectDelays(std::chrono::hours(1), std::chrono::hours(1));
    socket->setReconnectEnabled(what != "nobody");
    Diary diary(*socket);
    diary.moveAt(event, &thread);
    QList<QByteArray> expected;
    LocalServer server;
    std::unique_ptr<LocalSocket> peer;
    if (what == "nobody") {
        socket->connectToServer(path("nobody"));
        expected = {"state 2", "stream error", "error", "state 0"};
        QTRY_COMPARE(diary.lines(), expected);
    } else {
        QVERIFY(server.listen(path()));
        socket->connectToServer(path());
        QTRY_VERIFY(server.hasPendingConnections());
        peer.reset(server.nextPendingConnection());
        expected = {"state 2", "state 3", "connected"};
        QTRY_COMPARE(diary.lines(), expected);
        if (what == "writing") {
            // More than the kernel takes, so that it waits when the peer has said that it sends no more.
            peer->setReadBufferSize(1);
            runWith(socket, [socket] {
                socket->write(QByteArray(Much, 'x'));
            });
            peer->closeWriteChannel();
            QTRY_VERIFY(diary.lines().size() > 3);
            peer->setReadBufferSize(0);
            expected += {"end", "state 6"};
        }
        if (what == "we") {
            runWith(socket, [socket] {
                socket->disconnectFromServer();
            });
            expected += {"state 6", "state 0", "end", "disconnected"};
        } else {
            if (what == "peer")
                peer->disconnectFromServer();
            expected += {"stream error", "error", "state 0"};
            if (what == "peer")
                expected << "end";
            expected << "disconnected"
                     << "reconnect";
        }
        QTRY_COMPARE(diary.lines(), expected);
    }
    QCOMPARE(socket->thread(), &thread);
    thread.run([=] {
        delete socket;
    });
}

void tst_streamdevice_threads::aSlotOfItsOwnMovesTheServer()
{
    LoopThread thread;
    auto *server = new LocalServer;
    QVERIFY(server->listen(path()));
    std::atomic<int> accepted = 0;
    std::atomic<int> wrong = 0;
    connect(
        server,
        &LocalServer::newConnection,
        server,
        [&] {
            if (server->thread() != QThread::currentThread())
                ++wrong;
            if (server->thread() != &thread) {
                server->moveToThread(&thread); // and from here on it is none of this thread's business
                return;
            }
            while (LocalSocket *socket = server->nextPendingConnection()) {
                if (socket->thread() != server->thread())
                    ++wrong;
                ++accepted;
            }
        },
        Qt::DirectConnection);
    // Both wait when the event loop comes to them.
    LocalSocket one;
    LocalSocket two;
    one.connectToServer(path());
    two.connectToServer(path());
    QTRY_COMPARE(accepted, 2);
    QCOMPARE(wrong, 0);
    thread.run([=] {
        delete server;
    });
}

void tst_streamdevice_threads::aThreadWithoutEventLoopUsesTheWaits()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = server.nextPendingConnection();
        connect(socket, &LocalSocket::readyRead, socket, [socket] {
            socket->write(socket->readAll());
        });
    });
    QByteArray answer;
    QStringList problems;
    std::atomic<bool> finished = false;
    std::thread thread([&] {
        LocalSocket socket;
        socket.connectToServer(path());
        if (!socket.waitForConnected(5000))
            problems += "waitForConnected: " + socket.errorString();
        const QByteArray question(Much, 'q');
        socket.write(question);
        while (socket.bytesToWrite() > 0) {
            if (!socket.waitForBytesWritten(5000)) {
                problems += "waitForBytesWritten: " + socket.errorString();
                break;
            }
        }
        while (answer.size() < question.size()) {
            answer += socket.readAll();
            if (answer.size() < question.size() && !socket.waitForReadyRead(5000)) {
                problems += "waitForReadyRead: " + socket.errorString();
                break;
            }
        }
        socket.disconnectFromServer();
        if (socket.state() != LocalSocket::UnconnectedState && !socket.waitForDisconnected(5000))
            problems += "waitForDisconnected: " + socket.errorString();
        finished = true;
    });
    const bool ended = waitUntil(
        [&] {
            return finished.load();
        },
        30'000);
    thread.join();
    QVERIFY(ended);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join("; ")));
    QCOMPARE(answer.size(), Much);
}

void tst_streamdevice_threads::aConnectionIsWaitedForInTheThreadItWasMovedTo()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    auto *socket = new LocalSocket;
    auto *failing = new LocalSocket;
    socket->connectToServer(path());
    socket->write("x");
    failing->connectToServer(path("nobody"));
    bool connected = false;
    bool failed = false;
    QStringList told;
    connect(socket, &LocalSocket::connected, socket, [&] {
        told += "connected";
    });
    connect(failing, &LocalSocket::errorOccurred, failing, [&] {
        told += "failed";
    });
    std::unique_ptr<QThread> thread(QThread::create([&] {
        connected = socket->waitForConnected(5000);
        failed = !failing->waitForConnected(5000);
        delete socket;
        delete failing;
    }));
    socket->moveToThread(thread.get());
    failing->moveToThread(thread.get());
    thread->start();
    QVERIFY(thread->wait(10'000));
    QVERIFY(connected);
    QVERIFY(failed);
    QCOMPARE(told, (QStringList{"connected", "failed"}));
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_streamdevice_threads::aServerAndItsClientInThreadsWithoutEventLoops()
{
    QSemaphore listening;
    QString problem;
    QByteArray answer;
    std::thread serving([&] {
        LocalServer server;
        if (!server.listen(path()))
            problem = server.errorString();
        listening.release();
        bool timedOut = false;
        if (!server.waitForNewConnection(5000, &timedOut)) {
            problem = timedOut ? QString("nobody came") : server.errorString();
            return;
        }
        const std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
        if (!socket->waitForReadyRead(5000))
            problem = "nothing came";
        socket->write("re: " + socket->readAll());
        if (!socket->waitForBytesWritten(5000))
            problem = "nothing was written";
        socket->waitForDisconnected(5000);
    });
    listening.acquire();
    std::thread([&] {
        LocalSocket socket;
        socket.connectToServer(path());
        socket.write("question");
        if (socket.waitForReadyRead(5000))
            answer = socket.readAll();
    }).join();
    serving.join();
    QCOMPARE(problem, QString());
    QCOMPARE(answer, "re: question");
}

void tst_streamdevice_threads::aThreadEndsBeforeItsSockets()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    std::unique_ptr<LocalSocket> orphan;
    std::thread([&] {
        orphan = std::make_unique<LocalSocket>();
        orphan->connectToServer(path());
        orphan->waitForConnected(5000);
        orphan->write("la");
        orphan->write("st");
    }).join();
    QTRY_VERIFY(server.hasPendingConnections());
    LocalSocket *const peer = server.nextPendingConnection();
    orphan.reset(); // in this thread; what was written goes out, as from every destructor
    QTRY_COMPARE(peer->state(), LocalSocket::UnconnectedState);
    QCOMPARE(peer->readAll(), "last");
}

void tst_streamdevice_threads::aThreadWithAnEventLoopEndsBeforeItsSockets()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    std::vector<std::unique_ptr<LocalSocket>> orphans;
    {
        LoopThread thread;
        thread.run([&] {
            for (int i = 0; i < 20; ++i) { // enough that some are in the set behind one notifier
                orphans.push_back(std::make_unique<LocalSocket>());
                orphans.back()->connectToServer(path());
                orphans.back()->write("x");
            }
        });
    }
    int gone = 0;
    connect(&server, &LocalServer::newConnection, this, [&] {
        connect(server.nextPendingConnection(), &LocalSocket::disconnected, this, [&] {
            ++gone;
        });
    });
    while (server.hasPendingConnections()) {
        connect(server.nextPendingConnection(), &LocalSocket::disconnected, this, [&] {
            ++gone;
        });
    }
    orphans.clear();
    QTRY_COMPARE(gone, 20);
}

void tst_streamdevice_threads::manyThreadsEachWithItsOwnSockets()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = server.nextPendingConnection();
        connect(socket, &LocalSocket::readyRead, socket, [socket] {
            socket->write(socket->readAll());
        });
    });
    constexpr int Threads = 8;
    constexpr int Sockets = 20;
    std::atomic<int> finished = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < Threads; ++i) {
        threads.emplace_back(QThread::create([&] {
            QEventLoop loop;
            std::vector<std::unique_ptr<LocalSocket>> sockets;
            int left = Sockets;
            for (int j = 0; j < Sockets; ++j) {
                auto *socket = sockets.emplace_back(std::make_unique<LocalSocket>()).get();
                connect(socket, &LocalSocket::readyRead, socket, [&, socket] {
                    if (socket->bytesAvailable() == 10'000 && --left == 0)
                        loop.quit();
                });
                socket->connectToServer(path());
                socket->write(QByteArray(10'000, 't'));
            }
            loop.exec();
            ++finished;
        }));
        threads.back()->start();
    }
    QTRY_COMPARE_WITH_TIMEOUT(finished, Threads, 30'000);
    for (const auto &thread : threads)
        thread->wait();
}

QTEST_GUILESS_MAIN(tst_streamdevice_threads)
#include "tst_streamdevice_threads.moc"
