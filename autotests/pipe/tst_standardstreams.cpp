// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/Pipe>

#include <QCryptographicHash>
#include <QFile>

using namespace InterprocessQt;

namespace
{
constexpr int Blocks = 40; // 2.5 MiB: more than anything here takes at once
constexpr qint64 Size = Blocks * 65536;
} // namespace

// Programs that read their standard input and write their standard output with the library, whatever these are.
class tst_standardstreams : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void inputFromAPipe_data();
    void inputFromAPipe();
    void inputWithoutAnythingInIt();
    void inputFromAFileWhereItStands();
    void inputFromNothing();
    void thereIsNoInput();
    void inputThatIsForWritingOnly();
    void messagesByLines();
    void messagesOfALanguageServer();

    void outputToASlowReader_data();
    void outputToASlowReader();
    void outputThatNobodyReads();
    void outputWhoseReaderLeaves();
    void outputToAFile();
    void outputToNothing();
    void thereIsNoOutput();
    void outputOfAProgramThatIsGoneAtOnce_data();
    void outputOfAProgramThatIsGoneAtOnce();

private:
    // What the reading program says of size and checksum.
    static QByteArray report(const QByteArray &data)
    {
        return QByteArray::number(data.size()) + ' ' + QCryptographicHash::hash(data, QCryptographicHash::Md5).toHex() + '\n';
    }
    // Of a reading program whose input has ended.
    static QByteArray outputOf(Stream input)
    {
        BlockingPipe output;
        Spawned program("peer_pipe", {"consume"}, input, output.in());
        output.writer.reset();
        const int code = program.waitForExit();
        if (code < 0)
            return "it does not end";
        const QByteArray said = readToEnd(output.out());
        return code == 0 ? said : said + "exit code " + QByteArray::number(code);
    }
    static QStringList feed()
    {
        return {"feed", QString::number(Blocks)};
    }
    // The ends that the programs get: for calls that wait, or not.
    static Pipe::Handles ends(bool blocking)
    {
        Pipe::Options options;
        options.blockingReader = options.blockingWriter = blocking;
        return Pipe::createHandles(options);
    }
    static void bothKinds()
    {
        QTest::addColumn<bool>("blocking");
        QTest::newRow("for calls that wait") << true;
        QTest::newRow("not blocking") << false;
    }
};

void tst_standardstreams::inputFromAPipe_data()
{
    bothKinds();
}

void tst_standardstreams::inputFromAPipe()
{
    QFETCH(bool, blocking);
    const QByteArray data(500'000, 'p');
    Pipe::Handles input = ends(blocking);
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, streamOf(input.reader), output.in());
    output.writer.reset();
    QCOMPARE(readSome(output.out(), 6).left(4), "open");
    PipeWriter writer;
    QVERIFY(writer.open(std::move(input.writer)));
    writer.write(data);
    writer.close();
    QVERIFY(writer.waitForClosed());
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(readToEnd(output.out()).endsWith(report(data)));
}

void tst_standardstreams::inputWithoutAnythingInIt()
{
    BlockingPipe input;
    input.writer.reset();
    QCOMPARE(outputOf(input.out()), report({}));
    BlockingPipe left;
    QCOMPARE(writeAll(left.in(), "left behind"), 11);
    left.writer.reset();
    QCOMPARE(outputOf(left.out()), report("left behind"));
}

