// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixdatagramsocketelement.h"

namespace InterprocessQt
{

UnixDatagramSocketElement::UnixDatagramSocketElement(QObject *parent)
    : UnixDatagramSocket(parent)
{
    restartAt(&UnixDatagramSocketElement::activeChanged);
    restartAt(&UnixDatagramSocketElement::addressChanged);
    restartAt(&UnixDatagramSocketElement::peerAddressChanged);
    connect(this, &UnixDatagramSocket::datagramsDropped, this, [this](const Address &destination, int count) {
        Q_EMIT datagramsDropped(destination, count);
    });
    connect(this, &UnixDatagramSocket::readyRead, this, &UnixDatagramSocketElement::receiveAll);
}

UnixDatagramSocketElement::~UnixDatagramSocketElement()
{
    // Handlers in QML would see half of an object.
    blockSignals(true);
}

QString UnixDatagramSocketElement::address() const
{
    return m_address;
}

void UnixDatagramSocketElement::setAddress(const QString &address)
{
    m_address = address;
}

QBindable<QString> UnixDatagramSocketElement::bindableAddress()
{
    return &m_address;
}

QString UnixDatagramSocketElement::peer() const
{
    return m_peer;
}

void UnixDatagramSocketElement::setPeer(const QString &address)
{
    m_peer = address;
}

QBindable<QString> UnixDatagramSocketElement::bindablePeer()
{
    return &m_peer;
}

// ---- Names

bool UnixDatagramSocketElement::openDeclared()
{
    const bool bound = address().isEmpty() ? (!peer().isEmpty() || bind()) : bind(Address(address()));
    return bound && (peer().isEmpty() || connectTo(Address(peer())));
}

// ---- Traffic

void UnixDatagramSocketElement::receiveAll()
{
    const QPointer<UnixDatagramSocketElement> alive(this);
    // A share; readyRead() comes again for what is left.
    for (int i = 0; alive && i < 64; ++i) {
        const std::optional<UnixMessage> datagram = receive();
        if (!datagram)
            return;
        const MessageParser::Decoded decoded = MessageParser::decodeBy(parser(), datagram->data(), this);
        if (decoded.problem.isEmpty())
            Q_EMIT message(decoded.message, datagram->sender().toString(), datagram->credentials().value_or(PeerCredentials()));
        else
            Q_EMIT messageRejected(decoded.problem, datagram->data());
    }
}

bool UnixDatagramSocketElement::send(const QJSValue &message)
{
    const MessageParser::Encoded encoded = MessageParser::encodeBy(parser(), message, this);
    if (!encoded.problem.isEmpty())
        return false;
    const bool taken = UnixDatagramSocket::send(encoded.bytes);
    if (!taken)
        tellErrorLater();
    return taken;
}

bool UnixDatagramSocketElement::sendTo(const QJSValue &message, const QString &destination)
{
    const MessageParser::Encoded encoded = MessageParser::encodeBy(parser(), message, this);
    if (!encoded.problem.isEmpty())
        return false;
    const bool taken = UnixDatagramSocket::sendTo(encoded.bytes, Address(destination));
    if (!taken)
        tellErrorLater();
    updateOpen();
    return taken;
}

} // namespace InterprocessQt
