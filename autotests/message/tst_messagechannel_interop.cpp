// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frames.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>
#include <InterprocessQt/MessageChannel>

#include <QProcess>

using namespace InterprocessQt;
using Channel = MessageChannel;
using namespace std::chrono_literals;

// Programs that know nothing of us speak the same framings.
class tst_messagechannel_interop : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void pythonAnswersOverItsStandardStreams_data();
    void pythonAnswersOverItsStandardStreams();
    void pythonTalksToAServer_data();
    void pythonTalksToAServer();
    void aChattyPeerIsHeardToItsEnd_data();
    void aChattyPeerIsHeardToItsEnd();
    void aPeerThatIsKilledWithinAMessage();
    void waitingForAProcess();
};

namespace
{
// read_message() and write_message() over two binary files, for each framing; what follows uses them.
const char speaker[] = R"(
import os, socket, struct, sys
framing, place = sys.argv[1], sys.argv[2]
if place == '-':
    source, sink = sys.stdin.buffer, sys.stdout.buffer
else:
    s = socket.socket(socket.AF_UNIX)
    s.connect(place)
    source, sink = s.makefile('rb'), s.makefile('wb')

def read_message():
    if framing == 'lines':
        line = source.readline()
        return line[:-1] if line else None
    if framing == 'content length':
        length = None
        while True:
            line = source.readline()
            if not line:
                return None
            if line == b'\r\n':
                return source.read(length)
            name, value = line.split(b':')
            if name.lower() == b'content-length':
                length = int(value)
    order = '@I' if framing == 'native' else '>I'
    head = source.read(4)
    return source.read(struct.unpack(order, head)[0]) if head else None

def write_message(m, flush=True):
    if framing == 'lines':
        sink.write(m + b'\n')
    elif framing == 'content length':
        sink.write(b'Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n' % len(m) + m)
    else:
        sink.write(struct.pack('@I' if framing == 'native' else '>I', len(m)) + m)
    if flush:
        sink.flush()
)";

const char echo[] = R"(
while (m := read_message()) is not None:
    write_message(m[::-1])
)";

const char chatter[] = R"(
for i in range(200000):
    write_message(b'%d' % i, flush=False)
sink.flush()
)";

void addSpeakers()
{
    QTest::addColumn<QString>("speaks");
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<Channel::ByteOrder>("order");
    QTest::newRow("length prefix") << "prefix" << Channel::LengthPrefix << Channel::BigEndian;
    QTest::newRow("native length prefix") << "native" << Channel::LengthPrefix << Channel::NativeEndian;
    QTest::newRow("lines") << "lines" << Channel::Lines << Channel::BigEndian;
    QTest::newRow("content length") << "content length" << Channel::ContentLength << Channel::BigEndian;
}

QStringList python(const char *script, const QString &speaks, const QString &place)
{
    return {"-c", QString::fromLatin1(speaker) + QString::fromLatin1(script), speaks, place};
}

// Sends a few messages to an echo and looks at what comes back.
void converse(Channel &channel)
{
    QSignalSpy received(&channel, &Channel::messageReceived);
    const QList<QByteArray> messages{"hello", "", "x", QByteArray(8190, 'a') + "bcdef", QByteArray(1'000'000, 'y') + "z"};
    for (const QByteArray &message : messages)
        QVERIFY(channel.send(message));
    QTRY_COMPARE_WITH_TIMEOUT(received.size(), messages.size(), 20000);
    for (qsizetype i = 0; i < messages.size(); ++i) {
        QByteArray reversed = messages.at(i);
        std::reverse(reversed.begin(), reversed.end());
        QVERIFY(received.at(i).first().toByteArray() == reversed);
    }
    QCOMPARE(channel.error(), Channel::NoError);
}
} // namespace

#define SKIP_WITHOUT_PYTHON()                                                                                                                                  \
    if (PeerProcess::find("python3").isEmpty())                                                                                                                \
    QSKIP("there is no python3 here")

void tst_messagechannel_interop::pythonAnswersOverItsStandardStreams_data()
{
    addSpeakers();
}

