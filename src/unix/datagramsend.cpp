// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixdatagramsocket_p.h"

#include "ancillary_p.h"
#include "socketname_p.h"
#include "syscalls_p.h"

#include <QtCore/qtimer.h>

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{

// What one destination gets before others, and the user interface, have their turn.
constexpr int SendShare = 64;
constexpr auto FirstDelay = 1ms;
constexpr auto LongestDelay = 50ms;

// So often one that waits is tried again when the kernel has no memory for it: about a second.
constexpr int MostShortages = 24;

#ifdef __linux__
// There is no memory for it: now, or ever, as most of it has to be in one piece (sock_alloc_send_pskb(), 4 MiB at most).
constexpr bool NoBuffersIsFull = false;
#else
constexpr bool NoBuffersIsFull = true; // how the BSDs say that the receiver's queue is full (send(2) there)
#endif

// Passes by itself: the receiver's queue or our buffer is full.
bool mustWait(int error)
{
    return error == EAGAIN || (NoBuffersIsFull && error == ENOBUFS);
}

// What counts of a datagram against the limit for all: many empty ones take memory, too.
qint64 totalSize(const UnixMessage &message)
{
    return message.data().size() + UnixDatagramSocket::QueuedDatagramOverhead;
}

// The receiver is there and would have taken another one.
bool concernsOneAlone(int error)
{
    return error == ENOBUFS || error == EMSGSIZE || error == EINVAL || error == EBADF || error == EPERM;
}

QString textOf(const Address &destination)
{
    return destination.isValid() ? UnixDatagramSocket::tr("send to %1").arg(destination.nativeName()) : UnixDatagramSocket::tr("send");
}

} // namespace

// ---- One datagram

// 0 or a native error.
int UnixDatagramSocketPrivate::transmit(const UnixMessage &message, const Address *destination)
{
    const QByteArray data = message.data();
    const std::optional<PeerCredentials> credentials = message.credentials();
    iovec piece = {const_cast<char *>(data.constData()), size_t(data.size())};
    msghdr header = {};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    ControlBuffer control;
    if ((credentials || !message.descriptors().empty()) && !control.put(header, message.descriptors(), credentials ? &*credentials : nullptr))
        return EINVAL;
    std::optional<SocketName> where;
    if (destination) {
        where.emplace(*destination);
        header.msg_name = &where->storage;
        header.msg_namelen = where->length;
    }
    int failure = sys::sendMessage(fd(), header) == -1 ? errno : 0;
    if (failure == ECONNRESET) {
        // Not about this datagram: one that waits to be told since the peer has discarded some of those sent before, as it
        // does when it connects to somebody else.
        noteError(systemError(failure, UnixDatagramSocket::tr("what was sent to %1 before").arg(peer.nativeName())), peer, 0);
        failure = sys::sendMessage(fd(), header) == -1 ? errno : 0;
    }
    return failure;
}

qint64 UnixDatagramSocketPrivate::maximumSize() const
{
    int size = 0;
    socklen_t length = sizeof size;
    if (!descriptor || sys::socketOption(fd(), SOL_SOCKET, SO_SNDBUF, &size, &length) == -1)
        return -1;
#ifdef __linux__
    return std::max(0, size - 32); // so much the kernel keeps for itself (unix_dgram_sendmsg())
#else
    return size;
#endif
}

// What is wrong with it whoever the receiver is.
std::optional<ErrorInfo> UnixDatagramSocketPrivate::flawOf(const UnixMessage &message) const
{
    if (message.descriptors().size() > UnixMessage::MaximumDescriptors) {
        return ErrorInfo{
            StreamDevice::OperationError,
            EINVAL,
            UnixDatagramSocket::tr("send: %1 descriptors; one datagram carries %2").arg(message.descriptors().size()).arg(UnixMessage::MaximumDescriptors)};
    }
    if (const auto credentials = message.credentials()) {
        if (!canPassCredentials())
            return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, UnixDatagramSocket::tr("send: this system sends no credentials")};
        if (!credentials->processId() || !credentials->userId() || !credentials->groupId()) {
            return ErrorInfo{StreamDevice::OperationError, EINVAL, UnixDatagramSocket::tr("send: the credentials name no process, user and group")};
        }
    }
    return {};
}

ErrorInfo UnixDatagramSocketPrivate::sendError(int failure, const UnixMessage &message, const Address &destination) const
{
    const QString operation = textOf(destination);
    switch (failure) {
    case EMSGSIZE: {
        ErrorInfo info = systemError(failure, operation);
        if (const qint64 most = maximumSize(); most != -1)
            info.text += UnixDatagramSocket::tr(" (%1 bytes; %2 are possible)").arg(message.data().size()).arg(most);
        return info;
    }
    case EPERM: {
        const auto credentials = message.credentials();
        ErrorInfo info = systemError(failure, operation);
        info.text += credentials && checkOwnCredentials(*credentials) ? UnixDatagramSocket::tr(" (the credentials are not those of this process)")
                                                                      : UnixDatagramSocket::tr(" (it receives from another socket only)");
        return info;
    }
    default:
        return systemError(failure, operation);
    }
}

