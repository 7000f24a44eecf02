// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "message/messagecarrier_p.h"

#include "local/localserver_p.h"
#include "packetstream_p.h"
#include "syscalls_p.h"
#include "unixsocket_p.h"

#include <InterprocessQt/MessageSocket.h>

#include <QtCore/qendian.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace InterprocessQt
{

namespace
{

// A stream that knows where messages end: descriptors can be taken when theirs has come to its end, and only then does it
// help to wait for that.
class FrameStreamIo final : public AncillaryStreamIo
{
public:
    FrameStreamIo(NativeHandle descriptor, StreamIoClient &client, AncillaryInput &input, AncillaryOutput &output)
        : AncillaryStreamIo(std::move(descriptor), client, input, output)
    {
        m_input.completeUpTo = m_input.messageBegin = 0;
    }

private:
    void bytesArrived(QByteArrayView bytes) override
    {
        for (qsizetype at = 0; at < bytes.size();) {
            if (m_headSize < MessageCarrier::HeadSize) {
                if (m_headSize == 0)
                    m_input.messageBegin = m_input.received() + at;
                m_left = (m_left << 8) | quint8(bytes.at(at++));
                ++m_headSize;
            } else {
                const auto step = std::min<qint64>(m_left, bytes.size() - at);
                at += qsizetype(step);
                m_left -= step;
            }
            if (m_headSize == MessageCarrier::HeadSize && m_left == 0) {
                m_input.completeUpTo = m_input.received() + at;
                m_headSize = 0;
            }
        }
    }

    qint64 m_left = 0; // of the message, or what has come of its length
    int m_headSize = 0;
};

class CarrierPrivate final : public UnixSocketPrivate
{
public:
    explicit CarrierPrivate(LocalKind kind)
        : m_kind(kind)
    {
    }
    std::unique_ptr<StreamIo> makeStream(NativeHandle handle) override
    {
        refuseProcessHandles(int(handle.get()));
        arrivals.withCredentials = passesCredentials(int(handle.get()));
        if (m_kind == LocalKind::Stream)
            return std::make_unique<FrameStreamIo>(std::move(handle), *this, arrivals, departures);
        return std::make_unique<PacketStreamIo>(std::move(handle), *this, arrivals, departures, maximumSize);
    }
    LocalKind kind() const override
    {
        return m_kind;
    }

    void streamFailed(const IoResult &result) override
    {
        if (m_kind != LocalKind::Packets || result.error != EMSGSIZE) {
            UnixSocketPrivate::streamFailed(result);
            return;
        }
        // No call has failed: this is what was found by looking at the next packet.
        finish(ErrorInfo{StreamDevice::DatagramTooLargeError,
                         0,
                         describe(MessageSocket::tr("receive from")) + MessageSocket::tr(": a message is larger than the limit, %1 bytes").arg(maximumSize)});
    }

    qint64 maximumSize = std::numeric_limits<qint64>::max();

private:
    const LocalKind m_kind;
};

class CarrierSocket final : public UnixSocket
{
public:
    CarrierSocket(LocalKind kind, QObject *parent)
        : UnixSocket(*new CarrierPrivate(kind), parent)
    {
    }
};

class CarrierServerPrivate final : public LocalServerPrivate
{
public:
    CarrierServerPrivate(LocalServer *server, LocalKind kind)
        : LocalServerPrivate(server)
        , m_kind(kind)
    {
    }
    std::unique_ptr<LocalSocket> makeSocket() override
    {
        auto socket = std::make_unique<CarrierSocket>(m_kind, q);
        MessageCarrier::setMaximumSize(*socket, maximumSize);
        MessageCarrier::setMaximumHandles(*socket, maximumHandles);
        return socket;
    }
    LocalKind kind() const override
    {
        return m_kind;
    }

    qint64 maximumSize = std::numeric_limits<qint64>::max();
    int maximumHandles = 0;

private:
    const LocalKind m_kind;
};

class CarrierServer final : public LocalServer
{
public:
    CarrierServer(LocalKind kind, QObject *parent)
        : LocalServer(*new CarrierServerPrivate(this, kind), parent)
    {
    }
};

CarrierPrivate *privateOf(const LocalSocket &carrier)
{
    return static_cast<CarrierPrivate *>(StreamDevicePrivate::get(&carrier));
}

LocalKind kindOf(bool packets)
{
    return packets && MessageCarrier::hasPackets() ? LocalKind::Packets : LocalKind::Stream;
}

} // namespace

namespace MessageCarrier
{

std::unique_ptr<LocalSocket> makeSocket(bool packets, QObject *parent)
{
    return std::make_unique<CarrierSocket>(kindOf(packets), parent);
}

std::unique_ptr<LocalServer> makeServer(bool packets, QObject *parent)
{
    return std::make_unique<CarrierServer>(kindOf(packets), parent);
}

bool hasPackets()
{
    return InterprocessQt::hasPackets(); // macOS has none
}

qint64 maximumPacketSize()
{
    return InterprocessQt::maximumPacketSize();
}

void connectPair(LocalSocket &one, LocalSocket &other)
{
    LocalSocketPrivate::pairUp(*privateOf(one), *privateOf(other));
}

bool adopt(LocalSocket &carrier, NativeHandle::Type handle)
{
    return carrier.setSocketDescriptor(handle);
}

SendResult send(LocalSocket &carrier, QByteArrayView message, std::vector<NativeHandle> &handles, int &nativeError)
{
    for (const NativeHandle &handle : handles) {
        struct stat status;
        if (sys::fstat(int(handle.get()), &status) == -1) {
            nativeError = errno;
            return SendResult::BadHandle;
        }
    }
    char head[HeadSize];
    qToBigEndian(quint32(message.size()), head);
    const bool sent = privateOf(carrier)->sendWhole({QByteArrayView(head, HeadSize), message}, handles);
    return sent ? SendResult::Sent : SendResult::NoRoom;
}

void setMaximumSize(LocalSocket &carrier, qint64 size)
{
    privateOf(carrier)->maximumSize = size;
}

void setMaximumHandles(LocalSocket &carrier, int count)
{
    privateOf(carrier)->setMaximumDescriptors(std::clamp(count, 0, MaximumDescriptorsPerMessage));
}

void setLimits(LocalServer &server, qint64 maximumSize, int maximumHandles)
{
    auto *const p = static_cast<CarrierServerPrivate *>(LocalServerPrivate::get(&server));
    p->maximumSize = maximumSize;
    p->maximumHandles = maximumHandles;
}

std::vector<NativeHandle> takeHandles(LocalSocket &carrier, bool &lost)
{
    Ancillary ancillary = privateOf(carrier)->takeAncillary();
    lost = ancillary.descriptorsLost;
    return std::move(ancillary.descriptors);
}

} // namespace MessageCarrier

} // namespace InterprocessQt
