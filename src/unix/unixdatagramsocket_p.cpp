// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixdatagramsocket_p.h"

#include "ancillary_p.h"
#include "interprocessqt_debug.h"
#include "pollwait_p.h"
#include "socketname_p.h"
#include "syscalls_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

UnixDatagramSocketPrivate::UnixDatagramSocketPrivate(UnixDatagramSocket *socket)
    : q(socket)
    , watch(*this)
    , name(BoundName::Receiving)
{
}

UnixDatagramSocketPrivate::~UnixDatagramSocketPrivate()
{
    // Nobody can be told by a signal any more.
    const quint64 before = droppedTotal;
    close();
    if (droppedTotal > before && isOurs())
        qCWarning(INTERPROCESSQT_LOG, "UnixDatagramSocket: %llu datagrams that waited to be sent were dropped", droppedTotal - before);
}

// ---- The descriptor

bool UnixDatagramSocketPrivate::open()
{
    if (descriptor)
        return true;
    NativeHandle made(sys::socket(SOCK_DGRAM));
    if (!made)
        return fail(systemError(errno, UnixDatagramSocket::tr("open a datagram socket")));
    if (passCredentials) {
        if (const int flaw = setPassCredentials(int(made.get()), true))
            return fail(systemError(flaw, UnixDatagramSocket::tr("ask for credentials")));
    }
    descriptor = std::move(made);
    started();
    return true;
}

bool UnixDatagramSocketPrivate::adopt(NativeHandle::Type handle)
{
    const int foreign = int(handle);
    const QString operation = UnixDatagramSocket::tr("use descriptor %1 as a datagram socket").arg(foreign);
    sockaddr_storage own = {};
    socklen_t length = sizeof own;
    if (sys::socketName(foreign, reinterpret_cast<sockaddr *>(&own), &length) == -1)
        return fail(systemError(errno, operation));
    int type = 0;
    length = sizeof type;
    if (sys::socketOption(foreign, SOL_SOCKET, SO_TYPE, &type, &length) == -1)
        return fail(systemError(errno, operation));
    if (own.ss_family != AF_UNIX || type != SOCK_DGRAM) {
        return fail(
            {StreamDevice::UnsupportedSocketOperationError, 0, operation + UnixDatagramSocket::tr(": it is not a Unix domain socket of type SOCK_DGRAM")});
    }
    if (sys::prepare(foreign) == -1)
        return fail(systemError(errno, operation));
    refuseProcessHandles(foreign);
    const bool passed = passesCredentials(foreign);
    if (passCredentials && !passed) {
        if (const int flaw = setPassCredentials(foreign, true))
            return fail(systemError(flaw, operation));
    } else if (passed && !passCredentials) {
        // Without room for them the kernel would say of every datagram that something was lost.
        passCredentials = true;
    }
    descriptor.reset(handle);
    struct {
        sockaddr_un name;
        char nul;
    } other = {};
    length = sizeof other;
    if (sys::peerName(foreign, reinterpret_cast<sockaddr *>(&other), &length) == 0) {
        connected = true;
        peer = addressOfSocketName(other.name, length);
    }
    started();
    return true;
}

void UnixDatagramSocketPrivate::adoptPair(NativeHandle handle)
{
    descriptor = std::move(handle);
    connected = true;
    started();
}

void UnixDatagramSocketPrivate::started()
{
    forkGeneration = sys::forkGeneration();
    announced = readingPaused = readingStopped = false;
    joinThread();
}

bool UnixDatagramSocketPrivate::isOurs() const
{
    return forkGeneration == sys::forkGeneration();
}

NativeHandle UnixDatagramSocketPrivate::end()
{
    if (!descriptor)
        return {};
    if (isOurs())
        flushAll(); // what the kernel has room for now; the parent does it for itself
    dropAll({StreamDevice::OperationError, 0, UnixDatagramSocket::tr("the socket was closed")});
    if (retryTimer)
        retryTimer->stop();
    watch.stop();
    connected = false;
    peer = Address();
    local = Address();
    return std::move(descriptor);
}

