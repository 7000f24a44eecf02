// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "tourprocess.h"

#include <InterprocessQt/Features>

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

// The tour when everything goes well, and when somebody ends it before it is over.
class tst_tour : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void withoutArgumentsItShowsEverything();
    void aFileArrivesAsItIs_data();
    void aFileArrivesAsItIs();
    void theTwoSidesCanBeStartedByHand_data();
    void theTwoSidesCanBeStartedByHand();
    void severalClientsAreServedAtOnce();
    void aTerminalShowsAProgressBar();
    void helpExplains();
    void nothingIsLeftWhenItIsEndedInTheMiddle_data();
    void nothingIsLeftWhenItIsEndedInTheMiddle();
    void anEndedServiceLeavesNoSocketFile_data();
    void anEndedServiceLeavesNoSocketFile();

private:
    // Random bytes, or a hole: who reads it gets zeros.
    QString makeFile(qint64 size, bool random) const;
    static QString checksumOf(const QString &path);
};

// Larger than anybody would wait for.
static constexpr qint64 Endless = 64LL * 1024 * 1024 * 1024;

QString tst_tour::makeFile(qint64 size, bool random) const
{
    QFile file(path("data"));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    if (random) {
        QList<quint32> numbers(size / qint64(sizeof(quint32)) + 1);
        QRandomGenerator generator(17);
        generator.fillRange(numbers.data(), numbers.size());
        file.write(reinterpret_cast<const char *>(numbers.constData()), size);
    }
    file.resize(size);
    return file.fileName();
}

QString tst_tour::checksumOf(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const bool read = file.open(QIODevice::ReadOnly) && hash.addData(&file);
    return read ? QString::fromLatin1(hash.result().toHex()) : QString("cannot be read");
}

