// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipe/childhandlesbackend_p.h"

#include "syscalls_p.h"

#include <InterprocessQt/ChildHandles.h>

#include <QtCore/qprocess.h>

#include <cerrno>
#include <functional>
#include <limits>

namespace InterprocessQt
{

namespace
{
// QProcess::setChildProcessModifier() takes functions without arguments that are copied.
struct Modifier {
    std::function<void()> before;
    std::shared_ptr<ChildInheritance> inheritance;

    // In the child between vfork() and exec(), in the memory of the parent, which waits: system calls and nothing else, and
    // no change but to the table of descriptors, which is the child's own (fork(2), clone(2) without CLONE_FILES).
    //
    // dup2() is not among them: QProcess has a pipe to tell of a failed exec(), and that has any number that was free.
    void operator()() const
    {
        const bool wanted = !inheritance->done;
        // First, so that what others have chosen for this child stays.
        if (wanted)
            sys::closeAllOnExec();
        if (before)
            before();
        if (wanted) {
            for (const NativeHandle &handle : inheritance->handles)
                sys::keepOnExec(int(handle.get()));
        }
    }
};

// The standard streams of a child are QProcess's: its own would take the place of what is there.
constexpr NativeHandle::Type FirstNumber = 3;

bool isChildNumber(NativeHandle::Type number)
{
    return number >= FirstNumber && number <= std::numeric_limits<int>::max();
}
} // namespace

NativeHandle duplicateForChild(NativeHandle::Type handle, NativeHandle::Type number, int &nativeError)
{
    if (number != ChildHandles::AnyNumber && !isChildNumber(number)) {
        nativeError = EINVAL;
        return {};
    }
    // The same number as in the child: it is taken here, where nothing of QProcess can get in the way.
    NativeHandle copy(sys::duplicate(int(handle), int(number == ChildHandles::AnyNumber ? FirstNumber : number)));
    nativeError = copy ? 0 : errno;
    if (copy && number != ChildHandles::AnyNumber && copy.get() != number) {
        nativeError = EBUSY;
        return {};
    }
    if (copy && sys::makeBlocking(int(copy.get())) == -1) {
        nativeError = errno;
        return {};
    }
    return copy;
}

int prepareForChild(NativeHandle::Type handle)
{
    return sys::closeOnExec(int(handle)) == -1 || sys::makeBlocking(int(handle)) == -1 ? errno : 0;
}

void inheritInChild(QProcess *process, const std::shared_ptr<ChildInheritance> &inheritance)
{
    process->setChildProcessModifier(Modifier{process->childProcessModifier(), inheritance});
}

void forgetInheritance(QProcess *process)
{
    // What was attached last is outermost, and what has been put around it by others stays.
    for (;;) {
        const std::function<void()> outermost = process->childProcessModifier();
        const Modifier *const ours = outermost.target<Modifier>();
        if (!ours || !ours->inheritance->done)
            return;
        process->setChildProcessModifier(ours->before);
    }
}

QByteArray handleIdentity(NativeHandle::Type handle)
{
    struct stat status;
    if (!isChildNumber(handle) || sys::fstat(int(handle), &status) == -1)
        return {};
    return QByteArray::number(qulonglong(status.st_dev), 16) + '.' + QByteArray::number(qulonglong(status.st_ino), 16);
}

void keepFromChildren(NativeHandle::Type handle)
{
    static_cast<void>(sys::closeOnExec(int(handle)));
}

} // namespace InterprocessQt
