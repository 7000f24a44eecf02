// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "../local/fulltable.h"
#include "fifofile.h"
#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/FifoReader>

#include <QElapsedTimer>

using namespace InterprocessQt;
using Policy = FifoReader::WriterPolicy;

// Writers come and go: what the reader makes of that.
class tst_fiforeader_writers : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void endOfTheLastWriterEndsTheStream();
    void endOfOneOfTwoWritersIsNoEnd();
    void writerWithoutBytesIsNoticedWhenItGoes();
    void readingGoesOnWithTheNextWriter();
    void nextWriterIsNotReadBeforeTheEndOfTheLastIsTold();
    void writerAfterTheOtherMayBePrompt();
    void nothingIsLostBetweenAThousandWriters();
    void idleReaderNeedsNoProcessor_data();
    void idleReaderNeedsNoProcessor();
    void fileMayBeRemovedMeanwhile();
    void withoutDescriptorsItGoesOnByATimer();
    void emptyEndsInQuickSuccessionAreBounded();
    void fullReadBufferDelaysTheEnd();
    void worksWithoutAnEventLoop();
    void waitsWithoutAnEventLoopForTheEnd();

private:
    void prepare();
    void write(const QByteArray &bytes);
};

void tst_fiforeader_writers::prepare()
{
    QVERIFY(FifoFile::make(path()));
}

void tst_fiforeader_writers::write(const QByteArray &bytes)
{
    const NativeHandle writer = FifoFile::openWriter(path());
    QVERIFY(writer);
    QVERIFY(bytes.isEmpty() || FifoFile::write(writer, bytes));
}

void tst_fiforeader_writers::endOfTheLastWriterEndsTheStream()
{
    prepare();
    FifoReader reader;
    QSignalSpy connected(&reader, &FifoReader::writerConnected);
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QSignalSpy finished(&reader, &QIODevice::readChannelFinished);
    QVERIFY(reader.open(path()));
    write("all");
    QVERIFY(finished.wait());
    QCOMPARE(connected.count(), 1);
    QCOMPARE(gone.count(), 0);
    QCOMPARE(reader.readAll(), "all");
    QCOMPARE(reader.error(), StreamDevice::UnknownSocketError);
    QVERIFY(!reader.hasWriter());
    QVERIFY(!FifoFile::openWriter(path())); // closed: nobody reads
}

void tst_fiforeader_writers::endOfOneOfTwoWritersIsNoEnd()
{
    prepare();
    FifoReader reader;
    QVERIFY(reader.open(path()));
    NativeHandle first = FifoFile::openWriter(path());
    const NativeHandle second = FifoFile::openWriter(path());
    QVERIFY(FifoFile::write(first, "1"));
    first.reset();
    QTRY_COMPARE(reader.bytesAvailable(), 1);
    QVERIFY(FifoFile::write(second, "2"));
    QTRY_COMPARE(reader.bytesAvailable(), 2);
    QVERIFY(!reader.isReadChannelFinished());
    QVERIFY(reader.hasWriter());
}

void tst_fiforeader_writers::writerWithoutBytesIsNoticedWhenItGoes()
{
    prepare();
    for (const Policy policy : {Policy::EndWithWriters, Policy::WaitForNextWriter}) {
        FifoReader reader;
        QStringList told;
        connect(&reader, &FifoReader::writerConnected, this, [&] {
            told.append("connected");
        });
        connect(&reader, &FifoReader::writersGone, this, [&] {
            told.append("gone");
        });
        connect(&reader, &QIODevice::readChannelFinished, this, [&] {
            told.append("finished");
        });
        QVERIFY(reader.open(path(), policy));
        write({});
        QTRY_COMPARE(told, QStringList({"connected", policy == Policy::EndWithWriters ? "finished" : "gone"}));
    }
}

