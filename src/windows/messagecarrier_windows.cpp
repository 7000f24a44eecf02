// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "message/carriersocket_p.h"

#include "messagepipeio_p.h"
#include "stream/bytequeue_p.h"

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

class CarrierPrivate final : public CarrierPrivateOf<LocalSocketPrivate, ERROR_MORE_DATA>
{
public:
    using CarrierPrivateOf::CarrierPrivateOf;

    ~CarrierPrivate() override
    {
        io.reset(); // before what it refers to
    }
    std::unique_ptr<StreamIo> makeStream(NativeHandle handle) override
    {
        if (kind() == LocalKind::Stream)
            return LocalSocketPrivate::makeStream(std::move(handle));
        return std::make_unique<PacketPipeIo>(std::move(handle), *this, maximumSize);
    }
};

using Carrier = CarrierSocketOf<LocalSocket, CarrierPrivate>;

} // namespace

namespace MessageCarrier
{

std::unique_ptr<LocalSocket> makeSocket(bool packets, QObject *parent)
{
    return std::make_unique<Carrier>(packets, parent);
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

SendResult send(LocalSocket &carrier, QByteArrayView message, std::vector<NativeHandle> &handles, int &nativeError)
{
    if (!handles.empty()) {
        nativeError = 0;
        return SendResult::Unsupported;
    }
    char head[HeadSize];
    qToBigEndian(quint32(message.size()), head);
    return Carrier::privateOf(carrier)->acceptWhole({QByteArrayView(head, HeadSize), message}) ? SendResult::Sent : SendResult::NoRoom;
}

void setMaximumSize(LocalSocket &carrier, qint64 size)
{
    Carrier::privateOf(carrier)->maximumSize = size;
}

void setMaximumHandles(LocalSocket &, int)
{
}

std::vector<NativeHandle> takeHandles(LocalSocket &, bool &lost)
{
    lost = false;
    return {};
}

} // namespace MessageCarrier

} // namespace InterprocessQt
