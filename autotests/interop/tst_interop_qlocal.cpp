// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCryptographicHash>
#include <QLocalServer>
#include <QLocalSocket>
#include <QUuid>

using namespace InterprocessQt;

// One side may be Qt's own: an application can be moved to this library one process at a time.
class tst_interop_qlocal : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void bytesTravelBothWays_data();
    void bytesTravelBothWays();
    void muchDataTravelsBothWaysAtOnce_data();
    void muchDataTravelsBothWaysAtOnce();
    void theServerEndsTheConnection_data();
    void theServerEndsTheConnection();
    void theClientEndsTheConnection_data();
    void theClientEndsTheConnection();
    void theSameNameMeansTheSamePlace();
};

namespace
{
enum Names {
    File,
    Bare,
    Abstract,
};

template<typename Server, typename Socket>
struct Sides {
    // Connected, or a reason why not.
    QString connectBy(Names names, const QString &name)
    {
        if (names == Abstract) {
            server.setSocketOptions(Server::AbstractNamespaceOption);
            client.setSocketOptions(Socket::AbstractNamespaceOption);
        }
        if (!server.listen(name))
            return server.errorString();
        client.connectToServer(name);
        if (!waitUntil([&] {
                return server.hasPendingConnections();
            }))
            return "nobody came: " + client.errorString();
        accepted = server.nextPendingConnection();
        if (!waitUntil([&] {
                return client.state() == Socket::ConnectedState;
            }))
            return "not connected: " + client.errorString();
        return {};
    }
    Server server;
    Socket client;
    decltype(server.nextPendingConnection()) accepted = nullptr;
};

void addRows()
{
    QTest::addColumn<bool>("ourServer");
    QTest::addColumn<int>("names");
    for (const bool ourServer : {true, false}) {
        const char *who = ourServer ? "QLocalSocket to LocalServer" : "LocalSocket to QLocalServer";
        QTest::addRow("%s, file", who) << ourServer << int(File);
        QTest::addRow("%s, bare name", who) << ourServer << int(Bare);
#ifdef Q_OS_LINUX
        QTest::addRow("%s, abstract", who) << ourServer << int(Abstract);
#endif
    }
}

template<typename Socket>
struct Sum {
    explicit Sum(Socket *socket)
    {
        QObject::connect(socket, &Socket::readyRead, socket, [this, socket] {
            const QByteArray bytes = socket->readAll();
            hash.addData(bytes);
            size += bytes.size();
        });
    }
    QCryptographicHash hash{QCryptographicHash::Md5};
    qint64 size = 0;
};
} // namespace

// Runs the same test with our server and Qt's client, and the other way round.
#define IN_BOTH_DIRECTIONS(test)                                                                                                                               \
    QFETCH(bool, ourServer);                                                                                                                                   \
    QFETCH(int, names);                                                                                                                                        \
    const QString unique = "ipq" + QUuid::createUuid().toString(QUuid::Id128);                                                                                 \
    const QString name = names == File ? path() : unique;                                                                                                      \
    if (ourServer) {                                                                                                                                           \
        Sides<LocalServer, QLocalSocket> sides;                                                                                                                \
        QCOMPARE(sides.connectBy(Names(names), name), QString());                                                                                              \
        test(sides);                                                                                                                                           \
    } else {                                                                                                                                                   \
        Sides<QLocalServer, LocalSocket> sides;                                                                                                                \
        QCOMPARE(sides.connectBy(Names(names), name), QString());                                                                                              \
        test(sides);                                                                                                                                           \
    }

void tst_interop_qlocal::bytesTravelBothWays_data()
{
    addRows();
}

void tst_interop_qlocal::bytesTravelBothWays()
{
    const auto test = [](auto &sides) {
        sides.client.write("question");
        QTRY_COMPARE(sides.accepted->bytesAvailable(), 8);
        QCOMPARE(sides.accepted->readAll(), "question");
        sides.accepted->write("answer");
        QTRY_COMPARE(sides.client.bytesAvailable(), 6);
        QCOMPARE(sides.client.readAll(), "answer");
    };
    IN_BOTH_DIRECTIONS(test)
}

void tst_interop_qlocal::muchDataTravelsBothWaysAtOnce_data()
{
    addRows();
}

void tst_interop_qlocal::muchDataTravelsBothWaysAtOnce()
{
    const auto test = [](auto &sides) {
        constexpr int Size = 16 * 1024 * 1024;
        QByteArray toServer(Size, 's');
        QByteArray toClient(Size, 'c');
        for (int i = 0; i < Size; i += 1000) {
            toServer[i] = char(i / 1000);
            toClient[i] = char(i / 1001);
        }
        Sum atServer(sides.accepted);
        Sum atClient(&sides.client);
        sides.client.write(toServer);
        sides.accepted->write(toClient);
        QTRY_COMPARE_WITH_TIMEOUT(atServer.size, Size, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(atClient.size, Size, 20'000);
        QCOMPARE(atServer.hash.result(), QCryptographicHash::hash(toServer, QCryptographicHash::Md5));
        QCOMPARE(atClient.hash.result(), QCryptographicHash::hash(toClient, QCryptographicHash::Md5));
    };
    IN_BOTH_DIRECTIONS(test)
}

void tst_interop_qlocal::theServerEndsTheConnection_data()
{
    addRows();
}

void tst_interop_qlocal::theServerEndsTheConnection()
{
    const auto test = [](auto &sides) {
        using Socket = std::decay_t<decltype(sides.client)>;
        QSignalSpy disconnected(&sides.client, &Socket::disconnected);
        sides.accepted->write("farewell");
        sides.accepted->disconnectFromServer();
        QTRY_COMPARE(disconnected.size(), 1);
        QCOMPARE(sides.client.readAll(), "farewell");
        QCOMPARE(sides.client.state(), Socket::UnconnectedState);
    };
    IN_BOTH_DIRECTIONS(test)
}

void tst_interop_qlocal::theClientEndsTheConnection_data()
{
    addRows();
}

void tst_interop_qlocal::theClientEndsTheConnection()
{
    const auto test = [](auto &sides) {
        using Socket = std::decay_t<decltype(*sides.accepted)>;
        QSignalSpy disconnected(sides.accepted, &Socket::disconnected);
        const QByteArray much(2 * 1024 * 1024, 'm'); // more than is written at once
        Sum received(sides.accepted);
        sides.client.write(much);
        sides.client.disconnectFromServer();
        QTRY_COMPARE(disconnected.size(), 1);
        received.size += sides.accepted->readAll().size();
        QCOMPARE(received.size, much.size());
        QCOMPARE(sides.accepted->state(), Socket::UnconnectedState);
    };
    IN_BOTH_DIRECTIONS(test)
}

void tst_interop_qlocal::theSameNameMeansTheSamePlace()
{
    for (const QString &name : {path(), QString("ipq" + QUuid::createUuid().toString(QUuid::Id128))}) {
        QString theirs;
        {
            QLocalServer server;
            QVERIFY(server.listen(name));
            theirs = server.fullServerName();
        }
        LocalServer server;
        QVERIFY(server.listen(name));
        QCOMPARE(server.fullServerName(), theirs);
        QCOMPARE(server.serverName(), name);
    }
}

QTEST_GUILESS_MAIN(tst_interop_qlocal)
#include "tst_interop_qlocal.moc"
