// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "frameformat_p.h"

#include <QtCore/qendian.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace InterprocessQt
{

std::optional<FrameFlaw> flawOf(const FrameFormat &format, QByteArrayView message)
{
    qint64 limit = format.maximumSize;
    if (format.framing == MessageChannel::LengthPrefix)
        limit = std::min<qint64>(limit, std::numeric_limits<quint32>::max());
    if (message.size() > limit)
        return FrameFlaw{MessageChannel::MessageTooLargeError,
                         MessageChannel::tr("send: the message has %1 bytes, the limit is %2").arg(message.size()).arg(limit)};
    if (format.framing != MessageChannel::Lines)
        return {};
    if (const qsizetype at = message.indexOf('\n'); at >= 0)
        return FrameFlaw{MessageChannel::InvalidMessageError,
                         MessageChannel::tr("send: a message that is a line has a line feed in it, at byte %1 of %2").arg(at).arg(message.size())};
    if (format.lineEnding == MessageChannel::AnyLineEnding && message.endsWith('\r'))
        return FrameFlaw{MessageChannel::InvalidMessageError,
                         MessageChannel::tr("send: the message ends with a carriage return, which would be taken for a part of the line's end")};
    return {};
}

FrameHead frameHead(const FrameFormat &format, qint64 size)
{
    FrameHead head;
    switch (format.framing) {
    case MessageChannel::LengthPrefix: {
        head.resize(4);
        const auto length = quint32(size);
        switch (format.byteOrder) {
        case MessageChannel::BigEndian:
            qToBigEndian(length, head.data());
            break;
        case MessageChannel::LittleEndian:
            qToLittleEndian(length, head.data());
            break;
        case MessageChannel::NativeEndian:
            std::memcpy(head.data(), &length, sizeof length);
            break;
        }
        break;
    }
    case MessageChannel::ContentLength: {
        const QByteArray text = "Content-Length: " + QByteArray::number(size) + "\r\n\r\n";
        head.append(text.constData(), text.size());
        break;
    }
    case MessageChannel::Lines:
        break;
    }
    return head;
}

QByteArrayView frameTail(const FrameFormat &format)
{
    if (format.framing != MessageChannel::Lines)
        return {};
    return format.lineEnding == MessageChannel::CarriageReturnLineFeed ? QByteArrayView("\r\n") : QByteArrayView("\n");
}

quint32 readLength(const FrameFormat &format, const char *bytes)
{
    switch (format.byteOrder) {
    case MessageChannel::BigEndian:
        break;
    case MessageChannel::LittleEndian:
        return qFromLittleEndian<quint32>(bytes);
    case MessageChannel::NativeEndian:
        return qFromUnaligned<quint32>(bytes);
    }
    return qFromBigEndian<quint32>(bytes);
}

} // namespace InterprocessQt
