// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <map>
#include <poll.h>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

/*
 * peer_hostile <user> <stream|packets> <what> <path> [count]: a client without manners, or somebody who plays with names.
 * It becomes the user of that number first, if it is not 0. It says "attacking" when it has begun, and goes on until it is
 * killed, or says "done" and ends. "honest" is a client that only wants its answers, and says how long they took.
 *
 * With the system's calls alone: nothing that the library refuses to do is to be out of reach.
 */
namespace
{

int type = SOCK_STREAM;
std::string path;
int count = 0;

void say(const char *text)
{
    std::puts(text);
    std::fflush(stdout);
}

void pause(int msecs)
{
    poll(nullptr, 0, msecs);
}

sockaddr_un addressOf(const std::string &name, socklen_t &length)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), std::min(name.size(), sizeof address.sun_path - 1));
    length = socklen_t(offsetof(sockaddr_un, sun_path) + name.size());
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    else
        ++length;
    return address;
}

// Waits for room in the backlog. -1 if the server is not there (any more).
int connected(bool blocking = true)
{
    const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    socklen_t length = 0;
    const sockaddr_un address = addressOf(path, length);
    if (connect(fd, reinterpret_cast<const sockaddr *>(&address), length) == -1) {
        close(fd);
        return -1;
    }
    if (!blocking)
        fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

void reconnect(int &fd)
{
    close(fd);
    fd = connected(false);
    if (fd == -1)
        pause(1);
}

// ---- Clients

int silent()
{
    for (int i = 0; i < count; ++i)
        connected();
    say("attacking");
    for (;;)
        ::pause();
}

int drip()
{
    std::vector<int> sockets;
    for (int i = 0; i < count; ++i)
        sockets.push_back(connected(false));
    say("attacking");
    for (;;) {
        for (int &fd : sockets) {
            if (send(fd, "\0", 1, MSG_NOSIGNAL) == -1 && errno != EAGAIN)
                reconnect(fd);
        }
        pause(20);
    }
}

int garbage()
{
    std::mt19937 random{static_cast<unsigned>(getpid())};
    std::vector<int> sockets;
    for (int i = 0; i < count; ++i)
        sockets.push_back(connected(false));
    say("attacking");
    std::vector<char> bytes(100'000);
    for (;;) {
        for (char &byte : bytes)
            byte = char(random());
        for (int &fd : sockets) {
            const size_t size = type == SOCK_SEQPACKET && random() % 50 ? random() % 1000 : random() % bytes.size();
            if (send(fd, bytes.data(), size, MSG_NOSIGNAL) == -1 && errno != EAGAIN)
                reconnect(fd);
            char answer[65536];
            while (recv(fd, answer, sizeof answer, 0) > 0) { }
        }
        pause(1);
    }
}

// Announces the most that four bytes can, and sends some of it.
int length()
{
    std::vector<int> sockets;
    for (int i = 0; i < count; ++i)
        sockets.push_back(connected(false));
    say("attacking");
    std::vector<char> bytes(10'000, '\xff');
    for (;;) {
        for (int &fd : sockets) {
            if (send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == -1 && errno != EAGAIN)
                reconnect(fd);
        }
        pause(1);
    }
}

// Sends what is to be answered, as much as it can, and reads nothing.
int flood()
{
    std::vector<pollfd> sockets;
    for (int i = 0; i < count; ++i)
        sockets.push_back({connected(false), POLLOUT, 0});
    say("attacking");
    std::vector<char> bytes(4096, 0);
    bytes[2] = char(4092 / 256); // a message, where a length comes first
    bytes[3] = char(4092 % 256);
    // What does not fit goes on where it was left.
    std::vector<size_t> begun(sockets.size(), 0);
    for (;;) {
        poll(sockets.data(), sockets.size(), 100);
        for (size_t i = 0; i < sockets.size(); ++i) {
            for (;;) {
                const ssize_t sent = send(sockets[i].fd, bytes.data() + begun[i], bytes.size() - begun[i], MSG_NOSIGNAL);
                if (sent == -1 && errno != EAGAIN) {
                    reconnect(sockets[i].fd);
                    begun[i] = 0;
                }
                if (sent <= 0)
                    break;
                begun[i] = (begun[i] + size_t(sent)) % bytes.size();
            }
        }
    }
}

int connects()
{
    say("attacking");
    for (int i = 0; i < count; ++i) {
        const int fd = connected();
        if (fd == -1)
            continue;
        // With something to read left behind, its close() is a reset.
        static_cast<void>(send(fd, "x", i % 2, MSG_NOSIGNAL));
        close(fd);
    }
    say("done");
    return 0;
}

bool sendDescriptors(int fd, const std::vector<int> &descriptors)
{
    alignas(cmsghdr) char control[CMSG_SPACE(253 * sizeof(int))] = {};
    char byte = 'x';
    iovec piece = {&byte, 1};
    msghdr message = {};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr *const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size() * sizeof(int));
    return sendmsg(fd, &message, MSG_NOSIGNAL) != -1;
}

// Of every kind: what can be read for ever, what blocks, what contains itself, and as many as go.
int descriptors()
{
    const int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un unnamed = {AF_UNIX, {}};
    bind(listening, reinterpret_cast<const sockaddr *>(&unnamed), sizeof(sa_family_t));
    listen(listening, 5);
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
    sendDescriptors(pair[0], {pair[1], pair[0]}); // each is on its way to itself
    int ends[2];
    static_cast<void>(pipe2(ends, O_CLOEXEC));
    const std::vector<int> kinds = {folder,
                                    listening,
                                    pair[0],
                                    pair[1],
                                    ends[0],
                                    ends[1],
                                    open("/dev/zero", O_RDWR | O_CLOEXEC),
                                    open("/dev/full", O_RDWR | O_CLOEXEC),
                                    open("/proc/self/mem", O_RDONLY | O_CLOEXEC),
                                    open("/", O_PATH | O_CLOEXEC),
                                    epoll_create1(EPOLL_CLOEXEC),
                                    eventfd(0, EFD_CLOEXEC),
                                    memfd_create("hostile", MFD_CLOEXEC)};
    std::vector<int> sockets;
    for (int i = 0; i < count; ++i)
        sockets.push_back(connected(false));
    say("attacking");
    for (size_t round = 0;; ++round) {
        for (int &fd : sockets) {
            std::vector<int> sent;
            if (round % 3 == 0)
                sent.assign(253, folder);
            else if (round % 3 == 1)
                sent.assign(5, fd); // the connection itself
            else
                sent = kinds;
            if (!sendDescriptors(fd, sent) && errno != EAGAIN && errno != ETOOMANYREFS && errno != EBADF)
                reconnect(fd);
            char answer[65536];
            while (recv(fd, answer, sizeof answer, 0) > 0) { }
        }
        pause(2);
    }
}

// 32 bytes there and back, again and again. How many microseconds in the middle, and at most.
int honest()
{
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    int fd = -1;
    while ((fd = connected()) == -1) {
        if (Clock::now() - begin > std::chrono::seconds(20))
            return 2;
        pause(10);
    }
    const auto connectTime = Clock::now() - begin;
    std::vector<long> times;
    for (int i = 0; i < count; ++i) {
        char question[32] = {0, 0, 0, 28};
        std::memcpy(question + 4, &i, sizeof i);
        const auto asked = Clock::now();
        if (send(fd, question, sizeof question, MSG_NOSIGNAL) != sizeof question)
            return 3;
        char answer[32];
        for (size_t got = 0; got < sizeof answer;) {
            pollfd readable = {fd, POLLIN, 0};
            if (poll(&readable, 1, 20'000) != 1)
                return 4;
            const ssize_t size = recv(fd, answer + got, sizeof answer - got, 0);
            if (size <= 0)
                return 5;
            got += size_t(size);
        }
        if (std::memcmp(question, answer, sizeof answer) != 0)
            return 6;
        times.push_back(long(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked).count()));
    }
    std::sort(times.begin(), times.end());
    std::printf("connected in %ld us; answers: median %ld us, of 100 the slowest %ld us, longest %ld us\n",
                long(std::chrono::duration_cast<std::chrono::microseconds>(connectTime).count()),
                times[times.size() / 2],
                times[times.size() * 99 / 100],
                times.back());
    return 0;
}

// ---- Names

// Puts one thing after the other at the path, at once each time: a link to the victim, a directory, a file, sockets, a FIFO.
int swap()
{
    const std::string victim = path + ".victim";
    const std::string own = path + "." + std::to_string(getpid());
    say("attacking");
    for (int i = 0;; ++i) {
        rmdir(own.c_str());
        unlink(own.c_str());
        switch (i % 6) {
        case 0:
        case 1:
            static_cast<void>(symlink(victim.c_str(), own.c_str()));
            break;
        case 2:
            mkdir(own.c_str(), 0700);
            break;
        case 3:
            close(open(own.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
            break;
        case 4: {
            const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            socklen_t length = 0;
            const sockaddr_un address = addressOf(own, length);
            bind(fd, reinterpret_cast<const sockaddr *>(&address), length);
            close(fd); // which leaves it there, as after a crash
            break;
        }
        case 5:
            mkfifo(own.c_str(), 0600);
            break;
        }
        // A directory is only replaced by another one.
        if (rename(own.c_str(), path.c_str()) == -1) {
            rmdir(path.c_str());
            unlink(path.c_str());
        }
        if (i % 7 == 0)
            unlink(path.c_str());
    }
}

// Has the name before the server does, and answers in its place.
int squat()
{
    const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    socklen_t length = 0;
    const sockaddr_un address = addressOf(path, length);
    umask(0);
    if (bind(fd, reinterpret_cast<const sockaddr *>(&address), length) == -1 || listen(fd, 5) == -1)
        return 2;
    say("attacking");
    for (;;) {
        const int client = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (client != -1) // it wants to hear secrets
            static_cast<void>(write(client, "welcome", 7));
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 5)
        return 1;
    if (const uid_t user = uid_t(std::atoi(argv[1])); user != 0) {
        if (setgroups(0, nullptr) == -1 || setgid(user) == -1 || setuid(user) == -1)
            return 1;
    }
    type = std::string(argv[2]) == "packets" ? SOCK_SEQPACKET : SOCK_STREAM;
    path = argv[4];
    count = argc > 5 ? std::atoi(argv[5]) : 0;
    const std::map<std::string, int (*)()> all = {{"silent", silent},
                                                  {"drip", drip},
                                                  {"garbage", garbage},
                                                  {"length", length},
                                                  {"flood", flood},
                                                  {"connects", connects},
                                                  {"descriptors", descriptors},
                                                  {"honest", honest},
                                                  {"swap", swap},
                                                  {"squat", squat}};
    const auto found = all.find(argv[3]);
    return found == all.end() ? 1 : found->second();
}
