// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_FEATURES_H
#define INTERPROCESSQT_FEATURES_H

#include <InterprocessQt/interprocessqt_export.h>

#include <QtCore/qobjectdefs.h>

namespace InterprocessQt
{
Q_NAMESPACE_EXPORT(INTERPROCESSQT_EXPORT)

// What differs between systems and kernels and can be asked for at run time.
enum class Feature {
    AbstractNames, // Address::namespaced() lives in the kernel, without a file
    PeerProcessId, // PeerCredentials::processId()
    PeerGroups, // PeerCredentials::groupIds()
    PeerProcessHandle, // LocalSocket::openPeerProcess()
    HalfClose, // StreamDevice::closeWriteChannel() on local sockets
    ServiceActivation, // LocalServer::listenActivated()
    HandlePassing, // MessageSocket::send() with handles
    MessageCredentials, // UnixSocket::setCredentialsEnabled()
    PacketSockets, // MessageSocket::Transport::Packets
};
Q_ENUM_NS(Feature)

[[nodiscard]] INTERPROCESSQT_EXPORT bool isSupported(Feature feature);

} // namespace InterprocessQt

#endif
