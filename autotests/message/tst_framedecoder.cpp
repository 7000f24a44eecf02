// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frames.h"
#include "ipctest.h"

#include "message/framedecoder_p.h"

using namespace InterprocessQt;
using Channel = MessageChannel;

// Bytes in any pieces become the same messages, or the same error.
class tst_framedecoder : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void everySplitGivesTheSame_data();
    void everySplitGivesTheSame();
    void whatItHasTakenComesBack_data();
    void whatItHasTakenComesBack();
    void aFormatReadsWhatIsMeant_data();
    void aFormatReadsWhatIsMeant();
    void brokenFramesAreErrors_data();
    void brokenFramesAreErrors();
    void theLimitIsExact_data();
    void theLimitIsExact();
    void aHeaderMayBeAsLongAsTheLimit();
    void anAnnouncedLengthCostsNothing();
    void nothingComesAfterABrokenFrame();
    void whatIsSentIsWhatIsRead_data();
    void whatIsSentIsWhatIsRead();
    void whatCannotBeReadIsNotSent_data();
    void whatCannotBeReadIsNotSent();
};

namespace
{
struct Outcome {
    QList<QByteArray> messages;
    Channel::Error error = Channel::NoError;
    QString text;
    bool inFrame = false;

    bool operator==(const Outcome &other) const = default;
};

Outcome decodePieces(const FrameFormat &format, const QList<QByteArray> &pieces)
{
    FrameDecoder decoder(format);
    Outcome outcome;
    for (const QByteArray &piece : pieces) {
        qsizetype at = 0;
        while (at < piece.size() && outcome.error == Channel::NoError) {
            qsizetype used = 0;
            const FrameDecoder::Result result = decoder.decode(QByteArrayView(piece).sliced(at), used);
            at += used;
            if (result == FrameDecoder::Message)
                outcome.messages << decoder.takeMessage();
            else if (result == FrameDecoder::Broken)
                outcome.error = decoder.flaw().error, outcome.text = decoder.flaw().text;
            else if (at < piece.size())
                qFatal("It wants more, and has not taken what there is");
        }
    }
    outcome.inFrame = decoder.frameSize() > 0;
    return outcome;
}

QList<QByteArray> singleBytes(const QByteArray &bytes)
{
    QList<QByteArray> pieces;
    for (const char c : bytes)
        pieces << QByteArray(1, c);
    return pieces;
}

FrameFormat formatOf(Channel::Framing framing, Channel::LineEnding ending = Channel::LineFeed, qint64 maximum = Channel::DefaultMaximumMessageSize)
{
    return {framing, Channel::BigEndian, ending, maximum};
}
} // namespace

void tst_framedecoder::everySplitGivesTheSame_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<Channel::LineEnding>("ending");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("messages");

    const QList<QByteArray> messages{"first", "", "a longer one, with\r a return", "", "x"};
    const QByteArray header = "X-First: 1\r\ncontent-LENGTH:  3 \r\nX-Last:\r\n\r\nabc";
    QTest::newRow("length prefix") << Channel::LengthPrefix << Channel::LineFeed << Frames::frames(Channel::LengthPrefix, messages) << 5;
    QTest::newRow("lines") << Channel::Lines << Channel::LineFeed << Frames::frames(Channel::Lines, messages) << 5;
    QTest::newRow("any line ending") << Channel::Lines << Channel::AnyLineEnding << QByteArray("one\r\ntwo\n\r\n\nthr\ree\r\r\n") << 5;
    QTest::newRow("content length") << Channel::ContentLength << Channel::LineFeed << Frames::frames(Channel::ContentLength, messages) + header << 6;
    QTest::newRow("unfinished") << Channel::LengthPrefix << Channel::LineFeed << Frames::frames(Channel::LengthPrefix, messages).chopped(1) << 4;
    QTest::newRow("broken at last") << Channel::LengthPrefix << Channel::LineFeed << Frames::prefixed("good") + QByteArray(8, '\xff') << 1;
    QTest::newRow("broken header") << Channel::ContentLength << Channel::LineFeed << Frames::frame(Channel::ContentLength, "good") + "Hello, world\r\n\r\n"
                                   << 1;
}

