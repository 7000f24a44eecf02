// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "security_p.h"

#include "syscalls_p.h"

#include <aclapi.h>
#include <sddl.h>

namespace InterprocessQt::sys
{

namespace
{
// Qt's text of any length, with the terminating null character.
const wchar_t *wide(const QString &text)
{
    return reinterpret_cast<const wchar_t *>(text.utf16());
}

// The calls that only read take pointers to what they could write to.
PSECURITY_DESCRIPTOR view(const QByteArray &descriptor)
{
    return const_cast<char *>(descriptor.constData());
}

// Labels, attributes and central policies are entries of the SACL that are asked for one by one.
SECURITY_INFORMATION information(quint32 parts)
{
    return parts & SACL_SECURITY_INFORMATION ? parts | ATTRIBUTE_SECURITY_INFORMATION | SCOPE_SECURITY_INFORMATION : parts;
}

QByteArray takeLocal(void *memory, DWORD size)
{
    const QByteArray bytes(static_cast<const char *>(memory), qsizetype(size));
    LocalFree(memory);
    return bytes;
}

DWORD makeSelfRelative(PSECURITY_DESCRIPTOR absolute, QByteArray &descriptor)
{
    DWORD size = 0;
    if (!MakeSelfRelativeSD(absolute, nullptr, &size)) {
        if (const DWORD error = GetLastError(); error != ERROR_INSUFFICIENT_BUFFER)
            return error;
    }
    QByteArray bytes(qsizetype(size), Qt::Uninitialized);
    const DWORD error = result(MakeSelfRelativeSD(absolute, bytes.data(), &size));
    if (error == NoError)
        descriptor = bytes;
    return error;
}
} // namespace

quint32 descriptorFromSddl(const QString &sddl, QByteArray &descriptor)
{
    PSECURITY_DESCRIPTOR made = nullptr;
    ULONG size = 0;
    const DWORD error = result(ConvertStringSecurityDescriptorToSecurityDescriptorW(wide(sddl), SDDL_REVISION_1, &made, &size));
    if (error == NoError)
        descriptor = takeLocal(made, size);
    return error;
}

quint32 sddlFromDescriptor(const QByteArray &descriptor, quint32 parts, QString &sddl)
{
    wchar_t *text = nullptr;
    const DWORD error = result(ConvertSecurityDescriptorToStringSecurityDescriptorW(view(descriptor), SDDL_REVISION_1, information(parts), &text, nullptr));
    if (error == NoError) {
        sddl = QString::fromWCharArray(text);
        LocalFree(text);
    }
    return error;
}

quint32 descriptorFromMemory(const void *any, QByteArray &descriptor)
{
    const PSECURITY_DESCRIPTOR given = const_cast<void *>(any);
    if (!any || !IsValidSecurityDescriptor(given))
        return ERROR_INVALID_SECURITY_DESCR;
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision = 0;
    if (const DWORD error = result(GetSecurityDescriptorControl(given, &control, &revision)))
        return error;
    if (!(control & SE_SELF_RELATIVE))
        return makeSelfRelative(given, descriptor);
    descriptor = QByteArray(static_cast<const char *>(any), qsizetype(GetSecurityDescriptorLength(given)));
    return NoError;
}

quint32 descriptorOfHandle(NativeHandle::Type handle, quint32 parts, QByteArray &descriptor)
{
    if (handle == NativeHandle::Invalid) // the handle by which a process means itself
        return ERROR_INVALID_HANDLE;
    // It may be changed between the two calls.
    DWORD size = 0;
    for (QByteArray bytes;;) {
        const DWORD error = result(GetKernelObjectSecurity(native(handle), parts, bytes.data(), DWORD(bytes.size()), &size));
        if (error == NoError) {
            // Without what was not asked for: of a list that is said to be there, and is not (Wine), it would look as if everything
            // were allowed.
            const DWORD flaw = descriptorFromMemory(bytes.constData(), descriptor);
            const quint32 kept = parts & LABEL_SECURITY_INFORMATION ? parts | SACL_SECURITY_INFORMATION : parts; // where a label is
            return flaw == NoError ? replaceParts(descriptor, {}, ~kept) : flaw;
        }
        if (error != ERROR_INSUFFICIENT_BUFFER || size <= DWORD(bytes.size()))
            return error;
        bytes.resize(qsizetype(size));
    }
}

quint32 setDescriptorOfHandle(NativeHandle::Type handle, quint32 parts, const QByteArray &descriptor)
{
    if (handle == NativeHandle::Invalid)
        return ERROR_INVALID_HANDLE;
    return result(SetKernelObjectSecurity(native(handle), parts, view(descriptor)));
}

quint32 sidFromText(const QString &text, QByteArray &sid)
{
    PSID made = nullptr;
    const DWORD error = result(ConvertStringSidToSidW(wide(text), &made));
    if (error == NoError)
        sid = takeLocal(made, GetLengthSid(made));
    return error;
}

namespace
{
using SidGetter = BOOL(WINAPI *)(PSECURITY_DESCRIPTOR, PSID *, LPBOOL);

QString textOfSid(const QByteArray &descriptor, SidGetter get)
{
    PSID sid = nullptr;
    BOOL defaulted = FALSE;
    if (!get(view(descriptor), &sid, &defaulted) || !sid)
        return {};
    return sidText(QByteArray(static_cast<const char *>(sid), qsizetype(GetLengthSid(sid))));
}

using AclGetter = BOOL(WINAPI *)(PSECURITY_DESCRIPTOR, LPBOOL, PACL *, LPBOOL);

AclState stateOf(const QByteArray &descriptor, AclGetter get)
{
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    PACL acl = nullptr;
    if (!get(view(descriptor), &present, &acl, &defaulted) || !present)
        return {};
    return {true, acl == nullptr};
}
} // namespace

QString ownerText(const QByteArray &descriptor)
{
    return textOfSid(descriptor, GetSecurityDescriptorOwner);
}

QString groupText(const QByteArray &descriptor)
{
    return textOfSid(descriptor, GetSecurityDescriptorGroup);
}

QString userOfThisProcess()
{
    QByteArray sid;
    static_cast<void>(userOfProcess(GetCurrentProcess(), sid));
    return sidText(sid);
}

AclState daclState(const QByteArray &descriptor)
{
    return stateOf(descriptor, GetSecurityDescriptorDacl);
}

AclState saclState(const QByteArray &descriptor)
{
    return stateOf(descriptor, GetSecurityDescriptorSacl);
}

quint16 controlOf(const QByteArray &descriptor)
{
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision = 0;
    return GetSecurityDescriptorControl(view(descriptor), &control, &revision) ? control : quint16(0);
}

namespace
{
// Of the control bits those that SetSecurityDescriptorControl() changes; the others follow from what is set.
constexpr SECURITY_DESCRIPTOR_CONTROL DaclBits = SE_DACL_AUTO_INHERIT_REQ | SE_DACL_AUTO_INHERITED | SE_DACL_PROTECTED;
constexpr SECURITY_DESCRIPTOR_CONTROL SaclBits = SE_SACL_AUTO_INHERIT_REQ | SE_SACL_AUTO_INHERITED | SE_SACL_PROTECTED;

DWORD copySid(SECURITY_DESCRIPTOR &to, const QByteArray &from, SidGetter get, BOOL(WINAPI *set)(PSECURITY_DESCRIPTOR, PSID, BOOL))
{
    PSID sid = nullptr;
    BOOL defaulted = FALSE;
    if (const DWORD error = result(get(view(from), &sid, &defaulted)))
        return error;
    return sid ? result(set(&to, sid, defaulted)) : NoError;
}

DWORD copyAcl(SECURITY_DESCRIPTOR &to,
              const QByteArray &from,
              AclGetter get,
              BOOL(WINAPI *set)(PSECURITY_DESCRIPTOR, BOOL, PACL, BOOL),
              SECURITY_DESCRIPTOR_CONTROL bits)
{
    PACL acl = nullptr;
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    if (const DWORD error = result(get(view(from), &present, &acl, &defaulted)))
        return error;
    if (present) {
        if (const DWORD error = result(set(&to, TRUE, acl, defaulted)))
            return error;
    }
    return result(SetSecurityDescriptorControl(&to, bits, SECURITY_DESCRIPTOR_CONTROL(controlOf(from) & bits)));
}
} // namespace

quint32 replaceParts(QByteArray &descriptor, const QByteArray &other, quint32 parts)
{
    SECURITY_DESCRIPTOR absolute;
    DWORD error = result(InitializeSecurityDescriptor(&absolute, SECURITY_DESCRIPTOR_REVISION));
    const auto copy = [&](quint32 part, auto from) {
        const QByteArray &source = parts & part ? other : descriptor;
        if (error == NoError && !source.isEmpty())
            error = from(source);
    };
    copy(OWNER_SECURITY_INFORMATION, [&](const QByteArray &source) {
        return copySid(absolute, source, GetSecurityDescriptorOwner, SetSecurityDescriptorOwner);
    });
    copy(GROUP_SECURITY_INFORMATION, [&](const QByteArray &source) {
        return copySid(absolute, source, GetSecurityDescriptorGroup, SetSecurityDescriptorGroup);
    });
    copy(DACL_SECURITY_INFORMATION, [&](const QByteArray &source) {
        return copyAcl(absolute, source, GetSecurityDescriptorDacl, SetSecurityDescriptorDacl, DaclBits);
    });
    copy(SACL_SECURITY_INFORMATION, [&](const QByteArray &source) {
        return copyAcl(absolute, source, GetSecurityDescriptorSacl, SetSecurityDescriptorSacl, SaclBits);
    });
    return error == NoError ? makeSelfRelative(&absolute, descriptor) : error;
}

quint32 setControl(QByteArray &descriptor, quint16 mask, quint16 bits)
{
    QByteArray changed = descriptor;
    const DWORD error = result(SetSecurityDescriptorControl(changed.data(), mask, bits));
    if (error == NoError)
        descriptor = changed;
    return error;
}

} // namespace InterprocessQt::sys
