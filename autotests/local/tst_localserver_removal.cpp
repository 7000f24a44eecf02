// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include "forkedchild.h"
#include "rawsocket.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

using namespace InterprocessQt;

// A name goes when its server does: by the process that made it, if it is still the one that was made, and not before.
class tst_localserver_removal : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void closingRemovesTheName();
    void destroyingRemovesTheName();
    void whatHasReplacedItStays_data();
    void whatHasReplacedItStays();
    void aNameThatIsGoneAlreadyIsNoError();
    void aForkedChildLeavesTheNameAndTheServer_data();
    void aForkedChildLeavesTheNameAndTheServer();
    void aChildProgramLeavesTheName();
    void removeServerRemovesASocket();
    void removeServerRemovesNothingElse_data();
    void removeServerRemovesNothingElse();
    void removeServerIsContentWhereNothingIs();
    void aMissingDirectoryIsNamed();
    void anUnwritableDirectoryIsNamed();
};

namespace
{
bool canConnect(const QString &path)
{
    return Raw::connected(Raw::fileName(path)).isValid();
}
} // namespace

void tst_localserver_removal::closingRemovesTheName()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QVERIFY(Raw::fileAt(path()));
    server.close();
    QVERIFY(!Raw::fileAt(path()));
    QVERIFY(server.listen(path())); // and again
    QVERIFY(canConnect(path()));
}

void tst_localserver_removal::destroyingRemovesTheName()
{
    {
        LocalServer server;
        QVERIFY(server.listen(path()));
    }
    QVERIFY(!Raw::fileAt(path()));
}

void tst_localserver_removal::whatHasReplacedItStays_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("file") << "file";
    QTest::newRow("directory") << "directory";
    QTest::newRow("other server") << "server";
    QTest::newRow("stale socket") << "stale";
    QTest::newRow("link to it") << "link";
}

void tst_localserver_removal::whatHasReplacedItStays()
{
    QFETCH(QString, kind);
    LocalServer server;
    QVERIFY(server.listen(path()));
    LocalServer other;
    if (kind == "link") {
        QVERIFY(QFile::rename(path(), path("moved")));
        QVERIFY(QFile::link(path("moved"), path()));
    } else {
        QVERIFY(QFile::remove(path()));
    }
    if (kind == "file") {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (kind == "directory") {
        QVERIFY(QDir().mkdir(path()));
    } else if (kind == "server") {
        QVERIFY(other.listen(path()));
    } else if (kind == "stale") {
        QVERIFY(Raw::leaveStaleSocket(path()));
    }
    const auto before = Raw::fileAt(path());
    server.close();
    const auto after = Raw::fileAt(path());
    QVERIFY(after);
    QCOMPARE(after->st_ino, before->st_ino);
    if (kind == "server")
        QVERIFY(canConnect(path()));
}

void tst_localserver_removal::aNameThatIsGoneAlreadyIsNoError()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    QVERIFY(QFile::remove(path()));
    server.close();
    QVERIFY(!server.isListening());
    QVERIFY(server.listen(path()));
}

void tst_localserver_removal::aForkedChildLeavesTheNameAndTheServer_data()
{
    QTest::addColumn<bool>("destroys");
    QTest::addColumn<int>("connections"); // with many, another mechanism watches the descriptors
    QTest::newRow("closes, few") << false << 1;
    QTest::newRow("destroys, few") << true << 1;
    QTest::newRow("closes, many") << false << 40;
    QTest::newRow("destroys, many") << true << 40;
}

void tst_localserver_removal::aForkedChildLeavesTheNameAndTheServer()
{
    QFETCH(bool, destroys);
    QFETCH(int, connections);
    auto *server = new LocalServer(this);
    QVERIFY(server->listen(path()));
    server->setMaxPendingConnections(100);
    std::vector<Raw::NativeHandle> raw;
    QList<LocalSocket *> accepted;
    for (int i = 0; i < connections; ++i) {
        raw.push_back(Raw::connected(Raw::fileName(path())));
        QVERIFY(raw.back().isValid());
        QTRY_VERIFY(server->hasPendingConnections());
        accepted.append(server->nextPendingConnection());
    }

    ForkedChild child([&] {
        qDeleteAll(accepted);
        if (destroys)
            delete server;
        else
            server->close();
        return QByteArray("done");
    });
    QCOMPARE(child.result(), "done");

    // Here nothing has changed: there is the name, who comes is heard, and so are those who are there.
    QVERIFY(Raw::fileAt(path()));
    const Raw::NativeHandle late = Raw::connected(Raw::fileName(path()));
    QVERIFY(late.isValid());
    QTRY_VERIFY(server->hasPendingConnections());
    for (int i = 0; i < connections; ++i) {
        QCOMPARE(::write(int(raw[size_t(i)].get()), "x", 1), 1);
        QTRY_COMPARE(accepted.at(i)->bytesAvailable(), 1);
    }
    delete server;
    QVERIFY(!Raw::fileAt(path()));
}

