// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "peercredentials_p.h"

#include "interprocessqt_config.h"
#include "syscalls_p.h"

#include <cerrno>
#include <unistd.h>

namespace InterprocessQt
{

namespace
{

#if HAVE_SO_PEERCRED
bool readPeer(int fd, PeerCredentials &peer)
{
    // A snapshot of the moment of connect() or listen() (unix(7)); the process may be gone, or be another program by now.
    ucred credentials = {};
    socklen_t length = sizeof credentials;
    if (sys::socketOption(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == -1)
        return false;
    // 0 is a process that our pid namespace does not show; nobody (-1) stands for "not connected".
    if (credentials.pid == 0 && credentials.uid == uid_t(-1))
        return false;
    peer.setProcessId(credentials.pid);
    peer.setUserId(credentials.uid);
    peer.setGroupId(credentials.gid);
    return true;
}
#elif HAVE_GETPEEREID
bool readPeer(int fd, PeerCredentials &peer)
{
    uid_t uid;
    gid_t gid;
    if (::getpeereid(fd, &uid, &gid) == -1)
        return false;
    peer.setUserId(uid);
    peer.setGroupId(gid);
    return true;
}
#else
bool readPeer(int, PeerCredentials &)
{
    return false;
}
#endif

#if HAVE_SO_PEERGROUPS
void readPeerGroups(int fd, PeerCredentials &peer)
{
    QList<quint32> groups(32);
    static_assert(sizeof(gid_t) == sizeof(quint32));
    socklen_t length = socklen_t(groups.size() * qsizetype(sizeof(gid_t)));
    int result = sys::socketOption(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &length);
    if (result == -1 && errno == ERANGE) { // length says how much room is needed (socket(7))
        groups.resize(qsizetype(length / sizeof(gid_t)));
        result = sys::socketOption(fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &length);
    }
    if (result == -1)
        return;
    groups.resize(qsizetype(length / sizeof(gid_t)));
    peer.setGroupIds(groups);
}
#else
void readPeerGroups(int, PeerCredentials &)
{
}
#endif

// In Linux's headers since 6.5; the number is part of the kernel's interface and the same on all common architectures
// (asm-generic/socket.h).
#if defined(SO_PEERPIDFD)
constexpr int PeerPidFd = SO_PEERPIDFD;
#elif defined(__linux__) && !defined(__hppa__) && !defined(__sparc__)
constexpr int PeerPidFd = 77;
#else
constexpr int PeerPidFd = -1;
#endif

} // namespace

PeerCredentials credentialsOfThisProcess()
{
    PeerCredentials own;
    own.setProcessId(getpid());
    own.setUserId(geteuid());
    own.setGroupId(getegid());
    if (const int count = getgroups(0, nullptr); count >= 0) {
        QList<gid_t> groups(count);
        groups.resize(qMax(0, getgroups(count, groups.data())));
        own.setGroupIds(QList<quint32>(groups.cbegin(), groups.cend()));
    }
    return own;
}

bool isUserOfThisProcess(const PeerCredentials &peer)
{
    return peer.userId() == quint32(geteuid());
}

PeerCredentials credentialsOfPeer(NativeHandle::Type socket)
{
    PeerCredentials peer;
    if (socket != NativeHandle::Invalid && readPeer(int(socket), peer))
        readPeerGroups(int(socket), peer);
    return peer;
}

NativeHandle openProcessOfPeer(NativeHandle::Type socket)
{
    int fd = -1;
    socklen_t length = sizeof fd;
    if (PeerPidFd == -1 || sys::socketOption(int(socket), SOL_SOCKET, PeerPidFd, &fd, &length) == -1)
        return {};
    return NativeHandle(fd); // closed on exec: the kernel makes every pidfd so (pidfd_open(2))
}

bool hasPeerProcessHandles()
{
    static const bool supported = [] {
        int pair[2];
        if (sys::socketPair(SOCK_STREAM, pair) == -1)
            return false;
        const NativeHandle first(pair[0]);
        const NativeHandle second(pair[1]);
        return openProcessOfPeer(first.get()).isValid();
    }();
    return supported;
}

bool peerIsPrivileged(const PeerCredentials &peer)
{
    return peer.userId() == 0u;
}

bool peerSharesGroup(const PeerCredentials &peer)
{
    const quint32 own = getegid();
    if (peer.groupId() == own)
        return true;
    const auto groups = peer.groupIds();
    return groups && groups->contains(own);
}

} // namespace InterprocessQt
