// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "interprocessqt_config.h"
#include "ipctest.h"
#include "pipe/pipereader_p.h"
#include "pipe/pipewriter_p.h"
#include "spawned.h"
#include "stream/bytequeue_p.h"
#include "turns.h"
#include "unix/pipeio_p.h"

#include <sys/uio.h>

#include <cerrno>
#include <dlfcn.h>
#include <functional>
#include <poll.h>
#include <termios.h>

using namespace InterprocessQt;

namespace
{
std::function<void()> afterPoll;

struct Client final : StreamIoClient {
    void ioReady(IoReadiness) override
    {
    }
};
} // namespace

// Instead of the system's, which the library means.
extern "C" Q_DECL_EXPORT int poll(pollfd *descriptors, nfds_t count, int msecs)
{
    static const auto original = reinterpret_cast<int (*)(pollfd *, nfds_t, int)>(::dlsym(RTLD_NEXT, "poll"));
    const int result = original(descriptors, count, msecs);
    if (afterPoll)
        afterPoll();
    return result;
}

/*
 * The path for systems where a descriptor cannot be opened a second time, and for pipes of other users: blocking
 * descriptors that are only touched when that does not block. And what must not be opened a second time anywhere.
 */
class tst_pipe_access : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void guardedReadingDoesNotBlock();
    void guardedWritingDoesNotBlock();
    void guardedWritingTellsThatNobodyReads();
    void whatSomebodyElseTakesIsNotWaitedFor();
    void guardedWritingToATerminalDoesNotBlock();
    void aTerminalWithoutMinimumHasNotEnded();
    void theMasterOfATerminalIsNotOpenedAgain();

private:
    static bool openGuarded(PipeReader &reader, NativeHandle handle)
    {
        PipeReaderPrivate *const d = PipeReaderPrivate::get(&reader);
        return d->begin({std::make_unique<PipeIo>(std::move(handle), PipeIo::Access::Guarded, *d), {}});
    }
    static bool openGuarded(PipeWriter &writer, NativeHandle handle)
    {
        PipeWriterPrivate *const d = PipeWriterPrivate::get(&writer);
        return d->begin({std::make_unique<PipeIo>(std::move(handle), PipeIo::Access::Guarded, *d), {}});
    }
};

void tst_pipe_access::guardedReadingDoesNotBlock()
{
    BlockingPipe pipe;
    PipeReader reader;
    QVERIFY(openGuarded(reader, std::move(pipe.reader)));
    QVERIFY(!reader.waitForReadyRead(10));
    // Exactly what fits into a chunk of the buffer: asking for more must not block either.
    const QByteArray data(65536, 'x');
    QCOMPARE(::write(pipe.in(), data.constData(), 65536), 65536);
    QTRY_COMPARE(reader.bytesAvailable(), 65536);
    QCOMPARE(::write(pipe.in(), "end", 3), 3);
    pipe.writer.reset();
    QVERIFY(reader.waitForFinished());
    QCOMPARE(reader.bytesAvailable(), 65539);
}

void tst_pipe_access::guardedWritingDoesNotBlock()
{
    constexpr qint64 Size = 2'000'000;
    BlockingPipe pipe;
    PipeWriter writer;
    QVERIFY(openGuarded(writer, std::move(pipe.writer)));
    QCOMPARE(writer.write(QByteArray(Size, 'x')), Size);
    runTurns();
    QVERIFY(writer.bytesToWrite() > 0); // we are here, and nobody has read
    QVERIFY(!isNonBlocking(int(writer.handle())));
    PipeReader reader;
    QVERIFY(reader.open(std::move(pipe.reader)));
    writer.write("end");
    writer.close();
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    QVERIFY(finished.wait());
    QCOMPARE(reader.bytesAvailable(), Size + 3);
    QVERIFY(reader.readAll().endsWith("xend"));
}

void tst_pipe_access::guardedWritingTellsThatNobodyReads()
{
    BlockingPipe pipe;
    PipeWriter writer;
    QVERIFY(openGuarded(writer, std::move(pipe.writer)));
    QSignalSpy failed(&writer, &StreamDevice::errorOccurred);
    writer.write(QByteArray(1'000'000, 'x'));
    pipe.reader.reset();
    QVERIFY(failed.wait());
    QCOMPARE(writer.error(), StreamDevice::PeerClosedError);
}

