// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "randomsteps.h"

#include <InterprocessQt/LocalSocket>

#include <QBuffer>
#include <QDataStream>
#include <QTextStream>

using namespace InterprocessQt;

// Whatever reads from a QIODevice reads from a stream, in any mixture.
class tst_streamdevice_qiodevice : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void isASequentialDevice();
    void anEmptyStreamIsNotAtItsEnd();
    void aLimitedLineIsContinuedByTheNext();
    void aLineMayArriveInParts();
    void dataStreamTransactionsWaitForTheRest();
    void textStreamsReadAndWriteLines();
    void viewAndConsumeTakeNothingTwice();
    void whatWasPeekedAtAfterAViewIsConsumedFirst();
    void aTransactionHidesTheView();
    void readingIsRefusedWhereItWasNotAskedFor();
    void agreesWithAModelThroughRandomSteps();
};

namespace
{
struct Pair {
    Pair()
    {
        auto sockets = LocalSocket::pair();
        reader = std::move(sockets.first);
        writer = std::move(sockets.second);
    }
    // Brings the bytes to the reader, without an event loop.
    bool deliver(const QByteArray &bytes)
    {
        const qint64 expected = reader->bytesAvailable() + bytes.size();
        if (writer->write(bytes) != bytes.size())
            return false;
        writer->flush();
        while (reader->bytesAvailable() < expected) {
            if (!reader->waitForReadyRead(5000))
                return false;
            writer->flush();
        }
        return reader->bytesAvailable() == expected;
    }
    std::unique_ptr<LocalSocket> reader;
    std::unique_ptr<LocalSocket> writer;
};

// What QIODevice promises of the bytes that have arrived.
class Model
{
public:
    QByteArray pending;
    QByteArray taken; // in the transaction that is running
    bool transaction = false;
    bool text = false;

    QByteArray take(qsizetype size)
    {
        const QByteArray bytes = pending.first(qMin(size, pending.size()));
        pending.remove(0, bytes.size());
        if (transaction)
            taken += bytes;
        return bytes;
    }
    QByteArray read(qsizetype size)
    {
        if (!text)
            return take(size);
        QByteArray bytes;
        while (bytes.size() < size && !pending.isEmpty()) {
            bytes += take(size - bytes.size());
            bytes.replace("\r", "");
        }
        return bytes;
    }
    QByteArray readLine(qsizetype limit)
    {
        const qsizetype newline = pending.indexOf('\n');
        QByteArray line = take(qMin(limit, newline >= 0 ? newline + 1 : pending.size()));
        if (text && line.endsWith("\r\n"))
            line.chop(2), line += '\n';
        return line;
    }
    QByteArray peeked(qsizetype size) const
    {
        Model copy = *this;
        return copy.read(size);
    }
    void start()
    {
        transaction = true;
    }
    void commit()
    {
        transaction = false;
        taken.clear();
    }
    void rollback()
    {
        transaction = false;
        pending.prepend(taken);
        taken.clear();
    }
};
} // namespace

void tst_streamdevice_qiodevice::isASequentialDevice()
{
    Pair pair;
    QVERIFY(pair.deliver("abc"));
    QVERIFY(pair.reader->isSequential());
    QCOMPARE(pair.reader->size(), 3);
    QCOMPARE(pair.reader->pos(), 0);
    QVERIFY(!pair.reader->atEnd());
    QCOMPARE(pair.reader->readChannelCount(), 1);
    QCOMPARE(pair.reader->openMode() & QIODevice::ReadWrite, QIODevice::ReadWrite);
}

void tst_streamdevice_qiodevice::anEmptyStreamIsNotAtItsEnd()
{
    Pair pair;
    char c;
    QCOMPARE(pair.reader->read(&c, 1), 0); // there may be more
    QCOMPARE(pair.reader->skip(1), 0);
    QCOMPARE(pair.reader->peek(&c, 1), 0);
    pair.writer->close();
    QVERIFY(pair.reader->waitForDisconnected());
    QCOMPARE(pair.reader->read(&c, 1), -1);
    QCOMPARE(pair.reader->skip(1), -1);
}

void tst_streamdevice_qiodevice::aLimitedLineIsContinuedByTheNext()
{
    Pair pair;
    QVERIFY(pair.deliver("a long line\nnext"));
    QVERIFY(pair.reader->canReadLine());
    char part[8]; // one for the NUL
    QCOMPARE(pair.reader->readLine(part, sizeof part), 7);
    QCOMPARE(part, "a long ");
    QVERIFY(pair.reader->canReadLine());
    QCOMPARE(pair.reader->readLine(), "line\n");
    QVERIFY(!pair.reader->canReadLine());
    QCOMPARE(pair.reader->readLine(), "next");
}

