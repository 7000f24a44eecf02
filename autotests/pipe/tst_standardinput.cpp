// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <InterprocessQt/PipeReader>

#include <QCryptographicHash>
#include <QFile>

#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

using namespace InterprocessQt;

// A program that reads its standard input with a PipeReader, whatever that is on Unix; and nobody else who has it is disturbed. What is the
// same everywhere is in tst_standardstreams.
class tst_standardinput : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aPipe();
    void aPipeWhoseWriterWasGoneBefore();
    void aPipeThatIsNonBlockingAlready();
    void aFile();
    void aDirectory();
    void aSocket();
    void aFifo();
    void aFifoForBothHasNoEnd();
    void aFifoWhoseWriterWasGoneBefore();
    void aTerminalWithLinesAndCtrlD();
    void aTerminalInRawMode();
    void aTerminalThatGoesAway();

private:
    // What the reading program says of size and checksum.
    static QByteArray report(const QByteArray &data)
    {
        return QByteArray::number(data.size()) + ' ' + QCryptographicHash::hash(data, QCryptographicHash::Md5).toHex() + '\n';
    }
    // Of a reading program whose input has ended.
    static QByteArray outputOf(int input)
    {
        BlockingPipe output;
        Spawned program("peer_pipe", {"consume"}, input, output.in());
        output.writer.reset();
        const int code = program.waitForExit();
        const QByteArray said = readToEnd(output.out());
        return code == 0 ? said : said + "exit code " + QByteArray::number(code);
    }
};

void tst_standardinput::aPipe()
{
    const QByteArray data(50'000, 'p');
    BlockingPipe input;
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, input.out(), output.in());
    output.writer.reset();
    char word[5] = {};
    QCOMPARE(::read(output.out(), word, 5), 5);
    QCOMPARE(QByteArray(word, 5), "open\n");
    // We have the same open file: it is still as it was while the other one reads.
    QVERIFY(!isNonBlocking(input.out()));
    QCOMPARE(::write(input.in(), data.constData(), size_t(data.size())), data.size());
    QVERIFY(!isNonBlocking(input.out()));
    input.writer.reset();
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(input.out()));
    QCOMPARE(readToEnd(output.out()), report(data));
}

void tst_standardinput::aPipeWhoseWriterWasGoneBefore()
{
    BlockingPipe input;
    QCOMPARE(::write(input.in(), "left behind", 11), 11);
    input.writer.reset();
    QCOMPARE(outputOf(input.out()), report("left behind"));
    QVERIFY(!isNonBlocking(input.out()));
}

void tst_standardinput::aPipeThatIsNonBlockingAlready()
{
    BlockingPipe input;
    ::fcntl(input.out(), F_SETFL, O_NONBLOCK);
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, input.out(), output.in());
    output.writer.reset();
    char word[5] = {};
    QCOMPARE(::read(output.out(), word, 5), 5);
    // Whoever made it so may change it back; that must not make the other one block, which then would not see this end.
    ::fcntl(input.out(), F_SETFL, 0);
    QCOMPARE(::write(input.in(), "x", 1), 1);
    QTest::qWait(20);
    input.writer.reset();
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(input.out()));
    QCOMPARE(readToEnd(output.out()), report("x"));
}

void tst_standardinput::aFile()
{
    QFile file(path("file"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray data(300'000, 'f');
    file.write(data);
    file.flush();
    const NativeHandle input(::open(qPrintable(path("file")), O_RDONLY | O_CLOEXEC));
    QCOMPARE(outputOf(int(input.get())), report(data));
    QVERIFY(!isNonBlocking(int(input.get())));
}

void tst_standardinput::aDirectory()
{
    const NativeHandle input(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const QByteArray said = outputOf(int(input.get()));
    QVERIFY2(said.startsWith("10 ") && said.contains("standard input: it is a directory") && said.endsWith("exit code 4"), said.constData());
}

void tst_standardinput::aSocket()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const NativeHandle input(ends[0]);
    NativeHandle other(ends[1]);
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, ends[0], output.in());
    output.writer.reset();
    char word[5] = {};
    QCOMPARE(::read(output.out(), word, 5), 5);
    QVERIFY(!isNonBlocking(ends[0]));
    QCOMPARE(::send(ends[1], "socket", 6, MSG_NOSIGNAL), 6);
    other.reset();
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(ends[0]));
    QCOMPARE(readToEnd(output.out()), report("socket"));
}

void tst_standardinput::aFifo()
{
    QCOMPARE(::mkfifo(qPrintable(path("fifo")), 0600), 0);
    NativeHandle keep(::open(qPrintable(path("fifo")), O_RDWR | O_CLOEXEC));
    const NativeHandle input(::open(qPrintable(path("fifo")), O_RDONLY | O_CLOEXEC));
    NativeHandle writer(::open(qPrintable(path("fifo")), O_WRONLY | O_CLOEXEC));
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, int(input.get()), output.in());
    output.writer.reset();
    char word[5] = {};
    QCOMPARE(::read(output.out(), word, 5), 5);
    QCOMPARE(::write(int(writer.get()), "first", 5), 5);
    writer.reset();
    keep.reset();
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(int(input.get())));
    QCOMPARE(readToEnd(output.out()), report("first"));
}

