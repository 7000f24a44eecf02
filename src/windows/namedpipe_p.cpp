// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "namedpipe_p.h"

#include "namedpipeio_p.h"
#include "peercredentials_p.h"
#include "pipename_p.h"
#include "syscalls_pipe_p.h"

#include <QtCore/qendian.h>

#include <algorithm>
#include <limits>

namespace InterprocessQt
{

using namespace std::chrono_literals;

namespace
{
using Mode = NamedPipe::Mode;

// A server at its limit of instances closes the last one before it makes the next, and has no name in between.
constexpr auto NamelessTime = 500ms;

// How much is read of what the peer writes while the handle is given away.
constexpr qint64 ReleaseShare = 1024 * 1024;

// GENERIC_WRITE without the right to make instances of the pipe: a server need not give that to its clients. Setting the read mode
// takes FILE_WRITE_ATTRIBUTES.
DWORD accessFor(QIODevice::OpenMode mode)
{
    DWORD access = FILE_WRITE_ATTRIBUTES;
    if (mode & QIODevice::ReadOnly)
        access |= GENERIC_READ;
    if (mode & QIODevice::WriteOnly)
        access |= FILE_GENERIC_WRITE & ~FILE_APPEND_DATA;
    return access;
}

DWORD qualityFor(NamedPipe::Impersonation level)
{
    switch (level) {
    case NamedPipe::Impersonation::Anonymous:
        return SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS;
    case NamedPipe::Impersonation::Identification:
        break;
    case NamedPipe::Impersonation::Impersonation:
        return SECURITY_SQOS_PRESENT | SECURITY_IMPERSONATION;
    case NamedPipe::Impersonation::Delegation:
        return SECURITY_SQOS_PRESENT | SECURITY_DELEGATION;
    }
    return SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;
}
} // namespace

NamedPipePrivate::~NamedPipePrivate()
{
    io.reset(); // before what it refers to
}

bool NamedPipePrivate::refuse(StreamDevice::Error code, int native, const QString &text)
{
    setError({code, native, text});
    return false;
}

// ---- Connecting

bool NamedPipePrivate::isRemote(const QString &host)
{
    return !host.isEmpty() && host != QLatin1String(".");
}

// With a separator, or as the prefixes that are none ("\\?\", "\\.\"), it would be the beginning of another path.
bool NamedPipePrivate::isHostName(const QString &host)
{
    return !host.contains(QLatin1Char('\\')) && !host.contains(QLatin1Char('/')) && host != QLatin1String("?") && host != QLatin1String("..")
        && !host.contains(QChar(u'\0'));
}

QString NamedPipePrivate::fullName() const
{
    const QString local = address.nativeName();
    if (!isRemote(host))
        return local;
    return QLatin1String("\\\\") + host + QLatin1String("\\pipe\\") + local.mid(PipePrefix.size());
}

ErrorInfo NamedPipePrivate::connectError(quint32 flaw) const
{
    return systemError(int(flaw), NamedPipe::tr("connect to %1").arg(fullName()));
}

ConnectResult NamedPipePrivate::tryToConnect()
{
    if (waiting) {
        const auto result = waiting->takeResult();
        if (!result)
            return {ConnectResult::Busy, {}, connectError(ERROR_PIPE_BUSY)};
        waiting.reset();
        if (result->error != sys::NoError)
            return unopened(result->error);
    }
    if (isRemote(host) && !isHostName(host)) {
        const ErrorInfo flaw{StreamDevice::Error(NamedPipe::ServerNotFoundError),
                             ERROR_BAD_NETPATH,
                             NamedPipe::tr("connect to %1: \"%2\" is not the name of a computer").arg(address.toString(), host)};
        return {ConnectResult::Failed, {}, flaw};
    }
    const DWORD access = accessFor(openMode);
    const DWORD flags = qualityFor(impersonation) | (writeThrough ? FILE_FLAG_WRITE_THROUGH : 0);
    if (isRemote(host)) {
        // Which may take as long as another computer takes to answer, or not to. How soon that is makes no difference to the
        // caller: the connection is always being made when the call returns.
        const bool isNew = !opening;
        if (isNew) {
            opening = std::make_unique<BackgroundCall>([name = fullName().toStdWString(), access, flags] {
                BackgroundCall::Result result;
                result.error = sys::openPipe(name.c_str(), access, flags, result.handle);
                return result;
            });
        }
        auto result = isNew ? std::nullopt : opening->takeResult();
        if (!result)
            return {ConnectResult::Busy, {}, connectError(ERROR_SEM_TIMEOUT)};
        opening.reset();
        if (result->error != sys::NoError)
            return unopened(result->error);
        return opened(std::move(result->handle));
    }
    NativeHandle handle;
    const DWORD flaw = sys::openPipe(fullName().toStdWString().c_str(), access, flags, handle);
    if (flaw != sys::NoError)
        return unopened(flaw);
    return opened(std::move(handle));
}

ConnectResult NamedPipePrivate::unopened(quint32 flaw)
{
    const bool isBusy = flaw == ERROR_PIPE_BUSY;
    if (isBusy) {
        nameless.setRemainingTime(NamelessTime);
        if (serverTimeout) {
            waiting = std::make_unique<BackgroundCall>([name = fullName().toStdWString()] {
                BackgroundCall::Result result;
                result.error = sys::waitForPipe(name.c_str(), NMPWAIT_USE_DEFAULT_WAIT);
                return result;
            });
        }
    }
    // Without a time set it has expired from the beginning.
    const bool mayComeBack = flaw == ERROR_FILE_NOT_FOUND && !nameless.hasExpired();
    return {isBusy || mayComeBack ? ConnectResult::Busy : ConnectResult::Failed, {}, connectError(flaw)};
}

ConnectResult NamedPipePrivate::opened(NativeHandle handle)
{
    auto flaw = prepareModes(handle.get(), NamedPipe::tr("connect to %1").arg(fullName()));
    if (!flaw)
        flaw = verifyServer(handle.get());
    if (flaw)
        return {ConnectResult::Failed, {}, *flaw};
    return {ConnectResult::Connected, std::move(handle), {}};
}

std::optional<ErrorInfo> NamedPipePrivate::prepareModes(NativeHandle::Type handle, const QString &operation) const
{
    const HANDLE native = sys::native(handle);
    sys::PipeInfo info;
    if (const DWORD flaw = sys::pipeInfo(native, info))
        return systemError(int(flaw), operation);
    if ((receiveMode == Mode::Messages || sendMode == Mode::Messages) && !(info.flags & PIPE_TYPE_MESSAGE))
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, operation + NamedPipe::tr(": the pipe carries bytes, not messages")};
    const DWORD mode = receiveMode == Mode::Messages ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;
    if (const DWORD flaw = sys::setPipeMode(native, mode))
        return systemError(int(flaw), operation + NamedPipe::tr(": set the read mode"));
    if (const DWORD flaw = sys::setInheritable(handle, inheritable))
        return systemError(int(flaw), operation + NamedPipe::tr(": set what children inherit"));
    return {};
}

