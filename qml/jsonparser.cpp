// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "jsonparser.h"

#include <QtQml/qjsengine.h>

namespace InterprocessQt
{

namespace
{
// JavaScript's own functions: what they take and give is what a program expects, dates and toJSON() included, where
// QJsonDocument takes objects and arrays only.
QJSValue callJson(QJSEngine &engine, const QString &function, const QJSValue &argument)
{
    return engine.globalObject().property(QStringLiteral("JSON")).property(function).call({argument});
}
} // namespace

JsonParser::JsonParser(QObject *parent)
    : MessageParser(Lines, parent)
{
}

MessageParser::Decoded JsonParser::decode(const QByteArray &bytes, QJSEngine *engine) const
{
    if (!engine)
        return {{}, tr("there is no JavaScript engine")};
    const QJSValue value = callJson(*engine, QStringLiteral("parse"), QJSValue(QString::fromUtf8(bytes)));
    if (value.isError())
        return {{}, tr("no JSON: %1").arg(value.property(QStringLiteral("message")).toString())};
    return {QVariant::fromValue(value)};
}

MessageParser::Encoded JsonParser::encode(const QJSValue &message, QJSEngine *engine) const
{
    if (!engine)
        return {{}, tr("there is no JavaScript engine")};
    const QJSValue text = callJson(*engine, QStringLiteral("stringify"), message);
    if (text.isError())
        return {{}, text.property(QStringLiteral("message")).toString()};
    // undefined and functions have no JSON.
    if (!text.isString())
        return {{}, tr("JSON has nothing for the value %1").arg(message.toString())};
    return {text.toString().toUtf8()};
}

} // namespace InterprocessQt
