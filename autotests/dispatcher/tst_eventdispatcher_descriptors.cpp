// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "dispatchertest.h"

#include <InterprocessQt/LocalSocket>

#include <QLoggingCategory>
#include <QRegularExpression>
#include <QSocketNotifier>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace InterprocessQt;

// The set of epoll has one place for each descriptor. Several of a process, and several processes, may want it.
class tst_eventdispatcher_descriptors : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aNumberMayBeUsedAgainForTheSame();
    void whoComesTooLateTakesNothingAway();
    void aNotifierForALocalSocketTakesNothingAway_data();
    void aNotifierForALocalSocketTakesNothingAway();
    void aLocalSocketForANotifierTakesNothingAway();
    void aChildTakesNothingAway();
    void aChildAddsNothing_data();
    void aChildAddsNothing();
    void aChildIsNotToldOfTheParentsStreams();
};

namespace
{
// In a child, whose result is true or false.
template<typename Function>
int inChild(Function function)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(20);
        ::_exit(function() ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}
} // namespace

void tst_eventdispatcher_descriptors::aNumberMayBeUsedAgainForTheSame()
{
    Ends ends;
    const int fd = ends.fd();
    QSocketNotifier forgotten(fd, QSocketNotifier::Read);
    turns(1);
    ends.one.reset(); // with the notifier enabled, as one has it that is deleted later
    const Ends next;
    const NativeHandle again(::dup2(next.fd(), fd));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression("Multiple socket notifiers for the same descriptor"));
    QSocketNotifier reader(fd, QSocketNotifier::Read);
    QSignalSpy readable(&reader, &QSocketNotifier::activated);
    forgotten.setEnabled(false);
    next.send();
    turns(1);
    QCOMPARE(readable.count(), 1);
    reader.setEnabled(false);
}

void tst_eventdispatcher_descriptors::whoComesTooLateTakesNothingAway()
{
    Ends ends;
    const int fd = ends.fd();
    QSocketNotifier forgotten(fd, QSocketNotifier::Read);
    turns(1);
    ends.one.reset();
    auto [socket, peer] = LocalSocket::pair();
    QCOMPARE(socket->socketDescriptor(), fd); // the lowest that is free
    QSignalSpy readable(socket.get(), &QIODevice::readyRead);
    forgotten.setEnabled(false);
    peer->write("x");
    QTRY_COMPARE(readable.count(), 1);
}

void tst_eventdispatcher_descriptors::aNotifierForALocalSocketTakesNothingAway_data()
{
    QTest::addColumn<QSocketNotifier::Type>("type");
    QTest::newRow("read") << QSocketNotifier::Read;
    QTest::newRow("write") << QSocketNotifier::Write;
    QTest::newRow("exception") << QSocketNotifier::Exception;
}

void tst_eventdispatcher_descriptors::aNotifierForALocalSocketTakesNothingAway()
{
    QFETCH(QSocketNotifier::Type, type);
    auto [socket, peer] = LocalSocket::pair();
    turns(1);
    if (type == QSocketNotifier::Read)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("Multiple socket notifiers for the same descriptor"));
    {
        QSocketNotifier notifier(socket->socketDescriptor(), type);
        QSignalSpy told(&notifier, &QSocketNotifier::activated);
        peer->write("1");
        QTRY_COMPARE(socket->bytesAvailable(), 1);
        QTRY_VERIFY(type != QSocketNotifier::Write || told.count() > 0);
    }
    peer->write("2");
    QTRY_COMPARE(socket->bytesAvailable(), 2);
    // And what it waits for now and then.
    const QByteArray much(4'000'000, 'x');
    socket->write(much);
    qint64 arrived = 0;
    connect(peer.get(), &QIODevice::readyRead, this, [&, peer = peer.get()] {
        arrived += peer->readAll().size();
    });
    QTRY_COMPARE(arrived, much.size());
    peer->close();
    QTRY_COMPARE(socket->state(), LocalSocket::UnconnectedState);
    QVERIFY(turnsWhileIdle() < FewTurns);
}

