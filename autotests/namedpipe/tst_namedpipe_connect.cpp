// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"

using namespace Pipes;
using InterprocessQt::LocalSocket;
using InterprocessQt::PeerCredentials;
using InterprocessQt::StreamDevice;

// Names, other computers, and servers that are trusted or not.
class tst_namedpipe_connect : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoPipeIsNotConnectedTo_data();
    void whatIsNoPipeIsNotConnectedTo();
    void byEveryFormOfTheName_data();
    void byEveryFormOfTheName();
    void fullNamesSetTheHost();
    void whatIsNotThereIsToldFromTheEventLoop();
    void anotherComputerIsAskedInTheBackground_data();
    void anotherComputerIsAskedInTheBackground();
    void clientsOfOtherComputersAreRejected_data();
    void clientsOfOtherComputersAreRejected();
    void anotherComputerCanBeGivenUp();
    void aTrustedServer();
    void aServerThatIsNotTrustedGetsNothing();
    void idsOfBothEnds();
    void reconnecting();
    void theLevelOfIdentity();
};

void tst_namedpipe_connect::byEveryFormOfTheName_data()
{
    QTest::addColumn<QString>("form");
    QTest::newRow("bare") << "%1";
    QTest::newRow("namespaced") << "@%1";
    QTest::newRow("full") << R"(\\.\pipe\%1)";
    QTest::newRow("full, slashes") << "//./pipe/%1";
    QTest::newRow("large letters") << R"(\\.\PIPE\%1)";
}

void tst_namedpipe_connect::byEveryFormOfTheName()
{
    QFETCH(QString, form);
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    NamedPipe client;
    client.connectToServer(form.arg(name));
    QVERIFY2(client.waitForConnected(5000), qPrintable(client.errorString()));
    QCOMPARE(client.fullServerName(), fullName(name));
}

void tst_namedpipe_connect::fullNamesSetTheHost()
{
    NamedPipe client;
    QSignalSpy changed(&client, &NamedPipe::hostChanged);
    QVERIFY(client.host().isEmpty());
    client.connectToServer(R"(\\computer.invalid\pipe\a\b)");
    QCOMPARE(client.host(), "computer.invalid");
    QCOMPARE(changed.size(), 1);
    client.abort();
    client.connectToServer(R"(\\.\pipe\no-such-pipe)");
    QVERIFY(client.host().isEmpty());
    client.abort();
    client.connectToHost(".", "no-such-pipe");
    QCOMPARE(client.host(), ".");
    QVERIFY(!client.waitForConnected(5000));
    QCOMPARE(client.error(), StreamDevice::ServerNotFoundError);
    QVERIFY2(client.errorString().contains(R"(\\.\pipe\no-such-pipe)"), qPrintable(client.errorString()));
}

void tst_namedpipe_connect::whatIsNotThereIsToldFromTheEventLoop()
{
    NamedPipe client;
    QSignalSpy errors(&client, &LocalSocket::errorOccurred);
    client.connectToServer(abstractName());
    QVERIFY(errors.isEmpty());
    QVERIFY(waitUntil([&] {
        return errors.size() == 1;
    }));
    QCOMPARE(client.error(), StreamDevice::ServerNotFoundError);
    QCOMPARE(client.nativeError(), ERROR_FILE_NOT_FOUND);
}

void tst_namedpipe_connect::anotherComputerIsAskedInTheBackground_data()
{
    QTest::addColumn<bool>("withEventLoop");
    QTest::newRow("event loop") << true;
    QTest::newRow("wait") << false;
}

