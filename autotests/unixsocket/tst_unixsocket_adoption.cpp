// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "files.h"

#include "../local/forkedchild.h"
#include "../local/rawsocket.h"

#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

using namespace InterprocessQt;
using namespace std::chrono_literals;

// The raw descriptor: pairs, handing it over, its addresses, its buffers, and half of it closed.
class tst_unixsocket_adoption : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aPairIsConnected();
    void aPairThatCannotBeMadeSaysWhy();
    void aReleasedDescriptorGoesOnElsewhere();
    void whatIsUnreadStaysReadable();
    void whatIsUnsentKeepsIt();
    void releasingSendsWhatWasWrittenInThisTurn();
    void releasingDoesWhatClosingTheChannelHadLeftToDo();
    void nothingIsReleasedFromAnUnconnectedOne();
    void releasingInASlotOfItsOwn();
    void anAdoptedOneKeepsWhatItAsksTheKernelFor();
    void handlesOfProcessesAreNotLeftOpen();
    void addresses_data();
    void addresses();
    void addressesOfTheUnconnected();
    void bufferSizes();
    void aBufferSizeThatWasAskedForStays();
    void closingTheReadChannel();
    void closingTheReadChannelOfTheUnconnected();
    void aPeerThatGoesAfterThatCostsNothing();
};

void tst_unixsocket_adoption::aPairIsConnected()
{
    const auto [first, second] = UnixSocket::pair();
    QCOMPARE(first->state(), UnixSocket::ConnectedState);
    QCOMPARE(first->peerCredentials().processId(), ::getpid());
    first->write("there");
    second->write("and back");
    QTRY_COMPARE(second->bytesAvailable(), 5);
    QTRY_COMPARE(first->bytesAvailable(), 8);
}

void tst_unixsocket_adoption::aPairThatCannotBeMadeSaysWhy()
{
#ifdef FULLTABLE_SIMULATED
    QSKIP("UndefinedBehaviorSanitizer needs descriptors of its own, and takes objects for wrong ones if it gets none");
#else
    const Files::NearlyFullTable full(1);
    const auto [first, second] = UnixSocket::pair();
    QVERIFY(!first->isValid() && !second->isValid());
    QCOMPARE(first->error(), UnixSocket::SocketResourceError);
    QCOMPARE(second->nativeError(), EMFILE);
#endif
}

void tst_unixsocket_adoption::aReleasedDescriptorGoesOnElsewhere()
{
    const auto [first, second] = UnixSocket::pair();
    second->setMaximumDescriptors(10);
    QSignalSpy disconnected(first.get(), &UnixSocket::disconnected);
    QSignalSpy ended(second.get(), &UnixSocket::readChannelFinished);
    FileDescriptor descriptor = first->releaseSocketDescriptor();
    QVERIFY(Files::isClosedOnExec(descriptor));
    QVERIFY(::fcntl(int(descriptor.get()), F_GETFL) & O_NONBLOCK);
    QCOMPARE(first->state(), UnixSocket::UnconnectedState);
    QCOMPARE(first->socketDescriptor(), -1);
    QCOMPARE(disconnected.size(), 1);
    // By anybody.
    QCOMPARE(::write(int(descriptor.get()), "raw", 3), 3);
    QTRY_COMPARE(second->bytesAvailable(), 3);
    QCOMPARE(second->readAll(), "raw");
    UnixSocket third;
    QVERIFY(third.setSocketDescriptor(std::move(descriptor)));
    third.send("more", Files::withText("more"));
    QTRY_COMPARE(second->descriptorsAvailable(), 1);
    QVERIFY(ended.isEmpty());
}

void tst_unixsocket_adoption::whatIsUnreadStaysReadable()
{
    const auto [first, second] = UnixSocket::pair();
    first->setMaximumDescriptors(2);
    second->send("early", Files::withText("early"));
    QTRY_COMPARE(first->bytesAvailable(), 5);
    second->write("late"); // in the kernel
    second->flush();
    UnixSocket next;
    QVERIFY(next.setSocketDescriptor(first->releaseSocketDescriptor()));
    const auto message = first->receive();
    QCOMPARE(message->data(), "early");
    QCOMPARE(Files::textsOf(message->descriptors()), "early");
    QTRY_COMPARE(next.bytesAvailable(), 4);
    QCOMPARE(next.readAll(), "late");
}

