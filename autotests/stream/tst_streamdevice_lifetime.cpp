// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "randomsteps.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QEventLoop>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <vector>

using namespace InterprocessQt;

// Whatever a slot does to the object that called it, nothing breaks and nobody else suffers.
class tst_streamdevice_lifetime : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSocketMayBeEndedInAnySlot_data();
    void aSocketMayBeEndedInAnySlot();
    void aServerMayBeEndedInItsSlot_data();
    void aServerMayBeEndedInItsSlot();
    void manySocketsEndEachOtherAtRandom();
};

namespace
{
using Action = std::function<void(QPointer<LocalSocket>)>;

void runLoopFor(int turns)
{
    QEventLoop loop;
    int left = turns;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (--left == 0)
            loop.quit();
    });
    timer.start(0);
    loop.exec();
}

const QList<std::pair<const char *, Action>> &actions()
{
    static const QList<std::pair<const char *, Action>> list = {
        {"delete",
         [](const QPointer<LocalSocket> &socket) {
             delete socket.data();
         }},
        {"deleteLater",
         [](const QPointer<LocalSocket> &socket) {
             socket->deleteLater();
         }},
        {"close",
         [](const QPointer<LocalSocket> &socket) {
             socket->close();
         }},
        {"abort",
         [](const QPointer<LocalSocket> &socket) {
             socket->abort();
         }},
        {"disconnectFromServer",
         [](const QPointer<LocalSocket> &socket) {
             socket->disconnectFromServer();
         }},
        {"abort and delete",
         [](const QPointer<LocalSocket> &socket) {
             socket->abort();
             delete socket.data();
         }},
        {"nested loop",
         [](const QPointer<LocalSocket> &) {
             runLoopFor(10);
         }},
        {"nested processEvents",
         [](const QPointer<LocalSocket> &) {
             for (int i = 0; i < 10; ++i)
                 QCoreApplication::processEvents();
         }},
        {"deleted in a nested loop",
         [](const QPointer<LocalSocket> &socket) {
             QTimer::singleShot(0, [socket] {
                 delete socket.data();
             });
             runLoopFor(10);
         }},
        {"closed in a nested loop",
         [](const QPointer<LocalSocket> &socket) {
             QTimer::singleShot(0, [socket] {
                 if (socket)
                     socket->close();
             });
             runLoopFor(10);
         }},
        {"abort and connect again",
         [](const QPointer<LocalSocket> &socket) {
             socket->abort();
             if (socket)
                 socket->connectToServer();
         }},
    };
    return list;
}

enum Signal {
    ReadyRead,
    BytesWritten,
    Connected,
    Disconnected,
    ErrorOccurred,
    BaseErrorOccurred,
    StateConnecting,
    StateConnected,
    StateClosing,
    StateUnconnected,
    CongestedOn,
    CongestedOff,
    ReadChannelFinished,
    AboutToClose,
};

const QList<std::pair<const char *, Signal>> signalNames = {
    {"readyRead", ReadyRead},
    {"bytesWritten", BytesWritten},
    {"connected", Connected},
    {"disconnected", Disconnected},
    {"errorOccurred", ErrorOccurred},
    {"StreamDevice::errorOccurred", BaseErrorOccurred},
    {"stateChanged(Connecting)", StateConnecting},
    {"stateChanged(Connected)", StateConnected},
    {"stateChanged(Closing)", StateClosing},
    {"stateChanged(Unconnected)", StateUnconnected},
    {"congestedChanged(true)", CongestedOn},
    {"congestedChanged(false)", CongestedOff},
    {"readChannelFinished", ReadChannelFinished},
    {"aboutToClose", AboutToClose},
};

