// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "../local/forkedchild.h"
#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

using namespace InterprocessQt;

// Who sent a datagram, as the kernel vouches for it.
class tst_datagram_credentials : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAskingNobodyIsNamed();
    void theyComeIfAskedFor();
    void thoseFromBeforeAreThereButNotValid();
    void theyStopWhenSwitchedOff();
    void ownOnesMayBeSent();
    void foreignOnesAreRefused();
    void rootMaySendForeignOnes();
    void incompleteOnesAreRefused();
    void anotherUserIsNamed();
    void anAdoptedDescriptorGoesOn();
    void handlesOfProcessesAreNotTakenForALoss();
    void askingGivesASenderAName();
};

#define SKIP_WITHOUT_CREDENTIALS                                                                                                                               \
    {                                                                                                                                                          \
        UnixDatagramSocket probe;                                                                                                                              \
        if (!probe.setCredentialsEnabled(true)) {                                                                                                              \
            QCOMPARE(probe.error(), UnixDatagramSocket::UnsupportedSocketOperationError);                                                                      \
            QSKIP("This system passes no credentials with datagrams");                                                                                         \
        }                                                                                                                                                      \
    }

void tst_datagram_credentials::withoutAskingNobodyIsNamed()
{
    // Without them nothing is said, rather than something wrong.
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(!second->isCredentialsEnabled());
    QVERIFY(first->send("x"));
    QVERIFY(!second->receive()->credentials());
}

void tst_datagram_credentials::theyComeIfAskedFor()
{
    SKIP_WITHOUT_CREDENTIALS
    UnixDatagramSocket receiver;
    QSignalSpy changed(&receiver, &UnixDatagramSocket::credentialsEnabledChanged);
    QVERIFY(receiver.setCredentialsEnabled(true)); // before it is open
    QVERIFY(receiver.bind(path()));
    QCOMPARE(changed.count(), 1);
    ForkedChild child([this]() -> QByteArray {
        return Raw::sendTo(Raw::socket(SOCK_DGRAM), "from a child", path()) ? "sent" : "not sent";
    });
    const qint64 pid = child.pid();
    QCOMPARE(child.result(), "sent");
    const auto message = receiver.receive();
    const auto credentials = message->credentials();
    QVERIFY(credentials && credentials->isValid());
    QCOMPARE(credentials->processId().value_or(-1), pid);
    QCOMPARE(credentials->userId().value_or(quint32(-1)), geteuid());
    QCOMPARE(credentials->groupId().value_or(quint32(-1)), getegid());
    QVERIFY(!message->descriptorsLost());
}

void tst_datagram_credentials::thoseFromBeforeAreThereButNotValid()
{
    SKIP_WITHOUT_CREDENTIALS
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(first->send("before"));
    QVERIFY(second->setCredentialsEnabled(true)); // while it is open
    QVERIFY(first->send("after"));
    const auto before = second->receive();
    QCOMPARE(before->data(), "before");
    QVERIFY(before->credentials());
    QVERIFY(!before->credentials()->isValid());
    const auto after = second->receive();
    QCOMPARE(after->credentials()->processId().value_or(-1), qint64(getpid()));
}

void tst_datagram_credentials::theyStopWhenSwitchedOff()
{
    SKIP_WITHOUT_CREDENTIALS
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(second->setCredentialsEnabled(true));
    QVERIFY(second->setCredentialsEnabled(false));
    QVERIFY(first->send("x"));
    const auto message = second->receive();
    QVERIFY(!message->credentials());
    QVERIFY(!message->descriptorsLost());
}

void tst_datagram_credentials::ownOnesMayBeSent()
{
    SKIP_WITHOUT_CREDENTIALS
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(second->setCredentialsEnabled(true));
    second->setMaximumDescriptors(1);
    UnixMessage message("mine");
    message.setCredentials(PeerCredentials::ofThisProcess());
    message.addDescriptor(Raw::socket());
    QVERIFY2(first->send(std::move(message)), qPrintable(first->errorString()));
    const auto received = second->receive();
    QCOMPARE(received->credentials()->processId().value_or(-1), qint64(getpid()));
    QCOMPARE(received->descriptors().size(), size_t(1));
}

void tst_datagram_credentials::foreignOnesAreRefused()
{
    SKIP_WITHOUT_CREDENTIALS
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path(), LocalServer::WorldAccessOption));
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
    const auto pretend = [this](bool full) -> QByteArray {
        UnixDatagramSocket sender;
        if (full)
            Raw::fill(path());
        PeerCredentials other = PeerCredentials::ofThisProcess();
        other.setUserId(*other.userId() + 1);
        UnixMessage message("not me");
        message.setCredentials(other);
        if (sender.sendTo(std::move(message), path()))
            return "sent, or waits to be sent";
        return QByteArray::number(sender.error()) + ' ' + sender.errorString().toUtf8();
    };
    const QByteArray expected = QByteArray::number(UnixDatagramSocket::SocketAccessError) + " send to " + QFile::encodeName(path())
        + ": Operation not permitted (the credentials are not those of this process)";
    // Root may: so somebody else tries. The second time it would have to wait, and is refused all the same.
    for (bool full : {false, true}) {
        ForkedChild child(
            [&] {
                return pretend(full);
            },
            ForkedChild::canChangeUser() ? ForkedChild::someOtherUser() : ForkedChild::SameUser);
        QCOMPARE(child.result(), expected);
    }
}

