// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "message/carriersocket_p.h"

#include "packetstream_p.h"
#include "syscalls_p.h"
#include "unixsocket_p.h"

#include <QtCore/qendian.h>

#include <algorithm>
#include <cerrno>

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

class CarrierPrivate final : public CarrierPrivateOf<UnixSocketPrivate, EMSGSIZE>
{
public:
    using CarrierPrivateOf::CarrierPrivateOf;

    std::unique_ptr<StreamIo> makeStream(NativeHandle handle) override
    {
        refuseProcessHandles(int(handle.get()));
        arrivals.withCredentials = passesCredentials(int(handle.get()));
        if (kind() == LocalKind::Stream)
            return std::make_unique<FrameStreamIo>(std::move(handle), *this, arrivals, departures);
        return std::make_unique<PacketStreamIo>(std::move(handle), *this, arrivals, departures, maximumSize);
    }
};

using Carrier = CarrierSocketOf<UnixSocket, CarrierPrivate>;

} // namespace

namespace MessageCarrier
{

std::unique_ptr<LocalSocket> makeSocket(bool packets, QObject *parent)
{
    return std::make_unique<Carrier>(packets, parent);
}

bool hasPackets()
{
    return InterprocessQt::hasPackets(); // macOS has none
}

qint64 maximumPacketSize()
{
    return InterprocessQt::maximumPacketSize();
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
    const bool sent = Carrier::privateOf(carrier)->sendWhole({QByteArrayView(head, HeadSize), message}, handles);
    return sent ? SendResult::Sent : SendResult::NoRoom;
}

void setMaximumSize(LocalSocket &carrier, qint64 size)
{
    Carrier::privateOf(carrier)->maximumSize = size;
}

void setMaximumHandles(LocalSocket &carrier, int count)
{
    Carrier::privateOf(carrier)->setMaximumDescriptors(std::clamp(count, 0, MaximumDescriptorsPerMessage));
}

std::vector<NativeHandle> takeHandles(LocalSocket &carrier, bool &lost)
{
    Ancillary ancillary = Carrier::privateOf(carrier)->takeAncillary();
    lost = ancillary.descriptorsLost;
    return std::move(ancillary.descriptors);
}

} // namespace MessageCarrier

} // namespace InterprocessQt
