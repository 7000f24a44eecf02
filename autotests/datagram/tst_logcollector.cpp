// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <QDir>
#include <QRegularExpression>

#include <unistd.h>

// The example does what it says, and the snippets of the manual do.
class tst_logcollector : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theDemoEndsByItself();
    void aCollectorNamesItsSenders();
    void linesOfStandardInputArrive();
    void withoutACollectorASenderSaysSo();
    void theReceiverOfTheManualAnswers();
    void theQueueOfTheManualPauses();
    void theServiceOfTheManualNotifies();

private:
    void startHere(PeerProcess &process, const QString &program, const QStringList &arguments = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("TMPDIR", directory());
        environment.insert("XDG_RUNTIME_DIR", directory());
        environment.remove("NOTIFY_SOCKET");
        process.process().setProcessEnvironment(environment);
        QVERIFY(process.start(program, arguments));
    }
};

void tst_logcollector::theDemoEndsByItself()
{
    PeerProcess demo;
    startHere(demo, "interprocessqt-logcollector");
    QCOMPARE(demo.waitForExit(50'000), 0);
    const QString output = QString::fromUtf8(demo.process().readAllStandardOutput());
    QCOMPARE(demo.errors(), QString());
    QVERIFY2(output.contains("2004 of 2004 lines have arrived; 1 cut off, 1 with descriptors"), qPrintable(output));
    QVERIFY2(output.contains("[cut off: 1000 bytes of 5000]"), qPrintable(output));
    QVERIFY2(output.contains("[came with descriptors, which were refused]"), qPrintable(output));
    QVERIFY(QDir(directory()).entryList(QDir::System).isEmpty()); // it has tidied up
}

void tst_logcollector::aCollectorNamesItsSenders()
{
    PeerProcess collector;
    startHere(collector, "interprocessqt-logcollector", {"collect", path(), "--lines", "2"});
    QCOMPARE(collector.readLine(), "collecting at " + path());
    PeerProcess sender;
    startHere(sender, "interprocessqt-logcollector", {"log", path(), "one", "two"});
    const qint64 pid = sender.pid();
    QCOMPARE(sender.waitForExit(), 0);
    const QString first = collector.readLine();
    if (first.startsWith("this system does not tell"))
        QSKIP("This system passes no credentials with datagrams");
    QVERIFY2(first.startsWith(QString("%1 (").arg(pid)) && first.endsWith(": one"), qPrintable(first));
    QVERIFY(collector.readLine().endsWith(": two"));
    QCOMPARE(collector.waitForExit(), 0);
}

void tst_logcollector::linesOfStandardInputArrive()
{
    PeerProcess collector;
    startHere(collector, "interprocessqt-logcollector", {"collect", path(), "--lines", "2"});
    QCOMPARE(collector.readLine(), "collecting at " + path());
    PeerProcess sender;
    startHere(sender, "interprocessqt-logcollector", {"log", path()});
    sender.writeLine("from a pipe");
    sender.writeLine("and again");
    sender.process().closeWriteChannel();
    QCOMPARE(sender.waitForExit(), 0);
    QString line = collector.readLine();
    if (line.startsWith("this system does not tell"))
        line = collector.readLine();
    QVERIFY2(line.endsWith(": from a pipe"), qPrintable(line));
    QVERIFY(collector.readLine().endsWith(": and again"));
}

void tst_logcollector::withoutACollectorASenderSaysSo()
{
    PeerProcess sender;
    startHere(sender, "interprocessqt-logcollector", {"log", path(), "lost"});
    QCOMPARE(sender.waitForExit(), 1);
    const QString errors = sender.errors();
    QVERIFY2(errors.contains(path() + ": No such file or directory"), qPrintable(errors));
}

void tst_logcollector::theReceiverOfTheManualAnswers()
{
    PeerProcess snippet;
    startHere(snippet, "snippet_datagramreceiver");
    QCOMPARE(snippet.readLine(), "Hello, World");
    QCOMPARE(snippet.waitForExit(), 0);
}

void tst_logcollector::theQueueOfTheManualPauses()
{
    PeerProcess snippet;
    startHere(snippet, "snippet_datagramqueue");
    QCOMPARE(snippet.readLine(), "received 10000, paused: yes");
    QCOMPARE(snippet.waitForExit(), 0);
}

void tst_logcollector::theServiceOfTheManualNotifies()
{
    PeerProcess alone;
    startHere(alone, "snippet_datagramnotify");
    QCOMPARE(alone.readLine(), "nobody wants to know");
    QCOMPARE(alone.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_logcollector)
#include "tst_logcollector.moc"