void tst_datagram_credentials::rootMaySendForeignOnes()
{
    SKIP_WITHOUT_CREDENTIALS
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root may");
    const auto [first, second] = UnixDatagramSocket::pair();
    QVERIFY(second->setCredentialsEnabled(true));
    PeerCredentials other = PeerCredentials::ofThisProcess();
    other.setUserId(12345);
    UnixMessage message("for somebody");
    message.setCredentials(other);
    QVERIFY2(first->send(std::move(message)), qPrintable(first->errorString()));
    QCOMPARE(second->receive()->credentials()->userId().value_or(0), 12345u);
}

void tst_datagram_credentials::incompleteOnesAreRefused()
{
    SKIP_WITHOUT_CREDENTIALS
    const auto [first, second] = UnixDatagramSocket::pair();
    UnixMessage message("x");
    message.setCredentials(PeerCredentials());
    QVERIFY(!first->send(std::move(message)));
    QCOMPARE(first->error(), UnixDatagramSocket::OperationError);
    QCOMPARE(first->nativeError(), EINVAL);
    QVERIFY(!second->hasPendingDatagrams());
}

void tst_datagram_credentials::anotherUserIsNamed()
{
    SKIP_WITHOUT_CREDENTIALS
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
    UnixDatagramSocket receiver;
    QVERIFY(receiver.setCredentialsEnabled(true));
    QVERIFY(receiver.bind(path(), LocalServer::WorldAccessOption));
    const uid_t user = ForkedChild::someOtherUser();
    ForkedChild child(
        [this]() -> QByteArray {
            return Raw::sendTo(Raw::socket(SOCK_DGRAM), "hello", path()) ? "sent" : "not sent";
        },
        user);
    QCOMPARE(child.result(), "sent");
    const auto credentials = receiver.receive()->credentials();
    QVERIFY(credentials);
    QCOMPARE(credentials->userId().value_or(0), user);
    QVERIFY(!credentials->isSameUser());
}

void tst_datagram_credentials::anAdoptedDescriptorGoesOn()
{
    SKIP_WITHOUT_CREDENTIALS
    Raw::NativeHandle bound = Raw::receiver(path());
#ifdef SO_PASSCRED
    const int on = 1;
    QCOMPARE(::setsockopt(int(bound.get()), SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
#endif
    UnixDatagramSocket receiver;
    QSignalSpy changed(&receiver, &UnixDatagramSocket::credentialsEnabledChanged);
    QVERIFY(receiver.setSocketDescriptor(bound.release()));
    QVERIFY(receiver.isCredentialsEnabled());
    QCOMPARE(changed.count(), 1);
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "x", path()));
    const auto message = receiver.receive();
    QVERIFY(!message->descriptorsLost()); // as it would be without room for credentials
    QCOMPARE(message->credentials()->processId().value_or(-1), qint64(getpid()));
}

void tst_datagram_credentials::handlesOfProcessesAreNotTakenForALoss()
{
#ifndef __linux__
    QSKIP("Only Linux sends handles of processes");
#else
    constexpr int PassPidfd = 76; // SO_PASSPIDFD, since Linux 6.5
    Raw::NativeHandle bound = Raw::receiver(path());
    const int on = 1;
    if (::setsockopt(int(bound.get()), SOL_SOCKET, PassPidfd, &on, sizeof on) == -1)
        QSKIP("This kernel does not send handles of processes");
    UnixDatagramSocket receiver;
    QVERIFY(receiver.setSocketDescriptor(bound.release()));
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "x", path()));
    QVERIFY(!receiver.receive()->descriptorsLost());
#endif
}

void tst_datagram_credentials::askingGivesASenderAName()
{
    SKIP_WITHOUT_CREDENTIALS
    UnixDatagramSocket receiver;
    QVERIFY(receiver.bind(path()));
    UnixDatagramSocket sender;
    QVERIFY(sender.setCredentialsEnabled(true));
    QVERIFY(sender.sendTo("x", path()));
    QVERIFY(sender.localAddress().isValid());
    QCOMPARE(receiver.receive()->sender(), sender.localAddress());
    QVERIFY(!sender.bind(path("second")));
    QCOMPARE(sender.error(), UnixDatagramSocket::OperationError);
}

QTEST_GUILESS_MAIN(tst_datagram_credentials)
#include "tst_datagram_credentials.moc"
