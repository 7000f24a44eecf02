// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "turns.h"

#include <InterprocessQt/Pipe>

#include <functional>

using namespace InterprocessQt;

namespace
{
constexpr int Moment = 10; // of a wait in vain

// A function of an end, which is called in each state.
template<typename End>
struct Function {
    const char *name;
    std::function<bool(End &)> call;
    QStringList isTrueIn; // these states, and in no other
};

// For calls that wait, as other programs make them, or not.
Pipe::Handles makePipe(bool blocking)
{
    Pipe::Options options;
    options.blockingReader = options.blockingWriter = blocking;
    return Pipe::createHandles(options);
}
} // namespace

// Every function of both ends in every state that these can be in, those that wait above all: none hangs, each returns what it says,
// nothing is told from inside of it, and the end can be used again.
class tst_pipe_everystate : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void reader_data();
    void reader();
    void writer_data();
    void writer();

private:
    static const QList<Function<PipeReader>> &readerFunctions();
    static const QList<Function<PipeWriter>> &writerFunctions();
    template<typename End>
    static void addRows(const QStringList &states, const QList<Function<End>> &functions)
    {
        QTest::addColumn<bool>("blocking");
        QTest::addColumn<QString>("state");
        QTest::addColumn<int>("function");
        for (const bool blocking : {false, true}) {
            for (const QString &state : states) {
                for (int i = 0; i < functions.size(); ++i) {
                    QTest::addRow("%s, %s, %s", blocking ? "for calls that wait" : "not blocking", qPrintable(state), functions[i].name)
                        << blocking << state << i;
                }
            }
        }
    }
};

// ---- The end that reads

const QList<Function<PipeReader>> &tst_pipe_everystate::readerFunctions()
{
    using Reader = PipeReader &;
    const QStringList none;
    const QStringList open{"waiting", "with data", "full", "ended", "ended, data left"};
    const QStringList connected{"waiting", "with data", "full"}; // at its end a pipe is closed
    static const QList<Function<PipeReader>> all{
        {"waitForReadyRead",
         [](Reader reader) {
             return reader.waitForReadyRead(Moment);
         },
         none},
        {"waitForReadyRead, no time",
         [](Reader reader) {
             return reader.waitForReadyRead(0);
         },
         none},
        {"waitForFinished",
         [](Reader reader) {
             return reader.waitForFinished(Moment);
         },
         {"ended", "ended, data left"}},
        {"waitForFinished, no time",
         [](Reader reader) {
             return reader.waitForFinished(0);
         },
         {"ended", "ended, data left"}},
        {"waitForBytesWritten",
         [](Reader reader) {
             return reader.waitForBytesWritten(Moment);
         },
         none},
        {"read",
         [](Reader reader) {
             return !reader.readAll().isEmpty();
         },
         {"with data", "full", "ended, data left"}},
        {"view",
         [](Reader reader) {
             return reader.consume(reader.view().size()) > 0;
         },
         {"with data", "full", "ended, data left"}},
        {"atEnd",
         [](Reader reader) {
             return !reader.atEnd();
         },
         {"with data", "full", "ended, data left"}},
        {"isReadChannelFinished",
         [](Reader reader) {
             return reader.isReadChannelFinished();
         },
         {"ended", "ended, data left"}},
        {"write",
         [](Reader reader) {
             return reader.write("x") > 0;
         },
         none},
        {"flush",
         [](Reader reader) {
             return reader.flush();
         },
         none},
        {"closeWriteChannel",
         [](Reader reader) {
             return reader.closeWriteChannel();
         },
         none},
        {"handle",
         [](Reader reader) {
             return reader.handle() != NativeHandle::Invalid;
         },
         connected},
        {"isTerminal",
         [](Reader reader) {
             return reader.isTerminal();
         },
         none},
        {"isOpen",
         [](Reader reader) {
             return reader.isOpen();
         },
         open},
        {"setReadBufferSize",
         [](Reader reader) {
             reader.setReadBufferSize(7);
             return reader.readBufferSize() == 7;
         },
         {"never open", "refused", "waiting", "with data", "full", "ended", "ended, data left", "closed", "aborted", "released"}},
        {"release",
         [](Reader reader) {
             return reader.release().isValid();
         },
         connected},
        {"close",
         [](Reader reader) {
             reader.close();
             return reader.isOpen();
         },
         none},
        {"abort",
         [](Reader reader) {
             reader.abort();
             return reader.isOpen();
         },
         none},
    };
    return all;
}

void tst_pipe_everystate::reader_data()
{
    addRows({"never open", "refused", "waiting", "with data", "full", "ended", "ended, data left", "closed", "aborted", "released"}, readerFunctions());
}

void tst_pipe_everystate::reader()
{
    QFETCH(bool, blocking);
    QFETCH(QString, state);
    QFETCH(int, function);
    PipeReader reader;
    PipeWriter writer;
    if (state == "refused") {
        Pipe::Handles wrong = makePipe(blocking);
        QVERIFY(!reader.open(std::move(wrong.writer)));
    } else if (state != "never open") {
        Pipe::Handles pipe = makePipe(blocking);
        if (state == "full")
            reader.setReadBufferSize(10);
        QVERIFY(reader.open(std::move(pipe.reader)));
        QVERIFY(writer.open(std::move(pipe.writer)));
        if (state == "with data" || state == "ended, data left") {
            writer.write("data");
            QTRY_COMPARE(reader.bytesAvailable(), 4);
        } else if (state == "full") {
            writer.write(QByteArray(1000, 'x'));
            QTRY_COMPARE(reader.bytesAvailable(), 10);
        }
        if (state.startsWith("ended")) {
            writer.close();
            QTRY_VERIFY(reader.isReadChannelFinished());
        } else if (state == "closed") {
            reader.close();
        } else if (state == "aborted") {
            reader.abort();
        } else if (state == "released") {
            QVERIFY(reader.release());
        }
    }
    runTurns();

    const Function<PipeReader> &tested = readerFunctions().at(function);
    QSignalSpy failed(&reader, &StreamDevice::errorOccurred);
    const bool result = tested.call(reader);
    QCOMPARE(result, tested.isTrueIn.contains(state));
    runTurns();
    QCOMPARE(failed.count(), 0); // none of this is an error of the stream
    writer.abort();

    Pipe::Handles next = makePipe(blocking);
    reader.setReadBufferSize(0);
    QVERIFY2(reader.open(std::move(next.reader)), qPrintable(reader.errorString()));
    QVERIFY(writer.open(std::move(next.writer)));
    writer.write("next");
    writer.close();
    QVERIFY(writer.waitForClosed());
    QVERIFY(reader.waitForFinished());
    QCOMPARE(reader.readAll(), "next");
}

