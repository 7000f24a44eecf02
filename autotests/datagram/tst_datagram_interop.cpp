// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include "rawdatagram.h"

#include <InterprocessQt/UnixDatagramSocket>

#include <QProcessEnvironment>

using namespace InterprocessQt;

// Programs that know nothing of Qt, each as a process of its own.
class tst_datagram_interop : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void socatReceivesFromUs();
    void socatSendsToUs();
    void socatIsAnswered();
    void loggerSendsToUs();
    void pythonReceivesDescriptors();
    void pythonSendsDescriptors();
    void systemdNotifyNotifiesUs_data();
    void systemdNotifyNotifiesUs();
    void weNotifyAServiceManager_data();
    void weNotifyAServiceManager();
    void weNotifySystemd();
};

#define SKIP_WITHOUT(program)                                                                                                                                  \
    if (PeerProcess::find(program).isEmpty())                                                                                                                  \
    QSKIP("there is no " program " here")

void tst_datagram_interop::socatReceivesFromUs()
{
    SKIP_WITHOUT("socat");
    PeerProcess socat;
    QVERIFY(socat.start("socat", {"-u", "UNIX-RECVFROM:" + path(), "-"}));
    UnixDatagramSocket socket;
    QVERIFY(waitUntil([&] {
        return socket.connectTo(path());
    }));
    QVERIFY(socket.send("hello socat\n"));
    QCOMPARE(socat.readLine(), "hello socat");
    QCOMPARE(socat.waitForExit(), 0); // it takes one
}

void tst_datagram_interop::socatSendsToUs()
{
    SKIP_WITHOUT("socat");
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    PeerProcess socat;
    QVERIFY(socat.start("socat", {"-u", "-", "UNIX-SENDTO:" + path()}));
    socat.writeLine("hello Qt");
    QTRY_VERIFY(socket.hasPendingDatagrams());
    QCOMPARE(socket.receive()->data(), "hello Qt\n");
    socat.process().closeWriteChannel();
    QCOMPARE(socat.waitForExit(), 0);
}

void tst_datagram_interop::socatIsAnswered()
{
    SKIP_WITHOUT("socat");
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    connect(&socket, &UnixDatagramSocket::readyRead, this, [&] {
        while (const auto message = socket.receive()) {
            QVERIFY2(message->sender().isValid(), qPrintable(message->sender().errorString()));
            QVERIFY(socket.sendTo(message->data().toUpper(), message->sender()));
        }
    });
    PeerProcess socat;
    QVERIFY(socat.start("socat", {"-t10", "-", "UNIX-SENDTO:" + path() + ",bind=" + path("client")}));
    socat.writeLine("question");
    QCOMPARE(socat.readLine(), "QUESTION");
}

void tst_datagram_interop::loggerSendsToUs()
{
    SKIP_WITHOUT("logger");
    UnixDatagramSocket socket;
    QVERIFY(socket.bind(path()));
    PeerProcess logger;
    QVERIFY(logger.start("logger", {"--socket", path(), "--tag", "tst", "a line of the log"}));
    QTRY_VERIFY(socket.hasPendingDatagrams());
    const QByteArray line = socket.receive()->data();
    QVERIFY2(line.startsWith('<') && line.endsWith("tst: a line of the log"), line.constData());
    QCOMPARE(logger.waitForExit(), 0);
}

void tst_datagram_interop::pythonReceivesDescriptors()
{
    SKIP_WITHOUT("python3");
    PeerProcess python;
    QVERIFY(python.start("python3",
                         {"-c",
                          R"(
import os, socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("ready", flush=True)
data, descriptors, flags, sender = socket.recv_fds(receiver, 1000, 10)
for number, descriptor in enumerate(descriptors):
    os.write(descriptor, b"%d" % number)
print(data.decode(), len(descriptors), flags & socket.MSG_CTRUNC, flush=True)
)",
                          path()}));
    QVERIFY2(python.waitForLine("ready"), qPrintable(python.errors()));
    int first[2];
    int second[2];
    QCOMPARE(::pipe2(first, O_CLOEXEC), 0);
    QCOMPARE(::pipe2(second, O_CLOEXEC), 0);
    const FileDescriptor firstEnd(first[0]);
    const FileDescriptor secondEnd(second[0]);
    UnixMessage message("two pipes");
    message.addDescriptor(FileDescriptor(first[1]));
    message.addDescriptor(FileDescriptor(second[1]));
    UnixDatagramSocket socket;
    QVERIFY(socket.sendTo(std::move(message), path()));
    QCOMPARE(python.readLine(), "two pipes 2 0");
    QCOMPARE(python.waitForExit(), 0);
    char byte = 0;
    QCOMPARE(::read(first[0], &byte, 1), 1);
    QCOMPARE(byte, '0');
    QCOMPARE(::read(second[0], &byte, 1), 1);
    QCOMPARE(byte, '1');
}

