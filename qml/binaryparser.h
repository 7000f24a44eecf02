// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_BINARYPARSER_H
#define INTERPROCESSQT_BINARYPARSER_H

#include "interprocessqt_qml_export.h"
#include "messageparser.h"

namespace InterprocessQt
{

// Bytes, as ArrayBuffer.
class INTERPROCESSQT_QML_EXPORT BinaryParser : public InterprocessQt::MessageParser
{
    Q_OBJECT
    QML_ELEMENT

public:
    explicit BinaryParser(QObject *parent = nullptr);

    [[nodiscard]] Decoded decode(const QByteArray &bytes, QJSEngine *engine) const override;
    [[nodiscard]] Encoded encode(const QJSValue &message, QJSEngine *engine) const override;
};

} // namespace InterprocessQt

#endif