void tst_unixsocket_adoption::whatIsUnsentKeepsIt()
{
    const auto [first, second] = UnixSocket::pair();
    second->setReadBufferSize(1);
    first->write(QByteArray(2'000'000, 'x'));
    QVERIFY(!first->releaseSocketDescriptor().isValid());
    QCOMPARE(first->error(), UnixSocket::OperationError);
    QVERIFY(first->errorString().contains("bytes"));
    QCOMPARE(first->state(), UnixSocket::ConnectedState);
    second->setReadBufferSize(0);
    QTRY_COMPARE(second->bytesAvailable(), 2'000'000);
    QVERIFY(first->releaseSocketDescriptor().isValid());
}

void tst_unixsocket_adoption::releasingSendsWhatWasWrittenInThisTurn()
{
    const auto [first, second] = UnixSocket::pair();
    second->setMaximumDescriptors(10);
    first->write("one ");
    first->write("two ");
    first->send("three ", Files::withText("three"));
    first->write("four ");
    first->send("five ", Files::withText("five"));
    first->write("six");
    const FileDescriptor descriptor = first->releaseSocketDescriptor();
    QVERIFY2(descriptor.isValid(), qPrintable(first->errorString()));
    QTRY_COMPARE(second->bytesAvailable(), 27);
    QCOMPARE(second->readAll(), "one two three four five six");
    QCOMPARE(second->descriptorsAvailable(), 2);
}

void tst_unixsocket_adoption::releasingDoesWhatClosingTheChannelHadLeftToDo()
{
    const auto [first, second] = UnixSocket::pair();
    second->setHalfOpenAllowed(true);
    first->write("last");
    first->closeWriteChannel();
    const FileDescriptor descriptor = first->releaseSocketDescriptor();
    QVERIFY(descriptor.isValid());
    QTRY_COMPARE(second->bytesAvailable(), 4);
    QCOMPARE(second->readAll(), "last");
    QTRY_VERIFY(second->isReadChannelFinished());
    QCOMPARE(second->state(), UnixSocket::ConnectedState);
}

void tst_unixsocket_adoption::nothingIsReleasedFromAnUnconnectedOne()
{
    UnixSocket socket;
    QVERIFY(!socket.releaseSocketDescriptor().isValid());
    QCOMPARE(socket.error(), UnixSocket::OperationError);
}

void tst_unixsocket_adoption::releasingInASlotOfItsOwn()
{
    auto [first, second] = UnixSocket::pair();
    FileDescriptor descriptor;
    connect(first.get(), &UnixSocket::readyRead, this, [&, &socket = first] {
        descriptor = socket->releaseSocketDescriptor();
        socket.reset();
    });
    second->write("x");
    QTRY_VERIFY(descriptor.isValid());
    QVERIFY(!first);
    QCOMPARE(::write(int(descriptor.get()), "y", 1), 1);
    QTRY_COMPARE(second->bytesAvailable(), 1);
    QCOMPARE(second->readAll(), "y");
}