std::optional<ErrorInfo> NamedPipePrivate::verifyServer(NativeHandle::Type handle) const
{
    if (!serverPredicate && serverPolicy == NamedPipe::ServerPolicy::Any)
        return {};
    const PeerCredentials server = credentialsOfPeer(handle);
    const bool trusted = serverPredicate ? serverPredicate(server) : server.isSameUser();
    if (trusted)
        return {};
    const QString who = server.securityId().value_or(NamedPipe::tr("unknown"));
    return ErrorInfo{
        StreamDevice::SocketAccessError,
        0,
        NamedPipe::tr("connect to %1: the server, process %2 of user %3, is not trusted").arg(fullName()).arg(server.processId().value_or(0)).arg(who)};
}

std::optional<ErrorInfo> NamedPipePrivate::prepareForeign(NativeHandle::Type handle)
{
    const HANDLE native = sys::native(handle);
    const QString operation = NamedPipe::tr("use handle %1 as a named pipe").arg(handle);
    const auto unsupported = [&operation](const QString &reason) {
        return ErrorInfo{StreamDevice::UnsupportedSocketOperationError, 0, operation + QLatin1String(": ") + reason};
    };
    if (!sys::isOpen(handle))
        return systemError(ERROR_INVALID_HANDLE, operation);
    sys::PipeInfo info;
    if (!sys::isPipe(native) || sys::pipeInfo(native, info) != sys::NoError)
        return unsupported(NamedPipe::tr("it is not a named pipe"));
    // Reading one that is not would keep the thread until something comes, and writing until that is over.
    if (!sys::isOverlapped(native).value_or(true))
        return unsupported(NamedPipe::tr("it was not opened with FILE_FLAG_OVERLAPPED"));
    if ((info.flags & PIPE_SERVER_END) && !sys::hasPipePeer(native))
        return unsupported(NamedPipe::tr("it is not connected"));
    return prepareModes(handle, operation);
}

