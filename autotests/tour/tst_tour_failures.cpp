// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "tourprocess.h"

#include <InterprocessQt/LocalServer>
#include <InterprocessQt/LocalSocket>

#include <QtEndian>

#include <unistd.h>

using namespace InterprocessQt;

// What can go wrong with the tour: one clear line each on standard error, and an exit code that says so.
class tst_tour_failures : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void wrongArgumentsAreRefused_data();
    void wrongArgumentsAreRefused();
    void anUnreadableFileIsRefused();
    void aFileThatFailsInTheMiddleEndsBothSides();
    void aNameInUseIsLeftAlone();
    void aKilledServiceIsNoticed();
    void aStrangerAtTheAddressIsNoticed_data();
    void aStrangerAtTheAddressIsNoticed();
    void aStrangerAsClientIsSentAway_data();
    void aStrangerAsClientIsSentAway();

private:
    // Exactly one line of errors, which contains the text.
    static void verifyOneLine(TourProcess &tour, const QString &text);
    static QByteArray message(char kind, const QByteArray &content);
};

void tst_tour_failures::verifyOneLine(TourProcess &tour, const QString &text)
{
    const QString errors = tour.errorOutput();
    QVERIFY2(errors.startsWith("interprocessqt-tour: ") && errors.endsWith('\n') && errors.count('\n') == 1, qPrintable(errors));
    QVERIFY2(errors.contains(text), qPrintable(errors));
}

// As examples/tour/protocol.h has it, written down once more: the tour must not change it unnoticed.
QByteArray tst_tour_failures::message(char kind, const QByteArray &content)
{
    QByteArray size(4, Qt::Uninitialized);
    qToBigEndian(quint32(content.size()), size.data());
    return size + kind + content;
}

void tst_tour_failures::wrongArgumentsAreRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("text");
    const QString nobody = "@" + abstractName();
    QTest::newRow("no such file") << QStringList{"/nowhere/at/all"} << 1 << "/nowhere/at/all cannot be read: No such file";
    QTest::newRow("directory") << QStringList{"/"} << 1 << "/ is a directory, not a file";
    QTest::newRow("device") << QStringList{"/dev/zero"} << 1 << "/dev/zero is not a regular file";
    QTest::newRow("empty name") << QStringList{""} << 1 << "name of the file is empty";
    QTest::newRow("no server") << QStringList{"--client", nobody} << 1 << QString("connect to %1: ").arg(nobody);
    QTest::newRow("no server, path") << QStringList{"--client", "/nowhere/at/all"} << 1 << "connect to /nowhere/at/all: No such file";
    QTest::newRow("client without file") << QStringList{"--client", nobody, "/nowhere"} << 1 << "/nowhere cannot be read";
    QTest::newRow("address too long") << QStringList{"--serve", "/" + QString(200, 'x')} << 1 << "201 bytes long";
    QTest::newRow("empty address") << QStringList{"--serve", ""} << 1 << "empty";
    QTest::newRow("regular file as address") << QStringList{"--serve", QCoreApplication::applicationFilePath()} << 1 << "not a socket";
    QTest::newRow("unknown option") << QStringList{"--nonsense"} << 2 << "Unknown option 'nonsense'";
    QTest::newRow("two files") << QStringList{"a", "b"} << 2 << "only one file";
    QTest::newRow("both sides") << QStringList{"--serve", nobody, "--client", nobody} << 2 << "nothing but serve";
    QTest::newRow("serve a file") << QStringList{"--serve", nobody, "a"} << 2 << "nothing but serve";
}

void tst_tour_failures::wrongArgumentsAreRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QString, text);
    TourProcess tour(directory());
    QVERIFY(tour.start(arguments));
    QVERIFY2(tour.waitForExit() == exitCode, qPrintable(tour.transcript()));
    verifyOneLine(tour, text);
    QCOMPARE(tour.output(), QString());
}

