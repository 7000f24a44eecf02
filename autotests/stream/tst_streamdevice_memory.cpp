// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageSocket>
#include <InterprocessQt/UnixSocket>

#include <QElapsedTimer>

#include <cerrno>
#include <ctime>
#include <dlfcn.h>
#include <sys/socket.h>

using namespace InterprocessQt;

namespace
{
int failures = 0; // that are still to come
int calls = 0;

bool fails()
{
    ++calls;
    if (failures == 0)
        return false;
    --failures;
    errno = ENOBUFS;
    return true;
}

std::chrono::nanoseconds processorTime()
{
    timespec time = {};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}
} // namespace

// The calls of the library arrive here first.
extern "C" Q_DECL_EXPORT ssize_t send(int fd, const void *data, size_t size, int flags)
{
    static const auto original = reinterpret_cast<ssize_t (*)(int, const void *, size_t, int)>(::dlsym(RTLD_NEXT, "send"));
    return fails() ? -1 : original(fd, data, size, flags);
}

extern "C" Q_DECL_EXPORT ssize_t sendmsg(int fd, const msghdr *message, int flags)
{
    static const auto original = reinterpret_cast<ssize_t (*)(int, const msghdr *, int)>(::dlsym(RTLD_NEXT, "sendmsg"));
    return fails() ? -1 : original(fd, message, flags);
}

// When the kernel has no memory for what is to be written (ENOBUFS), nothing is lost, and it is asked again now and then.
class tst_streamdevice_memory : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itIsTriedAgain_data();
    void itIsTriedAgain();
    void waitingTakesNoProcessorTime();
    void theWaitsTryAgain();
    void aSocketEndsMeanwhile();
    void descriptorsAreNotLost();
    void messagesAreNotLost_data();
    void messagesAreNotLost();
    void aPacketIsNotTriedForEver();
};

void tst_streamdevice_memory::itIsTriedAgain_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("little") << 5;
    QTest::newRow("much") << 1'000'000;
}

void tst_streamdevice_memory::itIsTriedAgain()
{
    QFETCH(int, size);
    auto [sender, receiver] = LocalSocket::pair();
    failures = 3;
    const QByteArray data(size, 'x');
    QCOMPARE(sender->write(data), qint64(size));
    QByteArray received;
    QTRY_VERIFY((received += receiver->readAll()).size() == size);
    QCOMPARE(failures, 0);
    QCOMPARE(received, data);
}

void tst_streamdevice_memory::waitingTakesNoProcessorTime()
{
    auto [sender, receiver] = LocalSocket::pair();
    failures = 1'000'000;
    sender->write("hello");
    const auto before = processorTime();
    calls = 0;
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY(clock.hasExpired(500));
    QVERIFY2(calls < 100, qPrintable(QString::number(calls)));
    QVERIFY(processorTime() - before < std::chrono::milliseconds(250));
    failures = 0;
    QTRY_COMPARE(receiver->bytesAvailable(), 5);
}

void tst_streamdevice_memory::theWaitsTryAgain()
{
    auto [sender, receiver] = LocalSocket::pair();
    failures = 4;
    sender->write("hello");
    QVERIFY(sender->waitForBytesWritten(5000));
    QCOMPARE(sender->bytesToWrite(), 0);
    QVERIFY(receiver->waitForReadyRead(5000));
    QCOMPARE(receiver->readAll(), QByteArray("hello"));
}

void tst_streamdevice_memory::aSocketEndsMeanwhile()
{
    auto [sender, receiver] = LocalSocket::pair();
    failures = 1'000'000;
    sender->write("hello");
    QCoreApplication::processEvents();
    sender.reset();
    failures = 0;
    QTRY_COMPARE(receiver->state(), LocalSocket::UnconnectedState);
}

void tst_streamdevice_memory::descriptorsAreNotLost()
{
    auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    failures = 2;
    QCOMPARE(sender->send("x", FileDescriptor(::dup(0))), 1);
    QTRY_COMPARE(receiver->bytesAvailable(), 1);
    QCOMPARE(receiver->descriptorsAvailable(), 1);
}

void tst_streamdevice_memory::messagesAreNotLost_data()
{
    QTest::addColumn<MessageSocket::Transport>("transport");
    QTest::newRow("packets") << MessageSocket::Transport::Packets;
    QTest::newRow("stream") << MessageSocket::Transport::Stream;
}

void tst_streamdevice_memory::messagesAreNotLost()
{
    QFETCH(MessageSocket::Transport, transport);
    auto [sender, receiver] = MessageSocket::pair(transport);
    QList<QByteArray> received;
    connect(receiver.get(), &MessageSocket::messageReceived, this, [&received](const QByteArray &message) {
        received << message;
    });
    failures = 3;
    QVERIFY(sender->send("one"));
    QVERIFY(sender->send("two"));
    QTRY_COMPARE(received, (QList<QByteArray>{"one", "two"}));
    QCOMPARE(failures, 0);
}

void tst_streamdevice_memory::aPacketIsNotTriedForEver()
{
    auto [sender, receiver] = MessageSocket::pair(MessageSocket::Transport::Packets);
    if (sender->transport() != MessageSocket::Transport::Packets)
        QSKIP("This system has no packets");
    QSignalSpy errors(sender.get(), &MessageSocket::errorOccurred);
    failures = 1'000'000;
    QVERIFY(sender->send("one"));
    QTRY_COMPARE(errors.size(), 1);
    failures = 0;
    QCOMPARE(sender->error(), StreamDevice::SocketResourceError);
    QCOMPARE(sender->nativeError(), ENOBUFS);
}

QTEST_GUILESS_MAIN(tst_streamdevice_memory)
#include "tst_streamdevice_memory.moc"
