// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "message/framedecoder_p.h"
#include "require.h"

#include <QtCore/qlist.h>

#include <algorithm>
#include <cstdint>

/*
 * Any bytes, in any format and in any pieces, give the same messages and the same error as in one piece; what is given
 * back of a frame is what was taken; what was accepted for sending is received.
 *
 * The first bytes of the input choose: the format, the limit, and the sizes of the pieces.
 */

using namespace InterprocessQt;

namespace
{
struct Outcome {
    QList<QByteArray> messages;
    MessageChannel::Error error = MessageChannel::NoError;
    QString text;
    qint64 unfinished = 0;

    bool operator==(const Outcome &other) const = default;
};

class Input
{
public:
    Input(const std::uint8_t *data, std::size_t size)
        : m_rest(reinterpret_cast<const char *>(data), qsizetype(size))
    {
    }
    int byte()
    {
        if (m_rest.isEmpty())
            return 0;
        const int value = std::uint8_t(m_rest.front());
        m_rest = m_rest.sliced(1);
        return value;
    }
    QByteArrayView take(qsizetype size)
    {
        const QByteArrayView taken = m_rest.first(std::min(size, m_rest.size()));
        m_rest = m_rest.sliced(taken.size());
        return taken;
    }
    [[nodiscard]] QByteArrayView rest() const
    {
        return m_rest;
    }

private:
    QByteArrayView m_rest;
};

FrameFormat readFormat(Input &input)
{
    FrameFormat format;
    const int choice = input.byte();
    format.framing = MessageChannel::Framing(choice % 3);
    format.byteOrder = MessageChannel::ByteOrder(choice / 3 % 3);
    format.lineEnding = MessageChannel::LineEnding(choice / 9 % 3);
    static constexpr qint64 limits[] = {0, 1, 2, 7, 64, 255, 4096, MessageChannel::DefaultMaximumMessageSize};
    format.maximumSize = limits[input.byte() % 8];
    return format;
}

// The pieces are as long as the steps say, in turn; without steps there is one piece.
Outcome decode(const FrameFormat &format, QByteArrayView bytes, QByteArrayView steps, bool givesBack)
{
    Outcome outcome;
    FrameDecoder decoder(format);
    qsizetype begin = 0; // of the frame at hand
    qsizetype at = 0;
    for (qsizetype step = 0; at < bytes.size() && outcome.error == MessageChannel::NoError; ++step) {
        const qsizetype size = steps.isEmpty() ? bytes.size() : 1 + std::uint8_t(steps[step % steps.size()]) % 32;
        const qsizetype end = std::min(bytes.size(), at + size);
        while (at < end && outcome.error == MessageChannel::NoError) {
            qsizetype used = 0;
            const FrameDecoder::Result result = decoder.decode(bytes.sliced(at, end - at), used);
            REQUIRE(used >= 0 && used <= end - at);
            at += used;
            switch (result) {
            case FrameDecoder::NeedsMore:
                REQUIRE(at == end);
                REQUIRE(!decoder.hasMessage());
                break;
            case FrameDecoder::Message:
                REQUIRE(decoder.hasMessage());
                if (givesBack) { // and takes it again
                    const QByteArray frame = decoder.takeFrame();
                    REQUIRE(frame == bytes.sliced(begin, at - begin));
                    REQUIRE(decoder.decode(frame, used) == FrameDecoder::Message && used == frame.size());
                }
                outcome.messages << decoder.takeMessage();
                REQUIRE(!outcome.messages.last().isNull());
                REQUIRE(outcome.messages.last().size() <= format.maximumSize);
                begin = at;
                break;
            case FrameDecoder::Broken:
                outcome.error = decoder.flaw().error;
                outcome.text = decoder.flaw().text;
                REQUIRE(outcome.error == MessageChannel::MessageTooLargeError || outcome.error == MessageChannel::BrokenFrameError);
                REQUIRE(!outcome.text.isEmpty());
                break;
            }
            // What is only announced costs nothing.
            REQUIRE(decoder.memoryOfMessage() <= 2 * at + 64);
        }
        if (givesBack && outcome.error == MessageChannel::NoError) {
            REQUIRE(decoder.frameSize() == at - begin);
            const QByteArray frame = decoder.takeFrame();
            REQUIRE(frame == bytes.sliced(begin, at - begin));
            qsizetype used = 0;
            if (!frame.isEmpty())
                REQUIRE(decoder.decode(frame, used) == FrameDecoder::NeedsMore && used == frame.size());
        }
    }
    outcome.unfinished = decoder.frameSize();
    return outcome;
}

// Whatever can be sent comes back.
void roundTrip(const FrameFormat &format, QByteArrayView message)
{
    if (flawOf(format, message))
        return;
    const FrameHead head = frameHead(format, message.size());
    const QByteArray frame = QByteArray(head.data(), head.size()) + message.toByteArray() + frameTail(format).toByteArray();
    const Outcome outcome = decode(format, frame, {}, false);
    REQUIRE(outcome.error == MessageChannel::NoError && outcome.unfinished == 0);
    REQUIRE(outcome.messages.size() == 1 && outcome.messages.first() == message);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    Input input(data, size);
    const FrameFormat format = readFormat(input);
    const QByteArrayView steps = input.take(input.byte() % 8);
    const QByteArrayView bytes = input.rest();

    const Outcome whole = decode(format, bytes, {}, false);
    REQUIRE(decode(format, bytes, steps, false) == whole);
    REQUIRE(decode(format, bytes, steps, true) == whole);
    REQUIRE(decode(format, bytes, QByteArrayView("\0", 1), false) == whole); // byte by byte
    roundTrip(format, bytes);
    return 0;
}