void tst_framedecoder::everySplitGivesTheSame()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::LineEnding, ending);
    QFETCH(QByteArray, bytes);
    const FrameFormat format = formatOf(framing, ending);
    const Outcome whole = decodePieces(format, {bytes});
    QTEST(int(whole.messages.size()), "messages");

    QVERIFY(decodePieces(format, singleBytes(bytes)) == whole);
    for (qsizetype first = 0; first <= bytes.size(); ++first) {
        for (qsizetype second = first; second <= bytes.size(); ++second) {
            const Outcome outcome = decodePieces(format, {bytes.first(first), bytes.sliced(first, second - first), bytes.sliced(second)});
            QVERIFY2(outcome == whole, qPrintable(QString("split at %1 and %2").arg(first).arg(second)));
        }
    }
}

void tst_framedecoder::whatItHasTakenComesBack_data()
{
    everySplitGivesTheSame_data();
}

void tst_framedecoder::whatItHasTakenComesBack()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::LineEnding, ending);
    QFETCH(QByteArray, bytes);
    const FrameFormat format = formatOf(framing, ending);
    for (qsizetype end = 0; end <= bytes.size(); ++end) {
        FrameDecoder decoder(format);
        qsizetype at = 0;
        qsizetype begin = 0; // of the present frame
        while (at < end) {
            qsizetype used = 0;
            const auto result = decoder.decode(QByteArrayView(bytes).first(end).sliced(at), used);
            if (result == FrameDecoder::Broken)
                return;
            at += used;
            if (result == FrameDecoder::Message) {
                if (at == end)
                    break; // this one is to come back whole
                (void)decoder.takeMessage();
                begin = at;
            }
        }
        QCOMPARE(decoder.frameSize(), end - begin);
        QCOMPARE(decoder.takeFrame(), bytes.sliced(begin, end - begin));
        QCOMPARE(decoder.frameSize(), 0);
        // And is read anew.
        QCOMPARE(decodePieces(format, {bytes.sliced(begin)}).messages,
                 decodePieces(format, {bytes}).messages.sliced(decodePieces(format, {bytes.first(begin)}).messages.size()));
    }
}

void tst_framedecoder::aFormatReadsWhatIsMeant_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<Channel::ByteOrder>("order");
    QTest::addColumn<Channel::LineEnding>("ending");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<QByteArray>>("messages");

    const auto prefix = Channel::LengthPrefix;
    QTest::newRow("big endian") << prefix << Channel::BigEndian << Channel::LineFeed << QByteArray("\0\0\0\2hi", 6) << QList<QByteArray>{"hi"};
    QTest::newRow("little endian") << prefix << Channel::LittleEndian << Channel::LineFeed << QByteArray("\2\0\0\0hi", 6) << QList<QByteArray>{"hi"};
    const quint32 two = 2;
    const QByteArray native = QByteArray(reinterpret_cast<const char *>(&two), 4) + "hi";
    QTest::newRow("native") << prefix << Channel::NativeEndian << Channel::LineFeed << native << QList<QByteArray>{"hi"};

    const QByteArray lines = "a\nb\r\n\n\r\nc\r\r\n";
    const auto line = Channel::Lines;
    QTest::newRow("line feeds") << line << Channel::BigEndian << Channel::LineFeed << lines << QList<QByteArray>{"a", "b\r", "", "\r", "c\r\r"};
    QTest::newRow("any line ending") << line << Channel::BigEndian << Channel::AnyLineEnding << lines << QList<QByteArray>{"a", "b", "", "", "c\r"};
    QTest::newRow("CR LF") << line << Channel::BigEndian << Channel::CarriageReturnLineFeed << lines << QList<QByteArray>{"a", "b", "", "", "c\r"};

    const QByteArray header = "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 002\r\n\r\nhi";
    QTest::newRow("header") << Channel::ContentLength << Channel::BigEndian << Channel::LineFeed << header << QList<QByteArray>{"hi"};
    QTest::newRow("tab") << Channel::ContentLength << Channel::BigEndian << Channel::LineFeed << QByteArray("Content-Length:\t2\t\r\n\r\nhi")
                         << QList<QByteArray>{"hi"};
}

