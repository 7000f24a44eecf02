// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "binaryparser.h"

namespace InterprocessQt
{

BinaryParser::BinaryParser(QObject *parent)
    : MessageParser(LengthPrefix, parent)
{
}

MessageParser::Decoded BinaryParser::decode(const QByteArray &bytes, QJSEngine *engine) const
{
    Q_UNUSED(engine)
    // JavaScript's ArrayBuffer shares the bytes; a null array would become an undefined value.
    return {QVariant::fromValue(bytes.isNull() ? QByteArray("") : bytes)};
}

MessageParser::Encoded BinaryParser::encode(const QJSValue &message, QJSEngine *engine) const
{
    Q_UNUSED(engine)
    return bytesOf(message, tr("a BinaryParser sends an ArrayBuffer, a view of one such as Uint8Array, or text as UTF-8"));
}

} // namespace InterprocessQt
