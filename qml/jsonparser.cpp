// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "jsonparser.h"

#include <QtCore/qstringconverter.h>
#include <QtQml/qjsengine.h>
#include <QtQml/qjsmanagedvalue.h>

namespace InterprocessQt
{

namespace
{
// JavaScript's own functions: what they take and give is what a program expects, dates and toJSON() included, where
// QJsonDocument takes objects and arrays only.
struct Result {
    QJSValue value;
    QString problem;
};
Result callJson(QJSEngine &engine, const QString &function, const QJSValue &argument)
{
    // QJSValue::call() returns what was thrown as if it were the result, and toJSON() may throw a text.
    const QJSManagedValue called(engine.globalObject().property(QStringLiteral("JSON")).property(function), &engine);
    const QJSValue value = called.call({argument});
    if (!engine.hasError())
        return {value, {}};
    const QJSValue thrown = engine.catchError();
    const QString text = thrown.isError() ? thrown.property(QStringLiteral("message")).toString() : thrown.toString();
    return {{}, text.isEmpty() ? JsonParser::tr("%1 has failed").arg(function) : text};
}

// JSON has a notation for what UTF-8 does not have: halves of surrogate pairs.
QString withoutHalves(const QString &json)
{
    QString text;
    text.reserve(json.size() + 6);
    for (qsizetype at = 0; at < json.size(); ++at) {
        const QChar unit = json.at(at);
        if (unit.isHighSurrogate() && at + 1 < json.size() && json.at(at + 1).isLowSurrogate())
            text.append(unit).append(json.at(++at));
        else if (unit.isSurrogate())
            text.append(QStringLiteral("\\u%1").arg(unit.unicode(), 4, 16));
        else
            text.append(unit);
    }
    return text;
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
    QStringDecoder decoder(QStringConverter::Utf8, QStringConverter::Flag::Stateless);
    const QString text = decoder.decode(bytes);
    if (decoder.hasError())
        return {{}, tr("no JSON: the text is not UTF-8")};
    const Result result = callJson(*engine, QStringLiteral("parse"), QJSValue(text));
    if (!result.problem.isEmpty())
        return {{}, tr("no JSON: %1").arg(result.problem)};
    return {QVariant::fromValue(result.value)};
}

MessageParser::Encoded JsonParser::encode(const QJSValue &message, QJSEngine *engine) const
{
    if (!engine)
        return {{}, tr("there is no JavaScript engine")};
    const Result result = callJson(*engine, QStringLiteral("stringify"), message);
    if (!result.problem.isEmpty())
        return {{}, result.problem};
    // undefined and functions have no JSON.
    if (!result.value.isString())
        return {{}, tr("JSON has nothing for the value %1").arg(message.toString())};
    const QString text = result.value.toString();
    return {(text.isValidUtf16() ? text : withoutHalves(text)).toUtf8()};
}

} // namespace InterprocessQt
