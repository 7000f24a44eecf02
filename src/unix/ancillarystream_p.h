// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_ANCILLARYSTREAM_P_H
#define INTERPROCESSQT_ANCILLARYSTREAM_P_H

#include "ancillary_p.h"
#include "unixstreamio_p.h"

#include <QtCore/qbytearrayview.h>

#include <deque>
#include <limits>

namespace InterprocessQt
{

/*
 * What came beside the bytes of a stream, by the place in it.
 *
 * Places count the bytes received since the connection began; what is still to be read are the last `unread` of them.
 */
class AncillaryInput
{
public:
    // Bytes that one call of the kernel returned together, and what came with them.
    struct Part {
        qint64 begin;
        qint64 end;
        Ancillary ancillary;
    };

    // From the stream
    void arrived(qint64 bytes, Ancillary ancillary);
    // So many descriptors may come with the next call.
    [[nodiscard]] int room() const noexcept
    {
        return maximum;
    }
    // As many are held as shall be: nothing more is to be read before some are taken.
    [[nodiscard]] bool isFull() const noexcept
    {
        return maximum > 0 && m_held >= maximum && hasComplete();
    }
    [[nodiscard]] bool credentialsComeAlong() const noexcept
    {
        return withCredentials;
    }

    // From the reader
    // How many of the unread bytes belong together, and what came with them: all there are if nothing came with any.
    [[nodiscard]] qint64 nextPart(qint64 unread, Ancillary *ancillary);
    [[nodiscard]] NativeHandle takeDescriptor();
    // All that came up to the first of the unread bytes.
    [[nodiscard]] Ancillary takeUpTo(qint64 unread);
    // Keeps in little space what came with bytes that have been read: whoever only reads never asks for it.
    void compact(qint64 unread);
    [[nodiscard]] std::size_t parts() const noexcept
    {
        return m_parts.size();
    }
    [[nodiscard]] int held() const noexcept
    {
        return m_held;
    }
    void clear();

    int maximum = 0;
    // Where the stream is made of messages. Nobody can take what came behind the one place before more has been read, and
    // what comes next belongs to a message that began at the other.
    qint64 completeUpTo = std::numeric_limits<qint64>::max();
    qint64 messageBegin = std::numeric_limits<qint64>::max();
    bool withCredentials = false;
    bool lossUntold = false; // descriptors were lost, and nobody knows yet
    bool credentialsSeen = false; // some that name somebody have come

    [[nodiscard]] qint64 received() const noexcept
    {
        return m_received;
    }

private:
    void dropRead(qint64 position);
    [[nodiscard]] bool hasComplete() const noexcept;
    void limitMessage(Ancillary &ancillary) const;

    std::deque<Part> m_parts;
    qint64 m_received = 0;
    int m_held = 0;
};

// What is to leave beside the bytes that wait to be written.
class AncillaryOutput
{
public:
    struct Unit {
        qint64 before; // bytes between the unit in front and this one
        qint64 size;
        std::vector<NativeHandle> descriptors;
        std::optional<PeerCredentials> credentials;
    };

    // `queued` bytes wait already, and the unit is about to be queued behind them.
    void add(qint64 queued, qint64 size, std::vector<NativeHandle> descriptors, std::optional<PeerCredentials> credentials);
    [[nodiscard]] bool isEmpty() const noexcept
    {
        return m_units.empty();
    }
    [[nodiscard]] Unit &front()
    {
        return m_units.front();
    }
    // The unit that was added last is not queued after all.
    [[nodiscard]] std::vector<NativeHandle> takeLast();
    void plainWritten(qint64 bytes);
    // The first bytes of the first unit have left, and everything beside them.
    void unitWritten(qint64 bytes);
    void clear();

private:
    std::deque<Unit> m_units;
    qint64 m_covered = 0; // bytes up to the end of the last unit
};

// A Unix domain stream socket with what travels beside the bytes. The two queues are those of its owner and outlive it.
class AncillaryStreamIo : public UnixStreamIo
{
public:
    AncillaryStreamIo(NativeHandle descriptor, StreamIoClient &client, AncillaryInput &input, AncillaryOutput &output);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    using UnixStreamIo::write;
    IoResult write(ByteQueue &queue) override;
    // One call for all pieces; only while nothing is queued.
    [[nodiscard]] IoResult write(std::span<const QByteArrayView> pieces);

protected:
    // These are about to be told to the input.
    virtual void bytesArrived(QByteArrayView)
    {
    }

    AncillaryInput &m_input;

private:
    [[nodiscard]] IoResult writeUnit(ByteQueue &queue, const AncillaryOutput::Unit &unit);

    AncillaryOutput &m_output;
};

} // namespace InterprocessQt

#endif
