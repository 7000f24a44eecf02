// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/Address.h>

#include "address_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdebug.h>
#include <QtCore/qdir.h>

namespace InterprocessQt
{

namespace
{
QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::Address", text);
}

// What is wrong with a name on every platform; empty if nothing is.
QString flawOf(const QString &name)
{
    if (name.isEmpty())
        return tr("The name is empty");
    if (name.contains(QChar(u'\0')))
        return tr("The name contains a NUL character");
    return {};
}
} // namespace

Address AddressPrivate::make(Address::Kind kind, Backing backing, const QString &name, const QByteArray &native)
{
    auto *d = new AddressPrivate;
    d->kind = kind;
    d->backing = backing;
    d->name = name;
    d->native = native;
    return Address(d);
}

Address AddressPrivate::invalid(const QString &name, const QString &reason)
{
    auto *d = new AddressPrivate;
    d->name = name;
    d->error = reason;
    return Address(d);
}

Address::Address() = default;

Address::Address(const QString &string)
    : Address(fromString(string))
{
}

Address::Address(AddressPrivate *dd)
    : d(dd)
{
}

Address::Address(const Address &other) = default;
Address::Address(Address &&other) noexcept = default;
Address &Address::operator=(const Address &other) = default;
Address &Address::operator=(Address &&other) noexcept = default;
Address::~Address() = default;

Address Address::fromString(const QString &string)
{
    if (string.startsWith(QLatin1Char('@')))
        return namespaced(string.mid(1));
    if (const QString flaw = flawOf(string); !flaw.isEmpty())
        return AddressPrivate::invalid(string, flaw);
    return makeFileAddress(isAbsoluteName(string) ? string : pathOfBareName(string));
}

Address Address::filePath(const QString &path)
{
    if (const QString flaw = flawOf(path); !flaw.isEmpty())
        return AddressPrivate::invalid(path, flaw);
    // An address means the same wherever the process goes from here.
    return makeFileAddress(isAbsoluteName(path) ? path : QDir::current().absoluteFilePath(path));
}

Address Address::namespaced(const QString &name)
{
    if (const QString flaw = flawOf(name); !flaw.isEmpty())
        return AddressPrivate::invalid(QLatin1Char('@') + name, flaw);
    return makeNamespacedAddress(name);
}

Address Address::runtime(const QString &name)
{
    if (const QString flaw = flawOf(name); !flaw.isEmpty())
        return AddressPrivate::invalid(name, flaw);
    if (name.contains(QLatin1Char('/')) || name == QLatin1String(".") || name == QLatin1String(".."))
        return AddressPrivate::invalid(name, tr("\"%1\" is not the plain name of a file").arg(name));
    return makeRuntimeAddress(name);
}

Address::Kind Address::kind() const noexcept
{
    return d ? d->kind : Kind::Invalid;
}

bool Address::isValid() const noexcept
{
    return kind() != Kind::Invalid;
}

QString Address::errorString() const
{
    return d ? d->error : tr("The address is empty");
}

QString Address::toString() const
{
    if (!d)
        return {};
    return kind() == Kind::Namespaced ? QLatin1Char('@') + d->name : d->name;
}

QString Address::nativeName() const
{
    return isValid() ? displayName(*d) : QString();
}

qsizetype Address::maximumLength() noexcept
{
    return maximumAddressLength();
}

bool Address::equals(const Address &a, const Address &b) noexcept
{
    if (a.d == b.d)
        return true;
    // What cannot be used is nowhere, so that no two of it are the same place, unless they were written the same way.
    return a.d && b.d && a.d->kind == b.d->kind && a.d->native == b.d->native && a.d->name == b.d->name;
}

size_t qHash(const Address &address, size_t seed) noexcept
{
    const AddressPrivate *d = AddressPrivate::get(address);
    return d ? qHashMulti(seed, int(d->kind), d->name) : seed;
}

QDebug operator<<(QDebug debug, const Address &address)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "Address(" << address.toString();
    if (!address.isValid())
        debug << ", invalid: " << address.errorString();
    return debug << ')';
}

} // namespace InterprocessQt
