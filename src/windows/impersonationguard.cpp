// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/ImpersonationGuard.h>

#include "namedpipe_p.h"
#include "pipeends_p.h"

#include <QtCore/qlogging.h>

namespace InterprocessQt
{

/*!
    \class InterprocessQt::ImpersonationGuard
    \inmodule InterprocessQt
    \inheaderfile InterprocessQt/ImpersonationGuard
    \brief Lets the calling thread act as the client of a pipe for as long as it exists. Windows only.

    For a server that opens files, keys or other objects on behalf of its clients: with a guard the system decides by the rights
    of the client, and not by those of the server.

    \snippet fileservice/transfer.cpp impersonate

    \b {Look whether it is active} before doing anything: if it is not, the thread acts with the rights of the server. And ask
    for what was opened, as identification-only clients (the default of NamedPipe and LocalSocket) let the server find out who
    they are, but open nothing: that fails then with ERROR_BAD_IMPERSONATION_LEVEL (1346).

    It ends in the thread in which it has begun, as a local variable does. Let no event loop run meanwhile: whatever that does
    would be done in the name of the client. If the thread cannot be made itself again, the process is ended (qFatal()), as
    Microsoft demands (\l {https://learn.microsoft.com/en-us/windows/win32/api/securitybaseapi/nf-securitybaseapi-reverttoself}
    {RevertToSelf}): what it would do next would be done in a stranger's name. So it is if the guard is destroyed by another thread.
*/

/*!
    Makes the calling thread act as the client of \a pipe (ImpersonateNamedPipeClient()), which must be the server's end, and
    connected. Windows asks for something to have been read from the pipe before; what counts is the identity of the client when
    it wrote what was read last.

    \sa isActive()
*/
ImpersonationGuard::ImpersonationGuard(const NamedPipe &pipe)
{
    if (!pipe.isServerEnd()) {
        m_error = StreamDevice::OperationError;
        m_errorString = NamedPipe::tr("act as the client: the pipe is not a connected server's end");
        return;
    }
    if (const quint32 error = impersonateClientOf(pipe.socketDescriptor())) {
        const ErrorInfo info = systemError(int(error), NamedPipe::tr("act as the client"));
        m_error = info.code;
        m_nativeError = info.native;
        m_errorString = info.text;
        return;
    }
    m_thread = idOfThisThread();
}

/*!
    Makes the thread itself again.
*/
ImpersonationGuard::~ImpersonationGuard()
{
    revert();
}

/*!
    \fn InterprocessQt::ImpersonationGuard::operator bool() const

    Returns isActive().
*/

/*!
    Returns true if the thread acts as the client. If it does not, it acts as itself, and error() says why.
*/
bool ImpersonationGuard::isActive() const noexcept
{
    return m_thread != 0;
}

/*!
    Makes the thread itself again before the guard is destroyed.
*/
void ImpersonationGuard::revert()
{
    if (m_thread == 0)
        return;
    if (m_thread != idOfThisThread())
        qFatal("ImpersonationGuard: destroyed by another thread than that which acts as somebody else");
    if (const quint32 error = revertImpersonation())
        qFatal("ImpersonationGuard: the thread cannot be made itself again (Windows error %u)", error);
    m_thread = 0;
}

/*!
    Returns why the guard is not active: OperationError (not a connected server's end), SocketAccessError
    (ERROR_CANNOT_IMPERSONATE: nothing has been read yet, or not permitted), or what else the system says.
*/
StreamDevice::Error ImpersonationGuard::error() const noexcept
{
    return m_error;
}

/*!
    Returns the code of GetLastError() that belongs to error(), 0 if the system was not asked.
*/
int ImpersonationGuard::nativeError() const noexcept
{
    return m_nativeError;
}

/*!
    Returns why the guard is not active, to be read by people.
*/
QString ImpersonationGuard::errorString() const
{
    return m_errorString;
}

} // namespace InterprocessQt
