// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PEERCREDENTIALS_P_H
#define INTERPROCESSQT_PEERCREDENTIALS_P_H

#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/PeerCredentials.h>

namespace InterprocessQt
{

// Implemented once per platform.
[[nodiscard]] PeerCredentials credentialsOfThisProcess();
[[nodiscard]] bool isUserOfThisProcess(const PeerCredentials &peer);
[[nodiscard]] PeerCredentials credentialsOfPeer(NativeHandle::Type socket);
[[nodiscard]] NativeHandle openProcessOfPeer(NativeHandle::Type socket);
[[nodiscard]] bool hasPeerProcessHandles();
// May the peer use what file permissions would give to the user, the group, everybody?
[[nodiscard]] bool peerIsPrivileged(const PeerCredentials &peer);
[[nodiscard]] bool peerSharesGroup(const PeerCredentials &peer);

} // namespace InterprocessQt

#endif
