// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include "files.h"

#include <InterprocessQt/UnixServer>
#include <InterprocessQt/UnixSocket>

using namespace InterprocessQt;

// Another program at the other end, which has the system's calls from somebody else: Python's send_fds() and recv_fds().
class tst_unixsocket_python : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void descriptorsTravelBothWays_data();
    void descriptorsTravelBothWays();
    void itWritesToWhatItGot();
    void itsLastDescriptorsArriveThoughItWasKilled();
    void credentialsAreThoseOfTheProcess();
    void aServerOfItsOwn();
};

namespace
{
QStringList script(const char *text, const QStringList &arguments)
{
    return QStringList{"-c", QString("import os, signal, socket, sys, tempfile\n") + text} + arguments;
}
} // namespace

void tst_unixsocket_python::initTestCase()
{
    PeerProcess python;
    if (!python.start("python3", {"-c", "import socket; print(hasattr(socket, 'send_fds'))"}) || python.readLine() != "True")
        QSKIP("There is no Python with socket.send_fds() here (3.9)");
}

void tst_unixsocket_python::descriptorsTravelBothWays_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {1, 2, 3, 253})
        QTest::addRow("%d", count) << count;
}

void tst_unixsocket_python::descriptorsTravelBothWays()
{
    QFETCH(int, count);
    UnixServer server;
    server.setMaximumDescriptors(253);
    QVERIFY(server.listen(path()));
    PeerProcess python;
    QVERIFY(python.start("python3",
                         script(R"(
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"first, ")
files = []
for i in range(int(sys.argv[2])):
    file = tempfile.TemporaryFile()
    file.write(b"%d" % i)
    file.flush()
    files.append(file)
socket.send_fds(s, [b"from ", b"Python"], [file.fileno() for file in files])
data, fds, flags, address = socket.recv_fds(s, 100, 253)
print(data.decode(), *(os.pread(fd, 100, 0).decode() for fd in fds), flush=True)
)",
                                {path(), QString::number(count)})));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(peer->bytesAvailable(), 18);
    QCOMPARE(peer->descriptorsAvailable(), count);
    QCOMPARE(peer->read(7), "first, ");
    auto message = peer->receive();
    QCOMPARE(message->data(), "from Python");
    QCOMPARE(Files::textsOf(message->descriptors()), Files::numbers(count));

    // The same ones back.
    QCOMPARE(peer->send(UnixMessage("back", message->takeDescriptors())), 4);
    QCOMPARE(python.readLine(), QByteArray("back " + Files::numbers(count)));
    QCOMPARE(python.waitForExit(), 0);
}

void tst_unixsocket_python::itWritesToWhatItGot()
{
    UnixServer server;
    QVERIFY(server.listen(path()));
    PeerProcess python;
    QVERIFY(python.start("python3",
                         script(R"(
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
data, fds, flags, address = socket.recv_fds(s, 100, 1)
os.write(fds[0], data.upper())
)",
                                {path()})));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    Files::Witness pipe;
    peer->send("echo", pipe.takeSent());
    QTRY_VERIFY(pipe.allAreClosed()); // here, on the way, and at the end of the process
    char buffer[10];
    QCOMPARE(::read(int(pipe.reading.get()), buffer, sizeof buffer), 4);
    QCOMPARE(QByteArray(buffer, 4), "ECHO");
}

void tst_unixsocket_python::itsLastDescriptorsArriveThoughItWasKilled()
{
    UnixServer server;
    server.setMaximumDescriptors(10);
    QVERIFY(server.listen(path()));
    PeerProcess python;
    QVERIFY(python.start("python3",
                         script(R"(
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
for i in range(3):
    file = tempfile.TemporaryFile()
    file.write(b"%d" % i)
    file.flush()
    socket.send_fds(s, [b"x"], [file.fileno()])
os.kill(os.getpid(), signal.SIGKILL)
)",
                                {path()})));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(peer->state(), UnixSocket::UnconnectedState);
    for (const char *text : {"0", "1", "2"}) {
        const auto message = peer->receive();
        QVERIFY(message);
        QCOMPARE(Files::textsOf(message->descriptors()), text);
    }
}

void tst_unixsocket_python::credentialsAreThoseOfTheProcess()
{
    UnixServer server;
    if (!server.setCredentialsEnabled(true))
        QSKIP("This system does not send credentials with each message");
    QVERIFY(server.listen(path()));
    PeerProcess python;
    QVERIFY(python.start("python3",
                         script(R"(
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"parent")
sys.stdin.readline()
child = os.fork()
if child == 0:
    s.sendall(b"child")
    os._exit(0)
print(child, flush=True)
os.waitpid(child, 0)
)",
                                {path()})));
    QTRY_VERIFY(server.hasPendingConnections());
    const std::unique_ptr<UnixSocket> peer(server.nextPendingConnection());
    QTRY_COMPARE(peer->bytesAvailable(), 6);
    const auto parent = peer->peerCredentials().processId(); // the connection ends soon after the next line
    QVERIFY(parent);
    python.writeLine("go on");
    const qint64 child = python.readLine().toLongLong();
    QVERIFY(child > 0);
    QTRY_COMPARE(peer->bytesAvailable(), 11);
    auto message = peer->receive();
    QCOMPARE(message->data(), "parent");
    QCOMPARE(message->credentials()->processId(), parent);
    message = peer->receive();
    QCOMPARE(message->data(), "child");
    QCOMPARE(message->credentials()->processId(), child);
}

void tst_unixsocket_python::aServerOfItsOwn()
{
    PeerProcess python;
    QVERIFY(python.start("python3",
                         script(R"(
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print("ready", flush=True)
s, address = server.accept()
data, fds, flags, address = socket.recv_fds(s, 100, 1)
print(data.decode(), len(fds), flags == socket.MSG_CTRUNC, flush=True)
data, fds, flags, address = socket.recv_fds(s, 100, 3)
print(data.decode(), *(os.pread(fd, 100, 0).decode() for fd in fds), flush=True)
)",
                                {path()})));
    QVERIFY(python.waitForLine("ready"));
    UnixSocket client;
    client.connectToServer(path());
    client.send(UnixMessage("too many", Files::numbered(5))); // for that end
    QVERIFY(python.readLine().startsWith("too many "));
    client.send(UnixMessage("as many", Files::numbered(3)));
    QCOMPARE(python.readLine(), "as many 0 1 2");
}

QTEST_GUILESS_MAIN(tst_unixsocket_python)
#include "tst_unixsocket_python.moc"
