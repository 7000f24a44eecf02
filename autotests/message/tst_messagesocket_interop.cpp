// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "peerprocess.h"
#include "rawmessages.h"

#include "../unixsocket/files.h"

using namespace InterprocessQt;
using namespace Messages;

// Programs in Python, which has the system calls and knows nothing of this library, in both directions.
class tst_messagesocket_interop : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pythonIsTheClient_data();
    void pythonIsTheClient();
    void pythonIsTheServer_data();
    void pythonIsTheServer();
    void isKilledWithinAMessage();

private:
    QString m_python;
};

namespace
{
// What both directions need: a message is a packet, or has its length before it.
const QString Common = R"(
import array, os, socket, struct, sys
kind, path = sys.argv[1], sys.argv[2]
packets = kind == 'packets'
def make():
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET if packets else socket.SOCK_STREAM)
def frame(data):
    return data if packets else struct.pack('>I', len(data)) + data
def send(s, data):
    s.sendall(frame(data)) if not packets else s.send(data)
def send_with(s, data, fds):
    socket.send_fds(s, [frame(data)], fds)
def exactly(s, size):
    data = b''
    while len(data) < size:
        part = s.recv(size - len(data))
        if not part:
            return None
        data += part
    return data
def receive(s):
    if packets:
        return s.recv(1 << 20)
    head = exactly(s, 4)
    if head is None:
        return None
    return exactly(s, struct.unpack('>I', head)[0])
def receive_with(s, count):
    if packets:
        data, fds, flags, address = socket.recv_fds(s, 1 << 20, count)
        return data, fds
    head, fds, flags, address = socket.recv_fds(s, 4, count)
    return exactly(s, struct.unpack('>I', head)[0]), fds
def text_of(fd):
    os.lseek(fd, 0, os.SEEK_SET)
    return os.read(fd, 100)
def file_with(text):
    import tempfile
    f = tempfile.TemporaryFile()
    f.write(text)
    f.flush()
    return f
)";

QString nameOf(Transport transport)
{
    return transport == Transport::Packets ? QStringLiteral("packets") : QStringLiteral("stream");
}
} // namespace

void tst_messagesocket_interop::initTestCase()
{
    m_python = PeerProcess::find("python3");
    if (m_python.isEmpty())
        QSKIP("python3 is not installed");
}

void tst_messagesocket_interop::pythonIsTheClient_data()
{
    addTransports();
}

void tst_messagesocket_interop::pythonIsTheClient()
{
    QFETCH(Transport, transport);
    MessageServer server(transport);
    server.setMaximumHandles(3);
    QVERIFY(server.listen(Address::filePath(path())));
    PeerProcess peer;
    QVERIFY(peer.start(m_python,
                       {"-c",
                        Common + R"(
s = make()
s.connect(path)
send(s, b'one')
send(s, b'')
files = [file_with(b'0'), file_with(b'1')]
send_with(s, b'with two', [f.fileno() for f in files])
send(s, b'x' * 100000)
answer = receive(s)
print(len(answer), answer == b'y' * 100000, flush=True)
print(receive(s), flush=True)
data, fds = receive_with(s, 3)
print(data, [text_of(fd) for fd in fds], flush=True)
send(s, b'')
s.close()
)",
                        nameOf(transport),
                        path()}));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<MessageSocket> socket(server.nextPendingConnection());
    QCOMPARE(socket->peerCredentials().processId(), peer.pid());
    List seen;
    connect(socket.get(), &MessageSocket::messageReceived, this, [&](const QByteArray &message) {
        seen << (message.size() > 100 ? QByteArray::number(message.size()) : message) + ": " + Files::textsOf(socket->takeHandles());
    });
    QTRY_COMPARE(seen, (List{"one: ", ": ", "with two: 0 1", "100000: "}));
    QVERIFY(socket->send(QByteArray(100'000, 'y')));
    QVERIFY(socket->send(""));
    QVERIFY(socket->send("files", Files::numbered(3)));
    QCOMPARE(peer.readLine(), "100000 True");
    QCOMPARE(peer.readLine(), "b''");
    QCOMPARE(peer.readLine(), "b'files' [b'0', b'1', b'2']");
    QCOMPARE(peer.waitForExit(), 0);
    QTRY_COMPARE(socket->state(), MessageSocket::State::UnconnectedState);
    QCOMPARE(seen.size(), losesLastEmpty(transport) ? 4 : 5); // the empty one before its end
}

void tst_messagesocket_interop::pythonIsTheServer_data()
{
    addTransports();
}

void tst_messagesocket_interop::pythonIsTheServer()
{
    QFETCH(Transport, transport);
    PeerProcess peer;
    QVERIFY(peer.start(m_python,
                       {"-c",
                        Common + R"(
l = make()
l.bind(path)
l.listen(5)
print('listening', flush=True)
s, address = l.accept()
while True:
    data, fds = receive_with(s, 5)
    if data == b'end':
        break
    copies = [file_with(b'copy of ' + text_of(fd)) for fd in fds]
    if copies:
        send_with(s, data, [f.fileno() for f in copies])
    else:
        send(s, data)
    for fd in fds:
        os.close(fd)
send(s, b'')
s.shutdown(socket.SHUT_WR)
print(s.recv(100), flush=True)
)",
                        nameOf(transport),
                        path()}));
    QVERIFY2(peer.waitForLine("listening"), qPrintable(peer.errors()));
    MessageSocket client(transport);
    client.setMaximumHandles(5);
    List seen;
    connect(&client, &MessageSocket::messageReceived, this, [&](const QByteArray &message) {
        seen << message + ": " + Files::textsOf(client.takeHandles());
    });
    client.connectToServer(Address::filePath(path()));
    QVERIFY(client.send("one"));
    QVERIFY(client.send(""));
    QVERIFY(client.send("two files", Files::numbered(2)));
    QVERIFY(client.send("end"));
    QTRY_COMPARE(client.state(), MessageSocket::State::UnconnectedState);
    List expected{"one: ", ": ", "two files: copy of 0 copy of 1", ": "};
    if (losesLastEmpty(transport))
        expected.removeLast();
    QCOMPARE(seen, expected);
    QCOMPARE(client.error(), StreamDevice::PeerClosedError);
    QCOMPARE(peer.readLine(), "b''");
    QCOMPARE(peer.waitForExit(), 0);
}

void tst_messagesocket_interop::isKilledWithinAMessage()
{
    MessageServer server(Transport::Stream);
    QVERIFY(server.listen(Address::filePath(path())));
    PeerProcess peer;
    QVERIFY(peer.start(m_python,
                       {"-c",
                        Common + R"(
s = make()
s.connect(path)
send(s, b'whole')
s.sendall(struct.pack('>I', 1000) + b'x' * 999)
print('sent', flush=True)
import time
time.sleep(100)
)",
                        "stream",
                        path()}));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<MessageSocket> socket(server.nextPendingConnection());
    Record record(*socket);
    QVERIFY(peer.waitForLine("sent"));
    QTRY_COMPARE(record.messages, List{"whole"});
    peer.kill();
    QTRY_COMPARE(record.lines, (List{"message whole", errorLine(StreamDevice::PeerClosedError), "disconnected"}));
    QVERIFY(!socket->receive());
}

QTEST_GUILESS_MAIN(tst_messagesocket_interop)
#include "tst_messagesocket_interop.moc"
