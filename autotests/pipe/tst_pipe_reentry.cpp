// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/Pipe>

#include <QEventLoop>
#include <QThread>

#include <atomic>

using namespace InterprocessQt;

// Slots that do their worst, and other threads.
class tst_pipe_reentry : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void aReaderIsDeletedInItsSlots_data();
    void aReaderIsDeletedInItsSlots();
    void aWriterIsDeletedInItsSlots_data();
    void aWriterIsDeletedInItsSlots();
    void aReaderIsOpenedAgainWhenItHasEnded();
    void aWriterIsOpenedAgainWhenItFails();
    void anEventLoopInASlotSeesTheEnd();
    void theEndsLiveInTwoThreads();
    void aWriterMovesWhileItIsClosing();
};

void tst_pipe_reentry::aReaderIsDeletedInItsSlots_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::newRow("readyRead") << QByteArray(SIGNAL(readyRead()));
    QTest::newRow("readChannelFinished") << QByteArray(SIGNAL(readChannelFinished()));
    QTest::newRow("aboutToClose") << QByteArray(SIGNAL(aboutToClose()));
}

void tst_pipe_reentry::aReaderIsDeletedInItsSlots()
{
    QFETCH(QByteArray, signal);
    Pipe pipe = Pipe::create();
    QSignalSpy spy(pipe.reader.get(), signal.constData());
    QObject killer;
    bool deleted = false;
    const auto kill = [&] {
        deleted = true;
        pipe.reader.reset();
    };
    if (signal.contains("readyRead"))
        connect(pipe.reader.get(), &PipeReader::readyRead, &killer, kill);
    else if (signal.contains("Finished"))
        connect(pipe.reader.get(), &PipeReader::readChannelFinished, &killer, kill);
    else
        connect(pipe.reader.get(), &PipeReader::aboutToClose, &killer, kill);
    pipe.writer->write("x");
    pipe.writer->close();
    if (signal.contains("aboutToClose"))
        pipe.reader->close();
    QTRY_VERIFY(deleted);
    runTurns();
}

void tst_pipe_reentry::aWriterIsDeletedInItsSlots_data()
{
    QTest::addColumn<QString>("when");
    for (const char *when : {"bytesWritten", "congestedChanged", "closed", "errorOccurred", "aboutToClose"})
        QTest::newRow(when) << QString(when);
}

void tst_pipe_reentry::aWriterIsDeletedInItsSlots()
{
    QFETCH(QString, when);
    Pipe pipe = Pipe::create();
    bool deleted = false;
    const auto kill = [&] {
        deleted = true;
        pipe.writer.reset();
    };
    PipeWriter *const writer = pipe.writer.get();
    if (when == "bytesWritten")
        connect(writer, &PipeWriter::bytesWritten, this, kill);
    else if (when == "congestedChanged")
        connect(writer, &PipeWriter::congestedChanged, this, kill);
    else if (when == "closed")
        connect(writer, &PipeWriter::closed, this, kill);
    else if (when == "errorOccurred")
        connect(writer, &StreamDevice::errorOccurred, this, kill);
    else
        connect(writer, &PipeWriter::aboutToClose, this, kill);
    if (when == "errorOccurred")
        pipe.reader.reset();
    writer->write(QByteArray(2'000'000, 'x'));
    if (when == "closed" || when == "aboutToClose")
        writer->close();
    QTRY_VERIFY(deleted);
    runTurns();
}

void tst_pipe_reentry::aReaderIsOpenedAgainWhenItHasEnded()
{
    PipeReader reader;
    QByteArray all;
    int ends = 0;
    const auto next = [&] {
        Pipe::Handles handles = Pipe::createHandles();
        QVERIFY(reader.open(std::move(handles.reader)));
        PipeWriter writer;
        QVERIFY(writer.open(std::move(handles.writer)));
        writer.write(QByteArray::number(ends));
    };
    connect(&reader, &PipeReader::readChannelFinished, this, [&] {
        all += reader.readAll();
        if (++ends < 100)
            next();
    });
    next();
    QTRY_COMPARE(ends, 100);
    QCOMPARE(all.size(), 190);
}

void tst_pipe_reentry::aWriterIsOpenedAgainWhenItFails()
{
    Pipe pipe = Pipe::create();
    Pipe::Handles second = Pipe::createHandles();
    PipeReader reader;
    QVERIFY(reader.open(std::move(second.reader)));
    QSignalSpy closed(pipe.writer.get(), &PipeWriter::closed);
    connect(pipe.writer.get(), &StreamDevice::errorOccurred, this, [&] {
        QVERIFY(pipe.writer->open(std::move(second.writer)));
        pipe.writer->write("second");
    });
    pipe.reader.reset();
    pipe.writer->write("first");
    QTRY_COMPARE(reader.bytesAvailable(), 6);
    QCOMPARE(reader.readAll(), "second");
    QCOMPARE(closed.count(), 0); // of the first pipe nothing more is told
    QCOMPARE(pipe.writer->error(), StreamDevice::UnknownSocketError);
}

void tst_pipe_reentry::anEventLoopInASlotSeesTheEnd()
{
    Pipe pipe = Pipe::create();
    bool ended = false;
    connect(pipe.reader.get(), &PipeReader::readyRead, this, [&] {
        QEventLoop loop;
        connect(pipe.reader.get(), &PipeReader::readChannelFinished, &loop, &QEventLoop::quit);
        pipe.writer->close();
        loop.exec();
        ended = true;
    });
    pipe.writer->write("x");
    QTRY_VERIFY(ended);
    QCOMPARE(pipe.reader->readAll(), "x");
}

void tst_pipe_reentry::theEndsLiveInTwoThreads()
{
    constexpr qint64 Size = 20'000'000;
    Pipe pipe = Pipe::create();
    QThread thread;
    PipeWriter *const writer = pipe.writer.release();
    writer->write("made here, "); // what is due goes on over there
    writer->moveToThread(&thread);
    connect(&thread, &QThread::finished, writer, &QObject::deleteLater);
    thread.start();
    QMetaObject::invokeMethod(writer, [writer] {
        writer->write(QByteArray(Size, 'x'));
        writer->close();
    });
    QSignalSpy finished(pipe.reader.get(), &PipeReader::readChannelFinished);
    QVERIFY(finished.wait(20'000));
    QCOMPARE(pipe.reader->bytesAvailable(), Size + 11);
    thread.quit();
    thread.wait();
}

void tst_pipe_reentry::aWriterMovesWhileItIsClosing()
{
    Pipe pipe = Pipe::create();
    QThread thread;
    PipeWriter *const writer = pipe.writer.release();
    connect(&thread, &QThread::finished, writer, &QObject::deleteLater);
    std::atomic<int> closed = 0; // told in the other thread
    connect(
        writer,
        &PipeWriter::closed,
        writer,
        [&closed] {
            ++closed;
        },
        Qt::DirectConnection);
    pipe.reader->setReadBufferSize(1);
    writer->write(QByteArray(1'000'000, 'x'));
    writer->close();
    writer->moveToThread(&thread);
    thread.start();
    pipe.reader->setReadBufferSize(0);
    QSignalSpy finished(pipe.reader.get(), &PipeReader::readChannelFinished);
    QVERIFY(finished.wait(20'000));
    QCOMPARE(pipe.reader->bytesAvailable(), 1'000'000);
    thread.quit();
    thread.wait();
    QCOMPARE(closed, 1);
}

QTEST_GUILESS_MAIN(tst_pipe_reentry)
#include "tst_pipe_reentry.moc"
