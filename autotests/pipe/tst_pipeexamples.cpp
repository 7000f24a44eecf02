// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

// The examples do what they say, also with programs that are not ours; and the snippets of the manual do.
class tst_pipeexamples : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theHostShowsItself();
    void theHostTalksWithPython();
    void theHostSaysWhatIsTooLong();
    void theSnippetOfAPipe();
    void theSnippetOfAChild();

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
        return QString::number(code) + '\n' + QString::fromUtf8(process.process().readAllStandardOutput()).remove('\r') + process.errors();
    }
};

void tst_pipeexamples::theHostShowsItself()
{
    const QString output = run("interprocessqt-nativehost", {});
    QVERIFY2(output.startsWith("0\n"), qPrintable(output));
    QVERIFY2(output.contains(R"(<- {"id":1,"result":"pong"})"), qPrintable(output));
    QVERIFY2(output.contains(R"(<- {"id":2,"result":"through two pipes"})"), qPrintable(output));
    QVERIFY2(output.contains("there is no command dance") && output.contains("illegal value"), qPrintable(output));
}

void tst_pipeexamples::theHostTalksWithPython()
{
    if (PeerProcess::find("python3").isEmpty())
        QSKIP("there is no python3");
    const QString program =
        "import json, struct, subprocess, sys\n"
        "host = subprocess.Popen([sys.argv[1], 'manifest'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "def ask(message):\n"
        "    data = json.dumps(message).encode()\n"
        "    host.stdin.write(struct.pack('=I', len(data)) + data)\n"
        "    host.stdin.flush()\n"
        "    size, = struct.unpack('=I', host.stdout.read(4))\n"
        "    return json.loads(host.stdout.read(size))\n"
        "assert ask({'command': 'ping', 'id': 7}) == {'id': 7, 'result': 'pong'}\n"
        "long = 'x' * 500000\n"
        "assert ask({'command': 'echo', 'text': long})['result'] == long\n"
        "host.stdin.close()\n"
        "print('end', host.stdout.read(), host.wait())\n";
    QCOMPARE(run("python3", {"-c", program, PeerProcess::find("interprocessqt-nativehost")}), "0\nend b'' 0\n");
}

void tst_pipeexamples::theHostSaysWhatIsTooLong()
{
    const QString output = run("interprocessqt-nativehost", {"manifest"}, QByteArray(8, '\x7f'));
    QVERIFY2(output.startsWith("1\n") && output.contains("nativehost: "), qPrintable(output));
}

void tst_pipeexamples::theSnippetOfAPipe()
{
    QCOMPARE(run("snippet_pipes", {}), "0\nhello\nnobody writes any more\n");
    QCOMPARE(run("snippet_pipes", {"filter"}, "loud"), "0\nLOUD");
}

void tst_pipeexamples::theSnippetOfAChild()
{
    QCOMPARE(run("snippet_childhandles", {}), "0\nthe child is half done\nthe child is done\n");
}

QTEST_GUILESS_MAIN(tst_pipeexamples)
#include "tst_pipeexamples.moc"
