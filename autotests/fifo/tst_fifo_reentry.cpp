// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "../local/forkedchild.h"
#include "fifofile.h"
#include "ipctest.h"

#include <InterprocessQt/Fifo>

#include <QEventLoop>
#include <QThread>
#include <QTimer>

using namespace InterprocessQt;

// Slots may do what they like, and objects move to other threads.
class tst_fifo_reentry : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void readerMayBeDeletedInEverySlot_data();
    void readerMayBeDeletedInEverySlot();
    void writerMayBeDeletedInEverySlot_data();
    void writerMayBeDeletedInEverySlot();
    void slotsMayRunEventLoops();
    void slotsMayWait();
    void slotsMayOpenAgain();
    void readerMovesToAnotherThread();
    void waitingWriterMovesToAnotherThread();
    void forkedChildWritesNothing();

private:
    void prepare();
    Fifo m_fifo;
};

void tst_fifo_reentry::prepare()
{
    m_fifo = Fifo::create(path());
    QVERIFY(m_fifo.isValid());
}

void tst_fifo_reentry::readerMayBeDeletedInEverySlot_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::newRow("writerConnected") << QByteArray(SIGNAL(writerConnected()));
    QTest::newRow("readyRead") << QByteArray(SIGNAL(readyRead()));
    QTest::newRow("writersGone") << QByteArray(SIGNAL(writersGone()));
}

class Deleter : public QObject
{
    Q_OBJECT

public:
    explicit Deleter(QObject *toBeDeleted)
        : object(toBeDeleted)
    {
    }
    QObject *object;

public Q_SLOTS:
    void run()
    {
        delete std::exchange(object, nullptr);
    }
};

void tst_fifo_reentry::readerMayBeDeletedInEverySlot()
{
    prepare();
    QFETCH(QByteArray, signal);
    auto *const reader = new FifoReader;
    Deleter deleter(reader);
    QVERIFY(reader->open(path(), FifoReader::WriterPolicy::WaitForNextWriter));
    QVERIFY(connect(reader, signal.constData(), &deleter, SLOT(run())));
    QVERIFY(FifoFile::write(FifoFile::openWriter(path()), "x"));
    QTRY_VERIFY(!deleter.object);
}

void tst_fifo_reentry::writerMayBeDeletedInEverySlot_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::newRow("readerConnected") << QByteArray(SIGNAL(readerConnected()));
    QTest::newRow("bytesWritten") << QByteArray(SIGNAL(bytesWritten(qint64)));
    QTest::newRow("readersGone") << QByteArray(SIGNAL(readersGone()));
    QTest::newRow("errorOccurred") << QByteArray(SIGNAL(errorOccurred(InterprocessQt::StreamDevice::Error)));
    QTest::newRow("closed") << QByteArray(SIGNAL(closed()));
}

void tst_fifo_reentry::writerMayBeDeletedInEverySlot()
{
    prepare();
    QFETCH(QByteArray, signal);
    for (const bool timedOut : {false, true}) {
        if (timedOut && signal != SIGNAL(closed()) && !signal.contains("error"))
            continue;
        auto *const writer = new FifoWriter;
        Deleter deleter(writer);
        writer->setReaderTimeout(timedOut ? 20 : -1);
        QVERIFY(writer->open(path()));
        QVERIFY(connect(writer, signal.constData(), &deleter, SLOT(run())));
        writer->write("x");
        NativeHandle reader;
        if (!timedOut) {
            QTest::qWait(10); // it waits
            reader = FifoFile::openReader(path());
            QTRY_VERIFY(!deleter.object || writer->hasReader());
            QTRY_VERIFY(!deleter.object || writer->bytesToWrite() == 0);
            reader.reset();
        }
        QTRY_VERIFY(!deleter.object);
    }
}

void tst_fifo_reentry::slotsMayRunEventLoops()
{
    prepare();
    FifoReader reader;
    FifoWriter writer;
    const auto loop = [] {
        QEventLoop nested;
        QTimer::singleShot(20, &nested, &QEventLoop::quit);
        nested.exec();
    };
    QByteArrayList told;
    const auto note = [&](const char *what) {
        return [&told, loop, what] {
            told.append(what);
            loop();
        };
    };
    connect(&reader, &FifoReader::writerConnected, this, note("writer"));
    connect(&reader, &QIODevice::readyRead, this, note("ready"));
    connect(&reader, &FifoReader::writersGone, this, note("writers gone"));
    connect(&writer, &FifoWriter::readerConnected, this, note("reader"));
    connect(&writer, &FifoWriter::readersGone, this, note("readers gone"));
    QVERIFY(writer.open(path(), FifoWriter::ReaderPolicy::WaitForNextReader));
    writer.write("x");
    QVERIFY(reader.open(path(), FifoReader::WriterPolicy::WaitForNextWriter));
    QTRY_COMPARE(reader.bytesAvailable(), 1);
    QTRY_COMPARE(told, QByteArrayList({"reader", "writer", "ready"}));
    writer.close();
    QTRY_COMPARE(told.last(), "writers gone");
    QCOMPARE(reader.readAll(), "x");
    QVERIFY(writer.open(path(), FifoWriter::ReaderPolicy::WaitForNextReader));
    reader.close();
    QTRY_COMPARE(told.last(), "readers gone");
}