std::unique_ptr<StreamIo> NamedPipePrivate::makeStream(NativeHandle handle)
{
    if (inheritable)
        static_cast<void>(sys::setInheritable(handle.get(), true));
    NamedPipeIo::Setup setup;
    setup.reads = openMode & QIODevice::ReadOnly;
    setup.writes = openMode & QIODevice::WriteOnly;
    setup.readsMessages = receiveMode == Mode::Messages;
    setup.writesMessages = sendMode == Mode::Messages;
    return std::make_unique<NamedPipeIo>(std::move(handle), *this, setup);
}

void NamedPipePrivate::forgetLastConnection()
{
    LocalSocketPrivate::forgetLastConnection();
    opening.reset();
    waiting.reset();
    nameless = QDeadlineTimer();
    arrivals = {};
    updatePause();
}

void NamedPipePrivate::outputDropped()
{
    framesQueued = 0;
    opening.reset();
    waiting.reset();
    flushing.reset(); // it has a handle of its own, and would keep the pipe open
}

void NamedPipePrivate::discardInput()
{
    LocalSocketPrivate::discardInput();
    arrivals.clear();
    updatePause();
}

// ---- Messages

bool NamedPipePrivate::send(const QByteArray &message)
{
    const QString operation = describe(NamedPipe::tr("send to"));
    if (sendMode != Mode::Messages)
        return refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": this direction carries bytes, see setSendMode()"));
    if (!q->isWriteChannelOpen())
        return refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": not connected, or not for writing"));
    if (quint64(message.size()) > std::numeric_limits<quint32>::max()) // no test has as much memory
        return refuse(StreamDevice::DatagramTooLargeError, 0, operation + NamedPipe::tr(": a message has at most 4 GiB"));
    char head[NamedPipeIo::HeadSize];
    qToBigEndian(quint32(message.size()), head);
    ++framesQueued;
    if (acceptWhole({QByteArrayView(head, NamedPipeIo::HeadSize), message}))
        return true;
    --framesQueued;
    return refuse(StreamDevice::SocketResourceError, 0, operation + NamedPipe::tr(": no room for %1 bytes below the write buffer's limit").arg(message.size()));
}

qint64 NamedPipePrivate::unreadOf(const MessageArrivals::Message &message) const
{
    const qint64 consumed = arrivals.received - input.size();
    return message.end - std::max(message.begin, consumed);
}

const MessageArrivals::Message *NamedPipePrivate::firstMessage()
{
    const qint64 consumed = arrivals.received - input.size();
    while (!arrivals.pending.empty()) {
        const MessageArrivals::Message &first = arrivals.pending.front();
        if (first.begin >= consumed || first.end > consumed)
            return &first;
        arrivals.pending.pop_front();
    }
    return nullptr;
}

std::optional<QByteArray> NamedPipePrivate::receive(bool take)
{
    if (q->isTransactionStarted())
        return {};
    if (q->QIODevice::bytesAvailable() > 0)
        static_cast<void>(q->view()); // brings back what a peek() has moved
    const MessageArrivals::Message *const first = firstMessage();
    if (!first)
        return {};
    QByteArray message(qsizetype(unreadOf(*first)), Qt::Uninitialized);
    if (!take) {
        std::memcpy(message.data(), input.linearize().data(), size_t(message.size()));
        return message;
    }
    input.read(message.data(), message.size());
    arrivals.pending.pop_front();
    updatePause();
    dataTaken();
    return message;
}

bool NamedPipePrivate::waitForMessage(QDeadlineTimer deadline)
{
    const Guard guard(*this);
    if (isConnecting() && !waitForConnected(deadline))
        return false;
    if (!guard.isAlive())
        return false;
    settle();
    while (guard.isAlive() && !firstMessage() && wantsInput()) {
        if (!waitAndWork(true, deadline))
            break;
        if (guard.isAlive())
            settle();
    }
    return guard.isAlive() && firstMessage();
}

void NamedPipePrivate::updatePause()
{
    const bool paused = arrivals.isFull();
    if (std::exchange(inputPaused, paused) != paused)
        updateInterest();
}

void NamedPipePrivate::inputArrived()
{
    if (arrivals.untold || !arrivals.discarded.empty())
        scheduleTurnEnd();
    updatePause();
}

void NamedPipePrivate::tellMessages()
{
    const Guard guard(*this);
    const quint32 current = generation;
    for (const qint64 size : std::exchange(arrivals.discarded, {})) {
        Q_EMIT pipe()->messageDiscarded(size);
        if (!guard.isAlive() || generation != current)
            return;
    }
    if (std::exchange(arrivals.untold, false) && firstMessage())
        Q_EMIT pipe()->messagesPending();
}

