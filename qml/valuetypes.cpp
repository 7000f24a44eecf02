// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "valuetypes.h"

#include <QtCore/qdebug.h>

namespace InterprocessQt
{

namespace
{
// A double, which is what JavaScript counts in.
template<typename Number>
QVariant numberOf(const std::optional<Number> &value)
{
    return value ? QVariant(double(*value)) : QVariant();
}
} // namespace

AddressFunctions::AddressFunctions(QObject *parent)
    : QObject(parent)
{
}

Address AddressFunctions::fromString(const QString &string) const
{
    return Address::fromString(string);
}

Address AddressFunctions::filePath(const QString &path) const
{
    return Address::filePath(path);
}

Address AddressFunctions::namespaced(const QString &name) const
{
    return Address::namespaced(name);
}

Address AddressFunctions::runtime(const QString &name) const
{
    return Address::runtime(name);
}

PeerCredentialsFunctions::PeerCredentialsFunctions(QObject *parent)
    : QObject(parent)
{
}

PeerCredentials PeerCredentialsFunctions::ofThisProcess() const
{
    return PeerCredentials::ofThisProcess();
}

QVariant PeerCredentialsValue::processId() const
{
    return numberOf(v.processId());
}

QVariant PeerCredentialsValue::userId() const
{
    return numberOf(v.userId());
}

QVariant PeerCredentialsValue::groupId() const
{
    return numberOf(v.groupId());
}

QVariant PeerCredentialsValue::groupIds() const
{
    const std::optional<QList<quint32>> ids = v.groupIds();
    if (!ids)
        return {};
    QVariantList list;
    for (const quint32 id : *ids)
        list.append(double(id));
    return list;
}

QVariant PeerCredentialsValue::securityId() const
{
    return v.securityId() ? QVariant(*v.securityId()) : QVariant();
}

QVariant PeerCredentialsValue::sessionId() const
{
    return v.sessionId() ? QVariant(double(*v.sessionId())) : QVariant();
}

QString PeerCredentialsValue::toString() const
{
    return QDebug::toString(v);
}

} // namespace InterprocessQt
