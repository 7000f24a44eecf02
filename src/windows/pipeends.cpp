// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipeends_p.h"

#include "pipename_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qdir.h>

namespace InterprocessQt
{

PipeEndName splitPipeName(const QString &name)
{
    const QString form = QDir::fromNativeSeparators(name);
    if (!form.startsWith(QLatin1String("//")) || form.section(QLatin1Char('/'), 3, 3).compare(QLatin1String("pipe"), Qt::CaseInsensitive) != 0)
        return {};
    const QString host = form.section(QLatin1Char('/'), 2, 2);
    // The rest as it was given: a pipe may have slashes in its name.
    const qsizetype prefix = 2 + host.size() + 6; // "\\" + host + "\pipe\"
    return {true, host == QLatin1String(".") ? QString() : host, PipePrefix + name.mid(prefix)};
}

quint32 processOfPipeEnd(NativeHandle::Type pipe, bool server, quint32 &pid)
{
    DWORD value = 0;
    const DWORD error = sys::processOfEnd(sys::native(pipe), server, value);
    pid = value;
    return error;
}

quint32 sessionOfPipeEnd(NativeHandle::Type pipe, bool server, quint32 &session)
{
    DWORD value = 0;
    const DWORD error = sys::sessionOfEnd(sys::native(pipe), server, value);
    session = value;
    return error;
}

quint32 impersonateClientOf(NativeHandle::Type pipe)
{
    return sys::impersonateClient(sys::native(pipe));
}

quint32 revertImpersonation()
{
    return sys::revertToSelf();
}

quint32 idOfThisThread()
{
    return sys::currentThreadId();
}

} // namespace InterprocessQt
