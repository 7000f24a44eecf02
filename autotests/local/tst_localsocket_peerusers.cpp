// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "forkedchild.h"
#include "rawsocket.h"

#include <InterprocessQt/Features>
#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/PeerCredentials>

#include <poll.h>

#include <algorithm>

using namespace InterprocessQt;

// Who is at the other end, by the word of a kernel that has users and groups with numbers.
class tst_localsocket_peerusers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aServerKnowsItsClient();
    void aServerKnowsAClientOfAnotherUserAndItsGroups();
    void outlivesThePeer();
    void theProcessOfThePeerIsHeld();
    void areValues();
};

namespace
{

// Stays until it is killed, or the connection ends.
QByteArray connectAndStay(const QString &path)
{
    const Raw::NativeHandle client = Raw::connected(Raw::fileName(path));
    char byte;
    return ::read(int(client.get()), &byte, 1) == 0 ? "ended" : "greeted";
}

} // namespace

void tst_localsocket_peerusers::aServerKnowsItsClient()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    ForkedChild child([this] {
        return connectAndStay(path());
    });
    const qint64 pid = child.pid();
    QTRY_VERIFY(server.hasPendingConnections());
    const LocalSocket *peer = server.nextPendingConnection();
    const PeerCredentials credentials = peer->peerCredentials();
    QVERIFY(credentials.isValid());
    QVERIFY(credentials.isSameUser());
    QCOMPARE(credentials.userId(), ::geteuid());
    QCOMPARE(credentials.groupId(), ::getegid());
    if (isSupported(Feature::PeerProcessId))
        QCOMPARE(credentials.processId(), pid);
    else
        QVERIFY(!credentials.processId());
    QCOMPARE(credentials.groupIds().has_value(), isSupported(Feature::PeerGroups));
    delete peer;
    QCOMPARE(child.result(), "ended");
}

void tst_localsocket_peerusers::aServerKnowsAClientOfAnotherUserAndItsGroups()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
    LocalServer server;
    server.setSocketOptions(LocalServer::WorldAccessOption);
    QVERIFY(server.listen(path()));
    const uid_t user = ForkedChild::someOtherUser();
    // More than fit where most users' would.
    QList<quint32> groups;
    for (quint32 i = 0; i < 100; ++i)
        groups.append(30'000 + i);
    ForkedChild child([&] {
        if (::setgroups(size_t(groups.size()), groups.constData()) == -1 || ::setgid(user + 1) == -1 || ::setuid(user) == -1)
            return QByteArray("cannot change user");
        return connectAndStay(path());
    });
    QTRY_VERIFY(server.hasPendingConnections());
    const LocalSocket *peer = server.nextPendingConnection();
    const PeerCredentials credentials = peer->peerCredentials();
    QCOMPARE(credentials.userId(), user);
    QCOMPARE(credentials.groupId(), user + 1);
    QVERIFY(!credentials.isSameUser());
    if (isSupported(Feature::PeerGroups)) {
        QList<quint32> known = credentials.groupIds().value();
        std::sort(known.begin(), known.end());
        QCOMPARE(known, groups);
    }
    delete peer;
    QCOMPARE(child.result(), "ended");
}

void tst_localsocket_peerusers::outlivesThePeer()
{
    if (!isSupported(Feature::PeerProcessId))
        QSKIP("This system does not tell the process of the peer");
    LocalServer server;
    server.setHalfOpenAllowed(true); // the socket stays when the peer is gone
    QVERIFY(server.listen(path()));
    ForkedChild child([this] {
        return Raw::connected(Raw::fileName(path())) ? QByteArray("was there") : QByteArray();
    });
    const qint64 pid = child.pid();
    QCOMPARE(child.result(), "was there");
    QTRY_VERIFY(server.hasPendingConnections());
    QCOMPARE(server.nextPendingConnection()->peerCredentials().processId(), pid);
}

void tst_localsocket_peerusers::theProcessOfThePeerIsHeld()
{
    if (!isSupported(Feature::PeerProcessHandle))
        QSKIP("This kernel does not hand out the process of the peer (Linux 6.5)");
    LocalServer server;
    QVERIFY(server.listen(path()));
    ForkedChild child([this] {
        return connectAndStay(path());
    });
    const QByteArray pid = QByteArray::number(child.pid());
    QTRY_VERIFY(server.hasPendingConnections());
    const LocalSocket *peer = server.nextPendingConnection();
    const NativeHandle process = peer->openPeerProcess();
    QVERIFY(process.isValid());
    QVERIFY(::fcntl(int(process.get()), F_GETFD) & FD_CLOEXEC);
    QFile info(QStringLiteral("/proc/self/fdinfo/%1").arg(process.get()));
    QVERIFY(info.open(QIODevice::ReadOnly));
    const QByteArray line = "Pid:\t" + pid + '\n';
    QVERIFY(info.readAll().contains(line));

    // It becomes readable when the process ends, and does not become another one.
    pollfd watched{int(process.get()), POLLIN, 0};
    QCOMPARE(::poll(&watched, 1, 0), 0);
    delete peer;
    QCOMPARE(::poll(&watched, 1, 20'000), 1);
    QCOMPARE(child.result(), "ended");
}

void tst_localsocket_peerusers::areValues()
{
    const PeerCredentials own = PeerCredentials::ofThisProcess();
    QCOMPARE(own.processId(), qint64(::getpid()));
    QVERIFY(own.isValid() && own.isSameUser());
    PeerCredentials copy = own;
    QVERIFY(copy == own);
    copy.setUserId(own.userId().value() + 1);
    QVERIFY(copy != own);
    QVERIFY(own.isSameUser() && !copy.isSameUser());
    copy.setUserId(std::nullopt);
    QVERIFY(copy.isValid() && !copy.isSameUser());

    QVERIFY(PeerCredentials() == PeerCredentials());
    QVERIFY(!PeerCredentials().isValid());
    QCOMPARE(QVariant::fromValue(own).value<PeerCredentials>(), own);
    QString text;
    QDebug(&text) << own;
    QVERIFY2(text.contains("pid " + QString::number(::getpid())), qPrintable(text));
}

QTEST_GUILESS_MAIN(tst_localsocket_peerusers)
#include "tst_localsocket_peerusers.moc"
