// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QCryptographicHash>
#include <QFile>

#include <algorithm>

using namespace InterprocessQt;

// Programs that know nothing of Qt, each as a process of its own.
class tst_interop_tools : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void socatConnectsToUs_data();
    void socatConnectsToUs();
    void weConnectToSocat_data();
    void weConnectToSocat();
    void netcatConnectsToUs();
    void weConnectToNetcat();
    void curlFetchesFromUs_data();
    void curlFetchesFromUs();
    void aPythonClientTalksToUs_data();
    void aPythonClientTalksToUs();
    void weTalkToAPythonServer_data();
    void weTalkToAPythonServer();
};

namespace
{
void addNames()
{
    QTest::addColumn<bool>("abstract");
    QTest::newRow("file") << false;
#ifdef Q_OS_LINUX
    QTest::newRow("abstract") << true;
#endif
}

// Answers every line with the same line in capitals, and ends when the peer does.
void serveCapitals(LocalServer &server)
{
    server.setHalfOpenAllowed(true); // those who send all and then listen get their answer
    QObject::connect(&server, &LocalServer::newConnection, &server, [&server] {
        LocalSocket *socket = server.nextPendingConnection();
        QObject::connect(socket, &LocalSocket::readyRead, socket, [socket] {
            while (socket->canReadLine())
                socket->write(socket->readLine().toUpper());
        });
        QObject::connect(socket, &LocalSocket::readChannelFinished, socket, [socket] {
            socket->closeWriteChannel();
        });
    });
}

QByteArray converse(LocalSocket &socket, const QByteArray &line)
{
    socket.write(line);
    const bool answered = waitUntil([&] {
        return socket.canReadLine();
    });
    return answered ? socket.readLine() : QByteArray("(no answer) ") + socket.errorString().toUtf8();
}

QByteArray outputOf(PeerProcess &peer)
{
    return peer.process().readAllStandardOutput();
}
} // namespace

#define SKIP_WITHOUT(program)                                                                                                                                  \
    if (PeerProcess::find(program).isEmpty())                                                                                                                  \
    QSKIP("there is no " program " here")

void tst_interop_tools::socatConnectsToUs_data()
{
    addNames();
}

void tst_interop_tools::socatConnectsToUs()
{
    SKIP_WITHOUT("socat");
    QFETCH(bool, abstract);
    const QString name = abstract ? abstractName() : path();
    LocalServer server;
    serveCapitals(server);
    QVERIFY(server.listen(abstract ? Address::namespaced(name) : Address::filePath(name)));
    PeerProcess socat;
    QVERIFY(socat.start("socat", {"-t10", "-", (abstract ? "ABSTRACT-CONNECT:" : "UNIX-CONNECT:") + name}));
    socat.writeLine("one line");
    QCOMPARE(socat.readLine(), QString("ONE LINE"));
    socat.writeLine("and another");
    socat.process().closeWriteChannel();
    QCOMPARE(socat.readLine(), QString("AND ANOTHER"));
    QCOMPARE(socat.waitForExit(), 0);
}

void tst_interop_tools::weConnectToSocat_data()
{
    addNames();
}

void tst_interop_tools::weConnectToSocat()
{
    SKIP_WITHOUT("socat");
    QFETCH(bool, abstract);
    const QString name = abstract ? abstractName() : path();
    PeerProcess socat;
    // Sends back what it gets (its own PIPE would do so only as far as it has room).
    QVERIFY(socat.start("socat", {(abstract ? "ABSTRACT-LISTEN:" : "UNIX-LISTEN:") + name, "EXEC:cat"}));
    LocalSocket socket;
    QVERIFY(waitUntil([&] {
        if (socket.state() == LocalSocket::UnconnectedState)
            socket.connectToServer(abstract ? Address::namespaced(name) : Address::filePath(name));
        return socket.state() == LocalSocket::ConnectedState;
    }));
    QCOMPARE(converse(socket, "hello\n"), "hello\n");
    const QByteArray much = QByteArray(1'000'000, 'x') + '\n';
    QVERIFY(converse(socket, much) == much);
    socket.disconnectFromServer();
    QCOMPARE(socat.waitForExit(), 0);
}

