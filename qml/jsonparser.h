// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_JSONPARSER_H
#define INTERPROCESSQT_JSONPARSER_H

#include "interprocessqt_qml_export.h"
#include "messageparser.h"

namespace InterprocessQt
{

// Any value that JSON has: a line each, or framed otherwise.
class INTERPROCESSQT_QML_EXPORT JsonParser : public InterprocessQt::MessageParser
{
    Q_OBJECT
    QML_ELEMENT

public:
    explicit JsonParser(QObject *parent = nullptr);

    [[nodiscard]] Decoded decode(const QByteArray &bytes, QJSEngine *engine) const override;
    [[nodiscard]] Encoded encode(const QJSValue &message, QJSEngine *engine) const override;
};

} // namespace InterprocessQt

#endif
