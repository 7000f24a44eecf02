// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Receives numbered datagrams, not faster than told, and says whether they came in order.
//
// peer_datagramreceiver PATH COUNT MICROSECONDS: prints "ready", waits for a line, and then prints "in order" or what
// was wrong. A negative count: never reads.

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un name = {};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, argv[1], sizeof name.sun_path - 1);
    if (::bind(fd, reinterpret_cast<const sockaddr *>(&name), sizeof name) == -1)
        return 3;
    std::puts("ready");
    std::fflush(stdout);
    char line[16];
    if (!std::fgets(line, sizeof line, stdin))
        return 4;
    const int count = std::atoi(argv[2]);
    for (int i = 0; i < count; ++i) {
        char data[65536];
        const ssize_t size = ::recv(fd, data, sizeof data, 0);
        const std::string number(data, size > 0 ? std::size_t(size) : 0);
        if (std::atoi(number.c_str()) != i) {
            std::printf("%s instead of %d\n", number.c_str(), i);
            return 1;
        }
        ::usleep(useconds_t(std::atoi(argv[3])));
    }
    std::puts("in order");
    return 0;
}