void tst_datagram_interop::pythonSendsDescriptors()
{
    SKIP_WITHOUT("python3");
    UnixDatagramSocket socket;
    socket.setMaximumDescriptors(2);
    QVERIFY(socket.bind(path()));
    PeerProcess python;
    QVERIFY(python.start("python3",
                         {"-c",
                          R"(
import os, socket, sys
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sender.connect(sys.argv[1])
reading, writing = os.pipe()
socket.send_fds(sender, [b"from ", b"python"], [writing])
os.close(writing)
print(os.read(reading, 100).decode(), flush=True)
)",
                          path()}));
    QTRY_VERIFY2(socket.hasPendingDatagrams(), qPrintable(python.errors()));
    auto message = socket.receive();
    QCOMPARE(message->data(), "from python");
    QVERIFY(!message->descriptorsLost());
    const FileDescriptor pipe = message->takeDescriptor();
    QVERIFY(pipe);
    QCOMPARE(::write(int(pipe.get()), "from Qt", 7), 7);
    QCOMPARE(python.readLine(), "from Qt");
    QCOMPARE(python.waitForExit(), 0);
}

// ---- sd_notify(3): the protocol is lines of NAME=value in a datagram, to the address in NOTIFY_SOCKET.

static void addNames()
{
    QTest::addColumn<bool>("file");
    QTest::newRow("file") << true;
#ifdef Q_OS_LINUX
    QTest::newRow("abstract") << false;
#endif
}

void tst_datagram_interop::systemdNotifyNotifiesUs_data()
{
    addNames();
}

void tst_datagram_interop::systemdNotifyNotifiesUs()
{
    SKIP_WITHOUT("systemd-notify");
    QFETCH(bool, file);
    const Address address = file ? Address::filePath(path()) : Address::namespaced(abstractName());
    UnixDatagramSocket socket;
    // As service managers do it: they want to know who it was, and get descriptors to keep (FDSTORE=1) or to close when
    // all before has been dealt with (BARRIER=1).
    socket.setMaximumDescriptors(1);
    const bool credentials = socket.setCredentialsEnabled(true);
    QVERIFY(socket.bind(address));
    QList<QByteArray> got;
    QList<qint64> senders;
    connect(&socket, &UnixDatagramSocket::readyRead, this, [&] {
        while (const auto message = socket.receive()) {
            got.append(message->data().trimmed());
            if (credentials)
                senders.append(message->credentials().value_or(PeerCredentials()).processId().value_or(-1));
        } // what came with it is closed here, which is what a barrier waits for
    });
    PeerProcess notify;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("NOTIFY_SOCKET", address.toString());
    notify.process().setProcessEnvironment(environment);
    QVERIFY(notify.start("systemd-notify", {"--ready", "--status=two words"}));
    const qint64 pid = notify.pid();
    QVERIFY2(waitUntil([&] {
                 return !got.isEmpty();
             }),
             qPrintable(notify.errors()));
    const QList<QByteArray> lines = got.first().split('\n');
    QVERIFY2(lines.contains("READY=1"), got.first().constData());
    QVERIFY2(lines.contains("STATUS=two words"), got.first().constData());
    QCOMPARE(notify.waitForExit(), 0);
    // Sent by itself, or in the name of its parent (systemd-notify(1), --pid).
    if (credentials)
        QVERIFY2(senders.first() == pid || senders.first() == getpid(), qPrintable(QString::number(senders.first())));
}

void tst_datagram_interop::weNotifyAServiceManager_data()
{
    addNames();
}

void tst_datagram_interop::weNotifyAServiceManager()
{
    SKIP_WITHOUT("python3");
    QFETCH(bool, file);
    const QString name = file ? path() : '@' + abstractName();
    PeerProcess manager;
    // Looks at what systemd looks at: credentials of the sender, and nothing that was cut off.
    QVERIFY(manager.start("python3",
                          {"-c",
                           R"(
import socket, struct, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind(sys.argv[1].replace("@", "\0") if sys.argv[1][0] == "@" else sys.argv[1])
print("ready", flush=True)
data, ancillary, flags, sender = receiver.recvmsg(4096, socket.CMSG_SPACE(12) + socket.CMSG_SPACE(253 * 4))
pid = [struct.unpack("iII", bytes)[0] for level, kind, bytes in ancillary if kind == socket.SCM_CREDENTIALS]
print(";".join(data.decode().split("\n")), pid[0], flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC), flush=True)
)",
                           name}));
    QVERIFY2(manager.waitForLine("ready"), qPrintable(manager.errors()));
    UnixDatagramSocket socket;
    QVERIFY2(socket.sendTo("READY=1\nSTATUS=up", name), qPrintable(socket.errorString()));
    QCOMPARE(manager.readLine(), QString("READY=1;STATUS=up %1 0").arg(getpid()));
    QCOMPARE(manager.waitForExit(), 0);
}

void tst_datagram_interop::weNotifySystemd()
{
    SKIP_WITHOUT("systemd-run");
    if (!QFile::exists("/run/systemd/system"))
        QSKIP("This system was not started by systemd");
    SKIP_WITHOUT("snippet_datagramnotify");
    // With Type=notify it returns when the service has said READY=1, and fails if that ends without.
    PeerProcess run;
    QVERIFY(run.start("systemd-run", {"--quiet", "--collect", "--service-type=notify", PeerProcess::find("snippet_datagramnotify")}));
    QCOMPARE(run.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_datagram_interop)
#include "tst_datagram_interop.moc"