void connectTo(LocalSocket *socket, Signal which, const std::function<void()> &slot)
{
    const auto onState = [=](LocalSocket::LocalSocketState wanted) {
        QObject::connect(socket, &LocalSocket::stateChanged, [=](LocalSocket::LocalSocketState state) {
            if (state == wanted)
                slot();
        });
    };
    const auto onCongestion = [=](bool wanted) {
        QObject::connect(socket, &LocalSocket::congestedChanged, [=](bool congested) {
            if (congested == wanted)
                slot();
        });
    };
    switch (which) {
    case ReadyRead:
        QObject::connect(socket, &LocalSocket::readyRead, slot);
        break;
    case BytesWritten:
        QObject::connect(socket, &LocalSocket::bytesWritten, slot);
        break;
    case Connected:
        QObject::connect(socket, &LocalSocket::connected, slot);
        break;
    case Disconnected:
        QObject::connect(socket, &LocalSocket::disconnected, slot);
        break;
    case ErrorOccurred:
        QObject::connect(socket, &LocalSocket::errorOccurred, slot);
        break;
    case BaseErrorOccurred:
        QObject::connect(socket, &StreamDevice::errorOccurred, slot);
        break;
    case StateConnecting:
        onState(LocalSocket::ConnectingState);
        break;
    case StateConnected:
        onState(LocalSocket::ConnectedState);
        break;
    case StateClosing:
        onState(LocalSocket::ClosingState);
        break;
    case StateUnconnected:
        onState(LocalSocket::UnconnectedState);
        break;
    case CongestedOn:
        onCongestion(true);
        break;
    case CongestedOff:
        onCongestion(false);
        break;
    case ReadChannelFinished:
        QObject::connect(socket, &LocalSocket::readChannelFinished, slot);
        break;
    case AboutToClose:
        QObject::connect(socket, &LocalSocket::aboutToClose, slot);
        break;
    }
}
} // namespace

void tst_streamdevice_lifetime::aSocketMayBeEndedInAnySlot_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("action");
    for (const auto &[name, which] : signalNames) {
        for (int i = 0; i < actions().size(); ++i)
            QTest::addRow("%s: %s", name, actions().at(i).first) << int(which) << i;
    }
}

void tst_streamdevice_lifetime::aSocketMayBeEndedInAnySlot()
{
    QFETCH(int, which);
    QFETCH(int, action);

    // The bystander shares the event loop, and with so few sockets also the place of whoever goes.
    auto bystander = LocalSocket::pair();
    LocalServer server;
    QVERIFY(server.listen(path()));
    QPointer<LocalSocket> victim(new LocalSocket);
    bool acted = false;
    connectTo(victim, Signal(which), [&] {
        if (std::exchange(acted, true))
            return;
        actions().at(action).second(victim);
    });

    victim->setServerName(path());
    victim->connectToServer();
    QPointer<LocalSocket> peer;
    if (!acted) {
        QTRY_VERIFY(server.hasPendingConnections());
        peer = server.nextPendingConnection();
    }
    if (which == Connected || which == StateConnected)
        QTRY_VERIFY(acted);
    // All that makes the others speak; whatever has happened by then, it may still be called.
    if (!acted && victim) {
        const QByteArray much(3 * 1024 * 1024, 'm');
        switch (which) {
        case CongestedOn:
        case CongestedOff:
            victim->write(much);
            break;
        case BytesWritten:
        case AboutToClose:
        case StateClosing:
            victim->write("a little");
            break;
        default:
            break;
        }
        if (peer)
            peer->write("data");
        if (which == AboutToClose || which == StateClosing)
            victim->close();
        else if (which == Disconnected || which == ErrorOccurred || which == BaseErrorOccurred || which == StateUnconnected || which == ReadChannelFinished)
            peer->disconnectFromServer();
    }
    QTRY_VERIFY(acted);
    runLoopFor(20); // what is still under way finds nobody, or the one it was for

    bystander.first->write("still here");
    QTRY_COMPARE(bystander.second->bytesAvailable(), 10);

    if (victim) {
        // It is as good as new.
        victim->disconnect();
        victim->abort();
        QCOMPARE(victim->state(), LocalSocket::UnconnectedState);
        while (LocalSocket *left = server.nextPendingConnection())
            delete left;
        victim->connectToServer(path());
        QTRY_VERIFY(server.hasPendingConnections());
        LocalSocket *again = server.nextPendingConnection();
        // Those before it may have been waiting to be accepted.
        while (server.hasPendingConnections()) {
            delete again;
            again = server.nextPendingConnection();
        }
        victim->write("again");
        QTRY_COMPARE(again->bytesAvailable(), 5);
        delete victim.data();
    }
    delete peer.data();
}

void tst_streamdevice_lifetime::aServerMayBeEndedInItsSlot_data()
{
    QTest::addColumn<QString>("action");
    for (const char *action : {"delete", "close", "nested loop", "nested processEvents", "delete in a nested loop", "listen elsewhere"})
        QTest::newRow(action) << QString(action);
}

