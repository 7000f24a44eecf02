// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ANCILLARY_P_H
#define INTERPROCESSQT_ANCILLARY_P_H

#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/PeerCredentials.h>

#include <sys/socket.h>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace InterprocessQt
{

// As many as one message can carry (SCM_MAX_FD of Linux, unix(7)). Others take fewer, and say so when they are sent more.
inline constexpr int MaximumDescriptorsPerMessage = 253;

// What came beside the bytes of one message.
struct Ancillary {
    std::vector<NativeHandle> descriptors; // closed on exec
    std::optional<PeerCredentials> credentials;
    bool descriptorsLost = false; // more came than there was room for; the kernel or take() has closed them

    [[nodiscard]] bool isEmpty() const noexcept
    {
        return descriptors.empty() && !credentials && !descriptorsLost;
    }
};

/*
 * The control part of a msghdr, written for sendmsg() or read after recvmsg() (cmsg(3)).
 *
 * It is large (1 KiB): made on the stack for one call.
 */
class ControlBuffer
{
public:
    ControlBuffer() = default;
    Q_DISABLE_COPY_MOVE(ControlBuffer)

    // Sending. At most MaximumDescriptorsPerMessage descriptors, which stay the caller's. False: credentials that name no
    // process, user and group, or a system that cannot send them.
    [[nodiscard]] bool put(msghdr &message, std::span<const NativeHandle> descriptors, const PeerCredentials *credentials);

    // Receiving: gives a message room for so many descriptors, and for credentials where they come with each message.
    void makeRoom(msghdr &message, int descriptors, bool withCredentials);
    // After that: takes out what came. Owns every descriptor that the kernel made, and closes those above the limit.
    [[nodiscard]] static Ancillary take(const msghdr &message, int maximumDescriptors);

private:
    static constexpr std::size_t Size = 1152; // 253 descriptors and credentials, with what each system puts around them
    alignas(cmsghdr) std::byte m_bytes[Size];
};

// Will the kernel let this process send these credentials as its own? 0 or a native error. Asked on a socket of its own.
[[nodiscard]] int checkOwnCredentials(const PeerCredentials &credentials);

// Does a receiver get credentials with each message? (SO_PASSCRED) 0 or a native error.
[[nodiscard]] int setPassCredentials(int fd, bool enabled);
[[nodiscard]] bool passesCredentials(int fd);
[[nodiscard]] bool canPassCredentials();
// A handle of the sender's process with each message (SO_PASSPIDFD of Linux) may have been asked for by whoever made a socket,
// or the one that it was accepted from. Without room for it the kernel would say of each that something was lost.
void refuseProcessHandles(int fd);

} // namespace InterprocessQt

#endif
