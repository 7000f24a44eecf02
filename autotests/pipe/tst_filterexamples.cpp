// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

#include <QFile>

// The example of a filter, and the snippet that is one, with the tools of Unix.
class tst_filterexamples : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theFilterShowsItself();
    void aFileGoesThroughGzip();
    void aFilterThatEndsEarly();
    void aFilterThatFails();
    void aFilterThatIsNotThere();
    void theSnippetOfAFilter();
    void theFilterWritesNothingAfterItsEnd();

private:
    // What a program has printed, with its exit code before it.
    static QString run(const QString &program, const QStringList &arguments, const QByteArray &input = {})
    {
        PeerProcess process;
        if (!process.start(program, arguments))
            return "not started";
        process.process().write(input);
        process.process().closeWriteChannel();
        const int code = process.waitForExit(60'000);
        return QString::number(code) + '\n' + QString::fromUtf8(process.process().readAllStandardOutput()) + process.errors();
    }
};

void tst_filterexamples::theFilterShowsItself()
{
    if (PeerProcess::find("gzip").isEmpty())
        QSKIP("there is no gzip");
    const QString output = run("interprocessqt-filter", {});
    QVERIFY2(output.startsWith("0\n") && output.contains("The file has come back as it was."), qPrintable(output));
    QVERIFY2(output.contains("gzip: 67108864 bytes in"), qPrintable(output));
}

void tst_filterexamples::aFileGoesThroughGzip()
{
    if (PeerProcess::find("gzip").isEmpty())
        QSKIP("there is no gzip");
    QFile file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (int i = 0; i < 200'000; ++i)
        file.write(QByteArray::number(i * 7919) + '\n');
    file.close();
    QVERIFY(run("interprocessqt-filter", {path("file"), path("packed"), "gzip", "-c"}).startsWith("0\n"));
    const QString script = QString("gzip -t < '%1' && gzip -dc < '%1' | cmp - '%2' && echo same").arg(path("packed"), path("file"));
    QCOMPARE(run("sh", {"-c", script}), "0\nsame\n");
}

void tst_filterexamples::aFilterThatEndsEarly()
{
    QFile file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("line\n").repeated(2'000'000));
    file.close();
    const QString output = run("interprocessqt-filter", {path("file"), path("out"), "head", "-n", "1"});
    QVERIFY2(output.startsWith("0\n"), qPrintable(output));
    QFile result(path("out"));
    QVERIFY(result.open(QIODevice::ReadOnly));
    QCOMPARE(result.readAll(), "line\n");
}

void tst_filterexamples::aFilterThatFails()
{
    const QString output = run("interprocessqt-filter", {"/dev/null", path("out"), "false"});
    QVERIFY2(output.startsWith("1\n") && output.contains("ended with code 1"), qPrintable(output));
    QVERIFY(run("interprocessqt-filter", {path("nothing"), path("out"), "cat"}).contains("nothing: "));
    QVERIFY(run("interprocessqt-filter", {"a", "b"}).startsWith("2\n"));
    // A file that is both would be emptied before it is read.
    QFile file(path("same"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("precious") == 8 && file.flush());
    const QString refused = run("interprocessqt-filter", {path("same"), path("./same"), "cat"});
    QVERIFY2(refused.startsWith("1\n") && refused.contains("same: this is the file to read from"), qPrintable(refused));
    QCOMPARE(file.size(), 8);
}

void tst_filterexamples::aFilterThatIsNotThere()
{
    const QString output = run("interprocessqt-filter", {"/dev/null", path("out"), "no-such-program"});
    QVERIFY2(output.startsWith("1\n") && output.contains("no-such-program"), qPrintable(output));
}

void tst_filterexamples::theSnippetOfAFilter()
{
    const QString script =
        QString("yes | head -c 3000000 | '%1' filter | dd bs=64k 2>/dev/null | tee /dev/null | wc -c").arg(PeerProcess::find("snippet_pipes"));
    QCOMPARE(run("sh", {"-c", script}).simplified(), "0 3000000");
    QCOMPARE(run("snippet_pipes", {"filter"}, "loud"), "0\nLOUD");
}

void tst_filterexamples::theFilterWritesNothingAfterItsEnd()
{
    // What is left at the end is more than goes without waiting: the end of congestion comes after that of the filter.
    const QString script = QString("head -c 3000000 /dev/zero > '%1' && '%2' filter < '%1' | { sleep 0.3; wc -c; }");
    QCOMPARE(run("sh", {"-c", script.arg(path("file"), PeerProcess::find("snippet_pipes"))}).simplified(), "0 3000000");
}

QTEST_GUILESS_MAIN(tst_filterexamples)
#include "tst_filterexamples.moc"
