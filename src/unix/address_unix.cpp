// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "address_p.h"

#include "interprocessqt_config.h"
#include "runtimedirectory_p.h"
#include "socketname_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qstringconverter.h>

#include <algorithm>
#include <cstring>

namespace InterprocessQt
{

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Address", text);
}

#if HAVE_LINUX_ABSTRACT
constexpr qsizetype PathLimit = MaximumPathBytes;
#else
constexpr qsizetype PathLimit = MaximumPathBytes - 1; // the NUL
#endif

// Empty where the text cannot be written in the encoding of the system.
QByteArray encoded(const QString &text)
{
    // Stateless: half of a surrogate pair at the end would otherwise be kept back for the next call, and be lost.
    QStringEncoder encoder(QStringEncoder::System, QStringEncoder::Flag::Stateless);
    QByteArray bytes = encoder.encode(text);
    return encoder.hasError() ? QByteArray() : bytes;
}

Address notEncodable(const QString &shown)
{
    return AddressPrivate::invalid(shown, tr("\"%1\" cannot be written in the character encoding of the system").arg(shown));
}

Address tooLong(const QString &shown, qsizetype length, qsizetype limit)
{
    return AddressPrivate::invalid(shown, tr("\"%1\" is %2 bytes long; a local socket's name may have %3").arg(shown).arg(length).arg(limit));
}

} // namespace

Address makeFileAddress(const QString &path)
{
    const QByteArray bytes = encoded(path);
    if (bytes.isEmpty())
        return notEncodable(path);
    if (bytes.size() > PathLimit)
        return tooLong(path, bytes.size(), PathLimit);
    return AddressPrivate::make(Address::Kind::FilePath, AddressPrivate::File, path, bytes);
}

#if HAVE_LINUX_ABSTRACT
Address makeNamespacedAddress(const QString &name)
{
    // One byte is the NUL that marks the name as abstract (unix(7)).
    constexpr qsizetype limit = MaximumPathBytes - 1;
    const QString shown = QLatin1Char('@') + name;
    const QByteArray bytes = encoded(name);
    if (bytes.isEmpty())
        return notEncodable(shown);
    if (bytes.size() > limit)
        return tooLong(shown, bytes.size(), limit);
    return AddressPrivate::make(Address::Kind::Namespaced, AddressPrivate::NoFile, name, bytes);
}
#else
Address makeNamespacedAddress(const QString &name)
{
    if (!isPlainFileName(name))
        return AddressPrivate::invalid(QLatin1Char('@') + name, tr("\"%1\" is not the plain name of a file").arg(name));
    const Address file = makeRuntimeAddress(name);
    if (!file.isValid())
        return AddressPrivate::invalid(QLatin1Char('@') + name, file.errorString());
    return AddressPrivate::make(Address::Kind::Namespaced, AddressPrivate::File, name, AddressPrivate::get(file)->native);
}
#endif

Address makeRuntimeAddress(const QString &name)
{
    const RuntimeDirectory directory = RuntimeDirectory::find();
    if (directory.path.isEmpty())
        return AddressPrivate::invalid(name, directory.error);
    return makeFileAddress(directory.path + QLatin1Char('/') + name);
}

qsizetype maximumAddressLength()
{
    return PathLimit;
}

QString displayName(const AddressPrivate &address)
{
    return address.backing == AddressPrivate::NoFile ? QLatin1Char('@') + address.name : QFile::decodeName(address.native);
}

QString pathOfBareName(const QString &name)
{
    return QDir::cleanPath(QDir::tempPath()) + QLatin1Char('/') + name;
}

bool isAbsoluteName(const QString &name)
{
    return name.startsWith(QLatin1Char('/'));
}

bool isPlainFileName(const QString &name)
{
    return !name.contains(QLatin1Char('/'));
}

SocketName::SocketName(const Address &address)
{
    const AddressPrivate *d = AddressPrivate::get(address);
    const QByteArray &bytes = d->native;
    char *path = storage.name.sun_path;
    storage.name.sun_family = AF_UNIX;
    // An abstract name is exactly as long as it says; padding would be part of it.
    const bool abstract = d->backing == AddressPrivate::NoFile;
    std::memcpy(abstract ? path + 1 : path, bytes.constData(), size_t(bytes.size()));
    length = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(bytes.size()) + (abstract || bytes.size() < MaximumPathBytes ? 1 : 0));
}

Address addressOfSocketName(const sockaddr_un &name, socklen_t length)
{
    const qsizetype size = qsizetype(length) - qsizetype(offsetof(sockaddr_un, sun_path));
    if (size <= 0)
        return {};
    const char *const path = name.sun_path;
    if (path[0] == '\0') {
#if HAVE_LINUX_ABSTRACT
        const QByteArray bytes(path + 1, size - 1);
        return AddressPrivate::make(Address::Kind::Namespaced, AddressPrivate::NoFile, QString::fromLocal8Bit(bytes), bytes);
#else
        return {}; // some systems return an empty path where there is none
#endif
    }
    const QByteArray bytes(path, qsizetype(qstrnlen(path, size_t(std::min(size, MaximumPathBytes)))));
    const QString shown = QFile::decodeName(bytes);
    if (!isAbsoluteName(shown))
        return AddressPrivate::invalid(shown, tr("\"%1\" is relative to the directory of another process").arg(shown));
    return AddressPrivate::make(Address::Kind::FilePath, AddressPrivate::File, shown, bytes);
}

} // namespace InterprocessQt
