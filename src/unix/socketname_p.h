// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SOCKETNAME_P_H
#define INTERPROCESSQT_SOCKETNAME_P_H

#include <InterprocessQt/Address.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>

namespace InterprocessQt
{

// The form in which the system calls take a name, with its exact length.
struct SocketName {
    explicit SocketName(const Address &address);

    [[nodiscard]] const sockaddr *data() const noexcept
    {
        return reinterpret_cast<const sockaddr *>(&storage);
    }

    // One byte more than sockaddr_un, for a path of full length with its NUL.
    struct {
        sockaddr_un name;
        char nul;
    } storage = {};
    socklen_t length = 0;
};

// The other way round: what the kernel tells of a socket. Exact, also where it is not text, so that an answer arrives.
// Not valid if there is no name, or one that is relative to the directory of another process.
[[nodiscard]] Address addressOfSocketName(const sockaddr_un &name, socklen_t length);

// The bytes of sun_path that may be used: all of them on Linux, where no NUL is needed behind the last.
inline constexpr qsizetype MaximumPathBytes = sizeof(sockaddr_un::sun_path);

} // namespace InterprocessQt

#endif
