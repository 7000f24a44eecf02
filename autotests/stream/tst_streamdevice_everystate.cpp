// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <functional>

using namespace InterprocessQt;

namespace
{
constexpr int Moment = 10; // of a wait in vain
constexpr qint64 Much = 3'000'000; // more than the system keeps for a peer that does not read

const QStringList States{"unconnected",
                         "failed",
                         "connecting",
                         "idle",
                         "with data",
                         "data unseen",
                         "full",
                         "writing",
                         "lingering",
                         "peer gone",
                         "aborted",
                         "closed",
                         "peer gone, data left"};

// A function of a socket, which is called in each state.
struct Function {
    const char *name;
    std::function<bool(LocalSocket &)> call;
    QStringList isTrueIn; // these states, and in no other
};

const QList<Function> &functions()
{
    using Socket = LocalSocket &;
    const QStringList none;
    const QStringList connected{"idle", "with data", "data unseen", "full", "writing"};
    const QStringList readable{"with data", "full", "peer gone, data left"};
    static const QList<Function> all{
        {"waitForConnected",
         [](Socket socket) {
             return socket.waitForConnected(Moment);
         },
         connected},
        {"waitForConnected, no time",
         [](Socket socket) {
             return socket.waitForConnected(0);
         },
         connected},
        {"waitForReadyRead",
         [](Socket socket) {
             return socket.waitForReadyRead(Moment);
         },
         {"data unseen"}},
        {"waitForReadyRead, no time",
         [](Socket socket) {
             return socket.waitForReadyRead(0);
         },
         {"data unseen"}},
        {"waitForBytesWritten",
         [](Socket socket) {
             return socket.waitForBytesWritten(Moment);
         },
         none},
        {"waitForBytesWritten, no time",
         [](Socket socket) {
             return socket.waitForBytesWritten(0);
         },
         none},
        {"waitForDisconnected",
         [](Socket socket) {
             return socket.waitForDisconnected(Moment);
         },
         none},
        {"waitForDisconnected, no time",
         [](Socket socket) {
             return socket.waitForDisconnected(0);
         },
         none},
        {"flush",
         [](Socket socket) {
             return socket.flush();
         },
         none},
        {"write",
         [](Socket socket) {
             return socket.write("x") == 1;
         },
         connected + QStringList{"connecting"}},
        {"read",
         [](Socket socket) {
             return !socket.readAll().isEmpty();
         },
         readable},
        {"consume",
         [](Socket socket) {
             return socket.consume(socket.view().size()) > 0;
         },
         readable},
        {"isWriteChannelOpen",
         [](Socket socket) {
             return socket.isWriteChannelOpen();
         },
         connected + QStringList{"connecting"}},
        {"isReadChannelFinished",
         [](Socket socket) {
             return socket.isReadChannelFinished();
         },
         {"peer gone", "peer gone, data left"}},
        {"isCongested",
         [](Socket socket) {
             return socket.isCongested();
         },
         {"writing", "lingering"}},
        {"isValid",
         [](Socket socket) {
             return socket.isValid();
         },
         connected + QStringList{"lingering"}},
        {"descriptor",
         [](Socket socket) {
             return socket.socketDescriptor() != -1;
         },
         connected + QStringList{"lingering"}},
        {"credentials",
         [](Socket socket) {
             return socket.peerCredentials().isValid();
         },
         connected + QStringList{"lingering"}},
    };
    return all;
}
} // namespace

// The functions of a stream in every state that a local socket can be in, those that wait above all: none hangs, each returns what
// it says, and the socket can be used again.
class tst_streamdevice_everystate : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void functionsReturnWhatTheySay_data();
    void functionsReturnWhatTheySay();
};

void tst_streamdevice_everystate::functionsReturnWhatTheySay_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("function");
    for (const QString &state : States) {
        for (int i = 0; i < functions().size(); ++i)
            QTest::addRow("%s, %s", qPrintable(state), functions().at(i).name) << state << i;
    }
}

void tst_streamdevice_everystate::functionsReturnWhatTheySay()
{
    QFETCH(QString, state);
    QFETCH(int, function);
    const Address name = Address::namespaced(abstractName());
    LocalServer server;
    server.setListenBacklogSize(1);
    QVERIFY2(server.listen(name), qPrintable(server.errorString()));
    auto socket = std::make_unique<LocalSocket>();
    std::vector<std::unique_ptr<LocalSocket>> others;
    std::unique_ptr<LocalSocket> peer;
    if (state == "failed") {
        socket->connectToServer(Address::namespaced(abstractName()));
    } else if (state == "connecting") {
        // The server does not come to accept anybody meanwhile.
        do {
            others.push_back(std::move(socket));
            socket = std::make_unique<LocalSocket>();
            socket->connectToServer(name);
        } while (socket->state() == LocalSocket::ConnectedState && others.size() < 100);
        QCOMPARE(socket->state(), LocalSocket::ConnectingState);
    } else if (state != "unconnected") {
        if (state == "full")
            socket->setReadBufferSize(10);
        socket->connectToServer(name);
        QVERIFY(server.waitForNewConnection(5000));
        peer.reset(server.nextPendingConnection());
        QTRY_COMPARE(socket->state(), LocalSocket::ConnectedState);
        runTurns();
        if (state == "with data" || state == "peer gone, data left") {
            peer->write("data");
            QTRY_COMPARE(socket->bytesAvailable(), 4);
        } else if (state == "full") {
            peer->write(QByteArray(1000, 'x'));
            QTRY_COMPARE(socket->bytesAvailable(), 10);
        } else if (state == "writing" || state == "lingering") {
            peer->setReadBufferSize(1);
            socket->write(QByteArray(Much, 'x'));
            runTurns();
            while (socket->waitForBytesWritten(50)) { } // until the system has what it takes
            QVERIFY(socket->bytesToWrite() > 0);
            if (state == "lingering")
                socket->disconnectFromServer();
        }
        if (state.startsWith("peer gone")) {
            peer->close();
            QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
        } else if (state == "aborted") {
            socket->abort();
        } else if (state == "closed") {
            socket->close();
            QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
        }
    }
    runTurns(state == "connecting" ? 0 : 20); // what has happened is told
    if (state == "data unseen") {
        peer->write("data");
        peer->flush();
    }

    const Function &tested = functions().at(function);
    QSignalSpy failed(socket.get(), &StreamDevice::errorOccurred);
    const LocalSocket::LocalSocketState before = socket->state();
    const bool result = tested.call(*socket);
    QCOMPARE(result, tested.isTrueIn.contains(state));
    QCOMPARE(failed.count(), 0); // that the time is over is no error of the stream
    QCOMPARE(socket->state(), before);

    socket->abort();
    if (peer)
        peer->abort();
    others.clear();
    runTurns();
    socket->setReadBufferSize(0);
    LocalServer next;
    QVERIFY(next.listen(Address::namespaced(abstractName())));
    socket->connectToServer(next.serverAddress());
    QVERIFY(next.waitForNewConnection(5000));
    const std::unique_ptr<LocalSocket> accepted(next.nextPendingConnection());
    QVERIFY(socket->waitForConnected(5000));
    accepted->write("again");
    QTRY_COMPARE(socket->bytesAvailable(), 5);
    QCOMPARE(socket->readAll(), "again");
}

QTEST_GUILESS_MAIN(tst_streamdevice_everystate)
#include "tst_streamdevice_everystate.moc"
