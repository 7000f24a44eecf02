// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGESOCKET_P_H
#define INTERPROCESSQT_MESSAGESOCKET_P_H

#include "messagecarrier_p.h"
#include "stream/error_p.h"
#include "stream/lifeguard_p.h"

#include <InterprocessQt/MessageChannel.h>
#include <InterprocessQt/MessageSocket.h>

#include <memory>
#include <vector>

namespace InterprocessQt
{

// A carrier, which is a local socket of frames, and a channel that makes messages of them.
class MessageSocketPrivate : public Life
{
public:
    explicit MessageSocketPrivate(MessageSocket::Transport transport);
    // For a carrier that a server has accepted.
    MessageSocketPrivate(MessageSocket::Transport transport, std::unique_ptr<LocalSocket> accepted);
    ~MessageSocketPrivate();

    void init(MessageSocket *socket);
    // Goes on with one that a server has accepted, in the place of one that is not connected.
    void takeCarrier(std::unique_ptr<LocalSocket> accepted);
    static MessageSocketPrivate *get(const MessageSocket *socket)
    {
        return socket->d.get();
    }
    // If that fails, it is what went wrong last.
    template<typename Function>
    bool orElse(Function function)
    {
        const Guard guard(*this);
        const bool done = function();
        if (!done && guard.isAlive())
            isRefused = false;
        return done;
    }
    bool send(const QByteArray &message, std::vector<NativeHandle> &handles);
    bool refuse(StreamDevice::Error code, int native, const QString &text); // false
    void setMaximumMessageSize(qint64 size);
    [[nodiscard]] qint64 largestMessage() const;
    void audienceChanged();
    [[nodiscard]] static bool usesPackets(MessageSocket::Transport transport);

    MessageSocket *q = nullptr;
    const MessageSocket::Transport transport;
    // Children of q, so that they move along with it.
    std::unique_ptr<LocalSocket> carrier;
    std::unique_ptr<MessageChannel> channel;
    std::vector<NativeHandle> handles; // that came with the message received last
    ErrorInfo ownError; // of a message that was refused, while isRefused
    bool isRefused = false;
    qint64 maximumSize = MessageSocket::DefaultMaximumMessageSize;
    int maximumHandles = 0;

    LocalSocket::LocalSocketState lastState = LocalSocket::UnconnectedState; // that the carrier has told of
    bool endsItself = false; // within a call of the user that ends the connection

    // A message has just been taken from the channel: what came with it is now to be had.
    void received();

private:
    void followCarrier();
    void carrierStateChanged(LocalSocket::LocalSocketState state);
    void carrierFailed(LocalSocket::LocalSocketError error);
    void deliverRest();
    void channelBroken(MessageChannel::Error code);
};

} // namespace InterprocessQt

#endif
