// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messageparser.h"

#include "elementnumbers.h"

#include <InterprocessQt/MessageChannel.h>

#include <QtCore/qstringconverter.h>
#include <QtQml/qqmlengine.h>
#include <QtQml/qqmlinfo.h>

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

namespace
{
// JavaScript may assign any number to an enumeration (Qt 6.4).
template<typename Enumeration>
bool isKnown(const MessageParser *parser, const char *property, Enumeration value, Enumeration last)
{
    if (int(value) >= 0 && value <= last)
        return true;
    qmlWarning(parser) << MessageParser::tr("%1 is no value of the property %2").arg(int(value)).arg(QLatin1String(property));
    return false;
}
} // namespace

void MessageParser::configure(MessageChannel &channel) const
{
    if (isKnown(this, "framing", framing(), Chunks) && framing() != Chunks)
        channel.setFraming(MessageChannel::Framing(framing()));
    if (isKnown(this, "byteOrder", byteOrder(), NativeEndian))
        channel.setByteOrder(MessageChannel::ByteOrder(byteOrder()));
    if (isKnown(this, "lineEnding", lineEnding(), CarriageReturnLineFeed))
        channel.setLineEnding(MessageChannel::LineEnding(lineEnding()));
    channel.setUnterminatedLineAllowed(isUnterminatedLineAllowed());
    channel.setMaximumMessageSize(sizeOfNumber(maximumMessageSize()));
}

qsizetype MessageParser::unfinished(const QByteArray &chunk) const
{
    Q_UNUSED(chunk)
    return 0;
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
    const Encoded encoded = parser ? parser->encode(message, engineOf(element))
                                   : bytesOf(message, tr("without a parser messages are ArrayBuffers, views of one such as Uint8Array, or text as UTF-8"));
    if (!encoded.problem.isEmpty()) {
        const QString text = tr("send: %1").arg(encoded.problem);
        if (QJSEngine *const engine = engineOf(element))
            engine->throwError(QJSValue::TypeError, text);
        else
            qWarning("%s", qUtf8Printable(text));
    }
    return encoded;
}

namespace
{
// Null for what is neither an ArrayBuffer nor a view of one.
QByteArray bytesOfBuffer(const QJSValue &value)
{
    if (!value.isObject())
        return {};
    // Asked first, for an object that is neither is not made a QVariant of: that goes through all it has.
    const QString byteLength = QStringLiteral("byteLength");
    const QJSValue length = value.property(byteLength);
    if (!length.isNumber())
        return {};
    QJSValue buffer = value;
    qint64 first = 0;
    const qint64 size = sizeOfNumber(length.toNumber());
    // A view: Uint8Array and its like, and DataView.
    if (const QJSValue offset = value.property(QStringLiteral("byteOffset")); offset.isNumber()) {
        buffer = value.property(QStringLiteral("buffer"));
        first = sizeOfNumber(offset.toNumber());
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
    // An object may have such properties and be no view.
    if (size < 0 || first < 0 || first + size > bytes.size())
        return {};
    bytes.truncate(qsizetype(first + size));
    bytes.remove(0, qsizetype(first));
    return bytes.isNull() ? QByteArray("") : bytes;
}
} // namespace

MessageParser::Encoded bytesOf(const QJSValue &value, const QString &otherwise)
{
    if (const QByteArray bytes = bytesOfBuffer(value); !bytes.isNull())
        return {bytes};
    const QString text = textOf(value);
    if (text.isNull())
        return {{}, otherwise};
    QStringEncoder encoder(QStringConverter::Utf8, QStringConverter::Flag::Stateless);
    const QByteArray bytes = encoder.encode(text);
    if (encoder.hasError())
        return {{}, MessageParser::tr("the text has half of a character of two parts, which UTF-8 does not have")};
    return {bytes.isNull() ? QByteArray("") : bytes};
}

QString textOf(const QJSValue &value)
{
    if (!value.isString() && !value.isNumber() && !value.isBool())
        return {};
    const QString text = value.toString();
    return text.isNull() ? QStringLiteral("") : text;
}

} // namespace InterprocessQt