void UnixDatagramSocketPrivate::close()
{
    // The name goes while the socket is still there, so that nobody takes it for a stale one in between.
    const NativeHandle old = end();
    name.remove();
}

NativeHandle UnixDatagramSocketPrivate::release()
{
    NativeHandle given = end();
    name.release();
    return given;
}

int UnixDatagramSocketPrivate::bufferSize(int option)
{
    int size = -1;
    socklen_t length = sizeof size;
    if (!open())
        return -1;
    if (sys::socketOption(fd(), SOL_SOCKET, option, &size, &length) == -1) {
        static_cast<void>(fail(systemError(errno, UnixDatagramSocket::tr("ask for the size of a buffer"))));
        return -1;
    }
    return size;
}

bool UnixDatagramSocketPrivate::setBufferSize(int option, int size)
{
    if (!open())
        return false;
    if (sys::setSocketOption(fd(), SOL_SOCKET, option, std::max(0, size)) == -1)
        return fail(systemError(errno, UnixDatagramSocket::tr("set the size of a buffer to %1").arg(size)));
    return true;
}

// ---- Threads

QEvent::Type UnixDatagramSocketPrivate::attachEventType()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

void UnixDatagramSocketPrivate::threadChanging()
{
    cancelTurnEnd();
    watch.stop();
    if (retryTimer)
        retryTimer->stop();
    // If this is a slot of ours, whoever called it must not touch again what is another thread's from here on.
    cutGuards();
    emittingReadyRead = false;
    QCoreApplication::postEvent(q, new QEvent(attachEventType()), Qt::HighEventPriority);
}

void UnixDatagramSocketPrivate::joinThread()
{
    if (!descriptor)
        return;
    updateInterest();
    if (watch.start(fd()))
        schedule();
    else // no event loop in this thread yet: the event waits until there is one
        QCoreApplication::postEvent(q, new QEvent(attachEventType()), Qt::HighEventPriority);
}

// ---- What the event loop brings

void UnixDatagramSocketPrivate::updateInterest()
{
    watch.setInterest({descriptor && !readingPaused && !readingStopped, descriptor && waitsForPoll()});
}

void UnixDatagramSocketPrivate::ioReady(IoReadiness readiness)
{
    if (readiness.writable) {
        flushPeer();
        schedule();
    }
    if (!readiness.readable || readingPaused || readingStopped)
        return;
    if (announced) {
        // Told already, and nobody has read: not again and again.
        readingPaused = true;
        updateInterest();
        return;
    }
    if (peekSize() >= 0) {
        announce();
    } else if (isShutDown()) {
        readingStopped = true;
        updateInterest();
    }
}

// As the last thing that is done: the slot may do whatever it likes.
void UnixDatagramSocketPrivate::announce()
{
    const Guard guard(*this);
    announced = true;
    const bool outer = std::exchange(emittingReadyRead, true);
    Q_EMIT q->readyRead();
    if (guard.isAlive())
        emittingReadyRead = outer;
}

// The kernel reports the end of a socket that somebody has shut down for ever.
bool UnixDatagramSocketPrivate::isShutDown() const
{
#ifdef POLLRDHUP
    constexpr short OneDirection = POLLRDHUP; // where it is only shut down for reading
#else
    constexpr short OneDirection = 0;
#endif
    pollfd state = {fd(), short(POLLIN | OneDirection), 0};
    return sys::poll(&state, 1, 0) == 1 && (state.revents & (POLLHUP | POLLNVAL | OneDirection));
}

// ---- What is told

void UnixDatagramSocketPrivate::clearError()
{
    error = UnixDatagramSocket::UnknownSocketError;
    nativeError = 0;
    errorString.clear();
}

void UnixDatagramSocketPrivate::setError(const ErrorInfo &info, int dropped)
{
    error = UnixDatagramSocket::Error(int(info.code));
    nativeError = info.native;
    errorString = info.text;
    if (dropped > 0)
        errorString += UnixDatagramSocket::tr(" (%1 datagrams dropped)").arg(dropped);
}

