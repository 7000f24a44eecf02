// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include "rawsocket.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <algorithm>
#include <array>

using namespace InterprocessQt;

// Services that are started with their sockets: by the real systemd-socket-activate, and by hand for what that does not do.
class tst_localserver_activation : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void systemdStartsAService();
    void systemdPassesSocketsByName();
    void eachSocketIsTakenOnce();
    void socketsAreTakenInOrderWithoutNames();
    void socketsOfSomebodyElseAreLeftAlone_data();
    void socketsOfSomebodyElseAreLeftAlone();
    void nothingPassedSaysSo();
    void theNameStaysWhenTheServiceEnds();
    void whatIsNoListeningSocketIsRefused();
};

namespace
{

const QString SocketActivate = QStringLiteral("systemd-socket-activate");

// Starts the service with these descriptors from 3 on; with its own process id in LISTEN_PID unless told otherwise.
bool startWith(PeerProcess &peer, const std::vector<int> &descriptors, const QString &environment, const QStringList &arguments)
{
    const QString shell = PeerProcess::find("sh");
    const QString script = "LISTEN_PID=$$ LISTEN_FDS=" + QString::number(descriptors.size()) + " " + environment + " exec \"$0\" \"$@\"";
    // The child has our memory until it runs the shell (vfork(2)): nothing is allocated there, and no array is on its stack,
    // around which a sanitizer would leave its marks.
    std::array<int, 8> fds = {};
    std::copy(descriptors.begin(), descriptors.end(), fds.begin());
    peer.process().setChildProcessModifier([fds, count = descriptors.size()]() mutable {
        // They go up first: one that is among the targets must not be written over.
        for (std::size_t i = 0; i < count; ++i)
            fds[i] = ::fcntl(fds[i], F_DUPFD_CLOEXEC, 100);
        for (std::size_t i = 0; i < count; ++i)
            ::dup2(fds[i], 3 + int(i));
    });
    return peer.start(shell, QStringList{"-c", script, PeerProcess::find("peer_localactivated")} + arguments);
}

QString greetingAt(const QString &path)
{
    LocalSocket client;
    client.connectToServer(Address::filePath(path));
    if (!waitUntil([&client] {
            return client.canReadLine();
        }))
        return client.errorString();
    return QString::fromUtf8(client.readLine()).trimmed();
}

} // namespace

void tst_localserver_activation::initTestCase()
{
    if (!isSupported(Feature::ServiceActivation))
        QSKIP("This system does not start services with their sockets");
}

void tst_localserver_activation::systemdStartsAService()
{
    if (PeerProcess::find(SocketActivate).isEmpty())
        QSKIP("systemd-socket-activate is not installed");
    PeerProcess systemd;
    QVERIFY(systemd.start(SocketActivate, {"--listen=" + path(), PeerProcess::find("peer_localactivated"), "-"}));
    QTRY_VERIFY(Raw::fileAt(path()));
    // It starts the service when the first client is there, who is not lost.
    QCOMPARE(greetingAt(path()), "-");
    QCOMPARE(systemd.readLine(), "listening " + path());
    QCOMPARE(greetingAt(path()), "-");
    systemd.process().closeWriteChannel();
    QCOMPARE(systemd.waitForExit(), 0);
}

void tst_localserver_activation::systemdPassesSocketsByName()
{
    if (PeerProcess::find(SocketActivate).isEmpty())
        QSKIP("systemd-socket-activate is not installed");
    PeerProcess systemd;
    QVERIFY(systemd.start(
        SocketActivate,
        {"--listen=" + path("1"), "--listen=" + path("2"), "--fdname=data:control", PeerProcess::find("peer_localactivated"), "control", "nonsense", "data"}));
    QTRY_VERIFY(Raw::fileAt(path("2")));
    QCOMPARE(greetingAt(path("2")), "control");
    QCOMPARE(greetingAt(path("1")), "data");
    QCOMPARE(systemd.readLine(), "listening " + path("2"));
    const QString error = systemd.readLine();
    QVERIFY2(error.startsWith("error ") && error.contains("nonsense"), qPrintable(error));
    QCOMPARE(systemd.readLine(), "listening " + path("1"));
    systemd.process().closeWriteChannel();
    QCOMPARE(systemd.waitForExit(), 0);
}

