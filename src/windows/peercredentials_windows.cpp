// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "peercredentials_p.h"

#include "syscalls_p.h"

namespace InterprocessQt
{

namespace
{

QString userOf(HANDLE process)
{
    QByteArray sid;
    return sys::userOfProcess(process, sid) == sys::NoError ? sys::sidText(sid) : QString();
}

QString ownUser()
{
    static const QString user = userOf(GetCurrentProcess());
    return user;
}

struct Peer {
    bool isServerEnd = false; // ours
    DWORD pid = 0;
};

std::optional<Peer> peerOf(HANDLE pipe)
{
    Peer peer;
    sys::PipeInfo info;
    if (sys::pipeInfo(pipe, info))
        return {};
    peer.isServerEnd = info.flags & PIPE_SERVER_END;
    if (sys::peerOfPipe(pipe, peer.isServerEnd, peer.pid))
        return {};
    return peer;
}

NativeHandle openPeer(HANDLE pipe, DWORD pid)
{
    NativeHandle process;
    if (sys::openProcess(pid, PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, process))
        return {};
    // The number belongs to the peer as long as it holds the pipe, and may belong to anybody after that.
    if (!sys::isPipeConnected(pipe, false))
        return {};
    return process;
}

} // namespace

PeerCredentials credentialsOfThisProcess()
{
    PeerCredentials own;
    const DWORD pid = sys::currentProcessId();
    own.setProcessId(pid);
    if (const QString user = ownUser(); !user.isEmpty())
        own.setSecurityId(user);
    if (const auto session = sys::sessionOfProcess(pid))
        own.setSessionId(*session);
    return own;
}

bool isUserOfThisProcess(const PeerCredentials &peer)
{
    return peer.securityId() && *peer.securityId() == ownUser();
}

PeerCredentials credentialsOfPeer(NativeHandle::Type handle)
{
    PeerCredentials credentials;
    const HANDLE pipe = sys::native(handle);
    const auto peer = handle == NativeHandle::Invalid ? std::nullopt : peerOf(pipe);
    if (!peer)
        return credentials;
    credentials.setProcessId(peer->pid);
    if (DWORD session = 0; sys::sessionOfPeer(pipe, peer->isServerEnd, session) == sys::NoError)
        credentials.setSessionId(session);
    if (const NativeHandle process = openPeer(pipe, peer->pid)) {
        if (const QString user = userOf(sys::native(process.get())); !user.isEmpty())
            credentials.setSecurityId(user);
    }
    return credentials;
}

NativeHandle openProcessOfPeer(NativeHandle::Type handle)
{
    const HANDLE pipe = sys::native(handle);
    const auto peer = peerOf(pipe);
    return peer ? openPeer(pipe, peer->pid) : NativeHandle();
}

bool hasPeerProcessHandles()
{
    return true;
}

bool peerIsPrivileged(const PeerCredentials &peer)
{
    // The system itself, as which services run. It may open anything anyway.
    return peer.securityId() == QLatin1String("S-1-5-18");
}

bool peerSharesGroup(const PeerCredentials &)
{
    return false; // users have no group of that kind
}

} // namespace InterprocessQt
