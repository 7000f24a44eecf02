// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "message/messagecarrier_p.h"

#include "local/localserver_p.h"
#include "local/localsocket_p.h"
#include "messagepipeio_p.h"
#include "stream/bytequeue_p.h"

#include <InterprocessQt/MessageSocket.h>

#include <QtCore/qendian.h>

#include <limits>

/*
 * Packets are the messages of a pipe that keeps their boundaries; streams of frames are pipes of bytes.
 */
namespace InterprocessQt
{

namespace
{

using MessageCarrier::HeadSize;

// Such a pipe as a stream of frames: before each message that arrives its length is put into the queue.
class PacketPipeIo final : public MessagePipeIo
{
public:
    using MessagePipeIo::MessagePipeIo;

    IoResult read(ByteQueue &queue, qint64 limit) override
    {
        return readMessages(queue, limit);
    }
    // Only whole frames, from the queue.
    IoResult write(const char *, qint64) override
    {
        return {IoResult::WouldBlock, 0, 0, ""};
    }
    IoResult write(ByteQueue &queue) override
    {
        m_written = 0;
        IoResult result = writeMessages(queue);
        result.bytes += m_written * HeadSize;
        return result;
    }

private:
    void messageArrives(ByteQueue &queue, qint64 size) override
    {
        char head[HeadSize];
        qToBigEndian(quint32(size), head);
        queue.append(head, HeadSize);
    }
    bool messageTooLarge(qint64, bool) override
    {
        return false;
    }
    void messageWritten() override
    {
        ++m_written;
    }

    qint64 m_written = 0; // by one call
};

class CarrierPrivate final : public LocalSocketPrivate
{
public:
    explicit CarrierPrivate(LocalKind kind)
        : m_kind(kind)
    {
    }
    ~CarrierPrivate() override
    {
        io.reset(); // before what it refers to
    }
    std::unique_ptr<StreamIo> makeStream(NativeHandle handle) override
    {
        if (m_kind == LocalKind::Stream)
            return LocalSocketPrivate::makeStream(std::move(handle));
        return std::make_unique<PacketPipeIo>(std::move(handle), *this, maximumSize);
    }
    LocalKind kind() const override
    {
        return m_kind;
    }
    void streamFailed(const IoResult &result) override
    {
        if (m_kind != LocalKind::Packets || DWORD(result.error) != ERROR_MORE_DATA) {
            LocalSocketPrivate::streamFailed(result);
            return;
        }
        // No call has failed: this is what was found when there was more to read than there may be.
        finish(ErrorInfo{StreamDevice::DatagramTooLargeError,
                         0,
                         describe(MessageSocket::tr("receive from")) + MessageSocket::tr(": a message is larger than the limit, %1 bytes").arg(maximumSize)});
    }

    qint64 maximumSize = std::numeric_limits<qint64>::max();

private:
    const LocalKind m_kind;
};

class CarrierSocket final : public LocalSocket
{
public:
    CarrierSocket(LocalKind kind, QObject *parent)
        : LocalSocket(*new CarrierPrivate(kind), parent)
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
        return socket;
    }
    LocalKind kind() const override
    {
        return m_kind;
    }

    qint64 maximumSize = std::numeric_limits<qint64>::max();

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
    return packets ? LocalKind::Packets : LocalKind::Stream;
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
    return true;
}

// What one WriteFile() takes: Windows names no other limit of messages on one computer.
qint64 maximumPacketSize()
{
    return std::numeric_limits<quint32>::max();
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
    if (!handles.empty()) {
        nativeError = 0;
        return SendResult::Unsupported;
    }
    char head[HeadSize];
    qToBigEndian(quint32(message.size()), head);
    return privateOf(carrier)->acceptWhole({QByteArrayView(head, HeadSize), message}) ? SendResult::Sent : SendResult::NoRoom;
}

void setMaximumSize(LocalSocket &carrier, qint64 size)
{
    privateOf(carrier)->maximumSize = size;
}

void setMaximumHandles(LocalSocket &, int)
{
}

void setLimits(LocalServer &server, qint64 maximumSize, int)
{
    static_cast<CarrierServerPrivate *>(LocalServerPrivate::get(&server))->maximumSize = maximumSize;
}

std::vector<NativeHandle> takeHandles(LocalSocket &, bool &lost)
{
    lost = false;
    return {};
}

} // namespace MessageCarrier

} // namespace InterprocessQt
