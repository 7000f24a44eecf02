// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ancillary_p.h"

#include "interprocessqt_config.h"
#include "syscalls_p.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace InterprocessQt
{

namespace
{

// cmsg_len is a size_t in one system, a socklen_t in the next.
template<typename Length>
std::size_t payloadOf(Length length)
{
    return std::size_t(length) > CMSG_LEN(0) ? std::size_t(length) - CMSG_LEN(0) : 0;
}

void takeDescriptors(const unsigned char *data, std::size_t size, std::size_t maximum, Ancillary &ancillary)
{
    for (std::size_t offset = 0; offset + sizeof(int) <= size; offset += sizeof(int)) {
        int fd = -1;
        std::memcpy(&fd, data + offset, sizeof fd);
        if (fd < 0)
            continue;
        NativeHandle descriptor(fd);
#if !HAVE_MSG_CMSG_CLOEXEC
        if (sys::closeOnExec(fd) == -1) {
            ancillary.descriptorsLost = true;
            continue;
        }
#endif
        if (ancillary.descriptors.size() < maximum)
            ancillary.descriptors.push_back(std::move(descriptor));
        else
            ancillary.descriptorsLost = true; // CMSG_SPACE() of one has room for two
    }
}

#if defined(__linux__)
// SCM_PIDFD: a handle of the sender's process, where somebody else who has the socket sets SO_PASSPIDFD (Linux 6.5) while it is
// used here. Nobody here asks for it. The headers of a system may be older than its kernel.
constexpr int MessageProcess = 4;
#if defined(SO_PASSPIDFD)
constexpr int PassProcess = SO_PASSPIDFD;
#elif !defined(__hppa__) && !defined(__sparc__)
constexpr int PassProcess = 76;
#else
constexpr int PassProcess = -1;
#endif

void closeDescriptors(const unsigned char *data, std::size_t size)
{
    Ancillary unwanted;
    takeDescriptors(data, size, 0, unwanted);
}
#endif

#if HAVE_SCM_CREDENTIALS
void takeCredentials(const unsigned char *data, std::size_t size, Ancillary &ancillary)
{
    ucred sender = {};
    if (size < sizeof sender)
        return;
    std::memcpy(&sender, data, sizeof sender);
    PeerCredentials credentials;
    // What was sent before the receiver asked for credentials has none: no process, and nobody (unix(7), "overflow" ids).
    if (sender.pid != 0 || (sender.uid != uid_t(-1) && sender.uid != 65534)) {
        credentials.setProcessId(sender.pid);
        credentials.setUserId(sender.uid);
        credentials.setGroupId(sender.gid);
    }
    ancillary.credentials = credentials;
}
#endif

template<typename Length>
cmsghdr *begin(msghdr &message, void *bytes, Length size)
{
    message.msg_control = bytes;
    message.msg_controllen = decltype(message.msg_controllen)(size);
    return CMSG_FIRSTHDR(&message);
}

} // namespace

bool ControlBuffer::put(msghdr &message, std::span<const NativeHandle> descriptors, const PeerCredentials *credentials)
{
    static_assert(CMSG_SPACE(MaximumDescriptorsPerMessage * sizeof(int)) + CMSG_SPACE(64) <= Size);
    std::memset(m_bytes, 0, sizeof m_bytes); // the padding goes to the kernel, too
    cmsghdr *header = begin(message, m_bytes, sizeof m_bytes);
    std::size_t used = 0;
    if (!descriptors.empty()) {
        const std::size_t size = std::min<std::size_t>(descriptors.size(), MaximumDescriptorsPerMessage) * sizeof(int);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = decltype(header->cmsg_len)(CMSG_LEN(size));
        unsigned char *data = CMSG_DATA(header);
        for (const NativeHandle &descriptor : descriptors.first(size / sizeof(int))) {
            const int fd = int(descriptor.get());
            std::memcpy(data, &fd, sizeof fd);
            data += sizeof fd;
        }
        used += CMSG_SPACE(size);
        header = CMSG_NXTHDR(&message, header);
    }
    if (credentials) {
#if HAVE_SCM_CREDENTIALS
        const auto pid = credentials->processId();
        const auto uid = credentials->userId();
        const auto gid = credentials->groupId();
        if (!pid || !uid || !gid)
            return false;
        ucred own = {};
        own.pid = pid_t(*pid);
        own.uid = *uid;
        own.gid = *gid;
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_CREDENTIALS;
        header->cmsg_len = CMSG_LEN(sizeof own);
        std::memcpy(CMSG_DATA(header), &own, sizeof own);
        used += CMSG_SPACE(sizeof own);
#else
        return false;
#endif
    }
    message.msg_controllen = decltype(message.msg_controllen)(used);
    if (used == 0)
        message.msg_control = nullptr;
    return true;
}

void ControlBuffer::makeRoom(msghdr &message, int descriptors, bool withCredentials)
{
    const auto count = std::size_t(std::clamp(descriptors, 0, MaximumDescriptorsPerMessage));
    std::size_t size = count > 0 ? CMSG_LEN(count * sizeof(int)) : 0;
#if HAVE_SCM_CREDENTIALS
    if (withCredentials)
        size += CMSG_SPACE(sizeof(ucred));
#else
    static_cast<void>(withCredentials);
#endif
    message.msg_control = size > 0 ? m_bytes : nullptr;
    message.msg_controllen = decltype(message.msg_controllen)(size);
}

Ancillary ControlBuffer::take(const msghdr &message, int maximumDescriptors)
{
    Ancillary ancillary;
    ancillary.descriptorsLost = (message.msg_flags & MSG_CTRUNC) != 0;
    if (!message.msg_control)
        return ancillary;
    const auto *const first = static_cast<const unsigned char *>(message.msg_control);
    const std::size_t length = std::size_t(message.msg_controllen);
    // By hand, and not with CMSG_NXTHDR(): a message that was cut off may say that it is longer than what there is (as on
    // macOS), and what is decoded must never be more than what the kernel has written.
    std::size_t offset = 0;
    while (offset + CMSG_LEN(0) <= length) {
        cmsghdr header = {};
        std::memcpy(&header, first + offset, sizeof header);
        const std::size_t whole = std::min<std::size_t>(std::size_t(header.cmsg_len), length - offset);
        if (std::size_t(header.cmsg_len) < CMSG_LEN(0))
            break;
        const unsigned char *const data = first + offset + CMSG_LEN(0);
        const std::size_t size = payloadOf(whole);
        if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_RIGHTS)
            takeDescriptors(data, size, std::size_t(std::max(0, maximumDescriptors)), ancillary);
#if HAVE_SCM_CREDENTIALS
        else if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_CREDENTIALS)
            takeCredentials(data, size, ancillary);
#endif
#if defined(__linux__)
        else if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == MessageProcess)
            closeDescriptors(data, size);