void tst_tour::withoutArgumentsItShowsEverything()
{
    TourProcess tour(directory());
    QVERIFY(tour.start({}));
    const qint64 pid = tour.pid();
    QVERIFY2(tour.waitForExit(60'000) == 0, qPrintable(tour.transcript()));

    const QString output = tour.output();
    QVERIFY2(output.contains(checksumOf(TOUR_LICENSE)), qPrintable(output));
    if (InterprocessQt::isSupported(InterprocessQt::Feature::PeerProcessId)) {
        QVERIFY(output.contains(QRegularExpression(QString("service  the client is process %1\\b").arg(pid))));
        QVERIFY(output.contains(QRegularExpression(QString("client   the service is process %1\\b").arg(tour.servicePid()))));
    }
    QVERIFY(output.contains(QString("(%1)").arg(geteuid())));
    QVERIFY(output.contains("this is what I have sent"));
    QVERIFY(output.contains("1,000 right answers, in order"));
    QVERIFY(output.contains(QRegularExpression("5,000 round trips in .*: [\\d,]+ a second")));
    QVERIFY(output.contains(QRegularExpression("256.0 MiB in .*: [\\d,.]+ MB/s")));
    QVERIFY(output.contains("I have sent SIGTERM to the service"));
    QVERIFY(output.contains("the service has ended in order: exit code 0"));
    QVERIFY(output.contains("Everything was as it should be"));
    QVERIFY2(!output.contains('\r') && !output.contains('\033'), "this is not a terminal");
    QCOMPARE(tour.errorOutput(), QString());
    QVERIFY(!TourProcess::isRunning(tour.servicePid()));
    QCOMPARE(TourProcess::socketsIn(directory()), QStringList());
}

void tst_tour::aFileArrivesAsItIs_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("shown");
    QTest::newRow("empty") << qint64(0) << "received 0 bytes";
    QTest::newRow("one byte") << qint64(1) << "received 1 bytes";
    QTest::newRow("one part exactly") << qint64(128 * 1024) << "received 131,072 bytes";
    QTest::newRow("40 MiB and a bit") << qint64(40 * 1024 * 1024 + 5) << "received 41,943,045 bytes";
}

void tst_tour::aFileArrivesAsItIs()
{
    QFETCH(qint64, size);
    QFETCH(QString, shown);
    const QString file = makeFile(size, true);
    QCOMPARE(QFileInfo(file).size(), size);

    TourProcess tour(directory());
    QVERIFY(tour.start({QFileInfo(file).fileName()})); // relative to where it is started
    QVERIFY2(tour.waitForExit(60'000) == 0, qPrintable(tour.transcript()));
    QVERIFY2(tour.output().contains(shown), qPrintable(tour.output()));
    QVERIFY2(tour.output().contains(checksumOf(file)), qPrintable(tour.output()));
    QCOMPARE(tour.errorOutput(), QString());
    QVERIFY(!TourProcess::isRunning(tour.servicePid()));
}

void tst_tour::theTwoSidesCanBeStartedByHand_data()
{
    QTest::addColumn<QString>("address");
    QTest::newRow("name") << QString("@" + abstractName());
    QTest::newRow("file") << QString();
}

void tst_tour::theTwoSidesCanBeStartedByHand()
{
    QFETCH(QString, address);
    if (address.isEmpty())
        address = path("meeting point");
    TourProcess service(directory());
    QVERIFY(service.start({"--serve", address}));
    QTRY_VERIFY(service.output().contains("listening at"));
    TourProcess client(directory());
    QVERIFY(client.start({"--client", address}));
    QVERIFY2(client.waitForExit(60'000) == 0, qPrintable(client.transcript()));
    QVERIFY2(service.waitForExit() == 0, qPrintable(service.transcript()));
    QVERIFY(client.output().contains("this is what I have sent"));
    QVERIFY(client.output().contains("the service has said goodbye, too"));
    QCOMPARE(client.errorOutput() + service.errorOutput(), QString());
    QCOMPARE(TourProcess::socketsIn(directory()), QStringList());
}

void tst_tour::severalClientsAreServedAtOnce()
{
    TourProcess service(directory());
    QVERIFY(service.start({"--serve", path()}));
    QTRY_VERIFY(service.output().contains("listening at"));
    // One that stays, so that the service does not end between the others.
    TourProcess first(directory());
    QVERIFY(first.start({"--client", path(), makeFile(Endless, false)}));
    QTRY_VERIFY(first.isSending());
    TourProcess second(directory());
    QVERIFY(second.start({"--client", path()}));
    QVERIFY2(second.waitForExit(60'000) == 0, qPrintable(second.transcript()));
    QVERIFY(TourProcess::isRunning(service.pid()));
    QVERIFY(TourProcess::isRunning(first.pid()));
    first.kill();
    QVERIFY2(service.waitForExit() == 1, qPrintable(service.transcript()));
    QVERIFY(service.output().contains("the client has gone without a goodbye"));
    QCOMPARE(TourProcess::socketsIn(directory()), QStringList());
}

void tst_tour::aTerminalShowsAProgressBar()
{
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (terminal == -1 || grantpt(terminal) == -1 || unlockpt(terminal) == -1)
        QSKIP("there are no pseudo terminals here");
    const auto closing = qScopeGuard([&] {
        close(terminal);
    });
    constexpr winsize size = {24, 60, 0, 0};

    TourProcess tour(directory());
    QProcessEnvironment environment = tour.process().processEnvironment();
    environment.insert("TERM", "xterm");
    tour.process().setProcessEnvironment(environment);
    tour.process().setStandardOutputFile(QString::fromLocal8Bit(ptsname(terminal)));
    QCOMPARE(ioctl(terminal, TIOCSWINSZ, &size), 0);
    QVERIFY(tour.start({makeFile(Endless, false)}));

    QByteArray shown;
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                 char buffer[4096];
                                 for (ssize_t got; (got = read(terminal, buffer, sizeof buffer)) > 0;)
                                     shown.append(buffer, got);
                                 return shown.count('[') >= 4; // a bar, and how the rest of the line is deleted
                             }()),
                             20'000);
    kill(pid_t(tour.pid()), SIGTERM);
    QVERIFY2(tour.waitForExit() == 128 + SIGTERM, qPrintable(tour.transcript()));
    QCOMPARE(tour.errorOutput(), QString());

    const QByteArray bars = shown.mid(shown.indexOf("64.0 GiB\r\n") + 10);
    const QList<QByteArray> lines = bars.split('\r');
    QVERIFY(lines.size() >= 3);
    for (const QByteArray &line : lines.mid(1, lines.size() - 2)) {
        QVERIFY2(line.contains(" %") && line.endsWith("\033[K"), line.constData());
        QVERIFY2(line.size() - 3 < size.ws_col, line.constData()); // it must not wrap
    }
}

void tst_tour::helpExplains()
{
    TourProcess tour(directory());
    QVERIFY(tour.start({"--help"}));
    QVERIFY2(tour.waitForExit() == 0, qPrintable(tour.transcript()));
    QVERIFY(tour.output().contains("--serve"));
    QVERIFY(tour.output().contains("--client"));
    QCOMPARE(tour.errorOutput(), QString());
}

void tst_tour::nothingIsLeftWhenItIsEndedInTheMiddle_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("both");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("Ctrl-C, which reaches both") << SIGINT << true << 128 + SIGINT;
    QTest::newRow("the client is interrupted") << SIGINT << false << 128 + SIGINT;
    QTest::newRow("the client is told to terminate") << SIGTERM << false << 128 + SIGTERM;
    QTest::newRow("the client is killed") << SIGKILL << false << -1;
}

void tst_tour::nothingIsLeftWhenItIsEndedInTheMiddle()
{
    QFETCH(int, number);
    QFETCH(bool, both);
    QFETCH(int, exitCode);
    TourProcess tour(directory());
    // A group of its own, as a shell makes for what is started at a terminal.
    tour.process().setChildProcessModifier([] {
        setpgid(0, 0);
    });
    QVERIFY(tour.start({makeFile(Endless, false)}));
    QTRY_VERIFY(tour.isSending());
    const qint64 service = tour.servicePid();
    QVERIFY(TourProcess::isRunning(service));

    const auto pid = pid_t(tour.pid());
    QCOMPARE(kill(both ? -pid : pid, number), 0);
    QVERIFY2(tour.waitForExit() == exitCode, qPrintable(tour.transcript()));
    QTRY_VERIFY(!TourProcess::isRunning(service));
    QCOMPARE(tour.errorOutput(), QString()); // whoever ends it knows why it ends
    QCOMPARE(TourProcess::socketsIn(directory()), QStringList());
}

void tst_tour::anEndedServiceLeavesNoSocketFile_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("interrupted") << SIGINT;
    QTest::newRow("told to terminate") << SIGTERM;
    QTest::newRow("terminal closed") << SIGHUP;
}

void tst_tour::anEndedServiceLeavesNoSocketFile()
{
    QFETCH(int, number);
    TourProcess service(directory());
    QVERIFY(service.start({"--serve", path()}));
    QTRY_VERIFY(service.output().contains("listening at"));
    QCOMPARE(TourProcess::socketsIn(directory()).size(), 1);
    kill(pid_t(service.pid()), number);
    QVERIFY2(service.waitForExit() == 128 + number, qPrintable(service.transcript()));
    QCOMPARE(TourProcess::socketsIn(directory()), QStringList());
}

QTEST_GUILESS_MAIN(tst_tour)
#include "tst_tour.moc"
