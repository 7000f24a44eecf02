// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagesocketelement.h"

namespace InterprocessQt
{

MessageSocketElement::MessageSocketElement(QObject *parent)
    : MessageSocket(parent)
{
    followWishes(&MessageSocket::reconnectScheduled);
    connect(this, &MessageSocket::messageReceived, this, &MessageSocketElement::deliver);
}

MessageSocketElement::~MessageSocketElement()
{
    // MessageSocket's destructor tells of the end of the connection, and handlers in QML would see half of an object.
    blockSignals(true);
}

// ---- Connecting

void MessageSocketElement::beginConnecting()
{
    setServerName(address());
    MessageSocket::connectToServer();
}

void MessageSocketElement::connectToServer()
{
    start();
}

void MessageSocketElement::adopted()
{
    setAccepted();
}

bool MessageSocketElement::isOver()
{
    return state() == LocalSocket::UnconnectedState && !hasPendingMessages();
}

// ---- Traffic

void MessageSocketElement::deliver(const QByteArray &bytes)
{
    // The last thing done here: the element may be gone then.
    const MessageParser::Decoded decoded = MessageParser::decodeBy(parser(), bytes, this);
    if (decoded.problem.isEmpty())
        Q_EMIT message(decoded.message);
    else
        Q_EMIT messageRejected(decoded.problem, bytes);
}

bool MessageSocketElement::send(const QJSValue &message)
{
    const MessageParser::Encoded encoded = MessageParser::encodeBy(parser(), message, this);
    if (!encoded.problem.isEmpty())
        return false;
    if (MessageSocket::send(encoded.bytes))
        return true;
    QMetaObject::invokeMethod(
        this,
        [this, reason = errorString()] {
            Q_EMIT messageError(reason);
        },
        Qt::QueuedConnection);
    return false;
}

} // namespace InterprocessQt
