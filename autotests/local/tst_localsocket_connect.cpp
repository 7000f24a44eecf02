// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "processortime.h"
#include "rawpair.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// Connecting: what is told, when, and in which order; where it fails and how it is given up.
class tst_localsocket_connect : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void successIsToldFromTheEventLoop();
    void whatCannotWorkIsToldFromTheEventLoop_data();
    void whatCannotWorkIsToldFromTheEventLoop();
    void aFullBacklogEndsInATimeout();
    void aFullBacklogThatDrainsLetsUsIn();
    void aFullServerThatGoesIsTold();
    void noTimeoutWaitsOn();
    void connectingTwiceIsAnError();
    void openIsConnecting();
    void waitingWithoutAnEventLoop();
    void waitingForAFullBacklogUsesNoProcessor();
    void waitingForFailureEnds();
};

namespace
{

// What is told, in its order. Not beyond its own end: a socket still tells of the end of its connection when it is destroyed.
class Log : public QObject
{
public:
    explicit Log(LocalSocket &socket)
    {
        QObject::connect(&socket, &LocalSocket::stateChanged, this, [this](LocalSocket::LocalSocketState state) {
            entries.append(QVariant::fromValue(state).toString());
        });
        QObject::connect(&socket, &LocalSocket::connected, this, [this] {
            entries.append("connected");
        });
        QObject::connect(&socket, &LocalSocket::disconnected, this, [this] {
            entries.append("disconnected");
        });
        QObject::connect(&socket, &LocalSocket::errorOccurred, this, [this](LocalSocket::LocalSocketError error) {
            entries.append(QVariant::fromValue(error).toString());
        });
    }
    QStringList entries;
};

} // namespace

void tst_localsocket_connect::successIsToldFromTheEventLoop()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    Log log(client);
    client.connectToServer(path());
    QCOMPARE(client.state(), LocalSocket::ConnectedState); // it is so already
    QVERIFY(client.isValid() && client.isOpen());
    QCOMPARE(client.serverName(), path());
    QCOMPARE(client.fullServerName(), server.fullServerName());
    QVERIFY(!log.entries.contains("connected"));
    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", "ConnectedState", "connected"}));
    client.disconnectFromServer();
    QTRY_COMPARE(log.entries.mid(3), (QStringList{"ClosingState", "UnconnectedState", "disconnected"}));
}

void tst_localsocket_connect::whatCannotWorkIsToldFromTheEventLoop_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("missing") << "missing";
    QTest::newRow("no name") << "";
    QTest::newRow("too long") << QString(300, QLatin1Char('x'));
}

void tst_localsocket_connect::whatCannotWorkIsToldFromTheEventLoop()
{
    QFETCH(QString, name);
    if (name == "missing")
        name = path(name);
    LocalSocket client;
    Log log(client);
    client.connectToServer(name);
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    QCOMPARE(client.error(), LocalSocket::ServerNotFoundError);
    QVERIFY(!client.isOpen());
    QVERIFY(!log.entries.contains("UnconnectedState")); // the signals have not come yet

    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", "ServerNotFoundError", "UnconnectedState"}));
    QCOMPARE(client.error(), LocalSocket::ServerNotFoundError);
    if (!name.isEmpty())
        QVERIFY2(client.errorString().contains(name), qPrintable(client.errorString()));
    QVERIFY(!client.isValid());
    QCOMPARE(client.socketDescriptor(), -1);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("device not open"));
    QCOMPARE(client.write("x"), -1);
}

void tst_localsocket_connect::aFullBacklogEndsInATimeout()
{
    RawPeer::Server server(path());
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    QVERIFY(!waiting.empty());
    LocalSocket client;
    Log log(client);
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.setConnectTimeout(600ms);
    QCOMPARE(client.connectTimeout(), 600);
    const auto before = processorTime();
    client.connectToServer(path());
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    QVERIFY(client.isOpen()); // what is written now goes out later
    QVERIFY(failed.wait());
    QVERIFY(processorTime() - before < 300ms); // of 600 that a busy wait would take
    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", "SocketTimeoutError", "UnconnectedState"}));
    QVERIFY2(client.errorString().contains(path()), qPrintable(client.errorString()));
    QVERIFY(!client.isOpen());
}

