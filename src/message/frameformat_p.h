// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FRAMEFORMAT_P_H
#define INTERPROCESSQT_FRAMEFORMAT_P_H

#include <InterprocessQt/MessageChannel.h>

#include <QtCore/qbytearrayview.h>
#include <QtCore/qstring.h>
#include <QtCore/qvarlengtharray.h>

#include <optional>

namespace InterprocessQt
{

// How a message looks on a stream, and how large it may be.
struct FrameFormat {
    MessageChannel::Framing framing = MessageChannel::LengthPrefix;
    MessageChannel::ByteOrder byteOrder = MessageChannel::BigEndian;
    MessageChannel::LineEnding lineEnding = MessageChannel::LineFeed;
    qint64 maximumSize = MessageChannel::DefaultMaximumMessageSize;

    [[nodiscard]] bool dropsCarriageReturn() const noexcept
    {
        return lineEnding != MessageChannel::LineFeed;
    }
};

struct FrameFlaw {
    MessageChannel::Error error = MessageChannel::NoError;
    QString text;
};

// Why a message cannot be sent in this format.
[[nodiscard]] std::optional<FrameFlaw> flawOf(const FrameFormat &format, QByteArrayView message);

// What stands before a message of that size, and what behind.
using FrameHead = QVarLengthArray<char, 48>;
[[nodiscard]] FrameHead frameHead(const FrameFormat &format, qint64 size);
[[nodiscard]] QByteArrayView frameTail(const FrameFormat &format);

[[nodiscard]] quint32 readLength(const FrameFormat &format, const char *bytes);

} // namespace InterprocessQt

#endif