void tst_interop_tools::netcatConnectsToUs()
{
    SKIP_WITHOUT("nc");
    LocalServer server;
    serveCapitals(server);
    QVERIFY(server.listen(path()));
    PeerProcess netcat;
    QVERIFY(netcat.start("nc", {"-N", "-U", path()})); // -N: tells the end of its input
    netcat.writeLine("first");
    const QString answer = netcat.readLine();
    if (answer.isNull())
        QSKIP(qPrintable("this nc does not know -N or -U: " + netcat.errors()));
    QCOMPARE(answer, QString("FIRST"));
    netcat.writeLine("second");
    netcat.process().closeWriteChannel();
    QCOMPARE(netcat.readLine(), QString("SECOND"));
    QCOMPARE(netcat.waitForExit(), 0);
}

void tst_interop_tools::weConnectToNetcat()
{
    SKIP_WITHOUT("nc");
    PeerProcess netcat;
    QVERIFY(netcat.start("nc", {"-l", "-U", path()}));
    QVERIFY(waitUntil([&] {
        return QFile::exists(path()) || netcat.process().state() == QProcess::NotRunning;
    }));
    if (netcat.process().state() == QProcess::NotRunning)
        QSKIP(qPrintable("this nc does not know -l -U: " + netcat.errors()));
    LocalSocket socket;
    QVERIFY(waitUntil([&] {
        if (socket.state() == LocalSocket::UnconnectedState)
            socket.connectToServer(path());
        return socket.state() == LocalSocket::ConnectedState;
    }));
    socket.write("to netcat\n");
    QCOMPARE(netcat.readLine(), QString("to netcat"));
    netcat.writeLine("from netcat");
    QTRY_VERIFY(socket.canReadLine());
    QCOMPARE(socket.readLine(), "from netcat\n");
    netcat.kill();
    QTRY_COMPARE(socket.state(), LocalSocket::UnconnectedState);
    QCOMPARE(socket.error(), LocalSocket::PeerClosedError);
}

void tst_interop_tools::curlFetchesFromUs_data()
{
    QTest::addColumn<bool>("abstract");
    QTest::addColumn<int>("size");
    QTest::newRow("a little, file") << false << 100;
    QTest::newRow("much, file") << false << 5'000'000;
#ifdef Q_OS_LINUX
    QTest::newRow("a little, abstract") << true << 100;
    QTest::newRow("much, abstract") << true << 5'000'000;
#endif
}

void tst_interop_tools::curlFetchesFromUs()
{
    SKIP_WITHOUT("curl");
    QFETCH(bool, abstract);
    QFETCH(int, size);
    const QString name = abstract ? abstractName() : path();
    QByteArray body(size, 'b');
    for (int i = 0; i < size; i += 10)
        body[i] = '\n';

    LocalServer server;
    QByteArray request;
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = server.nextPendingConnection();
        connect(socket, &LocalSocket::readyRead, socket, [&, socket] {
            request += socket->readAll();
            if (!request.endsWith("\r\n\r\n"))
                return;
            socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n");
            socket->write("Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n");
            socket->write(body);
            socket->disconnectFromServer(); // not before all of it has gone
        });
    });
    QVERIFY(server.listen(abstract ? Address::namespaced(name) : Address::filePath(name)));
    PeerProcess curl;
    QVERIFY(curl.start(
        "curl",
        {"--silent", "--show-error", "--max-time", "20", abstract ? "--abstract-unix-socket" : "--unix-socket", name, "http://localhost/some/thing"}));
    QCOMPARE(curl.waitForExit(), 0);
    QVERIFY(outputOf(curl) == body);
    QVERIFY(request.startsWith("GET /some/thing HTTP/1.1\r\n"));
}