void tst_localsocket_connect::aFullBacklogThatDrainsLetsUsIn()
{
    RawPeer::Server server(path());
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    LocalSocket client;
    Log log(client);
    client.connectToServer(path());
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    QCOMPARE(client.write("early"), 5);
    QTest::qWait(100); // it has been tried in vain several times
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(server.accept());
    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", "ConnectedState", "connected"}));
    const RawPeer::NativeHandle peer = server.accept();
    QTRY_COMPARE(client.bytesToWrite(), 0);
    QCOMPARE(RawPeer::read(peer), "early");
}

void tst_localsocket_connect::aFullServerThatGoesIsTold()
{
    auto server = std::make_unique<RawPeer::Server>(path());
    auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    LocalSocket client;
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(path());
    QTest::qWait(20);
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    server.reset();
    waiting.clear();
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    // On Unix its name is still there.
    QVERIFY(client.error() == LocalSocket::ConnectionRefusedError || client.error() == LocalSocket::ServerNotFoundError);
}

void tst_localsocket_connect::noTimeoutWaitsOn()
{
    RawPeer::Server server(path());
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy changed(&client, &LocalSocket::connectTimeoutChanged);
    client.setConnectTimeout(-1);
    QCOMPARE(changed.count(), 1);
    client.connectToServer(path());
    QTest::qWait(100);
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(server.accept());
    QVERIFY(connected.wait());
}

void tst_localsocket_connect::connectingTwiceIsAnError()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer();
    QVERIFY(failed.isEmpty());
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<LocalSocket::LocalSocketError>(), LocalSocket::OperationError);
    QCOMPARE(client.state(), LocalSocket::ConnectedState); // the connection is not hurt
    QTRY_VERIFY(server.hasPendingConnections());
    client.write("fine");
    QTRY_COMPARE(server.findChild<LocalSocket *>()->bytesAvailable(), 4);
}

void tst_localsocket_connect::openIsConnecting()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.setServerName(path());
    QVERIFY(client.open(QIODevice::ReadOnly));
    QCOMPARE(client.openMode() & QIODevice::ReadWrite, QIODevice::ReadOnly);
    QTRY_COMPARE(client.state(), LocalSocket::ConnectedState);
    LocalSocket lost;
    lost.setServerAddress(Address::filePath(path("missing")));
    QVERIFY(!lost.open());
}

void tst_localsocket_connect::waitingWithoutAnEventLoop()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    QVERIFY(!client.waitForConnected(10)); // nobody has asked it to connect
    client.connectToServer(path());
    QVERIFY(client.waitForConnected());
    QCOMPARE(connected.count(), 1);
    QVERIFY(client.waitForConnected(0)); // it is
    runTurns();
    QCOMPARE(connected.count(), 1);
}

void tst_localsocket_connect::waitingForAFullBacklogUsesNoProcessor()
{
    RawPeer::Server server(path());
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    LocalSocket client;
    client.connectToServer(path());
    const auto before = processorTime();
    QVERIFY(!client.waitForConnected(600));
    QVERIFY(processorTime() - before < 300ms);
    QCOMPARE(client.state(), LocalSocket::ConnectingState); // only the waiting is over
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(server.accept());
    QVERIFY(client.waitForConnected(10'000));
}

void tst_localsocket_connect::waitingForFailureEnds()
{
    LocalSocket client;
    QSignalSpy failed(&client, &LocalSocket::errorOccurred);
    client.connectToServer(path("missing"));
    QVERIFY(!client.waitForConnected());
    QCOMPARE(failed.count(), 1);
    QCOMPARE(client.error(), LocalSocket::ServerNotFoundError);

    RawPeer::Server server(path());
    const auto waiting = RawPeer::fillQueue(path());
    QVERIFY(!waiting.empty());
    client.setConnectTimeout(50ms);
    client.connectToServer(path());
    QVERIFY(!client.waitForConnected()); // the shorter of the two times
    QCOMPARE(failed.count(), 2);
    QCOMPARE(client.error(), LocalSocket::SocketTimeoutError);
}

QTEST_GUILESS_MAIN(tst_localsocket_connect)
#include "tst_localsocket_connect.moc"
