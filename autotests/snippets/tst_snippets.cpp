// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <csignal>
#include <unistd.h>

// The programs of which the manual shows pieces do what it says.
class tst_snippets : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theClientIsGreetedByTheServer();
    void theClientSaysThatThereIsNoServer();
    void theClientIsAnsweredInJson();
    void linesOfStandardInputAreReadAsTheyCome();
    void aFilterInQmlRunsInTheProgram();
    void anOpenFileGoesToAnotherProcess();
    void theServiceEndsInOrder();
    void programPrints_data();
    void programPrints();

private:
    // Bare names lead to the temporary folder: one for this test alone.
    void startIn(PeerProcess &process, const QString &program, const QStringList &arguments = {});
};

void tst_snippets::startIn(PeerProcess &process, const QString &program, const QStringList &arguments)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("TMPDIR", directory());
    environment.insert("XDG_RUNTIME_DIR", directory());
    environment.insert("QML2_IMPORT_PATH", QCoreApplication::applicationDirPath()); // of Qt 6.5 and newer, too
    process.process().setProcessEnvironment(environment);
    QVERIFY(process.start(program, arguments));
}

void tst_snippets::theClientIsGreetedByTheServer()
{
    PeerProcess server;
    startIn(server, "snippet_helloserver");
    QCOMPARE(server.readLine(), path("hello"));
    for (int i = 0; i < 2; ++i) {
        PeerProcess client;
        startIn(client, "snippet_helloclient");
        QCOMPARE(client.readLine(), "Hello, World");
        QCOMPARE(client.waitForExit(), 0);
    }
}

void tst_snippets::theClientSaysThatThereIsNoServer()
{
    PeerProcess client;
    startIn(client, "snippet_helloclient");
    QCOMPARE(client.waitForExit(), 1);
    QVERIFY2(client.errors().contains(path("hello") + ": No such file or directory"), qPrintable(client.errors()));
}

void tst_snippets::theClientIsAnsweredInJson()
{
    PeerProcess server;
    startIn(server, "snippet_messageserver");
    QVERIFY(server.readLine().startsWith(directory()));
    PeerProcess client;
    startIn(client, "snippet_messageclient");
    QCOMPARE(client.readLine(), "Blue Train, 643 s");
    QCOMPARE(client.waitForExit(), 0);
}

void tst_snippets::linesOfStandardInputAreReadAsTheyCome()
{
    PeerProcess program;
    startIn(program, "snippet_standardinput");
    program.writeLine("one");
    QCOMPARE(program.readLine(), "line: one"); // before the next one is there
    program.writeLine("two");
    QCOMPARE(program.readLine(), "line: two");
    program.process().write("three");
    program.process().closeWriteChannel();
    QCOMPARE(program.readLine(), "line: three");
    QCOMPARE(program.readLine(), "that was all");
    QCOMPARE(program.waitForExit(), 0);
}

void tst_snippets::aFilterInQmlRunsInTheProgram()
{
    if (!WITH_QML)
        QSKIP("Built without Qt Qml");
    PeerProcess program;
    startIn(program, "snippet_qmlprogram", {SOURCE_FOLDER "/examples/qmlsnippets/Filter.qml"});
    program.writeLine("quiet");
    QCOMPARE(program.readLine(), "QUIET");
    program.process().closeWriteChannel();
    QVERIFY2(program.waitForExit() == 0, qPrintable(program.errors()));
}

void tst_snippets::anOpenFileGoesToAnotherProcess()
{
    QFile file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("twelve bytes"), 12);
    file.close();

    PeerProcess receiver;
    startIn(receiver, "snippet_filereceiver");
    QVERIFY(receiver.readLine().startsWith(directory()));
    PeerProcess sender;
    startIn(sender, "snippet_filesender", {file.fileName()});
    QCOMPARE(sender.waitForExit(), 0);
    QCOMPARE(receiver.readLine(), file.fileName() + ": 12 bytes");

    PeerProcess wrong;
    startIn(wrong, "snippet_filesender", {path("no such file")});
    QCOMPARE(wrong.waitForExit(), 1);
}

void tst_snippets::theServiceEndsInOrder()
{
    if (PeerProcess::find("snippet_service").isEmpty())
        QSKIP("signals are switched off (INTERPROCESSQT_SIGNALS)");
    PeerProcess service;
    startIn(service, "snippet_service");
    QCOMPARE(service.readLine(), QString("running as process %1").arg(service.pid()));
    QCOMPARE(::kill(static_cast<pid_t>(service.pid()), SIGTERM), 0);
    QCOMPARE(service.readLine(), "ended by SIGTERM");
    QCOMPARE(service.waitForExit(), 0);
}

void tst_snippets::programPrints_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("lines");

    QTest::newRow("backpressure") << "snippet_backpressure" << QStringList() << QStringList{"received 67108864, at most 2 MiB in memory: yes"};
    QTest::newRow("coroutines") << "snippet_coroutines" << QStringList()
                                << QStringList{"no answer: connect to /nowhere/at/all: No such file or directory", "Hello, World"};
#ifdef Q_OS_UNIX
    QTest::newRow("descriptors") << "snippet_descriptors" << QStringList() << QStringList{"/dev/null: 0 bytes"};
    QTest::newRow("FIFO") << "snippet_fifo" << QStringList() << QStringList{"command pause", "the writers are gone, others may come"};
#endif
    QTest::newRow("framing") << "snippet_framing" << QStringList() << QStringList{"one", "two", "three"};
    if (WITH_EVENTDISPATCHER)
        QTest::newRow("event dispatcher") << "snippet_eventdispatcher" << QStringList() << QStringList{"FROM ONE THREAD TO ANOTHER"};
    QTest::newRow("futures") << "snippet_futures" << QStringList() << QStringList{"the answer to question one", "the answer to question two"};
    QTest::newRow("half-close") << "snippet_halfclose" << QStringList() << QStringList{"25"};
    QTest::newRow("message channel") << "snippet_messagechannel" << QStringList()
                                     << QStringList{"through a child",
                                                    "text",
                                                    "binary",
                                                    "end",
                                                    "received an answer to hello",
                                                    "receive: a message of 4294967295 bytes is announced, the limit is 16777216"};
    QTest::newRow("message socket") << "snippet_messagesocket" << QStringList()
                                    << QStringList{"the answer to question one", "the answer to question two", "a file has arrived"};
    QTest::newRow("peers, refused") << "snippet_peers" << QStringList{"closed"} << QStringList{"refused user $UID"};
    QTest::newRow("peers, let in") << "snippet_peers" << QStringList{"open"} << QStringList{"it is me"};
    QTest::newRow("porting") << "snippet_porting" << QStringList() << QStringList{"connected", "error 1"};
    QTest::newRow("reconnect") << "snippet_reconnect" << QStringList() << QStringList{"connected", "attempt 1 follows", "attempt 2 follows", "connected"};
}

void tst_snippets::programPrints()
{
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, lines);

    if (!WITH_QCORO && program == "snippet_coroutines")
        QSKIP("QCoro is not installed, or the compiler cannot use it");

    PeerProcess process;
    startIn(process, program, arguments);
    lines.replaceInStrings("$UID", QString::number(geteuid()));
    for (const QString &line : std::as_const(lines))
        QCOMPARE(process.readLine(), line);
    QCOMPARE(process.waitForExit(), 0);
    QCOMPARE(process.readLine(), QString()); // nothing more
}

QTEST_GUILESS_MAIN(tst_snippets)
#include "tst_snippets.moc"
