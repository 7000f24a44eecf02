// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "pipesecurity_p.h"

namespace InterprocessQt
{

namespace
{
// FILE_GENERIC_READ and FILE_GENERIC_WRITE without FILE_APPEND_DATA, which is FILE_CREATE_PIPE_INSTANCE on a pipe: whoever has that
// can put an instance of its own beside those of the server, and clients cannot tell.
constexpr auto ReadAndWrite = "0x12019b";
} // namespace

DWORD PipeSecurity::set(LocalServer::SocketOptions access)
{
    QByteArray user;
    if (const DWORD error = sys::userOfProcess(GetCurrentProcess(), user))
        return error;
    // Protected from what is inherited; everything for the user and for the system itself, as for the superuser of Unix. Other
    // computers are rejected by the pipe: denying the network group (NU) would shut out users who have logged on by SSH, too.
    QString text = QStringLiteral("D:P(A;;FA;;;SY)(A;;FA;;;%1)").arg(sys::sidText(user));
    if (access.testFlag(LocalServer::GroupAccessOption)) {
        QByteArray group;
        if (const DWORD error = sys::primaryGroupOfProcess(GetCurrentProcess(), group))
            return error;
        text += QStringLiteral("(A;;%1;;;%2)").arg(QLatin1String(ReadAndWrite), sys::sidText(group));
    }
    if (access.testFlag(LocalServer::OtherAccessOption))
        text += QStringLiteral("(A;;%1;;;WD)").arg(QLatin1String(ReadAndWrite));

    void *descriptor = nullptr;
    const DWORD error = sys::parseSecurityDescriptor(text, descriptor);
    m_descriptor.reset(descriptor);
    m_attributes.lpSecurityDescriptor = descriptor;
    return error;
}

void PipeSecurity::set(const SecurityDescriptor &descriptor)
{
    m_given = descriptor;
    m_attributes.lpSecurityDescriptor = const_cast<void *>(m_given.native());
}

void PipeSecurity::Free::operator()(void *memory) const noexcept
{
    sys::freeSecurityDescriptor(memory);
}

} // namespace InterprocessQt
