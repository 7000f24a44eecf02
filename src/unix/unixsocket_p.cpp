// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixsocket_p.h"

#include "syscalls_p.h"
#include "unixmessage_p.h"

#include <algorithm>
#include <cerrno>

namespace InterprocessQt
{

UnixSocketPrivate::~UnixSocketPrivate()
{
    io.reset(); // before the queues that it refers to
}

std::unique_ptr<StreamIo> UnixSocketPrivate::makeStream(NativeHandle handle)
{
    const int fd = int(handle.get());
    refuseProcessHandles(fd);
    const bool inherited = passesCredentials(fd); // from the listening socket, or set by whoever made it
    credentialsHere = credentialsWanted.value_or(inherited);
    // Not before it is connected: binding to a name that the kernel chooses would come with it (unix(7)).
    if (const bool wanted = credentialsHere || credentialsOnce; wanted != inherited)
        static_cast<void>(setPassCredentials(fd, wanted));
    arrivals.withCredentials = passesCredentials(fd);
    return std::make_unique<AncillaryStreamIo>(std::move(handle), *this, arrivals, departures);
}

void UnixSocketPrivate::forgetLastConnection()
{
    LocalSocketPrivate::forgetLastConnection();
    arrivals.clear();
    arrivals.credentialsSeen = false;
    updatePause();
}

void UnixSocketPrivate::discardInput()
{
    LocalSocketPrivate::discardInput();
    arrivals.clear();
    updatePause();
}

void UnixSocketPrivate::outputDropped()
{
    departures.clear();
}

bool UnixSocketPrivate::refuse(StreamDevice::Error code, int native, const QString &text)
{
    setError({code, native, text});
    return false;
}

// ---- Sending

qint64 UnixSocketPrivate::send(UnixMessage &&message)
{
    const qint64 size = message.data().size();
    const auto &descriptors = message.descriptors();
    const QString operation = describe(UnixSocket::tr("send to"));
    if (!q->isWriteChannelOpen()) {
        refuse(StreamDevice::OperationError, 0, operation + UnixSocket::tr(": the write channel is not open"));
        return -1;
    }
    if (size == 0 && (!descriptors.empty() || message.credentials())) {
        // The kernel would drop them without a word.
        refuse(StreamDevice::OperationError, 0, operation + UnixSocket::tr(": descriptors and credentials need at least one byte to travel with"));
        return -1;
    }
    if (descriptors.size() > UnixMessage::MaximumDescriptors) {
        refuse(StreamDevice::OperationError,
               EINVAL,
               operation + UnixSocket::tr(": %1 descriptors, where one message can carry %2").arg(descriptors.size()).arg(UnixMessage::MaximumDescriptors));
        return -1;
    }
    for (const FileDescriptor &descriptor : descriptors) {
        struct stat status;
        if (sys::fstat(int(descriptor.get()), &status) == -1) {
            const ErrorInfo flaw = systemError(errno, operation + UnixSocket::tr(": descriptor %1").arg(descriptor.get()));
            setError(flaw);
            return -1;
        }
    }
    if (const auto credentials = message.credentials()) {
        // Asked for beforehand: a connection must not break because of one refusal, nor a message leave without its sender.
        const int flaw = canPassCredentials() ? checkOwnCredentials(*credentials) : EOPNOTSUPP;
        if (flaw != 0) {
            setError(systemError(flaw, operation + UnixSocket::tr(": credentials")));
            return -1;
        }
    }
    if (size == 0)
        return 0;
    const QByteArray data = message.data();
    std::vector<FileDescriptor> handles = message.takeDescriptors();
    if (sendWhole({data}, handles, message.credentials()))
        return size;
    for (FileDescriptor &descriptor : handles)
        message.addDescriptor(std::move(descriptor));
    return 0;
}

bool UnixSocketPrivate::sendWhole(std::initializer_list<QByteArrayView> pieces,
                                  std::vector<NativeHandle> &descriptors,
                                  const std::optional<PeerCredentials> &credentials)
{
    if (descriptors.empty() && !credentials)
        return acceptWhole(pieces);
    qint64 size = 0;
    for (const QByteArrayView piece : pieces)
        size += piece.size();
    departures.add(output.size(), size, std::move(descriptors), credentials);
    if (acceptWhole(pieces))
        return true;
    descriptors = departures.takeLast();
    return false;
}

qint64 UnixSocketPrivate::writeVectored(std::span<const QByteArrayView> pieces)
{
    if (!q->isWriteChannelOpen()) {
        refuse(StreamDevice::OperationError, 0, describe(UnixSocket::tr("write to")) + UnixSocket::tr(": the write channel is not open"));
        return -1;
    }
    const bool anything = std::any_of(pieces.begin(), pieces.end(), [](QByteArrayView piece) {
        return !piece.isEmpty();
    });
    if (!anything)
        return 0;
    qint64 written = 0;
    if (canWrite() && output.isEmpty() && !wroteThisTurn) {
        wroteThisTurn = true;
        const IoResult result = static_cast<AncillaryStreamIo *>(io.get())->write(pieces);
        written = result.bytes;
        noteWritten(result.bytes);
        writeResult(result);
        scheduleTurnEnd();
    }
    qint64 taken = written;
    qint64 passed = written; // of what went out, still to be stepped over
    for (const QByteArrayView piece : pieces) {
        if (passed >= piece.size()) {
            passed -= piece.size();
            continue;
        }
        const QByteArrayView rest = piece.sliced(qsizetype(std::exchange(passed, 0)));
        const qint64 accepted = acceptWrite(rest.data(), rest.size());
        taken += accepted;
        if (accepted < rest.size())
            break;
    }
    return taken;
}

// ---- Receiving

std::optional<UnixMessage> UnixSocketPrivate::receive()
{
    const QByteArrayView unread = q->view();
    if (unread.isEmpty())
        return {};
    Ancillary ancillary;
    const qint64 size = arrivals.nextPart(unread.size(), &ancillary);
    UnixMessage message(unread.first(qsizetype(size)).toByteArray());
    UnixMessageAccess::setAncillary(message, std::move(ancillary));
    input.skip(size);
    inputTaken();
    return message;
}

Ancillary UnixSocketPrivate::takeAncillary()
{
    Ancillary ancillary = arrivals.takeUpTo(input.size());
    inputTaken();
    return ancillary;
}

NativeHandle UnixSocketPrivate::takeDescriptor()
{
    NativeHandle descriptor = arrivals.takeDescriptor();
    inputTaken();
    return descriptor;
}

void UnixSocketPrivate::inputTaken()
{
    updatePause();
    dataTaken();
}

void UnixSocketPrivate::updatePause()
{
    const bool paused = arrivals.isFull();
    if (std::exchange(inputPaused, paused) != paused)
        updateInterest();
}

void UnixSocketPrivate::inputArrived()
{
    inputPaused = arrivals.isFull();
    if (!q->isTransactionStarted()) // what it has read may come back
        arrivals.compact(q->bytesAvailable());
    if (arrivals.lossUntold)
        scheduleTurnEnd();
    if (credentialsOnce && arrivals.credentialsSeen) {
        credentialsOnce = false;
        static_cast<void>(passCredentials());
    }
}

void UnixSocketPrivate::setMaximumDescriptors(int count)
{
    arrivals.maximum = count;
    updatePause();
}

void UnixSocketPrivate::tellLoss()
{
    if (std::exchange(arrivals.lossUntold, false))
        Q_EMIT socket()->descriptorsLost();
}

void UnixSocketPrivate::deliverPending()
{
    const Guard guard(*this);
    LocalSocketPrivate::deliverPending();
    if (guard.isAlive())
        tellLoss();
}

bool UnixSocketPrivate::tellLossBefore(const IoResult &end)
{
    if (!arrivals.lossUntold)
        return true;
    const Guard guard(*this);
    const quint32 current = generation;
    // Whoever comes to it first tells of the end then: an event loop in the slot, or the thread that it moves the object to.
    untoldEnd = end;
    tellLoss();
    return guard.isAlive() && generation == current && std::exchange(untoldEnd, {}).status != IoResult::Done;
}

void UnixSocketPrivate::inputFinished()
{
    IoResult end;
    end.status = IoResult::EndOfStream;
    if (tellLossBefore(end))
        LocalSocketPrivate::inputFinished();
}

void UnixSocketPrivate::streamFailed(const IoResult &result)
{
    const IoResult end = result;
    if (tellLossBefore(end))
        LocalSocketPrivate::streamFailed(end);
}

// ---- Credentials

bool UnixSocketPrivate::setCredentialsEnabled(bool enabled)
{
    const QString operation = UnixSocket::tr("receive credentials");
    if (!canPassCredentials()) {
        if (!enabled)
            return true;
        return refuse(StreamDevice::UnsupportedSocketOperationError, 0, operation + UnixSocket::tr(": this system does not send them with each message"));
    }
    const bool before = std::exchange(credentialsHere, enabled);
    if (const int flaw = passCredentials()) {
        credentialsHere = before;
        setError(systemError(flaw, operation));
        return false;
    }
    credentialsWanted = enabled;
    return true;
}

int UnixSocketPrivate::passCredentials()
{
    if (!io)
        return 0; // makeStream() will
    const bool wanted = credentialsHere || credentialsOnce;
    const int flaw = setPassCredentials(fd(), wanted);
    if (flaw == 0)
        arrivals.withCredentials = wanted;
    return flaw;
}

bool UnixSocketPrivate::requestCredentials()
{
    const QString operation = UnixSocket::tr("receive credentials");
    if (!canPassCredentials())
        return refuse(StreamDevice::UnsupportedSocketOperationError, 0, operation + UnixSocket::tr(": this system does not send them with each message"));
    credentialsOnce = true;
    arrivals.credentialsSeen = false;
    if (const int flaw = passCredentials()) {
        credentialsOnce = false;
        setError(systemError(flaw, operation));
        return false;
    }
    return true;
}

// ---- Ends

bool UnixSocketPrivate::closeReadChannel()
{
    if (!io)
        return false;
    if (readFinished)
        return true;
    if (sys::shutdownReading(fd()) == -1) {
        setError(systemError(errno, describe(UnixSocket::tr("close the read channel to"))));
        return false;
    }
    readFinished = true;
    readFinishedUntold = true;
    updateInterest();
    scheduleTurnEnd();
    return true;
}

int UnixSocketPrivate::kernelBuffer(int option) const
{
    int size = -1;
    socklen_t length = sizeof size;
    return io && sys::socketOption(fd(), SOL_SOCKET, option, &size, &length) == 0 ? size : -1;
}

bool UnixSocketPrivate::setKernelBuffer(int option, int size)
{
    const QString operation = UnixSocket::tr("set the size of the kernel's buffer");
    if (!io)
        return refuse(StreamDevice::OperationError, 0, operation + UnixSocket::tr(": not connected"));
    if (option == SO_SNDBUF)
        static_cast<UnixStreamIo *>(io.get())->keepSendBuffer();
    if (sys::setSocketOption(fd(), SOL_SOCKET, option, size) == 0)
        return true;
    setError(systemError(errno, operation));
    return false;
}

NativeHandle UnixSocketPrivate::release()
{
    if (!io) {
        refuse(StreamDevice::OperationError, 0, UnixSocket::tr("release the descriptor: not connected"));
        return {};
    }
    while (!output.isEmpty() && flushNow()) { } // each call ends behind the last descriptors, or with its share
    if (!output.isEmpty()) {
        refuse(StreamDevice::OperationError, 0, UnixSocket::tr("release the descriptor: %1 bytes wait to be written").arg(output.size()));
        return {};
    }
    finishClosingWrites(); // if that was to follow what was written
    NativeHandle descriptor = static_cast<AncillaryStreamIo *>(io.get())->release();
    finish({});
    return descriptor;
}

} // namespace InterprocessQt
