// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesocket_p.h"

#include "local/localsocket_p.h"
#include "messagechannel_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qmetaobject.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace InterprocessQt
{

bool MessageSocketPrivate::usesPackets(MessageSocket::Transport transport)
{
    return transport != MessageSocket::Transport::Stream && MessageCarrier::hasPackets();
}

MessageSocketPrivate::MessageSocketPrivate(MessageSocket::Transport wanted)
    : MessageSocketPrivate(wanted, MessageCarrier::makeSocket(usesPackets(wanted), nullptr))
{
}

MessageSocketPrivate::MessageSocketPrivate(MessageSocket::Transport wanted, std::unique_ptr<LocalSocket> accepted)
    : transport(usesPackets(wanted) ? MessageSocket::Transport::Packets : MessageSocket::Transport::Stream)
    , carrier(std::move(accepted))
    , channel(std::make_unique<MessageChannel>())
{
}

MessageSocketPrivate::~MessageSocketPrivate() = default;

void MessageSocketPrivate::init(MessageSocket *socket)
{
    q = socket;
    channel->setParent(q);
    MessageChannel *const messages = channel.get();
    MessageChannelPrivate::get(messages)->hasAudience = [this] {
        static const QMetaMethod signal = QMetaMethod::fromSignal(&MessageSocket::messageReceived);
        return q->isSignalConnected(signal);
    };
    QObject::connect(messages, &MessageChannel::messageReceived, q, [this](const QByteArray &message) {
        received();
        Q_EMIT q->messageReceived(message);
    });
    QObject::connect(messages, &MessageChannel::messagesPending, q, &MessageSocket::messagesPending);
    QObject::connect(messages, &MessageChannel::automaticDeliveryChanged, q, &MessageSocket::automaticDeliveryChanged);
    QObject::connect(messages, &MessageChannel::errorOccurred, q, [this](MessageChannel::Error code) {
        channelBroken(code);
    });
    followCarrier();
}

void MessageSocketPrivate::followCarrier()
{
    LocalSocket *const socketBelow = carrier.get();
    socketBelow->setParent(q);
    setMaximumMessageSize(maximumSize);
    QObject::connect(socketBelow, &LocalSocket::stateChanged, q, [this](LocalSocket::LocalSocketState state) {
        carrierStateChanged(state);
    });
    QObject::connect(socketBelow, &LocalSocket::errorOccurred, q, [this](LocalSocket::LocalSocketError error) {
        carrierFailed(error);
    });
    QObject::connect(socketBelow, &LocalSocket::connected, q, &MessageSocket::connected);
    QObject::connect(socketBelow, &LocalSocket::disconnected, q, &MessageSocket::disconnected);
    QObject::connect(socketBelow, &LocalSocket::bytesWritten, q, &MessageSocket::bytesWritten);
    QObject::connect(socketBelow, &LocalSocket::congestedChanged, q, &MessageSocket::congestedChanged);
    QObject::connect(socketBelow, &LocalSocket::reconnectScheduled, q, &MessageSocket::reconnectScheduled);
    QObject::connect(socketBelow, &LocalSocket::reconnectChanged, q, &MessageSocket::reconnectChanged);
    QObject::connect(socketBelow, &LocalSocket::connectTimeoutChanged, q, &MessageSocket::connectTimeoutChanged);
    QObject::connect(socketBelow, &LocalSocket::readBufferSizeChanged, q, &MessageSocket::readBufferSizeChanged);
    QObject::connect(socketBelow, &LocalSocket::writeBufferLimitChanged, q, &MessageSocket::writeBufferLimitChanged);

    lastState = carrier->state();
    // A client that a server has accepted may have left something, and gone.
    if (carrier->isOpen())
        channel->setDevices(carrier.get(), nullptr);
}

void MessageSocketPrivate::takeCarrier(std::unique_ptr<LocalSocket> accepted)
{
    channel->close();
    isRefused = false;
    handles.clear();
    carrier = std::move(accepted);
    followCarrier();
    Q_EMIT q->stateChanged(lastState);
}

void MessageSocketPrivate::carrierStateChanged(LocalSocket::LocalSocketState state)
{
    const Guard guard(*this);
    const auto before = std::exchange(lastState, state);
    const bool adopted = state == LocalSocket::ConnectedState && before == LocalSocket::UnconnectedState;
    if (state == LocalSocket::ConnectingState || adopted) {
        isRefused = false;
        handles.clear();
        // What is left of the last connection has no place in the new one, of which nothing has been read yet.
        channel->close();
        carrier->consume(carrier->view().size());
        channel->setDevices(carrier.get(), nullptr);
    }
    if (guard.isAlive() && state == LocalSocket::UnconnectedState)
        deliverRest();
    if (guard.isAlive())
        Q_EMIT q->stateChanged(state);
}

void MessageSocketPrivate::carrierFailed(LocalSocket::LocalSocketError error)
{
    const Guard guard(*this);
    isRefused = false;
    if (carrier->state() == LocalSocket::UnconnectedState)
        deliverRest();
    if (guard.isAlive())
        Q_EMIT q->errorOccurred(error);
}

// What arrived before the end is told before it, or nobody would listen any more.
void MessageSocketPrivate::deliverRest()
{
    if (!endsItself) // by a call, and messages come from the event loop
        MessageChannelPrivate::get(channel.get())->deliverRest();
}

void MessageSocketPrivate::channelBroken(MessageChannel::Error code)
{
    // The end of the stream within a message is told by the carrier as the end of the connection.
    if (code != MessageChannel::MessageTooLargeError && code != MessageChannel::BrokenFrameError)
        return;
    LocalSocketPrivate *const p = LocalSocketPrivate::get(carrier.get());
    if (p->state == LocalSocket::ConnectedState || p->state == LocalSocket::ClosingState)
        p->finish(ErrorInfo{StreamDevice::DatagramTooLargeError, channel->nativeError(), channel->errorString()});
}

void MessageSocketPrivate::received()
{
    bool lost = false;
    handles = MessageCarrier::takeHandles(*carrier, lost);
    if (lost) {
        QMetaObject::invokeMethod(q, &MessageSocket::handlesLost, Qt::QueuedConnection);
    }
}

void MessageSocketPrivate::audienceChanged()
{
    QCoreApplication::postEvent(channel.get(), new QEvent(MessageChannelPrivate::resumeEventType()));
}

void MessageSocketPrivate::setMaximumMessageSize(qint64 size)
{
    maximumSize = size;
    channel->setMaximumMessageSize(size);
    MessageCarrier::setMaximumSize(*carrier, size);
}

qint64 MessageSocketPrivate::largestMessage() const
{
    return transport == MessageSocket::Transport::Packets ? std::min(maximumSize, MessageCarrier::maximumPacketSize()) : maximumSize;
}

bool MessageSocketPrivate::refuse(StreamDevice::Error code, int native, const QString &text)
{
    ownError = {code, native, MessageSocket::tr("send: %1").arg(text)};
    isRefused = true;
    return false;
}

bool MessageSocketPrivate::send(const QByteArray &message, std::vector<NativeHandle> &given)
{
    if (!carrier->isWriteChannelOpen())
        return refuse(StreamDevice::OperationError, 0, MessageSocket::tr("not connected"));
    if (message.size() > largestMessage()) {
        return refuse(StreamDevice::DatagramTooLargeError,
                      0,
                      MessageSocket::tr("the message has %1 bytes, of %2 at the most").arg(message.size()).arg(largestMessage()));
    }
    if (qsizetype(given.size()) > MessageSocket::MaximumHandles) {
        return refuse(StreamDevice::OperationError,
                      0,
                      MessageSocket::tr("%1 handles, where one message can carry %2").arg(given.size()).arg(MessageSocket::MaximumHandles));
    }
    int native = 0;
    switch (MessageCarrier::send(*carrier, message, given, native)) {
    case MessageCarrier::SendResult::Sent:
        return true;
    case MessageCarrier::SendResult::NoRoom:
        return refuse(StreamDevice::SocketResourceError, 0, MessageSocket::tr("%1 bytes wait to be written already").arg(carrier->bytesToWrite()));
    case MessageCarrier::SendResult::BadHandle:
        return refuse(errorFromNative(native), native, MessageSocket::tr("one of the handles: %1").arg(nativeErrorText(native)));
    case MessageCarrier::SendResult::Unsupported:
        break;
    }
    return refuse(StreamDevice::UnsupportedSocketOperationError, 0, MessageSocket::tr("handles cannot be sent with messages on this system"));
}

} // namespace InterprocessQt
