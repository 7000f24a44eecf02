// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "localserver_p.h"

#include "interprocessqt_debug.h"
#include "localsocket_p.h"
#include "peercredentials_p.h"
#include "stream/turnqueue_p.h"

#include <InterprocessQt/LocalSocket.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qtimer.h>

#include <algorithm>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
// So many are accepted before others, and the user interface, get their turn.
constexpr int AcceptShare = 64;
constexpr auto FirstResumeDelay = 20ms;
constexpr auto LongestResumeDelay = 500ms;

LocalServer::ServerError serverErrorOf(StreamDevice::Error code)
{
    switch (code) {
    case StreamDevice::ServerNotFoundError:
        return LocalServer::HostNotFoundError;
    case StreamDevice::SocketAccessError:
        return LocalServer::SocketAccessError;
    case StreamDevice::SocketResourceError:
        return LocalServer::SocketResourceError;
    case StreamDevice::SocketTimeoutError:
        return LocalServer::SocketTimeoutError;
    case StreamDevice::UnsupportedSocketOperationError:
        return LocalServer::UnsupportedSocketOperationError;
    case StreamDevice::OperationError:
        return LocalServer::OperationError;
    default:
        return int(code) == LocalServer::AddressInUseError ? LocalServer::AddressInUseError : LocalServer::UnknownSocketError;
    }
}
} // namespace

// ---- Beginning and end

LocalServerPrivate::~LocalServerPrivate()
{
    for (LocalSocket *socket : std::as_const(pending))
        LocalSocketPrivate::get(socket)->pendingAt = nullptr;
}

bool LocalServerPrivate::refuseWhileListening()
{
    if (!listener)
        return false;
    qCWarning(INTERPROCESSQT_LOG, "LocalServer::listen() called when already listening");
    return true;
}

void LocalServerPrivate::setError(const ErrorInfo &info)
{
    error = serverErrorOf(info.code);
    nativeError = info.native;
    errorString = info.text;
}

void LocalServerPrivate::clearError()
{
    error = LocalServer::UnknownSocketError;
    nativeError = 0;
    errorString.clear();
}

bool LocalServerPrivate::listen(const Address &where, const QString &name)
{
    clearError();
    if (!where.isValid()) {
        setError({StreamDevice::ServerNotFoundError, 0, LocalServer::tr("listen: %1").arg(where.errorString())});
        return false;
    }
    auto candidate = makeListener();
    if (const auto flaw = candidate->listen(where, {options.value(), namePolicy, backlog})) {
        setError(*flaw);
        return false;
    }
    listener = std::move(candidate);
    address = where;
    serverName = name;
    // As QLocalServer has it: with the option, the name alone.
    fullServerName = options.value().testFlag(LocalServer::AbstractNamespaceOption) ? name : where.nativeName();
    started();
    return true;
}

bool LocalServerPrivate::adopt(NativeHandle::Type handle)
{
    clearError();
    auto candidate = makeListener();
    if (const auto flaw = candidate->adopt(handle)) {
        setError(*flaw);
        return false;
    }
    listener = std::move(candidate);
    address = listener->boundAddress();
    // As QLocalServer has it: the name is the last part of where it is, and the mark of an abstract one is an option.
    // Some pad theirs with NULs: such a name is shown, though it is none that an Address can have.
    const QString text = address.toString();
    const bool abstract = text.startsWith(QLatin1Char('@'));
    fullServerName = abstract ? text.mid(1) : text;
    serverName = abstract ? fullServerName : fullServerName.section(QLatin1Char('/'), -1);
    if (abstract)
        options = options.value() | LocalServer::AbstractNamespaceOption;
    started();
    return true;
}

bool LocalServerPrivate::adoptActivated(const QString &name)
{
    clearError();
    const ActivationResult activated = takeActivatedHandle(name);
    if (activated.handle == NativeHandle::Invalid) {
        setError(activated.error);
        return false;
    }
    if (adopt(activated.handle))
        return true;
    returnActivatedHandle(activated.handle, activated.name);
    return false;
}

std::unique_ptr<LocalSocket> LocalServerPrivate::makeSocket()
{
    return std::make_unique<LocalSocket>(q);
}

void LocalServerPrivate::started()
{
    resumeDelay = 0ms;
    joinThread();
}

void LocalServerPrivate::close()
{
    if (!listener)
        return;
    if (resumeTimer)
        resumeTimer->stop();
    listener.reset();
    address = Address();
    serverName.clear();
    fullServerName.clear();
    clearError();
    // A slot of one may destroy others, or the server.
    const Guard guard(*this);
    while (guard.isAlive() && !pending.isEmpty())
        delete takePending();
}

// ---- Threads

QEvent::Type LocalServerPrivate::attachEventType()
{
    static const int type = QEvent::registerEventType();
    return QEvent::Type(type);
}

void LocalServerPrivate::threadChanging()
{
    if (!listener)
        return;
    listener->detach();
    // If this is a slot of ours, accepting goes on in the other thread.
    cutGuards();
    QCoreApplication::postEvent(q, new QEvent(attachEventType()), Qt::HighEventPriority);
}

void LocalServerPrivate::joinThread()
{
    if (!listener)
        return;
    updateEnabled();
    if (!listener->attach()) // no event loop in this thread yet: the event waits until there is one
        QCoreApplication::postEvent(q, new QEvent(attachEventType()), Qt::HighEventPriority);
}

// ---- Accepting