void tst_interop_tools::aPythonClientTalksToUs_data()
{
    addNames();
}

void tst_interop_tools::aPythonClientTalksToUs()
{
    SKIP_WITHOUT("python3");
    QFETCH(bool, abstract);
    const QString name = abstract ? abstractName() : path();
    // Sends much and tells the end of it, then reads until we tell ours.
    const QString program = R"(
import hashlib, socket, sys
name = sys.argv[1]
s = socket.socket(socket.AF_UNIX)
s.connect(name.replace('@', '\0', 1))
s.sendall(b'greeting\n')
stream = s.makefile('rb')
print(stream.readline().decode().strip(), flush=True)
data = bytes(range(256)) * 20000
s.sendall(data)
s.shutdown(socket.SHUT_WR)
back = stream.read()
print(hashlib.sha256(back).hexdigest(), len(back), flush=True)
)";
    LocalServer server;
    server.setHalfOpenAllowed(true);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    qint64 size = 0;
    connect(&server, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = server.nextPendingConnection();
        connect(socket, &LocalSocket::readyRead, socket, [&, socket] {
            QByteArray bytes = socket->readAll();
            if (bytes.startsWith("greeting\n")) {
                socket->write("welcome\n");
                bytes.remove(0, 9);
            }
            hash.addData(bytes);
            size += bytes.size();
            socket->write(bytes);
        });
        connect(socket, &LocalSocket::readChannelFinished, socket, [socket] {
            socket->disconnectFromServer();
        });
    });
    QVERIFY(server.listen(abstract ? Address::namespaced(name) : Address::filePath(name)));
    PeerProcess python;
    QVERIFY(python.start("python3", {"-c", program, abstract ? '@' + name : name}));
    QVERIFY2(python.waitForLine("welcome"), qPrintable(python.errors()));
    const QString sum = python.readLine();
    QCOMPARE(size, 256 * 20'000);
    QCOMPARE(sum, hash.result().toHex() + ' ' + QByteArray::number(size));
    QCOMPARE(python.waitForExit(), 0);
}

void tst_interop_tools::weTalkToAPythonServer_data()
{
    addNames();
}

void tst_interop_tools::weTalkToAPythonServer()
{
    SKIP_WITHOUT("python3");
    QFETCH(bool, abstract);
    const QString name = abstract ? abstractName() : path();
    const QString program = R"(
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1].replace('@', '\0', 1))
s.listen()
print('listening', flush=True)
c, _ = s.accept()
stream = c.makefile('rb')
print(stream.readline().decode().strip(), flush=True)
data = stream.read()
print(len(data), flush=True)
c.sendall(data[::-1])
c.close()
)";
    PeerProcess python;
    QVERIFY(python.start("python3", {"-c", program, abstract ? '@' + name : name}));
    QVERIFY2(python.waitForLine("listening"), qPrintable(python.errors()));
    LocalSocket socket;
    QSignalSpy disconnected(&socket, &LocalSocket::disconnected);
    socket.connectToServer(abstract ? Address::namespaced(name) : Address::filePath(name));
    socket.write("line\n");
    QCOMPARE(python.readLine(), QString("line"));
    QByteArray data(3'000'000, Qt::Uninitialized);
    for (int i = 0; i < data.size(); ++i)
        data[i] = char(i / 997);
    socket.write(data);
    QVERIFY(socket.closeWriteChannel()); // after all that was written
    QCOMPARE(python.readLine(), QString::number(data.size()));
    QTRY_COMPARE_WITH_TIMEOUT(disconnected.size(), 1, 20'000);
    std::reverse(data.begin(), data.end());
    QVERIFY(socket.readAll() == data);
    QCOMPARE(python.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_interop_tools)
#include "tst_interop_tools.moc"
