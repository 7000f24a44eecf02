// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"

#include "rawmessages.h"

#include <dlfcn.h>

using namespace InterprocessQt;
using namespace Messages;

namespace
{
// What net.core.wmem_max may be. The kernel makes twice as much of it (socket(7)).
constexpr int LargestBuffer = 20'000;
} // namespace

// The calls of the library arrive here first.
extern "C" Q_DECL_EXPORT int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    static const auto original = reinterpret_cast<int (*)(int, int, int, const void *, socklen_t)>(::dlsym(RTLD_NEXT, "setsockopt"));
    if (level == SOL_SOCKET && name == SO_SNDBUF && length == sizeof(int)) {
        const int size = std::min(*static_cast<const int *>(value), LargestBuffer);
        return original(fd, level, name, &size, length);
    }
    return original(fd, level, name, value, length);
}

// On a system that allows small buffers only, the limit for messages is what it carries, and what is within it arrives.
class tst_messagesocket_buffers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theLimitIsTheSystems();
    void streamsHaveNone();
};

void tst_messagesocket_buffers::theLimitIsTheSystems()
{
    const auto [sender, receiver] = MessageSocket::pair(Transport::Packets);
    if (sender->transport() != Transport::Packets)
        QSKIP("This system has no packets");
    const qint64 largest = sender->maximumMessageSize();
    QVERIFY2(largest > LargestBuffer / 2 && largest <= 2 * LargestBuffer, qPrintable(QString::number(largest)));

    Record record(*receiver);
    QVERIFY(sender->send(message(largest)));
    QVERIFY(!sender->send(message(largest + 1)));
    QCOMPARE(sender->error(), StreamDevice::DatagramTooLargeError);
    QVERIFY2(sender->errorString().contains(QString::number(largest)), qPrintable(sender->errorString()));
    QVERIFY(sender->send("and on"));
    QTRY_COMPARE(record.messages, (QList<QByteArray>{message(largest), "and on"}));
    QCOMPARE(sender->state(), LocalSocket::ConnectedState);
}

void tst_messagesocket_buffers::streamsHaveNone()
{
    const auto [sender, receiver] = MessageSocket::pair(Transport::Stream);
    QCOMPARE(sender->maximumMessageSize(), qint64(MessageSocket::DefaultMaximumMessageSize));
    Record record(*receiver);
    QVERIFY(sender->send(message(1'000'000)));
    QTRY_COMPARE(record.messages.size(), 1);
    QCOMPARE(record.messages.first(), message(1'000'000));
}

QTEST_GUILESS_MAIN(tst_messagesocket_buffers)
#include "tst_messagesocket_buffers.moc"