void LocalServerPrivate::updateEnabled()
{
    if (listener)
        listener->setEnabled(resumeDelay == 0ms && pending.size() < maxPending);
}

void LocalServerPrivate::acceptReady()
{
    const Guard guard(*this);
    for (int i = 0; i < AcceptShare && listener && pending.size() < maxPending; ++i) {
        const Outcome outcome = acceptOne();
        if (!guard.isAlive())
            return;
        if (outcome == Outcome::Nothing)
            break;
    }
    updateEnabled();
}

LocalServerPrivate::Outcome LocalServerPrivate::acceptOne()
{
    const Guard guard(*this);
    AcceptResult result = listener->accept();
    switch (result.status) {
    case AcceptResult::NothingToAccept:
        // Also after a pause: a full table is reported even when nobody waits, and then nobody else ends it.
        resumeDelay = 0ms;
        return Outcome::Nothing;
    case AcceptResult::OutOfResources:
    case AcceptResult::Failed:
        setError(result.error);
        pause();
        return Outcome::Nothing;
    case AcceptResult::Accepted:
        break;
    }
    resumeDelay = 0ms;

    PeerCredentials peer;
    const bool welcome = mayConnect(result.handle.get(), peer);
    if (!guard.isAlive() || !listener)
        return Outcome::Refused; // the predicate has destroyed or closed the server
    if (!welcome) {
        result.handle.reset();
        Q_EMIT q->peerRejected(peer);
        return Outcome::Refused;
    }
    beingAccepted = result.handle.release();
    q->incomingConnection(quintptr(beingAccepted));
    if (!guard.isAlive())
        return Outcome::Taken;
    beingAccepted = NativeHandle::Invalid;
    // A reimplementation may have kept it for itself. As QLocalServer has it, the signal is about those to be asked for.
    if (std::exchange(newlyPending, false))
        Q_EMIT q->newConnection();
    return Outcome::Taken;
}

bool LocalServerPrivate::mayConnect(NativeHandle::Type handle, PeerCredentials &peer) const
{
    if (peerPredicate) {
        peer = credentialsOfPeer(handle);
        // It may replace itself, or destroy the server, while it runs.
        const LocalServer::PeerPredicate ask = peerPredicate;
        return ask(peer);
    }
    LocalServer::PeerPolicy policy = peerPolicy;
    const LocalServer::SocketOptions access = options.value();
    if (policy == LocalServer::PeerPolicy::ByOptions) {
        // Where there is a file its permissions have decided; where there is none the same options decide here.
        const bool decided = hasPermissions() || access.testFlag(LocalServer::OtherAccessOption);
        policy = decided ? LocalServer::PeerPolicy::Any : LocalServer::PeerPolicy::SameUser;
    }
    if (policy == LocalServer::PeerPolicy::Any)
        return true;
    peer = credentialsOfPeer(handle);
    return peer.isSameUser() || peerIsPrivileged(peer)
        || (peerPolicy == LocalServer::PeerPolicy::ByOptions && access.testFlag(LocalServer::GroupAccessOption) && peerSharesGroup(peer));
}

void LocalServerPrivate::pause()
{
    // The one that waits stays in the backlog and would wake us at once, again and again.
    const bool first = resumeDelay == 0ms;
    resumeDelay = first ? std::chrono::milliseconds(FirstResumeDelay) : std::min<std::chrono::milliseconds>(resumeDelay * 2, LongestResumeDelay);
    if (!resumeTimer) {
        resumeTimer = new QTimer(q);
        resumeTimer->setSingleShot(true);
        QObject::connect(resumeTimer, &QTimer::timeout, q, [this] {
            const TurnQueue::Batch batch;
            acceptReady();
        });
    }
    resumeTimer->start(resumeDelay);
    if (first)
        Q_EMIT q->errorOccurred(error);
}

void LocalServerPrivate::addPending(LocalSocket *socket)
{
    LocalServerPrivate *&waitsAt = LocalSocketPrivate::get(socket)->pendingAt;
    if (waitsAt)
        return;
    waitsAt = this;
    pending.append(socket);
    newlyPending = true;
}

void LocalServerPrivate::pendingDestroyed(LocalSocket *socket)
{
    // A server at its maximum would otherwise wait for ever for somebody to ask for one that is not there.
    pending.removeOne(socket);
    updateEnabled();
}

LocalSocket *LocalServerPrivate::takePending()
{
    if (pending.isEmpty())
        return nullptr;
    LocalSocket *const socket = pending.takeFirst();
    LocalSocketPrivate::get(socket)->pendingAt = nullptr;
    updateEnabled();
    return socket;
}

bool LocalServerPrivate::waitForNewConnection(QDeadlineTimer deadline, bool *timedOut)
{
    if (timedOut)
        *timedOut = false;
    if (!listener)
        return false;
    const Guard guard(*this);
    for (;;) {
        if (!listener->wait(deadline)) {
            if (timedOut)
                *timedOut = true;
            return !pending.isEmpty(); // the event loop may have accepted some
        }
        const Outcome outcome = acceptOne();
        if (!guard.isAlive() || !listener)
            return outcome == Outcome::Taken;
        updateEnabled();
        if (outcome == Outcome::Taken)
            return true;
        if (outcome == Outcome::Refused && deadline.hasExpired()) {
            if (timedOut)
                *timedOut = true;
            return false;
        }
        if (outcome == Outcome::Nothing && resumeDelay > 0ms)
            return false; // out of resources: told, and tried again from the event loop
    }
}

} // namespace InterprocessQt