void NamedPipePrivate::deliverPending()
{
    const Guard guard(*this);
    const quint32 current = generation;
    LocalSocketPrivate::deliverPending();
    if (guard.isAlive() && generation == current)
        tellMessages();
}

void NamedPipePrivate::inputFinished()
{
    const Guard guard(*this);
    const quint32 current = generation;
    tellMessages(); // before the end
    if (guard.isAlive() && generation == current)
        LocalSocketPrivate::inputFinished();
}

void NamedPipePrivate::streamFailed(const IoResult &result)
{
    const Guard guard(*this);
    const quint32 current = generation;
    tellMessages();
    if (guard.isAlive() && generation == current)
        LocalSocketPrivate::streamFailed(result);
}

// ---- The pipe

bool NamedPipePrivate::isServer() const
{
    sys::PipeInfo info;
    return io && sys::pipeInfo(sys::native(io->handle()), info) == sys::NoError && (info.flags & PIPE_SERVER_END);
}

std::optional<quint32> NamedPipePrivate::ofEnd(bool server, quint32 (*ask)(NativeHandle::Type, bool, quint32 &)) const
{
    quint32 value = 0;
    if (!io || ask(io->handle(), server, value) != 0)
        return {};
    return value;
}

bool NamedPipePrivate::setInheritable(bool inherit)
{
    if (io) {
        if (const DWORD flaw = sys::setInheritable(io->handle(), inherit)) {
            setError(systemError(int(flaw), describe(NamedPipe::tr("set what children inherit of"))));
            return false;
        }
    }
    inheritable = inherit;
    return true;
}

bool NamedPipePrivate::flushToPeer()
{
    const QString operation = describe(NamedPipe::tr("flush"));
    if (!io)
        return refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": not connected"));
    if (flushing)
        return refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": it is being flushed already"));
    NativeHandle copy;
    if (const DWORD flaw = sys::duplicate(io->handle(), copy)) {
        setError(systemError(int(flaw), operation));
        return false;
    }
    const std::shared_ptr<NativeHandle> handle = std::move(copy).share();
    flushing = std::make_unique<BackgroundCall>(
        [handle] {
            BackgroundCall::Result result;
            result.error = sys::flush(sys::native(handle->get()));
            handle->reset();
            return result;
        },
        q,
        [this] {
            const auto result = flushing ? flushing->takeResult() : std::nullopt;
            if (!result)
                return; // the connection has ended meanwhile
            flushing.reset();
            if (result->error != sys::NoError)
                setError(systemError(int(result->error), describe(NamedPipe::tr("flush"))));
            Q_EMIT pipe()->flushedToPeer(result->error == sys::NoError);
        });
    return true;
}

bool NamedPipePrivate::disconnectClient()
{
    const QString operation = describe(NamedPipe::tr("disconnect from"));
    if (!isServer())
        return refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": this is not a connected server's end"));
    if (const DWORD flaw = sys::disconnectPipe(sys::native(io->handle()))) {
        setError(systemError(int(flaw), operation));
        return false;
    }
    pipe()->abort();
    return true;
}

NativeHandle NamedPipePrivate::release()
{
    const QString operation = NamedPipe::tr("release the handle");
    if (!io) {
        refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": not connected"));
        return {};
    }
    while (!output.isEmpty() && flushNow()) { }
    if (!output.isEmpty()) {
        refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": %1 bytes wait to be written").arg(q->bytesToWrite()));
        return {};
    }
    // What has been read ahead belongs to this side, and so does what has come since the event loop looked last; but a peer may go on
    // writing for as long as it is read from.
    io->setInterest({});
    qint64 room = readLimit > 0 ? std::min(readLimit - input.size(), ReleaseShare) : ReleaseShare;
    while (const qint64 ahead = io->readAhead()) {
        if (arrivals.isFull()) {
            updateInterest();
            refuse(StreamDevice::OperationError, 0, operation + NamedPipe::tr(": messages that have arrived wait to be received"));
            return {};
        }
        const IoResult result = io->read(input, std::max(ahead, room));
        room -= result.bytes;
        if (result.status != IoResult::Done && result.status != IoResult::WouldBlock)
            break;
    }
    inputArrived(); // which tells of messages from the event loop
    NativeHandle handle = static_cast<NamedPipeIo *>(io.get())->release();
    finish({});
    return handle;
}

} // namespace InterprocessQt