void tst_fiforeader_writers::readingGoesOnWithTheNextWriter()
{
    prepare();
    FifoReader reader;
    QStringList told;
    connect(&reader, &FifoReader::writerConnected, this, [&] {
        told.append("connected");
    });
    connect(&reader, &QIODevice::readyRead, this, [&] {
        told.append(reader.readAll());
    });
    connect(&reader, &FifoReader::writersGone, this, [&] {
        told.append("gone");
    });
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    const QStringList round{"connected", "text", "gone"};
    QStringList expected;
    for (int i = 0; i < 5; ++i) {
        write("text");
        expected += round;
        QTRY_COMPARE(told, expected);
        QVERIFY(!reader.hasWriter());
    }
    QVERIFY(!reader.isReadChannelFinished());
    reader.close();
    QVERIFY(!FifoFile::openWriter(path()));
}

void tst_fiforeader_writers::nextWriterIsNotReadBeforeTheEndOfTheLastIsTold()
{
    prepare();
    FifoReader reader;
    QByteArrayList parts;
    bool written = false;
    connect(&reader, &FifoReader::writersGone, this, [&] {
        parts.append(reader.readAll());
    });
    connect(&reader, &QIODevice::readyRead, this, [&] {
        // The next one is there before the end of the last has been told.
        if (!std::exchange(written, true))
            write("second");
    });
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    // The end is only seen if it is there when the bytes are read.
    write("first");
    QTRY_COMPARE(parts.join(), "firstsecond");
}

void tst_fiforeader_writers::writerAfterTheOtherMayBePrompt()
{
    prepare();
    FifoReader reader;
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    write("a");
    write("b"); // two that cannot be told apart
    QTRY_COMPARE(gone.count(), 1);
    QCOMPARE(reader.readAll(), "ab");
}

