// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/SecurityDescriptor.h>

#include "sddl_p.h"
#include "security_p.h"
#include "stream/error_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdebug.h>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::SecurityDescriptor
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/SecurityDescriptor
    \brief Who may do what with a pipe, or with another object that Windows protects. Windows only.
    \reentrant

    A value, shared implicitly: cheap to copy. It says who owns an object, and in its list of access rights (DACL) who else may
    do what with it. native() is what functions of Windows take that make such an object; applyTo() and fromHandle() serve
    what there is already.

    A default-constructed one is ownerOnly(): the user of this process and nobody else. Everything else is said in Microsoft's
    \l {https://learn.microsoft.com/en-us/windows/win32/secauthz/security-descriptor-string-format} {Security Descriptor
    Definition Language}, or by allow() and deny():

    \snippet snippets/namedpipe.cpp rights

    \section1 Errors

    What cannot be made sense of is an invalid descriptor, never one that allows more than was asked for: isValid() is false,
    errorString() says what is wrong, and nothing can be protected with it: servers refuse it. A function that changes a
    descriptor and fails leaves an invalid one behind, for the same reason.

    Windows says of a wrong text only that it is wrong. The place is found by asking it about each piece of the text alone,
    and errorPosition() is where the first one begins that is refused; if each of them is accepted, it is -1.

    \section1 Rights on pipes

    GENERIC_WRITE on a pipe includes FILE_APPEND_DATA, and that is FILE_CREATE_PIPE_INSTANCE there: who has it can put an
    instance of its own beside those of the server, and some of the clients come to that. WriteRight is without it, and that
    is what NamedPipe and LocalSocket ask for. Programs that open the pipe with GENERIC_WRITE, as QLocalSocket does, also need
    CreateInstanceRight. (Microsoft, \l {https://learn.microsoft.com/en-us/windows/win32/ipc/named-pipe-security-and-access-rights}
    {Named Pipe Security and Access Rights}.)

    \sa NamedPipeServer, {Named pipes and security on Windows}
*/

/*!
    \enum InterprocessQt::SecurityDescriptor::Error

    Why a descriptor is invalid.

    \value UnknownError  None of the others.
    \value AccessError  Not permitted: reading the list for auditing (SACL) needs SeSecurityPrivilege, the rest READ_CONTROL.
    \value ResourceError  Not enough memory.
    \value UnsupportedOperationError  The object has no security descriptor.
    \value OperationError  The handle is not open, or what the pointer leads to is not a security descriptor.
    \value SyntaxError  Windows does not understand the text.
*/

/*!
    \enum InterprocessQt::SecurityDescriptor::Part

    The values are those of SECURITY_INFORMATION.

    \value Owner  Who owns the object.
    \value Group  A group that only programs from elsewhere use.
    \value Dacl  The list of access rights.
    \value Sacl  The list of what is audited, with attributes and policies. Reading it from an object, and setting it, need
           SeSecurityPrivilege.
    \value MandatoryLabel  The integrity level, which is an entry of the SACL but needs no privilege to be read.
*/

/*!
    \variable InterprocessQt::SecurityDescriptor::AllParts
    \brief every Part
*/

/*!
    \variable InterprocessQt::SecurityDescriptor::PartsForEverybody
    \brief each Part but Sacl: what can be read from an object without SeSecurityPrivilege
*/

/*!
    \enum InterprocessQt::SecurityDescriptor::ControlBit

    The values are those of
    \l {https://learn.microsoft.com/en-us/windows/win32/secauthz/security-descriptor-control} {SECURITY_DESCRIPTOR_CONTROL}.

    \value OwnerDefaulted  The owner comes from a default.
    \value GroupDefaulted  The group comes from a default.
    \value DaclPresent  There is a DACL, or a null DACL; without it the system gives the object one of its own.
    \value DaclDefaulted  The DACL comes from a default.
    \value SaclPresent  There is a SACL.
    \value SaclDefaulted  The SACL comes from a default.
    \value DaclAutoInheritRequested  Entries for objects below are to be handed down.
    \value SaclAutoInheritRequested  The same of the SACL.
    \value DaclAutoInherited  That has been done.
    \value SaclAutoInherited  The same of the SACL.
    \value DaclProtected  Nothing is inherited from above.
    \value SaclProtected  The same of the SACL.
    \value ResourceManagerControlValid  There are bits that mean something to the manager of the object.
    \value SelfRelative  Set of all that are got from this class: it is the form in which they are kept.
*/

/*!
    \enum InterprocessQt::SecurityDescriptor::Right

    What may be done with a pipe. Any other right can be given as its number.

    \value ReadRight  Reading (FILE_GENERIC_READ).
    \value WriteRight  Writing, and setting the read mode (FILE_GENERIC_WRITE without FILE_APPEND_DATA).
    \value CreateInstanceRight  Creating instances of the pipe (FILE_CREATE_PIPE_INSTANCE).
    \value AllRights  All of that, and changing the rights (GENERIC_ALL).
*/

/*!
    \property InterprocessQt::SecurityDescriptor::valid
    \brief whether something can be protected with it
*/

/*!
    \property InterprocessQt::SecurityDescriptor::errorString
    \brief the reason why it is not valid
*/

class SecurityDescriptorPrivate : public QSharedData
{
public:
    bool fail(SecurityDescriptor::Error code, quint32 native, const QString &text);
    bool failedWith(quint32 native, const QString &operation);
    bool parse(const QString &sddl, QByteArray &bytes);
    bool setFromSddl(const QString &sddl);
    bool checkAccount(const QString &sid);
    bool setAccount(QChar letter, quint32 part, const QString &sid);
    bool setList(QChar letter, quint32 part, const QString &sddl);
    bool addEntry(const char *type, bool first, const QString &sid, quint32 rights);
    [[nodiscard]] std::optional<QString> sddlOf(quint32 parts) const;

    QByteArray descriptor; // self-relative; empty: invalid
    QString errorString;
    qsizetype position = -1;
    quint32 nativeError = 0;
    SecurityDescriptor::Error error = SecurityDescriptor::UnknownError;
};

namespace
{
using Descriptor = SecurityDescriptor;

constexpr quint32 InvalidSid = 1337; // ERROR_INVALID_SID
constexpr quint32 InvalidDescriptor = 1338; // ERROR_INVALID_SECURITY_DESCR

QString tr(const char *text)
{
    return QCoreApplication::translate("InterprocessQt::SecurityDescriptor", text);
}

Descriptor::Error errorOf(quint32 native)
{
    switch (errorFromNative(int(native))) {
    case StreamDevice::SocketAccessError:
        return Descriptor::AccessError;
    case StreamDevice::SocketResourceError:
        return Descriptor::ResourceError;
    case StreamDevice::UnsupportedSocketOperationError:
        return Descriptor::UnsupportedOperationError;
    case StreamDevice::OperationError:
        return Descriptor::OperationError;
    default:
        return Descriptor::UnknownError;
    }
}
} // namespace

bool SecurityDescriptorPrivate::fail(SecurityDescriptor::Error code, quint32 native, const QString &text)
{
    descriptor.clear();
    error = code;
    nativeError = native;
    errorString = text;
    position = -1;
    return false;
}

bool SecurityDescriptorPrivate::failedWith(quint32 native, const QString &operation)
{
    return native == 0 || fail(errorOf(native), native, operation + QLatin1String(": ") + nativeErrorText(int(native)));
}

// Keeps what there is as long as that is right.
bool SecurityDescriptorPrivate::parse(const QString &sddl, QByteArray &bytes)
{
    SddlFlaw flaw;
    quint32 native = 0;
    if (sddl.trimmed().isEmpty()) {
        flaw = {0, tr("it is empty")}; // to Windows that is a descriptor in which nothing is said
    } else if (const qsizetype nul = sddl.indexOf(QChar(u'\0')); nul >= 0) {
        flaw = {nul, tr("there is a null character, behind which Windows would not read on")};
    } else {
        native = sys::descriptorFromSddl(sddl, bytes);
        if (native == 0)
            return true;
        if (errorOf(native) == SecurityDescriptor::ResourceError)
            return failedWith(native, tr("read a security descriptor"));
        flaw = findSddlFlaw(sddl);
    }
    const QString where = flaw.position >= 0 ? tr(", character %1").arg(flaw.position + 1) : QString();
    QString text = tr("security descriptor \"%1\"%2: %3").arg(sddl, where, flaw.reason);
    if (native != 0)
        text += QStringLiteral(" (%1)").arg(nativeErrorText(int(native)));
    fail(SecurityDescriptor::SyntaxError, native, text);
    position = flaw.position;
    return false;
}

bool SecurityDescriptorPrivate::setFromSddl(const QString &sddl)
{
    QByteArray bytes;
    if (!parse(sddl, bytes))
        return false;
    descriptor = bytes;
    return true;
}

bool SecurityDescriptorPrivate::checkAccount(const QString &sid)
{
    QByteArray bytes;
    const quint32 native = sid.isEmpty() || sid.contains(QChar(u'\0')) ? InvalidSid : sys::sidFromText(sid, bytes);
    return native == 0 || fail(SecurityDescriptor::SyntaxError, native, tr("account \"%1\": %2").arg(sid, nativeErrorText(int(native))));
}

bool SecurityDescriptorPrivate::setAccount(QChar letter, quint32 part, const QString &sid)
{
    if (descriptor.isEmpty())
        return false;
    // In a text of its own, so that nothing but an account can be said.
    if (!checkAccount(sid))
        return false;
    QByteArray other;
    if (!parse(QString(letter) + QLatin1Char(':') + sid, other))
        return false;
    return failedWith(sys::replaceParts(descriptor, other, part), tr("change a security descriptor"));
}

bool SecurityDescriptorPrivate::setList(QChar letter, quint32 part, const QString &sddl)
{
    if (descriptor.isEmpty())
        return false;
    QByteArray other;
    if (!parse(sddl, other))
        return false;
    const SddlOutline outline = outlineOf(sddl);
    if (outline.parts.size() != 1 || outline.parts.first().letter != letter)
        return fail(SecurityDescriptor::SyntaxError, 0, tr("\"%1\" is something else than a list that begins with %2:").arg(sddl).arg(letter));
    return failedWith(sys::replaceParts(descriptor, other, part), tr("change a security descriptor"));
}

std::optional<QString> SecurityDescriptorPrivate::sddlOf(quint32 parts) const
{
    QString text;
    if (descriptor.isEmpty() || sys::sddlFromDescriptor(descriptor, parts, text) != 0)
        return {};
    return text;
}

bool SecurityDescriptorPrivate::addEntry(const char *type, bool first, const QString &sid, quint32 rights)
{
    if (descriptor.isEmpty())
        return false;
    if (!checkAccount(sid))
        return false;
    const QString entry = QStringLiteral("(%1;;0x%2;;;%3)").arg(QLatin1String(type)).arg(rights, 0, 16).arg(sid);

    const sys::AclState state = sys::daclState(descriptor);
    if (state.isNull) {
        if (!first)
            return true; // everybody may do everything already
        return fail(SecurityDescriptor::OperationError, 0, tr("nothing can be denied where there is no list and everything is allowed"));
    }
    QString list = state.isPresent ? sddlOf(SecurityDescriptor::Dacl).value_or(QString()) : QStringLiteral("D:");
    const SddlOutline outline = outlineOf(list);
    if (outline.parts.size() != 1)
        return fail(SecurityDescriptor::UnknownError, 0, tr("the list of access rights cannot be read: \"%1\"").arg(list));
    // What was said for the object itself goes before what was inherited, and denials before that: in this order Windows reads it.
    const SddlPart &part = outline.parts.first();
    qsizetype at = first ? part.head.end : part.content.end;
    if (!first) {
        for (const SddlRange range : part.entries) {
            if (list.mid(range.begin, range.end - range.begin).section(QLatin1Char(';'), 1, 1).contains(QLatin1String("ID"))) {
                at = range.begin;
                break;
            }
        }
    }
    list.insert(at, entry);
    return setList(QLatin1Char('D'), SecurityDescriptor::Dacl, list);
}

// ---- Making one

/*!
    Makes a descriptor that gives everything to the user of this process, and nothing to anybody else: ownerOnly().
*/
SecurityDescriptor::SecurityDescriptor()
    : SecurityDescriptor(ownerOnly())
{
}

SecurityDescriptor::SecurityDescriptor(SecurityDescriptorPrivate *dd)
    : d(dd)
{
}

/*!
    Makes a copy of \a other. What it holds is shared until one of them is changed.
*/
SecurityDescriptor::SecurityDescriptor(const SecurityDescriptor &other) = default;

/*!
    Takes over \a other, which may be destroyed or assigned to from then on.
*/
SecurityDescriptor::SecurityDescriptor(SecurityDescriptor &&other) noexcept = default;

/*!
    Makes this one a copy of \a other.
*/
SecurityDescriptor &SecurityDescriptor::operator=(const SecurityDescriptor &other) = default;

/*!
    \fn InterprocessQt::SecurityDescriptor &InterprocessQt::SecurityDescriptor::operator=(InterprocessQt::SecurityDescriptor &&other)

    Takes over \a other, which may be destroyed or assigned to from then on.
*/
SecurityDescriptor &SecurityDescriptor::operator=(SecurityDescriptor &&other) noexcept = default;

/*!
    Destroys the value.
*/
SecurityDescriptor::~SecurityDescriptor() = default;

/*!
    Returns a descriptor that makes the user of this process the owner, gives everything to that user, nothing to anybody else,
    and inherits nothing. Administrators and the system can take over what is protected by it, as everything.

    The user is that of the process, also where a thread acts as somebody else (ImpersonationGuard), and also of a process with
    raised rights, whose objects belong to the group of administrators otherwise.
*/
SecurityDescriptor SecurityDescriptor::ownerOnly()
{
    // Parsed once; all share it. A user of a process does not change.
    static const SecurityDescriptor made = [] {
        const QString user = sys::userOfThisProcess();
        if (!user.isEmpty())
            return fromSddl(QStringLiteral("O:%1D:P(A;;GA;;;%1)").arg(user));
        auto *const dd = new SecurityDescriptorPrivate;
        dd->fail(UnknownError, 0, tr("The user of this process is not known"));
        return SecurityDescriptor(dd);
    }();
    return made;
}

/*!
    Returns what \a sddl says in the Security Descriptor Definition Language, as \c {"D:P(A;;GA;;;SY)(A;;GRGW;;;AU)"}; an
    invalid one with SyntaxError, errorPosition() and the error of Windows if it does not understand that. An empty text is
    refused, and one with a null character, of which Windows would not see the rest.

    A text without \c {D:} leaves the access rights to the system, which gives a pipe a list that lets everybody read from it.
    \c {D:NO_ACCESS_CONTROL} allows everything to everybody.

    \sa toSddl()
*/
SecurityDescriptor SecurityDescriptor::fromSddl(const QString &sddl)
{
    auto *const dd = new SecurityDescriptorPrivate;
    dd->setFromSddl(sddl);
    return SecurityDescriptor(dd);
}

/*!
    Returns a copy of the SECURITY_DESCRIPTOR to which \a descriptor (a PSECURITY_DESCRIPTOR) points, absolute or self-relative;
    an invalid one with OperationError if it is null or, as far as IsValidSecurityDescriptor() can see, none.
*/
SecurityDescriptor SecurityDescriptor::fromNative(const void *descriptor)
{
    auto *const dd = new SecurityDescriptorPrivate;
    const quint32 native = sys::descriptorFromMemory(descriptor, dd->descriptor);
    if (!dd->failedWith(native, tr("copy a security descriptor")))
        dd->error = OperationError;
    return SecurityDescriptor(dd);
}

/*!
    Returns the \a parts of the descriptor of what \a handle stands for, a pipe, a file, a process. The handle must have been
    opened with READ_CONTROL, and for the SACL with ACCESS_SYSTEM_SECURITY; those of local sockets and pipes have the first.

    Returns an invalid one, with error(), nativeError() and errorString(), if that fails.
*/
SecurityDescriptor SecurityDescriptor::fromHandle(qintptr handle, Parts parts)
{
    auto *const dd = new SecurityDescriptorPrivate;
    dd->failedWith(sys::descriptorOfHandle(handle, parts, dd->descriptor), tr("read the security descriptor of handle %1").arg(handle));
    return SecurityDescriptor(dd);
}

// ---- Errors

bool SecurityDescriptor::isValid() const noexcept
{
    return !d->descriptor.isEmpty();
}

/*!
    Returns why the descriptor is invalid, UnknownError if it is not.
*/
SecurityDescriptor::Error SecurityDescriptor::error() const noexcept
{
    return d->error;
}

/*!
    Returns the code of GetLastError() that belongs to error(), 0 if Windows was not asked.
*/
int SecurityDescriptor::nativeError() const noexcept
{
    return int(d->nativeError);
}

QString SecurityDescriptor::errorString() const
{
    return d->errorString;
}

/*!
    Returns where in the text that could not be read the first piece begins that Windows does not understand, as an index
    into that string; -1 if that is not known, or there is no such error.

    Windows itself tells no place: see \l {Errors}.
*/
qsizetype SecurityDescriptor::errorPosition() const noexcept
{
    return d->position;
}

// ---- As a whole

/*!
    Returns the \a parts of the descriptor in the Security Descriptor Definition Language; empty if it is invalid. The
    account names may be abbreviated, so that the text may differ from what was given to fromSddl() and mean the same.
*/
QString SecurityDescriptor::toSddl(Parts parts) const
{
    return d->sddlOf(parts).value_or(QString());
}

/*!
    Returns a pointer to the SECURITY_DESCRIPTOR, self-relative, as functions of Windows take it (PSECURITY_DESCRIPTOR); null if
    it is invalid. It must not be written to, and is good until this object is changed or destroyed.
*/
const void *SecurityDescriptor::native() const noexcept
{
    return d->descriptor.isEmpty() ? nullptr : d->descriptor.constData();
}

/*!
    Gives these \a parts of the descriptor to what \a handle stands for. The handle must have been opened with WRITE_DAC for the
    DACL, WRITE_OWNER for owner, group and label, ACCESS_SYSTEM_SECURITY for the SACL.

    Returns false if that fails or the descriptor is invalid; where \a nativeError is not null the code of GetLastError() is
    put there (ERROR_INVALID_SECURITY_DESCR if it is invalid), 0 after a success. Pipes have one descriptor for all instances.
*/
bool SecurityDescriptor::applyTo(qintptr handle, Parts parts, int *nativeError) const
{
    const quint32 native = d->descriptor.isEmpty() ? InvalidDescriptor : sys::setDescriptorOfHandle(handle, parts, d->descriptor);
    if (nativeError)
        *nativeError = int(native);
    return native == 0;
}

// ---- Its parts

/*!
    Returns the SID of the owner, as \c {"S-1-5-21-…"}; nothing if none is said.
*/
std::optional<QString> SecurityDescriptor::owner() const
{
    const QString text = d->descriptor.isEmpty() ? QString() : sys::ownerText(d->descriptor);
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

/*!
    Makes \a sid the owner: a SID as text, or one of the abbreviations of SDDL (\c BA for the administrators). A process may
    make its user the owner of an object, and those of its groups of which the system says so (SE_GROUP_OWNER).

    Returns false, and leaves an invalid descriptor with SyntaxError, if that is none.
*/
bool SecurityDescriptor::setOwner(const QString &sid)
{
    return d->setAccount(QLatin1Char('O'), Owner, sid);
}

/*!
    Returns the SID of the group; nothing if none is said.
*/
std::optional<QString> SecurityDescriptor::group() const
{
    const QString text = d->descriptor.isEmpty() ? QString() : sys::groupText(d->descriptor);
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

/*!
    Makes \a sid the group. Returns false, and leaves an invalid descriptor with SyntaxError, if that is none.
*/
bool SecurityDescriptor::setGroup(const QString &sid)
{
    return d->setAccount(QLatin1Char('G'), Group, sid);
}

/*!
    Returns the list of access rights, as \c {"D:P(A;;GA;;;SY)"}; nothing if none is said, and the system is to give one.

    \sa allowsEverything()
*/
std::optional<QString> SecurityDescriptor::dacl() const
{
    if (d->descriptor.isEmpty() || !sys::daclState(d->descriptor).isPresent)
        return {};
    return d->sddlOf(Dacl);
}

/*!
    Makes \a sddl, which begins with \c {D:}, the list of access rights.

    Returns false, and leaves an invalid descriptor with SyntaxError, if it is none, or something beside it.
*/
bool SecurityDescriptor::setDacl(const QString &sddl)
{
    return d->setList(QLatin1Char('D'), Dacl, sddl);
}

/*!
    Returns true if there is a null DACL, which stands for everything being allowed to everybody. An empty one, \c {D:},
    allows nothing to nobody.
*/
bool SecurityDescriptor::allowsEverything() const
{
    return !d->descriptor.isEmpty() && sys::daclState(d->descriptor).isNull;
}

/*!
    Allows \a rights to the account \a sid, a SID as text or an abbreviation of SDDL. An entry is added to the list of access
    rights, in front of those that are inherited; if there is no list, one that allows nothing else is begun.

    Returns false, and leaves an invalid descriptor with SyntaxError, if the account is none.
*/
bool SecurityDescriptor::allow(const QString &sid, Rights rights)
{
    return d->addEntry("A", false, sid, rights);
}

/*!
    Denies \a rights to the account \a sid. An entry is added at the beginning of the list of access rights, where Windows
    looks first: it holds whatever is allowed elsewhere.

    Returns false, and leaves an invalid descriptor, if the account is none (SyntaxError), or there is a null DACL
    (OperationError).
*/
bool SecurityDescriptor::deny(const QString &sid, Rights rights)
{
    return d->addEntry("D", true, sid, rights);
}

/*!
    Returns the list of what is audited, with the integrity level, as \c {"S:(ML;;NW;;;LW)"}; nothing if none is said.
*/
std::optional<QString> SecurityDescriptor::sacl() const
{
    if (d->descriptor.isEmpty() || !sys::saclState(d->descriptor).isPresent)
        return {};
    return d->sddlOf(Sacl | MandatoryLabel);
}

/*!
    Makes \a sddl, which begins with \c {S:}, the list of what is audited, and the integrity level. To make a pipe with
    something else in it than a label takes SeSecurityPrivilege.

    Returns false, and leaves an invalid descriptor with SyntaxError, if it is none, or something beside it.
*/
bool SecurityDescriptor::setSacl(const QString &sddl)
{
    return d->setList(QLatin1Char('S'), Sacl, sddl);
}

/*!
    Takes \a parts out: nothing is said about them then, and the system gives its default. Removing the DACL is not allowing
    nothing but leaving it to the system: pipes can then be read by everybody. The label is an entry of the SACL and goes with
    that; MandatoryLabel alone removes nothing.

    Returns false if the descriptor is invalid.
*/
bool SecurityDescriptor::remove(Parts parts)
{
    if (d->descriptor.isEmpty())
        return false;
    return d->failedWith(sys::replaceParts(d->descriptor, {}, parts), tr("change a security descriptor"));
}

/*!
    Returns the control bits; none if the descriptor is invalid.
*/
SecurityDescriptor::Control SecurityDescriptor::control() const
{
    return d->descriptor.isEmpty() ? Control() : Control(sys::controlOf(d->descriptor));
}

/*!
    Sets \a bits, or clears them if \a on is false. Of the bits only those about inheriting can be changed: DaclProtected,
    DaclAutoInheritRequested, DaclAutoInherited, and those of the SACL (SetSecurityDescriptorControl()); the others follow from
    what is in the descriptor.

    Returns false, and leaves an invalid descriptor with OperationError, if others are given.
*/
bool SecurityDescriptor::setControl(Control bits, bool on)
{
    if (d->descriptor.isEmpty())
        return false;
    const auto mask = quint16(bits);
    return d->failedWith(sys::setControl(d->descriptor, mask, on ? mask : quint16(0)), tr("change the control bits of a security descriptor"));
}

/*!
    \fn void InterprocessQt::SecurityDescriptor::swap(InterprocessQt::SecurityDescriptor &other)

    Exchanges this one with \a other.
*/

/*!
    \fn bool InterprocessQt::SecurityDescriptor::operator==(const SecurityDescriptor &a, const SecurityDescriptor &b)

    Returns true if \a a and \a b say the same in the same order, or are both invalid.
*/

/*!
    \fn bool InterprocessQt::SecurityDescriptor::operator!=(const SecurityDescriptor &a, const SecurityDescriptor &b)

    Returns true if \a a and \a b are not equal.
*/
bool SecurityDescriptor::equals(const SecurityDescriptor &a, const SecurityDescriptor &b) noexcept
{
    if (a.d == b.d)
        return true;
    // Not every system writes a missing list otherwise than an empty one.
    return a.isValid() == b.isValid() && a.control() == b.control() && a.allowsEverything() == b.allowsEverything() && a.toSddl() == b.toSddl();
}

/*!
    \fn QDebug InterprocessQt::operator<<(QDebug debug, const InterprocessQt::SecurityDescriptor &descriptor)
    \relates InterprocessQt::SecurityDescriptor

    Writes \a descriptor to \a debug as text, or what is wrong with it.
*/
QDebug operator<<(QDebug debug, const SecurityDescriptor &descriptor)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "SecurityDescriptor(";
    if (descriptor.isValid())
        debug << descriptor.toSddl();
    else
        debug << "invalid: " << descriptor.errorString();
    return debug << ')';
}

} // namespace InterprocessQt