void tst_streamdevice_lifetime::aServerMayBeEndedInItsSlot()
{
    QFETCH(QString, action);
    auto bystander = LocalSocket::pair();
    QPointer<LocalServer> server(new LocalServer);
    QVERIFY(server->listen(path()));
    int called = 0;
    connect(server, &LocalServer::newConnection, this, [&] {
        if (++called > 1)
            return;
        if (action == "delete")
            delete server.data();
        else if (action == "close")
            server->close();
        else if (action == "nested loop")
            runLoopFor(10);
        else if (action == "nested processEvents")
            for (int i = 0; i < 10; ++i)
                QCoreApplication::processEvents();
        else if (action == "delete in a nested loop") {
            QTimer::singleShot(0, this, [&] {
                delete server.data();
            });
            runLoopFor(10);
        } else {
            server->close();
            QVERIFY(server->listen(path("elsewhere")));
        }
    });
    std::vector<std::unique_ptr<LocalSocket>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<LocalSocket>());
        clients.back()->connectToServer(path());
    }
    QTRY_VERIFY(called > 0);
    runLoopFor(10);
    if (server && server->isListening()) {
        LocalSocket late;
        late.connectToServer(server->fullServerName());
        const int before = action.startsWith("nested") ? 5 : 1;
        QTRY_COMPARE(called, before + 1);
    } else {
        for (const auto &client : clients)
            QTRY_COMPARE(client->state(), LocalSocket::UnconnectedState);
    }
    bystander.first->write("still here");
    QTRY_COMPARE(bystander.second->bytesAvailable(), 10);
    delete server.data();
}

void tst_streamdevice_lifetime::manySocketsEndEachOtherAtRandom()
{
    constexpr int Count = 200;
    RandomSteps random;
    std::vector<QPointer<LocalSocket>> sockets;
    std::vector<QPointer<LocalSocket>> leaving; // which are to be deleted later
    int depth = 0;
    int calls = 0;
    const auto doSomething = [&] {
        ++calls;
        QPointer<LocalSocket> &entry = sockets[size_t(random.below(Count))];
        const QPointer<LocalSocket> victim = entry;
        if (!victim)
            return;
        switch (random.below(8)) {
        case 0:
            entry.clear(); // its destructor tells of the end of the connection: nobody must delete it again
            delete victim.data();
            break;
        case 1:
            victim->close();
            break;
        case 2:
            victim->abort();
            break;
        case 3:
            victim->disconnectFromServer();
            break;
        case 4:
            if (depth < 3) {
                ++depth;
                QCoreApplication::processEvents();
                --depth;
            }
            break;
        case 5:
            entry.clear();
            leaving.push_back(victim);
            victim->deleteLater();
            break;
        default:
            if (victim->isOpen() && victim->isWritable() && victim->state() == LocalSocket::ConnectedState)
                victim->write(QByteArray(random.size(300'000), 'x'));
        }
    };
    for (int i = 0; i < Count / 2; ++i) {
        auto pair = LocalSocket::pair();
        for (LocalSocket *socket : {pair.first.release(), pair.second.release()}) {
            sockets.emplace_back(socket);
            connect(socket, &LocalSocket::readyRead, this, [socket = QPointer(socket), &random, doSomething] {
                if (random.chance(50))
                    socket->readAll();
                doSomething();
            });
            connect(socket, &LocalSocket::bytesWritten, this, doSomething);
            connect(socket, &LocalSocket::disconnected, this, doSomething);
            connect(socket, &LocalSocket::errorOccurred, this, doSomething);
            connect(socket, &LocalSocket::stateChanged, this, doSomething);
            connect(socket, &LocalSocket::readChannelFinished, this, doSomething);
            connect(socket, &LocalSocket::congestedChanged, this, doSomething);
        }
    }
    const auto anybodyLeft = [&] {
        return std::any_of(sockets.begin(), sockets.end(), [](const auto &socket) {
            return socket && socket->state() == LocalSocket::ConnectedState;
        });
    };
    // A timer starts what the slots go on with, until no connection is left.
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        if (depth == 0)
            doSomething();
    });
    timer.start(0);
    QTRY_VERIFY_WITH_TIMEOUT(!anybodyLeft(), 30'000);
    timer.stop();
    QVERIFY(calls >= Count / 2);
    // Of their ends they tell until they are gone, and what the slots use ends here.
    sockets.insert(sockets.end(), leaving.begin(), leaving.end());
    for (const auto &socket : sockets) {
        if (socket)
            socket->disconnect();
    }
    for (const auto &socket : sockets)
        delete socket.data();
}

QTEST_GUILESS_MAIN(tst_streamdevice_lifetime)
#include "tst_streamdevice_lifetime.moc"
