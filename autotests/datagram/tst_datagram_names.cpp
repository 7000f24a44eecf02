// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "../local/forkedchild.h"
#include "rawdatagram.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/UnixDatagramSocket>

#include <QDir>

using namespace InterprocessQt;

// How a socket gets its name, and loses it again.
class tst_datagram_names : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aNameIsTakenAndRemoved_data();
    void aNameIsTakenAndRemoved();
    void onlyTheOwnerMaySendByDefault_data();
    void onlyTheOwnerMaySendByDefault();
    void anotherUserIsKeptOut();
    void aStaleNameIsTakenOver();
    void aLiveNameIsNotTakenOver_data();
    void aLiveNameIsNotTakenOver();
    void exclusiveLeavesAStaleName();
    void takeOverAlwaysTakesALiveName();
    void whatIsNoSocketStays_data();
    void whatIsNoSocketStays();
    void onlyTheOwnFileIsRemoved();
    void aForkedChildDoesNotRemoveIt();
    void theSystemChoosesAName();
    void aSecondNameIsRefused();
    void aFailureLeavesItClosed_data();
    void aFailureLeavesItClosed();
    void aNameOfFullLengthIsReported();
    void theNameCanBeTakenAgainAfterClose();
};

void tst_datagram_names::aNameIsTakenAndRemoved_data()
{
    QTest::addColumn<bool>("file");
    QTest::newRow("file") << true;
    QTest::newRow("without a file") << false;
}

void tst_datagram_names::aNameIsTakenAndRemoved()
{
    QFETCH(bool, file);
    const Address address = file ? Address::filePath(path()) : Address::namespaced(abstractName());
    {
        UnixDatagramSocket socket;
        QVERIFY(!socket.isOpen());
        QVERIFY(!socket.localAddress().isValid());
        QVERIFY2(socket.bind(address), qPrintable(socket.errorString()));
        QVERIFY(socket.isOpen());
        QCOMPARE(socket.localAddress(), address);
        QCOMPARE(Raw::fileAt(path()).has_value(), file);

        UnixDatagramSocket sender;
        QVERIFY2(sender.sendTo("hello", address), qPrintable(sender.errorString()));
        QCOMPARE(socket.receive()->data(), "hello");
    }
    QVERIFY(!Raw::fileAt(path()));
    UnixDatagramSocket sender;
    QVERIFY(!sender.sendTo("hello", address));
    QCOMPARE(sender.error(), file ? UnixDatagramSocket::ServerNotFoundError : UnixDatagramSocket::ConnectionRefusedError);
}

void tst_datagram_names::onlyTheOwnerMaySendByDefault_data()
{
    QTest::addColumn<LocalServer::SocketOptions>("access");
    QTest::addColumn<int>("mode");
    QTest::newRow("default") << LocalServer::SocketOptions(LocalServer::NoOptions) << 0700;
    QTest::newRow("group") << (LocalServer::UserAccessOption | LocalServer::GroupAccessOption) << 0770;
    QTest::newRow("everybody") << LocalServer::SocketOptions(LocalServer::WorldAccessOption) << 0777;
}

void tst_datagram_names::onlyTheOwnerMaySendByDefault()
{
    QFETCH(LocalServer::SocketOptions, access);
    QFETCH(int, mode);
    const mode_t before = ::umask(0);
    UnixDatagramSocket socket;
    const bool bound = socket.bind(path(), access);
    ::umask(before);
    QVERIFY(bound);
    QCOMPARE(int(Raw::fileAt(path())->st_mode & 07777), mode);
}

void tst_datagram_names::anotherUserIsKeptOut()
{
    if (!ForkedChild::canChangeUser())
        QSKIP("Only root can act as another user");
    QCOMPARE(::chmod(QFile::encodeName(directory()).constData(), 0755), 0);
    const auto tryToSend = [this]() -> QByteArray {
        UnixDatagramSocket sender;
        return sender.sendTo("hello", path()) ? QByteArray("sent") : QByteArray::number(sender.error()) + " " + QByteArray::number(sender.nativeError());
    };
    {
        UnixDatagramSocket socket;
        QVERIFY(socket.bind(path()));
        ForkedChild child(tryToSend, ForkedChild::someOtherUser());
        QCOMPARE(child.result(), QByteArray::number(UnixDatagramSocket::SocketAccessError) + " " + QByteArray::number(EACCES));
    }
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path(), LocalServer::WorldAccessOption));
    ForkedChild child(tryToSend, ForkedChild::someOtherUser());
    QCOMPARE(child.result(), "sent");
}

