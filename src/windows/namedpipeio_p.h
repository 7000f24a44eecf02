// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPEIO_P_H
#define INTERPROCESSQT_NAMEDPIPEIO_P_H

#include "namedpipe_p.h"
#include "pipestream_p.h"

#include <memory>

namespace InterprocessQt
{

// Tells a server when the pipe has been closed: a base, so that it is destroyed after that.
class PipeSlot
{
protected:
    explicit PipeSlot(std::shared_ptr<PipeSlots> freed)
        : m_freed(std::move(freed))
    {
    }
    ~PipeSlot()
    {
        if (m_freed)
            m_freed->released();
    }
    Q_DISABLE_COPY_MOVE(PipeSlot)

private:
    const std::shared_ptr<PipeSlots> m_freed;
};

/*
 * A pipe whose directions are bytes or messages, each as it was set.
 *
 * Of messages that arrive the bytes are put into the queue one after the other, and `arrivals` has where each begins and ends.
 * In the queue of those to be written each has its length in front of it (4 bytes, big-endian), which does not travel.
 */
class NamedPipeIo final : private PipeSlot, public PipeStreamIo
{
public:
    struct Setup {
        bool reads = true;
        bool writes = true;
        bool readsMessages = false;
        bool writesMessages = false;
    };
    NamedPipeIo(NativeHandle handle, NamedPipePrivate &pipe, const Setup &setup);
    ~NamedPipeIo() override;

    static constexpr qint64 HeadSize = 4;

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    void setInterest(IoReadiness interest) override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;

private:
    void partArrived(ByteQueue &queue, DWORD bytes, bool isLast);
    void beginMessage(ByteQueue &queue);
    [[nodiscard]] IoResult writeMessages(ByteQueue &queue);

    MessageArrivals &m_arrivals;
    const qint64 &m_maximumSize;
    qint64 &m_framesQueued;
    const Setup m_setup;
    QByteArray m_part; // of the message that is arriving
    qint64 m_arriving = 0; // how much of it has come, kept or not
    QByteArray m_message; // that is being written, and does not fit into the buffer
    qint64 m_departing = 0; // its size
    bool m_peerGone = false; // a write has failed
};

} // namespace InterprocessQt

#endif