bool UnixDatagramSocketPrivate::submit(UnixMessage &message, const Address &destination, bool byName)
{
    clearError();
    if (byName && !destination.isValid())
        return fail({StreamDevice::ServerNotFoundError, 0, UnixDatagramSocket::tr("send: %1").arg(destination.errorString())});
    if (!byName && !connected)
        return fail({StreamDevice::OperationError, ENOTCONN, UnixDatagramSocket::tr("send: there is no destination")});
    if (const auto flaw = flawOf(message))
        return fail(*flaw);
    if (!open())
        return false;

    const auto there = destinations.find(destination);
    if (there != destinations.end())
        return enqueue(message, destination, byName, &there->second);
    const int failure = transmit(message, byName ? &destination : nullptr);
    if (mustWait(failure))
        return enqueue(message, destination, byName, nullptr);
    if (failure == 0) {
        const UnixMessage gone = std::move(message);
        ++sent;
        scheduleTurnEnd();
        return true;
    }
    const ErrorInfo info = sendError(failure, message, destination);
    if (!byName)
        peerLost();
    return fail(info);
}

// ---- The queues

bool UnixDatagramSocketPrivate::enqueue(UnixMessage &message, const Address &destination, bool byName, Destination *there)
{
    const qint64 size = message.data().size();
    const auto count = there ? qint64(there->queue.size()) : 0;
    if (count >= sendQueueLimit || (there && there->bytes + size > sendQueueByteLimit)) {
        if (there) { // with nothing that waits for it there is no moment to tell of
            there->roomWanted = std::max(there->roomWanted, size);
            setCongested(there->congested, true);
        }
        return fail({StreamDevice::SocketResourceError, EAGAIN, textOf(destination) + UnixDatagramSocket::tr(": %1 datagrams wait for it already").arg(count)});
    }
    if (queuedCount > 0 && queuedBytes + totalSize(message) > sendQueueTotalLimit) {
        roomWanted = std::max(roomWanted, totalSize(message));
        setCongested(allCongested, true);
        return fail({StreamDevice::SocketResourceError,
                     EAGAIN,
                     textOf(destination) + UnixDatagramSocket::tr(": %1 datagrams wait for all destinations already").arg(queuedCount)});
    }
    // What the kernel would refuse later, when nobody can be asked any more.
    if (const qint64 most = maximumSize(); most != -1 && size > most) // if it is not known the kernel says so later, after all
        return fail(sendError(EMSGSIZE, message, destination));
    if (const auto credentials = message.credentials()) {
        if (const int failure = checkOwnCredentials(*credentials))
            return fail(sendError(failure, message, destination));
    }

    if (!there) {
        there = &destinations[destination];
        there->delay = FirstDelay;
        there->nextTry = Clock::now() + FirstDelay;
    }
    queuedBytes += totalSize(message);
    there->queue.push_back({std::move(message), byName});
    there->bytes += size;
    ++queuedCount;
    updateCongestion(*there);
    updateTotalCongestion();
    schedule();
    return true;
}

void UnixDatagramSocketPrivate::removeFirst(Destination &there)
{
    const UnixMessage &first = there.queue.front().message;
    there.bytes -= first.data().size();
    queuedBytes -= totalSize(first);
    there.queue.pop_front();
    --queuedCount;
}

// How many have left the queue.
int UnixDatagramSocketPrivate::flush(const Address &address, Destination &there)
{
    int done = 0;
    while (!there.queue.empty() && done < SendShare) {
        Queued &first = there.queue.front();
        const int failure = transmit(first.message, first.byName ? &address : nullptr);
        if (mustWait(failure) || failure == ETOOMANYREFS || (failure == ENOBUFS && ++first.shortages < MostShortages))
            break;
        ++done;
        if (failure == 0) {
            ++sent;
            scheduleTurnEnd();
            removeFirst(there);
        } else if (concernsOneAlone(failure)) {
            noteError(sendError(failure, first.message, address), address, 1);
            removeFirst(there);
        } else {
            drop(address, there, sendError(failure, first.message, address));
        }
    }
    updateCongestion(there);
    updateTotalCongestion();
    return done;
}

void UnixDatagramSocketPrivate::drop(Address address, Destination &there, const ErrorInfo &why)
{
    const int count = int(there.queue.size());
    const bool wasPeer = connected && address == peer;
    queuedCount -= count;
    queuedBytes -= there.bytes + count * UnixDatagramSocket::QueuedDatagramOverhead;
    there.queue.clear();
    there.bytes = 0;
    updateCongestion(there);
    updateTotalCongestion();
    if (wasPeer)
        peerLost();
    noteError(why, address, count);
}

void UnixDatagramSocketPrivate::dropAll(const ErrorInfo &why)
{
    for (auto &[address, there] : destinations) {
        ErrorInfo info = why;
        info.text = textOf(address) + QLatin1String(": ") + why.text;
        drop(address, there, info);
    }
    destinations.clear();
}