void tst_streamdevice_qiodevice::aLineMayArriveInParts()
{
    Pair pair;
    QVERIFY(pair.deliver("in "));
    QVERIFY(!pair.reader->canReadLine());
    QCOMPARE(pair.reader->peek(2), "in");
    QVERIFY(pair.deliver("parts\r"));
    QVERIFY(!pair.reader->canReadLine());
    pair.reader->setTextModeEnabled(true);
    QCOMPARE(pair.reader->peek(1), "i");
    QVERIFY(pair.deliver("\nrest"));
    QVERIFY(pair.reader->canReadLine());
    QCOMPARE(pair.reader->readLine(), "in parts\n");
    QCOMPARE(pair.reader->bytesAvailable(), 4);
}

void tst_streamdevice_qiodevice::dataStreamTransactionsWaitForTheRest()
{
    QByteArray message;
    QDataStream out(&message, QIODevice::WriteOnly);
    const QStringList sent{"one", "zwei", QString(70'000, 'x')};
    out << quint32(42) << sent << 1.5;

    Pair pair;
    QDataStream in(pair.reader.get());
    const int part = int(message.size()) / 5;
    for (int i = 0; i < 5; ++i) {
        QVERIFY(pair.deliver(i < 4 ? message.mid(i * part, part) : message.mid(i * part)));
        quint32 number = 0;
        QStringList strings;
        double real = 0;
        in.startTransaction();
        in >> number >> strings >> real;
        QCOMPARE(in.commitTransaction(), i == 4);
        if (i < 4)
            continue;
        QCOMPARE(number, 42u);
        QCOMPARE(strings, sent);
        QCOMPARE(real, 1.5);
    }
    QVERIFY(pair.reader->atEnd());
}

void tst_streamdevice_qiodevice::textStreamsReadAndWriteLines()
{
    Pair pair;
    QTextStream out(pair.writer.get());
    out << "Grüße " << 42 << '\n' << "second\r\n";
    out.flush();
    pair.writer->flush();
    QByteArray expected("Grüße 42\nsecond\r\n");
    while (pair.reader->bytesAvailable() < expected.size())
        QVERIFY(pair.reader->waitForReadyRead());
    QTextStream in(pair.reader.get());
    QCOMPARE(in.readLine(), QString("Grüße 42"));
    QCOMPARE(in.readLine(), QString("second"));
    QVERIFY(pair.deliver("17 rest"));
    int number = 0;
    in >> number;
    QCOMPARE(number, 17);
}

void tst_streamdevice_qiodevice::viewAndConsumeTakeNothingTwice()
{
    Pair pair;
    QVERIFY(pair.reader->view().isEmpty());
    QVERIFY(pair.deliver("0123456789"));
    QCOMPARE(pair.reader->peek(4), "0123");
    QCOMPARE(pair.reader->view().toByteArray(), "0123456789");
    QCOMPARE(pair.reader->consume(3), 3);
    QCOMPARE(pair.reader->view().toByteArray(), "3456789");
    pair.reader->ungetChar('!');
    QCOMPARE(pair.reader->view().toByteArray(), "!3456789");
    QCOMPARE(pair.reader->read(2), "!3");
    QCOMPARE(pair.reader->consume(0), 0);
    QCOMPARE(pair.reader->consume(-5), 0);
    QCOMPARE(pair.reader->consume(100), 6);
    QVERIFY(pair.reader->view().isEmpty());
    QCOMPARE(pair.reader->bytesAvailable(), 0);
}

void tst_streamdevice_qiodevice::whatWasPeekedAtAfterAViewIsConsumedFirst()
{
    Pair pair;
    QVERIFY(pair.deliver("header:body"));
    QCOMPARE(pair.reader->view().toByteArray(), "header:body");
    QCOMPARE(pair.reader->peek(3), "hea"); // takes nothing, whatever it does inside
    QCOMPARE(pair.reader->consume(7), 7);
    QCOMPARE(pair.reader->readAll(), "body");
}

void tst_streamdevice_qiodevice::aTransactionHidesTheView()
{
    Pair pair;
    QVERIFY(pair.deliver("0123456789"));
    pair.reader->startTransaction();
    QCOMPARE(pair.reader->read(3), "012");
    QVERIFY(pair.reader->view().isEmpty());
    QCOMPARE(pair.reader->consume(2), 0); // nothing was to be seen
    QCOMPARE(pair.reader->read(1), "3");
    pair.reader->rollbackTransaction();
    QCOMPARE(pair.reader->view().toByteArray(), "0123456789");
}

void tst_streamdevice_qiodevice::readingIsRefusedWhereItWasNotAskedFor()
{
    Pair source;
    LocalSocket writeOnly;
    NativeHandle original(source.reader->socketDescriptor());
    NativeHandle copy = original.duplicate();
    (void)original.release(); // was only borrowed
    QVERIFY(writeOnly.setSocketDescriptor(copy.release(), LocalSocket::ConnectedState, QIODevice::WriteOnly));
    QTest::ignoreMessage(QtWarningMsg, "QIODevice::read (InterprocessQt::LocalSocket): WriteOnly device");
    QCOMPARE(writeOnly.read(1), "");
    QVERIFY(writeOnly.view().isEmpty());
    QCOMPARE(writeOnly.write("x"), 1);
    writeOnly.flush();
    QVERIFY(source.writer->waitForReadyRead());
    QCOMPARE(source.writer->readAll(), "x");
}

void tst_streamdevice_qiodevice::agreesWithAModelThroughRandomSteps()
{
    RandomSteps random;
    Pair pair;
    LocalSocket &device = *pair.reader;
    Model model;
    // In text mode QIODevice sometimes removes a carriage return that stands alone in a line, and sometimes it does not.
    const auto comparable = [&](QByteArray line) {
        return model.text ? line.replace('\r', "") : line;
    };

    for (int step = 0; step < 10'000; ++step) {
        const int what = random.below(20);
        const int size = random.size(150'000);
        switch (what) {
        case 0:
        case 1:
        case 2:
        case 3: {
            if (model.pending.size() > 500'000)
                break;
            const QByteArray bytes = random.text(random.size(100'000));
            QVERIFY(pair.deliver(bytes));
            model.pending += bytes;
            break;
        }
        case 4:
        case 5:
            QCOMPARE(device.read(size), model.read(size));
            break;
        case 6:
        case 7:
            QCOMPARE(device.peek(size), model.peeked(size));
            break;
        case 8:
        case 9:
            QCOMPARE(comparable(device.readLine()), comparable(model.readLine(model.pending.size())));
            break;
        case 10: {
            if (model.text)
                break;
            QByteArray line(size + 1, Qt::Uninitialized); // takes size bytes and the NUL
            line.truncate(qsizetype(device.readLine(line.data(), line.size())));
            QCOMPARE(line, model.readLine(size));
            break;
        }
        case 11:
            if (random.chance(20))
                QCOMPARE(device.readAll(), model.read(model.pending.size()));
            break;
        case 12:
            QCOMPARE(device.skip(size), model.read(size).size());
            break;
        case 13:
            if (model.transaction)
                break;
            device.ungetChar('u');
            model.pending.prepend('u');
            break;
        case 14:
            if (model.transaction) {
                device.commitTransaction();
                model.commit();
            } else {
                device.startTransaction();
                model.start();
            }
            break;
        case 15:
            if (model.transaction) {
                device.rollbackTransaction();
                model.rollback();
            }
            break;
        case 16:
            model.text = random.chance(50);
            device.setTextModeEnabled(model.text);
            break;
        case 17:
            if (!model.transaction)
                QVERIFY(device.view() == model.pending);
            break;
        case 18:
            if (!model.transaction)
                QCOMPARE(device.consume(size), model.take(size).size());
            break;
        default: {
            if (model.transaction || model.text || model.pending.size() < 4)
                break;
            // The same from the device as from a buffer with the same content; most of the time there is too little.
            QBuffer buffer(&model.pending);
            QVERIFY(buffer.open(QIODevice::ReadOnly));
            QDataStream expected(&buffer);
            QDataStream found(&device);
            quint16 expectedNumber = 0;
            quint16 foundNumber = 0;
            QByteArray expectedBytes(random.size(70'000), '\0');
            QByteArray foundBytes = expectedBytes;
            const bool complete = 2 + expectedBytes.size() <= model.pending.size();
            found.startTransaction();
            found >> foundNumber;
            const auto foundSize = found.readRawData(foundBytes.data(), int(foundBytes.size()));
            expected >> expectedNumber;
            const auto expectedSize = expected.readRawData(expectedBytes.data(), int(expectedBytes.size()));
            QCOMPARE(foundSize, expectedSize);
            QCOMPARE(foundNumber, expectedNumber);
            QVERIFY(foundBytes == expectedBytes);
            if (complete) {
                QVERIFY(found.commitTransaction());
                buffer.close();
                model.pending.remove(0, 2 + expectedBytes.size());
            } else {
                found.rollbackTransaction();
            }
        }
        }
        QVERIFY2(device.bytesAvailable() == model.pending.size(),
                 qPrintable(QString("step %1, kind %2: %3 available, %4 expected").arg(step).arg(what).arg(device.bytesAvailable()).arg(model.pending.size())));
        QCOMPARE(device.canReadLine(), model.pending.contains('\n'));
        QCOMPARE(device.atEnd(), model.pending.isEmpty());
    }
    if (model.transaction) {
        device.rollbackTransaction();
        model.rollback();
    }
    device.setTextModeEnabled(false);
    QCOMPARE(device.readAll(), model.pending);
}

QTEST_GUILESS_MAIN(tst_streamdevice_qiodevice)
#include "tst_streamdevice_qiodevice.moc"