void tst_fiforeader_writers::nothingIsLostBetweenAThousandWriters()
{
    prepare();
    FifoReader reader;
    QByteArray received;
    int gone = 0;
    connect(&reader, &QIODevice::readyRead, this, [&] {
        received += reader.readAll();
    });
    connect(&reader, &FifoReader::writersGone, this, [&] {
        ++gone;
    });
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    const QByteArray name = QFile::encodeName(path());
    // In a process of its own, so that they come at any moment of what the reader does.
    ForkedChild child([name]() -> QByteArray {
        for (int i = 0; i < 1000; ++i) {
            const NativeHandle writer(::open(name.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
            if (!writer)
                return "not open: " + QByteArray::number(i);
            if (!FifoFile::write(writer, QByteArray::number(i) + '\n'))
                return "not written: " + QByteArray::number(i);
        }
        return QByteArray("written");
    });
    QCOMPARE(child.result(), "written");
    QByteArray expected;
    for (int i = 0; i < 1000; ++i)
        expected += QByteArray::number(i) + '\n';
    QTRY_COMPARE(received.size(), expected.size());
    QCOMPARE(received, expected);
    QTRY_VERIFY(!reader.hasWriter());
    QTRY_VERIFY(gone > 0);
    // And it is as before.
    write("more");
    QTRY_VERIFY(received.endsWith("more"));
}

void tst_fiforeader_writers::idleReaderNeedsNoProcessor_data()
{
    QTest::addColumn<int>("others"); // readers beside it: with many the event loop watches them in another way
    QTest::newRow("alone") << 0;
    QTest::newRow("one of many") << 20;
}

void tst_fiforeader_writers::idleReaderNeedsNoProcessor()
{
    prepare();
    QFETCH(int, others);
    std::vector<std::unique_ptr<FifoReader>> readers;
    for (int i = 0; i <= others; ++i) {
        const QString name = path(QString::number(i));
        QVERIFY(FifoFile::make(name));
        readers.push_back(std::make_unique<FifoReader>());
        QVERIFY(readers.back()->open(name, Policy::WaitForNextWriter));
        QSignalSpy gone(readers.back().get(), &FifoReader::writersGone);
        QVERIFY(FifoFile::write(FifoFile::openWriter(name), "x"));
        QVERIFY(gone.wait());
    }
    const auto before = processorTime();
    QTest::qWait(500);
    // One that spins uses all of it.
    QVERIFY2(processorTime() - before < std::chrono::milliseconds(250), "idle, but busy");
}

void tst_fiforeader_writers::fileMayBeRemovedMeanwhile()
{
    prepare();
    FifoReader reader;
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    const NativeHandle kept(::open(QFile::encodeName(path()).constData(), O_PATH | O_CLOEXEC));
    write("x");
    QVERIFY(QFile::remove(path()));
    QTRY_COMPARE(gone.count(), 1);
    // Whoever still finds it can write on.
    {
        const NativeHandle writer(::open(QByteArray("/proc/self/fd/" + QByteArray::number(int(kept.get()))).constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
        QVERIFY(writer);
        QVERIFY(FifoFile::write(writer, "y"));
    }
    QTRY_COMPARE(gone.count(), 2);
    QCOMPARE(reader.readAll(), "xy");
}

void tst_fiforeader_writers::withoutDescriptorsItGoesOnByATimer()
{
    prepare();
    FifoReader reader;
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    {
        NativeHandle writer = FifoFile::openWriter(path());
        QVERIFY(FifoFile::write(writer, "x"));
        QTRY_COMPARE(reader.bytesAvailable(), 1);
        FullTable full;
        writer.reset(); // whose place is taken again at once
        full.refill();
        const bool told = waitUntil([&] {
            return gone.count() == 1;
        });
        const auto used = processorTime();
        QTest::qWait(300);
        const auto idle = processorTime() - used;
        QVERIFY(told);
        QVERIFY(idle < std::chrono::milliseconds(150));
    }
    write("y");
    QTRY_COMPARE(gone.count(), 2);
    QCOMPARE(reader.readAll(), "xy");
}

void tst_fiforeader_writers::emptyEndsInQuickSuccessionAreBounded()
{
    prepare();
    FifoReader reader;
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    for (int i = 0; i < 40; ++i) {
        write({});
        QTest::qWait(1);
    }
    // Those that come while it rests are not noticed.
    QVERIFY(gone.count() >= 16);
    const int before = gone.count();
    write("still here");
    QTRY_COMPARE(reader.bytesAvailable(), 10);
    QCOMPARE(reader.readAll(), "still here");
    QTRY_VERIFY(gone.count() > before);
}

void tst_fiforeader_writers::fullReadBufferDelaysTheEnd()
{
    prepare();
    FifoReader reader;
    reader.setReadBufferSize(2);
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    write("abcd");
    QTRY_COMPARE(reader.bytesAvailable(), 2);
    runTurns();
    QCOMPARE(gone.count(), 0);
    QCOMPARE(reader.readAll(), "ab");
    QTRY_COMPARE(reader.bytesAvailable(), 2);
    QCOMPARE(reader.readAll(), "cd");
    QTRY_COMPARE(gone.count(), 1);
}

void tst_fiforeader_writers::worksWithoutAnEventLoop()
{
    prepare();
    FifoReader reader;
    QSignalSpy gone(&reader, &FifoReader::writersGone);
    QVERIFY(reader.open(path(), Policy::WaitForNextWriter));
    for (int i = 0; i < 3; ++i) {
        write("x");
        QVERIFY(reader.waitForReadyRead(1000));
        QCOMPARE(reader.readAll(), "x");
        // Nothing more comes; the end of the writer is seen, and does not keep the wait from being one.
        QElapsedTimer timer;
        timer.start();
        const auto before = processorTime();
        QVERIFY(!reader.waitForReadyRead(100));
        QVERIFY(timer.elapsed() >= 100);
        QVERIFY(processorTime() - before < std::chrono::milliseconds(80));
        QCOMPARE(gone.count(), i + 1);
    }
}

void tst_fiforeader_writers::waitsWithoutAnEventLoopForTheEnd()
{
    prepare();
    FifoReader reader;
    QVERIFY(reader.open(path()));
    QVERIFY(!reader.waitForFinished(20));
    write("x");
    QVERIFY(reader.waitForFinished(1000));
    QCOMPARE(reader.readAll(), "x");
}

QTEST_GUILESS_MAIN(tst_fiforeader_writers)
#include "tst_fiforeader_writers.moc"