void tst_messagechannel_interop::pythonAnswersOverItsStandardStreams()
{
    SKIP_WITHOUT_PYTHON();
    QFETCH(QString, speaks);
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::ByteOrder, order);
    QProcess process;
    Channel channel(&process, framing);
    channel.setByteOrder(order);
    QSignalSpy finished(&channel, &Channel::finished);
    process.start("python3", python(echo, speaks, "-"));
    QVERIFY(process.waitForStarted());
    converse(channel);
    process.closeWriteChannel();
    QTRY_COMPARE(finished.size(), 1);
    QTRY_COMPARE(process.state(), QProcess::NotRunning);
    QCOMPARE(process.exitCode(), 0);
}

void tst_messagechannel_interop::pythonTalksToAServer_data()
{
    addSpeakers();
}

void tst_messagechannel_interop::pythonTalksToAServer()
{
    SKIP_WITHOUT_PYTHON();
    QFETCH(QString, speaks);
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::ByteOrder, order);
    LocalServer server;
    QVERIFY(server.listen(path()));
    PeerProcess process;
    QVERIFY(process.start("python3", python(echo, speaks, path())));
    QTRY_VERIFY_WITH_TIMEOUT(server.hasPendingConnections(), 20000);
    std::unique_ptr<LocalSocket> socket(server.nextPendingConnection());
    Channel channel(socket.get(), framing);
    channel.setByteOrder(order);
    converse(channel);
    QSignalSpy finished(&channel, &Channel::finished);
    socket->closeWriteChannel();
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(process.waitForExit(), 0);
}

void tst_messagechannel_interop::aChattyPeerIsHeardToItsEnd_data()
{
    addSpeakers();
}

void tst_messagechannel_interop::aChattyPeerIsHeardToItsEnd()
{
    SKIP_WITHOUT_PYTHON();
    QFETCH(QString, speaks);
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::ByteOrder, order);
    for (const bool overSocket : {true, false}) {
        LocalServer server;
        QVERIFY(server.listen(path()));
        QProcess process;
        std::unique_ptr<LocalSocket> socket;
        Channel channel;
        channel.setFraming(framing);
        channel.setByteOrder(order);
        int count = 0;
        bool inOrder = true;
        connect(&channel, &Channel::messageReceived, &channel, [&](const QByteArray &message) {
            inOrder = inOrder && message.toInt() == count;
            ++count;
        });
        QSignalSpy finished(&channel, &Channel::finished);
        if (!overSocket)
            channel.setDevice(&process);
        process.start("python3", python(chatter, speaks, overSocket ? path() : QString("-")));
        if (overSocket) {
            QTRY_VERIFY_WITH_TIMEOUT(server.hasPendingConnections(), 20000);
            socket.reset(server.nextPendingConnection());
            channel.setDevice(socket.get());
        }
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30000);
        QCOMPARE(count, 200'000);
        QVERIFY(inOrder);
        QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished());
        server.close();
    }
}

void tst_messagechannel_interop::aPeerThatIsKilledWithinAMessage()
{
    SKIP_WITHOUT_PYTHON();
    QProcess process;
    Channel channel(&process, Channel::LengthPrefix);
    QSignalSpy received(&channel, &Channel::messageReceived);
    QSignalSpy failed(&channel, &Channel::errorOccurred);
    process.start("python3", python("write_message(b'whole')\nsink.write(b'\\0\\0\\0\\x09half')\nsink.flush()\nos.kill(os.getpid(), 9)\n", "prefix", "-"));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 20000);
    QCOMPARE(received.size(), 1);
    QCOMPARE(channel.error(), Channel::TruncatedMessageError);
    QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished());
}

void tst_messagechannel_interop::waitingForAProcess()
{
    SKIP_WITHOUT_PYTHON();
    QProcess process;
    Channel channel(&process, Channel::Lines);
    process.start("python3", python(echo, "lines", "-"));
    QVERIFY(process.waitForStarted());
    for (const QByteArray message : {"abc", "def"}) {
        QVERIFY(channel.send(message));
        QVERIFY(channel.waitForMessage(20s));
        QByteArray reversed = message;
        std::reverse(reversed.begin(), reversed.end());
        QCOMPARE(channel.receive().value(), reversed);
    }
    process.closeWriteChannel();
    QVERIFY(!channel.waitForMessage(20s));
    QVERIFY(!channel.isOpen());
    QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished());
}

QTEST_GUILESS_MAIN(tst_messagechannel_interop)
#include "tst_messagechannel_interop.moc"