void tst_tour_failures::anUnreadableFileIsRefused()
{
    QFile file(path("secret"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QVERIFY(file.setPermissions(QFile::Permissions()));

    TourProcess tour(directory());
    if (geteuid() == 0) {
        // Root may read everything, so it becomes somebody else.
        constexpr uid_t nobody = 65534;
        const QString program = PeerProcess::find("interprocessqt-tour");
        QProcess probe;
        probe.setChildProcessModifier([] {
            if (setgid(nobody) == -1 || setuid(nobody) == -1)
                _exit(77);
        });
        probe.start(program, {"--help"});
        if (!probe.waitForFinished() || probe.exitStatus() != QProcess::NormalExit || probe.exitCode() != 0)
            QSKIP("root can read every file, and others cannot run the programs of this build folder");
        QVERIFY(QFile::setPermissions(directory(), QFile::Permissions(0x7755)));
        tour.process().setChildProcessModifier([] {
            if (setgid(nobody) == -1 || setuid(nobody) == -1)
                _exit(77);
        });
    }
    QVERIFY(tour.start({file.fileName()}));
    QVERIFY2(tour.waitForExit() == 1, qPrintable(tour.transcript()));
    verifyOneLine(tour, "secret cannot be read: Permission denied");
}

void tst_tour_failures::aFileThatFailsInTheMiddleEndsBothSides()
{
    const QString file = "/proc/self/mem"; // can be opened, but there is nothing to read at its beginning
    if (!QFileInfo::exists(file))
        QSKIP("there is no file here that can be opened and not be read");
    TourProcess tour(directory());
    QVERIFY(tour.start({file}));
    QVERIFY2(tour.waitForExit() == 1, qPrintable(tour.transcript()));
    verifyOneLine(tour, "/proc/self/mem cannot be read: Input/output error");
    QVERIFY(tour.servicePid() != 0);
    QVERIFY(!TourProcess::isRunning(tour.servicePid()));
}

void tst_tour_failures::aNameInUseIsLeftAlone()
{
    for (const QString &address : {path(), QString("@" + abstractName())}) {
        TourProcess first(directory());
        QVERIFY(first.start({"--serve", address}));
        QTRY_VERIFY(first.output().contains("listening at"));

        TourProcess second(directory());
        QVERIFY(second.start({"--serve", address}));
        QVERIFY2(second.waitForExit() == 1, qPrintable(second.transcript()));
        verifyOneLine(second, QString("listen at %1: a server is listening there").arg(address));

        // And the first is where it was.
        TourProcess client(directory());
        QVERIFY(client.start({"--client", address}));
        QVERIFY2(client.waitForExit(60'000) == 0, qPrintable(client.transcript()));
        QVERIFY2(first.waitForExit() == 0, qPrintable(first.transcript()));
    }
}

void tst_tour_failures::aKilledServiceIsNoticed()
{
    QFile file(path("data"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(64LL * 1024 * 1024 * 1024)); // takes no room, and for ever to send
    file.close();

    TourProcess tour(directory());
    QVERIFY(tour.start({file.fileName()}));
    QTRY_VERIFY(tour.isSending());
    QCOMPARE(kill(pid_t(tour.servicePid()), SIGKILL), 0);
    QVERIFY2(tour.waitForExit() == 1, qPrintable(tour.transcript()));
    verifyOneLine(tour, "the service has gone away");
    QVERIFY(!TourProcess::isRunning(tour.servicePid()));
}

void tst_tour_failures::aStrangerAtTheAddressIsNoticed_data()
{
    QTest::addColumn<QByteArray>("sends");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QString>("text");
    const QByteArray hello = message(1, "InterprocessQt tour, version 1");
    const QString wrong = "does not speak the language of this tour";
    QTest::newRow("another protocol") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << false << wrong;
    QTest::newRow("four gigabytes will follow") << QByteArray("\xff\xff\xff\xff\x01", 5) << false << wrong;
    QTest::newRow("no such kind") << QByteArray("\0\0\0\0\x7f", 5) << false << wrong;
    QTest::newRow("another version") << message(1, "InterprocessQt tour, version 2") << false << wrong;
    QTest::newRow("an answer nobody has asked for") << hello + message(9, QByteArray(8, '\0')) << false << wrong;
    QTest::newRow("a receipt for nothing") << hello + message(4, QByteArray(40, '\0')) << false << wrong;
    QTest::newRow("half a message") << hello.chopped(1) << true << "the service has gone away";
    QTest::newRow("closes at once") << QByteArray() << true << "the service has gone away";
    QTest::newRow("never says a word") << QByteArray() << false << "the service has been silent for 10 seconds";
}

void tst_tour_failures::aStrangerAtTheAddressIsNoticed()
{
    QFETCH(QByteArray, sends);
    QFETCH(bool, closes);
    QFETCH(QString, text);
    LocalServer stranger;
    QVERIFY(stranger.listen(path()));
    connect(&stranger, &LocalServer::newConnection, this, [&] {
        LocalSocket *socket = stranger.nextPendingConnection();
        socket->write(sends);
        if (closes)
            socket->disconnectFromServer();
    });
    TourProcess client(directory());
    QVERIFY(client.start({"--client", path()}));
    QVERIFY2(client.waitForExit() == 1, qPrintable(client.transcript()));
    verifyOneLine(client, text);
}

void tst_tour_failures::aStrangerAsClientIsSentAway_data()
{
    QTest::addColumn<QByteArray>("sends");
    const QByteArray hello = message(1, "InterprocessQt tour, version 1");
    QTest::newRow("another protocol") << QByteArray("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    QTest::newRow("four gigabytes will follow") << QByteArray("\xff\xff\xff\xff\x01", 5);
    QTest::newRow("no greeting") << message(8, QByteArray(8, '\0'));
    QTest::newRow("an answer") << hello + message(9, QByteArray(8, '\0'));
    QTest::newRow("two greetings") << hello + hello;
}

void tst_tour_failures::aStrangerAsClientIsSentAway()
{
    QFETCH(QByteArray, sends);
    TourProcess service(directory());
    QVERIFY(service.start({"--serve", path()}));
    QTRY_VERIFY(service.output().contains("listening at"));
    LocalSocket stranger;
    QSignalSpy disconnected(&stranger, &LocalSocket::disconnected);
    stranger.connectToServer(path());
    stranger.write(sends);
    QTRY_COMPARE(disconnected.size(), 1);
    QVERIFY2(service.waitForExit() == 1, qPrintable(service.transcript()));
    verifyOneLine(service, "the client does not speak the language of this tour");
    QCOMPARE(TourProcess::socketsIn(directory()), QStringList());
}

QTEST_GUILESS_MAIN(tst_tour_failures)
#include "tst_tour_failures.moc"