void tst_namedpipe_connect::anotherComputerIsAskedInTheBackground()
{
    QFETCH(bool, withEventLoop);
    NamedPipe client;
    client.setConnectTimeout(60'000);
    QSignalSpy errors(&client, &LocalSocket::errorOccurred);
    client.connectToHost("computer.invalid", "service"); // a name that never is one (RFC 2606)
    QVERIFY(errors.isEmpty());
    if (withEventLoop) {
        QVERIFY(waitUntil(
            [&] {
                return !errors.isEmpty();
            },
            50'000));
    } else {
        QVERIFY(!client.waitForConnected(50'000));
    }
    QCOMPARE(client.error(), StreamDevice::ServerNotFoundError);
    QVERIFY(client.nativeError() != 0);
    QVERIFY2(client.errorString().contains(R"(\\computer.invalid\pipe\service)"), qPrintable(client.errorString()));
}

void tst_namedpipe_connect::clientsOfOtherComputersAreRejected_data()
{
    QTest::addColumn<bool>("allowed");
    QTest::newRow("by default") << false;
    QTest::newRow("unless they are allowed") << true;
}

void tst_namedpipe_connect::clientsOfOtherComputersAreRejected()
{
    // This computer is another one for who reaches it by its name, and so through the protocol for shared files.
    if (isWine())
        QSKIP("Wine knows no pipes of other computers, nor of this one by its name");
    QFETCH(bool, allowed);
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(!server.areRemoteClientsAllowed());
    server.setRemoteClientsAllowed(allowed);
    QVERIFY(server.listen(name));
    NamedPipe client;
    client.connectToHost("localhost", name);
    QCOMPARE(client.waitForConnected(20'000), allowed);
    if (!allowed)
        QVERIFY(!client.errorString().isEmpty());
}

void tst_namedpipe_connect::anotherComputerCanBeGivenUp()
{
    NamedPipe client;
    QSignalSpy errors(&client, &LocalSocket::errorOccurred);
    client.connectToHost("computer.invalid", "service");
    client.abort();
    QCOMPARE(client.state(), NamedPipe::UnconnectedState);
    client.connectToHost("computer.invalid", "service");
    {
        NamedPipe destroyed;
        destroyed.connectToHost("computer.invalid", "service");
    }
    client.abort();
    QCoreApplication::processEvents();
    QVERIFY(errors.isEmpty());
}

void tst_namedpipe_connect::aTrustedServer()
{
    Ends same;
    same.client.setServerPolicy(NamedPipe::ServerPolicy::SameUser);
    QCOMPARE(same.client.serverPolicy(), NamedPipe::ServerPolicy::SameUser);
    QVERIFY(same.connect(abstractName()));

    Ends asked;
    std::optional<qint64> process;
    std::optional<QString> user;
    asked.client.setServerPolicy([&](const PeerCredentials &server) {
        process = server.processId();
        user = server.securityId();
        return true;
    });
    QCOMPARE(asked.client.serverPolicy(), NamedPipe::ServerPolicy::Any);
    QVERIFY(asked.connect(abstractName()));
    QCOMPARE(process, QCoreApplication::applicationPid());
    QCOMPARE(user, PeerCredentials::ofThisProcess().securityId());
}

void tst_namedpipe_connect::aServerThatIsNotTrustedGetsNothing()
{
    const QString name = abstractName();
    NamedPipeServer server;
    QVERIFY(server.listen(name));
    NamedPipe client;
    client.setServerPolicy([](const PeerCredentials &) {
        return false;
    });
    client.connectToServer(name);
    client.write("secret");
    QVERIFY(!client.waitForConnected(5000));
    QCOMPARE(client.error(), StreamDevice::SocketAccessError);
    QCOMPARE(client.nativeError(), 0);
    QVERIFY2(client.errorString().contains(QString::number(QCoreApplication::applicationPid())), qPrintable(client.errorString()));
    if (server.waitForNewConnection(1000)) {
        const std::unique_ptr<NamedPipe> accepted(server.nextPendingConnection());
        accepted->waitForDisconnected(5000);
        QVERIFY(accepted->readAll().isEmpty());
    }
    // Trust is asked for anew by each connection.
    client.setServerPolicy(NamedPipe::ServerPolicy::Any);
    client.connectToServer(name);
    QVERIFY2(client.waitForConnected(5000), qPrintable(client.errorString()));
}

void tst_namedpipe_connect::idsOfBothEnds()
{
    Ends ends;
    for (const NamedPipe *unconnected : {&ends.client}) {
        QVERIFY(!unconnected->isServerEnd());
        QVERIFY(!unconnected->isClientEnd());
        QVERIFY(!unconnected->serverProcessId());
        QVERIFY(!unconnected->clientSessionId());
    }
    QVERIFY(ends.connect(abstractName()));
    QVERIFY(ends.accepted->isServerEnd() && !ends.accepted->isClientEnd());
    QVERIFY(ends.client.isClientEnd() && !ends.client.isServerEnd());
    const qint64 pid = QCoreApplication::applicationPid();
    const auto session = PeerCredentials::ofThisProcess().sessionId();
    for (const NamedPipe *pipe : {&ends.client, ends.accepted.get()}) {
        QCOMPARE(pipe->serverProcessId(), pid);
        QCOMPARE(pipe->clientProcessId(), pid);
        QCOMPARE(pipe->serverSessionId(), session);
        QCOMPARE(pipe->clientSessionId(), session);
        QCOMPARE(pipe->peerCredentials().processId(), pid);
        QVERIFY(pipe->peerCredentials().isSameUser());
    }
}

void tst_namedpipe_connect::reconnecting()
{
    Ends ends;
    QVERIFY(ends.connect(abstractName()));
    ends.client.setReconnectEnabled(true);
    ends.client.setReconnectDelays(std::chrono::milliseconds(1), std::chrono::milliseconds(10));
    QVERIFY(ends.accepted->send("left over"));
    QVERIFY(ends.client.waitForMessage(5000));
    ends.accepted.reset();
    QVERIFY(waitUntil([&] {
        ends.accepted.reset(ends.accepted ? ends.accepted.release() : ends.server.nextPendingConnection());
        return ends.accepted && ends.client.state() == NamedPipe::ConnectedState;
    }));
    QVERIFY(!ends.client.hasPendingMessages()); // that belonged to the last connection
    QVERIFY(ends.accepted->send("again"));
    QCOMPARE(receiveAll(ends.client, 1), List{"again"});
}

void tst_namedpipe_connect::theLevelOfIdentity()
{
    NamedPipe pipe;
    QCOMPARE(pipe.impersonationLevel(), NamedPipe::Impersonation::Identification);
    pipe.setImpersonationLevel(NamedPipe::Impersonation::Anonymous);
    QCOMPARE(pipe.impersonationLevel(), NamedPipe::Impersonation::Anonymous);
}

void tst_namedpipe_connect::whatIsNoPipeIsNotConnectedTo_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("name"); // of which %1 is the path of a file, without its drive
    QTest::newRow("name") << QString() << "../%1";
    QTest::newRow("full name") << QString() << R"(\\.\pipe\..\%1)";
    QTest::newRow("host, verbatim") << R"(?\%1\..)"
                                    << "x";
    QTest::newRow("host of two parts") << R"(.\%1)"
                                       << "../../file";
    QTest::newRow("host with slash") << "./%1"
                                     << "../../file";
    QTest::newRow("host that is a prefix") << "?"
                                           << "x";
}

// Windows reads names as paths, also those that come from others, and opens whatever they lead to.
void tst_namedpipe_connect::whatIsNoPipeIsNotConnectedTo()
{
    QFETCH(QString, host);
    QFETCH(QString, name);
    QFile file(directory() + "/file");
    QVERIFY(file.open(QFile::WriteOnly) && file.write("mine") == 4);
    file.close();
    const QString path = QDir::toNativeSeparators(file.fileName());
    NamedPipe pipe;
    QSignalSpy connected(&pipe, &NamedPipe::connected);
    if (host.isEmpty())
        pipe.connectToServer(name.contains("%1") ? name.arg(path) : name);
    else
        pipe.connectToHost(host.contains("%1") ? host.arg(path) : host, name);
    QTRY_COMPARE(pipe.state(), NamedPipe::UnconnectedState);
    QVERIFY(connected.isEmpty());
    QTRY_COMPARE(pipe.error(), NamedPipe::ServerNotFoundError);
    QVERIFY(!pipe.errorString().isEmpty());
    if (host.isEmpty()) {
        LocalSocket socket;
        socket.connectToServer(name.arg(path));
        QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
        QTRY_VERIFY(!socket.errorString().isEmpty());
        InterprocessQt::LocalServer server;
        QVERIFY(!server.listen(name.arg(path)));
    }
}

QTEST_GUILESS_MAIN(tst_namedpipe_connect)
#include "tst_namedpipe_connect.moc"
