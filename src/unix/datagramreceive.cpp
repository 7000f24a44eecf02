// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixdatagramsocket_p.h"

#include "ancillary_p.h"
#include "interprocessqt_config.h"
#include "socketname_p.h"
#include "syscalls_p.h"
#include "unixmessage_p.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace InterprocessQt
{

namespace
{

#if HAVE_RECV_TRUE_SIZE
constexpr int TrueSize = MSG_TRUNC; // the call returns it, and not how much it has copied (recv(2))

// The size of the next datagram, or -1 with errno.
ssize_t peek(int fd)
{
    msghdr header = {};
    return sys::receiveMessage(fd, header, MSG_PEEK | TrueSize);
}
#else
constexpr int TrueSize = 0;

ssize_t peek(int fd)
{
    // Looks with more and more room until the whole of it fits.
    QByteArray room(4096, Qt::Uninitialized);
    for (;;) {
        iovec piece = {room.data(), size_t(room.size())};
        msghdr header = {};
        header.msg_iov = &piece;
        header.msg_iovlen = 1;
        const ssize_t size = sys::receiveMessage(fd, header, MSG_PEEK);
        if (size == -1 || !(header.msg_flags & MSG_TRUNC))
            return size;
        room.resize(room.size() * 4);
    }
}
#endif

} // namespace

void UnixDatagramSocketPrivate::resumeReading()
{
    if (std::exchange(readingPaused, false))
        updateInterest();
}

qint64 UnixDatagramSocketPrivate::peekSize()
{
    // Each error is one that waited to be told, and is gone with that.
    for (int tries = 0; descriptor && tries < 3; ++tries) {
        const ssize_t size = peek(fd());
        if (size >= 0)
            return size;
        if (errno == EAGAIN) {
            // What was told of is gone, to somebody else who has this socket or with a peer: the next one is told of.
            announced = false;
            resumeReading();
            break;
        }
        noteError(systemError(errno, UnixDatagramSocket::tr("receive")), peer, 0);
    }
    return -1;
}

std::optional<UnixMessage> UnixDatagramSocketPrivate::receive(qint64 maxSize)
{
    announced = false;
    resumeReading();
    const qint64 pending = peekSize();
    if (pending < 0)
        return {};

    QByteArray data(qsizetype(maxSize < 0 ? pending : std::min(pending, maxSize)), Qt::Uninitialized);
    struct {
        sockaddr_un name;
        char nul; // a path may fill all of sun_path
    } sender = {};
    iovec piece = {data.data(), size_t(data.size())};
    msghdr header = {};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    header.msg_name = &sender;
    header.msg_namelen = sizeof sender;
    ControlBuffer control;
    control.makeRoom(header, maximumDescriptors, passCredentials);
    const ssize_t size = sys::receiveMessage(fd(), header, TrueSize);
    if (size == -1) {
        // EAGAIN: somebody else who has this socket was quicker.
        if (errno != EAGAIN)
            noteError(systemError(errno, UnixDatagramSocket::tr("receive")), peer, 0);
        return {};
    }
    data.truncate(qsizetype(size));
    UnixMessage message(data);
    // Where only the peek knew: another one may have come in between, which is said to be cut off at least.
    const qint64 full = (header.msg_flags & MSG_TRUNC) ? std::max<qint64>(size, TrueSize ? size : std::max(pending, qint64(size) + 1)) : size;
    UnixMessageAccess::setFullSize(message, full);
    UnixMessageAccess::setSender(message, addressOfSocketName(sender.name, header.msg_namelen));
    Ancillary ancillary = ControlBuffer::take(header, maximumDescriptors);
    if (ancillary.descriptorsLost) {
        lostDescriptors = true;
        scheduleTurnEnd();
    }
    UnixMessageAccess::setAncillary(message, std::move(ancillary));
    return message;
}

} // namespace InterprocessQt