// ---- The end that writes

const QList<Function<PipeWriter>> &tst_pipe_everystate::writerFunctions()
{
    using Writer = PipeWriter &;
    const QStringList none;
    const QStringList usable{"idle", "blocked"};
    static const QList<Function<PipeWriter>> all{
        {"waitForBytesWritten",
         [](Writer writer) {
             return writer.waitForBytesWritten(Moment);
         },
         none},
        {"waitForBytesWritten, no time",
         [](Writer writer) {
             return writer.waitForBytesWritten(0);
         },
         none},
        {"waitForClosed",
         [](Writer writer) {
             return writer.waitForClosed(Moment);
         },
         {"closed"}},
        {"waitForClosed, no time",
         [](Writer writer) {
             return writer.waitForClosed(0);
         },
         {"closed"}},
        {"waitForReadyRead",
         [](Writer writer) {
             return writer.waitForReadyRead(Moment);
         },
         none},
        {"write",
         [](Writer writer) {
             return writer.write("x") == 1;
         },
         usable},
        {"read",
         [](Writer writer) {
             return !writer.readAll().isEmpty();
         },
         none},
        {"flush",
         [](Writer writer) {
             return writer.flush();
         },
         none},
        {"isCongested",
         [](Writer writer) {
             return writer.isCongested();
         },
         {"blocked", "closing"}},
        {"isWriteChannelOpen",
         [](Writer writer) {
             return writer.isWriteChannelOpen();
         },
         usable},
        {"handle",
         [](Writer writer) {
             return writer.handle() != NativeHandle::Invalid;
         },
         {"idle", "blocked", "closing"}},
        {"isTerminal",
         [](Writer writer) {
             return writer.isTerminal();
         },
         none},
        {"isOpen",
         [](Writer writer) {
             return writer.isOpen();
         },
         {"idle", "blocked", "failed"}},
        {"release",
         [](Writer writer) {
             return writer.release().isValid();
         },
         {"idle"}},
        {"closeWriteChannel",
         [](Writer writer) {
             return writer.closeWriteChannel();
         },
         usable},
        {"close",
         [](Writer writer) {
             writer.close();
             return writer.isOpen();
         },
         none},
        {"abort",
         [](Writer writer) {
             writer.abort();
             return writer.isOpen();
         },
         none},
    };
    return all;
}

void tst_pipe_everystate::writer_data()
{
    addRows({"never open", "refused", "idle", "blocked", "closing", "failed", "closed", "aborted", "released"}, writerFunctions());
}

void tst_pipe_everystate::writer()
{
    QFETCH(bool, blocking);
    QFETCH(QString, state);
    QFETCH(int, function);
    PipeWriter writer;
    NativeHandle reading;
    if (state == "refused") {
        Pipe::Handles wrong = makePipe(blocking);
        QVERIFY(!writer.open(std::move(wrong.reader)));
    } else if (state != "never open") {
        Pipe::Handles pipe = makePipe(blocking);
        QVERIFY(writer.open(std::move(pipe.writer)));
        reading = std::move(pipe.reader);
        if (state == "blocked" || state == "closing") {
            writer.write(QByteArray(5'000'000, 'x'));
            runTurns();
            while (writer.waitForBytesWritten(200)) { } // until the system has what it takes
            QVERIFY(writer.bytesToWrite() > 0);
        }
        if (state == "closing" || state == "closed") {
            writer.close();
            if (state == "closed")
                QVERIFY(writer.waitForClosed());
        } else if (state == "failed") {
            reading.reset();
            QSignalSpy failed(&writer, &StreamDevice::errorOccurred);
            writer.write("x");
            QTRY_COMPARE(failed.size(), 1);
        } else if (state == "aborted") {
            writer.abort();
        } else if (state == "released") {
            QVERIFY(writer.release());
        }
    }
    runTurns();

    const Function<PipeWriter> &tested = writerFunctions().at(function);
    QSignalSpy failed(&writer, &StreamDevice::errorOccurred);
    const bool result = tested.call(writer);
    QCOMPARE(result, tested.isTrueIn.contains(state));
    runTurns();
    QCOMPARE(failed.count(), 0);
    writer.abort();

    Pipe::Handles next = makePipe(blocking);
    QVERIFY2(writer.open(std::move(next.writer)), qPrintable(writer.errorString()));
    PipeReader reader;
    QVERIFY(reader.open(std::move(next.reader)));
    writer.write("next");
    writer.close();
    QVERIFY(writer.waitForClosed());
    QVERIFY(reader.waitForFinished());
    QCOMPARE(reader.readAll(), "next");
}

QTEST_GUILESS_MAIN(tst_pipe_everystate)
#include "tst_pipe_everystate.moc"
