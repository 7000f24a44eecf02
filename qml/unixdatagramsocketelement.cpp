// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "unixdatagramsocketelement.h"

namespace InterprocessQt
{

UnixDatagramSocketElement::UnixDatagramSocketElement(QObject *parent)
    : UnixDatagramSocket(parent)
{
    connect(this, &UnixDatagramSocketElement::activeChanged, this, &UnixDatagramSocketElement::restart);
    connect(this, &UnixDatagramSocketElement::addressChanged, this, &UnixDatagramSocketElement::restart);
    connect(this, &UnixDatagramSocketElement::peerAddressChanged, this, &UnixDatagramSocketElement::restart);
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

bool UnixDatagramSocketElement::isActive() const
{
    return m_active;
}

void UnixDatagramSocketElement::setActive(bool active)
{
    m_active = active;
}

QBindable<bool> UnixDatagramSocketElement::bindableActive()
{
    return &m_active;
}

MessageParser *UnixDatagramSocketElement::parser() const
{
    return m_parser;
}

void UnixDatagramSocketElement::setParser(MessageParser *parser)
{
    if (parser == m_parser)
        return;
    m_parser = parser;
    Q_EMIT parserChanged();
}

// ---- Names

void UnixDatagramSocketElement::classBegin()
{
    m_complete = false;
}

void UnixDatagramSocketElement::componentComplete()
{
    m_complete = true;
    if (isActive())
        restart();
}

void UnixDatagramSocketElement::restart()
{
    if (!m_complete)
        return;
    close();
    if (isActive()) {
        const bool bound = address().isEmpty() ? (!peer().isEmpty() || bind()) : bind(Address(address()));
        if (!bound || (!peer().isEmpty() && !connectTo(Address(peer()))))
            reportLater();
    }
    updateOpen();
}

void UnixDatagramSocketElement::updateOpen()
{
    if (std::exchange(m_openTold, isOpen()) != isOpen())
        Q_EMIT openChanged();
}

void UnixDatagramSocketElement::reportLater()
{
    // From the event loop, like every other error: handlers are there by then.
    QMetaObject::invokeMethod(
        this,
        [this, code = error()] {
            Q_EMIT errorOccurred(code);
        },
        Qt::QueuedConnection);
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
        const MessageParser::Decoded decoded = MessageParser::decodeBy(m_parser, datagram->data(), this);
        if (decoded.problem.isEmpty())
            Q_EMIT message(decoded.message, datagram->sender().toString(), datagram->credentials().value_or(PeerCredentials()));
        else
            Q_EMIT messageRejected(decoded.problem, datagram->data());
    }
}

bool UnixDatagramSocketElement::send(const QJSValue &message)
{
    const MessageParser::Encoded encoded = MessageParser::encodeBy(m_parser, message, this);
    if (!encoded.problem.isEmpty())
        return false;
    const bool taken = UnixDatagramSocket::send(encoded.bytes);
    if (!taken)
        reportLater();
    return taken;
}

bool UnixDatagramSocketElement::sendTo(const QJSValue &message, const QString &destination)
{
    const MessageParser::Encoded encoded = MessageParser::encodeBy(m_parser, message, this);
    if (!encoded.problem.isEmpty())
        return false;
    const bool taken = UnixDatagramSocket::sendTo(encoded.bytes, Address(destination));
    if (!taken)
        reportLater();
    updateOpen();
    return taken;
}

} // namespace InterprocessQt