void tst_framedecoder::aFormatReadsWhatIsMeant()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::ByteOrder, order);
    QFETCH(Channel::LineEnding, ending);
    QFETCH(QByteArray, bytes);
    const Outcome outcome = decodePieces({framing, order, ending}, {bytes});
    QTEST(outcome.messages, "messages");
    QCOMPARE(outcome.error, Channel::NoError);
    QVERIFY(!outcome.inFrame);
    for (const QByteArray &message : outcome.messages)
        QVERIFY(!message.isNull());
}

void tst_framedecoder::brokenFramesAreErrors_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Channel::Error>("error");
    QTest::addColumn<QString>("says");

    const auto content = Channel::ContentLength;
    const auto broken = Channel::BrokenFrameError;
    const auto large = Channel::MessageTooLargeError;
    QTest::newRow("hostile prefix") << Channel::LengthPrefix << QByteArray(4, '\xff') << large << "4294967295 bytes is announced, the limit is 1000";
    QTest::newRow("just over") << Channel::LengthPrefix << QByteArray("\0\0\x03\xe9", 4) << large << "1001 bytes is announced, the limit is 1000";
    QTest::newRow("endless line") << Channel::Lines << QByteArray(5000, 'x') << large << "more than 1000 bytes";
    QTest::newRow("no length") << content << QByteArray("Content-Type: x\r\n\r\n") << broken << "without Content-Length";
    QTest::newRow("nothing at all") << content << QByteArray("\r\n") << broken << "without Content-Length";
    QTest::newRow("garbage") << content << QByteArray("Starting the server...\r\n") << broken << "Starting the server...";
    QTest::newRow("garbage with a colon") << content << QByteArray("Now listening: yes\r\n") << broken << "Now listening: yes";
    QTest::newRow("binary") << content << QByteArray("\0\0\0\2\n", 5) << broken << "CR LF: .....";
    QTest::newRow("no name") << content << QByteArray(": 5\r\n") << broken << "no header line: : 5";
    QTest::newRow("no CR") << content << QByteArray("Content-Length: 5\n") << broken << "CR LF";
    QTest::newRow("negative") << content << QByteArray("Content-Length: -1\r\n") << broken << "\"-1\"";
    QTest::newRow("positive") << content << QByteArray("Content-Length: +1\r\n") << broken << "\"+1\"";
    QTest::newRow("empty number") << content << QByteArray("Content-Length: \r\n") << broken << "\"\"";
    QTest::newRow("hexadecimal") << content << QByteArray("Content-Length: 0x10\r\n") << broken << "\"0x10\"";
    QTest::newRow("two numbers") << content << QByteArray("Content-Length: 1 2\r\n") << broken << "\"1 2\"";
    QTest::newRow("a fraction") << content << QByteArray("Content-Length: 1.5\r\n") << broken << "\"1.5\"";
    QTest::newRow("twice") << content << QByteArray("Content-Length: 1\r\nContent-Length: 1\r\n") << broken << "more than one";
    QTest::newRow("over 64 bits") << content << QByteArray("Content-Length: 18446744073709551617\r\n") << large
                                  << "18446744073709551617 bytes is announced, the limit is 1000";
    QTest::newRow("over 63 bits") << content << QByteArray("Content-Length: 9223372036854775809\r\n") << large
                                  << "9223372036854775809 bytes is announced, the limit is 1000";
    QTest::newRow("a hundred digits") << content << QByteArray("Content-Length: " + QByteArray(100, '9') + "\r\n") << large << "9999... bytes";
    QTest::newRow("long header") << content << QByteArray(9000, 'x') << broken << "8192";
    QByteArray many;
    for (int i = 0; i < 1000; ++i)
        many += "X: yyyyyyyyyyy\r\n";
    QTest::newRow("many headers") << content << many << broken << "8192";
}