void tst_localserver_removal::aChildProgramLeavesTheName()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    const QString descriptor = QString::number(server.socketDescriptor());
    // It does not inherit the socket either, so the name goes stale when we are gone whether it lives on or not.
    PeerProcess shell;
    if (PeerProcess::find("sh").isEmpty())
        QSKIP("There is no sh");
    QVERIFY(shell.start("sh", {"-c", "if [ -e /dev/fd/" + descriptor + " ] && [ -S /dev/fd/" + descriptor + " ]; then echo inherited; else echo clean; fi"}));
    QCOMPARE(shell.readLine(), "clean");
    QCOMPARE(shell.waitForExit(), 0);
    QVERIFY(canConnect(path()));
}

void tst_localserver_removal::removeServerRemovesASocket()
{
    QVERIFY(Raw::leaveStaleSocket(path()));
    QVERIFY(LocalServer::removeServer(path()));
    QVERIFY(!Raw::fileAt(path()));
    QVERIFY(Raw::leaveStaleSocket(path()));
    QVERIFY(LocalServer::removeServer(Address::filePath(path())));
    QVERIFY(!Raw::fileAt(path()));
}

void tst_localserver_removal::removeServerRemovesNothingElse_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("file") << "file";
    QTest::newRow("directory") << "directory";
    QTest::newRow("link to a socket") << "link";
}

void tst_localserver_removal::removeServerRemovesNothingElse()
{
    QFETCH(QString, kind);
    if (kind == "file") {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (kind == "directory") {
        QVERIFY(QDir().mkdir(path()));
    } else {
        QVERIFY(Raw::leaveStaleSocket(path("target")));
        QVERIFY(QFile::link(path("target"), path()));
    }
    QVERIFY(!LocalServer::removeServer(path()));
    QVERIFY(Raw::fileAt(path()));
}

void tst_localserver_removal::removeServerIsContentWhereNothingIs()
{
    QVERIFY(LocalServer::removeServer(path("missing")));
    QVERIFY(LocalServer::removeServer(Address::namespaced(abstractName())));
    QVERIFY(!LocalServer::removeServer(Address()));
}

void tst_localserver_removal::aMissingDirectoryIsNamed()
{
    LocalServer server;
    QVERIFY(!server.listen(path("missing/socket")));
    QCOMPARE(server.serverError(), LocalServer::HostNotFoundError);
    QCOMPARE(server.nativeError(), ENOENT);
    QVERIFY2(server.errorString().contains(path("missing/socket")), qPrintable(server.errorString()));
}

void tst_localserver_removal::anUnwritableDirectoryIsNamed()
{
    const auto listen = [this]() -> QByteArray {
        LocalServer server;
        const bool listening = server.listen(path());
        return QByteArray::number(listening) + ' ' + QByteArray::number(server.serverError()) + ' ' + server.errorString().toUtf8();
    };
    QByteArray answer;
    if (ForkedChild::canChangeUser()) {
        // Root may write everywhere, so somebody else tries.
        QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
        ForkedChild child(listen, ForkedChild::someOtherUser());
        answer = child.result();
    } else {
        QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0500), 0);
        answer = listen();
        QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0700), 0);
    }
    const QByteArray expected = "0 " + QByteArray::number(LocalServer::SocketAccessError) + ' ';
    QVERIFY2(answer.startsWith(expected), answer.constData());
    QVERIFY2(answer.contains(path().toUtf8()), answer.constData());
}

QTEST_GUILESS_MAIN(tst_localserver_removal)
#include "tst_localserver_removal.moc"
