// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "fifofile.h"
#include "ipctest.h"
#include "peerprocess.h"

#include <InterprocessQt/FifoReader>
#include <InterprocessQt/FifoWriter>

#include <QRandomGenerator>

using namespace InterprocessQt;

// Records of up to PIPE_BUF bytes stay whole, whoever else writes.
class tst_fifo_atomicity : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void linesOfFiftyWritersAreNeverTorn();
    void recordsAreNeverTornByANearlyFullPipe();
};

void tst_fifo_atomicity::linesOfFiftyWritersAreNeverTorn()
{
    constexpr int Writers = 50;
    constexpr int Lines = 200;
    QVERIFY(FifoFile::make(path()));
    FifoReader reader;
    // Slow enough for the pipe to be full all the time.
    reader.setReadBufferSize(64 * 1024);
    QVERIFY(reader.open(path(), FifoReader::WriterPolicy::WaitForNextWriter));

    std::vector<int> next(Writers, 0);
    QString flaw;
    int count = 0;
    connect(&reader, &QIODevice::readyRead, this, [&] {
        while (flaw.isEmpty() && reader.canReadLine()) {
            const QByteArray line = reader.readLine();
            const QByteArrayList words = line.chopped(1).split(' ');
            const int writer = words.value(0).toInt();
            const int number = words.value(1).toInt();
            bool ok = words.size() == 4 && writer >= 0 && writer < Writers && number == next[size_t(writer)]++;
            ok = ok && line.size() >= words[2].toInt() && words[3].count(char('a' + number % 26)) == words[3].size();
            if (!ok)
                flaw = QString::fromLatin1(line.left(100));
            ++count;
        }
    });

    std::vector<std::unique_ptr<PeerProcess>> writers;
    for (int i = 0; i < Writers; ++i) {
        writers.push_back(std::make_unique<PeerProcess>());
        QVERIFY(writers.back()->start("fifo_lines", {path(), QString::number(i), QString::number(Lines)}));
    }
    const bool complete = waitUntil(
        [&] {
            return count == Writers * Lines || !flaw.isEmpty();
        },
        90'000);
    QCOMPARE(flaw, QString());
    QVERIFY2(complete, qPrintable(QString::number(count)));
    for (const auto &writer : writers)
        QCOMPARE(writer->waitForExit(), 0);
    QCOMPARE(reader.bytesAvailable(), 0);
}

void tst_fifo_atomicity::recordsAreNeverTornByANearlyFullPipe()
{
    QVERIFY(FifoFile::make(path()));
    const NativeHandle reader = FifoFile::openReader(path());
    FifoWriter writer;
    QVERIFY(writer.open(path()));
    const NativeHandle other = FifoFile::openWriter(path());

    // Another writer puts a line of its own in whenever there is room: it must never land within one of ours.
    QRandomGenerator random(7);
    QByteArrayList sent;
    QByteArrayList received;
    QByteArray unfinished;
    const auto take = [&] {
        char buffer[8192];
        const ssize_t size = ::read(int(reader.get()), buffer, size_t(1 + random.bounded(8192)));
        if (size > 0)
            unfinished.append(buffer, size);
        while (unfinished.contains('\n')) {
            const qsizetype end = unfinished.indexOf('\n');
            const QByteArray line = unfinished.left(end);
            unfinished.remove(0, end + 1);
            if (line != "other")
                received.append(line);
        }
    };
    for (int i = 0; i < 3000; ++i) {
        const QByteArray line = QByteArray::number(i) + QByteArray(random.bounded(i % 10 == 0 ? 4090 : 300), 'x');
        sent.append(line);
        QCOMPARE(writer.write(line + '\n'), line.size() + 1);
        if (i % 7 == 0)
            writer.flush();
        static_cast<void>(FifoFile::write(other, "other\n"));
        if (i % 5 == 0) {
            take();
            QCoreApplication::processEvents();
        }
    }
    QVERIFY(waitUntil([&] {
        take();
        return received.size() == sent.size();
    }));
    QCOMPARE(received, sent);
}

QTEST_GUILESS_MAIN(tst_fifo_atomicity)
#include "tst_fifo_atomicity.moc"
