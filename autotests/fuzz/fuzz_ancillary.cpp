// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "require.h"
#include "unix/ancillary_p.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <memory>

/*
 * Whatever a kernel writes beside a message: nothing is read behind its end, every descriptor in it is handed over or
 * closed, in order and at most as many as are wanted.
 *
 * The first byte of the input has the flags of the message, the second says how many descriptors are wanted; the rest is
 * the control part. Each number in it that stands for a descriptor is replaced by one that is open.
 */

using namespace InterprocessQt;

namespace
{
constexpr int First = 100; // above what the fuzzer itself uses

bool isOpen(int fd)
{
    return ::fcntl(fd, F_GETFD) != -1;
}

bool carriesDescriptors(const cmsghdr &header)
{
#ifdef __linux__
    if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == 4) // SCM_PIDFD
        return true;
#endif
    return header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_RIGHTS;
}

// Puts open ones into the control part; those that are for the receiver come first in the answer's count.
struct Descriptors {
    std::vector<int> rights; // SCM_RIGHTS
    std::vector<int> all;
};

Descriptors fill(unsigned char *control, std::size_t length)
{
    Descriptors descriptors;
    std::size_t offset = 0;
    while (length - offset >= CMSG_LEN(0)) {
        cmsghdr header;
        std::memcpy(&header, control + offset, sizeof header);
        if (header.cmsg_len < CMSG_LEN(0))
            break;
        const std::size_t size = std::min<std::size_t>(header.cmsg_len, length - offset) - CMSG_LEN(0);
        if (carriesDescriptors(header)) {
            unsigned char *const data = control + offset + CMSG_LEN(0);
            for (std::size_t at = 0; at + sizeof(int) <= size; at += sizeof(int)) {
                int fd = -1;
                std::memcpy(&fd, data + at, sizeof fd);
                if (fd >= 0)
                    fd = ::fcntl(0, F_DUPFD_CLOEXEC, First);
                else
                    fd = -1;
                std::memcpy(data + at, &fd, sizeof fd);
                if (fd == -1)
                    continue;
                descriptors.all.push_back(fd);
                if (header.cmsg_type == SCM_RIGHTS)
                    descriptors.rights.push_back(fd);
            }
        }
        const std::size_t step = CMSG_SPACE(size);
        if (step > length - offset)
            break;
        offset += step;
    }
    return descriptors;
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2 || size > 2048)
        return 0;
    const int flags = data[0];
    const int maximum = data[1];
    data += 2;
    size -= 2;

    if (!isOpen(0))
        REQUIRE(::open("/dev/null", O_RDONLY) == 0);
    // As large as it is, so that a sanitizer sees each byte that is read too far; aligned as the kernel's answer is.
    const std::unique_ptr<unsigned char[]> control(new unsigned char[size]);
    std::copy(data, data + size, control.get());
    const Descriptors descriptors = fill(control.get(), size);

    msghdr message = {};
    message.msg_control = control.get();
    message.msg_controllen = decltype(message.msg_controllen)(size);
    message.msg_flags = flags & 1 ? MSG_CTRUNC : 0;
    {
        const Ancillary ancillary = ControlBuffer::take(message, maximum);
        const std::size_t wanted = std::min(descriptors.rights.size(), std::size_t(maximum));
        REQUIRE(ancillary.descriptors.size() == wanted);
        for (std::size_t i = 0; i < wanted; ++i) {
            REQUIRE(ancillary.descriptors[i].get() == descriptors.rights[i]);
            REQUIRE(isOpen(descriptors.rights[i]));
        }
        REQUIRE(ancillary.descriptorsLost == ((flags & 1) || descriptors.rights.size() > wanted));
        const auto open = std::count_if(descriptors.all.begin(), descriptors.all.end(), isOpen);
        REQUIRE(std::size_t(open) == wanted);
        REQUIRE(ancillary.isEmpty() == (wanted == 0 && !ancillary.credentials && !ancillary.descriptorsLost));
    }
    REQUIRE(std::none_of(descriptors.all.begin(), descriptors.all.end(), isOpen));
    return 0;
}
