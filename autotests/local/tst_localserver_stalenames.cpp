// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include "rawsocket.h"
#include "starters.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;
using NamePolicy = LocalServer::NamePolicy;

// Names are files, which a dead server leaves behind: they are taken over, from a live server only by who insists, and nothing but
// sockets is.
class tst_localserver_stalenames : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theNameOfWhatIsNoListenerIsRefused_data();
    void theNameOfWhatIsNoListenerIsRefused();
    void exclusiveLeavesAStaleName();
    void takeOverAlwaysTakesItFromALiveServer();
    void whatIsNoSocketIsLeftAlone_data();
    void whatIsNoSocketIsLeftAlone();
    void takingOverLeavesNothingBehind();
    void aLockFileOfTheApplicationIsLeftAlone();
    void ofTwoStartersOneWins();
};

namespace
{
bool isSameFile(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_mode == b.st_mode;
}
} // namespace

void tst_localserver_stalenames::theNameOfWhatIsNoListenerIsRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<NamePolicy>("policy");
    for (const QString kind : {"listening", "bound only", "full", "seqpacket", "datagram"}) {
        QTest::addRow("%s, TakeOverStale", qPrintable(kind)) << kind << NamePolicy::TakeOverStale;
        QTest::addRow("%s, Exclusive", qPrintable(kind)) << kind << NamePolicy::Exclusive;
    }
}

void tst_localserver_stalenames::theNameOfWhatIsNoListenerIsRefused()
{
    QFETCH(QString, kind);
    QFETCH(NamePolicy, policy);
    const Raw::Name name = Raw::fileName(path());
    Raw::NativeHandle raw;
    std::vector<Raw::NativeHandle> waiting;
    if (kind == "listening") {
        raw = Raw::listening(name);
    } else if (kind == "bound only") {
        raw = Raw::bound(name); // a server between bind() and listen()
    } else if (kind == "full") {
        raw = Raw::listening(name, 0);
        waiting = Raw::fillBacklog(name);
        QVERIFY(!waiting.empty());
    } else if (kind == "seqpacket") {
        raw = Raw::bound(name, SOCK_SEQPACKET);
    } else {
        raw = Raw::bound(name, SOCK_DGRAM);
    }
    const auto before = Raw::fileAt(path());
    QVERIFY(before && S_ISSOCK(before->st_mode));

    LocalServer server;
    server.setNamePolicy(policy);
    QVERIFY(!server.listen(path()));
    QVERIFY(!server.isListening());
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
    QCOMPARE(server.nativeError(), EADDRINUSE);
    QVERIFY2(server.errorString().contains(path()), qPrintable(server.errorString()));

    const auto after = Raw::fileAt(path());
    QVERIFY(after && isSameFile(*before, *after));
    // It has not even noticed.
    if (kind == "listening")
        QVERIFY(!Raw::hasWaitingConnection(raw));
}

void tst_localserver_stalenames::exclusiveLeavesAStaleName()
{
    QVERIFY(Raw::leaveStaleSocket(path()));
    const auto before = Raw::fileAt(path());
    LocalServer server;
    server.setNamePolicy(NamePolicy::Exclusive);
    QVERIFY(!server.listen(path()));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
    QVERIFY2(server.errorString().contains("gone"), qPrintable(server.errorString())); // it can be told from a live one
    const auto after = Raw::fileAt(path());
    QVERIFY(after && isSameFile(*before, *after));
}

void tst_localserver_stalenames::takeOverAlwaysTakesItFromALiveServer()
{
    PeerProcess peer;
    QVERIFY(peer.start("peer_localserver"));
    peer.writeLine("listen " + path());
    QVERIFY(peer.waitForLine("listening"));
    QCOMPARE(processAt(path()), peer.pid());

    LocalServer server;
    server.setNamePolicy(NamePolicy::TakeOverAlways);
    QVERIFY2(server.listen(path()), qPrintable(server.errorString()));
    // The older one that ends does not take the name of the newer one along.
    peer.writeLine("close");
    QVERIFY(peer.waitForLine("closed"));
    LocalSocket client;
    client.connectToServer(path());
    QVERIFY2(client.waitForConnected(), qPrintable(client.errorString()));
    QTRY_VERIFY(server.hasPendingConnections());
}