void tst_datagram_names::aStaleNameIsTakenOver()
{
    QVERIFY(Raw::receiver(path()).isValid()); // closed at once
    UnixDatagramSocket socket;
    QVERIFY2(socket.bind(path()), qPrintable(socket.errorString()));
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "hello", path()));
    QCOMPARE(socket.receive()->data(), "hello");
}

void tst_datagram_names::aLiveNameIsNotTakenOver_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("datagrams") << "datagram";
    QTest::newRow("datagrams, connected to somebody else") << "connected";
    QTest::newRow("stream") << "stream";
    QTest::newRow("without a file") << "abstract";
}

void tst_datagram_names::aLiveNameIsNotTakenOver()
{
    QFETCH(QString, kind);
    Address address = path();
    Raw::NativeHandle other;
    Raw::NativeHandle third;
    if (kind == "datagram") {
        other = Raw::receiver(path());
    } else if (kind == "connected") {
        third = Raw::receiver(path("third"));
        other = Raw::receiver(path());
        const Raw::Name name = Raw::fileName(path("third"));
        QCOMPARE(::connect(int(other.get()), name.data(), name.length), 0);
    } else if (kind == "stream") {
        other = Raw::listening(Raw::fileName(path()));
    } else {
        const QString name = abstractName();
        other = Raw::bound(Raw::abstractName(name), SOCK_DGRAM);
        address = Address::namespaced(name);
        if (!Raw::fileAt(path()) && address.nativeName().startsWith('/'))
            QSKIP("There are no names without files here");
    }
    QVERIFY(other.isValid());
    UnixDatagramSocket socket;
    QVERIFY(!socket.bind(address));
    QCOMPARE(socket.error(), UnixDatagramSocket::AddressInUseError);
    QCOMPARE(socket.nativeError(), EADDRINUSE);
    QCOMPARE(socket.errorString(), QString("bind to %1: another socket has this name").arg(address.nativeName()));
    QVERIFY(!socket.isOpen());
    if (kind == "datagram") {
        QVERIFY(!Raw::received(other)); // it has noticed nothing
        QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "still there", path()));
        QCOMPARE(Raw::received(other).value_or("nothing"), "still there");
    }
}

void tst_datagram_names::exclusiveLeavesAStaleName()
{
    QVERIFY(Raw::receiver(path()).isValid());
    UnixDatagramSocket socket;
    QVERIFY(!socket.bind(path(), LocalServer::NoOptions, LocalServer::NamePolicy::Exclusive));
    QCOMPARE(socket.error(), UnixDatagramSocket::AddressInUseError);
    QVERIFY(Raw::fileAt(path()));
}

void tst_datagram_names::takeOverAlwaysTakesALiveName()
{
    const Raw::NativeHandle other = Raw::receiver(path());
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path(), LocalServer::NoOptions, LocalServer::NamePolicy::TakeOverAlways));
    QVERIFY(Raw::sendTo(Raw::socket(SOCK_DGRAM), "hello", path()));
    QCOMPARE(socket.receive()->data(), "hello");
    QVERIFY(!Raw::received(other));
}

void tst_datagram_names::whatIsNoSocketStays_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("file") << "file";
    QTest::newRow("directory") << "directory";
    QTest::newRow("link") << "link";
}

void tst_datagram_names::whatIsNoSocketStays()
{
    QFETCH(QString, kind);
    if (kind == "file") {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("precious");
    } else if (kind == "directory") {
        QVERIFY(QDir().mkdir(path()));
    } else {
        QVERIFY(Raw::receiver(path("stale")).isValid());
        QVERIFY(QFile::link(path("stale"), path()));
    }
    for (auto policy : {LocalServer::NamePolicy::TakeOverStale, LocalServer::NamePolicy::Exclusive, LocalServer::NamePolicy::TakeOverAlways}) {
        UnixDatagramSocket socket;
        QVERIFY(!socket.bind(path(), LocalServer::NoOptions, policy));
        QCOMPARE(socket.error(), UnixDatagramSocket::AddressInUseError);
    }
    QVERIFY(Raw::fileAt(path()));
    QVERIFY(kind != "file" || QFileInfo(path()).size() == 8);
}

