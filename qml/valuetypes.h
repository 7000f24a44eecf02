// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_VALUETYPES_H
#define INTERPROCESSQT_VALUETYPES_H

// Values of the library, with what JavaScript needs to see of them: an optional that has nothing is undefined there. Each
// has the value as its only member, by which QML reads it in place.

#include "interprocessqt_qml_export.h"

#include <InterprocessQt/Address.h>
#include <InterprocessQt/PeerCredentials.h>

#include <QtCore/qvariant.h>
#include <QtQml/qqml.h>

namespace InterprocessQt
{

class INTERPROCESSQT_QML_EXPORT AddressValue
{
    Q_GADGET
    QML_VALUE_TYPE(address)
    QML_FOREIGN(InterprocessQt::Address)
    QML_EXTENDED(InterprocessQt::AddressValue)
    Q_PROPERTY(QString string READ string CONSTANT FINAL)
    Q_PROPERTY(bool valid READ isValid CONSTANT FINAL)
    Q_PROPERTY(QString errorString READ errorString CONSTANT FINAL)
    Q_PROPERTY(QString nativeName READ nativeName CONSTANT FINAL)
    Q_PROPERTY(InterprocessQt::Address::Kind kind READ kind CONSTANT FINAL)

public:
    [[nodiscard]] QString string() const
    {
        return v.toString();
    }
    [[nodiscard]] bool isValid() const
    {
        return v.isValid();
    }
    [[nodiscard]] QString errorString() const
    {
        return v.errorString();
    }
    [[nodiscard]] QString nativeName() const
    {
        return v.nativeName();
    }
    [[nodiscard]] Address::Kind kind() const
    {
        return v.kind();
    }
    Q_INVOKABLE QString toString() const
    {
        return v.toString();
    }

private:
    Address v;
};
static_assert(sizeof(AddressValue) == sizeof(Address));

// What the class has that belongs to no value: Address.fromString(), Address.Kind.
class INTERPROCESSQT_QML_EXPORT AddressFunctions : public QObject
{
    Q_OBJECT
    QML_NAMED_ELEMENT(Address)
    QML_SINGLETON
    QML_EXTENDED_NAMESPACE(InterprocessQt::Address)

public:
    explicit AddressFunctions(QObject *parent = nullptr);

    Q_INVOKABLE InterprocessQt::Address fromString(const QString &string) const;
    Q_INVOKABLE InterprocessQt::Address filePath(const QString &path) const;
    Q_INVOKABLE InterprocessQt::Address namespaced(const QString &name) const;
    Q_INVOKABLE InterprocessQt::Address runtime(const QString &name) const;
};

class INTERPROCESSQT_QML_EXPORT PeerCredentialsValue
{
    Q_GADGET
    QML_VALUE_TYPE(peerCredentials)
    QML_FOREIGN(InterprocessQt::PeerCredentials)
    QML_EXTENDED(InterprocessQt::PeerCredentialsValue)
    Q_PROPERTY(bool valid READ isValid CONSTANT FINAL)
    Q_PROPERTY(bool sameUser READ isSameUser CONSTANT FINAL)
    Q_PROPERTY(QVariant processId READ processId CONSTANT FINAL)
    Q_PROPERTY(QVariant userId READ userId CONSTANT FINAL)
    Q_PROPERTY(QVariant groupId READ groupId CONSTANT FINAL)
    Q_PROPERTY(QVariant groupIds READ groupIds CONSTANT FINAL)
    Q_PROPERTY(QVariant securityId READ securityId CONSTANT FINAL)
    Q_PROPERTY(QVariant sessionId READ sessionId CONSTANT FINAL)

public:
    [[nodiscard]] bool isValid() const
    {
        return v.isValid();
    }
    [[nodiscard]] bool isSameUser() const
    {
        return v.isSameUser();
    }
    [[nodiscard]] QVariant processId() const;
    [[nodiscard]] QVariant userId() const;
    [[nodiscard]] QVariant groupId() const;
    [[nodiscard]] QVariant groupIds() const;
    [[nodiscard]] QVariant securityId() const;
    [[nodiscard]] QVariant sessionId() const;
    Q_INVOKABLE QString toString() const;

private:
    PeerCredentials v;
};
static_assert(sizeof(PeerCredentialsValue) == sizeof(PeerCredentials));

class INTERPROCESSQT_QML_EXPORT PeerCredentialsFunctions : public QObject
{
    Q_OBJECT
    QML_NAMED_ELEMENT(PeerCredentials)
    QML_SINGLETON

public:
    explicit PeerCredentialsFunctions(QObject *parent = nullptr);

    Q_INVOKABLE InterprocessQt::PeerCredentials ofThisProcess() const;
};

} // namespace InterprocessQt

#endif
