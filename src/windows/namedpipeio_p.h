// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_NAMEDPIPEIO_P_H
#define INTERPROCESSQT_NAMEDPIPEIO_P_H

#include "messagepipeio_p.h"
#include "namedpipe_p.h"

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
 */
class NamedPipeIo final : private PipeSlot, public MessagePipeIo
{
public:
    struct Setup {
        bool reads = true;
        bool writes = true;
        bool readsMessages = false;
        bool writesMessages = false;
    };
    NamedPipeIo(NativeHandle handle, NamedPipePrivate &pipe, const Setup &setup);

    IoResult read(ByteQueue &queue, qint64 limit) override;
    IoResult write(const char *data, qint64 size) override;
    IoResult write(ByteQueue &queue) override;
    void setInterest(IoReadiness interest) override;
    IoReadiness wait(IoReadiness what, QDeadlineTimer deadline) override;

private:
    bool hasRoom() const override;
    void messageArrives(ByteQueue &queue, qint64 size) override;
    bool messageTooLarge(qint64 size, bool isComplete) override;
    void messageWritten() override;

    MessageArrivals &m_arrivals;
    qint64 &m_framesQueued;
    const Setup m_setup;
    bool m_peerGone = false; // a write has failed
};

} // namespace InterprocessQt

#endif
