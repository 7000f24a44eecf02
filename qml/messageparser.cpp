// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messageparser.h"

#include <InterprocessQt/MessageChannel.h>

namespace InterprocessQt
{

static_assert(int(MessageParser::LengthPrefix) == int(MessageChannel::LengthPrefix));
static_assert(int(MessageParser::Lines) == int(MessageChannel::Lines));
static_assert(int(MessageParser::ContentLength) == int(MessageChannel::ContentLength));
static_assert(int(MessageParser::NativeEndian) == int(MessageChannel::NativeEndian));
static_assert(int(MessageParser::CarriageReturnLineFeed) == int(MessageChannel::CarriageReturnLineFeed));

MessageParser::MessageParser(Framing framing, QObject *parent)
    : QObject(parent)
    , m_framing(framing)
{
}

MessageParser::Framing MessageParser::framing() const
{
    return m_framing;
}

void MessageParser::setFraming(Framing framing)
{
    m_framing = framing;
}

QBindable<MessageParser::Framing> MessageParser::bindableFraming()
{
    return &m_framing;
}

MessageParser::ByteOrder MessageParser::byteOrder() const
{
    return m_byteOrder;
}

void MessageParser::setByteOrder(ByteOrder order)
{
    m_byteOrder = order;
}

QBindable<MessageParser::ByteOrder> MessageParser::bindableByteOrder()
{
    return &m_byteOrder;
}

MessageParser::LineEnding MessageParser::lineEnding() const
{
    return m_lineEnding;
}

void MessageParser::setLineEnding(LineEnding ending)
{
    m_lineEnding = ending;
}

QBindable<MessageParser::LineEnding> MessageParser::bindableLineEnding()
{
    return &m_lineEnding;
}

qint64 MessageParser::maximumMessageSize() const
{
    return m_maximumMessageSize;
}

void MessageParser::setMaximumMessageSize(qint64 size)
{
    m_maximumMessageSize = size;
}

QBindable<qint64> MessageParser::bindableMaximumMessageSize()
{
    return &m_maximumMessageSize;
}

void MessageParser::configure(MessageChannel &channel) const
{
    if (framing() != Chunks)
        channel.setFraming(MessageChannel::Framing(framing()));
    channel.setByteOrder(MessageChannel::ByteOrder(byteOrder()));
    channel.setLineEnding(MessageChannel::LineEnding(lineEnding()));
    channel.setMaximumMessageSize(maximumMessageSize());
}

QByteArray bytesOf(const QJSValue &value)
{
    if (!value.isObject())
        return {};
    if (const QVariant whole = value.toVariant(); whole.metaType() == QMetaType::fromType<QByteArray>()) {
        const QByteArray bytes = whole.toByteArray();
        return bytes.isNull() ? QByteArray("") : bytes;
    }
    // A view: Uint8Array and its like, and DataView.
    const QJSValue length = value.property(QStringLiteral("byteLength"));
    const QJSValue offset = value.property(QStringLiteral("byteOffset"));
    if (!length.isNumber() || !offset.isNumber())
        return {};
    const QVariant buffer = value.property(QStringLiteral("buffer")).toVariant();
    if (buffer.metaType() != QMetaType::fromType<QByteArray>())
        return {};
    const QByteArray bytes = buffer.toByteArray();
    const bool whole = offset.toInt() == 0 && qsizetype(length.toNumber()) == bytes.size();
    const QByteArray piece = whole ? bytes : bytes.mid(offset.toInt(), qsizetype(length.toNumber()));
    return piece.isNull() ? QByteArray("") : piece;
}

QString textOf(const QJSValue &value)
{
    if (!value.isString() && !value.isNumber() && !value.isBool())
        return {};
    const QString text = value.toString();
    return text.isNull() ? QStringLiteral("") : text;
}

} // namespace InterprocessQt
