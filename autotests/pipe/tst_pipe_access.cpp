// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "pipe/pipereader_p.h"
#include "pipe/pipewriter_p.h"
#include "spawned.h"
#include "unix/pipeio_p.h"

using namespace InterprocessQt;

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
    QTest::qWait(10);
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
