// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include "files.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/UnixSocket>

using namespace InterprocessQt;

// Several pieces in one call, in both directions.
class tst_unixsocket_pieces : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void arriveAsOne_data();
    void arriveAsOne();
    void writingNothingIsNothing();
    void keepTheirPlaceBehindWhatWaits();
    void areTakenAsFarAsTheLimitAllows();
    void aCongestedPeerGetsThemAll();
    void waitForTheConnection();
    void aClosedChannelRefusesThem();
    void aBrokenConnectionRefusesThem();
    void areReadInTheirOrder();
    void readingNothingIsNothing();
};

namespace
{
// Of 0, 1, 2, … bytes, each of another letter.
QByteArrayList piecesOf(int count)
{
    QByteArrayList pieces;
    for (int i = 0; i < count; ++i)
        pieces.append(QByteArray(i % 5, char('a' + i % 26)));
    return pieces;
}

qint64 write(UnixSocket &socket, const QByteArrayList &pieces)
{
    const std::vector<QByteArrayView> views(pieces.begin(), pieces.end());
    return socket.writeVectored(views);
}
} // namespace

void tst_unixsocket_pieces::arriveAsOne_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {0, 1, 2, 63, 64, 65, 66, 1000})
        QTest::addRow("%d", count) << count;
}

void tst_unixsocket_pieces::arriveAsOne()
{
    QFETCH(int, count);
    const auto [sender, receiver] = UnixSocket::pair();
    QSignalSpy bytesWritten(sender.get(), &UnixSocket::bytesWritten);
    const QByteArrayList pieces = piecesOf(count);
    const QByteArray all = pieces.join();
    QCOMPARE(write(*sender, pieces), all.size());
    sender->write("end");
    QTRY_COMPARE(receiver->bytesAvailable(), all.size() + 3);
    QCOMPARE(receiver->readAll(), all + "end");
    qint64 told = 0;
    for (const auto &arguments : std::as_const(bytesWritten))
        told += arguments.first().toLongLong();
    QCOMPARE(told, all.size() + 3);
}

void tst_unixsocket_pieces::writingNothingIsNothing()
{
    const auto [sender, receiver] = UnixSocket::pair();
    QCOMPARE(write(*sender, {}), 0);
    QCOMPARE(write(*sender, {"", ""}), 0);
    QCOMPARE(write(*sender, QByteArrayList(100, "")), 0);
    // The first real bytes of the turn leave at once all the same.
    QCOMPARE(sender->write("x"), 1);
    QCOMPARE(sender->bytesToWrite(), 0);
}

void tst_unixsocket_pieces::keepTheirPlaceBehindWhatWaits()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(10);
    sender->write("1");
    sender->write("2");
    QCOMPARE(write(*sender, {"3", "", "4"}), 2);
    sender->send("5", Files::withText("five"));
    QCOMPARE(write(*sender, {"6", "7"}), 2);
    QTRY_COMPARE(receiver->bytesAvailable(), 7);
    QCOMPARE(receiver->read(1), "1");
    auto message = receiver->receive();
    QCOMPARE(message->data(), "2345");
    QCOMPARE(Files::textsOf(message->descriptors()), "five");
    QCOMPARE(receiver->receive()->data(), "67");
}

