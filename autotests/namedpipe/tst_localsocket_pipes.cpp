// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipes.h"
#include "turns.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QLocalSocket>

using namespace Pipes;
using namespace InterprocessQt;

// What local sockets are on Windows, and what of that the manual says: pipes of bytes, for overlapped operations, for their user.
class tst_localsocket_pipes : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void anEndIsAdopted_data();
    void anEndIsAdopted();
    void whatIsNoneIsRefused_data();
    void whatIsNoneIsRefused();
    void aPipeOfMessagesIsNotConnectedTo();
    void aDisconnectedClientIsToldOfTheEnd();
    void whatIsUnreadCanStillBeRead();
    void thereIsNoHalfClose();
    void aFullReadBufferKeepsABlockMore();
    void noPolicyTakesANameFromALiveServer_data();
    void noPolicyTakesANameFromALiveServer();
    void nothingStandsForAServer();
    void aServerListensForItsUserAlone();
    void clientsCannotMakeInstances();
    void namesAreTheSameInUpperAndLowerCase();
    void namesThatOnlyLookAlikeAreTwo();
};

void tst_localsocket_pipes::anEndIsAdopted_data()
{
    QTest::addColumn<bool>("isServerEnd");
    QTest::newRow("of the server") << true;
    QTest::newRow("of the client") << false;
}

