// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messageparser.h"

#include <InterprocessQt/MessageChannel.h>

#include <QtQml/qqmlengine.h>

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

bool MessageParser::isUnterminatedLineAllowed() const
{
    return m_unterminatedLineAllowed;
}

void MessageParser::setUnterminatedLineAllowed(bool allowed)
{
    m_unterminatedLineAllowed = allowed;
}

QBindable<bool> MessageParser::bindableUnterminatedLineAllowed()
{
    return &m_unterminatedLineAllowed;
}

double MessageParser::maximumMessageSize() const
{
    return m_maximumMessageSize;
}

void MessageParser::setMaximumMessageSize(double size)
{
    m_maximumMessageSize = size;
}

QBindable<double> MessageParser::bindableMaximumMessageSize()
{
    return &m_maximumMessageSize;
}

void MessageParser::configure(MessageChannel &channel) const
{
    if (framing() != Chunks)
        channel.setFraming(MessageChannel::Framing(framing()));
    channel.setByteOrder(MessageChannel::ByteOrder(byteOrder()));
    channel.setLineEnding(MessageChannel::LineEnding(lineEnding()));
    channel.setUnterminatedLineAllowed(isUnterminatedLineAllowed());
    channel.setMaximumMessageSize(qint64(maximumMessageSize()));
}

QJSEngine *engineOf(const QObject *element)
{
    if (QQmlEngine *const engine = qmlEngine(element))
        return engine;
    return qjsEngine(element);
}

MessageParser::Decoded MessageParser::decodeBy(const MessageParser *parser, const QByteArray &bytes, QObject *element)
{
    // JavaScript's ArrayBuffer shares the bytes; a null array would become an undefined value.
    return parser ? parser->decode(bytes, engineOf(element)) : Decoded{QVariant::fromValue(bytes.isNull() ? QByteArray("") : bytes)};
}

MessageParser::Encoded MessageParser::encodeBy(const MessageParser *parser, const QJSValue &message, QObject *element)
{
    Encoded encoded;
    if (parser) {
        encoded = parser->encode(message, engineOf(element));
    } else if (encoded.bytes = bytesOf(message); encoded.bytes.isNull()) {
        const QString text = textOf(message);
        if (text.isNull())
            encoded.problem = tr("without a parser messages are ArrayBuffers, views of one such as Uint8Array, or text as UTF-8");
        encoded.bytes = text.toUtf8();
    }
    if (!encoded.problem.isEmpty()) {
        const QString text = tr("send: %1").arg(encoded.problem);
        if (QJSEngine *const engine = engineOf(element))
            engine->throwError(QJSValue::TypeError, text);
        else
            qWarning("%s", qUtf8Printable(text));
    }
    return encoded;
}

QByteArray bytesOf(const QJSValue &value)
{
    if (!value.isObject())
        return {};
    // Asked first, for an object that is neither is not made a QVariant of: that goes through all it has.
    const QString byteLength = QStringLiteral("byteLength");
    const QJSValue length = value.property(byteLength);
    if (!length.isNumber())
        return {};
    QJSValue buffer = value;
    auto first = qsizetype(0);
    const auto size = qsizetype(length.toNumber());
    // A view: Uint8Array and its like, and DataView.
    if (const QJSValue offset = value.property(QStringLiteral("byteOffset")); offset.isNumber()) {
        buffer = value.property(QStringLiteral("buffer"));
        first = qsizetype(offset.toNumber());
        // Of a large buffer not all is to be copied for a small part; but a slice is garbage that JavaScript does not collect at once.
        if (buffer.property(byteLength).toNumber() / 2 > length.toNumber()) {
            buffer = buffer.property(QStringLiteral("slice")).callWithInstance(buffer, {double(first), double(first + size)});
            first = 0;
        }
    }
    QVariant copy = buffer.toVariant();
    if (copy.metaType() != QMetaType::fromType<QByteArray>())
        return {};
    QByteArray bytes = copy.toByteArray();
    copy.clear(); // or the next lines would copy it again
    bytes.truncate(first + size);
    bytes.remove(0, first);
    return bytes.isNull() ? QByteArray("") : bytes;
}

QString textOf(const QJSValue &value)
{
    if (!value.isString() && !value.isNumber() && !value.isBool())
        return {};
    const QString text = value.toString();
    return text.isNull() ? QStringLiteral("") : text;
}

} // namespace InterprocessQt
