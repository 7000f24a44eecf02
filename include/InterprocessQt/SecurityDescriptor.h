// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SECURITYDESCRIPTOR_H
#define INTERPROCESSQT_SECURITYDESCRIPTOR_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qshareddata.h>
#include <QtCore/qstring.h>

#include <optional>

class QDebug;

namespace InterprocessQt
{
class SecurityDescriptorPrivate;

// Who may do what with a pipe or another object of Windows.
class INTERPROCESSQT_EXPORT SecurityDescriptor
{
    Q_GADGET
    Q_PROPERTY(bool valid READ isValid CONSTANT)
    Q_PROPERTY(QString errorString READ errorString CONSTANT)

public:
    // Where they have the same meaning the values are those of StreamDevice::Error.
    enum Error {
        UnknownError = -1,
        AccessError = 3,
        ResourceError = 4,
        UnsupportedOperationError = 10,
        OperationError = 19,
        SyntaxError = 100,
    };
    Q_ENUM(Error)

    // The values are those of SECURITY_INFORMATION.
    enum Part : quint32 {
        Owner = 0x01,
        Group = 0x02,
        Dacl = 0x04,
        Sacl = 0x08,
        MandatoryLabel = 0x10,
    };
    Q_ENUM(Part)
    Q_DECLARE_FLAGS(Parts, Part)
    Q_FLAG(Parts)
    static constexpr quint32 AllParts = 0x1f;
    static constexpr quint32 PartsForEverybody = Owner | Group | Dacl | MandatoryLabel;

    // The values are those of SECURITY_DESCRIPTOR_CONTROL.
    enum ControlBit : quint16 {
        OwnerDefaulted = 0x0001,
        GroupDefaulted = 0x0002,
        DaclPresent = 0x0004,
        DaclDefaulted = 0x0008,
        SaclPresent = 0x0010,
        SaclDefaulted = 0x0020,
        DaclAutoInheritRequested = 0x0100,
        SaclAutoInheritRequested = 0x0200,
        DaclAutoInherited = 0x0400,
        SaclAutoInherited = 0x0800,
        DaclProtected = 0x1000,
        SaclProtected = 0x2000,
        ResourceManagerControlValid = 0x4000,
        SelfRelative = 0x8000,
    };
    Q_ENUM(ControlBit)
    Q_DECLARE_FLAGS(Control, ControlBit)
    Q_FLAG(Control)

    // What can be allowed and denied, for pipes. The values are those of ACCESS_MASK.
    enum Right : quint32 {
        ReadRight = 0x00120089,
        WriteRight = 0x00120112,
        CreateInstanceRight = 0x00000004,
        AllRights = 0x10000000,
    };
    Q_ENUM(Right)
    Q_DECLARE_FLAGS(Rights, Right)
    Q_FLAG(Rights)

    SecurityDescriptor(); // ownerOnly()
    SecurityDescriptor(const SecurityDescriptor &other);
    SecurityDescriptor(SecurityDescriptor &&other) noexcept;
    SecurityDescriptor &operator=(const SecurityDescriptor &other);
    SecurityDescriptor &operator=(SecurityDescriptor &&other) noexcept;
    ~SecurityDescriptor();

    [[nodiscard]] static SecurityDescriptor ownerOnly();
    [[nodiscard]] static SecurityDescriptor fromSddl(const QString &sddl);
    [[nodiscard]] static SecurityDescriptor fromNative(const void *descriptor);
    [[nodiscard]] static SecurityDescriptor fromHandle(qintptr handle, Parts parts = Parts(PartsForEverybody));

    [[nodiscard]] bool isValid() const noexcept;
    [[nodiscard]] Error error() const noexcept;
    [[nodiscard]] int nativeError() const noexcept;
    [[nodiscard]] QString errorString() const;
    [[nodiscard]] qsizetype errorPosition() const noexcept;

    [[nodiscard]] QString toSddl(Parts parts = Parts(AllParts)) const;
    [[nodiscard]] const void *native() const noexcept;
    bool applyTo(qintptr handle, Parts parts, int *nativeError = nullptr) const;

    [[nodiscard]] std::optional<QString> owner() const;
    bool setOwner(const QString &sid);
    [[nodiscard]] std::optional<QString> group() const;
    bool setGroup(const QString &sid);

    [[nodiscard]] std::optional<QString> dacl() const;
    bool setDacl(const QString &sddl);
    [[nodiscard]] bool allowsEverything() const;
    bool allow(const QString &sid, Rights rights);
    bool deny(const QString &sid, Rights rights);

    [[nodiscard]] std::optional<QString> sacl() const;
    bool setSacl(const QString &sddl);
    bool remove(Parts parts);

    [[nodiscard]] Control control() const;
    bool setControl(Control bits, bool on = true);

    void swap(SecurityDescriptor &other) noexcept
    {
        d.swap(other.d);
    }

    friend bool operator==(const SecurityDescriptor &a, const SecurityDescriptor &b) noexcept
    {
        return equals(a, b);
    }
    friend bool operator!=(const SecurityDescriptor &a, const SecurityDescriptor &b) noexcept
    {
        return !equals(a, b);
    }

private:
    explicit SecurityDescriptor(SecurityDescriptorPrivate *dd);
    static bool equals(const SecurityDescriptor &a, const SecurityDescriptor &b) noexcept;

    QSharedDataPointer<SecurityDescriptorPrivate> d;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(SecurityDescriptor::Parts)
Q_DECLARE_OPERATORS_FOR_FLAGS(SecurityDescriptor::Control)
Q_DECLARE_OPERATORS_FOR_FLAGS(SecurityDescriptor::Rights)

INTERPROCESSQT_EXPORT QDebug operator<<(QDebug debug, const SecurityDescriptor &descriptor);

} // namespace InterprocessQt

Q_DECLARE_SHARED(InterprocessQt::SecurityDescriptor)

#endif