void tst_standardinput::aFifoForBothHasNoEnd()
{
    // As shells open it with <> to go on after each writer: whoever reads has it open for writing, too.
    QCOMPARE(::mkfifo(qPrintable(path("fifo")), 0600), 0);
    NativeHandle both(::open(qPrintable(path("fifo")), O_RDWR | O_CLOEXEC));
    PipeReader reader;
    QVERIFY(reader.open(std::move(both)));
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    for (const qint64 total : {5, 10}) {
        NativeHandle writer(::open(qPrintable(path("fifo")), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
        QVERIFY(writer);
        QCOMPARE(::write(int(writer.get()), "bytes", 5), 5);
        writer.reset();
        QTRY_COMPARE(reader.bytesAvailable(), total);
        QTest::qWait(20);
    }
    QCOMPARE(finished.count(), 0);
}

void tst_standardinput::aFifoWhoseWriterWasGoneBefore()
{
    QCOMPARE(::mkfifo(qPrintable(path("fifo")), 0600), 0);
    NativeHandle keep(::open(qPrintable(path("fifo")), O_RDWR | O_CLOEXEC));
    const NativeHandle input(::open(qPrintable(path("fifo")), O_RDONLY | O_CLOEXEC));
    QCOMPARE(::write(int(keep.get()), "left behind", 11), 11);
    keep.reset();
    // Opened a second time it would show no end before a next writer has come and gone.
    QCOMPARE(outputOf(int(input.get())), report("left behind"));
}

void tst_standardinput::aTerminalWithLinesAndCtrlD()
{
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, int(terminal.slave.get()), output.in());
    output.writer.reset();
    char word[5] = {};
    QCOMPARE(::read(output.out(), word, 5), 5);
    QVERIFY(!isNonBlocking(int(terminal.slave.get())));
    terminal.type("one\ntwo\n");
    terminal.type("\x04");
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(int(terminal.slave.get())));
    QCOMPARE(readToEnd(output.out()), report("one\ntwo\n"));
}

void tst_standardinput::aTerminalInRawMode()
{
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    termios before = {};
    ::tcgetattr(int(terminal.slave.get()), &before);
    termios raw = before;
    ::cfmakeraw(&raw);
    ::tcsetattr(int(terminal.slave.get()), TCSANOW, &raw);
    BlockingPipe output;
    Spawned program("peer_pipe", {"echo"}, int(terminal.slave.get()), output.in());
    output.writer.reset();
    char word[6] = {};
    QCOMPARE(::read(output.out(), word, 6), 6);
    terminal.type("\x04\x03stop\n"); // Ctrl-D and Ctrl-C are bytes as all others
    terminal.type("stop\n");
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(readToEnd(output.out()), QByteArray("got \x04\x03stop\ngot stop\n"));
    termios after = {};
    ::tcgetattr(int(terminal.slave.get()), &after);
    QCOMPARE(after.c_lflag, raw.c_lflag); // the mode is the terminal's owner's
}

void tst_standardinput::aTerminalThatGoesAway()
{
    Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    BlockingPipe output;
    Spawned program("peer_pipe", {"consume", "tell"}, int(terminal.slave.get()), output.in());
    output.writer.reset();
    char word[5] = {};
    QCOMPARE(::read(output.out(), word, 5), 5);
    terminal.type("typed\n");
    QTest::qWait(50); // what is typed and not read is lost with the terminal
    terminal.slave.reset();
    terminal.master.reset();
    QCOMPARE(program.waitForExit(), 0);
    QCOMPARE(readToEnd(output.out()), report("typed\n"));
}

QTEST_GUILESS_MAIN(tst_standardinput)
#include "tst_standardinput.moc"
