// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <InterprocessQt/MessageSocket>
#include <InterprocessQt/UnixDatagramSocket>
#include <InterprocessQt/UnixSocket>

#include <QCoreApplication>
#include <QTimer>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <grp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace InterprocessQt;

/*
 * peer_descriptorflood <unix|packets|stream|datagram>: has more descriptors on their way to itself than Linux allows a
 * user (RLIMIT_NOFILE, ETOOMANYREFS), and only then receives them. Says what has come of it. root is exempt from that limit,
 * and becomes nobody.
 */
namespace
{
// What waits leaves room in the table of descriptors: a sanitizer needs some, too.
constexpr int Limit = 120;
constexpr int Count = 160;

FileDescriptor something()
{
    return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

// Does the kernel say so at all? Asked with calls of our own.
bool isRefusedByTheKernel()
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == -1)
        return false;
    int refusal = 0;
    alignas(cmsghdr) char control[CMSG_SPACE(Limit / 2 * sizeof(int))] = {};
    for (int i = 0; i < 4 && refusal == 0; ++i) {
        char byte = 'x';
        iovec piece = {&byte, 1};
        msghdr message = {};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr *const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(Limit / 2 * sizeof(int));
        for (int j = 0; j < Limit / 2; ++j)
            reinterpret_cast<int *>(CMSG_DATA(header))[j] = 0;
        if (::sendmsg(ends[0], &message, 0) == -1)
            refusal = errno;
    }
    ::close(ends[0]);
    ::close(ends[1]);
    return refusal == ETOOMANYREFS;
}

int sent = 0;
int received = 0;
int descriptors = 0;
int inOrder = 0;
int errors = 0;

void got(const QByteArray &data, std::size_t count)
{
    inOrder += data.toInt() == received ? 1 : 0;
    ++received;
    descriptors += int(count);
}

int finish()
{
    std::printf("sent %d, received %d with %d descriptors, %d in order, %d errors\n", sent, received, descriptors, inOrder, errors);
    return 0;
}

// Sends all, then receives, until all has come or nothing more does.
int run(const std::function<bool(int)> &send, const std::function<void()> &receive)
{
    QTimer::singleShot(0, qApp, [=] {
        while (sent < Count && send(sent))
            ++sent;
    });
    // Meanwhile it is tried again, and in vain.
    QTimer::singleShot(200, qApp, [=] {
        auto *const timer = new QTimer(qApp);
        QObject::connect(timer, &QTimer::timeout, qApp, [=] {
            while (sent < Count && send(sent))
                ++sent;
            receive();
            if (received == Count || errors > 0)
                QCoreApplication::quit();
        });
        timer->start(5);
    });
    QTimer::singleShot(15'000, qApp, &QCoreApplication::quit);
    QCoreApplication::exec();
    return finish();
}

int onUnixSockets()
{
    const auto [sender, receiver] = UnixSocket::pair();
    receiver->setMaximumDescriptors(1);
    QObject::connect(sender.get(), &UnixSocket::errorOccurred, qApp, [] {
        ++errors;
    });
    return run(
        [&from = sender](int i) {
            if (from->send(QByteArray::number(i), something()) <= 0)
                return false;
            from->flush(); // what is gathered holds its descriptor
            return true;
        },
        [&to = receiver] {
            while (auto message = to->receive())
                got(message->data(), message->descriptors().size());
        });
}

int onMessageSockets(MessageSocket::Transport transport)
{
    const auto [sender, receiver] = MessageSocket::pair(transport);
    receiver->setMaximumHandles(1);
    QObject::connect(sender.get(), &MessageSocket::errorOccurred, qApp, [] {
        ++errors;
    });
    return run(
        [&from = sender](int i) {
            std::vector<NativeHandle> handles;
            handles.push_back(something());
            return from->send(QByteArray::number(i), std::move(handles));
        },
        [&to = receiver] {
            while (const auto message = to->receive())
                got(*message, to->takeHandles().size());
        });
}

// The first that is refused is refused to the caller, who keeps it, and what waits in the queue waits on.
int onDatagrams()
{
    const auto [sender, receiver] = UnixDatagramSocket::pair();
    receiver->setMaximumDescriptors(1);
    QObject::connect(sender.get(), &UnixDatagramSocket::errorOccurred, qApp, [] {
        ++errors;
    });
    return run(
        [&from = sender](int i) {
            UnixMessage message(QByteArray::number(i));
            message.addDescriptor(something());
            if (from->send(std::move(message)))
                return true;
            errors += from->nativeError() == ETOOMANYREFS ? 0 : 1;
            return false;
        },
        [&to = receiver] {
            while (auto message = to->receive())
                got(message->data(), message->descriptors().size());
        });
}

} // namespace

int main(int argc, char **argv)
{
    constexpr uid_t Nobody = 65534;
    const rlimit limit = {Limit, Limit};
    if (::setrlimit(RLIMIT_NOFILE, &limit) == -1 || (::geteuid() == 0 && (::setgroups(0, nullptr) == -1 || ::setgid(Nobody) == -1 || ::setuid(Nobody) == -1))) {
        std::puts("not possible");
        return 0;
    }
    const QCoreApplication application(argc, argv);
    if (!isRefusedByTheKernel()) {
        std::puts("not refused");
        return 0;
    }
    const QString what = QCoreApplication::arguments().value(1);
    if (what == "unix")
        return onUnixSockets();
    if (what == "datagram")
        return onDatagrams();
    return onMessageSockets(what == "stream" ? MessageSocket::Transport::Stream : MessageSocket::Transport::Packets);
}
