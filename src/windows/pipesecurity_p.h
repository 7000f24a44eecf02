// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPESECURITY_P_H
#define INTERPROCESSQT_PIPESECURITY_P_H

#include "syscalls_p.h"

#include <InterprocessQt/LocalServer.h>
#include <InterprocessQt/SecurityDescriptor.h>

#include <memory>

namespace InterprocessQt
{

// What CreateNamedPipeW() wants to know of who may open the pipe. Children never inherit it.
class PipeSecurity
{
public:
    // By the options of a local server: nobody but the user, if there are none.
    DWORD set(LocalServer::SocketOptions access);
    // By a descriptor, which is valid.
    void set(const SecurityDescriptor &descriptor);
    [[nodiscard]] SECURITY_ATTRIBUTES *attributes() noexcept
    {
        return &m_attributes;
    }

private:
    struct Free {
        void operator()(void *memory) const noexcept;
    };
    std::unique_ptr<void, Free> m_descriptor;
    SecurityDescriptor m_given;
    SECURITY_ATTRIBUTES m_attributes = {sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
};

} // namespace InterprocessQt

#endif