void tst_unixsocket_adoption::anAdoptedOneKeepsWhatItAsksTheKernelFor()
{
#ifndef SO_PASSCRED
    QSKIP("This system does not send credentials with each message");
#else
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    FileDescriptor here(ends[0]);
    const FileDescriptor there(ends[1]);
    const int on = 1;
    QCOMPARE(::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
    QCOMPARE(::write(ends[1], "x", 1), 1);
    UnixSocket socket;
    QVERIFY(!socket.isCredentialsEnabled());
    QVERIFY(socket.setSocketDescriptor(std::move(here)));
#ifdef PORTABLE_UNIX
    QVERIFY(!socket.isCredentialsEnabled());
#else
    QVERIFY(socket.isCredentialsEnabled());
    QTRY_COMPARE(socket.bytesAvailable(), 1);
    QCOMPARE(socket.receive()->credentials()->processId(), ::getpid());
#endif
#endif
}

void tst_unixsocket_adoption::handlesOfProcessesAreNotLeftOpen()
{
    // Somebody had asked for pidfds with each message; there is nobody here who takes them.
#ifndef __linux__
    QSKIP("Only Linux sends handles of processes");
#else
    constexpr int PassPidfd = 76; // SO_PASSPIDFD, since Linux 6.5
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    FileDescriptor here(ends[0]);
    const FileDescriptor there(ends[1]);
    const int on = 1;
    if (::setsockopt(ends[0], SOL_SOCKET, PassPidfd, &on, sizeof on) == -1)
        QSKIP("This kernel does not send handles of processes");
    UnixSocket socket;
    QSignalSpy lost(&socket, &UnixSocket::descriptorsLost);
    QVERIFY(socket.setSocketDescriptor(std::move(here)));
    const auto before = openDescriptors();
    QCOMPARE(::write(ends[1], "x", 1), 1);
    QTRY_COMPARE(socket.bytesAvailable(), 1);
    QVERIFY(!socket.receive()->descriptorsLost());
    QVERIFY(lost.isEmpty());
    QVERIFY(openDescriptors().size() <= before.size());

    // Also if it is asked for later.
    socket.setMaximumDescriptors(10);
    QCOMPARE(::setsockopt(int(socket.socketDescriptor()), SOL_SOCKET, PassPidfd, &on, sizeof on), 0);
    QCOMPARE(::write(ends[1], "x", 1), 1);
    QTRY_COMPARE(socket.bytesAvailable(), 1);
    QCOMPARE(socket.descriptorsAvailable(), 0);
    QVERIFY(openDescriptors().size() <= before.size());
#endif
}

void tst_unixsocket_adoption::addresses_data()
{
    QTest::addColumn<bool>("abstract");
    QTest::newRow("path") << false;
    QTest::newRow("abstract") << true;
}

void tst_unixsocket_adoption::addresses()
{
    QFETCH(bool, abstract);
    const Address address = abstract ? Address::namespaced(abstractName()) : Address::filePath(path());
    UnixServer server;
    QVERIFY(server.listen(address));

    UnixSocket client;
    client.connectToServer(address);
    QCOMPARE(client.peerAddress(), address);
    QVERIFY(!client.localAddress().isValid()); // unnamed
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QCOMPARE(peer->localAddress(), address);
    QVERIFY(!peer->peerAddress().isValid());

    // A client that has bound itself to a name.
    const QString own = path("client");
    Raw::NativeHandle bound = Raw::bound(Raw::fileName(own));
    const Raw::NativeHandle other = Raw::socket();
    QVERIFY(bound.isValid());
    if (abstract && !address.nativeName().startsWith('@'))
        return; // there are none here: it is a file
    const Raw::Name name = abstract ? Raw::abstractName(address.nativeName().mid(1)) : Raw::fileName(address.nativeName());
    QCOMPARE(::connect(int(bound.get()), name.data(), name.length), 0);
    UnixSocket adopted;
    QVERIFY(adopted.setSocketDescriptor(std::move(bound)));
    QCOMPARE(adopted.localAddress(), Address::filePath(own));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> second(server.nextPendingConnection());
    QCOMPARE(second->peerAddress(), Address::filePath(own));
    QFile::remove(own);
}

void tst_unixsocket_adoption::addressesOfTheUnconnected()
{
    UnixSocket socket;
    QVERIFY(!socket.localAddress().isValid());
    QVERIFY(!socket.peerAddress().isValid());
    const auto [first, second] = UnixSocket::pair();
    QVERIFY(!first->localAddress().isValid());
    QVERIFY(!first->peerAddress().isValid());
}

void tst_unixsocket_adoption::bufferSizes()
{
    UnixSocket none;
    QCOMPARE(none.sendBufferSize(), -1);
    QCOMPARE(none.receiveBufferSize(), -1);
    QVERIFY(!none.setSendBufferSize(10'000));
    QCOMPARE(none.error(), UnixSocket::OperationError);
    QVERIFY(!none.setReceiveBufferSize(10'000));

    const auto [first, second] = UnixSocket::pair();
    QVERIFY(first->setSendBufferSize(10'000));
    QVERIFY(first->sendBufferSize() >= 10'000 && first->sendBufferSize() <= 20'000);
    QVERIFY(first->setReceiveBufferSize(20'000));
    QVERIFY(first->receiveBufferSize() >= 20'000 && first->receiveBufferSize() <= 40'000);
}

void tst_unixsocket_adoption::aBufferSizeThatWasAskedForStays()
{
    // The library asks for more when much is written, but not of somebody who has asked for less.
    const auto [first, second] = UnixSocket::pair();
    QVERIFY(first->setSendBufferSize(10'000));
    const int size = first->sendBufferSize();
    second->setReadBufferSize(1);
    first->write(QByteArray(1'000'000, 'x'));
    QCOMPARE(first->sendBufferSize(), size);
    QVERIFY(first->bytesToWrite() > 900'000);
}

void tst_unixsocket_adoption::closingTheReadChannel()
{
    const auto [first, second] = UnixSocket::pair();
    QSignalSpy finished(first.get(), &UnixSocket::readChannelFinished);
    QSignalSpy error(second.get(), &UnixSocket::errorOccurred);
    second->write("before");
    QTRY_COMPARE(first->bytesAvailable(), 6);
    QVERIFY(first->closeReadChannel());
    QVERIFY(first->closeReadChannel());
    QVERIFY(first->isReadChannelFinished());
    QVERIFY(finished.isEmpty()); // not from inside the call
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(first->readAll(), "before");
    char byte;
    QCOMPARE(first->read(&byte, 1), -1);
    QVERIFY(!first->waitForReadyRead(-1));

    // The other direction goes on, and the peer learns when it writes.
    QCOMPARE(first->state(), UnixSocket::ConnectedState);
    first->write("answer");
    QTRY_COMPARE(second->bytesAvailable(), 6);
    second->write("into the void");
    QTRY_COMPARE(error.size(), 1);
    QCOMPARE(second->error(), UnixSocket::PeerClosedError);
    QSignalSpy disconnected(first.get(), &UnixSocket::disconnected);
    first->disconnectFromServer();
    QTRY_COMPARE(disconnected.size(), 1);
    QCOMPARE(finished.size(), 1);
}

void tst_unixsocket_adoption::closingTheReadChannelOfTheUnconnected()
{
    UnixSocket socket;
    QVERIFY(!socket.closeReadChannel());
    // Both directions closed by this side: that is the end.
    const auto [first, second] = UnixSocket::pair();
    QSignalSpy disconnected(first.get(), &UnixSocket::disconnected);
    QVERIFY(first->closeReadChannel());
    QVERIFY(first->closeWriteChannel());
    QTRY_COMPARE(disconnected.size(), 1);
    QVERIFY(!first->closeReadChannel());
}

void tst_unixsocket_adoption::aPeerThatGoesAfterThatCostsNothing()
{
    auto [first, second] = UnixSocket::pair();
    QSignalSpy error(first.get(), &UnixSocket::errorOccurred);
    QVERIFY(first->closeReadChannel());
    runTurns();
    second.reset();
    const auto before = processorTime();
    QTest::qWait(200);
    const auto used = processorTime() - before;
    QVERIFY2(used < 100ms, qPrintable(QString::number(used.count())));
    QCOMPARE(first->state(), UnixSocket::ConnectedState);
    first->write("x");
    QTRY_COMPARE(error.size(), 1);
    QCOMPARE(first->state(), UnixSocket::UnconnectedState);
}

QTEST_GUILESS_MAIN(tst_unixsocket_adoption)
#include "tst_unixsocket_adoption.moc"