void tst_standardstreams::inputFromAFileWhereItStands()
{
    const NativeHandle file = openFile(path("file"));
    const QByteArray data(300'000, 'f');
    QCOMPARE(writeAll(streamOf(file), "header," + data), data.size() + 7);
    seek(streamOf(file), 7);
    QCOMPARE(outputOf(streamOf(file)), report(data));
    QCOMPARE(position(streamOf(file)), data.size() + 7);
}

void tst_standardstreams::inputFromNothing()
{
    const NativeHandle null = openNull();
    QCOMPARE(outputOf(streamOf(null)), report({}));
}

void tst_standardstreams::thereIsNoInput()
{
    const QByteArray said = outputOf(NoStream);
    QVERIFY2(said.startsWith("19 ") && said.contains("standard input") && said.endsWith("exit code 4"), said.constData());
}

void tst_standardstreams::inputThatIsForWritingOnly()
{
    BlockingPipe pipe;
    const QByteArray said = outputOf(pipe.in());
    QVERIFY2(said.startsWith("10 ") && said.contains("standard input: it is open for the other direction"), said.constData());
}

void tst_standardstreams::messagesByLines()
{
    BlockingPipe input;
    BlockingPipe output;
    Spawned program("peer_pipe", {"echo"}, input.out(), output.in());
    output.writer.reset();
    QCOMPARE(writeAll(input.in(), "hello\nwor"), 9);
    QCOMPARE(writeAll(input.in(), "ld\n"), 3);
    input.writer.reset();
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(readToEnd(output.out()), "ready\ngot hello\ngot world\n");
}

void tst_standardstreams::messagesOfALanguageServer()
{
    BlockingPipe input;
    BlockingPipe output;
    Spawned program("peer_pipe", {"echo", "lsp"}, input.out(), output.in());
    output.writer.reset();
    const QByteArray words =
        "Content-Length: 5\r\nContent-Type: application/vscode-jsonrpc\r\n\r\nhello"
        "Content-Length: 9\r\n\r\ntwo\nlines";
    QCOMPARE(writeAll(input.in(), words.left(30)), 30);
    QTest::qWait(10);
    QCOMPARE(writeAll(input.in(), words.mid(30)), words.size() - 30);
    input.writer.reset();
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(readToEnd(output.out()).replace("\r\n", "\n"), "Content-Length: 5\n\nreadyContent-Length: 9\n\ngot helloContent-Length: 13\n\ngot two\nlines");
}

void tst_standardstreams::outputToASlowReader_data()
{
    bothKinds();
}

void tst_standardstreams::outputToASlowReader()
{
    QFETCH(bool, blocking);
    Pipe::Handles output = ends(blocking);
    BlockingPipe error;
    Spawned program("peer_pipe", feed(), 0, streamOf(output.writer), error.in());
    output.writer.reset();
    error.writer.reset();
    PipeReader reader;
    QVERIFY(reader.open(std::move(output.reader)));
    reader.setReadBufferSize(65536);
    QCryptographicHash hash(QCryptographicHash::Md5);
    qint64 size = 0;
    const auto take = [&] {
        const QByteArray all = reader.readAll();
        hash.addData(all);
        size += all.size();
        return reader.isReadChannelFinished() && reader.bytesAvailable() == 0;
    };
    QVERIFY(waitUntil(take, 20'000)); // which looks now and then
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(size, Size);
    QCOMPARE(readToEnd(error.out()), hash.result().toHex() + '\n');
}

void tst_standardstreams::outputThatNobodyReads()
{
    BlockingPipe output;
    BlockingPipe error;
    output.reader.reset();
    Spawned program("peer_pipe", feed(), 0, output.in(), error.in());
    error.writer.reset();
    QCOMPARE(program.waitForExit(), 5);
    QVERIFY(readToEnd(error.out()).startsWith("error 1 ")); // PeerClosedError
}

void tst_standardstreams::outputWhoseReaderLeaves()
{
    BlockingPipe output;
    BlockingPipe error;
    Spawned program("peer_pipe", feed(), 0, output.in(), error.in());
    output.writer.reset();
    error.writer.reset();
    QVERIFY(!readSome(output.out(), 1000).isEmpty());
    QTest::qWait(50); // it is congested by now, in a call that waits
    output.reader.reset();
    QCOMPARE(program.waitForExit(), 5);
    QVERIFY(readToEnd(error.out()).startsWith("error 1 "));
}

void tst_standardstreams::outputToAFile()
{
    NativeHandle file = openFile(path("file"));
    Spawned program("peer_pipe", feed(), 0, streamOf(file));
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(QFile(path("file")).size(), Size);
    QCOMPARE(position(streamOf(file)), Size); // the next program goes on behind it
    file = openFile(path("file"), true);
    Spawned next("peer_pipe", feed(), 0, streamOf(file));
    QCOMPARE(next.waitForExit(), 0);
    QCOMPARE(QFile(path("file")).size(), 2 * Size);
}

void tst_standardstreams::outputToNothing()
{
    const NativeHandle null = openNull();
    Spawned program("peer_pipe", feed(), 0, streamOf(null));
    QCOMPARE(program.waitForExit(), 0);
}

void tst_standardstreams::thereIsNoOutput()
{
    BlockingPipe error;
    Spawned program("peer_pipe", feed(), 0, NoStream, error.in());
    error.writer.reset();
    QCOMPARE(program.waitForExit(), 4);
    const QByteArray said = readToEnd(error.out());
    QVERIFY2(said.startsWith("19 ") && said.contains("standard output"), said.constData());
}

void tst_standardstreams::outputOfAProgramThatIsGoneAtOnce_data()
{
    bothKinds();
}

void tst_standardstreams::outputOfAProgramThatIsGoneAtOnce()
{
    QFETCH(bool, blocking);
    Pipe::Handles output = ends(blocking);
    Spawned program("peer_pipe", {"brief"}, 0, streamOf(output.writer));
    output.writer.reset();
    PipeReader reader;
    QVERIFY(reader.open(std::move(output.reader)));
    QVERIFY(reader.waitForFinished(20'000));
    QCOMPARE(reader.readAll(), "all that is to be said");
    QCOMPARE(program.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_standardstreams)
#include "tst_standardstreams.moc"