bool UnixDatagramSocketPrivate::fail(const ErrorInfo &info)
{
    setError(info, 0);
    return false;
}

void UnixDatagramSocketPrivate::noteError(const ErrorInfo &info, const Address &destination, int dropped)
{
    droppedTotal += quint64(dropped);
    setError(info, dropped);
    Incident *const last = incidents.empty() ? nullptr : &incidents.back();
    if (last && last->dropped > 0 && dropped > 0 && last->info.code == info.code && last->destination == destination)
        last->dropped += dropped;
    else
        incidents.push_back({info, destination, dropped});
    scheduleTurnEnd();
}

void UnixDatagramSocketPrivate::turnEnded()
{
    const Guard guard(*this);
    if (const int count = std::exchange(sent, 0); count > 0) {
        Q_EMIT q->datagramsSent(count);
        if (!guard.isAlive())
            return;
    }
    while (!incidents.empty()) {
        const Incident incident = incidents.front();
        incidents.pop_front();
        setError(incident.info, incident.dropped);
        Q_EMIT q->errorOccurred(error);
        if (!guard.isAlive())
            return;
        if (incident.dropped > 0)
            Q_EMIT q->datagramsDropped(incident.destination, incident.dropped);
        if (!guard.isAlive())
            return;
    }
    if (std::exchange(lostDescriptors, false)) {
        Q_EMIT q->descriptorsLost();
        if (!guard.isAlive())
            return;
    }
    // It becomes false together with the signal.
    congested = congestedCount > 0;
    if (congested != toldCongested) {
        toldCongested = congested;
        Q_EMIT q->congestedChanged(congested);
    }
}

// ---- Waiting

// Until what waits can go on, or there is something to read, if that is asked for.
IoReadiness UnixDatagramSocketPrivate::waitOnce(bool forReading, QDeadlineTimer deadline)
{
    if (const auto next = nextTry()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(std::max(*next - Clock::now(), Clock::duration::zero()));
        if (deadline.isForever() || deadline.remainingTime() > left.count())
            deadline = QDeadlineTimer(left);
    }
    const IoReadiness ready = pollWait(fd(), {forReading, waitsForPoll()}, deadline);
    if (ready.writable)
        flushPeer();
    flushDue(Clock::now());
    forgetEmpty();
    return ready;
}

bool UnixDatagramSocketPrivate::waitForReadyRead(QDeadlineTimer deadline)
{
    if (!descriptor)
        return fail({StreamDevice::OperationError, 0, UnixDatagramSocket::tr("wait: the socket is not open")});
    while (peekSize() < 0) {
        const IoReadiness ready = waitOnce(true, deadline);
        if (ready.readable) {
            if (peekSize() >= 0)
                break;
            if (isShutDown())
                return fail({StreamDevice::OperationError, 0, UnixDatagramSocket::tr("wait: the socket was shut down")});
        }
        if (deadline.hasExpired()) {
            schedule();
            return fail(systemError(ETIMEDOUT, UnixDatagramSocket::tr("wait for a datagram")));
        }
    }
    schedule();
    if (!announced && !emittingReadyRead)
        announce();
    return true;
}

bool UnixDatagramSocketPrivate::waitForDatagramsSent(QDeadlineTimer deadline)
{
    const quint64 before = droppedTotal;
    if (descriptor)
        flushAll();
    while (!destinations.empty() && !deadline.hasExpired())
        static_cast<void>(waitOnce(false, deadline));
    const bool timedOut = !destinations.empty();
    const bool dropped = droppedTotal > before;
    schedule();
    if (timedOut && !dropped)
        return fail(systemError(ETIMEDOUT, UnixDatagramSocket::tr("wait until all datagrams are sent")));
    if (sent > 0 || !incidents.empty()) {
        cancelTurnEnd();
        turnEnded(); // the last thing: a slot may destroy the object
    }
    return !timedOut && !dropped;
}

} // namespace InterprocessQt