void tst_framedecoder::brokenFramesAreErrors()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(QByteArray, bytes);
    QFETCH(Channel::Error, error);
    QFETCH(QString, says);
    const FrameFormat format = formatOf(framing, Channel::LineFeed, 1000);
    const Outcome outcome = decodePieces(format, {bytes});
    QCOMPARE(outcome.error, error);
    QVERIFY2(outcome.text.contains(says), qPrintable(outcome.text));
    QVERIFY(outcome.messages.isEmpty());
    QVERIFY(decodePieces(format, singleBytes(bytes)) == outcome);
}

void tst_framedecoder::theLimitIsExact_data()
{
    Frames::addFramings();
}

void tst_framedecoder::theLimitIsExact()
{
    QFETCH(Channel::Framing, framing);
    for (const qint64 limit : {0, 1, 2, 10, 300}) {
        for (const auto ending : {Channel::LineFeed, Channel::AnyLineEnding}) {
            const FrameFormat format = formatOf(framing, ending, limit);
            QByteArray fits = Frames::frame(framing, QByteArray(limit, 'x'));
            QByteArray over = Frames::frame(framing, QByteArray(limit + 1, 'x'));
            if (framing == Channel::Lines && ending == Channel::AnyLineEnding) { // what is dropped does not count
                fits.insert(fits.size() - 1, '\r');
                over.insert(over.size() - 1, '\r');
            }
            for (const bool split : {false, true}) {
                QCOMPARE(decodePieces(format, split ? singleBytes(fits) : QList{fits}).messages, QList{QByteArray(limit, 'x')});
                const Outcome outcome = decodePieces(format, split ? singleBytes(over) : QList{over});
                QCOMPARE(outcome.error, Channel::MessageTooLargeError);
                QVERIFY(outcome.messages.isEmpty());
            }
        }
    }
}

void tst_framedecoder::aHeaderMayBeAsLongAsTheLimit()
{
    const QByteArray rest = "Content-Length: 2\r\n\r\n";
    const auto header = [&](qsizetype size) -> QByteArray {
        return "X: " + QByteArray(size - rest.size() - 5, 'x') + "\r\n" + rest;
    };
    QCOMPARE(header(Channel::MaximumHeaderSize).size(), Channel::MaximumHeaderSize);
    for (const bool split : {false, true}) {
        const QByteArray fits = header(Channel::MaximumHeaderSize) + "hi";
        QCOMPARE(decodePieces(formatOf(Channel::ContentLength), split ? singleBytes(fits) : QList{fits}).messages, QList<QByteArray>{"hi"});
        const QByteArray over = header(Channel::MaximumHeaderSize + 1) + "hi";
        QCOMPARE(decodePieces(formatOf(Channel::ContentLength), split ? singleBytes(over) : QList{over}).error, Channel::BrokenFrameError);
    }
}

void tst_framedecoder::anAnnouncedLengthCostsNothing()
{
    constexpr int size = 8'000'000;
    for (const auto framing : {Channel::LengthPrefix, Channel::ContentLength}) {
        FrameDecoder decoder(formatOf(framing));
        QByteArray frame = Frames::frame(framing, QByteArray(size, 'x'));
        const qsizetype head = frame.size() - size;
        frame = frame.first(head + 100);
        qsizetype used = 0;
        QVERIFY(decoder.decode(frame, used) == FrameDecoder::NeedsMore);
        QVERIFY(decoder.memoryOfMessage() <= 1000);
        // While it comes there is never much more than what has come.
        const QByteArray chunk(64 * 1024, 'x');
        for (int sent = 100; sent < size; sent += int(chunk.size())) {
            const bool last = size - sent <= chunk.size();
            QVERIFY(decoder.decode(chunk, used) == (last ? FrameDecoder::Message : FrameDecoder::NeedsMore));
            if (!last)
                QVERIFY(decoder.memoryOfMessage() <= 2 * (sent + chunk.size()));
        }
        QVERIFY(decoder.memoryOfMessage() <= size + 1000);
        QCOMPARE(decoder.takeMessage().size(), size);
    }
}

void tst_framedecoder::nothingComesAfterABrokenFrame()
{
    FrameDecoder decoder(formatOf(Channel::LengthPrefix));
    qsizetype used = 0;
    QVERIFY(decoder.decode(QByteArray(4, '\xff'), used) == FrameDecoder::Broken);
    QCOMPARE(used, 4);
    QVERIFY(decoder.decode(Frames::prefixed("good"), used) == FrameDecoder::Broken);
    QCOMPARE(used, 0);
}

