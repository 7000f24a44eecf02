// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "textparser.h"

#include <QtCore/qendian.h>
#include <QtCore/qstringconverter.h>

#include <algorithm>

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

// Values beyond the last character, and halves of surrogate pairs, which Qt's decoder makes other characters of (Qt 6.4).
template<typename Read>
bool hasOnlyCharacters(const QByteArray &bytes, Read read)
{
    for (qsizetype at = 0; at + 4 <= bytes.size(); at += 4) {
        const quint32 value = read(bytes.constData() + at);
        if (value > QChar::LastValidCodePoint || QChar::isSurrogate(value))
            return false;
    }
    return true;
}

// Whether it consists of whole characters: half a one at the end is passed over by the decoder.
bool isWhole(const QByteArray &bytes, const QString &name)
{
    const auto inOrder = [&bytes] {
        return hasOnlyCharacters(bytes, [](const char *at) {
            return qFromLittleEndian<quint32>(at);
        });
    };
    const auto inReverse = [&bytes] {
        return hasOnlyCharacters(bytes, [](const char *at) {
            return qFromBigEndian<quint32>(at);
        });
    };
    switch (QStringConverter::encodingForName(name.toLatin1().constData()).value_or(QStringConverter::Utf8)) {
    case QStringConverter::Utf16:
    case QStringConverter::Utf16LE:
    case QStringConverter::Utf16BE:
        return bytes.size() % 2 == 0;
    case QStringConverter::Utf32LE:
        return bytes.size() % 4 == 0 && inOrder();
    case QStringConverter::Utf32BE:
        return bytes.size() % 4 == 0 && inReverse();
    case QStringConverter::Utf32: // by its mark
        return bytes.size() % 4 == 0 && (inOrder() || inReverse());
    default:
        return true;
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
    if (decoder.hasError() || !text.isValidUtf16() || !isWhole(bytes, encoding()))
        return {{}, tr("the text is not %1").arg(encoding())};
    return {text};
}

qsizetype TextParser::unfinished(const QByteArray &chunk) const
{
    if (QStringConverter::encodingForName(encoding().toLatin1().constData()) != QStringConverter::Utf8)
        return 0;
    // Back to the first byte of the last character, which says how many there are.
    for (qsizetype size = 1; size <= std::min<qsizetype>(3, chunk.size()); ++size) {
        const auto byte = uchar(chunk.at(chunk.size() - size));
        if ((byte & 0xc0) == 0x80)
            continue;
        const int whole = byte >= 0xf5 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
        return size < whole ? size : 0;
    }
    return 0;
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
    // For ISO-8859-1 it tells of no error and writes question marks (Qt 6.4). A byte order mark has been written if the text has one.
    QStringDecoder decoder(encoding().toLatin1().constData(), QStringConverter::Flag::Stateless | QStringConverter::Flag::ConvertInitialBom);
    if (encoder.hasError() || QString(decoder.decode(bytes)) != text)
        return {{}, tr("the text has characters that %1 does not have").arg(encoding())};
    return {bytes};
}

} // namespace InterprocessQt