void tst_fifo_reentry::slotsMayWait()
{
    prepare();
    FifoReader reader;
    QByteArray received;
    connect(&reader, &FifoReader::writersGone, this, [&] {
        if (!received.isEmpty())
            return;
        received = reader.readAll();
        const NativeHandle writer = FifoFile::openWriter(path());
        QVERIFY(FifoFile::write(writer, "second"));
        QVERIFY(reader.waitForReadyRead(1000));
        received += ' ' + reader.readAll();
    });
    QVERIFY(reader.open(path(), FifoReader::WriterPolicy::WaitForNextWriter));
    QVERIFY(FifoFile::write(FifoFile::openWriter(path()), "first"));
    QTRY_COMPARE(received, "first second");
    QTRY_VERIFY(!reader.hasWriter());
}

void tst_fifo_reentry::slotsMayOpenAgain()
{
    prepare();
    FifoReader reader;
    int rounds = 0;
    connect(&reader, &QIODevice::readChannelFinished, this, [&] {
        if (++rounds < 5)
            QVERIFY(reader.open(path()));
    });
    QVERIFY(reader.open(path()));
    for (int i = 0; i < 5; ++i) {
        QVERIFY(FifoFile::write(FifoFile::openWriter(path()), "x"));
        QTRY_COMPARE(rounds, i + 1);
    }

    FifoWriter writer;
    int ends = 0;
    connect(&writer, &FifoWriter::readersGone, this, [&] {
        if (++ends < 5)
            QVERIFY(writer.open(path()));
    });
    QVERIFY(writer.open(path()));
    for (int i = 0; i < 5; ++i) {
        const NativeHandle end = FifoFile::openReader(path());
        QTRY_VERIFY(writer.hasReader());
        QCoreApplication::processEvents();
        const_cast<NativeHandle &>(end).reset();
        QTRY_COMPARE(ends, i + 1);
    }
}

void tst_fifo_reentry::readerMovesToAnotherThread()
{
    prepare();
    QThread thread;
    thread.start();
    auto *const reader = new FifoReader;
    QVERIFY(reader->open(path(), FifoReader::WriterPolicy::WaitForNextWriter));
    QAtomicInt bytes = 0;
    QAtomicInt ends = 0;
    connect(
        reader,
        &QIODevice::readyRead,
        reader,
        [&, reader] {
            bytes.fetchAndAddOrdered(int(reader->readAll().size()));
        },
        Qt::DirectConnection);
    connect(
        reader,
        &FifoReader::writersGone,
        reader,
        [&] {
            ends.ref();
        },
        Qt::DirectConnection);
    QVERIFY(FifoFile::write(FifoFile::openWriter(path()), "x"));
    QTRY_COMPARE(ends.loadAcquire(), 1);
    QVERIFY(FifoFile::write(FifoFile::openWriter(path()), "y"));
    reader->moveToThread(&thread);
    QTRY_COMPARE(ends.loadAcquire(), 2);
    QVERIFY(FifoFile::write(FifoFile::openWriter(path()), "z"));
    QTRY_COMPARE(ends.loadAcquire(), 3);
    QCOMPARE(bytes.loadAcquire(), 3);
    reader->deleteLater();
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_fifo_reentry::waitingWriterMovesToAnotherThread()
{
    prepare();
    QThread thread;
    thread.start();
    auto *const writer = new FifoWriter;
    QSignalSpy connected(writer, &FifoWriter::readerConnected);
    QVERIFY(writer->open(path(), FifoWriter::ReaderPolicy::WaitForNextReader));
    writer->write("x");
    QTest::qWait(5);
    writer->moveToThread(&thread);
    const NativeHandle reader = FifoFile::openReader(path());
    QByteArray received;
    QTRY_VERIFY((received += FifoFile::read(reader)) == "x");
    writer->deleteLater();
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_fifo_reentry::forkedChildWritesNothing()
{
    prepare();
    auto writer = std::make_unique<FifoWriter>();
    QVERIFY(writer->open(path()));
    writer->write("once");
    const NativeHandle reader = FifoFile::openReader(path());
    ForkedChild child([&] {
        writer.reset();
        m_fifo = Fifo();
        return QByteArray("done");
    });
    QCOMPARE(child.result(), "done");
    QVERIFY(FifoFile::isFifo(path()));
    QByteArray received;
    QTRY_VERIFY((received += FifoFile::read(reader)) == "once");
}

QTEST_GUILESS_MAIN(tst_fifo_reentry)
#include "tst_fifo_reentry.moc"