void tst_framedecoder::whatIsSentIsWhatIsRead_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<Channel::ByteOrder>("order");
    QTest::addColumn<Channel::LineEnding>("ending");
    QTest::addColumn<QByteArray>("wire");
    const QByteArray message = "m\r";
    QTest::newRow("big") << Channel::LengthPrefix << Channel::BigEndian << Channel::LineFeed << QByteArray("\0\0\0\2m\r", 6);
    QTest::newRow("little") << Channel::LengthPrefix << Channel::LittleEndian << Channel::LineFeed << QByteArray("\2\0\0\0m\r", 6);
    QTest::newRow("native") << Channel::LengthPrefix << Channel::NativeEndian << Channel::LineFeed << QByteArray();
    QTest::newRow("line feed") << Channel::Lines << Channel::BigEndian << Channel::LineFeed << QByteArray("m\r\n");
    QTest::newRow("CR LF") << Channel::Lines << Channel::BigEndian << Channel::CarriageReturnLineFeed << QByteArray("m\r\r\n");
    QTest::newRow("header") << Channel::ContentLength << Channel::BigEndian << Channel::LineFeed << QByteArray("Content-Length: 2\r\n\r\nm\r");
}

void tst_framedecoder::whatIsSentIsWhatIsRead()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::ByteOrder, order);
    QFETCH(Channel::LineEnding, ending);
    QFETCH(QByteArray, wire);
    const FrameFormat format{framing, order, ending};
    const QByteArray message = "m\r";
    QVERIFY(!flawOf(format, message));
    const FrameHead head = frameHead(format, message.size());
    const QByteArray frame = QByteArray(head.data(), head.size()) + message + frameTail(format).toByteArray();
    if (!wire.isNull())
        QCOMPARE(frame, wire);
    QCOMPARE(decodePieces(format, {frame}).messages, QList{message});
}

void tst_framedecoder::whatCannotBeReadIsNotSent_data()
{
    QTest::addColumn<Channel::Framing>("framing");
    QTest::addColumn<Channel::LineEnding>("ending");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<Channel::Error>("error");
    QTest::newRow("line feed") << Channel::Lines << Channel::LineFeed << QByteArray("a\nb") << Channel::InvalidMessageError;
    QTest::newRow("at its end") << Channel::Lines << Channel::LineFeed << QByteArray("a\n") << Channel::InvalidMessageError;
    QTest::newRow("return at its end") << Channel::Lines << Channel::AnyLineEnding << QByteArray("a\r") << Channel::InvalidMessageError;
    QTest::newRow("return elsewhere") << Channel::Lines << Channel::AnyLineEnding << QByteArray("a\rb") << Channel::NoError;
    QTest::newRow("as large as can be") << Channel::LengthPrefix << Channel::LineFeed << QByteArray(10, 'x') << Channel::NoError;
    QTest::newRow("too large") << Channel::LengthPrefix << Channel::LineFeed << QByteArray(11, 'x') << Channel::MessageTooLargeError;
    QTest::newRow("line too large") << Channel::Lines << Channel::LineFeed << QByteArray(11, 'x') << Channel::MessageTooLargeError;
    QTest::newRow("line feed elsewhere") << Channel::ContentLength << Channel::LineFeed << QByteArray("a\nb") << Channel::NoError;
}

void tst_framedecoder::whatCannotBeReadIsNotSent()
{
    QFETCH(Channel::Framing, framing);
    QFETCH(Channel::LineEnding, ending);
    QFETCH(QByteArray, message);
    const auto flaw = flawOf(formatOf(framing, ending, 10), message);
    QTEST(flaw ? flaw->error : Channel::NoError, "error");
    if (flaw && flaw->error == Channel::MessageTooLargeError)
        QVERIFY2(flaw->text.contains("11 bytes, the limit is 10"), qPrintable(flaw->text));
}

QTEST_GUILESS_MAIN(tst_framedecoder)
#include "tst_framedecoder.moc"
