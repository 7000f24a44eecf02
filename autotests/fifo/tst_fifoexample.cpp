// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifofile.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <csignal>

// The service of the example, driven as users drive it.
class tst_fifoexample : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void itShowsItself();
    void shellsDriveIt();
    void aLineThatIsTooLongIsDroppedWhole();
    void signalsEndItInOrder_data();
    void signalsEndItInOrder();
    void oneThatWasLeftBehindIsUsed();
    void somethingElseInTheWayIsTold();
    void wrongArgumentsAreTold();

private:
    static void run(const QString &command, const QString &path)
    {
        PeerProcess shell;
        QVERIFY(shell.start("sh", {"-c", command, "sh", path}));
        QCOMPARE(shell.waitForExit(), 0);
    }
    void start(PeerProcess &service)
    {
        QVERIFY(service.start("interprocessqt-fifoservice", {path()}));
        QVERIFY(service.readLine().contains(path()));
    }
};

void tst_fifoexample::itShowsItself()
{
    PeerProcess service;
    QVERIFY(service.start("interprocessqt-fifoservice"));
    QCOMPARE(service.waitForExit(), 0);
    const QByteArray output = service.process().readAllStandardOutput();
    const QByteArray last = "  good-bye\n";
    QVERIFY2(output.endsWith(last) && output.contains("\n  paused\n$ for ") && output.contains("  now chosen: Part 3\n")
                 && output.contains("what is \"dance\"?"),
             output.constData());
    QCOMPARE(service.errors(), "");
}

void tst_fifoexample::shellsDriveIt()
{
    PeerProcess service;
    start(service);
    run("echo pause > \"$1\"", path());
    QCOMPARE(service.readLine(), "  paused");
    run("printf 'play\\ntitle One\\n' > \"$1\"", path());
    QCOMPARE(service.readLine(), "  playing");
    QCOMPARE(service.readLine(), "  now playing: One");
    run("printf pause > \"$1\"", path()); // without the end of the line
    QCOMPARE(service.readLine(), "  paused");
    run("{ echo play; echo pause; } | tee \"$1\" | cat > /dev/null", path());
    QCOMPARE(service.readLine(), "  playing");
    QCOMPARE(service.readLine(), "  paused");
    run("echo play | dd of=\"$1\" 2> /dev/null", path());
    QCOMPARE(service.readLine(), "  playing");
    run("for i in 1 2 3 4 5 6 7 8 9; do echo title $i > \"$1\" & done; wait", path());
    QStringList titles;
    for (int i = 0; i < 9; ++i)
        titles.append(service.readLine());
    titles.sort();
    QCOMPARE(titles.first(), "  now playing: 1");
    QCOMPARE(titles.last(), "  now playing: 9");
    run("echo quit > \"$1\"", path());
    QCOMPARE(service.readLine(), "  good-bye");
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(!QFile::exists(path()));
}

void tst_fifoexample::aLineThatIsTooLongIsDroppedWhole()
{
    PeerProcess service;
    start(service);
    // Its end would be a command if it stood alone, wherever the parts are cut.
    run("{ head -c 20480 /dev/zero | tr '\\0' x; echo; echo pause; } > \"$1\"", path());
    QCOMPARE(service.readLine(), "  a line that is too long: dropped");
    QCOMPARE(service.readLine(), "  paused");
    run("{ head -c 4096 /dev/zero | tr '\\0' x; echo quit; echo play; } > \"$1\"", path());
    QCOMPARE(service.readLine(), "  a line that is too long: dropped");
    QCOMPARE(service.readLine(), "  playing");
    run("head -c 4100 /dev/zero | tr '\\0' x > \"$1\"", path());
    QCOMPARE(service.readLine(), "  a line that is too long: dropped");
    run("echo quit > \"$1\"", path());
    QCOMPARE(service.readLine(), "  good-bye");
    QCOMPARE(service.waitForExit(), 0);
}

void tst_fifoexample::signalsEndItInOrder_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void tst_fifoexample::signalsEndItInOrder()
{
    QFETCH(int, signal);
    PeerProcess service;
    start(service);
    ::kill(pid_t(service.pid()), signal);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(!QFile::exists(path()));
}

void tst_fifoexample::oneThatWasLeftBehindIsUsed()
{
    PeerProcess killed;
    start(killed);
    killed.kill();
    QVERIFY(FifoFile::isFifo(path()));
    PeerProcess service;
    start(service);
    run("echo quit > \"$1\"", path());
    QCOMPARE(service.readLine(), "  good-bye");
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(!QFile::exists(path()));
}

void tst_fifoexample::somethingElseInTheWayIsTold()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (const QString &wrong : QStringList{path(), path("no") + "/such/folder"}) {
        PeerProcess service;
        QVERIFY(service.start("interprocessqt-fifoservice", {wrong}));
        QCOMPARE(service.waitForExit(), 1);
        const QString error = service.errors();
        QVERIFY2(error.startsWith("fifoservice: make the FIFO " + wrong + ": ") && error.count('\n') == 1, qPrintable(error));
    }
    QVERIFY(file.exists());
}

void tst_fifoexample::wrongArgumentsAreTold()
{
    PeerProcess many;
    QVERIFY(many.start("interprocessqt-fifoservice", {"a", "b"}));
    QCOMPARE(many.waitForExit(), 2);
    QVERIFY(many.errors().contains("--help"));
    PeerProcess help;
    QVERIFY(help.start("interprocessqt-fifoservice", {"--help"}));
    QCOMPARE(help.waitForExit(), 0);
    QVERIFY(help.process().readAllStandardOutput().contains("echo pause"));
}

QTEST_GUILESS_MAIN(tst_fifoexample)
#include "tst_fifoexample.moc"
