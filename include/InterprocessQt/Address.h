// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ADDRESS_H
#define INTERPROCESSQT_ADDRESS_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qhashfunctions.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qshareddata.h>
#include <QtCore/qstring.h>

class QDebug;

namespace InterprocessQt
{
class AddressPrivate;

// Where something listens, or why that name cannot be used.
class INTERPROCESSQT_EXPORT Address
{
    Q_GADGET
    Q_PROPERTY(QString string READ toString CONSTANT)
    Q_PROPERTY(bool valid READ isValid CONSTANT)
    Q_PROPERTY(QString errorString READ errorString CONSTANT)

public:
    enum class Kind {
        Invalid,
        FilePath,
        Namespaced,
    };
    Q_ENUM(Kind)

    Address();
    Address(const QString &string); // implicit, by the rules of fromString()
    Address(const Address &other);
    Address(Address &&other) noexcept;
    Address &operator=(const Address &other);
    Address &operator=(Address &&other) noexcept;
    ~Address();

    [[nodiscard]] static Address fromString(const QString &string);
    [[nodiscard]] static Address filePath(const QString &path);
    [[nodiscard]] static Address namespaced(const QString &name);
    [[nodiscard]] static Address runtime(const QString &name);

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool isValid() const noexcept;
    [[nodiscard]] QString errorString() const;

    [[nodiscard]] QString toString() const;
    [[nodiscard]] QString nativeName() const;

    [[nodiscard]] static qsizetype maximumLength() noexcept;

    void swap(Address &other) noexcept
    {
        d.swap(other.d);
    }

    friend bool operator==(const Address &a, const Address &b) noexcept
    {
        return equals(a, b);
    }
    friend bool operator!=(const Address &a, const Address &b) noexcept
    {
        return !equals(a, b);
    }

private:
    friend class AddressPrivate;
    explicit Address(AddressPrivate *dd);
    static bool equals(const Address &a, const Address &b) noexcept;

    QSharedDataPointer<AddressPrivate> d;
};

[[nodiscard]] INTERPROCESSQT_EXPORT size_t qHash(const Address &address, size_t seed = 0) noexcept;
INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, const Address &address);

} // namespace InterprocessQt

Q_DECLARE_SHARED(InterprocessQt::Address)

#endif
