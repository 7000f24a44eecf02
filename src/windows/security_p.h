// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SECURITY_P_H
#define INTERPROCESSQT_SECURITY_P_H

#include <InterprocessQt/NativeHandle.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

/*
 * The calls that have to do with security descriptors, which are the bytes of self-relative ones here. As in syscalls_p.h,
 * what can fail returns the code of the system, 0 for success; the types of Windows are left out, for the sake of qdoc.
 */
namespace InterprocessQt::sys
{

// Parts are bits of SECURITY_INFORMATION.
quint32 descriptorFromSddl(const QString &sddl, QByteArray &descriptor);
quint32 sddlFromDescriptor(const QByteArray &descriptor, quint32 parts, QString &sddl);
quint32 descriptorFromMemory(const void *any, QByteArray &descriptor); // also of an absolute one
quint32 descriptorOfHandle(NativeHandle::Type handle, quint32 parts, QByteArray &descriptor);
quint32 setDescriptorOfHandle(NativeHandle::Type handle, quint32 parts, const QByteArray &descriptor);

// The bytes of a SID from its text, S-1-… or one of the abbreviations of SDDL.
quint32 sidFromText(const QString &text, QByteArray &sid);
[[nodiscard]] QString ownerText(const QByteArray &descriptor); // S-1-…, empty: there is none
[[nodiscard]] QString groupText(const QByteArray &descriptor);
[[nodiscard]] QString userOfThisProcess();

struct AclState {
    bool isPresent = false;
    bool isNull = false;
};
[[nodiscard]] AclState daclState(const QByteArray &descriptor);
[[nodiscard]] AclState saclState(const QByteArray &descriptor);
[[nodiscard]] quint16 controlOf(const QByteArray &descriptor);

// The descriptor with some parts, and what belongs to them of the control bits, as another one has them;
// if that is empty, without them.
quint32 replaceParts(QByteArray &descriptor, const QByteArray &other, quint32 parts);
quint32 setControl(QByteArray &descriptor, quint16 mask, quint16 bits);

} // namespace InterprocessQt::sys

#endif
