// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "textparser.h"

#include <QtCore/qstringconverter.h>

namespace InterprocessQt
{

TextParser::TextParser(QObject *parent)
    : MessageParser(Lines, parent)
{
    // What people and editors write often has none, and it is still a line.
    setUnterminatedLineAllowed(true);
}

QString TextParser::encoding() const
{
    return m_encoding;
}

void TextParser::setEncoding(const QString &name)
{
    m_encoding = name;
}

QBindable<QString> TextParser::bindableEncoding()
{
    return &m_encoding;
}

namespace
{
// What is wrong with an encoding, or nothing.
QString problemOf(const QString &name, MessageParser::Framing framing)
{
    const auto encoding = QStringConverter::encodingForName(name.toLatin1().constData());
    if (!encoding)
        return TextParser::tr("there is no encoding \"%1\": UTF-8, ISO-8859-1, UTF-16 and UTF-32 are known").arg(name);
    switch (*encoding) {
    case QStringConverter::Utf8:
    case QStringConverter::Latin1:
    case QStringConverter::System:
        return {};
    default:
        break;
    }
    // A line feed is one byte, which is a part of many other characters there.
    if (framing == MessageParser::Lines || framing == MessageParser::Chunks)
        return TextParser::tr("%1 cannot be split into lines or taken in pieces: use it with LengthPrefix or ContentLength").arg(name);
    return {};
}

// In how many bytes each of its numbers comes.
int unitSizeOf(const QString &name)
{
    switch (QStringConverter::encodingForName(name.toLatin1().constData()).value_or(QStringConverter::Utf8)) {
    case QStringConverter::Utf16:
    case QStringConverter::Utf16LE:
    case QStringConverter::Utf16BE:
        return 2;
    case QStringConverter::Utf32:
    case QStringConverter::Utf32LE:
    case QStringConverter::Utf32BE:
        return 4;
    default:
        return 1;
    }
}
} // namespace

MessageParser::Decoded TextParser::decode(const QByteArray &bytes, QJSEngine *engine) const
{
    Q_UNUSED(engine)
    if (const QString problem = problemOf(encoding(), framing()); !problem.isEmpty())
        return {{}, problem};
    QStringDecoder decoder(encoding().toLatin1().constData(), QStringConverter::Flag::Stateless);
    const QString text = decoder.decode(bytes);
    // Of UTF-32 it takes values that are no characters, and half a one at the end is passed over (Qt 6.4).
    if (decoder.hasError() || !text.isValidUtf16() || bytes.size() % unitSizeOf(encoding()) != 0)
        return {{}, tr("the text is not %1").arg(encoding())};
    return {text};
}

MessageParser::Encoded TextParser::encode(const QJSValue &message, QJSEngine *engine) const
{
    Q_UNUSED(engine)
    const QString text = textOf(message);
    if (text.isNull())
        return {{}, tr("a TextParser sends text; an object is sent by a JsonParser, an ArrayBuffer by a BinaryParser")};
    if (const QString problem = problemOf(encoding(), framing()); !problem.isEmpty())
        return {{}, problem};
    QStringEncoder encoder(encoding().toLatin1().constData(), QStringConverter::Flag::Stateless);
    const QByteArray bytes = encoder.encode(text);
    // For ISO-8859-1 it tells of no error and writes question marks (Qt 6.4).
    QStringDecoder decoder(encoding().toLatin1().constData(), QStringConverter::Flag::Stateless);
    if (encoder.hasError() || QString(decoder.decode(bytes)) != text)
        return {{}, tr("the text has characters that %1 does not have").arg(encoding())};
    return {bytes};
}

} // namespace InterprocessQt
