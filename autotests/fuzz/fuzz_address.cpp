// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "require.h"

#include <InterprocessQt/Address>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>

#include <cstdint>

/*
 * Any text makes an address that is valid or says why it is not; a valid one has a name that the system takes, as it is;
 * and what toString() says makes the same address again.
 *
 * The first byte of the input chooses the way it is made and the encoding of the rest.
 */

using namespace InterprocessQt;

namespace
{

QString textOf(const char *data, qsizetype size, bool wide)
{
    // Also half of a surrogate pair, which no UTF-8 has.
    return wide ? QString::fromUtf16(reinterpret_cast<const char16_t *>(QByteArray(data, size).constData()), size / 2) : QString::fromUtf8(data, size);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    static const QTemporaryDir runtimeDirectory;
    static const bool isSet = qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtimeDirectory.path()));
    REQUIRE(isSet);

    const int choice = data[0] % 4;
    const QString text = textOf(reinterpret_cast<const char *>(data + 1), qsizetype(size - 1), (data[0] & 0x80) != 0);
    const Address address = choice == 0 ? Address::fromString(text)
        : choice == 1                   ? Address::filePath(text)
        : choice == 2                   ? Address::namespaced(text)
                                        : Address::runtime(text);

    REQUIRE(address.isValid() == address.errorString().isEmpty());
    REQUIRE(address.isValid() == (address.kind() != Address::Kind::Invalid));
    REQUIRE(address.isValid() == !address.nativeName().isEmpty());
    REQUIRE(address == Address(address) && qHash(address) == qHash(Address(address)));
    if (!address.isValid())
        return 0;

    const QString name = address.nativeName();
    REQUIRE(!name.contains(QChar(0)));
    if (address.kind() == Address::Kind::FilePath) {
        REQUIRE(name.startsWith(QLatin1Char('/')));
        REQUIRE(QFile::encodeName(name).size() <= Address::maximumLength());
        // Nothing is left out of what was asked for.
        REQUIRE(choice != 1 || !text.startsWith(QLatin1Char('/')) || name == text);
    } else {
        REQUIRE(choice != 2 || address.toString() == QLatin1Char('@') + text);
    }
    const Address again = Address::fromString(address.toString());
    REQUIRE(again == address);
    REQUIRE(again.nativeName() == name && qHash(again) == qHash(address));
    return 0;
}
