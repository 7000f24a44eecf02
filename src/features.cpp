// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/Features.h>

#include "features_p.h"

namespace InterprocessQt
{

/*!
    \enum InterprocessQt::Feature

    What not every system or kernel offers. The answers are those of this build on Linux and, by design, of other Unix
    systems and of Windows. \l {Platforms} has them as a table.

    \value AbstractNames  Address::namespaced() names a place without a file. Linux, Android and Windows.
    \value PeerProcessId  PeerCredentials::processId() is known. Where there is SO_PEERCRED, as on Linux, and on Windows.
    \value PeerGroups  PeerCredentials::groupIds() is known. Linux 4.13 or newer; decided when the library is built.
    \value PeerProcessHandle  LocalSocket::openPeerProcess() gives a handle. Linux 6.5 or newer; the running kernel is
           asked. Windows.
    \value HalfClose  StreamDevice::closeWriteChannel() works on local sockets. All Unix systems.
    \value ServiceActivation  LocalServer::listenActivated() takes sockets that systemd, or whatever follows its
           protocol, has passed (sd_listen_fds(3)). All Unix systems.
    \value HandlePassing  MessageSocket::send() can send handles beside a message. All Unix systems.
    \value MessageCredentials  UnixSocket::setCredentialsEnabled() works. Linux and Android; decided when the library is
           built.
    \value PacketSockets  MessageSocket::Transport::Packets is what it says. Linux, the BSDs and Windows, not macOS; the
           running kernel is asked.
*/

/*!
    \threadsafe

    Returns whether \a feature works in this build, on the kernel it runs on. The answer does not change while the
    process runs. PeerProcessHandle and PacketSockets make sockets to find out, the first time they are
    asked for.
*/
bool isSupported(Feature feature)
{
    return platformSupports(feature);
}

} // namespace InterprocessQt