void tst_unixsocket_pieces::areTakenAsFarAsTheLimitAllows()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setReadBufferSize(1);
    sender->setWriteBufferLimit(10);
    while (sender->write(QByteArray(400'000, 'x')) > 0) { }
    QCOMPARE(sender->bytesToWrite(), 10);
    QCOMPARE(write(*sender, {"a", "b"}), 0);
    sender->setWriteBufferLimit(15);
    QCOMPARE(write(*sender, {"", "abc", "", "defg", "h"}), 5);
    QCOMPARE(sender->bytesToWrite(), 15);
    const qint64 expected = sender->bytesToWrite();
    receiver->setReadBufferSize(0);
    QTRY_COMPARE(sender->bytesToWrite(), 0);
    QTRY_VERIFY(receiver->bytesAvailable() > expected);
    runTurns();
    QVERIFY(receiver->readAll().endsWith("xabcde"));
}

void tst_unixsocket_pieces::aCongestedPeerGetsThemAll()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setReadBufferSize(1);
    QByteArrayList pieces;
    for (int i = 0; i < 1000; ++i)
        pieces.append(QByteArray(3000, char('a' + i % 26)));
    const QByteArray all = pieces.join();
    QCOMPARE(write(*sender, pieces), all.size());
    QVERIFY(sender->bytesToWrite() > 0);
    QVERIFY(sender->isCongested());
    runTurns();
    receiver->setReadBufferSize(0);
    QTRY_COMPARE(receiver->bytesAvailable(), all.size());
    QCOMPARE(receiver->readAll(), all);
}

void tst_unixsocket_pieces::waitForTheConnection()
{
    LocalServer server;
    QVERIFY(server.listen(path()));
    UnixSocket client;
    QCOMPARE(write(client, {"x"}), -1);
    connect(&client, &UnixSocket::stateChanged, &client, [&](UnixSocket::LocalSocketState state) {
        if (state == UnixSocket::ConnectingState)
            QCOMPARE(write(client, {"ear", "ly"}), 5);
    });
    client.connectToServer(path());
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<LocalSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(peer->bytesAvailable(), 5);
    QCOMPARE(peer->readAll(), "early");
}

void tst_unixsocket_pieces::aClosedChannelRefusesThem()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->closeWriteChannel();
    QCOMPARE(write(*sender, {"x"}), -1);
    QVERIFY(!sender->errorString().isEmpty());
    QCOMPARE(write(*sender, {}), -1);
}

void tst_unixsocket_pieces::aBrokenConnectionRefusesThem()
{
    auto [sender, receiver] = UnixSocket::pair();
    QSignalSpy errors(sender.get(), &UnixSocket::errorOccurred);
    receiver.reset();
    // As write(): what is taken then is dropped, and from then on nothing is.
    QCOMPARE(write(*sender, {"a", "b"}), 2);
    QCOMPARE(write(*sender, {"a", "b"}), -1);
    QVERIFY(errors.isEmpty());
    QTRY_COMPARE(errors.size(), 1);
    QCOMPARE(sender->error(), UnixSocket::PeerClosedError);
    QCOMPARE(write(*sender, {"a", "b"}), -1);
}

void tst_unixsocket_pieces::areReadInTheirOrder()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->write("abcdefghij");
    QTRY_COMPARE(receiver->bytesAvailable(), 10);
    std::array<char, 3> first{};
    std::array<char, 4> second{};
    std::array<char, 100> third{};
    const std::array<std::span<char>, 5> pieces = {std::span<char>(first), std::span<char>(), second, std::span<char>(), third};
    QCOMPARE(receiver->peek(2), "ab"); // bytes that QIODevice keeps come first
    QCOMPARE(receiver->readVectored(pieces), 10);
    QCOMPARE(QByteArrayView(first), "abc");
    QCOMPARE(QByteArrayView(second), "defg");
    QCOMPARE(QByteArrayView(third).first(4), QByteArrayView("hij\0", 4));
    QCOMPARE(receiver->readVectored(pieces), 0);
    sender->write("xyz");
    QTRY_COMPARE(receiver->bytesAvailable(), 3);
    QCOMPARE(receiver->readVectored(pieces), 3); // to the end of the first one
    QCOMPARE(QByteArrayView(first), "xyz");
    sender->disconnectFromServer();
    QTRY_COMPARE(receiver->state(), UnixSocket::UnconnectedState);
    QCOMPARE(receiver->readVectored(pieces), -1);
}

void tst_unixsocket_pieces::readingNothingIsNothing()
{
    const auto [sender, receiver] = UnixSocket::pair();
    sender->write("x");
    QTRY_COMPARE(receiver->bytesAvailable(), 1);
    QCOMPARE(receiver->readVectored({}), 0);
    const std::array<std::span<char>, 2> empty = {};
    QCOMPARE(receiver->readVectored(empty), 0);
    QCOMPARE(receiver->bytesAvailable(), 1);
}

QTEST_GUILESS_MAIN(tst_unixsocket_pieces)
#include "tst_unixsocket_pieces.moc"