void tst_eventdispatcher_descriptors::aLocalSocketForANotifierTakesNothingAway()
{
    Ends ends;
    QSocketNotifier notifier(ends.fd(), QSocketNotifier::Exception);
    turns(1);
    {
        LocalSocket socket;
        QVERIFY(socket.setSocketDescriptor(ends.one.get()));
        ends.send();
        QTRY_COMPARE(socket.bytesAvailable(), 1);
        notifier.setEnabled(false);
        ends.send();
        QTRY_COMPARE(socket.bytesAvailable(), 2);
        notifier.setEnabled(true);
        ends.send();
        QTRY_COMPARE(socket.bytesAvailable(), 3);
        notifier.setEnabled(false);
        (void)ends.one.release();
    }
    QVERIFY(turnsWhileIdle() < FewTurns);
}

void tst_eventdispatcher_descriptors::aChildTakesNothingAway()
{
    // Before its own event loop has had a turn.
    Ends ends;
    auto notifier = std::make_unique<QSocketNotifier>(ends.fd(), QSocketNotifier::Read);
    auto [socket, peer] = LocalSocket::pair();
    int told = 0;
    connect(notifier.get(), &QSocketNotifier::activated, this, [&] {
        ++told;
        notifier->setEnabled(false);
    });
    turns(1);
    QCOMPARE(inChild([&, socket = &socket] {
                 notifier.reset();
                 socket->reset();
                 return true;
             }),
             0);
    ends.send();
    peer->write("x");
    QTRY_COMPARE(told, 1);
    QTRY_COMPARE(socket->bytesAvailable(), 1);
}

void tst_eventdispatcher_descriptors::aChildAddsNothing_data()
{
    QTest::addColumn<bool>("isLocalSocket");
    QTest::newRow("notifier") << false;
    QTest::newRow("local socket") << true;
}

void tst_eventdispatcher_descriptors::aChildAddsNothing()
{
    QFETCH(bool, isLocalSocket);
    // It goes on living while the parent waits.
    Ends channel;
    Ends end;
    Ends busy;
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(20);
        std::unique_ptr<QSocketNotifier> notifier;
        std::unique_ptr<LocalSocket> socket;
        int told = 0;
        const auto tell = [&told] {
            ++told;
        };
        if (isLocalSocket) {
            socket = std::make_unique<LocalSocket>();
            connect(socket.get(), &QIODevice::readyRead, this, tell);
            (void)socket->setSocketDescriptor(std::move(busy.one));
        } else {
            notifier = std::make_unique<QSocketNotifier>(busy.fd(), QSocketNotifier::Read);
            connect(notifier.get(), &QSocketNotifier::activated, this, tell);
        }
        busy.send();
        channel.send();
        pollfd ready = {end.fd(), POLLIN, 0};
        ::poll(&ready, 1, -1);
        QCoreApplication::processEvents();
        ::_exit(told == 1 ? 0 : 1);
    }
    pollfd ready = {channel.fd(), POLLIN, 0};
    QCOMPARE(::poll(&ready, 1, 20'000), 1);
    const int blocked = turnsWhileIdle();
    end.send();
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
    QVERIFY2(blocked < FewTurns, qPrintable(QString::number(blocked)));
}

void tst_eventdispatcher_descriptors::aChildIsNotToldOfTheParentsStreams()
{
    auto [socket, peer] = LocalSocket::pair();
    turns(1);
    const int stream = int(peer->socketDescriptor());
    QCOMPARE(inChild([stream] {
                 if (::write(stream, "x", 1) != 1)
                     return false;
                 turns(1);
                 return turnsWhileIdle() < FewTurns;
             }),
             0);
    QTRY_COMPARE(socket->bytesAvailable(), 1);
}

DISPATCHERTEST_MAIN(tst_eventdispatcher_descriptors)
#include "tst_eventdispatcher_descriptors.moc"
