// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "forkedchild.h"
#include "rawsocket.h"

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
    void permissionDeniedIsAnAccessError();
    void aFullBacklogEndsInATimeout();
    void aFullBacklogThatDrainsLetsUsIn();
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
    QCOMPARE(client.fullServerName(), path());
    QVERIFY(!log.entries.contains("connected"));
    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", "ConnectedState", "connected"}));
    client.disconnectFromServer();
    QTRY_COMPARE(log.entries.mid(3), (QStringList{"ClosingState", "UnconnectedState", "disconnected"}));
}

void tst_localsocket_connect::whatCannotWorkIsToldFromTheEventLoop_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("error");
    QTest::newRow("missing") << "missing"
                             << "ServerNotFoundError";
    QTest::newRow("missing directory") << "missing directory"
                                       << "ServerNotFoundError";
    QTest::newRow("stale") << "stale"
                           << "ConnectionRefusedError";
    QTest::newRow("file") << "file"
                          << "ConnectionRefusedError";
    QTest::newRow("datagram socket") << "datagram"
                                     << "UnsupportedSocketOperationError";
    QTest::newRow("abstract") << "abstract"
                              << "ConnectionRefusedError";
    QTest::newRow("no name") << "no name"
                             << "ServerNotFoundError";
    QTest::newRow("too long") << "too long"
                              << "ServerNotFoundError";
}

void tst_localsocket_connect::whatCannotWorkIsToldFromTheEventLoop()
{
    QFETCH(QString, kind);
    QString name = path();
    Raw::NativeHandle datagram;
    if (kind == "missing directory") {
        name = path("missing/socket");
    } else if (kind == "stale") {
        QVERIFY(Raw::leaveStaleSocket(name));
    } else if (kind == "file") {
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (kind == "datagram") {
        datagram = Raw::bound(Raw::fileName(name), SOCK_DGRAM);
    } else if (kind == "abstract") {
        name = "@" + abstractName();
    } else if (kind == "no name") {
        name.clear();
    } else if (kind == "too long") {
        name = QString(200, QLatin1Char('x'));
    }

    LocalSocket client;
    Log log(client);
    client.connectToServer(name);
    QCOMPARE(client.state(), LocalSocket::UnconnectedState);
    QTEST(QVariant::fromValue(client.error()).toString(), "error");
    QVERIFY(!client.isOpen());
    QVERIFY(!log.entries.contains("UnconnectedState")); // the signals have not come yet

    QFETCH(QString, error);
    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", error, "UnconnectedState"}));
    QTEST(QVariant::fromValue(client.error()).toString(), "error");
    if (!name.isEmpty())
        QVERIFY2(client.errorString().contains(name), qPrintable(client.errorString()));
    QVERIFY(!client.isValid());
    QCOMPARE(client.socketDescriptor(), -1);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("device not open"));
    QCOMPARE(client.write("x"), -1);
}

void tst_localsocket_connect::permissionDeniedIsAnAccessError()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const auto tryToConnect = [this]() -> QByteArray {
        LocalSocket client;
        client.connectToServer(path());
        return QByteArray::number(client.error()) + ' ' + QByteArray::number(client.nativeError());
    };
    QByteArray answer;
    if (ForkedChild::canChangeUser()) {
        ForkedChild child(tryToConnect, ForkedChild::someOtherUser());
        answer = child.result();
    } else {
        QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0), 0);
        answer = tryToConnect();
    }
    QCOMPARE(answer, QByteArray::number(LocalSocket::SocketAccessError) + ' ' + QByteArray::number(EACCES));
}

void tst_localsocket_connect::aFullBacklogEndsInATimeout()
{
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
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
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
    LocalSocket client;
    Log log(client);
    client.connectToServer(path());
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    QCOMPARE(client.write("early"), 5);
    QTest::qWait(100); // it has been tried in vain several times
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(Raw::accepted(server).isValid());
    QTRY_COMPARE(log.entries, (QStringList{"ConnectingState", "ConnectedState", "connected"}));
    const Raw::NativeHandle peer = Raw::accepted(server);
    QTRY_COMPARE(client.bytesToWrite(), 0);
    char data[10];
    QCOMPARE(::read(int(peer.get()), data, sizeof data), 5);
}

void tst_localsocket_connect::noTimeoutWaitsOn()
{
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
    LocalSocket client;
    QSignalSpy connected(&client, &LocalSocket::connected);
    QSignalSpy changed(&client, &LocalSocket::connectTimeoutChanged);
    client.setConnectTimeout(-1);
    QCOMPARE(changed.count(), 1);
    client.connectToServer(path());
    QTest::qWait(100);
    QCOMPARE(client.state(), LocalSocket::ConnectingState);
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(Raw::accepted(server).isValid());
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
    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
    LocalSocket client;
    client.connectToServer(path());
    const auto before = processorTime();
    QVERIFY(!client.waitForConnected(600));
    QVERIFY(processorTime() - before < 300ms);
    QCOMPARE(client.state(), LocalSocket::ConnectingState); // only the waiting is over
    for (size_t i = 0; i < waiting.size(); ++i)
        QVERIFY(Raw::accepted(server).isValid());
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

    const Raw::NativeHandle server = Raw::listening(Raw::fileName(path()), 0);
    const auto waiting = Raw::fillBacklog(Raw::fileName(path()));
    client.setConnectTimeout(50ms);
    client.connectToServer(path());
    QVERIFY(!client.waitForConnected()); // the shorter of the two times
    QCOMPARE(failed.count(), 2);
    QCOMPARE(client.error(), LocalSocket::SocketTimeoutError);
}

QTEST_GUILESS_MAIN(tst_localsocket_connect)
#include "tst_localsocket_connect.moc"
