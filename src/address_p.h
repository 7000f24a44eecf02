// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ADDRESS_P_H
#define INTERPROCESSQT_ADDRESS_P_H

#include <InterprocessQt/Address.h>

#include <QtCore/qbytearray.h>

namespace InterprocessQt
{

class AddressPrivate : public QSharedData
{
public:
    static const AddressPrivate *get(const Address &address)
    {
        return address.d.constData();
    }
    enum Backing { File, NoFile };
    static Address make(Address::Kind kind, Backing backing, const QString &name, const QByteArray &native);
    static Address invalid(const QString &name, const QString &reason);

    Address::Kind kind = Address::Kind::Invalid;
    QString name; // the path, or the name without '@'; what was asked for if it is invalid
    Backing backing = NoFile; // whether there is a file of that name while somebody listens
    QByteArray native; // in the encoding and form of the system
    QString error;
};

// Implemented once per platform: what the system makes of a name, or why it cannot.
[[nodiscard]] Address makeFileAddress(const QString &absolutePath);
[[nodiscard]] Address makeNamespacedAddress(const QString &name);
[[nodiscard]] Address makeRuntimeAddress(const QString &name);
[[nodiscard]] qsizetype maximumAddressLength();
[[nodiscard]] QString displayName(const AddressPrivate &address);
// Where a bare name is, as QLocalServer has it.
[[nodiscard]] QString pathOfBareName(const QString &name);
[[nodiscard]] bool isAbsoluteName(const QString &name);
[[nodiscard]] bool isPlainFileName(const QString &name); // without a separator of folders

} // namespace InterprocessQt

#endif