void tst_localserver_stalenames::whatIsNoSocketIsLeftAlone_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<NamePolicy>("policy");
    for (const QString kind : {"file", "directory", "fifo", "dangling link", "link to a file", "link to a live socket", "link to a stale socket"}) {
        QTest::addRow("%s, TakeOverStale", qPrintable(kind)) << kind << NamePolicy::TakeOverStale;
        QTest::addRow("%s, Exclusive", qPrintable(kind)) << kind << NamePolicy::Exclusive;
        QTest::addRow("%s, TakeOverAlways", qPrintable(kind)) << kind << NamePolicy::TakeOverAlways;
    }
}

void tst_localserver_stalenames::whatIsNoSocketIsLeftAlone()
{
    QFETCH(QString, kind);
    QFETCH(NamePolicy, policy);
    const QByteArray at = QFile::encodeName(path());
    const QString target = path("target");
    Raw::NativeHandle live;
    if (kind == "file" || kind == "link to a file") {
        QFile file(kind == "file" ? path() : target);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write("precious"), 8);
    } else if (kind == "directory") {
        QVERIFY(QDir().mkdir(path()));
    } else if (kind == "fifo") {
        QCOMPARE(::mkfifo(at.constData(), 0600), 0);
    } else if (kind == "link to a live socket") {
        live = Raw::listening(Raw::fileName(target));
        QVERIFY(live.isValid());
    } else if (kind == "link to a stale socket") {
        QVERIFY(Raw::leaveStaleSocket(target));
    }
    if (kind.contains("link"))
        QVERIFY(QFile::link(target, path()));
    const auto before = Raw::fileAt(path());
    const auto targetBefore = Raw::fileAt(target);

    LocalServer server;
    server.setNamePolicy(policy);
    QVERIFY(!server.listen(path()));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);
    QVERIFY2(server.errorString().contains(path()), qPrintable(server.errorString()));

    const auto after = Raw::fileAt(path());
    QVERIFY(before && after && isSameFile(*before, *after));
    const auto targetAfter = Raw::fileAt(target);
    QCOMPARE(targetAfter.has_value(), targetBefore.has_value());
    if (targetBefore)
        QVERIFY(isSameFile(*targetBefore, *targetAfter));
    if (kind.endsWith("file")) {
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "precious");
    }
}

void tst_localserver_stalenames::takingOverLeavesNothingBehind()
{
    // Nor do failures: neither lock files nor half-made names.
    QVERIFY(Raw::leaveStaleSocket(path()));
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalServer second;
    QVERIFY(!second.listen(path()));
    QCOMPARE(QDir(directory()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot), QStringList{"socket"});
    server.close();
    QVERIFY(QDir(directory()).isEmpty(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot));
}

void tst_localserver_stalenames::aLockFileOfTheApplicationIsLeftAlone()
{
    QFile file(path("socket.lock"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("precious"), 8);
    file.close();
    QVERIFY(Raw::leaveStaleSocket(path()));
    LocalServer server;
    QVERIFY(server.listen(path()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "precious");
}

void tst_localserver_stalenames::ofTwoStartersOneWins()
{
    QVERIFY(Raw::leaveStaleSocket(path()));
    Starters starters(path());
    for (int round = 0; round < 50; ++round) {
        QCOMPARE(starters.race(), "");
        QVERIFY(Raw::fileAt(path())); // the winner was killed: its name is stale
    }
}

QTEST_GUILESS_MAIN(tst_localserver_stalenames)
#include "tst_localserver_stalenames.moc"
