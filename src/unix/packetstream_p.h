// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PACKETSTREAM_P_H
#define INTERPROCESSQT_PACKETSTREAM_P_H

#include "ancillarystream_p.h"

namespace InterprocessQt
{

/*
 * A SOCK_SEQPACKET socket as a stream of frames: before each packet that arrives its length is put into the queue, and
 * from the queue each frame leaves as a packet.
 */
class PacketStreamIo final : public UnixStreamIo
{
public:
    PacketStreamIo(NativeHandle descriptor, StreamIoClient &client, AncillaryInput &input, AncillaryOutput &output, const qint64 &maximumSize);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    // Only whole frames, from the queue.
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;

private:
    // Of the packet that is next: its size, or how else the read ends.
    [[nodiscard]] qint64 nextSize(IoResult &result);
    [[nodiscard]] bool isEmptyPacket();
    [[nodiscard]] bool isLateReset(int error);
    [[nodiscard]] IoResult writePacket(ByteQueue &queue, qint64 size, const AncillaryOutput::Unit *unit);
    void widenFor(qint64 size);

    AncillaryInput &m_input;
    AncillaryOutput &m_output;
    const qint64 &m_maximumSize;
    qint64 m_sendBuffer = 0;
    int m_shortages = 0; // how often the kernel had no memory for the packet at hand
    bool m_wasReset = false;
};

[[nodiscard]] bool hasPackets();
// The largest packet that a socket of this system sends when it is asked to. Found out by doing so, once.
[[nodiscard]] qint64 maximumPacketSize();

} // namespace InterprocessQt

#endif
