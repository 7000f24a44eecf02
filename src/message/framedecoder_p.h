// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FRAMEDECODER_P_H
#define INTERPROCESSQT_FRAMEDECODER_P_H

#include "frameformat_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearrayview.h>

namespace InterprocessQt
{

/*
 * Makes messages of bytes, in whatever pieces those come.
 *
 * It takes no byte behind the frame at hand, allocates nothing for bytes that are announced but not there, and can give
 * back what it has taken of a frame. After a broken frame it says nothing but that it was broken: where the next one
 * would begin is not guessed.
 */
class FrameDecoder
{
public:
    enum Result {
        NeedsMore,
        Message, // hasMessage()
        Broken, // flaw()
    };

    explicit FrameDecoder(const FrameFormat &format = {})
        : m_format(format)
    {
    }

    // At most one frame; `used` is how many bytes belong to it. Not to be called while there is a message.
    [[nodiscard]] Result decode(QByteArrayView bytes, qsizetype &used);

    // Nothing more comes: makes a message of a line that has no end. Returns false if there is none.
    bool finishLine();

    [[nodiscard]] bool hasMessage() const noexcept
    {
        return m_complete;
    }
    [[nodiscard]] QByteArray takeMessage();
    [[nodiscard]] qsizetype memoryOfMessage() const noexcept
    {
        return m_body.capacity();
    }
    // How many bytes of the frame at hand have come; 0 between two frames.
    [[nodiscard]] qint64 frameSize() const noexcept
    {
        return qint64(m_head.size()) + m_body.size() + m_tail.size();
    }
    // The bytes of the frame at hand, as they came. The decoder is at a boundary then.
    [[nodiscard]] QByteArray takeFrame();

    [[nodiscard]] const FrameFormat &format() const noexcept
    {
        return m_format;
    }
    // The limit counts for the next length, or the next byte of a line; the rest only at a boundary.
    void setFormat(const FrameFormat &format) noexcept
    {
        m_format = format;
    }
    [[nodiscard]] const FrameFlaw &flaw() const noexcept
    {
        return m_flaw;
    }

private:
    Result decodeLength(QByteArrayView bytes, qsizetype &used);
    Result decodeHeaders(QByteArrayView bytes, qsizetype &used);
    Result decodeBody(QByteArrayView bytes, qsizetype &used);
    Result decodeLine(QByteArrayView bytes, qsizetype &used);
    Result headerLine(QByteArrayView line);
    Result announced(quint64 length);
    Result broken(MessageChannel::Error error, const QString &text);
    void reset();

    FrameFormat m_format;
    FrameFlaw m_flaw;
    QByteArray m_head; // as it came
    QByteArray m_body; // also a line
    QByteArrayView m_tail; // of a line that is complete, as it came
    qsizetype m_headerLine = 0; // where in the head the present line begins
    qint64 m_length = -1; // of the body, once it is known
    bool m_inBody = false;
    bool m_complete = false;
};

} // namespace InterprocessQt

#endif