void tst_localserver_activation::eachSocketIsTakenOnce()
{
    const Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()));
    PeerProcess peer;
    QVERIFY(startWith(peer, {int(listener.get())}, "LISTEN_FDNAMES=main", {"main", "main", "-"}));
    QCOMPARE(peer.readLine(), "listening " + path());
    for (int i = 0; i < 2; ++i) {
        const QString error = peer.readLine();
        QVERIFY2(error.startsWith("error ") && error.contains("taken"), qPrintable(error));
    }
    QCOMPARE(greetingAt(path()), "main");
}

void tst_localserver_activation::socketsAreTakenInOrderWithoutNames()
{
    const Raw::NativeHandle first = Raw::listening(Raw::fileName(path("1")));
    const Raw::NativeHandle second = Raw::listening(Raw::fileName(path("2")));
    PeerProcess peer;
    QVERIFY(startWith(peer, {int(first.get()), int(second.get())}, QString(), {"-", "-"}));
    QCOMPARE(peer.readLine(), "listening " + path("1"));
    QCOMPARE(peer.readLine(), "listening " + path("2"));
}

void tst_localserver_activation::socketsOfSomebodyElseAreLeftAlone_data()
{
    QTest::addColumn<QString>("environment");
    QTest::newRow("another process") << "LISTEN_PID=1";
    QTest::newRow("no process") << "LISTEN_PID=";
    QTest::newRow("nonsense") << "LISTEN_PID=x";
    QTest::newRow("no number") << "LISTEN_FDS=";
    QTest::newRow("none") << "LISTEN_FDS=0";
    QTest::newRow("negative") << "LISTEN_FDS=-1";
}

void tst_localserver_activation::socketsOfSomebodyElseAreLeftAlone()
{
    QFETCH(QString, environment);
    const Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()));
    PeerProcess peer;
    QVERIFY(startWith(peer, {int(listener.get())}, environment, {"-"}));
    const QString error = peer.readLine();
    QVERIFY2(error.startsWith(QString("error %1 ").arg(LocalServer::HostNotFoundError)), qPrintable(error));
    QVERIFY2(error.contains("No socket was passed"), qPrintable(error));
}

void tst_localserver_activation::nothingPassedSaysSo()
{
    LocalServer server;
    QVERIFY(!server.listenActivated());
    QCOMPARE(server.serverError(), LocalServer::HostNotFoundError);
    QVERIFY2(server.errorString().contains("LISTEN_FDS"), qPrintable(server.errorString()));
    QVERIFY(!server.isListening());
}

void tst_localserver_activation::theNameStaysWhenTheServiceEnds()
{
    // It belongs to whoever made it, and the next start of the service finds it again.
    const Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()));
    for (int i = 0; i < 2; ++i) {
        PeerProcess peer;
        QVERIFY(startWith(peer, {int(listener.get())}, QString(), {"-"}));
        QVERIFY(peer.waitForLine("ready"));
        QCOMPARE(greetingAt(path()), "-");
        peer.process().closeWriteChannel();
        QCOMPARE(peer.waitForExit(), 0);
        QVERIFY(Raw::fileAt(path()));
    }
    QVERIFY(Raw::connected(Raw::fileName(path())).isValid());
}

void tst_localserver_activation::whatIsNoListeningSocketIsRefused()
{
    const Raw::NativeHandle datagram = Raw::bound(Raw::fileName(path("datagram")), SOCK_DGRAM);
    const Raw::NativeHandle listener = Raw::listening(Raw::fileName(path()));
    PeerProcess peer;
    QVERIFY(startWith(peer, {int(datagram.get()), int(listener.get())}, "LISTEN_FDNAMES=datagram:stream", {"datagram", "stream"}));
    const QString error = peer.readLine();
    QVERIFY2(error.startsWith(QString("error %1 ").arg(LocalServer::UnsupportedSocketOperationError)), qPrintable(error));
    QCOMPARE(peer.readLine(), "listening " + path());
}

QTEST_GUILESS_MAIN(tst_localserver_activation)
#include "tst_localserver_activation.moc"