void tst_pipe_access::whatSomebodyElseTakesIsNotWaitedFor()
{
    BlockingPipe pipe;
    char byte = 'x';
#if HAVE_PWRITEV2 && defined(RWF_NOWAIT)
    const iovec piece = {&byte, 1};
    if (::preadv2(pipe.out(), &piece, 1, -1, RWF_NOWAIT) == -1 && errno != EAGAIN)
#endif
        QSKIP("cannot read a pipe that is not non-blocking without waiting here");
    const NativeHandle thief = pipe.reader.duplicate();
    Client client;
    PipeIo stream(std::move(pipe.reader), PipeIo::Access::Guarded, client);
    ByteQueue queue;
    for (int i = 1; i <= 2; ++i) {
        QCOMPARE(::write(pipe.in(), &byte, 1), 1);
        // Between asking whether there is something to read and reading it: that would wait for the next byte.
        afterPoll = [&] {
            static_cast<void>(::read(int(thief.get()), &byte, 1));
        };
        QCOMPARE(stream.read(queue, 100).status, IoResult::WouldBlock);
        afterPoll = {};
        QCOMPARE(queue.size(), i);
    }
    QCOMPARE(stream.read(queue, 100).status, IoResult::WouldBlock);
    pipe.writer.reset();
    QCOMPARE(stream.read(queue, 100).status, IoResult::EndOfStream);
}

void tst_pipe_access::guardedWritingToATerminalDoesNotBlock()
{
    Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    constexpr qint64 Size = 100'000; // more than a terminal keeps
    PipeWriter writer;
    QVERIFY(openGuarded(writer, std::move(terminal.slave)));
    const QByteArray lines = QByteArray(Size / 100, 'x').append('\n').repeated(100);
    QCOMPARE(writer.write(lines), lines.size());
    // Byte by byte takes its time, and others are to have theirs: only a little goes at once.
    QVERIFY(writer.bytesToWrite() > lines.size() - 4096);
    for (int i = 0; i < 20; ++i) {
        QTest::qWait(5); // we are here, each time
        char some[1000];
        static_cast<void>(::read(int(terminal.master.get()), some, sizeof some));
    }
    QVERIFY(writer.bytesToWrite() > 0);
    writer.write("end");
    QVERIFY(terminal.shownUntil("end", 40'000).endsWith("x\r\nend"));
    QVERIFY(!isNonBlocking(int(writer.handle())));
}

void tst_pipe_access::aTerminalWithoutMinimumHasNotEnded()
{
    Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    termios mode = {};
    ::tcgetattr(int(terminal.slave.get()), &mode);
    ::cfmakeraw(&mode);
    mode.c_cc[VMIN] = 0; // read() returns 0 when nothing has been typed (termios(3))
    ::tcsetattr(int(terminal.slave.get()), TCSANOW, &mode);
    Client client;
    PipeIo stream(std::move(terminal.slave), PipeIo::Access::NonBlocking, client);
    ByteQueue queue;
    QCOMPARE(stream.read(queue, 100).status, IoResult::WouldBlock);
    terminal.type("x");
    QVERIFY(stream.wait({true, false}, QDeadlineTimer(5000)).readable);
    QCOMPARE(stream.read(queue, 100).bytes, 1);
    terminal.master.reset();
    QCOMPARE(stream.read(queue, 100).status, IoResult::EndOfStream);
}

void tst_pipe_access::theMasterOfATerminalIsNotOpenedAgain()
{
    Terminal terminal;
    if (!terminal.slave)
        QSKIP("no pseudo-terminals here");
    PipeReader reader;
    QVERIFY(reader.open(std::move(terminal.master))); // opening /dev/ptmx makes another terminal
    QCOMPARE(::write(int(terminal.slave.get()), "shown", 5), 5);
    QTRY_COMPARE(reader.bytesAvailable(), 5);
    QCOMPARE(reader.readAll(), "shown");
    QSignalSpy finished(&reader, &PipeReader::readChannelFinished);
    QSignalSpy failed(&reader, &StreamDevice::errorOccurred);
    terminal.slave.reset(); // read() says EIO, which is its end
    QVERIFY(finished.wait());
    QVERIFY(failed.isEmpty());
}

QTEST_GUILESS_MAIN(tst_pipe_access)
#include "tst_pipe_access.moc"
