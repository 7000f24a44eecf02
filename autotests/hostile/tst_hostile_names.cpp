// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/Fifo>
#include <InterprocessQt/FifoReader>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/UnixDatagramSocket>

#include <QElapsedTimer>
#include <QFile>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace InterprocessQt;

// Others play with the names that we are about to use, and have them before us.
class tst_hostile_names : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsPutAtThePathIsNotHarmed_data();
    void whatIsPutAtThePathIsNotHarmed();
    void whoHasTheNameFirstIsSeen_data();
    void whoHasTheNameFirstIsSeen();

private:
    static constexpr int Nobody = 65534;
};

void tst_hostile_names::whatIsPutAtThePathIsNotHarmed_data()
{
    QTest::addColumn<QString>("victim");
    QTest::newRow("links to a file") << "file";
    QTest::newRow("links to a socket that a crash has left") << "socket";
}

// A link, a directory, a file, a socket and a FIFO take turns at the path, thousands of times a second, while names are taken,
// given permissions, removed and opened there. What the link leads to must be as before after it all.
void tst_hostile_names::whatIsPutAtThePathIsNotHarmed()
{
    QFETCH(QString, victim);
    const QByteArray victimPath = QFile::encodeName(path() + ".victim");
    if (victim == "file") {
        QFile file(path() + ".victim");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("precious");
    } else {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        memcpy(address.sun_path, victimPath.constData(), size_t(victimPath.size()));
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        ::close(fd);
    }
    ::chmod(victimPath.constData(), 0600);
    struct stat before;
    QCOMPARE(::lstat(victimPath.constData(), &before), 0);

    // Whoever may write to a directory can do this: as another user, where that can be tested.
    ::chmod(QFile::encodeName(directory()).constData(), 0777);
    PeerProcess attacker;
    QVERIFY(attacker.start("peer_hostile", {QString::number(geteuid() == 0 ? Nobody : 0), "stream", "swap", path()}));
    QVERIFY(attacker.waitForLine("attacking"));
    int listened = 0;
    int bound = 0;
    int made = 0;
    int opened = 0;
    int rounds = 0;
    QElapsedTimer time;
    for (time.start(); time.elapsed() < 3000; ++rounds) {
        LocalServer server;
        server.setSocketOptions(rounds % 2 ? LocalServer::WorldAccessOption : LocalServer::UserAccessOption);
        listened += server.listen(path()) ? 1 : 0;
        server.close();
        UnixDatagramSocket socket;
        bound += socket.bind(path(), LocalServer::WorldAccessOption) ? 1 : 0;
        socket.close();
        const Fifo fifo = Fifo::create(path(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther, Fifo::NamePolicy::UseExisting);
        made += fifo.isValid() ? 1 : 0;
        FifoReader reader;
        if (reader.open(path())) {
            ++opened;
            QVERIFY(reader.handle() != NativeHandle::Invalid);
        }
        LocalServer::removeServer(path());
        if (rounds % 20 == 0)
            QCoreApplication::processEvents();
        struct stat now;
        QCOMPARE(::lstat(victimPath.constData(), &now), 0);
        QCOMPARE(now.st_ino, before.st_ino);
        QCOMPARE(now.st_mode, before.st_mode);
        QCOMPARE(now.st_uid, before.st_uid);
    }
    attacker.kill();
    qInfo("%d rounds: %d listened, %d bound, %d made a FIFO, %d opened one", rounds, listened, bound, made, opened);
    QVERIFY(rounds > 0);
    if (victim == "file") {
        QFile file(path() + ".victim");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "precious");
    }
}

void tst_hostile_names::whoHasTheNameFirstIsSeen_data()
{
    QTest::addColumn<bool>("abstract");
    QTest::newRow("a file") << false;
    if (isSupported(Feature::AbstractNames))
        QTest::newRow("an abstract name") << true;
}

void tst_hostile_names::whoHasTheNameFirstIsSeen()
{
    QFETCH(bool, abstract);
    const int user = geteuid() == 0 ? Nobody : 0;
    ::chmod(QFile::encodeName(directory()).constData(), 0777);
    const QString name = abstract ? "@" + abstractName() : path();
    PeerProcess squatter;
    QVERIFY(squatter.start("peer_hostile", {QString::number(user), "stream", "squat", name}));
    QVERIFY(squatter.waitForLine("attacking"));

    // The server does not take what others have, and says so.
    LocalServer server;
    QVERIFY(!server.listen(name));
    QCOMPARE(server.serverError(), LocalServer::AddressInUseError);

    // A client can tell whom it has reached before it says anything.
    LocalSocket client;
    client.connectToServer(name);
    QVERIFY(client.waitForConnected());
    const PeerCredentials peer = client.peerCredentials();
    if (isSupported(Feature::PeerProcessId))
        QCOMPARE(*peer.processId(), squatter.pid());
    QCOMPARE(peer.isSameUser(), user == 0);
    client.abort();

    // When it is gone the name can be had, but for a file of another user.
    squatter.kill();
    if (geteuid() == 0 || abstract)
        QVERIFY2(server.listen(name), qPrintable(server.errorString()));
}

QTEST_GUILESS_MAIN(tst_hostile_names)

#include "tst_hostile_names.moc"