void tst_localsocket_pipes::anEndIsAdopted()
{
    QFETCH(bool, isServerEnd);
    const QString name = abstractName();
    NativeHandle server = rawServer(name, PIPE_TYPE_BYTE, 1, PIPE_ACCESS_DUPLEX | (isServerEnd ? FILE_FLAG_OVERLAPPED : 0));
    NativeHandle client = rawClient(name, GENERIC_READ | GENERIC_WRITE, isServerEnd ? 0 : FILE_FLAG_OVERLAPPED);
    QVERIFY(server && client);
    NativeHandle &ours = isServerEnd ? server : client;
    const NativeHandle &peer = isServerEnd ? client : server;
    QVERIFY(SetHandleInformation(native(ours), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    LocalSocket socket;
    QVERIFY2(socket.setSocketDescriptor(ours.get()), qPrintable(socket.errorString()));
    const HANDLE handle = native(ours);
    static_cast<void>(ours.release());
    DWORD flags = 0;
    QVERIFY(GetHandleInformation(handle, &flags));
    QVERIFY(!(flags & HANDLE_FLAG_INHERIT));
    QVERIFY(rawWrite(peer, "question"));
    QTRY_COMPARE(socket.bytesAvailable(), 8);
    socket.write("answer");
    QTRY_COMPARE(socket.bytesToWrite(), 0);
    QCOMPARE(rawRead(peer), "answer");
}

void tst_localsocket_pipes::whatIsNoneIsRefused_data()
{
    QTest::addColumn<QString>("what");
    for (const char *what : {"closed", "file", "event", "not overlapped", "messages", "disconnected"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void tst_localsocket_pipes::whatIsNoneIsRefused()
{
    QFETCH(QString, what);
    const QString name = abstractName();
    NativeHandle server;
    NativeHandle handle;
    if (what == "file") {
        handle = owned(CreateFileW(wide(path("file")), GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_NEW, FILE_FLAG_OVERLAPPED, nullptr));
    } else if (what == "event") {
        handle = owned(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    } else if (what == "disconnected") {
        handle = rawServer(name, PIPE_TYPE_BYTE, 1, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED);
        QVERIFY(rawClient(name));
        QVERIFY(DisconnectNamedPipe(native(handle)));
    } else {
        server = rawServer(name, what == "messages" ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE);
        handle = rawClient(name, GENERIC_READ | GENERIC_WRITE, what == "not overlapped" ? 0 : FILE_FLAG_OVERLAPPED);
    }
    QVERIFY(handle);
    const qintptr value = handle.get();
    if (what == "closed")
        handle.reset();
    LocalSocket socket;
    QVERIFY(!socket.setSocketDescriptor(value));
    QVERIFY(socket.error() == LocalSocket::UnsupportedSocketOperationError || socket.error() == LocalSocket::OperationError);
    QVERIFY2(socket.errorString().contains(QString::number(value)), qPrintable(socket.errorString()));
    QCOMPARE(socket.state(), LocalSocket::UnconnectedState);
    DWORD flags = 0;
    QCOMPARE(bool(GetHandleInformation(reinterpret_cast<HANDLE>(value), &flags)), what != "closed"); // it is the caller's
}

void tst_localsocket_pipes::aPipeOfMessagesIsNotConnectedTo()
{
    const QString name = abstractName();
    const NativeHandle server = rawServer(name, PIPE_TYPE_MESSAGE);
    QVERIFY(server);
    LocalSocket socket;
    QSignalSpy failed(&socket, &LocalSocket::errorOccurred);
    socket.connectToServer(Address::namespaced(name));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(socket.error(), LocalSocket::UnsupportedSocketOperationError);
    QVERIFY2(socket.errorString().contains("messages"), qPrintable(socket.errorString()));
}

void tst_localsocket_pipes::aDisconnectedClientIsToldOfTheEnd()
{
    // DisconnectNamedPipe() takes away what the client has not read: that is why a server of ours never calls it.
    const QString name = abstractName();
    const NativeHandle server = rawServer(name, PIPE_TYPE_BYTE);
    QVERIFY(server);
    LocalSocket socket;
    socket.connectToServer(Address::namespaced(name));
    QTRY_COMPARE(socket.state(), LocalSocket::ConnectedState);
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    QVERIFY(DisconnectNamedPipe(native(server)));
    QTRY_COMPARE(disconnected.count(), 1);
    QCOMPARE(socket.error(), LocalSocket::PeerClosedError);
}

void tst_localsocket_pipes::whatIsUnreadCanStillBeRead()
{
    // Whichever end is closed first, with something unread at both.
    for (const bool serverFirst : {true, false}) {
        LocalServer server;
        QVERIFY(server.listen(path()));
        const NativeHandle client =
            owned(CreateFileW(wide(server.fullServerName()), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
        QVERIFY(client);
        QVERIFY(server.waitForNewConnection(5000));
        std::unique_ptr<LocalSocket> accepted(server.nextPendingConnection());
        accepted->write("of the server");
        QTRY_COMPARE(accepted->bytesToWrite(), 0);
        QVERIFY(rawWrite(client, "of the client"));
        if (serverFirst) {
            accepted.reset();
            QCOMPARE(rawRead(client), "of the server");
            QVERIFY(!rawRead(client));
            QCOMPARE(GetLastError(), DWORD(ERROR_BROKEN_PIPE));
            QVERIFY(!rawWrite(client, "nobody reads it"));
        } else {
            CloseHandle(reinterpret_cast<HANDLE>(const_cast<NativeHandle &>(client).release()));
            QTRY_COMPARE(accepted->state(), LocalSocket::UnconnectedState);
            QCOMPARE(accepted->readAll(), "of the client");
            QCOMPARE(accepted->error(), LocalSocket::PeerClosedError);
        }
    }
}

void tst_localsocket_pipes::thereIsNoHalfClose()
{
    auto [one, other] = LocalSocket::pair();
    QVERIFY(!one->closeWriteChannel());
    QVERIFY(!one->errorString().isEmpty());
    one->write("goes on");
    QTRY_COMPARE(other->bytesAvailable(), 7);
}

void tst_localsocket_pipes::aFullReadBufferKeepsABlockMore()
{
    auto [one, other] = LocalSocket::pair();
    one->setReadBufferSize(100);
    constexpr qint64 Size = 10 * 1024 * 1024;
    other->write(QByteArray(Size, 'x'));
    QTRY_COMPARE(one->bytesAvailable(), 100);
    runTurns();
    QCOMPARE(one->bytesAvailable(), 100);
    // 64 KiB that are on their way here, as much that the pipe keeps in either direction, and no more.
    QVERIFY2(other->bytesToWrite() > Size - 1024 * 1024, qPrintable(QString::number(other->bytesToWrite())));
    one->setReadBufferSize(0);
    QTRY_COMPARE_WITH_TIMEOUT(one->bytesAvailable(), Size, 20'000);
}

void tst_localsocket_pipes::noPolicyTakesANameFromALiveServer_data()
{
    QTest::addColumn<LocalServer::NamePolicy>("policy");
    QTest::newRow("TakeOverStale") << LocalServer::NamePolicy::TakeOverStale;
    QTest::newRow("Exclusive") << LocalServer::NamePolicy::Exclusive;
    QTest::newRow("TakeOverAlways") << LocalServer::NamePolicy::TakeOverAlways;
}

void tst_localsocket_pipes::noPolicyTakesANameFromALiveServer()
{
    QFETCH(LocalServer::NamePolicy, policy);
    const QString name = abstractName();
    const NativeHandle live = rawServer(name, PIPE_TYPE_BYTE);
    QVERIFY(live);
    LocalServer server;
    server.setNamePolicy(policy);
    QVERIFY(!server.listen(name));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
    QCOMPARE(server.nativeError(), int(ERROR_ACCESS_DENIED));
}

void tst_localsocket_pipes::nothingStandsForAServer()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QCOMPARE(server.socketDescriptor(), -1);
    LocalServer activated;
    QVERIFY(!activated.listenActivated());
    QVERIFY(!activated.errorString().isEmpty());
}

void tst_localsocket_pipes::aServerListensForItsUserAlone()
{
    if (isWine())
        QSKIP("Wine keeps the security descriptor of a pipe, and lets everybody in all the same");
    LocalServer server;
    QVERIFY(server.listen(path()));
    // Somebody without a name is not the user.
    QVERIFY(ImpersonateAnonymousToken(GetCurrentThread()));
    const HANDLE opened = CreateFileW(wide(server.fullServerName()), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    const DWORD error = GetLastError();
    QVERIFY(RevertToSelf());
    const NativeHandle guard = owned(opened);
    QVERIFY(!guard);
    QCOMPARE(error, DWORD(ERROR_ACCESS_DENIED));
}

void tst_localsocket_pipes::clientsCannotMakeInstances()
{
    if (isWine())
        QSKIP("Wine keeps the security descriptor of a pipe, and lets everybody in all the same");
    // The user of the server can do everything with it, and a client does not ask for that.
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalSocket client;
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    const HANDLE copy = reinterpret_cast<HANDLE>(client.socketDescriptor());
    HANDLE more = nullptr;
    const bool duplicated = DuplicateHandle(GetCurrentProcess(), copy, GetCurrentProcess(), &more, FILE_CREATE_PIPE_INSTANCE, FALSE, 0);
    const NativeHandle guard = duplicated ? owned(more) : NativeHandle();
    QVERIFY(!duplicated);
    // QLocalSocket asks for GENERIC_WRITE, which includes it, and the user of the server may.
    QLocalSocket qtClient;
    qtClient.connectToServer(path());
    QVERIFY(qtClient.waitForConnected());
}

void tst_localsocket_pipes::namesAreTheSameInUpperAndLowerCase()
{
    const QString name = abstractName();
    LocalServer server;
    QVERIFY(server.listen(name));
    LocalServer second;
    QVERIFY(!second.listen(name.toUpper()));
    QCOMPARE(second.serverError(), LocalServer::AddressInUseError);
    LocalSocket client;
    client.connectToServer(name.toUpper());
    QVERIFY(client.waitForConnected());
}

void tst_localsocket_pipes::namesThatOnlyLookAlikeAreTwo()
{
    // Windows turns each character into one, as it does with names of files: not a sharp s into two, nor a dotless i into I.
    const QString name = abstractName();
    const QList<std::pair<QString, QString>> pairs{{QStringLiteral(u"stra\u00DFe"), QStringLiteral("STRASSE")},
                                                   {QStringLiteral(u"\u0131"), QStringLiteral("I")}};
    for (const auto &[one, two] : pairs) {
        LocalServer first;
        QVERIFY2(first.listen(name + one), qPrintable(first.errorString()));
        LocalServer second;
        QVERIFY2(second.listen(name + two), qPrintable(second.errorString()));
        LocalSocket client;
        client.connectToServer(name + two);
        QVERIFY(client.waitForConnected());
        QTRY_VERIFY(second.hasPendingConnections());
        QVERIFY(!first.hasPendingConnections());
    }
}

QTEST_GUILESS_MAIN(tst_localsocket_pipes)
#include "tst_localsocket_pipes.moc"
