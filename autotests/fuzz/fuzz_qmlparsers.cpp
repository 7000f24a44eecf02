// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "require.h"

#include "binaryparser.h"
#include "jsonparser.h"
#include "textparser.h"

#include <QtCore/qcoreapplication.h>
#include <QtQml/qjsengine.h>

#include <cstdint>
#include <memory>

/*
 * Any message makes a value for JavaScript, or a problem that is told; and a value that a message has made can be sent, and
 * comes back as it was.
 *
 * The first byte of the input chooses the parser, and the encoding of text.
 */

using namespace InterprocessQt;

namespace
{

std::unique_ptr<MessageParser> parserFor(int choice)
{
    static constexpr const char *encodings[] = {"UTF-8", "ISO-8859-1", "UTF-16LE", "UTF-32BE", "UTF-16", "no such thing"};
    if (choice % 8 == 0)
        return std::make_unique<JsonParser>();
    if (choice % 8 == 1)
        return std::make_unique<BinaryParser>();
    auto text = std::make_unique<TextParser>();
    text->setEncoding(QString::fromLatin1(encodings[choice % 8 - 2]));
    text->setFraming(choice & 0x80 ? MessageParser::LengthPrefix : MessageParser::Lines);
    return text;
}

} // namespace

// The values of JavaScript lie where LeakSanitizer does not look, and what they alone refer to seems lost to it.
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off()
{
    return 1;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    static int argc = 1;
    static char name[] = "fuzz";
    static char *argv[] = {name, nullptr};
    static QCoreApplication application(argc, argv);
    static QJSEngine engine;

    const auto parser = parserFor(data[0]);
    const QByteArray bytes(reinterpret_cast<const char *>(data + 1), qsizetype(size - 1));
    const MessageParser::Decoded decoded = parser->decode(bytes, &engine);
    REQUIRE(!engine.hasError());
    if (!decoded.problem.isEmpty()) {
        REQUIRE(!decoded.message.isValid());
        return 0;
    }
    REQUIRE(decoded.message.isValid());

    const QJSValue value =
        decoded.message.metaType() == QMetaType::fromType<QJSValue>() ? decoded.message.value<QJSValue>() : engine.toScriptValue(decoded.message);
    const MessageParser::Encoded encoded = parser->encode(value, &engine);
    REQUIRE(!engine.hasError());
    const QString text = decoded.message.toString();
    if (text.startsWith(QChar(QChar::ByteOrderMark)) || text.startsWith(QChar(QChar::ByteOrderSwapped)))
        return 0; // behind the first one these are characters, which cannot be sent as the first
    REQUIRE(encoded.problem.isEmpty());
    // Nothing of it is passed over, but for a mark of the byte order.
    const bool hasMark = bytes.startsWith("\xff\xfe") || bytes.startsWith("\xfe\xff") || bytes.startsWith(QByteArray("\0\0\xfe\xff", 4));
    REQUIRE(data[0] % 8 < 3 || data[0] % 8 > 5 || hasMark || encoded.bytes == bytes);
    const MessageParser::Decoded again = parser->decode(encoded.bytes, &engine);
    REQUIRE(again.problem.isEmpty());
    if (again.message.metaType() == QMetaType::fromType<QJSValue>())
        REQUIRE(parser->encode(again.message.value<QJSValue>(), &engine).bytes == encoded.bytes);
    else
        REQUIRE(again.message == decoded.message);
    return 0;
}