// What was to go over the connection goes on by the name, if there is one.
void UnixDatagramSocketPrivate::leavePeer()
{
    const auto found = connected ? destinations.find(peer) : destinations.end();
    if (found == destinations.end())
        return;
    Destination &there = found->second;
    if (!peer.isValid()) {
        drop(peer, there, {StreamDevice::OperationError, ENOTCONN, UnixDatagramSocket::tr("send: the socket was disconnected")});
        destinations.erase(found);
        return;
    }
    for (Queued &queued : there.queue)
        queued.byName = true;
    there.delay = FirstDelay;
    there.nextTry = Clock::now();
}

namespace
{
// From there on it goes on: half-way down, and not before there is room for what was refused.
qint64 relief(qint64 limit, qint64 roomWanted)
{
    return std::min(limit / 2, std::max<qint64>(0, limit - roomWanted));
}
} // namespace

void UnixDatagramSocketPrivate::updateCongestion(Destination &there)
{
    const auto count = qint64(there.queue.size());
    if (!there.congested)
        setCongested(there.congested, count > 0 && (count >= sendQueueLimit || there.bytes >= sendQueueByteLimit));
    else if (count <= sendQueueLimit / 2 && there.bytes <= relief(sendQueueByteLimit, there.roomWanted))
        setCongested(there.congested, false);
    if (!there.congested)
        there.roomWanted = 0;
}

void UnixDatagramSocketPrivate::updateTotalCongestion()
{
    if (!allCongested)
        setCongested(allCongested, queuedCount > 0 && queuedBytes >= sendQueueTotalLimit);
    else if (queuedBytes <= relief(sendQueueTotalLimit, roomWanted))
        setCongested(allCongested, false);
    if (!allCongested)
        roomWanted = 0;
}

void UnixDatagramSocketPrivate::setCongested(bool &congestedHere, bool now)
{
    if (std::exchange(congestedHere, now) == now)
        return;
    congestedCount += now ? 1 : -1;
    congested = congested || now;
    scheduleTurnEnd(); // which tells
}

void UnixDatagramSocketPrivate::limitsChanged()
{
    for (auto &[address, there] : destinations)
        updateCongestion(there);
    updateTotalCongestion();
}

// ---- When it goes on

// Only a connected socket is writable when its receiver has room; of any other destination the kernel does not tell.
bool UnixDatagramSocketPrivate::waitsForPoll(const Address &address, const Destination &there) const
{
    return connected && !there.queue.empty() && !there.queue.front().byName && !there.pollUseless && address == peer;
}

bool UnixDatagramSocketPrivate::waitsForPoll() const
{
    const auto found = connected && !destinations.empty() ? destinations.find(peer) : destinations.end();
    return found != destinations.end() && waitsForPoll(found->first, found->second);
}

std::optional<UnixDatagramSocketPrivate::Clock::time_point> UnixDatagramSocketPrivate::nextTry() const
{
    std::optional<Clock::time_point> first;
    for (const auto &[address, there] : destinations) {
        if (!waitsForPoll(address, there) && (!first || there.nextTry < *first))
            first = there.nextTry;
    }
    return first;
}

void UnixDatagramSocketPrivate::tried(Destination &there, int done)
{
    if (done > 0)
        there.pollUseless = false;
    if (done >= SendShare)
        there.delay = 0ms;
    else if (done > 0 || there.delay == 0ms)
        there.delay = FirstDelay;
    else
        there.delay = std::min<std::chrono::milliseconds>(there.delay * 2, LongestDelay);
    there.nextTry = Clock::now() + there.delay;
}

void UnixDatagramSocketPrivate::flushPeer()
{
    const auto found = destinations.find(peer);
    if (found == destinations.end() || !waitsForPoll(found->first, found->second))
        return;
    const Address address = found->first; // the own one may be forgotten meanwhile
    const int done = flush(address, found->second);
    tried(found->second, done);
    // Other systems report a receiver as ready that is full, and this must not become a busy loop on any.
    found->second.pollUseless = done == 0;
}

void UnixDatagramSocketPrivate::flushDue(Clock::time_point now)
{
    for (auto &[address, there] : destinations) {
        if (!there.queue.empty() && there.nextTry <= now && !waitsForPoll(address, there))
            tried(there, flush(address, there));
    }
}

void UnixDatagramSocketPrivate::flushAll()
{
    for (auto &[address, there] : destinations)
        tried(there, flush(address, there));
    forgetEmpty();
}

void UnixDatagramSocketPrivate::forgetEmpty()
{
    std::erase_if(destinations, [](const auto &entry) {
        return entry.second.queue.empty();
    });
}

void UnixDatagramSocketPrivate::schedule()
{
    forgetEmpty();
    updateInterest();
    const auto next = watch.isStarted() ? nextTry() : std::nullopt;
    if (!next) {
        if (retryTimer)
            retryTimer->stop();
        return;
    }
    if (!retryTimer) {
        retryTimer = new QTimer(q);
        retryTimer->setSingleShot(true);
        retryTimer->setTimerType(Qt::PreciseTimer);
        QObject::connect(retryTimer, &QTimer::timeout, q, [this] {
            const TurnQueue::Batch batch;
            flushDue(Clock::now());
            schedule();
        });
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now());
    retryTimer->start(std::max(0ms, left));
}

} // namespace InterprocessQt
