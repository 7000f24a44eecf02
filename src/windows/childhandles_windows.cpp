// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipe/childhandlesbackend_p.h"

#include "syscalls_handle_p.h"

#include <InterprocessQt/ChildHandles.h>

#include <QtCore/qcryptographichash.h>
#include <QtCore/qprocess.h>

#include <algorithm>
#include <functional>

namespace InterprocessQt
{

namespace
{

/*
 * What a child inherits is a list in an attribute of CreateProcessW(): its standard streams and what was added, instead of everything
 * that is inheritable at the time. What is on the list has to be inheritable nevertheless, and is that from right before the call
 * until it is closed right after: a child that another thread starts within it, without a list of its own, has it too.
 */
struct Modifier {
    QProcess::CreateProcessArgumentModifier before;
    std::shared_ptr<ChildInheritance> inheritance;
    // For the call, which comes after this.
    struct Startup {
        STARTUPINFOEXW information = {};
        std::vector<HANDLE> handles;
        sys::InheritanceList list;
    };
    std::shared_ptr<Startup> startup = std::make_shared<Startup>();

    void operator()(QProcess::CreateProcessArguments *arguments) const
    {
        // First, for ours extends what others have made of it.
        if (before)
            before(arguments);
        if (inheritance->done)
            return;
        static thread_local std::weak_ptr<Startup> lastMade;
        std::shared_ptr<Startup> target = startup;
        if (arguments->flags & EXTENDED_STARTUPINFO_PRESENT) {
            // Of another collection for the same child, which is joined. Somebody else's attributes stay as they are.
            target = lastMade.lock();
            if (target && arguments->startupInfo != native(*target))
                target.reset();
        } else {
            const auto *const given = reinterpret_cast<const STARTUPINFOW *>(arguments->startupInfo);
            target->handles.clear();
            if (given->dwFlags & STARTF_USESTDHANDLES) {
                for (const HANDLE handle : {given->hStdInput, given->hStdOutput, given->hStdError})
                    add(target->handles, handle);
            }
            target->information.StartupInfo = *given;
            target->information.StartupInfo.cb = sizeof target->information;
        }
        for (const NativeHandle &handle : inheritance->handles) {
            sys::setInheritable(handle.get(), true);
            if (target)
                add(target->handles, sys::native(handle.get()));
        }
        // Without a list the child has them, too, with everything else that is inheritable.
        if (!target || target->list.set(target->handles) != sys::NoError)
            return;
        target->information.lpAttributeList = target->list.native();
        arguments->startupInfo = native(*target);
        arguments->flags |= EXTENDED_STARTUPINFO_PRESENT;
        arguments->inheritHandles = true;
        lastMade = target;
    }

private:
    static Q_STARTUPINFO *native(Startup &startup)
    {
        return reinterpret_cast<Q_STARTUPINFO *>(&startup.information.StartupInfo);
    }
    // What cannot be inherited is an error in the list, and so is what stands there twice.
    static void add(std::vector<HANDLE> &handles, HANDLE handle)
    {
        if (sys::isInheritable(handle) && std::find(handles.begin(), handles.end(), handle) == handles.end())
            handles.push_back(handle);
    }
};

} // namespace

NativeHandle duplicateForChild(NativeHandle::Type handle, NativeHandle::Type number, int &nativeError)
{
    NativeHandle copy;
    if (number != ChildHandles::AnyNumber)
        nativeError = ERROR_NOT_SUPPORTED; // the system chooses
    else if (!sys::isOpen(handle))
        nativeError = ERROR_INVALID_HANDLE;
    else
        nativeError = int(sys::duplicate(handle, copy));
    return copy;
}

int prepareForChild(NativeHandle::Type handle)
{
    return int(sys::setInheritable(handle, false)); // until the child is started
}

void inheritInChild(QProcess *process, const std::shared_ptr<ChildInheritance> &inheritance)
{
    process->setCreateProcessArgumentsModifier(Modifier{process->createProcessArgumentsModifier(), inheritance});
}

void forgetInheritance(QProcess *process)
{
    // What was attached last is outermost, and what has been put around it by others stays.
    for (;;) {
        const QProcess::CreateProcessArgumentModifier outermost = process->createProcessArgumentsModifier();
        const Modifier *const ours = outermost.target<Modifier>();
        if (!ours || !ours->inheritance->done)
            return;
        process->setCreateProcessArgumentsModifier(ours->before);
    }
}

// Pipes have names, ours such as there are no two of, and files have numbers; of anything else it is the type that is compared.
QByteArray handleIdentity(NativeHandle::Type handle)
{
    if (!sys::isOpen(handle))
        return {};
    const HANDLE native = sys::native(handle);
    const QByteArray what = sys::handleType(native).toUtf8() + '\n' + sys::fileIdentity(native);
    return QCryptographicHash::hash(what, QCryptographicHash::Sha256).left(16).toHex();
}

void keepFromChildren(NativeHandle::Type handle)
{
    sys::setInheritable(handle, false);
}

} // namespace InterprocessQt