#endif
        offset += CMSG_SPACE(size);
    }
    return ancillary;
}

int checkOwnCredentials(const PeerCredentials &credentials)
{
    int pair[2];
    if (sys::socketPair(SOCK_DGRAM, pair) == -1)
        return errno;
    const NativeHandle first(pair[0]);
    const NativeHandle second(pair[1]);
    char byte = 0;
    iovec piece = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    ControlBuffer control;
    if (!control.put(message, {}, &credentials))
        return EINVAL;
    return sys::sendMessage(pair[0], message) == -1 ? errno : 0;
}

int setPassCredentials(int fd, bool enabled)
{
#if HAVE_SCM_CREDENTIALS
    return sys::setSocketOption(fd, SOL_SOCKET, SO_PASSCRED, enabled) == -1 ? errno : 0;
#else
    static_cast<void>(fd);
    return enabled ? EOPNOTSUPP : 0;
#endif
}

bool passesCredentials(int fd)
{
    int enabled = 0;
#if HAVE_SCM_CREDENTIALS
    socklen_t length = sizeof enabled;
    if (sys::socketOption(fd, SOL_SOCKET, SO_PASSCRED, &enabled, &length) == -1)
        return false;
#else
    static_cast<void>(fd);
#endif
    return enabled != 0;
}

bool canPassCredentials()
{
    return HAVE_SCM_CREDENTIALS;
}

void refuseProcessHandles(int fd)
{
#if defined(__linux__)
    sys::setSocketOption(fd, SOL_SOCKET, PassProcess, 0); // a kernel that does not know it sends none
#else
    static_cast<void>(fd);
#endif
}

} // namespace InterprocessQt
