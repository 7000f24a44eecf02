// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_MESSAGEPIPEIO_P_H
#define INTERPROCESSQT_MESSAGEPIPEIO_P_H

#include "pipestream_p.h"

#include <QtCore/qbytearray.h>

namespace InterprocessQt
{

/*
 * A pipe that carries messages: what is common to those that keep them apart in different ways.
 *
 * In the queue of those to be written each has its length in front of it (4 bytes, big-endian), which does not travel: the pipe
 * keeps the boundaries. What becomes of one that arrives is up to the class derived from it.
 */
class MessagePipeIo : public PipeStreamIo
{
public:
    static constexpr qint64 HeadSize = 4;

    // Nothing is kept of a message that is larger than the maximum, which may change.
    MessagePipeIo(NativeHandle handle, StreamIoClient &client, const qint64 &maximumSize);
    ~MessagePipeIo() override;

    qint64 readAhead() override;

protected:
    [[nodiscard]] IoResult readMessages(ByteQueue &queue, qint64 limit);
    [[nodiscard]] IoResult writeMessages(ByteQueue &queue); // the bytes of the result are those without lengths

    // May one more be taken from the pipe?
    [[nodiscard]] virtual bool hasRoom() const
    {
        return true;
    }
    // One of that size has arrived, and its bytes come into the queue next.
    virtual void messageArrives(ByteQueue &queue, qint64 size) = 0;
    // One has arrived that was larger than the maximum; called with the part of its size that has come when that is known, and at its
    // end. False: there is no going on.
    [[nodiscard]] virtual bool messageTooLarge(qint64 size, bool isComplete) = 0;
    virtual void messageWritten()
    {
    }

private:
    [[nodiscard]] bool partArrived(ByteQueue &queue, DWORD bytes, bool isLast);
    void beginMessage(ByteQueue &queue);

    const qint64 &m_maximumSize;
    QByteArray m_part; // of the message that is arriving
    bool m_lastDropped = false; // what has been read last was thrown away
    qint64 m_arriving = 0; // how much of it has come, kept or not
    QByteArray m_message; // that is being written, and does not fit into the buffer
    qint64 m_departing = 0; // its size
};

} // namespace InterprocessQt

#endif