void tst_datagram_names::onlyTheOwnFileIsRemoved()
{
    Raw::NativeHandle successor;
    {
        UnixDatagramSocket socket;
        QVERIFY(socket.bind(path()));
        QVERIFY(QFile::remove(path()));
        successor = Raw::receiver(path());
    }
    QVERIFY(Raw::fileAt(path()));
}

void tst_datagram_names::aForkedChildDoesNotRemoveIt()
{
    auto socket = std::make_unique<UnixDatagramSocket>();
    QVERIFY(socket->bind(path()));
    ForkedChild child([&]() -> QByteArray {
        socket.reset();
        return "destroyed";
    });
    QCOMPARE(child.result(), "destroyed");
    QVERIFY(Raw::fileAt(path()));
    socket.reset();
    QVERIFY(!Raw::fileAt(path()));
}

void tst_datagram_names::theSystemChoosesAName()
{
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(directory()));
    UnixDatagramSocket first;
    UnixDatagramSocket second;
    QVERIFY2(first.bind(), qPrintable(first.errorString()));
    QVERIFY(second.bind());
    QVERIFY(first.localAddress().isValid());
    QVERIFY(first.localAddress() != second.localAddress());
    QVERIFY(first.sendTo("question", second.localAddress()));
    const auto question = second.receive();
    QVERIFY(question);
    QCOMPARE(question->sender(), first.localAddress());
    QVERIFY(second.sendTo("answer", question->sender()));
    QCOMPARE(first.receive()->data(), "answer");
    QVERIFY(!first.bind());
    QCOMPARE(first.error(), UnixDatagramSocket::OperationError);
}

void tst_datagram_names::aSecondNameIsRefused()
{
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    QVERIFY(!socket.bind(path("second")));
    QCOMPARE(socket.error(), UnixDatagramSocket::OperationError);
    QCOMPARE(socket.nativeError(), EINVAL);
    QCOMPARE(socket.errorString(), QString("bind to %1: the socket has the name %2 already").arg(path("second"), path()));
    QCOMPARE(socket.localAddress(), Address(path()));
    QVERIFY(!Raw::fileAt(path("second")));
}

void tst_datagram_names::aFailureLeavesItClosed_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<UnixDatagramSocket::Error>("error");
    QTest::addColumn<int>("native");
    QTest::newRow("no such directory") << "missing/socket" << UnixDatagramSocket::ServerNotFoundError << ENOENT;
    QTest::newRow("too long") << QString(200, 'x') << UnixDatagramSocket::ServerNotFoundError << 0;
}

void tst_datagram_names::aFailureLeavesItClosed()
{
    QFETCH(QString, name);
    QFETCH(UnixDatagramSocket::Error, error);
    QFETCH(int, native);
    UnixDatagramSocket socket;
    QSignalSpy errors(&socket, &UnixDatagramSocket::errorOccurred);
    QVERIFY(!socket.bind(path(name)));
    QCOMPARE(socket.error(), error);
    QCOMPARE(socket.nativeError(), native);
    QVERIFY(socket.errorString().contains(name.left(20)));
    QVERIFY(!socket.isOpen());
    runTurns();
    QCOMPARE(errors.count(), 0); // the return value has told
}

void tst_datagram_names::aNameOfFullLengthIsReported()
{
    // Nothing behind its last byte: whoever looks for a NUL reads too far, or forgets the last letter.
    const QString longest = path(QString(int(Address::maximumLength()) - QFile::encodeName(path("x")).size() + 1, 'n'));
    UnixDatagramSocket receiver;
    QVERIFY2(receiver.bind(longest), qPrintable(receiver.errorString()));
    QVERIFY(receiver.sendTo("to myself", longest));
    QCOMPARE(receiver.receive()->sender(), Address(longest));
}

void tst_datagram_names::theNameCanBeTakenAgainAfterClose()
{
    UnixDatagramSocket socket;
    for (int i = 0; i < 3; ++i) {
        QVERIFY(socket.bind(path()));
        QVERIFY(socket.sendTo("x", path()));
        QCOMPARE(socket.receive()->data(), "x");
        socket.close();
        QVERIFY(!socket.isOpen());
        QVERIFY(!Raw::fileAt(path()));
    }
}

QTEST_GUILESS_MAIN(tst_datagram_names)
#include "tst_datagram_names.moc"
