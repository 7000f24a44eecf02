// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_TEXTPARSER_H
#define INTERPROCESSQT_TEXTPARSER_H

#include "interprocessqt_qml_export.h"
#include "messageparser.h"

namespace InterprocessQt
{

// Text: lines, or messages framed otherwise, in an encoding.
class INTERPROCESSQT_QML_EXPORT TextParser : public InterprocessQt::MessageParser
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QString encoding READ encoding WRITE setEncoding NOTIFY encodingChanged BINDABLE bindableEncoding FINAL)

public:
    explicit TextParser(QObject *parent = nullptr);

    [[nodiscard]] QString encoding() const;
    void setEncoding(const QString &name);
    QBindable<QString> bindableEncoding();

    [[nodiscard]] Decoded decode(const QByteArray &bytes, QJSEngine *engine) const override;
    [[nodiscard]] Encoded encode(const QJSValue &message, QJSEngine *engine) const override;
    [[nodiscard]] qsizetype unfinished(const QByteArray &chunk) const override;

Q_SIGNALS:
    void encodingChanged();

private:
    Q_OBJECT_BINDABLE_PROPERTY_WITH_ARGS(TextParser, QString, m_encoding, QStringLiteral("UTF-8"), &TextParser::encodingChanged)
};

} // namespace InterprocessQt

#endif
