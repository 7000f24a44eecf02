// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "spawned.h"

#include <QFile>

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>

using namespace InterprocessQt;

namespace
{
constexpr int Blocks = 40; // 2.5 MiB: more than anything here takes at once
constexpr qint64 Size = Blocks * 65536;
} // namespace

// A program that writes its standard output with a PipeWriter, whatever that is on Unix. What is the same everywhere is in
// tst_standardstreams.
class tst_standardoutput : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aSlowReaderGetsEverything();
    void aFile();
    void devFull();
    void aSocket();
    void aSocketWhosePeerIsGone();
    void aFifo();
    void aTerminal();
    void aStoppedTerminal();

private:
    static QStringList feed()
    {
        return {"feed", QString::number(Blocks)};
    }
};

void tst_standardoutput::aSlowReaderGetsEverything()
{
    BlockingPipe output;
    Spawned program("peer_pipe", feed(), 0, output.in());
    QByteArray all;
    char buffer[65536];
    while (all.size() < Size) {
        // We share the writing end with the program, which finds it blocking and leaves it so.
        QVERIFY(!isNonBlocking(output.in()));
        const ssize_t got = ::read(output.out(), buffer, sizeof buffer);
        QVERIFY(got > 0);
        all.append(buffer, got);
        QTest::qWait(1);
    }
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(output.in()));
    QCOMPARE(all.size(), Size);
    output.writer.reset();
    QCOMPARE(readToEnd(output.out()), QByteArray());
}

void tst_standardoutput::aFile()
{
    const NativeHandle output(::open(qPrintable(path("file")), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    Spawned program("peer_pipe", feed(), 0, int(output.get()));
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(int(output.get())));
    QCOMPARE(QFile(path("file")).size(), Size);
    QCOMPARE(::lseek(int(output.get()), 0, SEEK_CUR), Size); // the next program goes on behind it
}

void tst_standardoutput::devFull()
{
    const NativeHandle output(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (!output)
        QSKIP("there is no /dev/full");
    BlockingPipe error;
    Spawned program("peer_pipe", feed(), 0, int(output.get()), error.in());
    error.writer.reset();
    QCOMPARE(program.waitForExit(), 5);
    QCOMPARE(readToEnd(error.out()), "error 4 28\n"); // SocketResourceError, ENOSPC
}

void tst_standardoutput::aSocket()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    NativeHandle output(ends[0]);
    const NativeHandle other(ends[1]);
    Spawned program("peer_pipe", feed(), 0, ends[0]);
    QTest::qWait(20);
    QVERIFY(!isNonBlocking(ends[0]));
    output.reset();
    QCOMPARE(readToEnd(ends[1]).size(), Size);
    QCOMPARE(program.waitForExit(), 0);
}

void tst_standardoutput::aSocketWhosePeerIsGone()
{
    int ends[2];
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const NativeHandle output(ends[0]);
    NativeHandle(ends[1]).reset();
    BlockingPipe error;
    Spawned program("peer_pipe", feed(), 0, ends[0], error.in());
    error.writer.reset();
    QCOMPARE(program.waitForExit(), 5);
    QCOMPARE(readToEnd(error.out()), "error 1 32\n");
}

void tst_standardoutput::aFifo()
{
    QCOMPARE(::mkfifo(qPrintable(path("fifo")), 0600), 0);
    NativeHandle reader(::open(qPrintable(path("fifo")), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    NativeHandle output(::open(qPrintable(path("fifo")), O_WRONLY | O_CLOEXEC));
    ::fcntl(int(reader.get()), F_SETFL, 0);
    Spawned program("peer_pipe", feed(), 0, int(output.get()));
    QTest::qWait(20);
    QVERIFY(!isNonBlocking(int(output.get())));
    output.reset();
    QCOMPARE(readToEnd(int(reader.get())).size(), Size);
    QCOMPARE(program.waitForExit(), 0);
}

void tst_standardoutput::aTerminal()
{
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    BlockingPipe input;
    Spawned program("peer_pipe", {"echo"}, input.out(), int(terminal.slave.get()));
    QCOMPARE(terminal.shownUntil("ready\r\n"), "ready\r\n");
    QVERIFY(!isNonBlocking(int(terminal.slave.get())));
    QCOMPARE(::write(input.in(), "hello\n", 6), 6);
    QCOMPARE(terminal.shownUntil("hello\r\n"), "got hello\r\n");
    input.writer.reset();
    QCOMPARE(program.waitForExit(), 0);
    QVERIFY(!isNonBlocking(int(terminal.slave.get())));
}

void tst_standardoutput::aStoppedTerminal()
{
    const Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    BlockingPipe input;
    Spawned program("peer_pipe", {"echo"}, input.out(), int(terminal.slave.get()));
    QCOMPARE(terminal.shownUntil("ready\r\n"), "ready\r\n");
    terminal.type("\x13"); // Ctrl-S, which the system deals with a little later
    pollfd shown = {int(terminal.slave.get()), POLLOUT, 0};
    QTRY_COMPARE(::poll(&shown, 1, 0), 0);
    QCOMPARE(::write(input.in(), "while stopped\n", 14), 14);
    QCOMPARE(terminal.shownUntil("stopped\r\n", 100), "");
    // The program is not stuck in a write: it still reads.
    const QByteArray lines = QByteArray(30'000, 'x') + '\n';
    QCOMPARE(::write(input.in(), lines.constData(), size_t(lines.size())), lines.size());
    const auto unread = [&] {
        int bytes = 0;
        ::ioctl(input.out(), FIONREAD, &bytes);
        return bytes;
    };
    QTRY_COMPARE(unread(), 0);
    terminal.type("\x11"); // Ctrl-Q
    QVERIFY(terminal.shownUntil("xxx\r\n").startsWith("got while stopped\r\ngot xxx"));
    input.writer.reset();
    QCOMPARE(program.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_standardoutput)
#include "tst_standardoutput.moc"
