// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "messagecarrier_p.h"

#include "local/localserver_p.h"
#include "local/localsocket_p.h"

#include <limits>

namespace InterprocessQt
{

namespace
{

class CarrierServerPrivate final : public LocalServerPrivate
{
public:
    CarrierServerPrivate(LocalServer *server, bool packets)
        : LocalServerPrivate(server)
        , m_packets(packets && MessageCarrier::hasPackets())
    {
    }
    std::unique_ptr<LocalSocket> makeSocket() override
    {
        auto socket = MessageCarrier::makeSocket(m_packets, q);
        MessageCarrier::setMaximumSize(*socket, maximumSize);
        MessageCarrier::setMaximumHandles(*socket, maximumHandles);
        return socket;
    }
    LocalKind kind() const override
    {
        return m_packets ? LocalKind::Packets : LocalKind::Stream;
    }

    qint64 maximumSize = std::numeric_limits<qint64>::max();
    int maximumHandles = 0;

private:
    const bool m_packets;
};

class CarrierServer final : public LocalServer
{
public:
    CarrierServer(bool packets, QObject *parent)
        : LocalServer(*new CarrierServerPrivate(this, packets), parent)
    {
    }
};

} // namespace

std::unique_ptr<LocalServer> MessageCarrier::makeServer(bool packets, QObject *parent)
{
    return std::make_unique<CarrierServer>(packets, parent);
}

void MessageCarrier::setLimits(LocalServer &server, qint64 maximumSize, int maximumHandles)
{
    auto *const p = static_cast<CarrierServerPrivate *>(LocalServerPrivate::get(&server));
    p->maximumSize = maximumSize;
    p->maximumHandles = maximumHandles;
}

void MessageCarrier::connectPair(LocalSocket &one, LocalSocket &other)
{
    LocalSocketPrivate::pairUp(*LocalSocketPrivate::get(&one), *LocalSocketPrivate::get(&other));
}

bool MessageCarrier::adopt(LocalSocket &carrier, NativeHandle::Type handle)
{
    return carrier.setSocketDescriptor(handle);
}

} // namespace InterprocessQt
